//! Parts of predictions and Shapley values against finite differences, sums, closed forms and brute force.

use binnc::compiler::plan::Plan;
use binnc::engine::model::{Preprocessing, Scale};
use binnc::engine::network::attribution::{Attribution, Method, attributions};
use binnc::engine::network::{InputData, InputRow, Parameters, Pass, Workspace, forward, latents, predict};
use binnc::language::spec::{Activation, Loss, Norm};
use binnc::study::explain::{Explained, Network, knock_out, shapley};
use std::ops::Range;

use crate::network::{Builder, numbers, singles};

const SAMPLES: usize = 40;
const COLUMNS: usize = 12;

/// Four nodes of three inputs each, of which the last is normalised within itself, and a head over them.
struct Small {
    plan: Plan,
    parameters: Parameters<f32>,
    nodes: Vec<Range<usize>>,
}

fn small(hidden: Activation, norms: [Norm; 2]) -> Small {
    let mut net = Builder::new(0, COLUMNS);
    let mut nodes = Vec::new();
    for node in 0..4 {
        let norm = if node == 3 { norms[1] } else { norms[0] };
        let rows = net.normalised(3 * node..3 * node + 3, 4, hidden, 0.0, norm);
        let kind = if node == 0 { Activation::Linear } else { Activation::Tanh };
        nodes.push(net.block(rows, 1, kind, 0.3));
    }
    let all: Vec<usize> = nodes.iter().flat_map(Clone::clone).collect();
    let integrated = net.block(all, 5, hidden, 0.0);
    net.predict(integrated, &[Loss::Mse, Loss::Bce], 1.0);
    net.name_nodes(&nodes);
    let plan = net.build();
    let state = numbers(plan.states, 17).iter().map(|value| (value.abs() + 0.2) as f32).collect();
    let weights = singles(plan.weights, 5);
    let parameters = Parameters { weights, biases: singles(plan.biases, 9), state };
    Small { plan, parameters, nodes }
}

/// Columns of all samples; the last is the reference.
fn columns() -> Vec<Vec<f32>> {
    let column = |at: usize| {
        let mut values = singles(SAMPLES, 100 + at as u64);
        values.push(0.0);
        values
    };
    (0..COLUMNS).map(column).collect()
}

fn inputs<'a>(plan: &Plan, columns: &'a [Vec<f32>]) -> InputData<'a> {
    InputData::new(plan, Vec::new(), columns.iter().map(|values| InputRow::Column(values)).collect())
}

fn samples() -> Vec<u32> {
    (0..SAMPLES as u32).collect()
}

fn parts(net: &Small, method: Method, groups: &[Range<usize>]) -> Vec<Attribution> {
    let columns = columns();
    let read_outs: Vec<usize> = (0..2).map(|at| net.plan.heads[0].first_row + at).collect();
    let data = inputs(&net.plan, &columns);
    attributions(&net.plan, &net.parameters, &data, &samples(), method, (groups, &read_outs))
}

/// Read-outs `[traits][samples]` in double precision, of other inputs or parameters.
fn precise(plan: &Plan, parameters: &Parameters<f32>, columns: &[Vec<f32>]) -> Vec<Vec<f64>> {
    let wide = |values: &[f32]| values.iter().map(|value| f64::from(*value)).collect::<Vec<f64>>();
    let parameters = Parameters {
        weights: wide(&parameters.weights),
        biases: wide(&parameters.biases),
        state: wide(&parameters.state),
    };
    let mut workspace = Workspace::<f64>::for_prediction(plan, SAMPLES);
    forward(plan, &parameters, &inputs(plan, columns), &samples(), Pass::Predict, &mut workspace);
    (0..2).map(|at| workspace.row(plan.heads[0].first_row + at).to_vec()).collect()
}

const STEP: f32 = 1.0 / 8192.0;

/// A central difference by how far single precision let the value move.
fn slope(up: &[f64], down: &[f64], sample: usize, value: f32) -> f64 {
    (up[sample] - down[sample]) / (f64::from(value + STEP) - f64::from(value - STEP))
}

