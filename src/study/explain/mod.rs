//! Which nodes and variants a network's predictions rest on.
//!
//! Methods look at trained networks on samples that these did not see, and give one figure a node or
//! variant and trait; [`importances`] averages them over networks, joined by names, and [`agreement`] says
//! how far networks give the same answer.

mod agreement;
mod attribute;
mod average;
mod clamp;
mod knock_out;
mod shapley;
mod significance;
mod values;

pub use agreement::{Agreement, agreement};
pub use attribute::{Attributed, attribute};
pub use average::{Importance, importances};
pub use clamp::clamp;
pub use knock_out::knock_out;
pub use shapley::{EXACT, shapley};
pub use significance::judge;
pub use values::{NodeValues, values};

use crate::compiler::plan::{Plan, Role, Segment};
use crate::engine::model::{Preprocessing, in_units};
use crate::engine::network::{InputData, Parameters};
use std::sync::Arc;

/// SDs to either side at which nodes are clamped, unless others are asked for.
pub const DEVIATIONS: f64 = 2.0;

/// A trained network on some samples.
#[derive(Clone, Copy, Debug)]
pub struct Network<'a> {
    /// Its shape.
    pub plan: &'a Plan,
    /// Scales of its traits.
    pub preprocessing: &'a Preprocessing,
    /// Its weights.
    pub parameters: &'a Parameters<f32>,
    /// What it reads.
    pub inputs: &'a InputData<'a>,
    /// Cohort rows of the samples.
    pub rows: &'a [u32],
    /// The only layer or genotype set to look at; all without.
    pub layer: Option<&'a str>,
}

/// What a method says of one node or variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The layer, or the list of nodes, or the genotype set, that it belongs to.
    pub layer: Arc<str>,
    /// Its name.
    pub node: Arc<str>,
    /// SD of its value over samples (divisor n); of several units along their first principal direction.
    pub spread: f64,
    /// Score `[traits]`, in the units that the method says.
    pub scores: Vec<f64>,
    /// The same with a sign `[traits]`, + where more of it is more of the trait; NaN where it has none: of a node
    /// that nothing measures, whose value may as well be its mirror image.
    pub signed: Vec<f64>,
}

impl Network<'_> {
    /// Nodes that have a value of their own.
    fn nodes(&self) -> Vec<&Segment> {
        self.plan.segments.iter().filter(|one| one.role == Role::Latent && self.looks_at(one)).collect()
    }

    fn looks_at(&self, one: &Segment) -> bool {
        self.layer.is_none_or(|layer| *one.layer == *layer)
    }

    /// A read-out in units of its trait.
    fn in_units(&self) -> impl Fn(usize, f32) -> f64 + use<> {
        let scales: Vec<_> = self.preprocessing.traits.iter().flatten().copied().collect();
        let losses: Vec<_> = self.plan.heads.iter().flat_map(|head| head.losses.clone()).collect();
        move |at: usize, output: f32| in_units(f64::from(output), scales[at], losses[at])
    }

    /// Whether more of a node is more of what measures it (1) or less (−1), by its private read-out; NaN of a
    /// node that nothing measures.
    fn measured_sense(&self, node: &Segment) -> f64 {
        let mut latents = self.plan.supervisions.iter().flat_map(|item| &item.latents);
        let read_out = latents.find(|latent| latent.latent_row == node.first_row).map(|latent| latent.row);
        let block = read_out.map(|row| self.plan.block_of(row));
        block.map_or(f64::NAN, |block| f64::from(self.parameters.weights[block.first_weight]).signum())
    }
}
