//! How many fits run side by side, and how many threads share each.
//!
//! Neither changes a result.

use super::error;
use crate::language::diagnostics::Diagnostic;
use rayon::ThreadPoolBuilder;

/// Who works on a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crew {
    /// Threads in all.
    pub threads: usize,
    /// Most training parts that are prepared at once, the linear baselines among it.
    pub preparing: usize,
    /// Most networks that are fitted at once.
    pub fitting: usize,
    /// Most dense networks of the baseline that are fitted at once.
    pub fitting_dense: usize,
}

impl Crew {
    /// So many threads, and no other limit.
    #[must_use]
    pub fn of(threads: usize) -> Self {
        let threads = threads.max(1);
        Self { threads, preparing: threads, fitting: threads, fitting_dense: threads }
    }

    /// Threads of each of some fits, of which at most so many run at once.
    pub(super) fn threads_of_fit(&self, most: usize, fits: usize) -> usize {
        self.threads / self.at_once(most, fits)
    }

    fn at_once(&self, most: usize, jobs: usize) -> usize {
        most.min(jobs).clamp(1, self.threads)
    }

    /// Does work made of so many jobs, of which at most `most` may run at once.
    ///
    /// # Errors
    /// E0506 when the system gives no more threads.
    pub(super) fn at_most<R: Send>(
        &self,
        most: usize,
        jobs: usize,
        work: impl FnOnce() -> R + Send,
    ) -> Result<R, Diagnostic> {
        if most >= self.threads.min(jobs) {
            return Ok(work());
        }
        let threads = self.at_once(most, jobs);
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        Ok(pool.map_err(|why| error::no_more_threads(threads, &why))?.install(work))
    }
}

#[cfg(test)]
mod tests {
    use super::Crew;
    use rayon::prelude::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn threads_are_shared_among_the_fits_that_run_at_once() {
        let crew = Crew::of(8);
        assert_eq!(crew.threads_of_fit(crew.fitting, 25), 1);
        assert_eq!(crew.threads_of_fit(crew.fitting, 3), 2);
        assert_eq!(crew.threads_of_fit(2, 25), 4);
        assert_eq!(crew.threads_of_fit(0, 25), 8);
        assert_eq!(Crew::of(0).threads, 1);
    }

    #[test]
    fn no_more_jobs_run_at_once_than_may() {
        let crew = Crew::of(4);
        for most in 1..4 {
            let (running, seen) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let results = crew.at_most(most, 40, || {
                let job = |at: usize| {
                    seen.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(1));
                    running.fetch_sub(1, Ordering::SeqCst);
                    at
                };
                (0..40).into_par_iter().map(job).collect::<Vec<_>>()
            });
            assert_eq!(results.expect("threads start"), (0..40).collect::<Vec<_>>());
            assert!(seen.load(Ordering::SeqCst) <= most);
        }
    }
}
