//! How far single predictions move when a node no longer differs between individuals.
//!
//! The node is held at its mean over the samples, and all that is downstream computed anew: the score is
//! the mean of |ŷ° − ŷ| over samples. What clamping asks of the mean prediction, this asks of each.

use super::clamp::directions;
use super::{Explained, Network};
use crate::engine::network::{Held, held_means};
use crate::language::diagnostics::Diagnostic;

/// Holds each node in turn at its mean. Scores are in units of the trait, or probabilities; there is no
/// signed figure.
///
/// # Errors
/// E0902 where values of a node are not finite.
pub fn knock_out(network: Network<'_>) -> Result<Vec<Explained>, Diagnostic> {
    let Network { plan, parameters, inputs, rows, .. } = network;
    let nodes = network.nodes();
    let directions = directions(network, &nodes)?;
    let settings: Vec<Held> =
        nodes.iter().zip(&directions).map(|(node, direction)| direction.held(node, 0.0)).collect();
    let means = held_means(plan, parameters, inputs, rows, &settings, &network.in_units());
    let each = nodes.iter().zip(&directions).zip(means.moved);
    let explained = each.map(|((node, direction), scores)| Explained {
        layer: node.layer.clone(),
        node: node.name.clone(),
        spread: direction.spread,
        signed: vec![f64::NAN; scores.len()],
        scores: if direction.spread > 0.0 { scores } else { vec![0.0; scores.len()] },
    });
    Ok(explained.collect())
}
