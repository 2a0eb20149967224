//! What each fuzz target asserts, as plain functions of bytes.
//!
//! `targets/` hands them to libFuzzer, and `tests/corpus` of the package replays every kept input
//! through the same functions with the stable toolchain. A new target is a module with `check`, a
//! row in [`ALL`], a `[[bin]]` with its entry in `targets/`, and a folder of seeds.

pub mod bed;
pub mod checkpoint;
pub mod dsl;
pub mod gene_sets;
pub mod gff3;
pub mod gzip;
pub mod imports;
pub mod model;
mod notation;
mod parts;
pub mod plan;
mod priors;
pub mod round_trip;
pub mod tables;
pub mod yaml;

/// A target: panics where an input breaks what is asserted of it.
pub type Check = fn(&[u8]);

/// Every target with its name.
pub const ALL: [(&str, Check); 12] = [
    ("bed", bed::check),
    ("checkpoint", checkpoint::check),
    ("dsl", dsl::check),
    ("gene_sets", gene_sets::check),
    ("gff3", gff3::check),
    ("gzip", gzip::check),
    ("imports", imports::check),
    ("model", model::check),
    ("plan", plan::check),
    ("round_trip", round_trip::check),
    ("tables", tables::check),
    ("yaml", yaml::check),
];
