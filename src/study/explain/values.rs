//! What each node says of each individual: the values that it passes on.

use super::Network;
use crate::engine::network::latents;
use std::sync::Arc;

/// A node's values.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeValues {
    /// The layer, or the list of nodes, that it belongs to.
    pub layer: Arc<str>,
    /// Its name.
    pub node: Arc<str>,
    /// One entry a unit `[units][samples]`.
    pub units: Vec<Vec<f32>>,
}

/// Values of the nodes of a network on its samples, on the network's own scale: another network may have the
/// mirror image of a node that nothing measures.
#[must_use]
pub fn values(network: Network<'_>) -> Vec<NodeValues> {
    let Network { plan, parameters, inputs, rows, .. } = network;
    let nodes = network.nodes();
    let wanted: Vec<usize> =
        nodes.iter().flat_map(|node| node.first_row..node.first_row + node.rows).collect();
    let mut units = latents(plan, parameters, inputs, rows, &wanted).into_iter();
    let of_node = |node: &&crate::compiler::plan::Segment| NodeValues {
        layer: node.layer.clone(),
        node: node.name.clone(),
        units: units.by_ref().take(node.rows).collect(),
    };
    nodes.iter().map(of_node).collect()
}
