//! The population against Mendel, Haldane and the published figures.

use crate::data::COPIES;
use crate::language::spec::{SimulateEffects, SimulateOptions, SimulateVariant};

use super::equations::{Base, Entity, clamp_effects, mean_sd};
use super::random::{Purpose, Stream};
use super::{Simulated, shoot_branching};

pub(super) fn options() -> SimulateOptions {
    SimulateOptions {
        variant: SimulateVariant::Narrow,
        samples: 200,
        markers: 1000,
        seed: 7,
        effects: SimulateEffects::Equal,
        metabolite_noise: 0.05,
        trait_noise: 0.10,
        measured: 1.0,
    }
}

fn simulated(options: &SimulateOptions) -> Simulated {
    shoot_branching(options).expect("simulates")
}

fn copies(population: &Simulated, marker: usize) -> Vec<f64> {
    let calls = &population.genotypes.calls;
    (0..calls.samples()).filter_map(|s| COPIES[calls.code(marker, s) as usize].map(f64::from)).collect()
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let ((mean_x, sd_x), (mean_y, sd_y)) = (mean_sd(x), mean_sd(y));
    let products = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>();
    products / (x.len() as f64 * sd_x * sd_y)
}

#[test]
fn mendel() {
    let population = simulated(&SimulateOptions { samples: 4000, ..options() });
    let mut shares = [0.0_f64; 3];
    for marker in 0..1000 {
        for copies in copies(&population, marker) {
            shares[copies as usize] += 1.0 / 4e6;
        }
    }
    for (share, expected) in shares.into_iter().zip([0.25, 0.5, 0.25]) {
        assert!((share - expected).abs() < 0.01, "{shares:?}");
    }
    // A locus on each chromosome alone: χ² with 2 df is below 18.4 with probability 0.9999.
    for marker in [100, 350, 600, 850] {
        let copies = copies(&population, marker);
        let chi2: f64 = [(0.0, 1000.0), (1.0, 2000.0), (2.0, 1000.0)]
            .map(|(kind, expected)| {
                let seen = copies.iter().filter(|&&c| c == kind).count() as f64;
                (seen - expected) * (seen - expected) / expected
            })
            .iter()
            .sum();
        assert!(chi2 < 18.4, "marker {marker}: {chi2}");
    }
}

#[test]
fn haldane() {
    // In an F2 the correlation of dosages is 1 − 2r.
    for (markers, expected) in [(1000, 0.0045), (40, 0.5 * (1.0 - libm::pow(1.0 - 0.009, 25.0)))] {
        let population = simulated(&SimulateOptions { samples: 4000, markers, ..options() });
        let on_one = |marker: &usize| !(marker + 1).is_multiple_of(markers / 4);
        let pairs: Vec<usize> = (0..markers - 1).filter(on_one).collect();
        let sum: f64 = pairs
            .iter()
            .map(|&m| 0.5 * (1.0 - correlation(&copies(&population, m), &copies(&population, m + 1))))
            .sum();
        let found = sum / pairs.len() as f64;
        assert!((found / expected - 1.0).abs() < 0.03, "{markers} markers: {found} against {expected}");
    }
    let population = simulated(&SimulateOptions { samples: 4000, ..options() });
    let unlinked = correlation(&copies(&population, 249), &copies(&population, 250));
    assert!(unlinked.abs() < 0.06, "neighbours on two chromosomes: {unlinked}");
}

#[test]
fn base_values_are_sums_over_the_linked_loci() {
    let options =
        SimulateOptions { variant: SimulateVariant::Free, effects: SimulateEffects::Random, ..options() };
    let population = simulated(&options);
    let columns = [
        ("auxin_true", "auxin"),
        ("sucrose_true", "sucrose"),
        ("cytokinin_base", "cytokinin"),
        ("strigolactone_base", "strigolactone"),
    ];
    for (column, entity) in columns {
        let mut expected = vec![0.0; options.samples];
        for ((id, own), effect) in population.links.iter().zip(&population.effects) {
            let marker = population.genotypes.variants.iter().position(|v| v.id == *id).expect("is a marker");
            if own.name() == entity {
                expected.iter_mut().zip(copies(&population, marker)).for_each(|(sum, c)| *sum += c * effect);
            }
        }
        let found = &population.traits[column];
        assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12), "{column}");
    }
}

