//! Which files a spec reads, from the spec alone.
//!
//! What is simulated has no file: its options are part of the spec's own digest.

use super::Kind;
use crate::language::source::Span;
use crate::language::spec::{Contigs, EstimatedOn, Format, Imported, Origin, PriorId, Spec};
use crate::language::syntax::Notation;
use std::path::{Path, PathBuf};

/// A file that a spec reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What it is read for.
    pub kind: Kind,
    /// The name of the spec's item.
    pub name: String,
    /// The item's format.
    pub format: String,
    /// Path below the data root; of an import, from the spec's folder.
    pub path: String,
    /// The file itself where it does not lie below the data root.
    pub file: Option<PathBuf>,
    /// The prior that it belongs to.
    pub prior: Option<PriorId>,
    /// Where it was written.
    pub span: Span,
}

impl Wanted {
    /// Where it lies, `root` being the data root.
    #[must_use]
    pub fn at(&self, root: &Path) -> PathBuf {
        self.file.clone().unwrap_or_else(|| root.join(&self.path))
    }

    /// Whether it holds genotype calls: large, protected, and locked only on request.
    #[must_use]
    pub fn is_calls(&self) -> bool {
        self.kind == Kind::Genotypes && self.path.ends_with(".bed")
    }
}

/// Every file that `spec` reads, in the spec's order; of genotypes the .bed, the .bim and the .fam.
#[must_use]
pub fn wanted(spec: &Spec) -> Vec<Wanted> {
    let mut files: Vec<Wanted> = Vec::new();
    for import in &spec.imported {
        // Under two names a file is imported twice and read once.
        if !files.iter().any(|file| file.path == slashed(&import.path)) {
            files.push(imported(import));
        }
    }
    for item in spec.genotypes.iter().filter(|item| item.origin.format == Format::Plink) {
        let path = item.origin.path.as_str();
        let stem = [".bed", ".bim", ".fam"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path);
        for end in ["bed", "bim", "fam"] {
            files.push(file(Kind::Genotypes, &item.name.value, &item.origin, &format!("{stem}.{end}"), None));
        }
    }
    for item in spec.tables.iter().filter(|item| item.origin.format != Format::Simulate) {
        files.push(file(Kind::Table, &item.name.value, &item.origin, &item.origin.path, None));
    }
    for (at, item) in spec.priors.iter().enumerate() {
        if item.origin.format != Format::Simulate {
            files.push(file(Kind::Prior, &item.name.value, &item.origin, &item.origin.path, Some(at)));
        }
        if let Contigs::File(path) = &item.contigs {
            files.push(file(Kind::Contigs, &item.name.value, &item.origin, path, None));
        }
        if let EstimatedOn::File(samples) = &item.samples {
            files.push(file(Kind::Samples, &item.name.value, &item.origin, &samples.value, None));
        }
    }
    files
}

fn file(kind: Kind, name: &str, origin: &Origin, path: &str, prior: Option<PriorId>) -> Wanted {
    let format = match kind {
        Kind::Contigs => "tsv".to_owned(),
        Kind::Samples => "text".to_owned(),
        _ => word(origin.format),
    };
    Wanted { kind, name: name.to_owned(), format, path: slashed(path), file: None, prior, span: origin.span }
}

/// A file of the language.
fn imported(import: &Imported) -> Wanted {
    let path = slashed(&import.path);
    let is_yaml = Notation::of(&path) == Notation::Yaml;
    Wanted {
        kind: Kind::Import,
        name: path.clone(),
        format: if is_yaml { "yaml" } else { "binn" }.to_owned(),
        file: Some(import.file.clone()),
        path,
        prior: None,
        span: import.import,
    }
}

/// The format as the language spells it.
fn word(format: Format) -> String {
    let value = serde_json::to_value(format).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// One spelling of a path on every system.
fn slashed(path: &str) -> String {
    let parts = path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".");
    parts.collect::<Vec<_>>().join("/")
}
