//! What fills a plan's first rows: packed calls through a table a variant, or a column.
//!
//! Genotypes stay packed; a batch is decoded when it is read.

use crate::compiler::plan::Plan;
use crate::data::PackedGenotypes;
use crate::kernel::decode::decode;
use crate::kernel::math::Real;
use crate::kernel::packed::Table;
use crate::kernel::pages::Array;
use std::borrow::Cow;

use super::packed::Master;

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
    master: Cow<'a, Master>,
    /// Tables of the variants of all chains, `[stored variants]`.
    tables: Array<Table>,
}

impl<'a> InputData<'a> {
    /// Puts sets and rows together; `rows` has one entry for each of `plan.inputs`.
    ///
    /// # Panics
    /// When a row names a set or variant that is not there, or the number of rows is not the
    /// plan's: both come from the same plan.
    #[must_use]
    pub fn new(plan: &Plan, sets: Vec<GenotypeCalls<'a>>, rows: Vec<InputRow<'a>>) -> Self {
        let calls: Vec<&PackedGenotypes> = sets.iter().map(|set| set.calls).collect();
        let place = |row: &InputRow<'_>| match row {
            InputRow::Variant { set, variant, .. } => Some((*set, *variant as u32)),
            InputRow::Column(_) => None,
        };
        let places: Vec<_> = rows.iter().map(place).collect();
        let master = Master::at(plan, &places, &calls);
        Self::with(plan, sets, rows, Cow::Owned(master))
    }

    /// As [`Self::new`], with calls that were turned before, for the same plan and the same sets in
    /// their own places.
    ///
    /// # Panics
    /// As [`Self::new`].
    #[must_use]
    pub fn on(
        plan: &Plan,
        sets: Vec<GenotypeCalls<'a>>,
        rows: Vec<InputRow<'a>>,
        master: &'a Master,
    ) -> Self {
        Self::with(plan, sets, rows, Cow::Borrowed(master))
    }

    fn with(
        plan: &Plan,
        sets: Vec<GenotypeCalls<'a>>,
        rows: Vec<InputRow<'a>>,
        master: Cow<'a, Master>,
    ) -> Self {
        assert_eq!(rows.len(), plan.inputs.len(), "one row of data an input of the plan");
        for row in &rows {
            if let InputRow::Variant { set, variant, .. } = row {
                assert!(*variant < sets[*set].calls.variants(), "the variant is one of its set");
            }
        }
        let heads = master.layout.chains.iter().map(|chain| &plan.blocks[chain.blocks.start]);
        let sources = heads.flat_map(|block| plan.sources_of(block));
        let tables = sources.map(|row| match &rows[*row as usize] {
            InputRow::Variant { table, .. } => *table,
            InputRow::Column(_) => unreachable!("a chain reads variants alone"),
        });
        let mut held = Array::zeros(master.layout.stored);
        held.iter_mut().zip(tables).for_each(|(held, table)| *held = table);
        Self { tables: held, sets, rows, master }
    }

    /// Calls span by span.
    pub(in crate::engine) fn master(&self) -> &Master {
        &self.master
    }

    /// Tables of all chains' variants.
    pub(in crate::engine) fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The sample of each row in each set, `[sets][cohort_rows]`.
    pub(in crate::engine) fn samples(&self, cohort_rows: &[u32]) -> Vec<Vec<u32>> {
        let of = |set: &GenotypeCalls<'_>| cohort_rows.iter().map(|row| set.samples[*row as usize]).collect();
        self.sets.iter().map(of).collect()
    }

    /// Fills the rows of `out` `[inputs × cohort_rows]` that no chain reads.
    pub(in crate::engine) fn fill_loose(&self, cohort_rows: &[u32], out: &mut [f32]) {
        if self.master.layout.loose.is_empty() {
            return;
        }
        let samples = self.samples(cohort_rows);
        for row in &self.master.layout.loose {
            let out = &mut out[*row as usize * cohort_rows.len()..][..cohort_rows.len()];
            self.fill_row(*row as usize, cohort_rows, &samples, out);
        }
    }

    /// Fills `out` `[inputs × cohort_rows]`, `cohort_rows` being the batch.
    pub fn fill<T: Real>(&self, cohort_rows: &[u32], out: &mut [T]) {
        let batch = cohort_rows.len();
        if batch == 0 {
            return;
        }
        let samples = self.samples(cohort_rows);
        for (row, out) in out.chunks_exact_mut(batch).enumerate() {
            self.fill_row(row, cohort_rows, &samples, out);
        }
    }

    fn fill_row<T: Real>(&self, row: usize, cohort_rows: &[u32], samples: &[Vec<u32>], out: &mut [T]) {
        match &self.rows[row] {
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
