//! Wording of what a lock can find wrong.

use super::{Change, Contents, Kind, LockedGraph, NameChanges, Source};
use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic, listed};
use crate::language::source::Span;

/// The most changes that a stale lock is shown with, and names of each kind of change.
const EXAMPLES: usize = 5;

/// How messages call the two files.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The lock's path.
    pub lock: &'a str,
    /// The spec's path.
    pub spec: &'a str,
}

/// E0801 or E0802: one difference, where `--locked` asks for none.
pub fn changed(
    change: &Change,
    names: Names<'_>,
    model: Span,
    place: impl Fn(&Source) -> Option<Span>,
) -> Diagnostic {
    let Names { lock, spec } = names;
    match change {
        Change::Spec(concerns) => Diagnostic::new(
            Code::E0801,
            format!("the spec has changed since it was locked, in its {}", joined(concerns)),
        )
        .at(model, format!("locked in `{lock}`"))
        .help(format!(
            "`binnc lock {spec}` locks it as it is now; `binnc diff` shows what a change does to the graph"
        )),
        Change::File { was, now } => {
            let finding =
                Diagnostic::new(Code::E0801, format!("`{}` is not the file that was locked", now.path));
            let finding = pointed(finding, place(now), "another file when it was locked");
            let finding = facts(was, now).into_iter().fold(finding, Diagnostic::note);
            finding.help(format!(
                "put the locked file back, or accept this one: `binnc lock {spec} --update {}`",
                now.name
            ))
        }
        Change::Unlocked(source) => {
            let finding = Diagnostic::new(Code::E0802, format!("`{}` is not in `{lock}`", source.path));
            pointed(finding, place(source), "not locked")
                .help(format!("`binnc lock {spec}` adds it: commit the lock with the spec"))
        }
        Change::Unread(source) => Diagnostic::new(
            Code::E0801,
            format!("`{lock}` holds `{}`, which the spec does not read", source.path),
        )
        .at(model, format!("no item reads the {} `{}` from it", kind(source.kind), source.name))
        .help(format!("`binnc lock {spec}` leaves it out")),
    }
}

/// E0801, or W0803 where `--locked` was not asked for: the same spec and sources give another graph.
pub fn other_graph(
    was: &LockedGraph,
    now: &LockedGraph,
    versions: [&str; 2],
    is_locked: bool,
    names: Names<'_>,
    model: Span,
) -> Diagnostic {
    let what = if was.digest == now.digest { "plan" } else { "graph" };
    let mut finding = Diagnostic::new(
        if is_locked { Code::E0801 } else { Code::W0803 },
        format!("the {what} is not the one that was locked, though the spec and its files are the same"),
    )
    .at(model, format!("locked in `{}`", names.lock));
    for fact in graph_facts(was, now) {
        finding = finding.note(fact);
    }
    let [by, this] = versions;
    if by == this {
        finding = finding.note("the lock may have been merged or edited by hand");
    } else {
        finding = finding.note(format!("the lock was written by binnc {by}, this is binnc {this}"));
    }
    finding.help(format!("`binnc lock {}` locks what this version builds", names.spec))
}

/// E0802: `--locked` without a lock.
pub fn no_lock(names: Names<'_>, model: Span) -> Diagnostic {
    Diagnostic::new(Code::E0802, format!("there is no `{}`, so nothing of this spec is locked", names.lock))
        .at(model, "asked to be as locked")
        .help(format!("write it with `binnc lock {}`, and commit it beside the spec", names.spec))
}

/// W0803: a lock that does not fit, where nobody asked for it to fit.
pub fn stale(changes: &[Change], names: Names<'_>, model: Span) -> Diagnostic {
    let mut finding = Diagnostic::new(Code::W0803, format!("`{}` does not fit any more", names.lock))
        .at(model, "changed since it was locked");
    for change in changes.iter().take(EXAMPLES) {
        finding = finding.note(in_short(change));
    }
    if changes.len() > EXAMPLES {
        finding = finding.note(format!("and {} more differences", changes.len() - EXAMPLES));
    }
    finding.help(format!(
        "`binnc lock {} --check` says more; without `--check` it locks what is there",
        names.spec
    ))
}

/// W0803: a lock that cannot be compared, where nobody asked for it to fit.
pub fn unusable(why: &Diagnostic, names: Names<'_>, model: Span) -> Diagnostic {
    let mut finding = Diagnostic::new(Code::W0803, format!("`{}` cannot be used", names.lock))
        .at(model, "not compared with its lock")
        .note(why.message.clone());
    finding.help.clone_from(&why.help);
    finding
}

/// E0201: `--update` of something that is not read from a file.
pub fn no_such_source(name: &str, known: &[String]) -> Diagnostic {
    let mut known: Vec<&str> = known.iter().map(String::as_str).collect();
    known.dedup();
    let help = did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("give one of {}", listed(&known, 8)));
    Diagnostic::new(Code::E0201, format!("the spec reads no file for a source called `{name}`")).help(help)
}

/// E0301: a file of the spec that is there and cannot be read.
pub fn source_unreadable(path: &str, why: &std::io::Error, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("cannot read `{path}`: {why}"))
        .at(span, "read from here")
        .help("see who may read it, and whether it is a file")
}

/// E0302: a lock that is no TOML, or holds other things than a lock does.
pub fn malformed(name: &str, spec: &str, line: usize, why: &str) -> Diagnostic {
    let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
    Diagnostic::new(Code::E0302, format!("`{name}` is malformed in line {line}: {why}"))
        .help(format!("it is not meant to be edited: `binnc lock {spec}` writes it anew"))
}

