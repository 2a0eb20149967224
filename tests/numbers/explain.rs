//! Clamped nodes against networks whose nodes are constants.

use binnc::compiler::plan::Plan;
use binnc::engine::model::{Preprocessing, Scale};
use binnc::engine::network::{GenotypeCalls, InputData, InputRow, Parameters, initial, latents, predict};
use binnc::language::spec::{Activation, Loss};
use binnc::study::explain::{Explained, Network, clamp};
use std::ops::Range;

use crate::network::{Builder, packed, singles};

const SAMPLES: usize = 200;
const VARIANTS: usize = 60;
/// Nodes that are measured.
const MEASURED: [usize; 3] = [0, 4, 6];
/// Mean and SD of the first trait.
const LEVEL: (f64, f64) = (30.0, 4.0);

/// Genes below pathways, one gene that the head reads as well, and a node of two units; all are linear
/// at their end, so that a constant can stand for each.
fn network() -> (Plan, Vec<Range<usize>>) {
    let mut net = Builder::new(VARIANTS, 0);
    let mut nodes = Vec::new();
    let mut node = |net: &mut Builder, sources: Vec<usize>, units: usize| {
        let hidden = net.block(sources, 3, Activation::Tanh, 0.0);
        let rows = net.block(hidden, units, Activation::Linear, 0.0);
        nodes.push(rows.clone());
        rows
    };
    let genes: Vec<usize> =
        (0..6).flat_map(|gene| node(&mut net, (8 * gene..8 * gene + 12).collect(), 1)).collect();
    let low = node(&mut net, genes[..3].to_vec(), 1);
    let high = node(&mut net, genes[2..].to_vec(), 1);
    let pair = node(&mut net, (40..VARIANTS).collect(), 2);
    let integrated = net.block(low.chain(high).chain(pair).chain([genes[5]]), 5, Activation::Gelu, 0.0);
    net.predict(integrated, &[Loss::Mse, Loss::Bce], 1.0);
    // Measurements tell two genes and a pathway from their mirror images.
    net.supervise(&MEASURED.map(|at| nodes[at].start), 0.1);
    net.name_nodes(&nodes);
    let plan = net.build();
    (plan, nodes)
}

/// Mean of each trait in its units: the first by its scale, the second as a probability.
fn means(outputs: &[Vec<f32>]) -> [f64; 2] {
    let mean = |at: usize, of: &dyn Fn(f64) -> f64| {
        outputs[at].iter().map(|value| of(f64::from(*value))).sum::<f64>() / outputs[at].len() as f64
    };
    [mean(0, &|z| LEVEL.0 + LEVEL.1 * z), mean(1, &|z| 1.0 / (1.0 + libm::exp(-z)))]
}

/// The network with constants in place of the rows of one node.
fn constant(
    plan: &Plan,
    parameters: &Parameters<f32>,
    rows: &Range<usize>,
    values: &[f64],
) -> Parameters<f32> {
    let mut changed = parameters.clone();
    let block = plan.blocks.iter().find(|block| block.first_output == rows.start).expect("a node's block");
    changed.weights[block.first_weight..][..block.inputs * block.outputs].fill(0.0);
    for (bias, value) in changed.biases[block.first_bias..].iter_mut().zip(values) {
        *bias = *value as f32;
    }
    changed
}

/// Mean and first principal direction, times its SD, of one or two units.
fn line(units: &[Vec<f32>]) -> (Vec<f64>, Vec<f64>) {
    let count = SAMPLES as f64;
    let mean: Vec<f64> =
        units.iter().map(|unit| unit.iter().map(|v| f64::from(*v)).sum::<f64>() / count).collect();
    let joint = |a: usize, b: usize| {
        let pairs = units[a].iter().zip(&units[b]);
        pairs.map(|(x, y)| (f64::from(*x) - mean[a]) * (f64::from(*y) - mean[b])).sum::<f64>() / count
    };
    if units.len() == 1 {
        return (mean.clone(), vec![joint(0, 0).sqrt()]);
    }
    // The larger root of the characteristic equation, and its eigenvector.
    let (xx, xy, yy) = (joint(0, 0), joint(0, 1), joint(1, 1));
    let root = (xx + yy) / 2.0 + ((xx - yy).powi(2) / 4.0 + xy * xy).sqrt();
    let (x, y) = (xy, root - xx);
    let scale = root.sqrt() / x.hypot(y);
    let sign = if x.abs() > y.abs() { x.signum() } else { y.signum() };
    (mean.clone(), vec![sign * scale * x, sign * scale * y])
}

