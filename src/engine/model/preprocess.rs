//! Scales, frequencies and filters, estimated on training rows alone (invariant 8).

use crate::compiler::plan::{Input, Plan};
use crate::data::{Cohort, ColumnData, CountedSamples, GenotypeSet, MISSING_LEVEL, lookup, summary};
use crate::engine::network::packed::Master;
use crate::engine::network::{GenotypeCalls, InputData, InputRow};
use crate::language::spec::{Genotypes, Loss, Spec};
use serde::{Deserialize, Serialize};

/// Mean and standard deviation (divisor n) of training rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Mean.
    pub mean: f64,
    /// SD; 1 where it would be 0, so that a constant becomes 0 and not NaN.
    pub sd: f64,
}

/// How one input row is made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputScale {
    /// The number of each two-bit code.
    Variant([f32; 4]),
    /// (x − mean)/SD; missing becomes 0.
    Numeric(Scale),
    /// 1 where the level is the input's own, else 0; missing is a level of its own.
    Level,
}

/// Everything estimated on the training rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preprocessing {
    /// One entry an input of the plan.
    pub inputs: Vec<InputScale>,
    /// `[heads][traits]`
    pub traits: Vec<Vec<Scale>>,
    /// `[supervise items][latents]`
    pub supervised: Vec<Vec<Scale>>,
}

/// Which variants of each set pass the set's thresholds on these rows, among those offered.
#[must_use]
pub fn usable(
    spec: &Spec,
    cohort: &Cohort,
    sets: &[GenotypeSet],
    offered: &[Vec<bool>],
    train: &[u32],
) -> Vec<Vec<bool>> {
    let per_set = spec.genotypes.iter().zip(sets).zip(offered).zip(&cohort.rows_of_set);
    per_set
        .map(|(((item, set), offered), rows)| {
            let samples = samples_of(set, rows, train);
            let passes = |at: usize| offered[at] && passes(item, set, at, &samples);
            (0..set.variants.len()).map(passes).collect()
        })
        .collect()
}

/// Estimates every scale of a plan; variants that are not usable get an all-zero table.
#[must_use]
pub fn estimate(
    spec: &Spec,
    plan: &Plan,
    cohort: &Cohort,
    sets: &[GenotypeSet],
    usable: &[Vec<bool>],
    train: &[u32],
) -> Preprocessing {
    let of_sets = sets.iter().zip(&cohort.rows_of_set);
    let samples: Vec<CountedSamples> = of_sets.map(|(set, rows)| samples_of(set, rows, train)).collect();
    let input = |input: &Input| match input {
        Input::Variant { set, index } if usable[*set][*index] => {
            let item = &spec.genotypes[*set];
            let counts = samples[*set].codes(&sets[*set].calls, *index);
            InputScale::Variant(lookup(counts, item.encoding, item.missing, item.scale))
        }
        Input::Variant { .. } => InputScale::Variant([0.0; 4]),
        Input::Column { level: Some(_), .. } => InputScale::Level,
        Input::Column { table, column, level: None } => {
            InputScale::Numeric(scale(numbers(cohort, *table, column), train))
        }
    };
    let loss_scale = |table: usize, column: &str, loss: Loss| match loss {
        Loss::Mse | Loss::Mae | Loss::Huber(_) => scale(numbers(cohort, table, column), train),
        Loss::Bce | Loss::Poisson => Scale { mean: 0.0, sd: 1.0 },
    };
    let heads = plan.heads.iter();
    let traits = heads.map(|head| {
        head.traits
            .iter()
            .zip(&head.losses)
            .map(|((table, column), loss)| loss_scale(*table, column, *loss))
            .collect()
    });
    let items = plan.supervisions.iter();
    let supervised = items.map(|item| {
        item.latents.iter().map(|latent| loss_scale(latent.table, &latent.column, latent.loss)).collect()
    });
    Preprocessing {
        inputs: plan.inputs.iter().map(input).collect(),
        traits: traits.collect(),
        supervised: supervised.collect(),
    }
}

/// Columns of covariates on the scale of training, which [`Preprocessing::inputs`] borrows.
pub struct Columns(Vec<Vec<f32>>);

