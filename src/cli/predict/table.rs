//! The table of predictions.

use crate::data::SampleId;
use crate::engine::model::{Model, Score};
use rayon::prelude::*;
use std::fmt::Write;

/// Samples whose lines one thread writes at a time.
const SAMPLES: usize = 1024;

/// `FID IID trait predicted genetic sd`, sample by sample; with fixed effects, genotypes give `genetic`
/// alone.
pub(super) fn table(model: &Model, samples: &[SampleId], scores: &[Score]) -> String {
    let heads = model.plan.heads.iter().zip(&model.header.fixed_effects);
    let traits = heads.flat_map(|(head, fixed)| {
        head.traits.iter().map(move |(_, name)| (name.as_str(), !fixed.is_empty()))
    });
    let traits: Vec<((&str, bool), &Score)> = traits.zip(scores).collect();
    let parts = samples.par_chunks(SAMPLES).enumerate();
    let parts: Vec<String> = parts.map(|(at, samples)| lines(&traits, samples, at * SAMPLES)).collect();
    let mut text = String::from("FID\tIID\ttrait\tpredicted\tgenetic\tsd\n");
    text.reserve(parts.iter().map(String::len).sum());
    parts.iter().for_each(|part| text += part);
    text
}

fn lines(traits: &[((&str, bool), &Score)], samples: &[SampleId], first: usize) -> String {
    let mut text = String::new();
    let number = |value: f64| if value.is_nan() { "NA".to_string() } else { format!("{value}") };
    for (row, SampleId { family, individual }) in (first..).zip(samples) {
        for ((name, has_fixed), score) in traits {
            let (genetic, sd) = (number(score.mean[row]), number(score.sd[row]));
            let predicted = if *has_fixed { "NA" } else { &genetic };
            let _ = writeln!(text, "{family}\t{individual}\t{name}\t{predicted}\t{genetic}\t{sd}");
        }
    }
    text
}
