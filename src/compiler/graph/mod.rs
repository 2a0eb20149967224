//! Which node reads which.
