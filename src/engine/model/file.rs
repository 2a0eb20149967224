//! Model files: safetensors, of one part or of several whose predictions add up.
//!
//! Tensors of part P are named `part.P.…`: `member.K.weight`, `member.K.bias` and, where batches are
//! normalised, `member.K.state` (float32); `weight.source` and `weight.target`, the rows that each weight
//! joins, and `bias.target` (uint32); `blocks` and `sources`, the plan's shape; `input.table`, the
//! number of each genotype code; `inputs`, `variants` and `segments`, what rows are (`names`);
//! `text`, JSON with all else and a digest of the whole part. The text of the file itself says how much of
//! the prediction each part is.

mod names;
mod reader;
mod reseal;

use super::header::{FORMAT_VERSION, Header};
use super::predictor::{Part, Predictor, Role};
use super::preprocess::{InputScale, Preprocessing};
use super::{Model, error};
use crate::compiler::plan::{Block, Input, Plan, plan_digest};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Activation, Norm};
use reader::Reader;
pub use reseal::resealed;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use std::cmp::Ordering;
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
/// The tensor that holds the text of a part.
const TEXT: &str = "text";

/// The text of a part, with the scales that are no tensor.
#[derive(serde::Serialize, serde::Deserialize)]
struct Text {
    header: Header,
    preprocessing: Preprocessing,
    /// BLAKE3 over header, scales and tensors: a damaged file predicts nothing.
    content: String,
}

/// The text of a file.
#[derive(serde::Serialize, serde::Deserialize)]
struct Whole {
    header: WholeHeader,
    parts: Vec<WholePart>,
    /// BLAKE3 of what each part is and of its share: their contents have digests of their own.
    content: String,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct WholeHeader {
    format_version: u32,
    written_by: String,
}

/// A part with its share in each trait.
#[derive(serde::Serialize, serde::Deserialize)]
struct WholePart {
    role: Role,
    shares: Vec<f64>,
    content: String,
}

impl Whole {
    fn of(parts: Vec<WholePart>) -> Self {
        let written_by = env!("CARGO_PKG_VERSION").to_string();
        let header = WholeHeader { format_version: FORMAT_VERSION, written_by };
        let mut whole = Self { header, parts, content: String::new() };
        whole.content = whole.digest();
        whole
    }

    fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.header.format_version.to_le_bytes());
        hasher.update(self.header.written_by.as_bytes());
        for WholePart { role, shares, content } in &self.parts {
            hasher.update(&[u8::from(*role == Role::Polygenic)]).update(&(shares.len() as u64).to_le_bytes());
            for share in shares {
                hasher.update(&share.to_le_bytes());
            }
            hasher.update(content.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }
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
pub fn save(predictor: &Predictor) -> Result<Vec<u8>, String> {
    let mut tensors = Vec::new();
    let mut parts = Vec::new();
    for (at, part) in predictor.parts.iter().enumerate() {
        let prefix = prefix(at);
        let text = text_and_tensors(&part.model, &prefix, &mut tensors)?;
        let bytes = serde_json::to_vec(&text).map_err(|why| why.to_string())?;
        tensors.push((format!("{prefix}{TEXT}"), tensor(Dtype::U8, &bytes)));
        parts.push(WholePart { role: part.role, shares: part.shares.clone(), content: text.content });
    }
    let text = serde_json::to_string(&Whole::of(parts));
    // One text alone: several would stand in an order of their own in every file.
    let texts = HashMap::from([("binnc".to_string(), text.map_err(|why| why.to_string())?)]);
    let views: Result<Vec<(String, TensorView<'_>)>, _> = tensors
        .iter()
        .map(|(name, (dtype, length, bytes))| {
            Ok((name.clone(), TensorView::new(*dtype, vec![*length], bytes)?))
        })
        .collect();
    let views = views.map_err(|why: safetensors::SafeTensorError| why.to_string())?;
    serialize(views, Some(texts)).map_err(|why| why.to_string())
}

/// What the names of a part's tensors begin with.
fn prefix(part: usize) -> String {
    format!("part.{part}.")
}

/// Adds the tensors of a part, and gives its text.
fn text_and_tensors(
    model: &Model,
    prefix: &str,
    tensors: &mut Vec<(String, Tensor)>,
) -> Result<Text, String> {
    let own = tensors_of(model);
    let (header, preprocessing) = (model.header.clone(), without_tables(&model.preprocessing));
    let contents = own.iter().map(|(name, (_, _, bytes))| (name.as_str(), bytes.as_slice()));
    let content = content_digest(&header, &preprocessing, contents).map_err(|why| why.to_string())?;
    tensors.extend(own.into_iter().map(|(name, tensor)| (format!("{prefix}{name}"), tensor)));
    Ok(Text { header, preprocessing, content })
}

fn tensors_of(model: &Model) -> Vec<(String, Tensor)> {
    let plan = &model.plan;
    let (source, target) = slots(plan);
    let bias_target: Vec<u32> = plan.blocks.iter().flat_map(Block::rows).map(|row| row as u32).collect();
    let mut tensors = names::tensors(&model.header);
    tensors.extend([
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
    ]);
    for (at, member) in model.members.iter().enumerate() {
        tensors.push((format!("member.{at}.bias"), tensor(Dtype::F32, &member.biases)));
        tensors.push((format!("member.{at}.weight"), tensor(Dtype::F32, &member.weights)));
        if plan.states > 0 {
            tensors.push((format!("member.{at}.state"), tensor(Dtype::F32, &member.state)));
        }
    }
    tensors
}

/// Reads a model file.
///
/// # Errors
/// E0302 when the bytes are not a whole model, E0807 when a newer binnc wrote them, E0804 when
/// the plan inside is not the one named, E0902 when a weight is not finite.
pub fn load(file: &str, bytes: &[u8]) -> Result<Predictor, Diagnostic> {
    let malformed = |why: String| error::malformed(file, &why);
    let (length, metadata) = SafeTensors::read_metadata(bytes).map_err(|why| malformed(why.to_string()))?;
    let text = metadata.metadata().as_ref().and_then(|texts| texts.get("binnc"));
    let text = text.ok_or_else(|| malformed("its header has no `binnc` text".to_string()))?;
    check_version(file, text)?;
    let data = &bytes[size_of::<u64>() + length..];
    let whole: Whole = serde_json::from_str(text).map_err(|why| malformed(why.to_string()))?;
    if whole.digest() != whole.content {
        return Err(malformed("its contents are not those that were written".to_string()));
    }
    let mut parts = Vec::new();
    for (at, WholePart { role, shares, content }) in whole.parts.into_iter().enumerate() {
        let prefix = prefix(at);
        let reader = Reader { file, metadata: &metadata, data, prefix: &prefix };
        let bytes: Vec<u8> = reader.values(TEXT, Dtype::U8)?;
        let text: Text = serde_json::from_slice(&bytes).map_err(|why| malformed(why.to_string()))?;
        if text.content != content {
            return Err(malformed("its contents are not those that were written".to_string()));
        }
        parts.push(Part { role, shares, model: part(text, &reader)? });
    }
    let predictor = Predictor { parts };
    if predictor.is_sound() {
        Ok(predictor)
    } else {
        Err(malformed("its parts do not predict the same traits".to_string()))
    }
}

fn part(mut text: Text, reader: &Reader<'_>) -> Result<Model, Diagnostic> {
    let file = reader.file;
    let malformed = |why: String| error::malformed(file, &why);
    names::fill(&mut text.header, reader)?;
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
    !header.seeds.is_empty()
        && header.variants.len() == sets.clone().count()
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
    let written_by = header.written_by.as_str().unwrap_or("unknown");
    match version.cmp(&FORMAT_VERSION) {
        Ordering::Greater => Err(error::newer_file(file, version, FORMAT_VERSION, written_by)),
        Ordering::Less => Err(error::older_file(file, version, FORMAT_VERSION, written_by)),
        Ordering::Equal => Ok(()),
    }
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

/// Type, values and bytes.
type Tensor = (Dtype, usize, Vec<u8>);

fn tensor<T: bytemuck::NoUninit>(dtype: Dtype, values: &[T]) -> Tensor {
    (dtype, values.len(), bytemuck::cast_slice(values).to_vec())
}
