//! `import "PATH" as NAME`: reads the files, keeps them inside the project, joins their items.
//!
//! Imported items stand where their `import` stood. A file that is imported twice under one name
//! is joined once; paths start at the folder of the file that imports.

use super::error::imports as error;
use crate::data::InputFile;
use crate::io::World;
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::{Sources, Span, Spanned};
use crate::language::spec::Imported;
use crate::language::syntax::ast::{File, Ident, Item, ItemKind};
use crate::language::syntax::{self, imports};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

const MOST_FILES: usize = 256;
const DEEPEST: usize = 16;
const MOST_BYTES: u64 = 64 << 20;

/// Reads the imports of one spec.
pub(super) struct Importer<'a> {
    world: &'a dyn World,
    root: PathBuf,
    /// The folder of the spec.
    folder: PathBuf,
    pub(super) sources: Sources,
    pub(super) found: Diagnostics,
    /// Imported files, in the order first read.
    pub(super) inputs: Vec<InputFile>,
    /// Where each imported text stands, and the outermost `import` that brought it.
    pub(super) imported: Vec<Imported>,
    /// What has been joined: the file and the names it was joined under.
    joined: BTreeSet<(PathBuf, String)>,
    bytes: u64,
}

/// Where in the chain of imports a file stands.
struct Chain {
    files: Vec<PathBuf>,
    /// Aliases on the way, each followed by a dot.
    prefix: String,
    /// The `import` of the spec itself that led here.
    outermost: Option<Span>,
}

impl<'a> Importer<'a> {
    pub(super) fn new(world: &'a dyn World, spec: &Path, root: Option<&Path>) -> Self {
        Self {
            world,
            folder: spec.parent().unwrap_or(Path::new("")).to_path_buf(),
            root: root.map_or_else(|| project_root(world, spec), Path::to_path_buf),
            sources: Sources::default(),
            found: Diagnostics::default(),
            inputs: Vec::new(),
            imported: Vec::new(),
            joined: BTreeSet::new(),
            bytes: 0,
        }
    }

    /// The file with the items of all that it imports.
    pub(super) fn expand(&mut self, file: File, path: &Path) -> File {
        let canonical = self.world.canonical(path).unwrap_or_else(|_| path.to_path_buf());
        let chain = Chain { files: vec![canonical], prefix: String::new(), outermost: None };
        File { version: file.version, items: self.items(file.items, path, &chain) }
    }

    fn items(&mut self, items: Vec<Item>, path: &Path, chain: &Chain) -> Vec<Item> {
        let aliases = self.aliases(&items);
        let mut out = Vec::with_capacity(items.len());
        for mut item in items {
            if let ItemKind::Import { path: wanted, alias } = &item.kind {
                out.extend(self.import(wanted, alias.as_ref(), path, chain));
            } else {
                imports::join_aliases(&mut item, &aliases);
                out.push(item);
            }
        }
        out
    }

    /// The names after `as`; one that the file defines too is reported.
    fn aliases(&mut self, items: &[Item]) -> BTreeSet<String> {
        let mut own: Vec<Ident> =
            items.to_vec().iter_mut().flat_map(imports::defined).map(|n| n.clone()).collect();
        let mut aliases = BTreeSet::new();
        for item in items {
            if let ItemKind::Import { alias: Some(alias), .. } = &item.kind {
                if let Some(other) = own.iter().find(|name| name.value == alias.value) {
                    self.found.push(crate::language::spec::error::defined_twice(
                        &alias.value,
                        other.span,
                        alias.span,
                    ));
                }
                own.push(alias.clone());
                aliases.insert(alias.value.clone());
            }
        }
        aliases
    }