#[test]
fn narrow_rates_have_the_stated_spread() {
    let population = simulated(&options());
    for (column, mean) in [("cytokinin_base", 0.79), ("strigolactone_base", 0.34)] {
        let found = mean_sd(&population.traits[column]);
        assert!(
            (found.0 - mean).abs() < 1e-12 && (found.1 - 0.1 * mean).abs() < 1e-12,
            "{column}: {found:?}"
        );
    }
}

#[test]
fn noise_is_the_stated_share_of_each_sd() {
    let population = simulated(&SimulateOptions { samples: 4000, markers: 40, ..options() });
    let noisy = [
        ("outgrowth", 0.10),
        ("auxin", 0.05),
        ("sucrose", 0.05),
        ("cytokinin", 0.05),
        ("strigolactone", 0.05),
    ];
    for (column, share) in noisy {
        let (seen, truth) = (&population.traits[column], &population.traits[&format!("{column}_true")]);
        let error: Vec<f64> = seen.iter().zip(truth).map(|(seen, truth)| seen - truth).collect();
        let found = mean_sd(&error).1 / mean_sd(truth).1;
        assert!((found / share - 1.0).abs() < 0.05, "{column}: {found}");
        assert!(correlation(&error, truth).abs() < 0.06, "{column}");
    }
}

/// Mean over populations and its standard error, entities in the order of `Base`.
fn clamps(variant: SimulateVariant, populations: impl Iterator<Item = Vec<Base>>) -> [(f64, f64); 4] {
    let found: Vec<[f64; 4]> = populations.map(|base| clamp_effects(&base, variant, 2.0)).collect();
    std::array::from_fn(|entity| {
        let (mean, sd) = mean_sd(&found.iter().map(|effects| effects[entity]).collect::<Vec<_>>());
        (mean, sd / (found.len() as f64 - 1.0).sqrt())
    })
}

fn populations(variant: SimulateVariant) -> impl Iterator<Item = Vec<Base>> {
    (1..=40).map(move |seed| {
        let options = SimulateOptions { variant, seed, samples: 1000, markers: 40, ..options() };
        simulated(&options).base_values()
    })
}

/// Rows of the table made by `clamps.py`, an implementation in another language.
fn oracle(variant: &str, qtn: &str) -> Vec<(f64, f64)> {
    let table = include_str!("../../../tests/fixtures/shoot_branching/clamps.tsv");
    let rows = table.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[0] == variant && row[1] == qtn)
        .map(|row| (row[3].parse().expect("a mean"), row[4].parse().expect("an error")))
        .collect()
}

#[test]
fn clamps_agree_with_the_oracle_and_keep_the_published_order() {
    for (variant, name) in [(SimulateVariant::Narrow, "narrow"), (SimulateVariant::Free, "free")] {
        let found = clamps(variant, populations(variant));
        for (entity, ((mean, se), (expected, expected_se))) in
            found.iter().zip(oracle(name, "linked")).enumerate()
        {
            let tolerance = 4.0 * (se * se + expected_se * expected_se).sqrt();
            assert!((mean - expected).abs() < tolerance, "{name} {entity}: {mean} against {expected}");
        }
        let [auxin, sucrose, cytokinin, strigolactone] = found.map(|(mean, _)| mean);
        match variant {
            SimulateVariant::Narrow => {
                assert!(sucrose > auxin && auxin > cytokinin && cytokinin > strigolactone, "{found:?}");
            }
            SimulateVariant::Free => {
                assert!(cytokinin > sucrose && sucrose > auxin && auxin > strigolactone, "{found:?}");
            }
        }
    }
}