/// The network's inputs on some samples.
fn on_samples<R>(plan: &Plan, look: impl FnOnce(&InputData<'_>, &[u32]) -> R) -> R {
    let calls = packed(VARIANTS, SAMPLES, 5);
    let samples: Vec<u32> = (0..SAMPLES as u32).collect();
    let row = |variant| InputRow::Variant { set: 0, variant, table: [1.0, 0.2, 0.0, -1.0] };
    let sets = vec![GenotypeCalls { calls: &calls, samples: &samples }];
    look(&InputData::new(plan, sets, (0..VARIANTS).map(row).collect()), &samples)
}

fn clamped(
    plan: &Plan,
    parameters: &Parameters<f32>,
    (inputs, rows): (&InputData<'_>, &[u32]),
    deviations: f64,
) -> Vec<Explained> {
    let scale = |(mean, sd)| Scale { mean, sd };
    let traits = vec![vec![scale(LEVEL), scale((0.0, 1.0))]];
    let preprocessing = Preprocessing { traits, ..Default::default() };
    let network = Network { plan, preprocessing: &preprocessing, parameters, inputs, rows, layer: None };
    clamp(network, deviations).expect("finite")
}

/// Whether more of a node is more of its measurement.
fn sense(plan: &Plan, parameters: &Parameters<f32>, at: usize) -> Option<f64> {
    let place = MEASURED.iter().position(|measured| *measured == at)?;
    let row = plan.supervisions[0].latents[place].row;
    let block = plan.blocks.iter().find(|block| block.first_output == row).expect("a read-out");
    Some(if parameters.weights[block.first_weight] > 0.0 { 1.0 } else { -1.0 })
}

#[test]
fn a_clamped_node_is_a_node_of_constants() {
    let (plan, nodes) = network();
    on_samples(&plan, |inputs, samples| {
        let mut parameters = initial(&plan, &inputs.silent(samples), &[0.3, -0.2], 3);
        parameters.biases = singles(plan.biases, 9);
        let found = clamped(&plan, &parameters, (inputs, samples), 1.5);
        assert_eq!(found.len(), 9);
        let free = means(&predict(&plan, &parameters, inputs, samples));
        for (place, (rows, Explained { node, spread, scores, signed, .. })) in
            nodes.iter().zip(&found).enumerate()
        {
            let wanted: Vec<usize> = rows.clone().collect();
            let (mean, along) = line(&latents(&plan, &parameters, inputs, samples, &wanted));
            let side = |by: f64| {
                let values: Vec<f64> =
                    mean.iter().zip(&along).map(|(mean, along)| mean + by * along).collect();
                means(&predict(&plan, &constant(&plan, &parameters, rows, &values), inputs, samples))
            };
            let (up, down) = (side(1.5), side(-1.5));
            assert!(
                (spread - along.iter().fold(0.0f64, |all, part| all.hypot(*part))).abs() < 1e-9,
                "{node}"
            );
            for at in 0..2 {
                let score = ((up[at] - free[at]).abs() + (down[at] - free[at]).abs()) / 2.0;
                assert!((scores[at] - score).abs() < 1e-6 && score > 0.0, "{node}: {} {score}", scores[at]);
                match sense(&plan, &parameters, place) {
                    Some(sense) => {
                        assert!((signed[at] - sense * (up[at] - down[at]) / 2.0).abs() < 1e-6, "{node}")
                    }
                    None => assert!(signed[at].is_nan(), "{node} may as well be its mirror image"),
                }
            }
        }
    });
}

#[test]
fn a_node_that_does_not_differ_scores_nothing() {
    let (plan, nodes) = network();
    on_samples(&plan, |inputs, samples| {
        let free = initial(&plan, &inputs.silent(samples), &[0.3, -0.2], 3);
        let parameters = constant(&plan, &free, &nodes[1], &[0.25]);
        let found = clamped(&plan, &parameters, (inputs, samples), 2.0);
        assert_eq!((found[1].spread, found[1].scores.as_slice()), (0.0, [0.0, 0.0].as_slice()));
        assert!(found[0].scores[0] > 0.0);
    });
}