/// E0302: both sides of a merge.
pub fn conflict(name: &str, spec: &str, line: usize) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{name}` holds both sides of a merge, from line {line}"))
        .help(format!("settle the spec and its files first, then write it anew: `binnc lock {spec}`"))
}

/// E0301: a lock that cannot be read.
pub fn unreadable(name: &str, why: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("cannot read the lock `{name}`: {why}"))
        .help("see who may read it, or remove it and write it anew with `binnc lock`")
}

/// E0807: a lock of a later form.
pub fn newer(name: &str, by: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0807,
        format!("`{name}` was written by binnc {by}, in a form that this version does not know"),
    )
    .help(format!("update binnc; this is version {}", env!("CARGO_PKG_VERSION")))
}

/// A difference in a few words.
fn in_short(change: &Change) -> String {
    match change {
        Change::Spec(concerns) => format!("the spec has changed in its {}", joined(concerns)),
        Change::File { was, now } => {
            let facts = facts(was, now);
            format!("`{}` is another file: {}", now.path, facts.first().map_or("", String::as_str))
        }
        Change::Unlocked(source) => format!("`{}` is not locked", source.path),
        Change::Unread(source) => format!("`{}` is locked and not read", source.path),
    }
}

/// What differs between two versions of a file, the size first.
#[must_use]
pub fn facts(was: &Source, now: &Source) -> Vec<String> {
    let mut facts = Vec::new();
    facts.push(if was.bytes == now.bytes {
        let short = |digest: &str| digest.chars().take(12).collect::<String>();
        format!(
            "{} bytes as before, BLAKE3 {}…, locked {}…",
            now.bytes,
            short(&now.blake3),
            short(&was.blake3)
        )
    } else {
        format!("{} bytes, locked {}", now.bytes, was.bytes)
    });
    if let (Some(was), Some(now)) = (&was.contents, &now.contents) {
        facts.extend(content_facts(was, now));
    }
    facts
}

/// Counts before and after, and names that came and went.
#[must_use]
pub fn content_facts(was: &Contents, now: &Contents) -> Vec<String> {
    let mut facts = Vec::new();
    let counts = [
        ("records", was.records, now.records),
        ("names", was.nodes, now.nodes),
        ("pairs", was.edges, now.edges),
    ];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(_, was, now)| was != now)
        .map(|(what, was, now)| format!("{now} {what}, locked {was}"))
        .collect();
    if !counts.is_empty() {
        facts.push(counts.join("; "));
    }
    match was.name_changes(now) {
        Some(NameChanges { went, came, changed }) => {
            let (set, sets) =
                if now.edges + was.edges > 0 { ("set", "sets") } else { ("interval", "intervals") };
            let otherwise = if set == "set" { "other members" } else { "another place" };
            let told = |names: &[&str], verb: &str| {
                let what = if names.len() == 1 { set } else { sets };
                format!("{} {what} {verb}: {}", names.len(), listed(names, EXAMPLES))
            };
            let kinds =
                [(went, "gone".to_owned()), (came, "new".to_owned()), (changed, format!("with {otherwise}"))];
            facts.extend(
                kinds.iter().filter(|(names, _)| !names.is_empty()).map(|(names, verb)| told(names, verb)),
            );
            if facts.is_empty() {
                facts.push("it says the same as before, in another order or spelling".to_owned());
            }
        }
        None => facts.push(
            "too many names to be kept in the lock: `binnc diff` names them from the old file".to_owned(),
        ),
    }
    facts
}

/// Counts of the graph before and after, where they differ.
#[must_use]
pub fn graph_facts(was: &LockedGraph, now: &LockedGraph) -> Vec<String> {
    let counts = [
        ("nodes", was.nodes, now.nodes),
        ("edges", was.edges, now.edges),
        ("parameters", was.parameters, now.parameters),
    ];
    let mut facts: Vec<String> = counts
        .iter()
        .filter(|(_, was, now)| was != now)
        .map(|(what, was, now)| format!("{now} {what}, locked {was}"))
        .collect();
    for layer in &now.layers {
        let Some(before) = was.layers.iter().find(|before| before.name == layer.name) else {
            facts.push(format!("layer `{}` is new: {} nodes", layer.name, layer.nodes));
            continue;
        };
        if (before.nodes, before.edges) != (layer.nodes, layer.edges) {
            facts.push(format!(
                "layer `{}`: {} nodes and {} edges into it, locked {} and {}",
                layer.name, layer.nodes, layer.edges, before.nodes, before.edges
            ));
        }
    }
    let gone = was.layers.iter().filter(|before| !now.layers.iter().any(|layer| layer.name == before.name));
    facts
        .extend(gone.map(|before| format!("layer `{}` is gone: it had {} nodes", before.name, before.nodes)));
    facts
}

fn pointed(finding: Diagnostic, span: Option<Span>, text: &str) -> Diagnostic {
    match span {
        Some(span) => finding.at(span, text),
        None => finding,
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Import => "import",
        Kind::Genotypes => "genotypes",
        Kind::Table => "table",
        Kind::Prior => "prior",
        Kind::Contigs => "contig table of",
        Kind::Samples => "sample list of",
    }
}

/// `a`, `a and b`, `a, b and c`.
fn joined(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
