//! Which QTN acts on which entity, and how strongly.

use crate::language::spec::{SimulateEffects, SimulateOptions};

use super::equations::Entity;
use super::random::{Purpose, Stream};

/// QTN of one entity.
pub(super) const QTN_PER_ENTITY: usize = 10;
/// QTN in all.
pub const QTN: usize = 4 * QTN_PER_ENTITY;

const SMALLEST: f64 = 0.001;
const NORMAL_SD: f64 = 0.01;

/// Entity and effect per allele copy of each QTN, in map order.
///
/// Entities are drawn without replacement, ten QTN each; effects of one entity sum to
/// [`Entity::effect_sum`].
pub(super) fn draw(options: &SimulateOptions) -> Vec<(Entity, f64)> {
    let mut order: Vec<usize> = (0..QTN).collect();
    Stream::new(options.seed, Purpose::Assignment).shuffle(&mut order);
    let mut stream = Stream::new(options.seed, Purpose::Effects);
    let mut drawn = vec![(Entity::Auxin, 0.0); QTN];
    for (entity, loci) in Entity::ALL.into_iter().zip(order.chunks(QTN_PER_ENTITY)) {
        let effects = entity_effects(entity.effect_sum(), options.effects, &mut stream);
        for (&locus, effect) in loci.iter().zip(effects) {
            drawn[locus] = (entity, effect);
        }
    }
    drawn
}

fn entity_effects(sum: f64, kind: SimulateEffects, stream: &mut Stream) -> Vec<f64> {
    let mean = sum / QTN_PER_ENTITY as f64;
    match kind {
        SimulateEffects::Equal => vec![mean; QTN_PER_ENTITY],
        SimulateEffects::Normal => {
            let drawn: Vec<f64> = (0..QTN_PER_ENTITY).map(|_| positive_normal(mean, stream)).collect();
            let total: f64 = drawn.iter().sum();
            drawn.into_iter().map(|effect| effect * sum / total).collect()
        }
        SimulateEffects::Random => loop {
            let drawn = simplex_point(sum, stream);
            if drawn.iter().all(|&effect| effect <= sum / 2.0) {
                return drawn;
            }
        },
    }
}

fn positive_normal(mean: f64, stream: &mut Stream) -> f64 {
    loop {
        let effect = mean + NORMAL_SD * stream.normal();
        if effect >= SMALLEST {
            return effect;
        }
    }
}

// Uniform among all vectors with this sum and no part below SMALLEST.
fn simplex_point(sum: f64, stream: &mut Stream) -> Vec<f64> {
    let parts: Vec<f64> = (0..QTN_PER_ENTITY).map(|_| stream.exponential()).collect();
    let total: f64 = parts.iter().sum();
    let free = sum - SMALLEST * QTN_PER_ENTITY as f64;
    parts.into_iter().map(|part| SMALLEST + free * part / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::simulate::tests::options;

    #[test]
    fn effects_keep_their_sums_and_bounds() {
        for kind in [SimulateEffects::Equal, SimulateEffects::Normal, SimulateEffects::Random] {
            for seed in 0..50 {
                let drawn = draw(&SimulateOptions { effects: kind, seed, ..options() });
                for entity in Entity::ALL {
                    let own: Vec<f64> = drawn.iter().filter(|(e, _)| *e == entity).map(|(_, x)| *x).collect();
                    let sum = entity.effect_sum();
                    assert_eq!(own.len(), QTN_PER_ENTITY);
                    assert!((own.iter().sum::<f64>() - sum).abs() < 1e-12);
                    assert!(own.iter().all(|&x| (0.0009..=sum / 2.0).contains(&x)), "{kind:?} {own:?}");
                }
            }
        }
    }

    #[test]
    fn normal_effects_spread_by_a_hundredth() {
        let drawn = (0..400).flat_map(|seed| {
            let own = draw(&SimulateOptions { effects: SimulateEffects::Normal, seed, ..options() });
            own.into_iter().filter(|(entity, _)| *entity == Entity::Auxin).map(|(_, effect)| effect)
        });
        let drawn: Vec<f64> = drawn.collect();
        let (mean, sd) = super::super::equations::mean_sd(&drawn);
        // Rescaling to the sum takes one of ten degrees of freedom.
        let expected = NORMAL_SD * 0.9_f64.sqrt();
        assert!((mean - 0.125).abs() < 1e-12 && (sd / expected - 1.0).abs() < 0.05, "{mean} {sd}");
    }
}
