//! The command line as its users meet it: arguments and files in; exit code, text and files out.
//!
//! Every test runs the built program in a folder of its own, on small simulated data.

#![allow(clippy::disallowed_methods, reason = "tests read and change files that the program wrote")]

mod baselines;
mod broken_writes;
mod caches;
mod check;
mod chromosomes;
mod covariates;
mod derived;
mod determinism;
mod diagnosing;
mod differences;
mod environments;
mod exits;
mod experiments;
mod explaining;
mod findings;
mod formatting;
mod golden;
mod help;
mod hygiene;
mod invariants;
mod kinds_of_traits;
mod learnt;
mod locks;
mod machine;
mod model_files;
mod network_calls;
mod nulls;
mod on_request;
mod prediction;
mod projects;
mod reporting;
mod resuming;
mod run_folders;
mod samples;
mod schemes;
mod shells;
mod simulated;
mod stages;
mod support;
mod variants;
