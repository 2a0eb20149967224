//! Columns with mean 0 and SD 1 on some rows; missing values stand at the mean.

use crate::study::linear::design::scale;

/// Columns over some rows, standardised on them.
#[derive(Clone, Debug)]
pub(super) struct Standardised {
    rows: usize,
    /// `[columns × rows]`
    values: Vec<f64>,
    /// Mean and SD of each column; SD 0 where the rows do not differ.
    scales: Vec<(f64, f64)>,
}

impl Standardised {
    /// Standardises columns `[columns][cohort rows]` on some rows.
    pub(super) fn of(columns: &[&[f64]], rows: &[u32]) -> Self {
        let mut values = Vec::with_capacity(columns.len() * rows.len());
        let mut scales = Vec::with_capacity(columns.len());
        for column in columns {
            // A column without a value is one that does not differ.
            let (mean, sd) = scale(column, rows).unwrap_or_default();
            let standard = |row: &u32| standard(column[*row as usize], (mean, sd));
            values.extend(rows.iter().map(standard));
            // Missing values at the mean lessen the spread, and the solver counts on 1.
            let own = &mut values[scales.len() * rows.len()..];
            let square = own.iter().map(|value| value * value).sum::<f64>() / rows.len().max(1) as f64;
            let root = square.sqrt();
            if root > 0.0 {
                own.iter_mut().for_each(|value| *value /= root);
            }
            scales.push((mean, sd * root));
        }
        Self { rows: rows.len(), values, scales }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn count(&self) -> usize {
        self.scales.len()
    }

    pub(super) fn column(&self, at: usize) -> &[f64] {
        &self.values[at * self.rows..(at + 1) * self.rows]
    }

    pub(super) fn varies(&self, at: usize) -> bool {
        self.scales[at].1 > 0.0
    }

    /// Mean and SD of a column.
    pub(super) fn scale(&self, at: usize) -> (f64, f64) {
        self.scales[at]
    }

    /// A value on the scale of its column; 0 where it is missing.
    pub(super) fn on_scale(&self, at: usize, value: f64) -> f64 {
        standard(value, self.scales[at])
    }
}

pub(super) fn standard(value: f64, (mean, sd): (f64, f64)) -> f64 {
    if value.is_nan() || sd == 0.0 { 0.0 } else { (value - mean) / sd }
}
