//! Model files: safetensors, with one JSON text in the header.
//!
//! Tensors: `member.K.weight`, `member.K.bias` and, where batches are normalised,
//! `member.K.state` (float32); `weight.source` and
//! `weight.target`, the rows that each weight joins, and `bias.target` (uint32; names of rows
//! stand in the header's `segments`); `blocks` and `sources`, the plan's shape;
//! `input.table`, the number of each genotype code. The text ends with a digest of all the rest.

use super::header::{FORMAT_VERSION, Header};
use super::preprocess::{InputScale, Preprocessing};
use super::{Model, error};
use crate::compiler::plan::{Block, Input, Plan, plan_digest};
use crate::engine::network::Parameters;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Activation, Norm};
use safetensors::tensor::{Dtype, Metadata, SafeTensors, TensorInfo, TensorView, serialize};
use std::collections::HashMap;

const ACTIVATIONS: [Activation; 6] = [
    Activation::Linear,
    Activation::Tanh,
    Activation::Sigmoid,
    Activation::Relu,
    Activation::Gelu,
    Activation::Softplus,
];
const NORMS: [Norm; 3] = [Norm::None, Norm::Batch, Norm::Units];
const FIELDS_OF_BLOCK: usize = 9;

/// The text part of the file, with the scales that are no tensor.
#[derive(serde::Serialize, serde::Deserialize)]
struct Text {
    header: Header,
    preprocessing: Preprocessing,
    /// BLAKE3 over header, scales and tensors: a damaged file predicts nothing.
    content: String,
}

