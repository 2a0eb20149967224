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

/// Weights of the records `[rows]` for a fit; `None` where all weigh the same.
pub(super) fn weights_of_fit(study: &Study<'_>, balance: Option<&Balance>) -> Option<Vec<f32>> {
    let records = study.spec.predicts.first().and_then(|predict| record_weights(study, predict));
    let weight = |row: usize| {
        let record = records.map_or(1.0, |weights| weights[row]);
        (record * balance.map_or(1.0, |balance| balance.weight(row))) as f32
    };
    (records.is_some() || balance.is_some()).then(|| (0..study.cohort.samples.len()).map(weight).collect())
}

/// How many training rows have each level of a column.
pub(super) struct Balance {
    column: ColumnRef,
    names: Vec<String>,
    codes: Vec<Option<u32>>,
    counts: Vec<usize>,
}

impl Balance {
    /// Of the column that the author balances; `None` without one, or where no training row has a level.
    pub(super) fn of(study: &Study<'_>, train: &[u32]) -> Option<Self> {
        let column = study.spec.train.balance.clone()?;
        let (names, codes) = levels(study.cohort, &column).ok()?;
        let mut counts = vec![0; names.len()];
        for level in train.iter().filter_map(|row| codes[*row as usize]) {
            counts[level as usize] += 1;
        }
        counts.iter().any(|count| *count > 0).then_some(Self { column, names, codes, counts })
    }

    /// n/(k·n_level); 1 for a row without a level, or with one that no training row has.
    fn weight(&self, row: usize) -> f64 {
        let Some(level) = self.codes[row] else { return 1.0 };
        let own = self.counts[level as usize] as f64;
        let known = self.counts.iter().filter(|count| **count > 0).count() as f64;
        if own > 0.0 { self.counts.iter().sum::<usize>() as f64 / (known * own) } else { 1.0 }
    }

    /// Moves the biases of balanced traits from the odds of balanced classes to those of the training rows.
    pub(super) fn restore_odds(&self, plan: &Plan, parameters: &mut Parameters<f32>) {
        let column = (self.column.table, &self.column.column);
        for head in &plan.heads {
            let first_bias = plan.block_of(head.first_row).first_bias;
            let traits = head.traits.iter().zip(&head.losses).zip(&mut parameters.biases[first_bias..]);
            for (((table, name), loss), bias) in traits {
                if (*table, name) == column && *loss == Loss::Bce {
                    *bias = (f64::from(*bias) + self.log_odds()) as f32;
                }
            }
        }
    }

    /// Logarithm of cases to controls.
    fn log_odds(&self) -> f64 {
        let of = |name: &str| self.names.iter().position(|own| own == name).map_or(0, |at| self.counts[at]);
        libm::log(of("1") as f64 / of("0") as f64)
    }
}
