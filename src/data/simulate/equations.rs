//! The shoot-branching equations: base values of four entities → metabolites → integrator →
//! time to bud outgrowth.
//!
//! Bertheloot et al. 2020 (hormones and sucrose in bud outgrowth), with additive genetic base
//! values as in Powell et al. 2022. Concentrations are in the model's arbitrary units.

use crate::language::spec::SimulateVariant;

/// Entities whose base values are genetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Entity {
    Auxin,
    Sucrose,
    Cytokinin,
    Strigolactone,
}

impl Entity {
    /// All four, in the order of [`Base`].
    pub const ALL: [Self; 4] = [Self::Auxin, Self::Sucrose, Self::Cytokinin, Self::Strigolactone];

    /// Its name, as columns and nodes have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auxin => "auxin",
            Self::Sucrose => "sucrose",
            Self::Cytokinin => "cytokinin",
            Self::Strigolactone => "strigolactone",
        }
    }

    /// Sum of the effects of its ten QTN, per allele copy.
    #[must_use]
    pub fn effect_sum(self) -> f64 {
        match self {
            Self::Auxin | Self::Sucrose => 1.25,
            Self::Cytokinin => 0.55,
            Self::Strigolactone => 0.5,
        }
    }
}

/// Base values in the order of [`Entity::ALL`]: auxin A, sucrose S, and the base rates C of
/// cytokinin and L of strigolactone.
pub type Base = [f64; 4];

/// Mean of the base rate C of cytokinin in the `narrow` variant, and its published constant.
pub const CYTOKININ_RATE: f64 = 0.79;
/// Mean of the base rate L of strigolactone in the `narrow` variant, and its published constant.
pub const STRIGOLACTONE_RATE: f64 = 0.34;

/// What the base values lead to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metabolites {
    /// A
    pub auxin: f64,
    /// S
    pub sucrose: f64,
    /// CK = \[C/(1 + 0.96 A) + 0.25 S²/(0.19 + S²)\] / 0.99
    pub cytokinin: f64,
    /// SL = \[L + 24.89 A²/(294.58 + A²)\] / 0.86
    pub strigolactone: f64,
    /// I = \[0.33 + 5.64 SL²/(1 + (4.8e-13 + 7.10 S²) SL²) + 287.53/(1 + 1000 CK²)\] / 0.99
    pub integrator: f64,
}

/// Steady state of the metabolites and the integrator.
#[must_use]
pub fn metabolites([auxin, sucrose, rate_ck, rate_sl]: Base) -> Metabolites {
    let (a2, s2) = (auxin * auxin, sucrose * sucrose);
    let cytokinin = (rate_ck / (1.0 + 0.96 * auxin) + 0.25 * s2 / (0.19 + s2)) / 0.99;
    let strigolactone = (rate_sl + 24.89 * a2 / (294.58 + a2)) / 0.86;
    let sl2 = strigolactone * strigolactone;
    let inhibition = 5.64 * sl2 / (1.0 + (4.8e-13 + 7.10 * s2) * sl2);
    let integrator = (0.33 + inhibition + 287.53 / (1.0 + 1000.0 * cytokinin * cytokinin)) / 0.99;
    Metabolites { auxin, sucrose, cytokinin, strigolactone, integrator }
}

/// Time to bud outgrowth in days, T = −2.2 + 3.5 I.
///
/// The `free` variant has the published threshold mode: 8.3 when I ≥ 3, where buds stay
/// dormant, and 0.1 when T falls below 0.
#[must_use]
pub fn outgrowth(integrator: f64, variant: SimulateVariant) -> f64 {
    let days = -2.2 + 3.5 * integrator;
    match variant {
        SimulateVariant::Free if integrator >= 3.0 => 8.3,
        SimulateVariant::Free if days < 0.0 => 0.1,
        _ => days,
    }
}

/// Importance of each base value for outgrowth by clamping: the value is set to mean ± `width`
/// SD for all samples, everything that follows from it is recomputed, and the two absolute
/// changes of mean outgrowth are averaged.
#[must_use]
pub fn clamp_effects(samples: &[Base], variant: SimulateVariant, width: f64) -> [f64; 4] {
    let mean_outgrowth = |clamped: Option<(usize, f64)>| {
        let days = samples.iter().map(|base| {
            let mut base = *base;
            if let Some((entity, value)) = clamped {
                base[entity] = value;
            }
            outgrowth(metabolites(base).integrator, variant)
        });
        days.sum::<f64>() / samples.len() as f64
    };
    let unclamped = mean_outgrowth(None);
    std::array::from_fn(|entity| {
        let values: Vec<f64> = samples.iter().map(|base| base[entity]).collect();
        let (mean, sd) = mean_sd(&values);
        let change = |value| (mean_outgrowth(Some((entity, value))) - unclamped).abs();
        0.5 * (change(mean + width * sd) + change(mean - width * sd))
    })
}

/// Mean and population SD.
#[must_use]
pub fn mean_sd(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance =
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64;
    (mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Corners and faces of what the genotypes allow: A, S up to 2.5, C to 1.1, L to 1.
    fn grid() -> impl Iterator<Item = Metabolites> {
        const STEPS: u32 = 20;
        let most = Entity::ALL.map(|entity| 2.0 * entity.effect_sum());
        (0..(STEPS + 1).pow(4)).map(move |cell| {
            let step = |entity: usize| cell / (STEPS + 1).pow(entity as u32) % (STEPS + 1);
            metabolites(std::array::from_fn(|entity| {
                most[entity] * f64::from(step(entity)) / f64::from(STEPS)
            }))
        })
    }

    fn largest(value: impl Fn(&Metabolites) -> f64) -> f64 {
        grid().map(|m| value(&m)).fold(f64::NEG_INFINITY, f64::max)
    }

    #[test]
    fn ranges_are_the_published_ones() {
        for (value, published) in [
            (largest(|m| m.auxin), 2.5),
            (largest(|m| m.sucrose), 2.5),
            (largest(|m| m.cytokinin), 1.356),
            (largest(|m| m.strigolactone), 1.764),
            (-largest(|m| -m.integrator), 0.491),
            (-largest(|m| -outgrowth(m.integrator, SimulateVariant::Narrow)), -0.481),
        ] {
            assert!((value - published).abs() < 6e-4, "{value} against {published}");
        }
    }

    #[test]
    fn fixed_base_rates_agree_with_python() {
        // A = 1, S = 1: CK = (0.79/1.96 + 0.25/1.19)/0.99, SL = (0.34 + 24.89/295.58)/0.86.
        let found = metabolites([1.0, 1.0, CYTOKININ_RATE, STRIGOLACTONE_RATE]);
        assert!((found.cytokinin - 0.619_338_644_5).abs() < 1e-9, "{}", found.cytokinin);
        assert!((found.strigolactone - 0.493_264_327_0).abs() < 1e-9, "{}", found.strigolactone);
        assert!((found.integrator - 1.596_736_190_4).abs() < 1e-9, "{}", found.integrator);
    }

    #[test]
    fn thresholds_are_those_of_the_free_variant_alone() {
        assert_eq!(outgrowth(3.0, SimulateVariant::Free), 8.3);
        assert_eq!(outgrowth(291.0, SimulateVariant::Free), 8.3);
        assert_eq!(outgrowth(0.5, SimulateVariant::Free), 0.1);
        assert_eq!(outgrowth(0.5, SimulateVariant::Narrow), -2.2 + 3.5 * 0.5);
        assert!((outgrowth(4.0, SimulateVariant::Narrow) - 11.8).abs() < 1e-12);
    }
}
