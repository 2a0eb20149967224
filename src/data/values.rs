//! Columns of a table as values, row by row, with what is missing marked.

use indexmap::IndexMap;

/// The key of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableKey {
    /// Family, where the table has such a column.
    pub family: Option<String>,
    /// Individual.
    pub individual: String,
}

/// The level that stands for a missing value of a categorical covariate.
pub const MISSING_LEVEL: &str = "(missing)";

/// The values of one column, one a record.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnData {
    /// Numbers; NaN is missing. Binary columns are 0 and 1.
    Numeric(Vec<f64>),
    /// Levels, sorted, and for each record the index of its level.
    Categorical {
        /// Sorted level names.
        levels: Vec<String>,
        /// Index into `levels`; `None` is missing.
        codes: Vec<Option<u32>>,
    },
}

impl ColumnData {
    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Numeric(values) => values.len(),
            Self::Categorical { codes, .. } => codes.len(),
        }
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the value of a record is missing.
    #[must_use]
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Numeric(values) => values[row].is_nan(),
            Self::Categorical { codes, .. } => codes[row].is_none(),
        }
    }

    /// Number of records with a value.
    #[must_use]
    pub fn observed(&self) -> usize {
        (0..self.len()).filter(|row| !self.is_missing(*row)).count()
    }

    /// The values of other rows; `None` gives a missing value. Levels stay as they are.
    #[must_use]
    pub fn aligned(&self, records: &[Option<u32>]) -> Self {
        match self {
            Self::Numeric(values) => Self::Numeric(
                records.iter().map(|row| row.map_or(f64::NAN, |row| values[row as usize])).collect(),
            ),
            Self::Categorical { levels, codes } => Self::Categorical {
                levels: levels.clone(),
                codes: records.iter().map(|row| row.and_then(|row| codes[row as usize])).collect(),
            },
        }
    }
}

/// A table as read: only declared columns, in the order declared, then those of `column *`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableData {
    /// One key a record, each once.
    pub keys: Vec<TableKey>,
    /// Columns by their name in the file.
    pub columns: IndexMap<String, ColumnData>,
    /// The weight of each record, where the table has `weight = COLUMN`; never negative.
    pub weights: Option<Vec<f64>>,
}

/// Whether all observed values are the same, of which there is at least one.
#[must_use]
pub fn is_constant(column: &ColumnData) -> bool {
    fn constant<T: PartialEq>(mut observed: impl Iterator<Item = T>) -> bool {
        observed.next().is_some_and(|first| observed.all(|value| value == first))
    }
    match column {
        ColumnData::Numeric(values) => constant(values.iter().filter(|value| !value.is_nan())),
        ColumnData::Categorical { codes, .. } => constant(codes.iter().flatten()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_means_observed_and_equal() {
        let numeric = |values: &[f64]| is_constant(&ColumnData::Numeric(values.to_vec()));
        assert!(numeric(&[2.0, f64::NAN, 2.0]) && !numeric(&[2.0, 2.5]) && !numeric(&[f64::NAN]));
        let levels = vec!["a".to_string(), "b".to_string()];
        let codes =
            |codes: &[Option<u32>]| ColumnData::Categorical { levels: levels.clone(), codes: codes.to_vec() };
        assert!(is_constant(&codes(&[Some(1), None])) && !is_constant(&codes(&[Some(1), Some(0)])));
        assert_eq!(codes(&[Some(1), None]).aligned(&[None, Some(0)]), codes(&[None, Some(1)]));
    }
}
