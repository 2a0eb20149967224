//! Any text read as YAML.

use binnc::language::syntax::Notation;

/// Parses and lowers; see `notation`.
pub fn check(bytes: &[u8]) {
    super::notation::check(Notation::Yaml, bytes);
}
