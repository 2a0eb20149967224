//! What a plan costs to train, before it runs: products, and bytes of one fit.
//!
//! A product is one multiplication whose result is added to a sum. An edge is one weight of a map:
//! for every sample it has one product forward, one for the gradient of the weight, and, unless it
//! reads an input, one for the gradient of the row that it reads. Bytes are upper bounds.

use super::chains::{Filling, QUAD, chains, spread};
use super::types::{Block, Input, Plan};
use crate::language::spec::{Activation, Norm};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Samples that packed kernels run together; the last ones of a batch are filled up.
const CHUNK: usize = 64;
/// Bytes of a float.
const FLOAT: usize = 4;
/// Floats a parameter: value, gradient, two moments, the best so far, the first step's start.
const FLOATS_OF_SLOT: usize = 6;
/// Bytes a parameter for the check of the first step: owner, decay, held.
const FLAGS_OF_SLOT: usize = 3;
/// Floats a row that is learnt and sample: activation, slope, gradient.
const FLOATS_OF_ROW: usize = 3;
/// Bytes an input: where its calls are and what they become, while the list grows; whether it is
/// silent.
const BYTES_OF_INPUT: usize = 96;
/// Bytes of what packed calls become: four floats.
const BYTES_OF_TABLE: usize = 16;

/// Edges by the kernel that runs them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edges {
    /// From packed calls to a node of one value.
    pub packed: usize,
    /// From packed calls to the first layer of a private network, or a node of several values.
    pub decoded: usize,
    /// From floats to one value.
    pub single: usize,
    /// From floats to several values.
    pub dense: usize,
}

/// What a plan costs with batches of one size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Samples a step.
    pub batch: usize,
    /// Edges, which are products of one sample forward.
    pub edges: Edges,
    /// Products of one sample for gradients of rows.
    pub to_rows: usize,
    /// Maps: one a node, or one a layer of its private network.
    pub maps: usize,
    /// Rows that are learnt, one a value of a map.
    pub rows: usize,
    /// Rows behind a GELU or softplus, rows with dropout, normalised rows; one that is two of these
    /// counts twice.
    pub costly: usize,
    /// Input rows.
    pub inputs: usize,
    /// Input rows that some map reads as floats.
    pub loose: usize,
    /// Variants that stay packed; one that two nodes read counts twice.
    pub stored: usize,
    /// Bytes a sample of the calls in the order of the nodes, spans filled up.
    pub row_bytes: usize,
    /// Weights, gains and biases.
    pub parameters: usize,
    /// Whether any map is normalised.
    pub normalised: bool,
}

impl Edges {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> usize {
        self.packed + self.decoded + self.single + self.dense
    }
}

impl Cost {
    /// What a plan costs with batches of so many samples.
    #[must_use]
    pub fn of(plan: &Plan, batch: usize) -> Self {
        let mut cost = Self { batch, inputs: plan.inputs.len(), ..Self::default() };
        let is_variant = |row: u32| matches!(plan.inputs.get(row as usize), Some(Input::Variant { .. }));
        let chains = chains(plan, is_variant);
        cost.row_bytes = row_bytes(plan, &chains);
        let chains = chains.last().map_or(0, |last| last.end);
        let mut is_loose = vec![false; plan.inputs.len()];
        for (at, block) in plan.blocks.iter().enumerate() {
            let sources = plan.sources_of(block);
            let inner = sources.iter().filter(|row| **row as usize >= plan.inputs.len()).count();
            let packed = at < chains && inner == 0;
            if !packed {
                let inputs = sources.iter().filter(|row| (**row as usize) < plan.inputs.len());
                inputs.for_each(|row| is_loose[*row as usize] = true);
            }
            cost.add((block.inputs, block.outputs), inner, packed);
            cost.parameters += block.gains();
            cost.normalised |= block.norm != Norm::None;
            cost.costly += block.outputs * costly(block);
        }
        cost.loose = is_loose.into_iter().filter(|is_loose| *is_loose).count();
        cost
    }

    /// A network of dense layers: so many variants, through hidden layers with GELU, to so many traits.
    #[must_use]
    pub fn of_layers(variants: usize, hidden: &[usize], traits: usize, batch: usize) -> Self {
        let costly = hidden.iter().sum();
        let row_bytes = spread(variants.div_ceil(QUAD));
        let mut cost = Self { batch, inputs: variants, costly, row_bytes, ..Self::default() };
        let mut inputs = variants;
        for (at, outputs) in hidden.iter().copied().chain([1, traits]).enumerate() {
            cost.add((inputs, outputs), if at == 0 { 0 } else { inputs }, at == 0);
            inputs = outputs;
        }
        cost
    }

    /// Adds a map, of whose inputs so many are learnt rows.
    fn add(&mut self, (inputs, outputs): (usize, usize), inner: usize, packed: bool) {
        let edges = match (packed, outputs) {
            (true, 1) => &mut self.edges.packed,
            (true, _) => &mut self.edges.decoded,
            (false, 1) => &mut self.edges.single,
            (false, _) => &mut self.edges.dense,
        };
        *edges += inputs * outputs;
        if packed {
            self.stored += inputs;
        }
        self.to_rows += inner * outputs;
        self.maps += 1;
        self.rows += outputs;
        self.parameters += inputs * outputs + outputs;
    }

    /// Products of one sample forward: one an edge.
    #[must_use]
    pub fn forward(&self) -> usize {
        self.edges.all()
    }

