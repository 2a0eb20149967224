//! What fills a plan's first rows: packed calls through a table a variant, or a column.
//!
//! Genotypes stay packed; a batch is decoded when it is read.

use crate::compiler::plan::Plan;
use crate::data::PackedGenotypes;
use crate::kernel::decode::decode;
use crate::kernel::math::Real;

/// The calls of one genotype set.
#[derive(Clone, Copy, Debug)]
pub struct GenotypeCalls<'a> {
    /// `[variants × samples]`
    pub calls: &'a PackedGenotypes,
    /// The set's sample of each cohort row.
    pub samples: &'a [u32],
}

/// One input row.
#[derive(Clone, Copy, Debug)]
pub enum InputRow<'a> {
    /// Calls of a variant.
    Variant {
        /// Its genotype set.
        set: usize,
        /// Its place there.
        variant: usize,
        /// The number of each two-bit code, missing included.
        table: [f32; 4],
    },
    /// A number for each cohort row.
    Column(&'a [f32]),
}

/// All input rows of a plan, in its order.
#[derive(Clone, Debug)]
pub struct InputData<'a> {
    sets: Vec<GenotypeCalls<'a>>,
    rows: Vec<InputRow<'a>>,
}

impl<'a> InputData<'a> {
    /// Puts sets and rows together; `rows` has one entry for each of `plan.inputs`.
    ///
    /// # Panics
    /// When a row names a set or variant that is not there, or the number of rows is not the
    /// plan's: both come from the same plan.
    #[must_use]
    pub fn new(plan: &Plan, sets: Vec<GenotypeCalls<'a>>, rows: Vec<InputRow<'a>>) -> Self {
        assert_eq!(rows.len(), plan.inputs.len(), "one row of data an input of the plan");
        for row in &rows {
            if let InputRow::Variant { set, variant, .. } = row {
                assert!(*variant < sets[*set].calls.variants(), "the variant is one of its set");
            }
        }
        Self { sets, rows }
    }

    /// Fills `out` `[inputs × cohort_rows]`, `cohort_rows` being the batch.
    pub fn fill<T: Real>(&self, cohort_rows: &[u32], out: &mut [T]) {
        let batch = cohort_rows.len();
        if batch == 0 {
            return;
        }
        let samples: Vec<Vec<u32>> = self
            .sets
            .iter()
            .map(|set| cohort_rows.iter().map(|row| set.samples[*row as usize]).collect())
            .collect();
        for (row, out) in self.rows.iter().zip(out.chunks_exact_mut(batch)) {
            match row {
                InputRow::Variant { set, variant, table } => {
                    decode(self.sets[*set].calls.row(*variant), table, &samples[*set], out);
                }
                InputRow::Column(values) => {
                    for (out, row) in out.iter_mut().zip(cohort_rows) {
                        *out = T::of(f64::from(values[*row as usize]));
                    }
                }
            }
        }
    }

    /// Which rows carry nothing: a variant whose table is all zero (it failed a filter), or a
    /// column that is zero on all of `cohort_rows`. Their weights start at 0 and stay there.
    #[must_use]
    pub fn silent(&self, cohort_rows: &[u32]) -> Vec<bool> {
        let is_silent = |row: &InputRow<'_>| match row {
            InputRow::Variant { table, .. } => table.iter().all(|entry| *entry == 0.0),
            InputRow::Column(values) => cohort_rows.iter().all(|row| values[*row as usize] == 0.0),
        };
        self.rows.iter().map(is_silent).collect()
    }
}
