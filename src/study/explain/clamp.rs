//! How far predictions move when a node is clamped away from its mean.
//!
//! Algorithm 1 of Kontolati et al. (2025): with μ and σ the mean and SD of a latent over samples, the latent
//! is set to μ + aσ for all samples, then to μ − aσ, and all that is downstream computed anew. The score is
//! ½(|ŷ⁺ − ŷ| + |ŷ⁻ − ŷ|), each ŷ a mean over samples. A node of several
//! units moves along its first principal direction.

use super::{Explained, Network};
use crate::compiler::plan::Segment;
use crate::engine::network::{Held, held_means, latents};
use crate::language::diagnostics::Diagnostic;
use crate::study::linear::spectrum::Spectrum;
use ndarray::Array2;

/// Clamps each node in turn, `deviations` SDs to either side. Scores are in units of the trait, or
/// probabilities; the signed figure is ½(ŷ⁺ − ŷ⁻). A node that does not differ scores 0.
///
/// # Errors
/// E0902 where values of a node are not finite.
pub fn clamp(network: Network<'_>, deviations: f64) -> Result<Vec<Explained>, Diagnostic> {
    let Network { plan, parameters, inputs, rows, .. } = network;
    let nodes = network.nodes();
    let directions = directions(network, &nodes)?;
    let moved = nodes
        .iter()
        .zip(&directions)
        .flat_map(|(node, direction)| [deviations, -deviations].map(|by| direction.held(node, by)));
    let settings: Vec<Held> = moved.collect();
    let means = held_means(plan, parameters, inputs, rows, &settings, &network.in_units());
    let pairs = means.held.chunks_exact(2);
    let clamped = nodes.iter().zip(&directions).zip(pairs).map(|((node, direction), pair)| {
        let [up, down] = [0, 1].map(|side| move |at: usize| pair[side][at]);
        let free = &means.free;
        let score = |at: usize| ((up(at) - free[at]).abs() + (down(at) - free[at]).abs()) / 2.0;
        let sense = network.measured_sense(node);
        let signed = |at: usize| sense * (up(at) - down(at)) / 2.0;
        let moves = direction.spread > 0.0;
        let of_traits = |value: &dyn Fn(usize) -> f64| {
            (0..free.len()).map(|at| if moves { value(at) } else { 0.0 }).collect::<Vec<f64>>()
        };
        Explained {
            layer: node.layer.clone(),
            node: node.name.clone(),
            spread: direction.spread,
            scores: of_traits(&score),
            signed: (0..free.len()).map(signed).collect(),
        }
    });
    Ok(clamped.collect())
}

/// How each node varies over the samples.
pub(super) fn directions(network: Network<'_>, nodes: &[&Segment]) -> Result<Vec<Direction>, Diagnostic> {
    let Network { plan, parameters, inputs, rows, .. } = network;
    let wanted: Vec<usize> =
        nodes.iter().flat_map(|node| node.first_row..node.first_row + node.rows).collect();
    let values = latents(plan, parameters, inputs, rows, &wanted);
    let mut units = values.as_slice();
    let mut directions = Vec::with_capacity(nodes.len());
    for node in nodes {
        let (own, others) = units.split_at(node.rows);
        directions.push(Direction::of(own)?);
        units = others;
    }
    Ok(directions)
}

/// The line along which a node moves.
pub(super) struct Direction {
    mean: Vec<f64>,
    /// Of length 1; its largest component is above 0.
    along: Vec<f64>,
    pub(super) spread: f64,
}

impl Direction {
    /// Of the values `[units][samples]`.
    fn of(units: &[Vec<f32>]) -> Result<Self, Diagnostic> {
        let count = units.first().map_or(0, Vec::len) as f64;
        let mean: Vec<f64> = units
            .iter()
            .map(|unit| unit.iter().map(|value| f64::from(*value)).sum::<f64>() / count)
            .collect();
        let covariance = Array2::from_shape_fn((units.len(), units.len()), |(i, j)| {
            let pairs = units[i].iter().zip(&units[j]);
            pairs.map(|(a, b)| (f64::from(*a) - mean[i]) * (f64::from(*b) - mean[j])).sum::<f64>() / count
        });
        if units.len() == 1 {
            return Ok(Self { mean, along: vec![1.0], spread: covariance[[0, 0]].sqrt() });
        }
        let all: Vec<u32> = (0..units.len() as u32).collect();
        let spectrum = Spectrum::new(&covariance, &all, None)?;
        let last = units.len() - 1;
        let first = spectrum.vector(last);
        let largest =
            first.iter().fold(0.0f64, |most, value| if value.abs() > most.abs() { *value } else { most });
        let along = first.iter().map(|value| value * largest.signum()).collect();
        Ok(Self { mean, along, spread: spectrum.values()[last].sqrt() })
    }

    /// The node, so many SDs from its mean.
    pub(super) fn held(&self, node: &Segment, deviations: f64) -> Held {
        let value = |(mean, along): (&f64, &f64)| (mean + deviations * self.spread * along) as f32;
        Held {
            rows: node.first_row..node.first_row + node.rows,
            values: self.mean.iter().zip(&self.along).map(value).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_of_several_units_move_along_their_first_direction() {
        // Points on a line of slope −2 through (1, 5): the direction is (−1, 2)/√5.
        let x = [0.0f32, 1.0, 2.0, 1.0];
        let units = vec![x.to_vec(), x.iter().map(|x| 7.0 - 2.0 * x).collect()];
        let direction = Direction::of(&units).expect("finite");
        let root = 5.0f64.sqrt();
        assert!(
            (direction.along[0] + 1.0 / root).abs() < 1e-12
                && (direction.along[1] - 2.0 / root).abs() < 1e-12
        );
        // Variance of x is 1/2, along the line five times that.
        assert!((direction.spread - 2.5f64.sqrt()).abs() < 1e-12);
        assert!((direction.mean[0] - 1.0).abs() < 1e-12 && (direction.mean[1] - 5.0).abs() < 1e-12);
    }
}
