//! Slow proofs of what is claimed in `docs/RESULTS.md`.
//!
//! `cargo test` leaves them out; `cargo test --release --test claims -- --nocapture` runs them
//! and prints the tables. Real panels are read where BINNC_TEST_DATA points.

mod interpretation;
mod leakage;
mod nulls;
mod panels;
mod setting;
mod shoot_branching;
mod simulated;
mod stacking;
