//! What the author wrote, and how we answer.
//!
//! Inside the wing: `source` → `diagnostics` → `syntax` → `spec`. Nothing here opens a file.

pub mod diagnostics;
pub mod source;
pub mod spec;
pub mod syntax;
