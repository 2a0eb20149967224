//! `NAME.lock`: the sources that a spec was reviewed with, and what came of them.
//!
//! A lock is text that people review in a pull request: sorted, one fact a line, without times,
//! hosts or absolute paths, so that the same sources give the same bytes on any machine.

mod changes;
mod contents;
pub mod error;
mod file;
mod sources;

pub use changes::{Change, NameChanges};
pub use contents::Contents;
pub use file::{FORMAT_VERSION, Join, Kind, Lock, LockedGraph, LockedLayer, Source};
pub use sources::{Wanted, wanted};
