//! What the columns of an unknown table seem to be, for a first spec.
//!
//! Nothing is read by a guess later on: it becomes text that the author sees and mends.

use super::delimited;
use super::input;
use super::text;
use crate::io::World;
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::ColumnKind;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::path::Path;

/// More levels than this are no category.
const MOST_LEVELS: usize = 50;
/// Texts that stand for a missing value without being declared.
const MISSING: [&str; 7] = ["", "NA", "NaN", "nan", "N/A", ".", "-"];

/// A table as it seems to be.
#[derive(Clone, Debug, PartialEq)]
pub struct GuessedTable {
    /// Whether commas separate the columns, rather than tabs.
    pub is_csv: bool,
    /// Rows without the header.
    pub rows: usize,
    /// The column whose values are the ids of most individuals.
    pub key: Option<String>,
    /// How many ids of individuals the key column has.
    pub matched: usize,
    /// The other columns.
    pub columns: Vec<GuessedColumn>,
}

/// A column as it seems to be.
#[derive(Clone, Debug, PartialEq)]
pub struct GuessedColumn {
    /// Its name.
    pub name: String,
    /// Its type; `None` where it is neither numbers nor a few words.
    pub kind: Option<ColumnKind>,
    /// Cells without a value.
    pub missing: usize,
    /// Distinct values.
    pub distinct: usize,
    /// Cells that hold −9 where other numbers are far from it.
    pub minus_nine: usize,
}

/// Reads a table and guesses; `individuals` are the ids of the genotypes.
///
/// # Errors
/// `E0301` unreadable, `E0302` malformed.
pub fn guess_table<'a>(
    world: &dyn World,
    path: &Path,
    individuals: impl IntoIterator<Item = &'a str>,
) -> Result<GuessedTable, Diagnostics> {
    let (bytes, file) = input::read(world, path)?;
    let text = text::decode(&file.name, &bytes)?;
    let first = text.lines().next().map(|(_, line)| line.to_owned()).unwrap_or_default();
    let is_csv = !first.contains('\t') && first.contains(',');
    let mut records = delimited::parse(&text, if is_csv { ',' } else { '\t' })?;
    if records.len() < 2 {
        return Err(super::error::empty_file(&file.name).into());
    }
    let header = records.remove(0).fields;
    let individuals: FxHashSet<&str> = individuals.into_iter().collect();
    let cells =
        |at: usize| records.iter().map(move |record| record.fields.get(at).map_or("", String::as_str));
    let matches =
        |at: usize| cells(at).filter(|cell| individuals.contains(cell)).collect::<FxHashSet<_>>().len();
    let mut best: Option<(usize, usize)> = None;
    for at in 0..header.len() {
        let matched = matches(at);
        if matched > best.map_or(0, |(_, most)| most) {
            best = Some((at, matched));
        }
    }
    let plain = |name: &str| name.strip_prefix('#').unwrap_or(name).to_owned();
    let other = (0..header.len()).filter(|at| best.is_none_or(|(key, _)| key != *at));
    let columns = other.filter(|at| plain(&header[*at]) != "FID");
    Ok(GuessedTable {
        is_csv,
        rows: records.len(),
        key: best.map(|(at, _)| plain(&header[at])),
        matched: best.map_or(0, |(_, matched)| matched),
        columns: columns.map(|at| column(&header[at], cells(at))).collect(),
    })
}

fn column<'a>(name: &str, cells: impl Iterator<Item = &'a str> + Clone) -> GuessedColumn {
    let given = || cells.clone().filter(|cell| !MISSING.contains(cell));
    let distinct: BTreeSet<&str> = given().collect();
    let numbers: Option<Vec<f64>> =
        given().map(|cell| cell.parse().ok().filter(|number: &f64| number.is_finite())).collect();
    let minus_nine = given().filter(|cell| *cell == "-9").count();
    let others_are_positive = numbers.as_ref().is_some_and(|n| n.iter().all(|x| *x >= 0.0 || *x == -9.0));
    GuessedColumn {
        name: name.to_owned(),
        kind: kind(numbers.as_deref(), &distinct, given().count()),
        missing: cells.clone().count() - given().count(),
        distinct: distinct.len(),
        minus_nine: if others_are_positive { minus_nine } else { 0 },
    }
}

fn kind(numbers: Option<&[f64]>, distinct: &BTreeSet<&str>, given: usize) -> Option<ColumnKind> {
    let is = |values: [&str; 2]| distinct.len() == 2 && values.iter().all(|value| distinct.contains(value));
    match numbers {
        _ if distinct.is_empty() => None,
        Some(_) if is(["0", "1"]) || is(["1", "2"]) => Some(ColumnKind::Binary),
        Some(_) => Some(ColumnKind::Continuous),
        None if distinct.len() <= MOST_LEVELS && 2 * distinct.len() <= given => Some(ColumnKind::Categorical),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::MemoryWorld;

    fn guess(table: &str) -> GuessedTable {
        let world = MemoryWorld::default().with("t", table);
        guess_table(&world, Path::new("t"), ["a", "b", "c", "d"]).expect("a table")
    }

    #[test]
    fn the_key_is_the_column_with_the_ids() {
        let found = guess("FID\tline\tname\ty\nF\t1\tb\t1.5\nF\t2\ta\tNA\nF\t3\tx\t2\n");
        assert_eq!((found.key.as_deref(), found.matched, found.rows), (Some("name"), 2, 3));
        assert_eq!(found.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["line", "y"]);
        assert_eq!((found.columns[1].missing, found.columns[1].distinct), (1, 2));
        assert_eq!(guess("id\ty\nq\t1\n").key, None);
    }

    #[test]
    fn kinds_follow_the_values() {
        let found = guess(
            "#IID,case,plink,group,height,note,none\na,0,1,N,1,one,\nb,1,2,S,-9,two,\nc,1,1,N,3,three,NA\nd,0,2,S,4,four,\n",
        );
        assert!(found.is_csv && found.key.as_deref() == Some("IID"));
        let kinds: Vec<Option<ColumnKind>> = found.columns.iter().map(|column| column.kind).collect();
        let (binary, words, number) = (ColumnKind::Binary, ColumnKind::Categorical, ColumnKind::Continuous);
        assert_eq!(kinds, [Some(binary), Some(binary), Some(words), Some(number), None, None]);
        assert_eq!(found.columns[3].minus_nine, 1);
    }
}