/// The printed figures hold for QTN that segregate independently: linkage in coupling raises
/// the SD of every base value, and with it what ± 2 SD do.
#[test]
fn clamps_of_unlinked_qtn_are_the_printed_figures() {
    let unlinked = |seed: u64| -> Vec<Base> {
        let mut stream = Stream::new(seed, Purpose::Meiosis);
        let mut allele = || f64::from(u8::from(stream.uniform() < 0.5));
        let mut value = |entity: Entity| (0..20).map(|_| allele()).sum::<f64>() * entity.effect_sum() / 10.0;
        (0..1000).map(|_| Entity::ALL.map(&mut value)).collect()
    };
    let narrowed = |seed: u64| {
        let mut base = unlinked(seed);
        super::narrow(&mut base, Entity::Cytokinin, 0.79);
        super::narrow(&mut base, Entity::Strigolactone, 0.34);
        base
    };
    let found = clamps(SimulateVariant::Narrow, (1..=40).map(narrowed));
    for ((mean, _), printed) in found.into_iter().zip([1.10, 1.43, 0.76, 0.12]) {
        assert!((mean - printed).abs() < 0.04, "narrow: {mean} against {printed}");
    }
    let found = clamps(SimulateVariant::Free, (1..=40).map(unlinked));
    for ((mean, _), printed) in found.into_iter().zip([1.18, 1.73, 2.08]) {
        assert!((mean - printed).abs() < 0.06, "free: {mean} against {printed}");
    }
}

#[test]
fn more_samples_extend_a_population() {
    let few = simulated(&options());
    let many = simulated(&SimulateOptions { samples: 333, ..options() });
    assert_eq!((&few.links, &few.effects), (&many.links, &many.effects));
    assert_eq!(few.genotypes.variants, many.genotypes.variants);
    for marker in [0, 499, 999] {
        assert_eq!(copies(&few, marker), copies(&many, marker)[..200]);
    }
    assert_eq!(few, simulated(&options()));
    assert_ne!(few.genotypes.calls, simulated(&SimulateOptions { seed: 8, ..options() }).genotypes.calls);
}

#[test]
fn options_out_of_range_are_refused() {
    let code = |options: SimulateOptions| shoot_branching(&options).expect_err("is out of range").code.name();
    assert_eq!(code(SimulateOptions { markers: 39, ..options() }), "E0105");
    assert_eq!(code(SimulateOptions { samples: 0, ..options() }), "E0105");
    assert_eq!(code(SimulateOptions { trait_noise: f64::NAN, ..options() }), "E0105");
    assert_eq!(code(SimulateOptions { metabolite_noise: -0.1, ..options() }), "E0105");
    assert_eq!(code(SimulateOptions { measured: 1.5, ..options() }), "E0105");
    assert_eq!(code(SimulateOptions { samples: usize::MAX, ..options() }), "E0506");
    assert_eq!(code(SimulateOptions { markers: usize::MAX, ..options() }), "E0506");
}

#[test]
fn a_share_of_individuals_is_measured() {
    let all = shoot_branching(&options()).expect("a population").traits;
    for (share, wanted) in [(0.0, 0), (0.1, options().samples / 10), (0.5, options().samples / 2)] {
        let some =
            shoot_branching(&SimulateOptions { measured: share, ..options() }).expect("a population").traits;
        assert_eq!(some["outgrowth"], all["outgrowth"]);
        assert_eq!(some["auxin_true"], all["auxin_true"]);
        for name in ["auxin", "sucrose", "cytokinin", "strigolactone"] {
            let seen: Vec<(f64, f64)> = some[name]
                .iter()
                .copied()
                .zip(all[name].iter().copied())
                .filter(|(one, _)| !one.is_nan())
                .collect();
            assert!(seen.iter().all(|(one, other)| one == other));
            assert_eq!(seen.len(), wanted, "{name} at {share}");
        }
    }
}
