//! The network of one training part: the spec's own, or one whose links its rows have taught.

use super::{Progress, Study};
use crate::compiler::graph::{self, Known, Learning};
use crate::compiler::plan::{self, Plan};
use crate::engine::network::packed::Master;
use crate::engine::network::scoring::Watch;
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::study::derive::concrete::{Concrete, learns};
use crate::study::derive::learnt::{Learnt, Material, learn};
use std::sync::{Arc, OnceLock};

/// A plan with its calls, sample by sample.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) plan: Arc<Plan>,
    pub(super) master: Arc<Master>,
    /// What its links were learnt from, where they were.
    pub(super) learnt: Option<Arc<Learnt>>,
    digest: OnceLock<String>,
}

impl Compiled {
    /// Turns the calls that a plan reads.
    pub(super) fn of(study: &Study<'_>, plan: Arc<Plan>) -> Self {
        let calls: Vec<_> = study.sets.iter().map(|set| &set.calls).collect();
        let master = Arc::new(Master::of(&plan, &calls));
        Self { master, plan, learnt: None, digest: OnceLock::new() }
    }

    /// The same network with measurements weighed otherwise, for each `supervise` item that has choices.
    pub(super) fn weighed(&self, study: &Study<'_>, choice: usize) -> Self {
        let mut plan = Plan::clone(&self.plan);
        for (item, supervise) in plan.supervisions.iter_mut().zip(&study.spec.supervises) {
            if let Some(weight) = supervise.choices.get(choice) {
                item.weight = *weight;
            }
        }
        let (master, learnt) = (Arc::clone(&self.master), self.learnt.clone());
        Self { plan: Arc::new(plan), master, learnt, digest: OnceLock::new() }
    }

    /// Digest of the plan, reckoned once.
    pub(super) fn digest(&self) -> &str {
        self.digest.get_or_init(|| plan::plan_digest(&self.plan))
    }

    /// Learns links on some rows, with the variants that are usable on them, and compiles.
    pub(super) fn learnt(
        study: &Study<'_>,
        rows: &[u32],
        usable: &[Vec<bool>],
        progress: &dyn Progress,
    ) -> Result<Self, Diagnostic> {
        let Study { spec, cohort, sets, known, .. } = *study;
        let material = Material { spec, cohort, sets, usable, priors: known.priors };
        let learnt = learn(&material, rows, &Cancelled(progress))?;
        let plan = of_links(study, &learnt)?;
        Ok(Self { learnt: Some(Arc::new(learnt)), ..Self::of(study, Arc::new(plan)) })
    }
}

/// The network that the spec fixes; `None` where links are learnt.
pub(super) fn fixed(study: &Study<'_>) -> Option<Arc<Compiled>> {
    (!learns(study.spec)).then(|| Arc::new(Compiled::of(study, Arc::new(study.plan.clone()))))
}

/// The network of learnt links; a trait that they leave unreached is its mean there.
fn of_links(study: &Study<'_>, learnt: &Learnt) -> Result<Plan, Diagnostic> {
    let known = study.known;
    let concrete = Concrete::of(study.spec, known.priors, learnt.stead(study.sets), Learning::Done);
    let own = Known { priors: &concrete.priors, learning: Learning::Done, ..known };
    let (graph, found) = graph::resolve(&concrete.spec, &own);
    let checked = match graph {
        Some(graph) => graph::check(&concrete.spec, graph),
        None => Err(found),
    };
    let (checked, _) = checked.map_err(first_error)?;
    Ok(plan::compile(&concrete.spec, &checked, known.variants))
}

fn first_error(found: Diagnostics) -> Diagnostic {
    let first = found.into_iter().find(Diagnostic::is_error);
    first.unwrap_or_else(|| unreachable!("a stage that gives nothing has found an error"))
}

/// Traits that a plan predicts by their means, by their places among the heads' traits.
pub(super) fn means(plan: &Plan) -> Vec<usize> {
    let mut places = Vec::new();
    let mut next = 0;
    for head in &plan.heads {
        let own = next..next + head.traits.len();
        next = own.end;
        if plan.block_of(head.first_row).inputs == 0 {
            places.extend(own);
        }
    }
    places
}

/// Who looks on, for work whose steps are not counted.
pub(super) struct Cancelled<'a>(pub(super) &'a dyn Progress);

impl Watch for Cancelled<'_> {
    fn done(&self, _: usize) {}
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}
