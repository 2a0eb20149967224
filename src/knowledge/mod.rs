//! What is known: gene sets, annotations, edge tables, one shape each.
//!
//! A reader takes the text of a file and gives an [`Incidence`] or [`Intervals`] with line
//! numbers; it sees positions as slices, never the data wing's tables.

mod bed;
mod cache;
pub mod contigs;
mod edges;
pub mod error;
mod gaf;
mod gather;
mod gff;
mod gmt;
mod gtf;
mod ids;
mod intervals;
mod lists;
mod names;
mod obo;
mod outdated;
mod read;
mod table;
mod text;
mod topology;
mod types;
mod values;
pub mod window;

#[cfg(test)]
mod tests;

pub use cache::Cache;
pub use ids::{has_version_suffix, looks_mangled, without_version_suffix};
pub use outdated::outdated_terms;
pub use read::{How, Loaded, read, read_cached};
pub use types::*;

/// Pairs of names that stand in no file, as a generator hands them over; numbered from 1.
pub fn pairs<'a>(names: impl IntoIterator<Item = (&'a str, &'a str)>) -> Incidence {
    let mut gathered = gather::Pairs::default();
    for (line, (source, target)) in (1..).zip(names) {
        let (target, _) = gathered.target(target);
        gathered.add(source, target, line);
    }
    gathered.finish().0
}
