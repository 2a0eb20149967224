//! The way forward through chains, span by span.

use super::batch::Batch;
use super::layout::{Chain, Part, Span};
use crate::compiler::plan::{Block, Plan};
use crate::engine::network::forward::{Learning, fill_with_biases, finish, kernel_activation};
use crate::engine::network::normal::{Kept, Setting};
use crate::engine::network::{InputData, Parameters};
use crate::kernel::activation;
use crate::kernel::affine::{self, Affine};
use crate::kernel::isa::Isa;
use crate::kernel::packed::{self, CHUNK, Codes, Line, Maps, Picked, QUAD, Start, Table, transpose};
use crate::language::spec::Norm;
use std::ops::Range;

/// Values of a panel of decoded variants, which stay in the nearest caches.
const PANEL: usize = 1 << 14;

/// A network and what it reads.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Net<'a> {
    pub(in crate::engine) plan: &'a Plan,
    pub(in crate::engine) inputs: &'a InputData<'a>,
    pub(in crate::engine) isa: Isa,
}

/// Where slices of a part of the network start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Bases {
    pub(in crate::engine) row: usize,
    pub(in crate::engine) weight: usize,
    pub(in crate::engine) bias: usize,
    pub(in crate::engine) state: usize,
    pub(in crate::engine) line: usize,
}

impl Bases {
    pub(in crate::engine) fn at_line(self, line: usize) -> Self {
        Self { line, ..self }
    }
}

/// Parameters of a part of the network.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Slots<'a> {
    pub(in crate::engine) weights: &'a [f32],
    pub(in crate::engine) biases: &'a [f32],
    pub(in crate::engine) state: &'a [f32],
}

impl<'a> Slots<'a> {
    pub(in crate::engine) fn of(parameters: &'a Parameters<f32>) -> Self {
        Self { weights: &parameters.weights, biases: &parameters.biases, state: &parameters.state }
    }

    fn biases(&self, block: &Block, bases: Bases) -> &'a [f32] {
        &self.biases[block.first_bias - bases.bias..][..block.outputs]
    }

    pub(in crate::engine) fn setting(&self, block: &Block, bases: Bases) -> Setting<'a, f32> {
        Setting {
            gains: self.gains(block, bases),
            biases: self.biases(block, bases),
            state: &self.state[block.first_state - bases.state..][..block.states()],
        }
    }

    pub(in crate::engine) fn gains(&self, block: &Block, bases: Bases) -> &'a [f32] {
        &self.weights[block.first_weight + block.map_weights() - bases.weight..][..block.gains()]
    }

    pub(in crate::engine) fn map(&self, block: &Block, bases: Bases) -> &'a [f32] {
        &self.weights[block.first_weight - bases.weight..][..block.map_weights()]
    }
}

/// Rows and lines of a part of the network; slopes and normals are empty where nothing is learnt.
pub(in crate::engine) struct Rows<'a> {
    pub(in crate::engine) activations: &'a mut [f32],
    pub(in crate::engine) slopes: &'a mut [f32],
    pub(in crate::engine) normals: Kept<'a, f32>,
    pub(in crate::engine) lines: &'a mut [Line],
}

/// Room for one chain at a time.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Scratch {
    pub(in crate::engine) panel: Vec<f32>,
    pub(in crate::engine) gathered: Vec<f32>,
    /// 0, 1, 2, …: the sources of a map that reads every row of its slice.
    pub(in crate::engine) identity: Vec<u32>,
    /// (0, 0), (0, 1), …: the edges of rows that one output alone reads.
    pub(in crate::engine) edges: Vec<(u32, u32)>,
}

impl Scratch {
    pub(in crate::engine) fn identity(&mut self, count: usize) {
        let have = self.identity.len() as u32;
        self.identity.extend(have..(count as u32).max(have));
    }

    /// Makes edges for so many rows.
    pub(in crate::engine) fn edges(&mut self, count: usize) {
        self.identity(count + 1);
        let have = self.edges.len() as u32;
        self.edges.extend((have..(count as u32).max(have)).map(|slot| (0, slot)));
    }
}

/// A span with the batch that goes through it.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Visit<'a> {
    pub(in crate::engine) net: Net<'a>,
    pub(in crate::engine) span: &'a Span,
    /// The span after it, whose calls are asked for early.
    pub(in crate::engine) next: Option<&'a Span>,
    pub(in crate::engine) bases: Bases,
    pub(in crate::engine) batch: &'a Batch,
}

