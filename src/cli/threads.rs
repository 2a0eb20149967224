//! Threads of commands that compute.

use crate::language::diagnostics::{Code, Diagnostic};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::num::NonZeroUsize;

/// A pool of as many threads as `--threads` asks for, else as many as the processors that this
/// process may use; and how many they are.
pub(super) fn pool(asked: Option<NonZeroUsize>) -> Result<(ThreadPool, usize), Diagnostic> {
    let threads = asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, usize::from);
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().map_err(|why| {
        Diagnostic::new(Code::E0506, format!("cannot start {threads} threads: {why}"))
            .help("give fewer `--threads`")
    })?;
    Ok((pool, threads))
}
