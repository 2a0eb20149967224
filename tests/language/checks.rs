//! Every spec in `inputs/checks`, compiled against the small panel in `inputs/data`.
//!
//! A snapshot holds the spec and either its report or, when it compiles, what was built.
//! A first line `# depth: calls` reads genotype calls too.

use binnc::cli::load::{Depth, Loaded, load, open};
use binnc::compiler::plan::plan_digest;
use binnc::io::Disk;
use binnc::language::diagnostics::Diagnostics;
use binnc::language::diagnostics::render::{Style, text};
use binnc::language::diagnostics::visible::visible;
use binnc::language::source::Sources;
use std::fmt::Write;
use std::path::Path;

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
    text(found, sources, Style { colour: false, width: 88 })
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