/// What the text of any version says of it.
#[derive(serde::Deserialize)]
struct Versioned {
    #[serde(default)]
    header: Version,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Version {
    format_version: serde_json::Value,
    written_by: serde_json::Value,
}

/// The bytes of a model file; the same model gives the same bytes.
///
/// # Errors
/// As safetensors says; a model made by binnc has none.
pub fn save(model: &Model) -> Result<Vec<u8>, String> {
    let plan = &model.plan;
    let (source, target) = slots(plan);
    let bias_target: Vec<u32> = plan
        .blocks
        .iter()
        .flat_map(|block| block.first_output..block.first_output + block.outputs)
        .map(|row| row as u32)
        .collect();
    let mut tensors = vec![
        ("bias.target".to_string(), tensor(Dtype::U32, &bias_target)),
        ("blocks".to_string(), tensor(Dtype::I64, &blocks(plan))),
        (
            "blocks.dropout".to_string(),
            tensor(Dtype::F64, &plan.blocks.iter().map(|b| b.dropout).collect::<Vec<f64>>()),
        ),
        ("input.table".to_string(), tensor(Dtype::F32, &tables(&model.preprocessing))),
        ("sources".to_string(), tensor(Dtype::U32, &plan.sources)),
        ("weight.source".to_string(), tensor(Dtype::U32, &source)),
        ("weight.target".to_string(), tensor(Dtype::U32, &target)),
    ];
    for (at, member) in model.members.iter().enumerate() {
        tensors.push((format!("member.{at}.bias"), tensor(Dtype::F32, &member.biases)));
        tensors.push((format!("member.{at}.weight"), tensor(Dtype::F32, &member.weights)));
        if plan.states > 0 {
            tensors.push((format!("member.{at}.state"), tensor(Dtype::F32, &member.state)));
        }
    }
    let (header, preprocessing) = (model.header.clone(), without_tables(&model.preprocessing));
    let contents = tensors.iter().map(|(name, (_, _, bytes))| (name.as_str(), bytes.as_slice()));
    let content = content_digest(&header, &preprocessing, contents).map_err(|why| why.to_string())?;
    let text = Text { header, preprocessing, content };
    let text = serde_json::to_string(&text).map_err(|why| why.to_string())?;
    let views: Result<Vec<(String, TensorView<'_>)>, _> = tensors
        .iter()
        .map(|(name, (dtype, length, bytes))| {
            Ok((name.clone(), TensorView::new(*dtype, vec![*length], bytes)?))
        })
        .collect();
    let views = views.map_err(|why: safetensors::SafeTensorError| why.to_string())?;
    serialize(views, Some(HashMap::from([("binnc".to_string(), text)]))).map_err(|why| why.to_string())
}

/// Reads a model file.
///
/// # Errors
/// E0302 when the bytes are not a whole model, E0807 when a newer binnc wrote them, E0804 when
/// the plan inside is not the one named, E0902 when a weight is not finite.
pub fn load(file: &str, bytes: &[u8]) -> Result<Model, Diagnostic> {
    let malformed = |why: String| error::malformed(file, &why);
    // The header is most of the file, and is parsed once.
    let (length, metadata) = SafeTensors::read_metadata(bytes).map_err(|why| malformed(why.to_string()))?;
    let text = metadata.metadata().as_ref().and_then(|texts| texts.get("binnc"));
    let text = text.ok_or_else(|| malformed("its header has no `binnc` text".to_string()))?;
    check_version(file, text)?;
    let text: Text = serde_json::from_str(text).map_err(|why| malformed(why.to_string()))?;
    let reader = Reader { file, metadata: &metadata, data: &bytes[size_of::<u64>() + length..] };
    let (content, plan) = rayon::join(
        || reader.content_digest(&text),
        || reader.plan(&text.header).map(|plan| (plan_digest(&plan), plan)),
    );
    let (digest, plan) = plan?;
    if digest != text.header.plan_digest {
        return Err(error::other_plan(file, &text.header.plan_digest, &digest));
    }
    let preprocessing = reader.preprocessing(text.preprocessing.clone())?;
    if !fits(&text.header, &preprocessing, &plan) {
        return Err(malformed("its scales do not fit its plan".to_string()));
    }
    let members =
        (0..text.header.seeds.len()).map(|at| reader.member(at, &plan)).collect::<Result<_, _>>()?;
    let content = content.map_err(|why| malformed(why.to_string()))?;
    if content != text.content {
        return Err(malformed("its contents are not those that were written".to_string()));
    }
    Ok(Model { header: text.header, plan, preprocessing, members })
}

/// Whether names, scales and inputs are as many as the plan has.
fn fits(header: &Header, preprocessing: &Preprocessing, plan: &Plan) -> bool {
    let sets = plan.inputs.iter().filter_map(|input| match input {
        Input::Variant { set, .. } => Some(*set),
        Input::Column { .. } => None,
    });
    let same_kind = |(input, scale): (&Input, &InputScale)| {
        matches!(input, Input::Variant { .. }) == matches!(scale, InputScale::Variant(_))
    };
    let heads = plan.heads.iter().zip(&preprocessing.traits);
    header.variants.len() == sets.clone().count()
        && header.encodings.len() == header.genotypes.len()
        && header.fixed_effects.len() == header.heads.len()
        && sets.clone().all(|set| set < header.genotypes.len())
        && preprocessing.inputs.len() == plan.inputs.len()
        && plan.inputs.iter().zip(&preprocessing.inputs).all(same_kind)
        && preprocessing.traits.len() == plan.heads.len()
        && heads
            .into_iter()
            .all(|(head, scales)| head.traits.len() == scales.len() && head.losses.len() == scales.len())
}

/// Tensors in the order of their names.
fn content_digest<'a>(
    header: &Header,
    preprocessing: &Preprocessing,
    tensors: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> serde_json::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&serde_json::to_vec(&(header, preprocessing))?);
    let mut tensors: Vec<(&str, &[u8])> = tensors.collect();
    tensors.sort_unstable();
    for (name, bytes) in tensors {
        hasher.update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes());
        hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    }
    Ok(hasher.finalize().to_hex().to_string())
}

fn check_version(file: &str, text: &str) -> Result<(), Diagnostic> {
    let Versioned { header } =
        serde_json::from_str(text).map_err(|why| error::malformed(file, &why.to_string()))?;
    let version = header.format_version.as_u64().unwrap_or(0);
    let version = u32::try_from(version).unwrap_or(u32::MAX);
    if version > FORMAT_VERSION {
        let written_by = header.written_by.as_str().unwrap_or("unknown");
        return Err(error::newer_file(file, version, FORMAT_VERSION, written_by));
    }
    Ok(())
}

