//! The fully connected network: every usable variant into 64, 32 and 16 GELU units.
//!
//! It is an ordinary plan, made by the ordinary compiler from a spec of one node, and trained
//! as the spec says, with the best of six pairs of learning rate and L2 by validation loss.

use crate::compiler::graph::{self, Known, Learning};
use crate::compiler::plan::{self, Plan};
use crate::language::diagnostics::Diagnostics;
use crate::language::source::{Span, Spanned};
use crate::language::spec::{
    Activation, EdgeSign, EdgeWeights, Endpoint, Layer, Link, Network, Norm, Optimizer, Part, Rule, Spec,
    Target, Unmatched, Via,
};
use crate::study::evaluate::Study;
use std::collections::BTreeMap;

/// Hidden units.
pub const HIDDEN: [usize; 3] = [64, 32, 16];
const LEARNING_RATES: [f64; 2] = [1e-3, 3e-3];
const PENALTIES: [f64; 3] = [1e-4, 1e-3, 1e-2];

/// The six settings that are tried.
#[must_use]
pub fn candidates() -> Vec<Optimizer> {
    let rule = Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    let with = |learning_rate, l2| Optimizer { rule, learning_rate, l1: 0.0, l2, decay: 0.0 };
    LEARNING_RATES.iter().flat_map(|rate| PENALTIES.iter().map(|l2| with(*rate, *l2))).collect()
}

/// The network's plan: the study's variants, traits and fixed effects, and no knowledge.
///
/// # Errors
/// What resolving or checking finds, such as no usable variant.
pub fn plan(study: &Study<'_>) -> Result<Plan, Diagnostics> {
    let spec = dense_spec(study.spec);
    let variants: Vec<_> = study.sets.iter().map(|set| set.variants.clone()).collect();
    let levels = BTreeMap::new();
    let columns = vec![Vec::new(); spec.tables.len()];
    let known = Known {
        variants: &variants,
        usable: study.known.usable,
        priors: &[],
        levels: &levels,
        columns: &columns,
        learning: Learning::Nothing,
    };
    let (resolved, found) = graph::resolve(&spec, &known);
    let resolved = resolved.ok_or(found)?;
    let (checked, _) = graph::check(&spec, resolved)?;
    Ok(plan::compile(&spec, &checked, &variants))
}

fn dense_spec(spec: &Spec) -> Spec {
    let name = Spanned::new("fcn".to_string(), Span::default());
    let network = Network::Fcn { hidden: HIDDEN.to_vec(), activation: Activation::Gelu };
    let node = Layer {
        name: name.clone(),
        nodes: Some(vec![name.clone()]),
        kind: Spanned::new("baseline".to_string(), Span::default()),
        width: Spanned::new(1, Span::default()),
        network,
        activation: Activation::Linear,
        dropout: 0.0,
        norm: Norm::None,
        hierarchy: None,
        select: None,
        span: Span::default(),
    };
    let end = |target| Endpoint { target, part: Part::All, filter: Vec::new(), span: Span::default() };
    let link = Link {
        from: (0..spec.genotypes.len()).map(|set| end(Target::Genotypes(set))).collect(),
        to: vec![end(Target::Node(0, 0))],
        via: Via::AllToAll,
        min_size: 0,
        max_size: usize::MAX,
        unmatched: Unmatched::Drop,
        weights: EdgeWeights::Free,
        sign: EdgeSign::Free,
        randomize: None,
        max_genes: None,
        span: Span::default(),
    };
    let mut predicts = spec.predicts.clone();
    for predict in &mut predicts {
        predict.from = vec![end(Target::Node(0, 0))];
        predict.auxiliary = 0.0;
    }
    Spec { layers: vec![node], links: vec![link], predicts, supervises: Vec::new(), ..spec.clone() }
}
