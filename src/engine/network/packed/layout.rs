//! Which blocks run on packed calls, and where their calls stand.
//!
//! Chains and spans are those of [`crate::compiler::plan::chains`]: nodes that read variants alone, and
//! runs of them whose calls are fetched together.

use crate::compiler::plan::{Block, Filling, Plan, QUAD, chains, spread};
use crate::language::spec::Norm;
use std::ops::Range;

const _: () = assert!(QUAD == crate::kernel::packed::QUAD, "kernels and plans hold as many calls in a byte");

/// Blocks of one node, by their places in [`Plan::blocks`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Chain {
    pub(in crate::engine) blocks: Range<usize>,
    /// Variants of the first block, set by set.
    pub(in crate::engine) runs: Vec<Run>,
    /// Variants of the chains before it.
    pub(in crate::engine) first_table: usize,
}

/// Consecutive inputs of a chain's first block that are variants of one set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Run {
    /// Among the inputs of the block.
    pub(in crate::engine) inputs: Range<usize>,
    /// First line in the span.
    pub(in crate::engine) line: usize,
}

/// Chains whose calls are fetched together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Span {
    pub(in crate::engine) chains: Range<usize>,
    /// Lines a chunk.
    pub(in crate::engine) lines: usize,
    /// First line of all chunks, in lines a chunk.
    pub(in crate::engine) first_line: usize,
    pub(in crate::engine) parts: Vec<Part>,
    /// Whether each chain is one block, all with the same activation and nothing else behind the
    /// map: they are then finished together.
    pub(in crate::engine) uniform: bool,
    /// First line and number of variants of each chain, where all are one map of one set to one
    /// output; else empty.
    pub(in crate::engine) maps: Vec<(u32, u32)>,
    /// Rows of all chains.
    pub(in crate::engine) rows: usize,
    /// Weights and gains of all chains.
    pub(in crate::engine) weights: usize,
}

/// Bytes of one set's samples that a span reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Part {
    pub(in crate::engine) set: usize,
    /// Among all bytes of a sample; whole cache lines where they are more than half of one.
    pub(in crate::engine) bytes: Range<usize>,
    /// Where its lines start in the span.
    pub(in crate::engine) line: usize,
}

/// How a plan's packed part is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub(in crate::engine) chains: Vec<Chain>,
    pub(in crate::engine) spans: Vec<Span>,
    /// Blocks of all chains, which are the plan's first.
    pub(in crate::engine) blocks: usize,
    /// Variants behind each byte of a sample, `[sets][bytes × 4]`; `None` where nothing is.
    pub(in crate::engine) variants: Vec<Vec<Option<u32>>>,
    /// Input rows that other blocks read.
    pub(in crate::engine) loose: Vec<u32>,
    /// Variants of all chains; one that two chains read counts twice.
    pub(in crate::engine) stored: usize,
}

impl Layout {
    /// Lays out the chains of a plan on so many genotype sets; `places` `[inputs]` are set and
    /// variant of each input row, `None` for a covariate.
    #[must_use]
    pub fn of(plan: &Plan, places: &[Option<(usize, u32)>], sets: usize) -> Self {
        let mut layout = Self { variants: vec![Vec::new(); sets], ..Self::default() };
        let is_variant = |row: u32| matches!(places.get(row as usize), Some(Some(_)));
        let mut open = Open::default();
        for blocks in chains(plan, is_variant) {
            layout.blocks = blocks.end;
            layout.place(plan, places, blocks, &mut open);
        }
        layout.close(places, &mut open);
        for at in 0..layout.spans.len() {
            let span = &layout.spans[at];
            let blocks = &plan.blocks[layout.blocks_of(span)];
            let uniform = is_uniform(blocks, span.chains.len());
            let maps = if uniform { maps(blocks, &layout.chains[span.chains.clone()]) } else { Vec::new() };
            let rows = blocks.iter().map(|block| block.outputs).sum();
            let weights = blocks.iter().map(|block| block.map_weights() + block.gains()).sum();
            layout.spans[at] = Span { uniform, maps, rows, weights, ..layout.spans[at].clone() };
        }
        let mut loose: Vec<u32> = plan.blocks[layout.blocks..]
            .iter()
            .flat_map(|block| plan.sources_of(block))
            .copied()
            .filter(|row| (*row as usize) < plan.inputs.len())
            .collect();
        loose.sort_unstable();
        loose.dedup();
        layout.loose = loose;
        layout
    }

