//! A file that was read: its name, size and digest, for the record of a run.

use super::error;
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use std::path::Path;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// The path as given.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the content, in hexadecimal.
    pub digest: String,
    /// What was forgiven in reading it, one sentence each: a byte-order mark, blank lines.
    pub notes: Vec<String>,
}

impl InputFile {
    /// Describes `content`.
    #[must_use]
    pub fn of(name: &str, content: &[u8]) -> Self {
        let digest = blake3::hash(content).to_hex().to_string();
        Self { name: name.to_string(), bytes: content.len() as u64, digest, notes: Vec::new() }
    }
}

/// Reads a whole file, with its description.
///
/// # Errors
/// `E0301` when it cannot be opened or read.
pub(super) fn read(world: &dyn World, path: &Path) -> Result<(Vec<u8>, InputFile), Diagnostic> {
    let name = path.display().to_string();
    let bytes = world.read(path).map_err(|failed| error::unreadable(&name, &failed))?;
    let file = InputFile::of(&name, &bytes);
    Ok((bytes, file))
}