    /// Products of one sample back: one an edge, and those for gradients of rows.
    #[must_use]
    pub fn backward(&self) -> usize {
        self.edges.all() + self.to_rows
    }

    /// Products of one step.
    #[must_use]
    pub fn of_step(&self) -> usize {
        (self.forward() + self.backward()) * self.batch
    }

    /// Bytes of the calls of so many samples in the order of the nodes.
    #[must_use]
    pub fn calls_by_sample(&self, samples: usize) -> usize {
        self.row_bytes * samples
    }

    /// Bytes of parameters, their gradients and moments, and the best ones, in one fit.
    #[must_use]
    pub fn parameter_bytes(&self) -> usize {
        self.parameters * (FLOATS_OF_SLOT * FLOAT + FLAGS_OF_SLOT)
    }

    /// Bytes of activations, slopes and gradients of one batch.
    #[must_use]
    pub fn activation_bytes(&self) -> usize {
        let learnt = self.rows * (FLOATS_OF_ROW + if self.normalised { 2 } else { 0 });
        (learnt + self.loose) * self.batch * FLOAT
    }

    /// Bytes of one fit beside parameters and activations: what calls become, and the calls of a
    /// batch in the order of the kernels.
    #[must_use]
    pub fn scratch_bytes(&self) -> usize {
        let of_batch = self.row_bytes * CHUNK * self.batch.div_ceil(CHUNK);
        self.stored * BYTES_OF_TABLE + self.inputs * BYTES_OF_INPUT + of_batch
    }

    /// Bytes of one fit.
    #[must_use]
    pub fn fit_bytes(&self) -> usize {
        self.parameter_bytes() + self.activation_bytes() + self.scratch_bytes()
    }
}

/// How many costly things follow a map.
fn costly(block: &Block) -> usize {
    let shaped = matches!(block.activation, Activation::Gelu | Activation::Softplus);
    usize::from(shaped) + usize::from(block.dropout > 0.0) + usize::from(block.norm != Norm::None)
}

/// Bytes a sample of the calls of all chains, span by span, a genotype set's apart.
fn row_bytes(plan: &Plan, chains: &[Range<usize>]) -> usize {
    let set_of = |row: u32| match plan.inputs[row as usize] {
        Input::Variant { set, .. } => set,
        Input::Column { .. } => 0,
    };
    let (mut total, mut open) = (0, Filling::default());
    for chain in chains {
        let sources = plan.sources_of(&plan.blocks[chain.start]);
        let runs = sources.chunk_by(|a, b| set_of(*a) == set_of(*b));
        let runs: Vec<(usize, &[u32])> = runs.map(|run| (set_of(run[0]), run)).collect();
        let rows = plan.blocks[chain.clone()].iter().map(|block| block.outputs).sum();
        if open.add(&runs, rows).is_none() {
            total += bytes(&std::mem::take(&mut open));
            open.add(&runs, rows);
        }
    }
    total + bytes(&open)
}

fn bytes(span: &Filling) -> usize {
    span.parts.iter().map(|(_, held)| spread(held.len() / QUAD)).sum()
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::*;

    /// Five variants and a column; two nodes of three and two variants, a private layer behind the
    /// first, and a read-out of both and the column.
    fn plan() -> Plan {
        let mut inputs: Vec<Input> = (0..5).map(|index| Input::Variant { set: 0, index }).collect();
        inputs.push(Input::Column { table: 0, column: "age".into(), level: None });
        let mut plan = Plan::reading(inputs);
        for (sources, outputs) in
            [(&[0, 1, 2][..], 4), (&[6, 7, 8, 9][..], 1), (&[3, 4][..], 1), (&[10, 11, 5][..], 1)]
        {
            plan.add_block(sources.iter().copied(), Shape::of(outputs, Activation::Tanh));
        }
        plan
    }

    #[test]
    fn products_are_counted_by_hand() {
        let cost = Cost::of(&plan(), 10);
        let edges = Edges { packed: 2, decoded: 12, single: 4 + 3, dense: 0 };
        assert_eq!(cost.edges, edges);
        assert_eq!((cost.forward(), cost.to_rows), (21, 4 + 2));
        assert_eq!((cost.backward(), cost.of_step()), (27, 480));
        assert_eq!((cost.maps, cost.rows, cost.parameters), (4, 7, 21 + 7));
        assert_eq!((cost.inputs, cost.loose, cost.stored, cost.row_bytes), (6, 1, 5, 8));
    }

    #[test]
    fn layers_are_those_of_a_plan() {
        let cost = Cost::of_layers(100, &[8, 4], 2, 16);
        assert_eq!(cost.edges, Edges { packed: 0, decoded: 800, single: 4, dense: 32 + 2 });
        assert_eq!((cost.stored, cost.loose, cost.rows, cost.maps), (100, 0, 8 + 4 + 1 + 2, 4));
        assert_eq!(cost.parameters, 800 + 32 + 4 + 2 + 15);
    }

    #[test]
    fn bytes_grow_with_what_they_are_for() {
        let cost = Cost::of(&plan(), 64);
        assert!(cost.parameter_bytes() >= 28 * 4 * 5);
        assert!(cost.activation_bytes() >= 7 * 64 * 4 * 3);
        assert_eq!(cost.calls_by_sample(1000), 8 * 1000);
        let twice = Cost { batch: 128, ..cost };
        assert_eq!(twice.activation_bytes(), 2 * cost.activation_bytes());
        assert_eq!(twice.parameter_bytes(), cost.parameter_bytes());
    }
}