#[test]
fn gradient_times_input_is_that_of_finite_differences() {
    for norms in [[Norm::None, Norm::None], [Norm::Batch, Norm::Units]] {
        let net = small(Activation::Gelu, norms);
        let groups: Vec<Range<usize>> =
            (0..COLUMNS).map(|row| row..row + 1).chain([net.nodes[0].clone()]).collect();
        let found = parts(&net, Method::GradientInput, &groups);
        let columns = columns();
        for input in 0..COLUMNS {
            let moved = |by: f32| {
                let mut moved = columns.clone();
                moved[input].iter_mut().for_each(|value| *value += by);
                precise(&net.plan, &net.parameters, &moved)
            };
            let (up, down) = (moved(STEP), moved(-STEP));
            for at in 0..2 {
                let part = |sample: usize| {
                    let value = columns[input][sample];
                    f64::from(value) * slope(&up[at], &down[at], sample, value)
                };
                let size = (0..SAMPLES).map(|sample| part(sample).abs()).sum::<f64>() / SAMPLES as f64;
                assert!(
                    (found[at].size[input] - size).abs() < 1e-5 * size.max(0.1),
                    "{input}: {} {size}",
                    found[at].size[input]
                );
                let side = |sample: usize| f64::from(columns[input][sample]).signum();
                let signed =
                    (0..SAMPLES).map(|sample| part(sample) * side(sample)).sum::<f64>() / SAMPLES as f64;
                assert!((found[at].signed[input] - signed).abs() < 1e-5 * size.max(0.1));
            }
        }
        // The first node is linear: its bias moves as it does.
        let block = net.plan.block_of(net.nodes[0].start);
        let moved = |by: f32| {
            let mut moved = net.parameters.clone();
            moved.biases[block.first_bias] += by;
            precise(&net.plan, &moved, &columns)
        };
        let (up, down) = (moved(STEP), moved(-STEP));
        let mut with_reference = samples();
        with_reference.push(SAMPLES as u32);
        let data = inputs(&net.plan, &columns);
        let values = &latents(&net.plan, &net.parameters, &data, &with_reference, &[net.nodes[0].start])[0];
        for at in 0..2 {
            let moved = |sample: usize| f64::from(values[sample]) - f64::from(values[SAMPLES]);
            let part = |sample: usize| {
                (moved(sample) * slope(&up[at], &down[at], sample, net.parameters.biases[block.first_bias]))
                    .abs()
            };
            let size = (0..SAMPLES).map(part).sum::<f64>() / SAMPLES as f64;
            assert!(
                (found[at].size[COLUMNS] - size).abs() < 1e-5 * size.max(0.1),
                "{} {size}",
                found[at].size[COLUMNS]
            );
        }
    }
}

/// Mean distance of the predictions from that of the reference.
fn differences(net: &Small) -> Vec<f64> {
    let columns = columns();
    let data = inputs(&net.plan, &columns);
    let mut rows = samples();
    rows.push(SAMPLES as u32);
    let outputs = predict(&net.plan, &net.parameters, &data, &rows);
    let mean = |values: &Vec<f32>| {
        let distance = |value: &f32| (f64::from(*value) - f64::from(values[SAMPLES])).abs();
        values[..SAMPLES].iter().map(distance).sum::<f64>() / SAMPLES as f64
    };
    outputs.iter().map(mean).collect()
}

#[test]
fn parts_add_up_to_the_difference_from_the_reference() {
    let smooth = [
        (Activation::Gelu, [Norm::None, Norm::None], true),
        (Activation::Tanh, [Norm::Batch, Norm::None], true),
        (Activation::Sigmoid, [Norm::Batch, Norm::Units], false),
    ];
    for (activation, norms, has_secants) in smooth {
        let net = small(activation, norms);
        // All inputs at once, and all nodes, which everything passes through.
        let nodes = net.nodes[0].start..net.nodes[3].end;
        let methods = [(Method::Integrated { steps: 50 }, 1e-4), (Method::DeepLift, 1e-5)];
        for (method, within) in methods.into_iter().take(if has_secants { 2 } else { 1 }) {
            let found = parts(&net, method, std::slice::from_ref(&(0..COLUMNS)));
            for (found, difference) in found.iter().zip(differences(&net)) {
                assert!((found.difference - difference).abs() < 1e-5 * difference, "folded as it predicts");
                assert!(
                    found.gap < within * difference,
                    "{activation:?} {method:?}: {} of {difference}",
                    found.gap
                );
                assert!((found.size[0] - difference).abs() < within * difference);
            }
            assert!(nodes.len() > 4, "hidden rows stand between them: {nodes:?}");
        }
    }
}