    /// Lays out the chains of a plan on its own genotype sets.
    #[must_use]
    pub fn of_plan(plan: &Plan) -> Self {
        let places = super::master::places(plan);
        let sets = places.iter().flatten().map(|(set, _)| set + 1).max();
        Self::of(plan, &places, sets.unwrap_or_default())
    }

    fn place(&mut self, plan: &Plan, places: &[Option<(usize, u32)>], blocks: Range<usize>, open: &mut Open) {
        let set = |row: &u32| places[*row as usize].unwrap_or_default().0;
        let sources = plan.sources_of(&plan.blocks[blocks.start]);
        let outputs = plan.blocks[blocks.clone()].iter().map(|block| block.outputs).sum();
        let runs = sources.chunk_by(|a, b| set(a) == set(b));
        let runs: Vec<(usize, &[u32])> = runs.map(|run| (set(&run[0]), run)).collect();
        let lines = open.filling.add(&runs, outputs).unwrap_or_else(|| {
            self.close(places, open);
            open.filling.add(&runs, outputs).expect("an empty span takes any chain")
        });
        let mut first = 0;
        let runs_of_chain = runs.iter().zip(lines).map(|((_, run), line)| {
            first += run.len();
            Run { inputs: first - run.len()..first, line }
        });
        let runs_of_chain = runs_of_chain.collect();
        open.chains.push(Chain { blocks, runs: runs_of_chain, first_table: self.stored });
        open.sets_of_runs.push(runs.iter().map(|(set, _)| *set).collect());
        self.stored += sources.len();
    }

    /// Ends a span: parts follow one another, and runs count lines from the span's first.
    fn close(&mut self, places: &[Option<(usize, u32)>], open: &mut Open) {
        let Open { chains, sets_of_runs, filling } = std::mem::take(open);
        if chains.is_empty() {
            return;
        }
        let mut lines = 0;
        let mut parts = Vec::new();
        for (set, rows) in filling.parts {
            let variants = &mut self.variants[set];
            let first = variants.len() / QUAD;
            variants.extend(rows.iter().map(|row| places[(*row)? as usize].map(|(_, variant)| variant)));
            let bytes = first..first + spread(rows.len() / QUAD);
            variants.resize(bytes.end * QUAD, None);
            lines += bytes.len();
            parts.push(Part { set, line: lines - bytes.len(), bytes });
        }
        let first = self.chains.len();
        for (mut chain, sets) in chains.into_iter().zip(sets_of_runs) {
            for (run, set) in chain.runs.iter_mut().zip(sets) {
                run.line += parts.iter().find(|part| part.set == set).map_or(0, |part| part.line);
            }
            self.chains.push(chain);
        }
        let first_line = self.spans.last().map_or(0, |span| span.first_line + span.lines);
        let chains = first..self.chains.len();
        self.spans.push(Span { chains, lines, first_line, parts, ..Span::default() });
    }

    /// Lines a chunk of all spans.
    pub(in crate::engine) fn lines(&self) -> usize {
        self.spans.last().map_or(0, |span| span.first_line + span.lines)
    }

    /// Blocks of a span.
    pub(in crate::engine) fn blocks_of(&self, span: &Span) -> Range<usize> {
        self.chains[span.chains.start].blocks.start..self.chains[span.chains.end - 1].blocks.end
    }
}

/// A span that is being filled.
#[derive(Default)]
struct Open {
    chains: Vec<Chain>,
    sets_of_runs: Vec<Vec<usize>>,
    filling: Filling,
}

fn is_uniform(blocks: &[Block], chains: usize) -> bool {
    let first = blocks[0].activation;
    let plain = |block: &Block| block.norm == Norm::None && block.dropout == 0.0 && block.activation == first;
    blocks.len() == chains && blocks.iter().all(plain)
}

