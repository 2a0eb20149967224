//! Columns as levels, for splits by a column.

use super::cohort::Cohort;
use super::error::rows as error;
use super::values::ColumnData;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::ColumnRef;

/// Level names and, for each row, the index of its level; `None` has none.
pub type Levels = (Vec<String>, Vec<Option<u32>>);

/// The levels of a cohort's column; numbers are levels by their value.
///
/// # Errors
/// `E0303` when the cohort has no such column.
pub fn levels(cohort: &Cohort, wanted: &ColumnRef) -> Result<Levels, Diagnostic> {
    let column = cohort.column(wanted.table, &wanted.column);
    Ok(match column.ok_or_else(|| error::column_not_joined(wanted))? {
        ColumnData::Categorical { levels, codes } => (levels.clone(), codes.clone()),
        ColumnData::Numeric(values) => numeric(values),
    })
}

/// Order of a level in the data: by the first of `rows` that has it.
pub(super) fn by_first_appearance(codes: &[Option<u32>], rows: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = Vec::new();
    for level in rows.iter().filter_map(|row| codes[*row as usize]) {
        if !order.contains(&level) {
            order.push(level);
        }
    }
    order
}

/// Order of names by a number at their end where all have one (`f2` before `f10`), else by text.
pub(super) fn by_name(levels: &[String]) -> Vec<u32> {
    let digits = |name: &str| name.len() - name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let numbered = |name: &String| -> Option<(String, u64)> {
        let (stem, number) = name.split_at(name.len() - digits(name));
        Some((stem.to_string(), number.parse().ok()?))
    };
    let mut order: Vec<u32> = (0..levels.len() as u32).collect();
    match levels.iter().map(numbered).collect::<Option<Vec<_>>>() {
        Some(keys) => order.sort_by_key(|level| keys[*level as usize].clone()),
        None => order.sort_by_key(|level| &levels[*level as usize]),
    }
    order
}

fn numeric(values: &[f64]) -> Levels {
    let mut distinct: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let code = |value: &f64| distinct.iter().position(|level| level == value).map(|level| level as u32);
    (distinct.iter().map(f64::to_string).collect(), values.iter().map(code).collect())
}
