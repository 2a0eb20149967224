//! A spec with up to five files that it may import, with the file separator between.
//!
//! Whatever imports whatever: it ends, findings point into the texts, every file is read once, and
//! no name from outside the project's root is asked for.

use std::path::Path;

use binnc::cli::load::{Opened, open, open_in};
use binnc::io::MemoryWorld;
use binnc::language::syntax::ast::ItemKind;

use super::{notation, parts};

const NAMES: [&str; 6] = ["p/a.binn", "p/b.binn", "p/c.yaml", "p/s/d.binn", "p/s/e.yaml", "secret.binn"];

/// Opens the first file as a spec.
pub fn check(bytes: &[u8]) {
    let files: [&[u8]; NAMES.len()] = parts::files(bytes);
    let world = MemoryWorld::default();
    let world = NAMES.iter().zip(files).fold(world, |world, (name, file)| world.with(name, file));
    let path = Path::new(NAMES[0]);
    if let Ok(opened) = open(&world, path) {
        holds_together(&opened);
    }
    if let Ok(opened) = open_in(&world, path, Some(Path::new("p/s")), &[]) {
        assert!(opened.imports.iter().all(|import| import.name.contains("p/s/")), "nothing beyond the root");
    }
}

fn holds_together(opened: &Opened) {
    assert!(opened.spec.is_none() || !opened.found.has_errors(), "a spec has no error");
    assert!(
        !opened.file.items.iter().any(|item| matches!(item.kind, ItemKind::Import { .. })),
        "no import is left"
    );
    let names: Vec<&str> = opened.imports.iter().map(|import| import.name.as_str()).collect();
    assert!(!names.iter().any(|name| name.contains("secret")), "what is outside stays outside: {names:?}");
    notation::points_into_its_text(&opened.found, &opened.sources);
}