#[test]
fn parts_of_a_whole_layer_add_up_too() {
    // Nodes whose rows follow on one another.
    let mut net = Builder::new(0, COLUMNS);
    let nodes = net.block(0..COLUMNS, 4, Activation::Tanh, 0.0);
    let hidden = net.block(nodes.clone(), 6, Activation::Gelu, 0.0);
    net.predict(hidden, &[Loss::Mse, Loss::Mse], 1.0);
    let plan = net.build();
    let parameters =
        Parameters { weights: singles(plan.weights, 3), biases: singles(plan.biases, 4), state: Vec::new() };
    let net = Small { plan, parameters, nodes: vec![nodes.clone()] };
    for (method, within) in [(Method::Integrated { steps: 50 }, 1e-4), (Method::DeepLift, 1e-5)] {
        let found = parts(&net, method, &[0..COLUMNS, nodes.clone()]);
        for (found, difference) in found.iter().zip(differences(&net)) {
            assert!((found.size[1] - difference).abs() < within * difference, "{method:?}");
        }
    }
}

#[test]
fn secants_follow_a_bend_that_slopes_do_not_see() {
    // relu(x − ½) from 0 to 2: the slope is 1, the secant ¾.
    let mut net = Builder::new(0, 1);
    let unit = net.block(0..1, 1, Activation::Relu, 0.0);
    net.predict(unit, &[Loss::Mse], 1.0);
    let plan = net.build();
    let parameters = Parameters { weights: vec![1.0, 2.0], biases: vec![-0.5, 0.0], state: Vec::new() };
    let column = vec![2.0f32];
    let data = InputData::new(&plan, Vec::new(), vec![InputRow::Column(&column)]);
    let part = |method| {
        let groups = [0..1, 1..2];
        attributions(&plan, &parameters, &data, &[0], method, (&groups, &[plan.heads[0].first_row])).remove(0)
    };
    assert_eq!(part(Method::GradientInput).size, [4.0, 3.0]);
    assert_eq!(part(Method::DeepLift).size, [3.0, 3.0]);
    assert_eq!(part(Method::DeepLift).gap, 0.0);
    assert!((part(Method::Integrated { steps: 400 }).size[0] - 3.0).abs() < 0.01);
}

const LEVEL: (f64, f64) = (30.0, 4.0);

