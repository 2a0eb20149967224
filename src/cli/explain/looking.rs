//! What a method says of the networks of one model file.

use super::FEWEST;
use super::genotypes::Read;
use super::models::Place;
use crate::cli::args::{Explain, Measure};
use crate::cli::genotyped::{Set, load, match_sets, refuse_covariates};
use crate::cli::{Diagnostics, error};
use crate::data::{Cohort, SampleId, some_rows};
use crate::engine::model::{AlleleCounts, Model, Predictor, Role};
use crate::engine::network::attribution::Method as Attribution;
use crate::engine::network::scoring::Watch;
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::Norm;
use crate::study::explain::{Attributed, Explained, Network, attribute, clamp, knock_out, shapley, values};
use crate::study::report::OfNetwork;
use rayon::prelude::*;

/// What all models are looked at with.
pub(super) struct Looking<'a> {
    pub(super) command: &'a Explain,
    pub(super) measure: Measure,
    pub(super) world: &'a dyn World,
    pub(super) sets: &'a [Set],
    pub(super) cohort: &'a Cohort,
    pub(super) watch: &'a dyn Watch,
}

/// What a model file gave.
pub(super) struct OfPlace {
    pub(super) networks: Vec<Vec<Explained>>,
    pub(super) samples: usize,
    /// Of each network's sets.
    pub(super) joins: Vec<Vec<AlleleCounts>>,
    /// Values of nodes of each network, where they are asked for.
    pub(super) values: Vec<OfNetwork>,
    /// What parts of variants leave of each network's differences, where they are to add up.
    pub(super) gaps: Vec<f64>,
}

impl Looking<'_> {
    /// `None` where the model has too few samples to be looked at.
    pub(super) fn at(&self, place: &Place) -> Result<Option<OfPlace>, Diagnostics> {
        if self.watch.cancelled() {
            return Err(error::interrupted_explaining().into());
        }
        let rows = self.rows(place);
        if rows.len() < FEWEST {
            return Ok(None);
        }
        let background = self.background(place, &rows);
        let predictor: Predictor = load(&place.model, self.world)?;
        let mut of_place = OfPlace {
            networks: Vec::new(),
            samples: rows.len(),
            joins: Vec::new(),
            values: Vec::new(),
            gaps: Vec::new(),
        };
        for part in predictor.parts.iter().filter(|part| part.role == Role::Network) {
            refuse_covariates(&part.model)?;
            self.network(&part.model, place, (&rows, &background), &mut of_place)?;
        }
        self.watch.done(1);
        Ok(Some(of_place))
    }

    fn network(
        &self,
        model: &Model,
        place: &Place,
        (rows, background): (&[u32], &[u32]),
        of_place: &mut OfPlace,
    ) -> Result<(), Diagnostics> {
        if let (Measure::DeepLift, Some(block)) =
            (self.measure, model.plan.blocks.iter().find(|block| block.norm == Norm::Units))
        {
            let name = &model.plan.segment_of(block.first_output).name;
            return Err(error::no_secants(name).into());
        }
        let matched = match_sets(model, self.sets, self.command.genotyped.allow_mismatch)?;
        of_place.joins.push(matched.iter().map(|(_, counts)| *counts).collect());
        let read = Read::of(model, self.sets, &matched)?;
        let inputs = read.inputs(model, self.cohort);
        let (plan, preprocessing) = (&model.plan, &model.preprocessing);
        let layer = self.command.layer.as_deref();
        let looked_at: Result<Vec<(Vec<Explained>, Option<f64>)>, _> = model
            .members
            .par_iter()
            .map(|parameters| {
                let network = Network { plan, preprocessing, parameters, inputs: &inputs, rows, layer };
                self.explained(network, background)
            })
            .collect();
        if self.command.values.is_some() {
            for parameters in &model.members {
                let network = Network { plan, preprocessing, parameters, inputs: &inputs, rows, layer };
                let individual = |row: &u32| {
                    let id = &self.cohort.samples[*row as usize];
                    (id.family.clone(), id.individual.clone())
                };
                of_place.values.push(OfNetwork {
                    model: place.name.clone(),
                    network: of_place.values.len() + 1,
                    individuals: rows.iter().map(individual).collect(),
                    nodes: values(network),
                });
            }
        }
        for (explained, gap) in looked_at? {
            of_place.networks.push(explained);
            of_place.gaps.extend(gap);
        }
        Ok(())
    }

    /// One network, and what its variants' parts leave of the differences.
    fn explained(
        &self,
        network: Network<'_>,
        background: &[u32],
    ) -> Result<(Vec<Explained>, Option<f64>), Diagnostic> {
        let attributed = |method: Attribution, adds_up: bool| {
            let Attributed { all, gap } = attribute(network, method);
            (all, adds_up.then_some(gap))
        };
        Ok(match self.measure {
            Measure::Clamp { deviations } => (clamp(network, deviations)?, None),
            Measure::KnockOut => (knock_out(network)?, None),
            // Slopes at one place do not add up, unless the network is straight.
            Measure::GradientInput => attributed(Attribution::GradientInput, false),
            Measure::IntegratedGradients { steps } => attributed(Attribution::Integrated { steps }, true),
            Measure::DeepLift => attributed(Attribution::DeepLift, true),
            Measure::Shapley { seed, .. } => (shapley(network, background, seed), None),
        })
    }

    /// For Shapley values, some of the individuals that the network may have been trained on: of a fold
    /// those that it does not test.
    fn background(&self, place: &Place, tested: &[u32]) -> Vec<u32> {
        let Measure::Shapley { background, seed } = self.measure else { return Vec::new() };
        let all = 0..self.cohort.samples.len() as u32;
        let trained: Vec<u32> = match &place.tested {
            Some(_) => all.filter(|row| tested.binary_search(row).is_err()).collect(),
            None => all.collect(),
        };
        // A genotype file of a fold's test samples alone has no others.
        let from = if trained.is_empty() { tested } else { &trained };
        some_rows(from, background.min(from.len()), seed)
    }

    /// The cohort rows on which a model is looked at.
    fn rows(&self, place: &Place) -> Vec<u32> {
        let is_asked = |id: &SampleId| place.tested.as_ref().is_none_or(|tested| tested.contains(id));
        (0..).zip(&self.cohort.samples).filter(|(_, id)| is_asked(id)).map(|(row, _)| row).collect()
    }
}
