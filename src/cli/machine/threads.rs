//! How many threads a command starts: the one place that says so.
//!
//! `--threads`, else what a job of Slurm was given, else the processors that this process may use,
//! as std finds them: the affinity of the process and quotas of its control group, version 1 or 2.

use super::error;
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::num::NonZeroUsize;

/// The processors that Slurm gives to each task of a job.
const SLURM: &str = "SLURM_CPUS_PER_TASK";

/// A number of threads, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Threads {
    pub(in crate::cli) count: usize,
    /// As people read it, such as `--threads`.
    pub(in crate::cli) from: String,
}

impl Threads {
    /// What was asked for, else what this process may use; W0907 where the job's number is none.
    ///
    /// A job's number above what the process may use is cut: teams of threads wait for one another
    /// by spinning, and more threads than processors would make every step slower.
    pub(in crate::cli) fn of(asked: Option<NonZeroUsize>, world: &dyn World) -> (Self, Option<Diagnostic>) {
        let usable = std::thread::available_parallelism().map_or(1, usize::from);
        Self::among(asked, world.variable(SLURM).as_deref(), usable)
    }

    fn among(asked: Option<NonZeroUsize>, job: Option<&str>, usable: usize) -> (Self, Option<Diagnostic>) {
        if let Some(asked) = asked {
            return (Self { count: asked.get(), from: "--threads".into() }, None);
        }
        let usable_here = Self { count: usable, from: "processors that this process may use".into() };
        let Some(text) = job else { return (usable_here, None) };
        match text.trim().parse::<NonZeroUsize>().map(NonZeroUsize::get) {
            Ok(given) if given <= usable => (Self { count: given, from: SLURM.into() }, None),
            Ok(given) => {
                let from = format!("processors that this process may use; {SLURM} is {given}");
                (Self { count: usable, from }, None)
            }
            Err(_) => (usable_here, Some(error::no_number_of_threads(SLURM, text, usable))),
        }
    }

    /// Starts them.
    ///
    /// # Errors
    /// E0506 when the system gives no more threads.
    pub(in crate::cli) fn start(&self) -> Result<ThreadPool, Diagnostic> {
        let pool = ThreadPoolBuilder::new().num_threads(self.count).build();
        pool.map_err(|why| error::no_more_threads(self.count, &why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn among(asked: usize, job: Option<&str>) -> (usize, String, bool) {
        let (threads, found) = Threads::among(NonZeroUsize::new(asked), job, 4);
        (threads.count, threads.from, found.is_some())
    }

    #[test]
    fn the_option_comes_before_the_job_and_the_job_before_the_machine() {
        assert_eq!(among(9, Some("2")), (9, "--threads".into(), false));
        assert_eq!(among(0, Some("2")), (2, "SLURM_CPUS_PER_TASK".into(), false));
        assert_eq!(among(0, None), (4, "processors that this process may use".into(), false));
    }

    #[test]
    fn a_job_gets_no_more_than_the_process_may_use() {
        let (count, from, warned) = among(0, Some("16"));
        assert_eq!((count, warned), (4, false));
        assert!(from.ends_with("SLURM_CPUS_PER_TASK is 16"), "{from}");
    }

    #[test]
    fn a_job_without_a_number_is_told() {
        for text in ["", "0", "-1", "two", "2(x3)", "1.5"] {
            assert_eq!(among(0, Some(text)), (4, "processors that this process may use".into(), true));
        }
    }
}