impl Visit<'_> {
    /// Lines of the span, all chunks.
    pub(in crate::engine) fn lines(&self) -> Range<usize> {
        let chunks = self.batch.len.div_ceil(CHUNK);
        let first = (self.span.first_line - self.bases.line) * chunks;
        first..first + self.span.lines * chunks
    }

    /// Fetches the calls of the span and runs its chains.
    pub(in crate::engine) fn forward(&self, slots: Slots<'_>, rows: &mut Rows<'_>, scratch: &mut Scratch) {
        self.fetch(&mut rows.lines[self.lines()]);
        if self.span.uniform {
            self.together(slots, rows, scratch);
        } else {
            self.announce_next(0);
            for chain in self.chains() {
                self.chain(chain, slots, rows, scratch);
            }
        }
        self.announce_next(1);
    }

    /// Turns the samples' bytes into lines.
    fn fetch(&self, lines: &mut [Line]) {
        for (chunk, lines) in lines.chunks_exact_mut(self.span.lines).enumerate() {
            for part in &self.span.parts {
                let lines = &mut lines[part.line..part.line + part.bytes.len()];
                transpose(self.net.isa, self.picked(part, chunk), lines);
            }
        }
    }

    /// Asks for a quarter of the bytes that a span's visit will read.
    pub(in crate::engine) fn announce(&self, span: &Span, quarter: usize) {
        for part in &span.parts {
            for chunk in 0..self.batch.len.div_ceil(CHUNK) {
                self.picked(part, chunk).announce(quarter);
            }
        }
    }

    /// Asks for the first bytes of the next span, or for all where no way back will ask for more.
    fn announce_next(&self, half: usize) {
        let Some(next) = self.next else { return };
        self.announce(next, half);
        if self.batch.learn.is_none() {
            self.announce(next, half + 2);
        }
    }

    fn picked(&self, part: &Part, chunk: usize) -> Picked<'_> {
        let bytes = self.net.inputs.master().of_part(part);
        Picked { bytes, stride: part.bytes.len(), samples: &self.batch.samples[part.set][chunk] }
    }

    /// Chains of the span.
    pub(in crate::engine) fn chains(&self) -> &[Chain] {
        &self.net.inputs.master().layout.chains[self.span.chains.clone()]
    }

    /// Blocks of the span.
    pub(in crate::engine) fn blocks(&self) -> &[Block] {
        &self.net.plan.blocks[self.net.inputs.master().layout.blocks_of(self.span)]
    }

    /// Values of the span's rows.
    pub(in crate::engine) fn values(&self) -> Range<usize> {
        let first = self.values_of(&self.blocks()[0]).start;
        first..first + self.span.rows * self.batch.len
    }

    /// Values of the rows of a block.
    pub(in crate::engine) fn values_of(&self, block: &Block) -> Range<usize> {
        let first = (block.first_output - self.bases.row) * self.batch.len;
        first..first + block.outputs * self.batch.len
    }

    /// Chains of one block each, of which all are finished at once.
    fn together(&self, slots: Slots<'_>, rows: &mut Rows<'_>, scratch: &mut Scratch) {
        let Self { net, span, bases, batch: &Batch { len: batch, .. }, .. } = *self;
        let values = self.values();
        let lines = &rows.lines[self.lines()];
        let out = &mut rows.activations[values.clone()];
        if let Some(maps) = self.maps(lines) {
            let [weights, biases] = self.slots_of_maps(maps);
            let (weights, biases) = (&slots.weights[weights], &slots.biases[biases]);
            packed::forward_all(net.isa, maps, weights, biases, out);
            return self.activate(rows, values);
        }
        let mut rest = &mut *out;
        for (chain, block) in self.chains().iter().zip(self.blocks()) {
            let (own, others) = rest.split_at_mut(block.outputs * batch);
            rest = others;
            let calls = Calls { net, chain, lines, stride: span.lines };
            let biases = slots.biases(block, bases);
            calls.forward(slots.map(block, bases), biases, block, batch, own, scratch);
        }
        self.activate(rows, values);
    }

    fn activate(&self, rows: &mut Rows<'_>, values: Range<usize>) {
        self.announce_next(0);
        let kind = kernel_activation(self.blocks()[0].activation);
        let keeps = self.batch.learn.is_some() && !kind.tells_slope();
        let slopes = keeps.then(|| &mut rows.slopes[values.clone()]);
        activation::forward(kind, &mut rows.activations[values], slopes);
    }

    /// The span as maps of one set to one output, where it is that.
    pub(in crate::engine) fn maps<'a>(&'a self, lines: &'a [Line]) -> Option<Maps<'a>> {
        let Self { net, span, batch, .. } = self;
        let first = net.inputs.master().layout.chains[span.chains.start].first_table;
        let codes = Codes { lines, stride: span.lines };
        let maps =
            Maps { codes, places: &span.maps, tables: &net.inputs.tables()[first..], samples: batch.len };
        (!span.maps.is_empty()).then_some(maps)
    }

    /// Places of the weights and of the biases of the span's maps.
    fn slots_of_maps(&self, maps: Maps<'_>) -> [Range<usize>; 2] {
        let block = &self.blocks()[0];
        let (weight, bias) = (block.first_weight - self.bases.weight, block.first_bias - self.bases.bias);
        [weight..weight + self.span.weights, bias..bias + maps.places.len()]
    }

    fn chain(&self, chain: &Chain, slots: Slots<'_>, rows: &mut Rows<'_>, scratch: &mut Scratch) {
        let Self { net, span, bases, batch: &Batch { len: batch, learn, .. }, .. } = *self;
        for (at, block) in net.plan.blocks[chain.blocks.clone()].iter().enumerate() {
            let first = (block.first_output - bases.row) * batch;
            let (above, below) = rows.activations.split_at_mut(first);
            let out = &mut below[..block.outputs * batch];
            if at == 0 {
                let calls = Calls { net, chain, lines: &rows.lines[self.lines()], stride: span.lines };
                let biases = slots.biases(block, bases);
                calls.forward(slots.map(block, bases), biases, block, batch, out, scratch);
            } else {
                fill_with_biases(block, slots.biases(block, bases), batch, out);
                let previous = &above[first - block.inputs * batch..];
                scratch.identity(block.inputs);
                let map = own_map(block, slots.map(block, bases), &scratch.identity, batch);
                affine::add(&map, previous, out, &mut scratch.gathered);
            }
            let learn = learn.map(|(seed, step)| Learning {
                slopes: &mut rows.slopes[first..first + out.len()],
                normals: (block.norm != Norm::None)
                    .then(|| rows.normals.part(block, bases.state, first, out.len())),
                seed,
                step,
            });
            finish(block, slots.setting(block, bases), batch, out, learn);
        }
    }
}

