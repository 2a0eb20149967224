//! What was fitted, as model files.

use crate::cli::load::Loaded;
use crate::compiler::plan::{Input, Plan, plan_digest};
use crate::engine::model::{Header, Model, ModelVariant, Part, Predictor, Preprocessing, Role};
use crate::engine::network::Parameters;
use crate::kernel::vector::instruction_set;
use crate::language::spec::FixedEffect;
use crate::language::spec::digest::SpecDigests;
use crate::study::evaluate::{FittedFold, FittedNetwork, Polygenic, linear_network, share_of_gblup};

/// All that predicts what a fold, or the final model, predicts.
pub(super) fn predictor(loaded: &Loaded, fitted: &FittedFold) -> Predictor {
    let networks = fitted.networks.iter().map(|network| of_network(loaded, network));
    let Some(Polygenic { shares, effects }) = &fitted.polygenic else {
        return Predictor { parts: networks.flat_map(|model| Predictor::of(model).parts).collect() };
    };
    let (plan, preprocessing, parameters) = linear_network(&loaded.study(), effects);
    let trained = Trained { seen: fitted.train.len(), seeds: Vec::from([0]), epochs: Vec::from([0]) };
    let polygenic = as_model(loaded, plan, preprocessing, vec![parameters], trained);
    let of_residuals = loaded.spec.predicts.iter().flat_map(|one| one.traits.iter().map(|_| one.residual));
    let of_each = |share: f64| share / fitted.networks.len() as f64;
    let mut parts = vec![Part {
        role: Role::Polygenic,
        shares: shares.iter().zip(of_residuals).map(|(share, of)| share_of_gblup(share, of)).collect(),
        model: polygenic,
    }];
    parts.extend(networks.map(|model| Part {
        role: Role::Network,
        shares: shares.iter().map(|share| of_each(share.weight)).collect(),
        model,
    }));
    Predictor { parts }
}

/// How members came about.
struct Trained {
    seen: usize,
    seeds: Vec<u64>,
    epochs: Vec<usize>,
}

fn of_network(loaded: &Loaded, network: &FittedNetwork) -> Model {
    let FittedNetwork { plan, preprocessing, members, seeds, epochs, seen, .. } = network;
    let trained = Trained { seen: *seen, seeds: seeds.clone(), epochs: epochs.clone() };
    as_model(loaded, Plan::clone(plan), preprocessing.clone(), members.clone(), trained)
}

fn as_model(
    loaded: &Loaded,
    plan: Plan,
    preprocessing: Preprocessing,
    members: Vec<Parameters<f32>>,
    trained: Trained,
) -> Model {
    let Loaded { spec, variants, .. } = loaded;
    let digests = SpecDigests::of(spec);
    let inputs = plan.inputs.iter().filter_map(|input| match input {
        Input::Variant { set, index } => Some(&variants[*set][*index]),
        Input::Column { .. } => None,
    });
    let header = Header {
        written_by: env!("CARGO_PKG_VERSION").to_string(),
        model: spec.model.value.clone(),
        plan_digest: plan_digest(&plan),
        graph_digest: plan.graph_digest.clone(),
        spec_digests: vec![
            ("data".to_string(), digests.data),
            ("priors".to_string(), digests.priors),
            ("architecture".to_string(), digests.architecture),
            ("procedure".to_string(), digests.procedure),
        ],
        instruction_set: instruction_set().to_string(),
        genotypes: spec.genotypes.iter().map(|item| item.name.value.clone()).collect(),
        encodings: spec.genotypes.iter().map(|item| (item.encoding, item.missing)).collect(),
        tables: spec.tables.iter().map(|item| item.name.value.clone()).collect(),
        columns: plan.inputs.iter().filter(|input| matches!(input, Input::Column { .. })).cloned().collect(),
        inputs: plan.inputs.clone(),
        variants: inputs.map(ModelVariant::of).collect(),
        heads: plan.heads.clone(),
        supervisions: plan.supervisions.clone(),
        auxiliaries: plan.auxiliaries.clone(),
        constraints: plan.constraints.clone(),
        segments: plan.segments.clone(),
        fixed_effects: spec.predicts.iter().map(|p| p.fixed.iter().map(fixed_name).collect()).collect(),
        trained_on: trained.seen,
        seeds: trained.seeds,
        epochs: trained.epochs,
    };
    Model { header, plan, preprocessing, members }
}

fn fixed_name(effect: &FixedEffect) -> String {
    match effect {
        FixedEffect::Column(column) => column.column.clone(),
        FixedEffect::Components(count, _) => format!("pcs({count})"),
    }
}
