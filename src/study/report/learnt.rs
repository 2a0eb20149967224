//! What was learnt on training rows, as tables.

use super::tables::cell;
use crate::data::SampleId;
use crate::language::spec::{Spec, Via};
use crate::study::derive::eqtl::Link;
use crate::study::derive::learnt::Learnt;
use crate::study::evaluate::{FittedFold, Study};
use serde::Serialize;
use std::fmt::Write;

/// What one network's links were learnt from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearntFigures {
    /// `r1-f2`, or `final`.
    pub of: String,
    /// The inner fold that it did not see, from 1; 0 where it saw all rows.
    pub inner: usize,
    /// Samples looked at.
    pub samples: usize,
    /// BLAKE3 of their ids, in the order of rows.
    pub samples_digest: String,
    /// Digest of the graph that came of it.
    pub graph_digest: String,
    /// For each selecting layer: nodes kept, columns looked at, the penalty, and solutions that did not
    /// reach their gap.
    pub selections: Vec<SelectionFigures>,
    /// Links from variants to nodes.
    pub links: usize,
}

/// What a selection came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelectionFigures {
    /// The layer.
    pub layer: String,
    /// Nodes kept.
    pub selected: usize,
    /// Columns looked at.
    pub candidates: usize,
    /// The penalty; absent where no column tells anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalty: Option<f64>,
    /// Solutions that did not reach their gap.
    pub unfinished: usize,
}

/// One entry a network whose links were learnt.
#[must_use]
pub fn learnt_figures(study: &Study<'_>, fitted: &[FittedFold]) -> Vec<LearntFigures> {
    let mut figures = Vec::new();
    for fold in fitted {
        for network in &fold.networks {
            let Some(learnt) = &network.learnt else { continue };
            let selections = learnt.selections.iter().map(|selection| SelectionFigures {
                layer: study.spec.layers[selection.layer].name.value.clone(),
                selected: selection.columns.len(),
                candidates: selection.candidates,
                penalty: Some(selection.penalty).filter(|penalty| penalty.is_finite()),
                unfinished: selection.unfinished,
            });
            figures.push(LearntFigures {
                of: fold.place(),
                inner: network.inner,
                samples: learnt.rows.len(),
                samples_digest: samples_digest(&study.cohort.samples, &learnt.rows),
                graph_digest: network.plan.graph_digest.clone(),
                selections: selections.collect(),
                links: learnt.scans.iter().map(|scanned| scanned.links().count()).sum(),
            });
        }
    }
    figures
}

fn samples_digest(samples: &[SampleId], rows: &[u32]) -> String {
    let mut hasher = blake3::Hasher::new();
    for SampleId { family, individual } in rows.iter().map(|row| &samples[*row as usize]) {
        hasher.update(family.as_bytes()).update(b"\t").update(individual.as_bytes()).update(b"\n");
    }
    hasher.finalize().to_hex().to_string()
}

/// `inner link node variant rank t negative_log10_p slope samples` of one fold; `None` where no link was
/// learnt.
#[must_use]
pub fn links_tsv(study: &Study<'_>, fold: &FittedFold) -> Option<String> {
    let mut text = String::from("inner\tlink\tnode\tvariant\trank\tt\tnegative_log10_p\tslope\tsamples\n");
    let mut any = false;
    for (inner, learnt) in learnt_of(fold) {
        any |= !learnt.scans.is_empty();
        for scanned in &learnt.scans {
            let via = cell(&via(study.spec, scanned.link));
            for (node, rank, link, samples) in scanned.links() {
                let Link { set, variant, t, negative_log10_p, slope } = *link;
                let (node, id) = (cell(node), cell(&study.known.variants[set][variant].id));
                // Digits that do not depend on the machine.
                let _ = writeln!(
                    text,
                    "{inner}\t{via}\t{node}\t{id}\t{rank}\t{t:.5}\t{negative_log10_p:.4}\t{slope:.5e}\t{samples}"
                );
            }
        }
    }
    any.then_some(text)
}

/// `inner layer node coefficient samples` of one fold, coefficient `NA` for nodes that an edge is written
/// for; `None` where nothing was selected from.
#[must_use]
pub fn selected_tsv(study: &Study<'_>, fold: &FittedFold) -> Option<String> {
    let mut text = String::from("inner\tlayer\tnode\tcoefficient\tsamples\n");
    let mut any = false;
    for (inner, learnt) in learnt_of(fold) {
        for selection in &learnt.selections {
            any = true;
            let layer = cell(&study.spec.layers[selection.layer].name.value);
            let samples = selection.samples;
            for (node, coefficient) in &selection.columns {
                let _ = writeln!(text, "{inner}\t{layer}\t{}\t{coefficient:.5e}\t{samples}", cell(node));
            }
            let selected = |node: &&String| selection.columns.iter().any(|(name, _)| name == *node);
            for node in selection.by_hand.iter().filter(|node| !selected(node)) {
                let _ = writeln!(text, "{inner}\t{layer}\t{}\tNA\t{samples}", cell(node));
            }
        }
    }
    any.then_some(text)
}

/// What each network of a fold has learnt, with the inner fold that it did not see.
fn learnt_of(fold: &FittedFold) -> impl Iterator<Item = (usize, &Learnt)> {
    fold.networks.iter().filter_map(|network| Some((network.inner, network.learnt.as_deref()?)))
}

fn via(spec: &Spec, link: usize) -> String {
    match &spec.links[link].via {
        Via::Eqtl(eqtl) => format!("eqtl({})", spec.tables[eqtl.table].name.value),
        _ => String::new(),
    }
}
