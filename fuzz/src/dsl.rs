//! Any text read as `.binn`.

use binnc::language::syntax::Notation;

/// Parses and lowers; see `notation`.
pub fn check(bytes: &[u8]) {
    super::notation::check(Notation::Binn, bytes);
}
