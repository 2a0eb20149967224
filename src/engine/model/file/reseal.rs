//! Digests that fit a file which was changed on purpose, so that tests reach what stands behind them.

use super::reader::Reader;
use super::{TEXT, Tensor, Text, Whole, names, prefix, tensor};
use crate::compiler::plan::plan_digest;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use std::collections::HashMap;

/// The bytes of a model file with all digests made anew; `None` where it is too damaged to have any.
#[doc(hidden)]
#[must_use]
pub fn resealed(bytes: &[u8]) -> Option<Vec<u8>> {
    let (length, metadata) = SafeTensors::read_metadata(bytes).ok()?;
    let mut whole: Whole = serde_json::from_str(metadata.metadata().as_ref()?.get("binnc")?).ok()?;
    let data = &bytes[size_of::<u64>() + length..];
    let mut texts: HashMap<String, Tensor> = HashMap::new();
    for (at, part) in whole.parts.iter_mut().enumerate() {
        let prefix = prefix(at);
        let reader = Reader { file: "", metadata: &metadata, data, prefix: &prefix };
        let text = resealed_text(&reader)?;
        part.content.clone_from(&text.content);
        texts.insert(format!("{prefix}{TEXT}"), tensor(Dtype::U8, &serde_json::to_vec(&text).ok()?));
    }
    whole.content = whole.digest();
    let tensors = SafeTensors::deserialize(bytes).ok()?;
    let view = |(name, view): (String, _)| match texts.get(&name) {
        Some((dtype, length, bytes)) => Some((name, TensorView::new(*dtype, vec![*length], bytes).ok()?)),
        None => Some((name, view)),
    };
    let views: Option<Vec<_>> = tensors.tensors().into_iter().map(view).collect();
    let text = HashMap::from([("binnc".to_string(), serde_json::to_string(&whole).ok()?)]);
    serialize(views?, Some(text)).ok()
}

fn resealed_text(reader: &Reader<'_>) -> Option<Text> {
    let bytes: Vec<u8> = reader.values(TEXT, Dtype::U8).ok()?;
    let mut text: Text = serde_json::from_slice(&bytes).ok()?;
    names::fill(&mut text.header, reader).ok()?;
    if let Ok(plan) = reader.plan(&text.header) {
        text.header.plan_digest = plan_digest(&plan);
    }
    text.content = reader.content_digest(&text).ok()?;
    Some(text)
}
