//! What this machine gives to a command.
//!
//! It changes no result.

mod error;
mod threads;

pub(super) use threads::Threads;
