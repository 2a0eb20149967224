//! The networks of a run folder and the samples on which each is looked at.

use crate::cli::error::run_unreadable;
use crate::cli::genotyped::unreadable;
use crate::cli::run_folder::{CHECKPOINTS, finished};
use crate::data::SampleId;
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The name of a model that no fold has.
const FINAL: &str = "final";

/// A model file, and who is looked at with it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) model: PathBuf,
    /// `r1-f2`, or `final`.
    pub(super) name: String,
    /// The samples that its fold tests; `None` for all that are genotyped.
    pub(super) tested: Option<BTreeSet<SampleId>>,
}

/// Of a run folder the model of each fold, or the final one where there is no fold; of a model file itself.
///
/// # Errors
/// E0301 where there is neither, E0904 where the table of folds is not as a run writes it.
pub(super) fn places(world: &dyn World, run: &Path) -> Result<Vec<Place>, Diagnostic> {
    let table = run.join("folds.tsv");
    if is_model(world, run) {
        return Ok(vec![Place { model: run.to_path_buf(), name: FINAL.to_string(), tested: None }]);
    }
    finished(world, run)?;
    let bytes = world.read(&table).map_err(|why| unreadable(&table.display().to_string(), &why))?;
    let text = String::from_utf8(bytes).map_err(|why| run_unreadable(&table, &why))?;
    let folds = tested(&text).ok_or_else(|| run_unreadable(&table, &"it is not `FID IID r1 r2 …`"))?;
    if folds.is_empty() {
        return Ok(vec![Place {
            model: run.join("model.safetensors"),
            name: FINAL.to_string(),
            tested: None,
        }]);
    }
    let place = |((repeat, fold), tested)| {
        let name = format!("r{repeat}-f{fold}");
        Place { model: run.join("folds").join(&name).join("model.safetensors"), name, tested: Some(tested) }
    };
    Ok(folds.into_iter().map(place).collect())
}

/// Whether it is no folder of a run, so that only a model file is left to be.
fn is_model(world: &dyn World, run: &Path) -> bool {
    !["run.json", "folds.tsv", "model.safetensors", CHECKPOINTS]
        .iter()
        .any(|name| world.exists(&run.join(name)))
}

/// Samples by repeat and fold, from the table that [`crate::data::folds_table`] writes.
fn tested(table: &str) -> Option<BTreeMap<(usize, usize), BTreeSet<SampleId>>> {
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next()?.split('\t').collect();
    let (["FID", "IID", "record", repeats @ ..] | ["FID", "IID", repeats @ ..]) = header.as_slice() else {
        return None;
    };
    // Of individuals with several records every line counts.
    let first = header.len() - repeats.len();
    let number = |text: &str, mark: char| text.strip_prefix(mark)?.parse::<usize>().ok();
    let repeats: Vec<usize> = repeats.iter().map(|name| number(name, 'r')).collect::<Option<_>>()?;
    let mut folds: BTreeMap<(usize, usize), BTreeSet<SampleId>> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        let [family, individual, ..] = cells.as_slice() else { return None };
        if cells.len() != first + repeats.len() {
            return None;
        }
        let of_repeats = &cells[first..];
        for (repeat, cell) in repeats.iter().zip(of_repeats).filter(|(_, cell)| **cell != "NA") {
            let id = SampleId { family: (*family).to_string(), individual: (*individual).to_string() };
            folds.entry((*repeat, number(cell, 'f')?)).or_default().insert(id);
        }
    }
    Some(folds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_belong_to_the_folds_that_test_them() {
        let folds = tested("FID\tIID\tr1\tr2\n0\ta\tf1\tf2\n0\tb\tf2\tNA\n").expect("a table");
        let names = |repeat, fold| -> Vec<&str> {
            folds[&(repeat, fold)].iter().map(|id| id.individual.as_str()).collect()
        };
        assert_eq!(folds.len(), 3);
        assert_eq!((names(1, 1), names(1, 2), names(2, 2)), (vec!["a"], vec!["b"], vec!["a"]));
        assert_eq!(tested("FID\tIID\n"), Some(BTreeMap::new()));
        for wrong in ["", "IID\tr1\n", "FID\tIID\tx\n", "FID\tIID\tr1\n0\ta\n", "FID\tIID\tr1\n0\ta\t3\n"] {
            assert_eq!(tested(wrong), None, "{wrong:?}");
        }
    }
}
