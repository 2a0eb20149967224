//! Reading one part of a model file: its tensors, its plan, its members.

use super::{ACTIVATIONS, FIELDS_OF_BLOCK, NORMS, TEXT, Text, content_digest};
use crate::compiler::plan::{Block, Plan};
use crate::engine::model::error;
use crate::engine::model::header::Header;
use crate::engine::model::preprocess::{InputScale, Preprocessing};
use crate::engine::network::Parameters;
use crate::language::diagnostics::Diagnostic;
use safetensors::tensor::{Dtype, Metadata, TensorInfo};

pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    pub(super) metadata: &'a Metadata,
    /// What follows the header.
    pub(super) data: &'a [u8],
    /// What the names of the part's tensors begin with.
    pub(super) prefix: &'a str,
}

impl<'a> Reader<'a> {
    /// The bytes of a tensor, which lie in the file: its header was checked against its size.
    fn bytes(&self, tensor: &TensorInfo) -> &'a [u8] {
        &self.data[tensor.data_offsets.0..tensor.data_offsets.1]
    }

    pub(super) fn values<T: bytemuck::AnyBitPattern>(
        &self,
        name: &str,
        dtype: Dtype,
    ) -> Result<Vec<T>, Diagnostic> {
        let tensor = self.metadata.info(&format!("{}{name}", self.prefix));
        let tensor = tensor.ok_or_else(|| error::malformed(self.file, &format!("no tensor `{name}`")))?;
        if tensor.dtype != dtype {
            return Err(error::malformed(
                self.file,
                &format!("tensor `{name}` is {:?}, not {dtype:?}", tensor.dtype),
            ));
        }
        let size = std::mem::size_of::<T>();
        Ok(self.bytes(tensor).chunks_exact(size).map(bytemuck::pod_read_unaligned).collect())
    }

    pub(super) fn plan(&self, header: &Header) -> Result<Plan, Diagnostic> {
        let numbers: Vec<i64> = self.values("blocks", Dtype::I64)?;
        let dropout: Vec<f64> = self.values("blocks.dropout", Dtype::F64)?;
        let sources: Vec<u32> = self.values("sources", Dtype::U32)?;
        let mut plan = Plan {
            inputs: header.inputs.clone(),
            heads: header.heads.clone(),
            supervisions: header.supervisions.clone(),
            auxiliaries: header.auxiliaries.clone(),
            constraints: header.constraints.clone(),
            segments: header.segments.clone(),
            rows: header.inputs.len(),
            graph_digest: header.graph_digest.clone(),
            ..Plan::default()
        };
        for (fields, dropout) in numbers.chunks_exact(FIELDS_OF_BLOCK).zip(dropout) {
            let block = self.block(fields, dropout, &plan, sources.len())?;
            plan.rows += block.outputs;
            plan.weights += block.map_weights() + block.gains();
            plan.biases += block.outputs;
            plan.states += block.states();
            plan.blocks.push(block);
        }
        plan.sources = sources;
        self.check_plan(&plan)?;
        Ok(plan)
    }

    /// One block, which must follow on the one before it.
    fn block(
        &self,
        fields: &[i64],
        dropout: f64,
        so_far: &Plan,
        sources: usize,
    ) -> Result<Block, Diagnostic> {
        let field = |at: usize| usize::try_from(fields[at]).unwrap_or(usize::MAX);
        let before = so_far.blocks.last().map_or(0, |last| last.first_source + last.inputs);
        let fits = field(0) == before
            && field(0).checked_add(field(1)).is_some_and(|end| end <= sources)
            && field(2) == so_far.rows
            && field(3) <= 1 << 24
            && field(4) == so_far.weights
            && field(5) == so_far.biases;
        let activation = ACTIVATIONS.get(field(6)).copied();
        let norm = NORMS.get(field(8)).copied();
        let (true, Some(activation), Some(norm)) = (fits, activation, norm) else {
            return Err(error::malformed(self.file, "its blocks do not follow on one another"));
        };
        Ok(Block {
            first_source: field(0),
            inputs: field(1),
            first_output: field(2),
            outputs: field(3),
            first_weight: field(4),
            first_bias: field(5),
            activation,
            norm,
            first_state: so_far.states,
            dropout,
            penalised: field(7) != 0,
        })
    }

    fn check_plan(&self, plan: &Plan) -> Result<(), Diagnostic> {
        let below =
            |block: &Block| plan.sources_of(block).iter().all(|row| (*row as usize) < block.first_output);
        let (first, rows) = (plan.inputs.len(), plan.rows);
        let within = |from: usize, count: usize| from.checked_add(count).is_some_and(|end| end <= rows);
        let heads = plan
            .heads
            .iter()
            .all(|head| head.first_row >= first && within(head.first_row, head.traits.len()));
        let segments = plan.segments.iter().all(|one| one.rows > 0 && within(one.first_row, one.rows));
        let mut latents = plan.supervisions.iter().flat_map(|item| &item.latents);
        let latents = latents.all(|one| one.latent_row < rows && (first..rows).contains(&one.row));
        let auxiliaries = plan.auxiliaries.iter().all(|one| (first..rows).contains(&one.first_row));
        let read = plan.blocks.last().map_or(0, |last| last.first_source + last.inputs);
        if !(heads && segments && latents && auxiliaries && read == plan.sources.len()) {
            return Err(error::malformed(self.file, "it names rows that its blocks do not have"));
        }
        if plan.blocks.iter().all(below) {
            return Ok(());
        }
        Err(error::malformed(self.file, "a block reads rows that are not above it"))
    }

    pub(super) fn preprocessing(&self, text: Preprocessing) -> Result<Preprocessing, Diagnostic> {
        let tables: Vec<f32> = self.values("input.table", Dtype::F32)?;
        if tables.iter().any(|value| !value.is_finite()) {
            return Err(error::not_finite(self.file, "input.table"));
        }
        let inputs = tables.len() / 4;
        let columns = text.inputs.len();
        let variants = inputs.checked_sub(columns);
        let variants =
            variants.ok_or_else(|| error::malformed(self.file, "it has more scales than inputs"))?;
        let tables =
            tables.chunks_exact(4).take(variants).map(|t| InputScale::Variant([t[0], t[1], t[2], t[3]]));
        Ok(Preprocessing { inputs: tables.chain(text.inputs).collect(), ..text })
    }

    pub(super) fn content_digest(&self, text: &Text) -> serde_json::Result<String> {
        let names = self.metadata.offset_keys();
        let own = names.iter().filter_map(|name| Some((name.strip_prefix(self.prefix)?, name)));
        // A part's text holds this digest.
        let own = own.filter(|(own, _)| *own != TEXT);
        let tensors = own.filter_map(|(own, name)| Some((own, self.metadata.info(name)?)));
        let contents = tensors.map(|(name, tensor)| (name, self.bytes(tensor)));
        content_digest(&text.header, &text.preprocessing, contents)
    }

    pub(super) fn member(&self, at: usize, plan: &Plan) -> Result<Parameters<f32>, Diagnostic> {
        let (weight, bias) = (format!("member.{at}.weight"), format!("member.{at}.bias"));
        let weights: Vec<f32> = self.values(&weight, Dtype::F32)?;
        let biases: Vec<f32> = self.values(&bias, Dtype::F32)?;
        for (name, values, wanted) in [(weight, &weights, plan.weights), (bias, &biases, plan.biases)] {
            if values.len() != wanted {
                return Err(error::malformed(
                    self.file,
                    &format!("tensor `{name}` has {} values, not {wanted}", values.len()),
                ));
            }
            if values.iter().any(|value| !value.is_finite()) {
                return Err(error::not_finite(self.file, &name));
            }
        }
        let state = if plan.states > 0 { self.state(at, plan)? } else { Vec::new() };
        Ok(Parameters { weights, biases, state })
    }

    /// Running means and variances.
    fn state(&self, at: usize, plan: &Plan) -> Result<Vec<f32>, Diagnostic> {
        let name = format!("member.{at}.state");
        let state: Vec<f32> = self.values(&name, Dtype::F32)?;
        if state.len() != plan.states {
            let why = format!("tensor `{name}` has {} values, not {}", state.len(), plan.states);
            return Err(error::malformed(self.file, &why));
        }
        if state.iter().any(|value| !value.is_finite()) {
            return Err(error::not_finite(self.file, &name));
        }
        Ok(state)
    }
}
