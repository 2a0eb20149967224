//! GBLUP as a network of one linear map, so that whatever scores networks scores it too.

use super::Study;
use crate::compiler::plan::{Head, Input, Plan, Role, Segment, Shape};
use crate::engine::model::{InputScale, Preprocessing, Scale};
use crate::engine::network::Parameters;
use crate::language::spec::Activation;
use crate::study::linear::markers::Effects;
use std::sync::Arc;

/// Plan, scales and parameters of the effects of all variants.
#[must_use]
pub fn linear_network(study: &Study<'_>, effects: &Effects) -> (Plan, Preprocessing, Parameters<f32>) {
    let input = |(set, index): &(usize, usize)| Input::Variant { set: *set, index: *index };
    let mut plan = Plan::reading(effects.variants.iter().map(input).collect());
    plan.graph_digest = "every variant, linear".to_string();
    for (row, (set, index)) in effects.variants.iter().enumerate() {
        let (name, layer) = (&study.known.variants[*set][*index].id, &study.spec.genotypes[*set].name.value);
        plan.segments.push(segment(name, layer, Role::Input, row));
    }
    let mut parameters = Parameters { weights: Vec::new(), biases: Vec::new(), state: Vec::new() };
    let mut slopes = effects.slopes.iter();
    for (at, predict) in study.spec.predicts.iter().enumerate() {
        let sources = (0..effects.variants.len()).map(|row| row as u32);
        let rows = plan.add_block(sources, Shape::of(predict.traits.len(), Activation::Linear));
        for (row, column) in rows.clone().zip(&predict.traits) {
            let table = &study.spec.tables[column.table].name.value;
            plan.segments.push(segment(&column.column, table, Role::Trait, row));
            parameters.biases.push(0.0);
            parameters.weights.extend(slopes.next().into_iter().flatten().map(|slope| *slope as f32));
        }
        plan.heads.push(Head {
            predict: at,
            first_row: rows.start,
            traits: predict.traits.iter().map(|column| (column.table, column.column.clone())).collect(),
            losses: predict.losses.clone(),
            weight: predict.weight,
        });
    }
    let table =
        |mean: &f64| InputScale::Variant([2.0 - mean, 0.0, 1.0 - mean, -mean].map(|copies| copies as f32));
    // A trait that was not fitted has no share.
    let known = |mean: f64| if mean.is_nan() { 0.0 } else { mean };
    let mut intercepts = effects.intercepts.iter().map(|mean| Scale { mean: known(*mean), sd: 1.0 });
    let traits = study.spec.predicts.iter().map(|item| intercepts.by_ref().take(item.traits.len()).collect());
    let preprocessing = Preprocessing {
        traits: traits.collect(),
        inputs: effects.means.iter().map(table).collect(),
        supervised: Vec::new(),
    };
    (plan, preprocessing, parameters)
}

fn segment(name: &str, layer: &str, role: Role, row: usize) -> Segment {
    Segment { name: Arc::from(name), layer: Arc::from(layer), role, first_row: row, rows: 1 }
}
