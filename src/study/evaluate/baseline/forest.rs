//! A forest of regression trees on SNPs, which takes interactions between loci without being told of any.
//!
//! Breiman (2001): each tree grows on records drawn with replacement, until its leaves are pure, and each of its
//! nodes splits at the best of some variants drawn anew. Fixed effects are those of GBLUP, as for the elastic net. A
//! missing call counts as the mean of the training rows.

use super::copies::{columns, each_trait, without_fixed};
use super::{BaselineFit, Fits, Ground};
use crate::engine::network::scoring::Watch;
use crate::language::diagnostics::Diagnostic;
use crate::study::evaluate::error::interrupted;
use crate::study::linear::blup::{Prediction, Trait, observed_rows};
use crate::study::linear::error::unobserved_trait;
use randomforest::RandomForestRegressorOptions;
use randomforest::criterion::Mse;
use randomforest::table::TableBuilder;
use std::num::NonZeroUsize;

/// Trees of a forest.
const TREES: usize = 100;
/// Trees that grow before somebody may interrupt.
const AT_ONCE: usize = 10;
/// Most variants that a node looks at: a third of all is usual, and takes very long on a chip.
const MOST_TRIED: usize = 1_000;

/// Fits each trait.
///
/// # Errors
/// As interrupted.
pub(super) fn fit(ground: &Ground<'_>) -> Result<Fits, Diagnostic> {
    let mut columns = columns(ground);
    columns.iter_mut().for_each(|column| fill_in(column, ground.train));
    Ok(each_trait(ground, &columns, |columns, one, gblup| of_trait(ground, columns, one, gblup)))
}

/// Puts the mean of the training rows where a call is missing.
fn fill_in(column: &mut [f64], train: &[u32]) {
    let known = || train.iter().map(|row| column[*row as usize]).filter(|copies| !copies.is_nan());
    let mean = known().sum::<f64>() / known().count().max(1) as f64;
    column.iter_mut().filter(|copies| copies.is_nan()).for_each(|copies| *copies = mean);
}

fn of_trait(
    ground: &Ground<'_>,
    columns: &[&[f64]],
    one: &Trait<'_>,
    gblup: Option<&Prediction>,
) -> Result<BaselineFit, Diagnostic> {
    let rows = observed_rows(one.values, None, ground.train);
    if rows.is_empty() {
        return Err(unobserved_trait(one.name, ground.train.len()));
    }
    let (values, fixed) = without_fixed(one, gblup);
    let genetic = predict(columns, &values, &rows, ground.seed, ground.watch).ok_or_else(interrupted)?;
    let predicted = genetic.iter().zip(fixed).map(|(genetic, fixed)| genetic + fixed).collect();
    Ok(BaselineFit { predicted, genetic, figures: Vec::new() })
}

/// What a forest grown on `rows` says of every record: the mean of its trees.
///
/// `columns` `[variants][records]` and `values` `[records]` are finite where they are trained on. `None` where
/// `watch` says stop.
///
/// # Panics
/// When `rows` is empty, or one of their values is not finite.
#[must_use]
pub fn predict(
    columns: &[&[f64]],
    values: &[f64],
    rows: &[u32],
    seed: u64,
    watch: &dyn Watch,
) -> Option<Vec<f64>> {
    let record = |row: usize| columns.iter().map(|column| column[row]).collect::<Vec<f64>>();
    let mut builder = TableBuilder::new();
    for row in rows {
        let row = *row as usize;
        builder.add_row(&record(row), values[row]).expect("finite values, and as many columns in each row");
    }
    let table = builder.build().expect("records to grow on");
    let tried = NonZeroUsize::new((columns.len() / 3).clamp(1, MOST_TRIED))?;
    let mut parts = Vec::new();
    for part in 0..TREES / AT_ONCE {
        if watch.cancelled() {
            return None;
        }
        let mut options = RandomForestRegressorOptions::new();
        options.trees(NonZeroUsize::new(AT_ONCE)?).max_features(tried).parallel();
        parts.push(options.seed(seed.wrapping_add(part as u64)).fit(Mse, table.clone()));
    }
    let mean = |row: usize| {
        let record = record(row);
        parts.iter().map(|part| part.predict(&record)).sum::<f64>() / parts.len() as f64
    };
    Some((0..values.len()).map(mean).collect())
}
