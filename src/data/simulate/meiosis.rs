//! F2 genotypes of two inbred lines on four chromosomes.
//!
//! Recombination follows Haldane's map function. A chromosome is 250 intervals long, each of
//! recombination 0.0045 (113 cM), however many markers it carries: `m` markers stand at the
//! ends of `m` equal parts, so the ten QTN keep their places on the map.

use crate::data::{PackedGenotypes, Variant};
use crate::language::spec::SimulateOptions;

use super::effects::QTN;
use super::random::{Purpose, Stream};

/// Chromosomes, named `1` to `4`.
pub const CHROMOSOMES: usize = 4;
/// Recombination between neighbours when a chromosome carries 250 markers.
pub const RECOMBINATION: f64 = 0.0045;
/// Scale of positions: bases per centimorgan.
pub const BASES_PER_CM: f64 = 1e6;

const INTERVALS: f64 = 250.0;
const QTN_PER_CHROMOSOME: usize = QTN / CHROMOSOMES;

/// Markers on a chromosome; the first ones take one more when four does not divide `markers`.
pub(super) fn markers_on(chromosome: usize, markers: usize) -> usize {
    markers / CHROMOSOMES + usize::from(chromosome < markers % CHROMOSOMES)
}

/// Length of a chromosome in Morgan.
pub(super) fn chromosome_length() -> f64 {
    -0.5 * INTERVALS * libm::log1p(-2.0 * RECOMBINATION)
}

/// Recombination between loci this many Morgan apart (Haldane 1919).
pub(super) fn haldane(distance: f64) -> f64 {
    -0.5 * libm::expm1(-2.0 * distance)
}

/// Indices of the QTN among all markers, in map order: on a chromosome of `m` markers, the last
/// marker of each tenth, which is every 25th of 250.
pub(super) fn qtn_markers(markers: usize) -> Vec<usize> {
    let mut found = Vec::with_capacity(QTN);
    let mut first = 0;
    for chromosome in 0..CHROMOSOMES {
        let count = markers_on(chromosome, markers);
        found.extend((1..=QTN_PER_CHROMOSOME).map(|k| first + k * count / QTN_PER_CHROMOSOME - 1));
        first += count;
    }
    found
}

/// Chromosome and place in Morgan of each marker.
pub(super) fn map(markers: usize) -> Vec<(usize, f64)> {
    let place = |count: usize, i: usize| chromosome_length() * (i + 1) as f64 / count as f64;
    (0..CHROMOSOMES)
        .flat_map(|chromosome| {
            let count = markers_on(chromosome, markers);
            (0..count).map(move |i| (chromosome, place(count, i)))
        })
        .collect()
}

/// Rows of the .bim file. Allele 1 is that of the high parent.
pub(super) fn variants(options: &SimulateOptions) -> Vec<Variant> {
    const LETTERS: [&str; 4] = ["A", "C", "G", "T"];
    let mut stream = Stream::new(options.seed, Purpose::Alleles);
    let mut number = [0_usize; CHROMOSOMES];
    map(options.markers)
        .into_iter()
        .map(|(chromosome, morgan)| {
            let mut letters = LETTERS;
            stream.shuffle(&mut letters);
            number[chromosome] += 1;
            Variant {
                chromosome: (chromosome + 1).to_string(),
                id: format!("m{}_{}", chromosome + 1, number[chromosome]),
                position: Some((morgan * 100.0 * BASES_PER_CM).round() as u64),
                allele1: letters[0].to_owned(),
                allele2: letters[1].to_owned(),
            }
        })
        .collect()
}

/// Calls of all samples, each from two gametes of an F1. Samples are drawn one after another:
/// a larger set of the same seed begins with the smaller one.
pub(super) fn calls(options: &SimulateOptions) -> PackedGenotypes {
    let (samples, markers) = (options.samples, options.markers);
    let width = samples.div_ceil(4);
    let mut bytes = vec![0_u8; markers * width];
    let mut stream = Stream::new(options.seed, Purpose::Meiosis);
    let switches = recombination_before(markers);
    let mut copies = vec![0_u8; markers];
    for sample in 0..samples {
        copies.fill(0);
        for _gamete in 0..2 {
            add_gamete(&switches, &mut copies, &mut stream);
        }
        for (marker, &copies) in copies.iter().enumerate() {
            bytes[marker * width + sample / 4] |= code(copies) << (2 * (sample % 4));
        }
    }
    PackedGenotypes::new(samples, markers, bytes)
}

// Probability that the parental origin changes before each marker; ½ at a chromosome's first.
fn recombination_before(markers: usize) -> Vec<f64> {
    let map = map(markers);
    let between = |pair: &[(usize, f64)]| match pair {
        [(left, from), (right, to)] if left == right => haldane(to - from),
        _ => 0.5,
    };
    std::iter::once(0.5).chain(map.windows(2).map(between)).collect()
}

fn add_gamete(switches: &[f64], copies: &mut [u8], stream: &mut Stream) {
    let mut is_high = false;
    for (copies, &probability) in copies.iter_mut().zip(switches) {
        is_high ^= stream.uniform() < probability;
        *copies += u8::from(is_high);
    }
}

fn code(copies: u8) -> u8 {
    match copies {
        2 => 0b00,
        1 => 0b10,
        _ => 0b11,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_is_the_published_one() {
        let map = map(1000);
        assert_eq!(map.len(), 1000);
        assert!((haldane(map[1].1 - map[0].1) - RECOMBINATION).abs() < 1e-12);
        let qtn = qtn_markers(1000);
        assert_eq!((qtn.len(), qtn[0], qtn[1], qtn[10], qtn[39]), (40, 24, 49, 274, 999));
    }

    #[test]
    fn qtn_keep_their_places_whatever_the_number_of_markers() {
        let places = |markers| -> Vec<(usize, f64)> {
            let map = map(markers);
            qtn_markers(markers).into_iter().map(|marker| map[marker]).collect()
        };
        let expected = places(1000);
        for markers in [40, 400, 4000] {
            for (found, expected) in places(markers).iter().zip(&expected) {
                assert!(found.0 == expected.0 && (found.1 - expected.1).abs() < 1e-12);
            }
        }
        for markers in [41, 43, 57, 1001] {
            let qtn = qtn_markers(markers);
            assert!(qtn.windows(2).all(|pair| pair[0] < pair[1]) && qtn[39] == markers - 1, "{markers}");
        }
    }
}