/// Places of maps of one set to one output; empty when any is another kind.
fn maps(blocks: &[Block], chains: &[Chain]) -> Vec<(u32, u32)> {
    let map = |(block, chain): (&Block, &Chain)| match chain.runs.as_slice() {
        [run] if block.outputs == 1 => Some((run.line as u32, block.inputs as u32)),
        _ => None,
    };
    blocks.iter().zip(chains).map(map).collect::<Option<_>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::plan::{Input, Shape};
    use crate::language::spec::Activation;

    fn plan(inputs: Vec<Input>, blocks: &[(&[u32], usize)]) -> Plan {
        let mut plan = Plan::reading(inputs);
        for (sources, outputs) in blocks {
            plan.add_block(sources.iter().copied(), Shape::of(*outputs, Activation::Tanh));
        }
        plan
    }

    fn variants(sets: &[usize]) -> Vec<Input> {
        sets.iter().enumerate().map(|(index, set)| Input::Variant { set: *set, index }).collect()
    }

    fn places(plan: &Plan) -> Vec<Option<(usize, u32)>> {
        crate::engine::network::packed::master::places(plan)
    }

    #[test]
    fn chains_end_where_rows_are_shared_or_covariates_are_read() {
        let mut inputs = variants(&[0; 6]);
        inputs.push(Input::Column { table: 0, column: "age".into(), level: None });
        // 7, 8: hidden; 9: its value; 10: one map; 11: reads both; 12: reads a covariate.
        let plan = plan(inputs, &[(&[0, 1, 2], 2), (&[7, 8], 1), (&[3, 4], 1), (&[9, 10], 1), (&[5, 6], 1)]);
        let layout = Layout::of(&plan, &places(&plan), 1);
        let blocks: Vec<Range<usize>> = layout.chains.iter().map(|chain| chain.blocks.clone()).collect();
        assert_eq!(blocks, [0..2, 2..3]);
        assert_eq!((layout.blocks, layout.loose.as_slice()), (3, &[5, 6][..]));
        let held: Vec<Option<u32>> = [0, 1, 2].map(Some).into_iter().chain([None]).collect();
        assert_eq!(layout.variants[0][..4], held);
        assert_eq!(layout.variants[0][4..8], [Some(3), Some(4), None, None]);
        assert_eq!(layout.variants[0].len(), 32, "a small span's bytes are whole words");
    }

    #[test]
    fn bytes_are_those_that_the_compiler_reckons() {
        let sets = [0, 0, 0, 0, 0, 1, 1, 0];
        let shapes: [&[(&[u32], usize)]; 2] =
            [&[(&[0, 1, 2, 3, 4, 5], 1), (&[6, 7], 1)], &[(&[0, 1], 40), (&[2, 3], 40), (&[5], 1)]];
        for shape in shapes {
            let plan = plan(variants(&sets), shape);
            let layout = Layout::of(&plan, &places(&plan), 2);
            let held: usize = layout.variants.iter().map(|variants| variants.len() / QUAD).sum();
            assert_eq!(held, crate::compiler::plan::Cost::of(&plan, 64).row_bytes);
        }
    }

    #[test]
    fn chains_share_the_calls_that_one_before_them_holds() {
        // The second reads what the first reads, the third its second byte and one more variant of it.
        let shapes: &[(&[u32], usize)] =
            &[(&[0, 1, 2, 3, 4, 5], 1), (&[0, 1, 2, 3, 4, 5], 1), (&[4, 5], 1), (&[5, 6], 1)];
        let plan = plan(variants(&[0; 7]), shapes);
        let layout = Layout::of(&plan, &places(&plan), 1);
        let lines: Vec<usize> = layout.chains.iter().map(|chain| chain.runs[0].line).collect();
        assert_eq!(lines, [0, 0, 1, 2]);
        assert_eq!((layout.stored, layout.spans[0].rows, layout.spans[0].weights), (16, 4, 16));
    }

    #[test]
    fn sets_have_parts_of_their_own() {
        let plan = plan(variants(&[0, 0, 0, 0, 0, 1, 1, 0]), &[(&[0, 1, 2, 3, 4, 5], 1), (&[6, 7], 1)]);
        let layout = Layout::of(&plan, &places(&plan), 2);
        let [span] = layout.spans.as_slice() else { panic!("one span") };
        assert_eq!(
            span.parts,
            [Part { set: 0, bytes: 0..8, line: 0 }, Part { set: 1, bytes: 0..8, line: 8 }]
        );
        assert_eq!(layout.chains[0].runs, [Run { inputs: 0..5, line: 0 }, Run { inputs: 5..6, line: 8 }]);
        assert_eq!(layout.chains[1].runs, [Run { inputs: 0..1, line: 9 }, Run { inputs: 1..2, line: 2 }]);
        assert_eq!(span.lines, 16);
    }
}