    fn import(
        &mut self,
        wanted: &Spanned<String>,
        alias: Option<&Ident>,
        from: &Path,
        chain: &Chain,
    ) -> Vec<Item> {
        let folder = from.parent().unwrap_or(Path::new(""));
        let path = folder.join(&wanted.value);
        let outermost = chain.outermost.unwrap_or(wanted.span);
        let file = match self.read(wanted, &path, chain) {
            Ok(Some(file)) => file,
            Ok(None) => return Vec::new(),
            Err(finding) => {
                let nested = chain.outermost.filter(|import| *import != wanted.span);
                self.found.push(match nested {
                    Some(import) => finding.at(import, "imported here"),
                    None => finding,
                });
                return Vec::new();
            }
        };
        let (canonical, text) = file;
        let prefix =
            alias.map_or_else(|| chain.prefix.clone(), |alias| format!("{}{}.", chain.prefix, alias.value));
        if !self.joined.insert((canonical.clone(), prefix.clone())) {
            return Vec::new();
        }
        let shown = path.display().to_string();
        let source = self.sources.add(shown, text);
        let (parsed, found) = syntax::parse(source);
        let start = source.base();
        let end = start + source.text.len() as u32;
        let below = path.strip_prefix(&self.folder).unwrap_or(&path).display().to_string();
        let text = Span { start, end };
        self.imported.push(Imported { text, import: outermost, path: below, file: path.clone() });
        self.found.extend(found);
        let files = chain.files.iter().cloned().chain([canonical]).collect();
        let inner = Chain { files, prefix, outermost: Some(outermost) };
        let mut items = self.items(parsed.items, &path, &inner);
        if let Some(alias) = alias {
            imports::qualify(&mut items, &alias.value);
        }
        items
    }

    /// The text of an imported file; `None` once a limit has been reported.
    fn read(
        &mut self,
        wanted: &Spanned<String>,
        path: &Path,
        chain: &Chain,
    ) -> Result<Option<(PathBuf, String)>, Diagnostic> {
        let (name, span) = (wanted.value.as_str(), wanted.span);
        if name.contains("://") {
            return Err(error::url(name, span));
        }
        let unreadable = |why: std::io::Error| error::unreadable(name, &why, span);
        let root = self.world.canonical(&self.root).unwrap_or_else(|_| self.root.clone());
        // Judged by its letters before anything is looked at, and again with links resolved.
        let from = chain.files.last().and_then(|file| file.parent()).unwrap_or(&root);
        if Path::new(name).is_absolute() || !without_dots(&from.join(name)).starts_with(&root) {
            return Err(error::outside(name, span));
        }
        let canonical = self.world.canonical(path).map_err(unreadable)?;
        if !canonical.starts_with(&root) {
            return Err(error::outside(name, span));
        }
        if !self.world.is_file(&canonical) {
            return Err(error::no_file(name, span));
        }
        if let Some(first) = chain.files.iter().position(|file| *file == canonical) {
            let cycle: Vec<String> =
                chain.files[first..].iter().chain([&canonical]).map(|file| below(file, &root)).collect();
            return Err(error::cycle(&cycle, span));
        }
        if chain.files.len() > DEEPEST {
            return Err(error::too_deep(DEEPEST, span));
        }
        let size = self.world.size(&canonical).map_err(unreadable)?;
        if self.inputs.len() >= MOST_FILES || self.bytes + size > MOST_BYTES {
            let told = self.bytes == u64::MAX;
            self.bytes = u64::MAX;
            return if told { Ok(None) } else { Err(error::too_many(MOST_FILES, MOST_BYTES >> 20, span)) };
        }
        let bytes = self.world.read(&canonical).map_err(unreadable)?;
        self.bytes += size;
        let input = InputFile::of(&path.display().to_string(), &bytes);
        if !self.inputs.contains(&input) {
            self.inputs.push(input);
        }
        let text = String::from_utf8(bytes)
            .map_err(|why| error::not_utf8(name, why.utf8_error().valid_up_to(), span))?;
        Ok(Some((canonical, text)))
    }
}

/// The nearest folder above the spec that holds `.git`, else the spec's own folder.
fn project_root(world: &dyn World, spec: &Path) -> PathBuf {
    let own = spec.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let real = world.canonical(own).unwrap_or_else(|_| own.to_path_buf());
    let project = real.ancestors().find(|folder| world.exists(&folder.join(".git")));
    project.map_or_else(|| real.clone(), Path::to_path_buf)
}

/// A path as seen from the project's root.
fn below(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// A path with `.` and `..` worked out by its letters.
fn without_dots(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
