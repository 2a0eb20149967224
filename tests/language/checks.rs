//! Every spec in `inputs/checks`, compiled against the small panel in `inputs/data`.
//!
//! A snapshot holds the spec and either its report or, when it compiles, what was built.
//! A first line `# depth: calls` reads genotype calls too.

use binnc::cli::load::{Depth, Loaded, load, open};
use binnc::compiler::plan::plan_digest;
use binnc::io::{Disk, World};
use binnc::language::diagnostics::Diagnostics;
use binnc::language::diagnostics::render::{Style, text};
use binnc::language::diagnostics::visible::visible;
use binnc::language::source::Sources;
use binnc::language::syntax::format::as_authors_write;
use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

const INPUTS: &str = "tests/language/inputs/checks";
const DATA: &str = "tests/language/inputs/data";

#[test]
fn inputs() {
    insta::glob!("inputs/checks/*", |path| {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let mut settings = insta::Settings::clone_current();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(answer(&name)));
    });
}

#[test]
fn a_missing_line_gives_few_errors() {
    for (name, text) in good_inputs() {
        let lines: Vec<&str> = text.lines().collect();
        for missing in 0..lines.len() {
            let (before, after) = (lines[..missing].join("\n"), lines[missing + 1..].join("\n"));
            let world = Overlay { path: Path::new(SPEC), text: format!("{before}\n{after}\n") };
            let opened = open(&world, Path::new(SPEC)).expect("the text is there");
            let mut errors = opened.found.iter().filter(|found| found.is_error()).count();
            if let Some(spec) = opened.spec {
                let found = load(&world, spec, Path::new(DATA), Depth::Lists)
                    .map_or_else(|said| said, |(_, said)| said);
                errors += found.iter().filter(|found| found.is_error()).count();
            }
            assert!(errors <= 4, "{name}: {errors} errors without line {}: {}", missing + 1, lines[missing]);
        }
    }
}

const SPEC: &str = "shortened.binn";

fn good_inputs() -> Vec<(String, String)> {
    let entries = std::fs::read_dir(INPUTS).expect("the folder of inputs");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an input").path()).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let named = paths.iter().filter_map(|path| Some((name(path)?, Disk.read(path).ok()?)));
    let good = named.filter(|(name, _)| name.starts_with("good_"));
    good.map(|(name, bytes)| (name, String::from_utf8(bytes).expect("the input is UTF-8"))).collect()
}

/// The disk with one more file.
struct Overlay<'a> {
    path: &'a Path,
    text: String,
}

impl World for Overlay<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == self.path { Ok(self.text.clone().into_bytes()) } else { Disk.read(path) }
    }
    fn size(&self, path: &Path) -> io::Result<u64> {
        if path == self.path { Ok(self.text.len() as u64) } else { Disk.size(path) }
    }
    fn exists(&self, path: &Path) -> bool {
        path == self.path || Disk.exists(path)
    }
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        Disk.create_folder(path)
    }
    fn remove(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        Disk.canonical(path)
    }
    fn write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

fn answer(name: &str) -> String {
    let path = Path::new(INPUTS).join(name);
    #[expect(clippy::disallowed_methods, reason = "a test reads its own inputs")]
    let input = std::fs::read_to_string(&path).expect("the input is UTF-8");
    let depth = if input.starts_with("# depth: calls") { Depth::Calls } else { Depth::Lists };
    let mut out = visible(&input);
    out.push_str("\n――― answer ―――\n\n");
    let opened = match open(&Disk, &path) {
        Ok(opened) => opened,
        Err(finding) => return out + &report(&finding.into(), &Sources::default()),
    };
    let mut found = opened.found;
    let built = opened.spec.and_then(|spec| match load(&Disk, spec, Path::new(DATA), depth) {
        Ok((loaded, said)) => {
            found.extend(said);
            Some(loaded)
        }
        Err(said) => {
            found.extend(said);
            None
        }
    });
    out.push_str(&report(&found, &opened.sources));
    assert_eq!(built.is_none(), found.has_errors(), "{name}: an error, or something built");
    if let Some(loaded) = built {
        out.push_str(&dump(&loaded));
    }
    out
}

fn report(found: &Diagnostics, sources: &Sources) -> String {
    if found.is_empty() {
        return "clean\n".to_owned();
    }
    text(&as_authors_write(found, sources), sources, Style { colour: false, width: 88 })
}

/// What was built: layers, joins, what was left out, size and digest.
fn dump(loaded: &Loaded) -> String {
    let summary = &loaded.summary;
    let mut out = String::from("\ncompiles\n");
    for layer in &summary.layers {
        let (name, nodes, edges) = (&layer.name, layer.nodes, layer.edges);
        let _ = writeln!(out, "  {name}: {nodes} nodes, {edges} edges, {} parameters", layer.parameters);
    }
    for join in loaded.coverage() {
        let left = format!("{} of {} {}", join.left_matched, join.left_matched + join.left_only, join.left);
        let all = join.right_matched + join.right_only;
        let _ = writeln!(out, "  {}: {left}, {} of {all} {}", join.join, join.right_matched, join.right);
    }
    for pruned in &loaded.graph.graph().pruned {
        let _ = writeln!(out, "  left out: {} of {}, {:?}", pruned.name, pruned.layer, pruned.reason);
    }
    let (variants, covariates) = (summary.variants, summary.covariates);
    let _ =
        writeln!(out, "  {variants} variants, {covariates} covariates, {} parameters", summary.parameters);
    let _ = writeln!(out, "  plan {}", &plan_digest(&loaded.plan)[..16]);
    out
}