/// The rows that each weight joins, in slot order.
fn slots(plan: &Plan) -> (Vec<u32>, Vec<u32>) {
    let (mut source, mut target) = (Vec::with_capacity(plan.weights), Vec::with_capacity(plan.weights));
    for block in &plan.blocks {
        for output in 0..block.outputs {
            source.extend_from_slice(plan.sources_of(block));
            target.extend(std::iter::repeat_n((block.first_output + output) as u32, block.inputs));
        }
        // A gain joins a row with itself.
        let gains = (block.first_output..block.first_output + block.gains()).map(|row| row as u32);
        source.extend(gains.clone());
        target.extend(gains);
    }
    (source, target)
}

fn blocks(plan: &Plan) -> Vec<i64> {
    let fields = |block: &Block| {
        let activation = ACTIVATIONS.iter().position(|known| *known == block.activation).unwrap_or(0);
        let norm = NORMS.iter().position(|known| *known == block.norm).unwrap_or(0);
        [
            block.first_source,
            block.inputs,
            block.first_output,
            block.outputs,
            block.first_weight,
            block.first_bias,
            activation,
            usize::from(block.penalised),
            norm,
        ]
        .map(|number| number as i64)
    };
    plan.blocks.iter().flat_map(fields).collect()
}

fn tables(preprocessing: &Preprocessing) -> Vec<f32> {
    let table = |scale: &InputScale| if let InputScale::Variant(table) = scale { *table } else { [0.0; 4] };
    preprocessing.inputs.iter().flat_map(table).collect()
}

/// Tables are a tensor: in the text they stand as zeros.
fn without_tables(preprocessing: &Preprocessing) -> Preprocessing {
    let mut text = preprocessing.clone();
    text.inputs.retain(|scale| !matches!(scale, InputScale::Variant(_)));
    text
}

fn tensor<T: bytemuck::NoUninit>(dtype: Dtype, values: &[T]) -> (Dtype, usize, Vec<u8>) {
    (dtype, values.len(), bytemuck::cast_slice(values).to_vec())
}

struct Reader<'a> {
    file: &'a str,
    metadata: &'a Metadata,
    /// What follows the header.
    data: &'a [u8],
}

impl<'a> Reader<'a> {
    /// The bytes of a tensor, which lie in the file: its header was checked against its size.
    fn bytes(&self, tensor: &TensorInfo) -> &'a [u8] {
        &self.data[tensor.data_offsets.0..tensor.data_offsets.1]
    }

    fn values<T: bytemuck::AnyBitPattern>(&self, name: &str, dtype: Dtype) -> Result<Vec<T>, Diagnostic> {
        let tensor = self.metadata.info(name);
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

    fn plan(&self, header: &Header) -> Result<Plan, Diagnostic> {
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
        let fits = field(0).checked_add(field(1)).is_some_and(|end| end <= sources)
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
        let heads = plan
            .heads
            .iter()
            .all(|head| head.first_row.checked_add(head.traits.len()).is_some_and(|end| end <= plan.rows));
        if plan.blocks.iter().all(below) && heads {
            return Ok(());
        }
        Err(error::malformed(self.file, "a block reads rows that are not above it"))
    }

    fn preprocessing(&self, text: Preprocessing) -> Result<Preprocessing, Diagnostic> {
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

    fn content_digest(&self, text: &Text) -> serde_json::Result<String> {
        let names = self.metadata.offset_keys();
        let tensors = names.iter().filter_map(|name| Some((name, self.metadata.info(name)?)));
        let contents = tensors.map(|(name, tensor)| (name.as_str(), self.bytes(tensor)));
        content_digest(&text.header, &text.preprocessing, contents)
    }

    fn member(&self, at: usize, plan: &Plan) -> Result<Parameters<f32>, Diagnostic> {
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
