//! `binnc lock --update NAME`: accepts the present files of one source, and says what that changes.
//!
//! Entries of other sources stay as they are, changed or not: each change is accepted by name.

use super::observe::{Observed, observe};
use super::{Lock, LockedGraph, Place};
use crate::cli::print::Console;
use crate::compiler::lock::{Source, error, wanted};
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Spec;
use crate::language::spec::digest::SpecDigests;

pub(super) fn update(
    place: &Place<'_>,
    spec: Spec,
    name: &str,
    console: &Console,
) -> Result<u8, Diagnostics> {
    let (shown_lock, shown_spec) = place.shown();
    let names = error::Names { lock: &shown_lock, spec: &shown_spec };
    let before = place.read().unwrap_or_else(|| Err(error::no_lock(names, spec.model.span)))?;
    if !wanted(&spec).iter().any(|file| file.name == name) {
        let known: Vec<String> = wanted(&spec).into_iter().map(|file| file.name).collect();
        return Err(error::no_such_source(name, &known).into());
    }
    let calls = |path: &str| before.sources.iter().any(|source| source.path == path);
    let mut observed = observe(place.world, &spec, place.root, |file| calls(&file.path))?;
    let loaded = place.compiled(spec.clone(), &observed)?;
    observed.describe(place.world, &spec, place.root, loaded.as_ref(), |source| source.name == name);
    let told = told(&before, &observed, name);
    let mut after = Lock { sources: replaced(&before, &observed, name), ..before.clone() };
    after.sort();
    let absent: Vec<_> = observed.absent.iter().map(|a| (a.kind, a.name.clone(), a.path.clone())).collect();
    let open = after.changes(&SpecDigests::of(&spec), &observed.sources, &absent);
    // Digests of a graph that other changes went into as well would fit nothing.
    after.graph = loaded
        .as_ref()
        .filter(|_| open.is_empty())
        .map(|loaded| LockedGraph::of(&loaded.plan, &loaded.summary));
    after.written_by = env!("CARGO_PKG_VERSION").to_string();
    place.save(&after)?;
    console.result(&told);
    match (&before.graph, &after.graph) {
        (Some(was), Some(now)) => {
            let facts = error::graph_facts(was, now);
            let same = if was.digest == now.digest { "the same" } else { "the same in numbers; names differ" };
            let facts = if facts.is_empty() { vec![same.to_string()] } else { facts };
            console.result(&indented("graph", &facts));
        }
        (_, None) if !open.is_empty() => console.say(&format!(
            "note: {shown_lock} does not fit yet, so the graph is not locked: `binnc lock {shown_spec} --check` says what else differs"
        )),
        (_, None) => console.say("note: not every file is there, so the graph is not locked"),
        (None, Some(now)) => console.result(&format!("graph\n  {} nodes, {} edges\n", now.nodes, now.edges)),
    }
    Ok(0)
}

/// The entries with those of one source as they are now.
fn replaced(before: &Lock, observed: &Observed, name: &str) -> Vec<Source> {
    let is_absent = |source: &Source| observed.absent.iter().any(|absent| absent.key() == source.key());
    let kept = before.sources.iter().filter(|source| source.name != name || is_absent(source));
    kept.chain(observed.sources.iter().filter(|source| source.name == name)).cloned().collect()
}

/// What has changed in the files of one source.
fn told(before: &Lock, observed: &Observed, name: &str) -> String {
    let mut text = String::new();
    for now in observed.sources.iter().filter(|source| source.name == name) {
        let facts = match before.sources.iter().find(|was| was.key() == now.key()) {
            None => vec![format!("new in the lock: {} bytes", now.bytes)],
            Some(was) if was.blake3 == now.blake3 => vec!["the same file".to_string()],
            Some(was) => error::facts(was, now),
        };
        text += &indented(&now.path, &facts);
    }
    for absent in observed.absent.iter().filter(|absent| absent.name == name) {
        text += &indented(&absent.path, &["not there: its entry stays as it was".to_string()]);
    }
    text
}

fn indented(title: &str, facts: &[String]) -> String {
    facts.iter().fold(format!("{title}\n"), |text, fact| text + &format!("  {fact}\n"))
}