fn explained(net: &Small, of: impl Fn(Network<'_>) -> Vec<Explained>, rows: &[u32]) -> Vec<Explained> {
    let scale = |(mean, sd)| Scale { mean, sd };
    let traits = vec![vec![scale(LEVEL), scale((0.0, 1.0))]];
    let preprocessing = Preprocessing { traits, ..Default::default() };
    let columns = columns();
    let inputs = inputs(&net.plan, &columns);
    of(Network {
        plan: &net.plan,
        preprocessing: &preprocessing,
        parameters: &net.parameters,
        inputs: &inputs,
        rows,
        layer: None,
    })
}

/// Both traits of one individual in their units, with nodes as constants.
fn with_constants(net: &Small, row: u32, constants: &[(usize, f32)]) -> [f64; 2] {
    let mut parameters = net.parameters.clone();
    for (node, value) in constants {
        let block = net.plan.block_of(net.nodes[*node].start);
        parameters.weights[block.first_weight..][..block.inputs].fill(0.0);
        // What the activation turns into the value.
        let before = if *node == 0 { f64::from(*value) } else { libm::atanh(f64::from(*value)) };
        parameters.biases[block.first_bias] = before as f32;
    }
    let columns = columns();
    let outputs = predict(&net.plan, &parameters, &inputs(&net.plan, &columns), &[row]);
    let [z, odds] = [0, 1].map(|at| f64::from(outputs[at][0]));
    [LEVEL.0 + LEVEL.1 * z, 1.0 / (1.0 + libm::exp(-odds))]
}

fn node_values(net: &Small, row: u32) -> Vec<f32> {
    let columns = columns();
    let wanted: Vec<usize> = net.nodes.iter().map(|rows| rows.start).collect();
    let values = latents(&net.plan, &net.parameters, &inputs(&net.plan, &columns), &[row], &wanted);
    values.iter().map(|node| node[0]).collect()
}

#[test]
fn shapley_values_are_those_of_all_orders() {
    let net = small(Activation::Gelu, [Norm::None, Norm::Units]);
    let (rows, background) = ([0u32, 3, 7], [11u32, 12, 19, 30]);
    let found = explained(&net, |network| shapley(network, &background, 1), &rows);
    assert_eq!(found.len(), 4);
    // Every order of four nodes.
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..4 {
        let longer = |order: &Vec<usize>| -> Vec<Vec<usize>> {
            let rest = (0..4).filter(|node| !order.contains(node));
            rest.map(|node| [order.as_slice(), &[node]].concat()).collect()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    assert_eq!(orders.len(), 24);
    let mut size = [[0.0; 2]; 4];
    for row in rows {
        let own = node_values(&net, row);
        let value = |joined: &[usize]| -> [f64; 2] {
            let mut mean = [0.0; 2];
            for other in background {
                let others = node_values(&net, other);
                let of = |node: usize| (node, if joined.contains(&node) { own[node] } else { others[node] });
                let said = with_constants(&net, row, &[0, 1, 2, 3].map(of));
                (0..2).for_each(|at| mean[at] += said[at] / background.len() as f64);
            }
            mean
        };
        let mut values = [[0.0; 2]; 4];
        for order in &orders {
            for step in 0..4 {
                let (before, after) = (value(&order[..step]), value(&order[..=step]));
                (0..2).for_each(|at| values[order[step]][at] += (after[at] - before[at]) / 24.0);
            }
        }
        for (size, values) in size.iter_mut().zip(values) {
            (0..2).for_each(|at| size[at] += values[at].abs() / rows.len() as f64);
        }
    }
    for (found, size) in found.iter().zip(size) {
        near(&found.scores, &size, &found.node);
    }
}

fn near(scores: &[f64], expected: &[f64], node: &str) {
    for (score, expected) in scores.iter().zip(expected) {
        assert!((score - expected).abs() < 1e-4 * expected.max(0.01), "{node}: {score} {expected}");
    }
}

#[test]
fn sampled_shapley_values_of_a_straight_network_are_exact() {
    // Twenty nodes that add up: a value is weight times distance from the background's mean.
    let mut net = Builder::new(0, COLUMNS);
    let nodes: Vec<Range<usize>> = (0..20)
        .map(|node| net.block([node % COLUMNS, (5 * node + 1) % COLUMNS], 1, Activation::Tanh, 0.0))
        .collect();
    let all: Vec<usize> = nodes.iter().map(|rows| rows.start).collect();
    net.predict(all, &[Loss::Mse, Loss::Mse], 1.0);
    net.name_nodes(&nodes);
    let plan = net.build();
    let parameters =
        Parameters { weights: singles(plan.weights, 3), biases: singles(plan.biases, 4), state: Vec::new() };
    let net = Small { plan, parameters, nodes };
    // As many background individuals as pairs of orders: each is met once.
    let (rows, background): (Vec<u32>, Vec<u32>) = ((0..8).collect(), (8..40).collect());
    let found = explained(&net, |network| shapley(network, &background, 1), &rows);
    let head = net.plan.block_of(net.plan.heads[0].first_row);
    let values: Vec<Vec<f32>> = (0..SAMPLES as u32).map(|row| node_values(&net, row)).collect();
    for (node, found) in found.iter().enumerate() {
        let mean = background.iter().map(|row| f64::from(values[*row as usize][node])).sum::<f64>() / 32.0;
        let weight = LEVEL.1 * f64::from(net.parameters.weights[head.first_weight + node]);
        let distance = |row: &u32| (weight * (f64::from(values[*row as usize][node]) - mean)).abs();
        let size = rows.iter().map(distance).sum::<f64>() / 8.0;
        assert!((found.scores[0] - size).abs() < 1e-4 * size.max(0.01), "{node}: {} {size}", found.scores[0]);
    }
    let again = explained(&net, |network| shapley(network, &background, 1), &rows);
    assert_eq!(format!("{found:?}"), format!("{again:?}"));
}

#[test]
fn a_node_that_is_knocked_out_is_its_mean_in_everybody() {
    let net = small(Activation::Gelu, [Norm::None, Norm::None]);
    let rows = samples();
    let found = explained(&net, |network| knock_out(network).expect("finite"), &rows);
    let values: Vec<Vec<f32>> = rows.iter().map(|row| node_values(&net, *row)).collect();
    for (node, found) in found.iter().enumerate() {
        let mean = values.iter().map(|values| f64::from(values[node])).sum::<f64>() / SAMPLES as f64;
        let mut size = [0.0; 2];
        for row in &rows {
            let (free, held) =
                (with_constants(&net, *row, &[]), with_constants(&net, *row, &[(node, mean as f32)]));
            (0..2).for_each(|at| size[at] += (free[at] - held[at]).abs() / SAMPLES as f64);
        }
        near(&found.scores, &size, &found.node);
        assert!(found.signed.iter().all(|signed| signed.is_nan()));
    }
}
