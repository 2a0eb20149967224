//! Branches: what each layer that a trait is read from adds to its prediction.

use super::{MOST_VALUES, Network, PADDED, some};
use crate::compiler::plan::Plan;
use crate::data::Fold;
use crate::engine::model::mean_and_sd;
use crate::engine::network::{latents, predict};
use std::collections::BTreeMap;

/// What one layer adds to the prediction of a trait.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchRow {
    /// The trait.
    pub trait_name: String,
    /// The layer, or `inputs` for variants and covariates that are read straight.
    pub branch: String,
    /// Repeat, from 1.
    pub repeat: usize,
    /// Fold, from 1.
    pub fold: usize,
    /// SD over samples of what it adds, on the scale of training; the mean over networks.
    pub spread: f64,
}

impl Network<'_> {
    /// What each layer adds to each trait, by the place of the trait among all.
    pub(super) fn branches(&self, fold: &Fold) -> Vec<(usize, BranchRow)> {
        let plan = self.plan();
        let samples = some(&fold.test);
        let outputs = predict(plan, self.parameters, self.inputs, &samples);
        let mut found = Vec::new();
        let mut place = 0;
        for head in &plan.heads {
            let block = plan.block_of(head.first_row);
            let sources = plan.sources_of(block);
            let nodes: Vec<usize> = (0..sources.len()).filter(|at| !is_input(plan, sources[*at])).collect();
            // Sums by trait and layer, some sources at a time.
            let mut added: Vec<BTreeMap<String, Vec<f64>>> = vec![BTreeMap::new(); head.traits.len()];
            for some in nodes.chunks(MOST_VALUES / PADDED) {
                let wanted: Vec<usize> = some.iter().map(|at| sources[*at] as usize).collect();
                let values = latents(plan, self.parameters, self.inputs, &samples, &wanted);
                for (at, values) in some.iter().zip(&values) {
                    let layer = &plan.segment_of(sources[*at] as usize).layer;
                    for (k, added) in added.iter_mut().enumerate() {
                        let weight =
                            f64::from(self.parameters.weights[block.first_weight + k * block.inputs + at]);
                        let sum = added.entry(layer.to_string()).or_insert_with(|| vec![0.0; samples.len()]);
                        sum.iter_mut()
                            .zip(values)
                            .for_each(|(sum, value)| *sum += weight * f64::from(*value));
                    }
                }
            }
            for ((_, name), mut added) in head.traits.iter().zip(added) {
                if nodes.len() < sources.len() {
                    // Inputs are never decoded into rows: they are what is left of the whole.
                    let rest = |at: usize| {
                        f64::from(outputs[place][at]) - added.values().map(|of| of[at]).sum::<f64>()
                    };
                    let rest: Vec<f64> = (0..samples.len()).map(rest).collect();
                    added.insert("inputs".to_string(), rest);
                }
                found.extend(added.into_iter().map(|(branch, sums)| {
                    let spread = mean_and_sd(&sums).1;
                    let (repeat, fold) = (fold.repeat, fold.fold);
                    (place, BranchRow { trait_name: name.clone(), branch, repeat, fold, spread })
                }));
                place += 1;
            }
        }
        found
    }
}

fn is_input(plan: &Plan, row: u32) -> bool {
    (row as usize) < plan.inputs.len()
}
