//! Wording of hierarchies: terms, roots, depth, cycles, and columns that join nodes by name.
//!
//! Terms of a file are named as the file has them, with the lines that say so.

use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic, listed};
use crate::language::source::Span;
use crate::language::spec::ColumnRef;

/// E0207: a hierarchy of something that has positions and no parents.
pub fn hierarchy_of_intervals(prior: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("prior `{prior}` holds intervals, not pairs of child and parent"))
        .at(span, "a hierarchy is wanted here")
        .help("name a prior of terms, such as one from `obo`, `reactome` or `edges`")
}

/// E0207: weights on a hierarchy, whose edges are always free.
pub fn weights_of_a_hierarchy(prior: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0207,
        format!("prior `{prior}` gives weights or signs, which a hierarchy does not use"),
    )
    .at(span, "used as a hierarchy here")
    .help("leave `weight` and `sign` out of the prior, or link layers of their own by it")
}

/// E0306: roots that the hierarchy does not have.
pub fn no_such_root(prior: &str, missing: &[String], known: &[&str], span: Span) -> Diagnostic {
    let found = Diagnostic::new(Code::E0306, format!("prior `{prior}` has no term {}", listed(missing, 5)))
        .at(span, "wanted as a root");
    match did_you_mean(&missing[0], known.iter().copied()) {
        Some(near) => found.help(near),
        None => found.help(format!("its parent terms are {}", listed(known, 5))),
    }
}

/// E0401: a cycle of terms in a file.
pub fn cycle_of_terms(prior: &str, file: &str, path: &[&str], lines: &[u32], span: Span) -> Diagnostic {
    let shown: Vec<&str> = path.iter().copied().take(8).collect();
    let rest = if path.len() > shown.len() { " -> …" } else { "" };
    let mut found =
        Diagnostic::new(Code::E0401, format!("term `{}` of prior `{prior}` is its own ancestor", path[0]))
            .at(span, "used as a hierarchy here")
            .note(format!("the cycle is {}{rest} -> {}", shown.join(" -> "), path[0]));
    for (line, pair) in lines.iter().zip(path.iter().zip(path.iter().cycle().skip(1))).take(5) {
        found = found.note(format!("{file}:{line}: `{}` below `{}`", pair.0, pair.1));
    }
    found.help("remove one of these lines: a hierarchy must be acyclic")
}

/// W0413: terms below the levels kept.
pub fn deeper_than_depth(prior: &str, depth: usize, terms: &[&str], span: Span) -> Diagnostic {
    let count = if terms.len() == 1 { "one term".to_string() } else { format!("{} terms", terms.len()) };
    Diagnostic::new(Code::W0413, format!("{count} of prior `{prior}` lie deeper than `depth = {depth}`"))
        .at(span, "cut here")
        .note(format!("for example {}", listed(terms, 5)))
        .help("their members move to the nearest ancestors that stay; raise `depth` to keep the terms")
}

/// E0106: members carried to ancestors that are not known.
pub fn propagates_nowhere(prior: &str, declared: Span, link: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("prior `{prior}` propagates members, and the layer has no hierarchy"),
    )
    .at(link, "joined to a layer without `hierarchy`")
    .at(declared, "`propagate = true` here")
    .help("give the layer a `hierarchy`, or remove `propagate`")
}

/// E0207: weights of pairs that propagation makes.
pub fn propagates_weights(prior: &str, declared: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("prior `{prior}` has weights or signs, which cannot be propagated"))
        .at(declared, "`propagate = true` here")
        .help("carry members to ancestors in the file, with a weight for each pair, or leave one of the two out")
}

/// E0306: a table of which no column is a node.
pub fn no_column_matches(table: &str, columns: &[ColumnRef], nodes: &[String], span: Span) -> Diagnostic {
    let columns: Vec<&str> = columns.iter().map(|column| column.column.as_str()).collect();
    Diagnostic::new(Code::E0306, format!("no column of table `{table}` has the name of a node"))
        .at(span, "joined by name here")
        .note(format!("columns: {}", listed(&columns, 5)))
        .note(format!("nodes: {}", listed(nodes, 5)))
        .help("names are compared letter by letter; declare the columns, `column * : continuous`, and give both the same naming")
}

/// W0307: some columns have no node.
pub fn columns_unmatched(table: &str, alone: &[&str], all: usize, span: Span) -> Diagnostic {
    let count = alone.len();
    let have = if count == 1 { "has" } else { "have" };
    Diagnostic::new(
        Code::W0307,
        format!("{count} of {all} columns of table `{table}` {have} no node of that name"),
    )
    .at(span, "joined by name here")
    .note(format!("for example {}", listed(alone, 5)))
    .help("they are left out; `unmatched = ignore` accepts this, `unmatched = error` forbids it")
}

/// E0306: columns without a node under `unmatched = error`.
pub fn columns_forbidden(table: &str, alone: &[&str], span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0306, format!("columns of table `{table}` have no node of that name"))
        .at(span, "`unmatched = error` holds here")
        .note(format!("for example {}", listed(alone, 5)))
        .help("correct the names, or write `unmatched = drop`")
}

/// E0111: more nodes than a graph may have.
pub fn too_many_nodes(nodes: usize, most: usize, model: Span) -> Diagnostic {
    Diagnostic::new(Code::E0111, format!("the graph has {nodes} nodes; {most} are the most"))
        .at(model, "of this model")
        .help("cut hierarchies with `root` and `depth`, or sets with `min_size`")
}
