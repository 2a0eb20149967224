//! What training rows say of links and nodes that are learnt.
//!
//! Nothing but the rows given is looked at: genotypes, measurements and traits of other rows change
//! nothing here.

use super::concrete::{Stead, candidates, incidence, named_by_hand, scanned_columns, selecting};
use super::elastic_net::{self, Refused, Rule, Settings};
use super::eqtl::{Found, Keep, Link as Told, Scan, within};
use super::error;
use super::intercept_and_components;
use crate::data::{Cohort, ColumnData, GenotypeSet};
use crate::engine::network::scoring::Watch;
use crate::knowledge::Knowledge;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Eqtl, LayerId, Link, Select, SelectionRule, Spec, Target, Via};
use crate::study::linear::dosage::MarkerSet;
use rustc_hash::FxHashSet;

/// Duality gap at which a solution of an elastic net is done, as a share of the trait's variance.
pub const GAP: f64 = 1e-8;

/// What is read.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The spec.
    pub spec: &'a Spec,
    /// Samples with what was measured on them.
    pub cohort: &'a Cohort,
    /// Genotype sets with calls.
    pub sets: &'a [GenotypeSet],
    /// Which variants pass the filters on the rows looked at.
    pub usable: &'a [Vec<bool>],
    /// What each prior of the spec says.
    pub priors: &'a [Knowledge],
}

/// Everything that was learnt on some rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learnt {
    /// One entry a layer with `select`.
    pub selections: Vec<Selection>,
    /// One entry a link `via eqtl`.
    pub scans: Vec<Scanned>,
    /// The rows looked at.
    pub rows: Vec<u32>,
}

/// Which nodes a layer keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The layer.
    pub layer: LayerId,
    /// Nodes with their coefficients, SDs of the target for an SD of the measurement.
    pub columns: Vec<(String, f64)>,
    /// Nodes that some edge is written for, and that stay whatever is selected.
    pub by_hand: Vec<String>,
    /// Columns that were looked at.
    pub candidates: usize,
    /// Rows that have the target.
    pub samples: usize,
    /// The penalty; NaN where no column tells anything.
    pub penalty: f64,
    /// Solutions that did not reach their gap.
    pub unfinished: usize,
}

/// Which variants tell the measurements of nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Scanned {
    /// The link.
    pub link: usize,
    /// Nodes with what was found of each.
    pub nodes: Vec<(String, Found)>,
}

/// Learns on some cohort rows, ascending.
///
/// # Errors
/// E0705 where a selection has too few rows, E0903 where rows span too few principal components, E0905
/// when cancelled.
pub fn learn(material: &Material<'_>, rows: &[u32], watch: &dyn Watch) -> Result<Learnt, Diagnostic> {
    let mut learnt = Learnt { rows: rows.to_vec(), ..Learnt::default() };
    for (layer, item) in selecting(material.spec) {
        learnt.selections.push(selection(material, (layer, item), rows, watch)?);
    }
    for (at, link) in material.spec.links.iter().enumerate() {
        if let Via::Eqtl(eqtl) = &link.via {
            learnt.scans.push(scanned(material, (at, link, eqtl), rows, &learnt, watch)?);
        }
    }
    Ok(learnt)
}

fn selection(
    material: &Material<'_>,
    (layer, item): (LayerId, &Select),
    rows: &[u32],
    watch: &dyn Watch,
) -> Result<Selection, Diagnostic> {
    let Material { spec, cohort, .. } = *material;
    let Select { table, target, .. } = item;
    let columns: Vec<(&str, &[f64])> = numbers(cohort, *table)
        .filter(|(name, _)| target.table != *table || *name != target.column)
        .collect();
    let values = match cohort.column(target.table, &target.column) {
        Some(ColumnData::Numeric(values)) => values.as_slice(),
        _ => &[],
    };
    let has = |row: &u32| values.get(*row as usize).is_some_and(|value| !value.is_nan());
    let measured = |row: &u32| columns.iter().any(|(_, values)| !values[*row as usize].is_nan());
    let rows: Vec<u32> = rows.iter().copied().filter(|row| has(row) && measured(row)).collect();
    if rows.len() < 2 * item.folds {
        return Err(
            error::too_few_rows(&target.column, rows.len(), item.folds).at(item.span, "selected by this")
        );
    }
    let rule = match item.rule {
        SelectionRule::Least => Rule::Least,
        SelectionRule::OneStandardError => Rule::OneStandardError,
    };
    let settings =
        Settings { ratio: item.l1_ratio, folds: item.folds, seed: item.seed, rule, tolerance: GAP };
    let of_columns: Vec<&[f64]> = columns.iter().map(|(_, values)| *values).collect();
    let mut selection = Selection {
        layer,
        columns: Vec::new(),
        by_hand: named_by_hand(spec, layer).into_iter().collect(),
        candidates: columns.len(),
        samples: rows.len(),
        penalty: f64::NAN,
        unfinished: 0,
    };
    match elastic_net::select(&of_columns, values, &rows, settings, watch) {
        Ok(found) => {
            let name = |(at, coefficient): &(usize, f64)| (columns[*at].0.to_string(), *coefficient);
            selection.columns = found.columns.iter().map(name).collect();
            (selection.penalty, selection.unfinished) = (found.penalty, found.unfinished);
            Ok(selection)
        }
        Err(Refused::Nothing) => Ok(selection),
        Err(Refused::Cancelled) => Err(error::interrupted()),
    }
}

