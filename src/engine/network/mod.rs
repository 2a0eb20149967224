//! Parameters, forward and backward over a plan.