impl Preprocessing {
    /// The covariates of all cohort rows, `[covariate inputs][rows]`.
    #[must_use]
    pub fn columns(&self, plan: &Plan, cohort: &Cohort) -> Columns {
        let inputs = plan.inputs.iter().zip(&self.inputs);
        let columns = inputs.filter_map(|(input, scale)| match (input, scale) {
            (Input::Column { table, column, .. }, InputScale::Numeric(scale)) => {
                let standardise =
                    |x: &f64| if x.is_nan() { 0.0 } else { ((x - scale.mean) / scale.sd) as f32 };
                Some(numbers(cohort, *table, column).iter().map(standardise).collect())
            }
            (Input::Column { table, column, level: Some(level) }, _) => {
                Some(indicator(cohort, *table, column, level))
            }
            _ => None,
        });
        Columns(columns.collect())
    }

    /// What fills the plan's input rows.
    #[must_use]
    pub fn input_data<'a>(
        &self,
        plan: &Plan,
        cohort: &'a Cohort,
        sets: &'a [GenotypeSet],
        columns: &'a Columns,
    ) -> InputData<'a> {
        let (calls, rows) = self.calls_and_rows(plan, cohort, sets, columns);
        InputData::new(plan, calls, rows)
    }

    /// As [`Self::input_data`], with calls that were turned before for the same plan and sets.
    #[must_use]
    pub fn input_data_on<'a>(
        &self,
        plan: &Plan,
        cohort: &'a Cohort,
        sets: &'a [GenotypeSet],
        columns: &'a Columns,
        master: &'a Master,
    ) -> InputData<'a> {
        let (calls, rows) = self.calls_and_rows(plan, cohort, sets, columns);
        InputData::on(plan, calls, rows, master)
    }

    fn calls_and_rows<'a>(
        &self,
        plan: &Plan,
        cohort: &'a Cohort,
        sets: &'a [GenotypeSet],
        columns: &'a Columns,
    ) -> (Vec<GenotypeCalls<'a>>, Vec<InputRow<'a>>) {
        let calls = sets.iter().zip(&cohort.rows_of_set);
        let calls = calls.map(|(set, samples)| GenotypeCalls { calls: &set.calls, samples }).collect();
        let mut covariates = columns.0.iter();
        let rows = plan.inputs.iter().zip(&self.inputs).filter_map(|(input, scale)| match (input, scale) {
            (Input::Variant { set, index }, InputScale::Variant(table)) => {
                Some(InputRow::Variant { set: *set, variant: *index, table: *table })
            }
            _ => covariates.next().map(|values| InputRow::Column(values)),
        });
        (calls, rows.collect())
    }
}

impl Scale {
    /// Mean and SD of the rows that are observed.
    #[must_use]
    pub fn of(values: &[f64], rows: &[u32]) -> Self {
        scale(values, rows)
    }

    /// (x − mean)/SD; NaN stays NaN.
    #[must_use]
    pub fn apply(self, values: &[f64]) -> Vec<f32> {
        values.iter().map(|value| ((value - self.mean) / self.sd) as f32).collect()
    }
}

fn passes(item: &Genotypes, set: &GenotypeSet, variant: usize, samples: &CountedSamples) -> bool {
    let summary = summary(samples.codes(&set.calls, variant), item.encoding);
    summary.maf >= item.thresholds.maf && summary.missing_share <= item.thresholds.missing
}

fn samples_of(set: &GenotypeSet, rows: &[u32], wanted: &[u32]) -> CountedSamples {
    CountedSamples::new(set.calls.samples(), wanted.iter().map(|row| rows[*row as usize]))
}

/// Numbers of a column; an absent or categorical one gives none, which resolving excludes.
pub(in crate::engine) fn numbers<'a>(cohort: &'a Cohort, table: usize, column: &str) -> &'a [f64] {
    match cohort.column(table, column) {
        Some(ColumnData::Numeric(values)) => values,
        _ => &[],
    }
}

fn indicator(cohort: &Cohort, table: usize, column: &str, level: &str) -> Vec<f32> {
    let Some(ColumnData::Categorical { levels, codes }) = cohort.column(table, column) else {
        return Vec::new();
    };
    let wanted = if level == MISSING_LEVEL { None } else { levels.iter().position(|known| known == level) };
    codes.iter().map(|code| f32::from(u8::from(code.map(|code| code as usize) == wanted))).collect()
}

fn scale(values: &[f64], rows: &[u32]) -> Scale {
    let observed: Vec<f64> =
        rows.iter().filter_map(|row| values.get(*row as usize).copied()).filter(|v| !v.is_nan()).collect();
    let n = observed.len().max(1) as f64;
    let mean = observed.iter().sum::<f64>() / n;
    let variance = observed.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
    let negligible = 1e-12 * mean.abs();
    let sd = variance.sqrt();
    Scale { mean, sd: if sd > negligible { sd } else { 1.0 } }
}