fn scanned(
    material: &Material<'_>,
    (at, link, eqtl): (usize, &Link, &Eqtl),
    rows: &[u32],
    learnt: &Learnt,
    watch: &dyn Watch,
) -> Result<Scanned, Diagnostic> {
    let Material { spec, cohort, sets, usable, priors } = *material;
    let is_read = |set: usize| link.from.iter().any(|from| from.target == Target::Genotypes(set));
    let usable: Vec<Vec<bool>> = usable
        .iter()
        .enumerate()
        .map(|(set, usable)| if is_read(set) { usable.clone() } else { vec![false; usable.len()] })
        .collect();
    let of_sets = sets.iter().zip(&cohort.rows_of_set).zip(&usable);
    let markers: Vec<MarkerSet<'_>> =
        of_sets.map(|((set, rows), usable)| MarkerSet { calls: &set.calls, rows, usable }).collect();
    let columns: Vec<(&str, &[f64])> = numbers(cohort, eqtl.table).collect();
    let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_string()).collect();
    let names = scanned_columns(spec, eqtl.table, names.iter());
    let wanted = candidates(spec, link, &names, &learnt.kept());
    let columns: Vec<(&str, &[f64])> =
        columns.into_iter().filter(|(name, _)| wanted.contains(*name)).collect();
    let values: Vec<&[f64]> = columns.iter().map(|(_, values)| *values).collect();
    let covariates = intercept_and_components(&markers, rows, eqtl.components)
        .map_err(|why| why.at(eqtl.span, "scanned by this"))?;
    let keep = Keep { top: eqtl.top, p: eqtl.p, clump: eqtl.clump };
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let within = eqtl.window.map(|window| within(&window, &priors[window.prior], sets, &names));
    let scan = Scan { sets: &markers, covariates: &covariates, rows, keep, within: within.as_deref() };
    let found = scan.run(&values, watch);
    let found = found.ok_or_else(error::interrupted)?;
    let nodes = columns.iter().map(|(name, _)| (*name).to_string()).zip(found).collect();
    Ok(Scanned { link: at, nodes })
}

/// Columns of a table that hold numbers.
fn numbers(cohort: &Cohort, table: usize) -> impl Iterator<Item = (&str, &[f64])> {
    cohort.columns[table].iter().filter_map(|(name, data)| match data {
        ColumnData::Numeric(values) => Some((name.as_str(), values.as_slice())),
        ColumnData::Categorical { .. } => None,
    })
}

impl Learnt {
    /// What stands in the spec for what is learnt.
    #[must_use]
    pub fn stead(&self, sets: &[GenotypeSet]) -> Stead {
        let id = |told: &Told| sets[told.set].variants[told.variant].id.clone();
        let of_link = |scanned: &Scanned| {
            let told = scanned.nodes.iter().filter_map(|(name, found)| match found {
                Found::Links(links, _) if !links.is_empty() => {
                    Some((name.clone(), links.iter().map(id).collect()))
                }
                Found::Links(..) | Found::Nothing => None,
            });
            (scanned.link, incidence(told.collect()))
        };
        let pairs = self.scans.iter().map(of_link).collect();
        Stead { pairs, kept: self.kept(), ..Stead::default() }
    }

    fn kept(&self) -> std::collections::BTreeMap<LayerId, FxHashSet<String>> {
        self.selections.iter().map(|selection| (selection.layer, selection.names().collect())).collect()
    }
}

impl Selection {
    fn names(&self) -> impl Iterator<Item = String> {
        self.columns.iter().map(|(name, _)| name.clone()).chain(self.by_hand.iter().cloned())
    }
}

impl Scanned {
    /// Nodes with their links, by falling |t|, and the samples of each scan.
    pub fn links(&self) -> impl Iterator<Item = (&str, usize, &Told, usize)> {
        self.nodes.iter().flat_map(|(name, found)| match found {
            Found::Links(links, samples) => {
                (1..).zip(links).map(|(rank, link)| (name.as_str(), rank, link, *samples)).collect::<Vec<_>>()
            }
            Found::Nothing => Vec::new(),
        })
    }
}
