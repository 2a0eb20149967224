//! What this machine gives to a command: threads and memory.
//!
//! Neither changes a result.

mod crew;
mod error;
mod memory;
mod threads;

pub(super) use crew::crew;
pub(super) use memory::{Allowed, Held};
pub(super) use threads::Threads;

/// Bytes as people read them.
pub(super) fn bytes(count: usize) -> String {
    match count {
        0..10_000 => format!("{count} B"),
        10_000..10_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        10_000_000..10_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.1} GB", count as f64 / 1e9),
    }
}
