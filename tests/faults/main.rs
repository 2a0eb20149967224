//! What a trusted tool survives: one row a fault of files, specs, models and machines.
//!
//! Every row breaks a fresh copy of one sound folder, asks binnc something, and says the exit code,
//! the code and the place that must be named. No row may change a file but by its own results.
//! Messages of a group stand together in one snapshot, to be read as their users read them.

#![allow(clippy::disallowed_methods, reason = "tests break files and read what the program wrote")]

mod folder;
mod frame;
mod mutants;
mod packed;
mod worlds;

// Tables: a row is a line, whatever its length.
#[rustfmt::skip]
mod compressed;
#[rustfmt::skip]
mod genotypes;
#[rustfmt::skip]
mod lists;
#[rustfmt::skip]
mod models;
#[rustfmt::skip]
mod priors;
#[rustfmt::skip]
mod process;
#[rustfmt::skip]
mod specs;
#[rustfmt::skip]
mod tables;

use frame::{Row, check};

/// The numbers that stand in these tables. Those left out need kills, damaged checkpoints, disks that fail or
/// two processes: `tests/command/resuming.rs` and `broken_writes.rs` have them.
const FIRST: u8 = 1;
const LAST: u8 = 100;
const ELSEWHERE: [u8; 4] = [93, 95, 97, 100];

type Group = (&'static str, fn() -> Vec<Row>);

const GROUPS: [Group; 8] = [
    ("genotypes", genotypes::rows),
    ("lists", lists::rows),
    ("compressed", compressed::rows),
    ("tables", tables::rows),
    ("specs", specs::rows),
    ("priors", priors::rows),
    ("models", models::rows),
    ("process", process::rows),
];

macro_rules! groups {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            check(stringify!($name), self::$name::rows());
        }
    )*};
}

mod run {
    use super::*;
    groups!(genotypes lists compressed tables specs priors models process);
}

#[test]
fn every_number_has_a_row() {
    let mut seen = std::collections::BTreeMap::<u8, Vec<&str>>::new();
    for (group, rows) in GROUPS {
        rows().iter().for_each(|row| seen.entry(row.number).or_default().push(group));
    }
    let wanted: Vec<u8> = (FIRST..=LAST).filter(|number| !ELSEWHERE.contains(number)).collect();
    assert_eq!(seen.keys().copied().collect::<Vec<u8>>(), wanted);
}