/// Variants that are decoded at a time for so many samples.
pub(in crate::engine) fn panel(batch: usize) -> usize {
    (PANEL / batch / QUAD * QUAD).clamp(QUAD, 256)
}

/// The map of a block that reads every row of its slice.
pub(in crate::engine) fn own_map<'a>(
    block: &Block,
    weights: &'a [f32],
    identity: &'a [u32],
    batch: usize,
) -> Affine<'a, f32> {
    let sources = &identity[..block.inputs];
    Affine { weights, stride: block.inputs, sources, outputs: block.outputs, batch }
}

/// The packed calls of a chain.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Calls<'a> {
    pub(in crate::engine) net: Net<'a>,
    pub(in crate::engine) chain: &'a Chain,
    /// All lines of the span.
    pub(in crate::engine) lines: &'a [Line],
    /// Lines a chunk.
    pub(in crate::engine) stride: usize,
}

impl<'a> Calls<'a> {
    /// Codes and tables of each run, with the inputs that they are.
    fn runs(self) -> impl Iterator<Item = (Codes<'a>, &'a [Table], Range<usize>)> {
        let tables = &self.net.inputs.tables()[self.chain.first_table..];
        self.chain.runs.iter().map(move |run| {
            let codes = Codes { lines: &self.lines[run.line..], stride: self.stride };
            (codes, &tables[run.inputs.clone()], run.inputs.clone())
        })
    }

    /// out = W·x + b.
    fn forward(
        self,
        weights: &[f32],
        biases: &[f32],
        block: &Block,
        batch: usize,
        out: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let isa = self.net.isa;
        if block.outputs == 1 {
            let bias = if block.norm == Norm::None { biases[0] } else { 0.0 };
            let mut start = Start::At(bias);
            for (codes, tables, inputs) in self.runs() {
                packed::forward(isa, codes, tables, &weights[inputs], start, out);
                start = Start::Here;
            }
            return;
        }
        fill_with_biases(block, biases, batch, out);
        self.panels(block, batch, scratch, |first, map, panel, gathered| {
            let map = Affine { weights: &weights[first..], ..map };
            affine::add(&map, panel, out, gathered);
        });
    }

    /// ∂/∂W.
    pub(in crate::engine) fn weight_gradients(
        self,
        block: &Block,
        batch: usize,
        delta: &[f32],
        out: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let isa = self.net.isa;
        if block.outputs == 1 {
            for (codes, tables, inputs) in self.runs() {
                packed::weight_gradients(isa, codes, tables, delta, &mut out[inputs]);
            }
            return;
        }
        self.panels(block, batch, scratch, |first, map, panel, gathered| {
            affine::weight_gradients(&map, panel, delta, &mut out[first..], gathered);
        });
    }

    /// Decodes a few variants at a time, for maps with several outputs.
    fn panels(
        self,
        block: &Block,
        batch: usize,
        scratch: &mut Scratch,
        mut with: impl FnMut(usize, Affine<'_, f32>, &[f32], &mut Vec<f32>),
    ) {
        let most = panel(batch);
        scratch.identity(most);
        for (codes, tables, inputs) in self.runs() {
            for (at, tables) in tables.chunks(most).enumerate() {
                let codes = Codes { lines: &codes.lines[at * most / QUAD..], ..codes };
                scratch.panel.resize(tables.len() * batch, 0.0);
                packed::decode(self.net.isa, codes, tables, batch, &mut scratch.panel);
                let map = Affine {
                    weights: &[],
                    stride: block.inputs,
                    sources: &scratch.identity[..tables.len()],
                    outputs: block.outputs,
                    batch,
                };
                with(inputs.start + at * most, map, &scratch.panel, &mut scratch.gathered);
            }
        }
    }
}
