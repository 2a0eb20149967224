//! The network of one training part: the spec's own, or one whose links its rows have taught.

use super::error;
use super::{Progress, Study};
use crate::compiler::graph::{self, Known, Learning};
use crate::compiler::plan::{self, Plan};
use crate::engine::network::packed::Master;
use crate::engine::network::scoring::Watch;
use crate::language::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::study::derive::concrete::{Concrete, learns};
use crate::study::derive::learnt::{Learnt, Material, learn};
use std::sync::Arc;

/// A plan with its calls, sample by sample.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) plan: Arc<Plan>,
    pub(super) master: Arc<Master>,
    /// What its links were learnt from, where they were.
    pub(super) learnt: Option<Arc<Learnt>>,
}

impl Compiled {
    /// Turns the calls that a plan reads.
    pub(super) fn of(study: &Study<'_>, plan: Arc<Plan>) -> Self {
        let calls: Vec<_> = study.sets.iter().map(|set| &set.calls).collect();
        Self { master: Arc::new(Master::of(&plan, &calls)), plan, learnt: None }
    }

    /// The same network with measurements weighed otherwise, for each `supervise` item that has choices.
    pub(super) fn weighed(&self, study: &Study<'_>, choice: usize) -> Self {
        let mut plan = Plan::clone(&self.plan);
        for (item, supervise) in plan.supervisions.iter_mut().zip(&study.spec.supervises) {
            if let Some(weight) = supervise.choices.get(choice) {
                item.weight = *weight;
            }
        }
        Self { plan: Arc::new(plan), master: Arc::clone(&self.master), learnt: self.learnt.clone() }
    }

    /// Learns links on some rows, with the variants that are usable on them, and compiles.
    pub(super) fn learnt(
        study: &Study<'_>,
        rows: &[u32],
        usable: &[Vec<bool>],
        progress: &dyn Progress,
    ) -> Result<Self, Diagnostic> {
        let Study { spec, cohort, sets, .. } = *study;
        let material = Material { spec, cohort, sets, usable };
        let learnt = learn(&material, rows, &Cancelled(progress))?;
        let plan = if learnt.is_empty() { of_means(study) } else { of_links(study, &learnt)? };
        Ok(Self { learnt: Some(Arc::new(learnt)), ..Self::of(study, Arc::new(plan)) })
    }
}

/// The network that the spec fixes; `None` where links are learnt.
pub(super) fn fixed(study: &Study<'_>) -> Option<Arc<Compiled>> {
    (!learns(study.spec)).then(|| Arc::new(Compiled::of(study, Arc::new(study.plan.clone()))))
}

/// The network of learnt links; one of means where they leave every trait unreached.
fn of_links(study: &Study<'_>, learnt: &Learnt) -> Result<Plan, Diagnostic> {
    let known = study.known;
    let concrete = Concrete::of(study.spec, known.priors, learnt.stead(study.sets));
    let own = Known { priors: &concrete.priors, learning: Learning::Done, ..known };
    let (graph, found) = graph::resolve(&concrete.spec, &own);
    let checked = match graph {
        Some(graph) => graph::check(&concrete.spec, graph),
        None => Err(found),
    };
    match checked {
        Ok((checked, _)) => Ok(plan::compile(&concrete.spec, &checked, known.variants)),
        Err(found) => first_error(found).map_or_else(|| Ok(of_means(study)), Err),
    }
}

/// The first error that is no consequence of a sparse graph.
fn first_error(found: Diagnostics) -> Option<Diagnostic> {
    found.into_iter().find(|one| one.is_error() && one.code != Code::E0405)
}

fn of_means(study: &Study<'_>) -> Plan {
    plan::compile(study.spec, &graph::of_nothing(study.spec), study.known.variants)
}

/// A part whose network is the mean of each trait.
pub(super) fn is_of_means(plan: &Plan) -> bool {
    plan.inputs.is_empty()
}

/// W0703 for networks of means, with the folds that have one.
pub(super) fn nothing_learnt(study: &Study<'_>, places: &[String]) -> Option<Diagnostic> {
    let learning = study.spec.layers.iter().find(|layer| layer.select.is_some());
    let span = learning.and_then(|layer| layer.select.as_ref()).map(|select| select.span);
    let name = learning.map_or("the network", |layer| &layer.name.value);
    let found = (!places.is_empty()).then(|| error::nothing_learnt(name, places))?;
    Some(match span {
        Some(span) => found.at(span, "selected by this"),
        None => found,
    })
}

struct Cancelled<'a>(&'a dyn Progress);

impl Watch for Cancelled<'_> {
    fn done(&self, _: usize) {}
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}
