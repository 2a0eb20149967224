//! How much each record weighs in the losses of a fit.
//!
//! The author may weigh records by a column, and may balance the levels of a column: each record then
//! weighs n/(k·n_level), so that all k levels weigh the same together. Balanced cases and controls teach
//! a network the odds of a population with as many of either; its bias is moved back afterwards, so that
//! what it predicts stays the probability among records like those it was trained on (King & Zeng 2001,
//! "prior correction").

use super::Study;
use super::prepare::record_weights;
use crate::compiler::plan::Plan;
use crate::data::levels;
use crate::engine::network::Parameters;
use crate::language::spec::{ColumnRef, Loss};

/// Weights of the records `[rows]` for a fit to `train`; `None` where all weigh the same.
pub(super) fn weights_of_fit(study: &Study<'_>, train: &[u32]) -> Option<Vec<f32>> {
    let records = study.spec.predicts.first().and_then(|predict| record_weights(study, predict));
    let levels = study.spec.train.balance.as_ref().and_then(|column| Balance::of(study, column, train));
    let rows = study.cohort.samples.len();
    let weight = |row: usize| {
        let record = records.map_or(1.0, |weights| weights[row]);
        (record * levels.as_ref().map_or(1.0, |levels| levels.weight(row))) as f32
    };
    (records.is_some() || levels.is_some()).then(|| (0..rows).map(weight).collect())
}

/// Moves the biases of balanced traits from the odds of balanced classes to those of `train`.
pub(super) fn restore_odds(study: &Study<'_>, plan: &Plan, train: &[u32], parameters: &mut Parameters<f32>) {
    let Some(column) = &study.spec.train.balance else { return };
    let Some(levels) = Balance::of(study, column, train) else { return };
    for head in &plan.heads {
        for (at, ((table, name), loss)) in head.traits.iter().zip(&head.losses).enumerate() {
            if (*table, name) != (column.table, &column.column) || *loss != Loss::Bce {
                continue;
            }
            let row = head.first_row + at;
            let block = plan.blocks.iter().find(|block| block.first_output == head.first_row);
            let block = block.expect("each head has a read-out");
            let bias = &mut parameters.biases[block.first_bias + row - block.first_output];
            *bias = (f64::from(*bias) + levels.log_odds()) as f32;
        }
    }
}

/// How many training rows have each level of a column.
struct Balance {
    names: Vec<String>,
    codes: Vec<Option<u32>>,
    counts: Vec<usize>,
}

impl Balance {
    /// `None` where no training row has a level.
    fn of(study: &Study<'_>, column: &ColumnRef, train: &[u32]) -> Option<Self> {
        let (names, codes) = levels(study.cohort, column).ok()?;
        let mut counts = vec![0; names.len()];
        for level in train.iter().filter_map(|row| codes[*row as usize]) {
            counts[level as usize] += 1;
        }
        counts.iter().any(|count| *count > 0).then_some(Self { names, codes, counts })
    }

    /// n/(k·n_level); 1 for a row without a level, or with one that no training row has.
    fn weight(&self, row: usize) -> f64 {
        let Some(level) = self.codes[row] else { return 1.0 };
        let own = self.counts[level as usize] as f64;
        let known = self.counts.iter().filter(|count| **count > 0).count() as f64;
        if own > 0.0 { self.counts.iter().sum::<usize>() as f64 / (known * own) } else { 1.0 }
    }

    /// Logarithm of cases to controls.
    fn log_odds(&self) -> f64 {
        let of = |name: &str| self.names.iter().position(|own| own == name).map_or(0, |at| self.counts[at]);
        libm::log(of("1") as f64 / of("0") as f64)
    }
}
