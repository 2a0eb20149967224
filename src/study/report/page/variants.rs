//! Scores of variants along the genome, thinned to what can be told apart.

use super::Run;
use super::content::rounded;
use crate::study::report::Explained;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Stretches of the genome of which the highest is kept, and the highest of all that are kept besides.
const STRETCHES: u64 = 4_000;
const HIGHEST: usize = 2_000;

/// Where a variant stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Place of its chromosome among those of the model.
    pub chromosome: usize,
    /// The chromosome's name.
    pub name: String,
    /// Its position, from 1.
    pub position: u64,
}

/// The variants of one trait and method.
#[derive(Debug, Serialize)]
pub(super) struct Variants<'a> {
    #[serde(rename = "trait")]
    trait_name: &'a str,
    method: &'a str,
    chromosomes: Vec<Chromosome<'a>>,
    ids: Vec<&'a str>,
    chromosome: Vec<usize>,
    positions: Vec<u64>,
    scores: Vec<f64>,
    of: usize,
    /// Variants whose place the final model does not know, and which are not among them.
    unplaced: usize,
}

#[derive(Debug, Serialize)]
struct Chromosome<'a> {
    name: &'a str,
    /// Bases before it.
    offset: u64,
    length: u64,
}

struct Placed<'a> {
    id: &'a str,
    place: &'a Place,
    score: f64,
}

/// Variants that have a position, one chart a trait and method.
pub(super) fn variants<'a>(rows: &'a [Explained], run: &'a Run) -> Vec<Variants<'a>> {
    let mut by: BTreeMap<(&str, &str), (Vec<Placed<'_>>, usize)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for row in rows.iter().filter(|row| run.sets.contains(&row.layer) && seen.insert(row.key())) {
        let (placed, unplaced) = by.entry((&row.trait_name, &row.method)).or_default();
        match (run.places.get(&(row.layer.clone(), row.node.clone())), row.score) {
            (Some(place), Some(score)) => placed.push(Placed { id: &row.node, place, score }),
            _ => *unplaced += 1,
        }
    }
    let some = by.into_iter().filter(|(_, (placed, _))| !placed.is_empty());
    some.map(|((trait_name, method), (placed, unplaced))| Variants {
        unplaced,
        ..along(trait_name, method, placed)
    })
    .collect()
}

fn along<'a>(trait_name: &'a str, method: &'a str, mut placed: Vec<Placed<'a>>) -> Variants<'a> {
    placed.sort_by_key(|one| (one.place.chromosome, one.place.position));
    let of = placed.len();
    let mut chromosomes: Vec<Chromosome<'_>> = Vec::new();
    let mut number = Vec::with_capacity(of);
    let mut last = None;
    for Placed { place, .. } in &placed {
        if last != Some(place.chromosome) {
            last = Some(place.chromosome);
            let offset = chromosomes.last().map_or(0, |before| before.offset + before.length);
            chromosomes.push(Chromosome { name: &place.name, offset, length: 1 });
        }
        let own = chromosomes.last_mut().expect("just made");
        own.length = own.length.max(place.position);
        number.push(chromosomes.len() - 1);
    }
    let genome = chromosomes.last().map_or(1, |last| last.offset + last.length);
    let stretch =
        |at: usize| (chromosomes[number[at]].offset + placed[at].place.position) * STRETCHES / genome.max(1);
    let mut kept = vec![false; of];
    let mut highest: BTreeMap<u64, usize> = BTreeMap::new();
    for at in 0..of {
        let best = highest.entry(stretch(at)).or_insert(at);
        if placed[at].score > placed[*best].score {
            *best = at;
        }
    }
    highest.values().for_each(|at| kept[*at] = true);
    let mut order: Vec<usize> = (0..of).collect();
    order.sort_by(|one, other| placed[*other].score.total_cmp(&placed[*one].score));
    order.iter().take(HIGHEST).for_each(|at| kept[*at] = true);
    let shown: Vec<usize> = (0..of).filter(|at| kept[*at]).collect();
    Variants {
        trait_name,
        method,
        ids: shown.iter().map(|at| placed[*at].id).collect(),
        chromosome: shown.iter().map(|at| number[*at]).collect(),
        positions: shown.iter().map(|at| placed[*at].place.position).collect(),
        scores: shown.iter().map(|at| rounded(placed[*at].score)).collect(),
        chromosomes,
        of,
        unplaced: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_variants_become_some_thousand_and_the_highest_stay() {
        let row = |at: usize| Explained {
            layer: "snps".into(),
            node: format!("s{at}"),
            trait_name: "y".into(),
            method: "deeplift".into(),
            deviations: "NA".into(),
            score: Some(((at * 7919) % 100_003) as f64),
            se: None,
            signed: None,
            rank: 1,
            p: None,
            q: None,
            n_models: 1,
            n_all: 1,
        };
        let place = |at: usize| Place {
            chromosome: at / 10_000,
            name: format!("{}", at / 10_000 + 1),
            position: 1 + (at % 10_000) as u64,
        };
        let rows: Vec<Explained> = (0..30_000).map(row).collect();
        let places = (0..30_000).map(|at| (("snps".to_string(), format!("s{at}")), place(at))).collect();
        let run = Run { places, sets: ["snps".to_string()].into(), ..Run::default() };
        let found = variants(&rows, &run);
        assert_eq!(found.len(), 1);
        let one = &found[0];
        assert_eq!((one.of, one.chromosomes.len(), one.chromosomes[2].offset), (30_000, 3, 20_000));
        assert!((4_000..=6_001).contains(&one.ids.len()), "{}", one.ids.len());
        let best = rows.iter().max_by(|a, b| a.score.partial_cmp(&b.score).expect("numbers"));
        assert!(one.ids.contains(&best.expect("a row").node.as_str()));
    }
}
