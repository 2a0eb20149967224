//! Wording of joins: what is said when names, kinds or positions do not meet.
//!
//! Examples stand in notes, five at most, and counts in the message.

use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic, listed};
use crate::language::source::Span;

/// E0306: a side of a link of which a prior knows no name.
pub fn nothing_matches(
    prior: &str,
    side: &str,
    prior_ids: &[String],
    side_ids: &[String],
    span: Span,
) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(Code::E0306, format!("no identifier of prior `{prior}` matches {side}"))
            .at(span, "joined here")
            .note(format!("in the prior: {}", listed(prior_ids, 5)))
            .note(format!("in the link: {}", listed(side_ids, 5)));
    if let Some(hint) = naming_hint(prior_ids, side_ids) {
        diagnostic = diagnostic.note(hint);
    }
    diagnostic.help("identifiers are compared letter by letter: give both sides the same naming")
}

/// E0306: no interval of a prior has the name of a node that may be there.
pub fn no_interval_left(prior: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0306, format!("no interval of prior `{prior}` has the name of a measured node"))
        .at(span, "joined here")
        .help("nodes have the names of the table's columns: give the prior and the table the same naming")
}

/// W0307: some identifiers of a prior match nothing.
pub fn some_unmatched(prior: &str, side: &str, unmatched: &[&str], all: usize, span: Span) -> Diagnostic {
    let count = unmatched.len();
    let share = 100.0 * count as f64 / all.max(1) as f64;
    let verb = if count == 1 { "is" } else { "are" };
    Diagnostic::new(
        Code::W0307,
        format!("{count} of {all} identifiers of prior `{prior}` ({share:.0} %) {verb} not in {side}"),
    )
    .at(span, "joined here")
    .note(format!("for example {}", listed(unmatched, 5)))
    .help("they are left out; `unmatched = ignore` accepts this, `unmatched = error` forbids it")
}

/// W0307: hand-named nodes of which a prior has no set.
pub fn nodes_without_sets(prior: &str, nodes: &[String], sets: &[String], span: Span) -> Diagnostic {
    Diagnostic::new(Code::W0307, format!("prior `{prior}` has nothing for {}", listed(nodes, 5)))
        .at(span, "joined here")
        .note(format!("in the prior: {}", listed(sets, 5)))
        .help("they get no edge from this link; `unmatched = ignore` accepts this")
}

/// W0307: edges of a block whose sources are unknown, under `unmatched = drop`.
pub fn edges_left_out(side: &str, names: &[&str], span: Span) -> Diagnostic {
    Diagnostic::new(Code::W0307, format!("edges are left out: {} not in {side}", are_listed(names)))
        .at(span, "`unmatched = drop` holds here")
        .help("`unmatched = ignore` accepts this; without it, an unknown name is an error")
}

/// E0306 under `unmatched = error`.
pub fn unmatched_forbidden(prior: &str, side: &str, unmatched: &[&str], span: Span) -> Diagnostic {
    let (count, of) = (unmatched.len(), format!("of prior `{prior}`"));
    let message = match count {
        1 => format!("one identifier {of} is not in {side}"),
        _ => format!("{count} identifiers {of} are not in {side}"),
    };
    Diagnostic::new(Code::E0306, message)
        .at(span, "`unmatched = error` holds here")
        .note(format!("for example {}", listed(unmatched, 5)))
        .help("correct the identifiers, or write `unmatched = drop`")
}

/// E0306: a `where` that nothing passes.
pub fn filter_keeps_nothing(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0306, format!("nothing in `{name}` passes this filter"))
        .at(span, "keeps nothing")
        .help("identifiers are compared letter by letter; all comparisons must hold")
}

/// W0312: identifiers that would match without a version suffix.
pub fn version_suffix(prior: &str, ids: &[&str], span: Span) -> Diagnostic {
    let message = match ids.len() {
        1 => format!("one identifier of prior `{prior}` would match without its version suffix"),
        count => format!("{count} identifiers of prior `{prior}` would match without their version suffixes"),
    };
    Diagnostic::new(Code::W0312, message)
        .at(span, "joined here")
        .note(format!("for example {}", listed(ids, 5)))
        .help("remove the suffix from one side; identifiers are never split")
}

/// E0305: identifiers that name several variants are referred to.
pub fn ambiguous_variant(id: &str, variants: usize, ids: usize, span: Span) -> Diagnostic {
    let others = match ids {
        0 | 1 => String::new(),
        2 => ", and so does another id".to_string(),
        _ => format!(", and so do {} other ids", ids - 1),
    };
    Diagnostic::new(Code::E0305, format!("variant id `{id}` stands for {variants} variants{others}"))
        .at(span, "referred to by id here")
        .help("give the variants unique ids, for example `plink2 --set-all-var-ids @:#:$r:$a`")
}

/// W0403: an edge that stands more than once.
pub fn duplicate_edges(count: usize, example: &str, span: Span) -> Diagnostic {
    let edges = if count == 1 { "one edge stands".to_string() } else { format!("{count} edges stand") };
    Diagnostic::new(Code::W0403, format!("{edges} more than once"))
        .at(span, "given again here")
        .note(format!("for example {example}"))
        .help("an edge set is a set: each edge is kept once and has one weight")
}

/// W0403 for pairs folded inside a file.
pub fn folded_pairs(prior: &str, count: usize, example: &str, span: Span) -> Diagnostic {
    let pairs = if count == 1 { "one pair".to_string() } else { format!("{count} pairs") };
    Diagnostic::new(Code::W0403, format!("prior `{prior}` repeats {pairs}"))
        .at(span, "read from here")
        .note(format!("for example {example}"))
        .help("each pair is kept once and has one weight")
}

/// W0409: sets outside the size limits.
pub fn outside_size(prior: &str, small: &[&str], large: &[&str], span: Span) -> Diagnostic {
    let count = small.len() + large.len();
    let sets = if count == 1 { "one set".to_string() } else { format!("{count} sets") };
    let verb = if count == 1 { "is" } else { "are" };
    let mut diagnostic = Diagnostic::new(
        Code::W0409,
        format!("{sets} of prior `{prior}` {verb} left out by the size limits of this link"),
    )
    .at(span, "sizes are counted on matched members");
    for (what, names) in [("too small", small), ("too large", large)] {
        if !names.is_empty() {
            diagnostic = diagnostic.note(format!("{what}: {}", listed(names, 5)));
        }
    }
    diagnostic.help("to keep them, change `min_size` or `max_size`")
}

/// W0508: every pair, where a prior knows which ones.
pub fn dense_beside_a_prior(
    prior: &str,
    edges: usize,
    pairs: usize,
    span: Span,
    declared: Span,
) -> Diagnostic {
    let share = 100.0 * pairs as f64 / edges.max(1) as f64;
    let message = format!(
        "this link joins everything with everything, {edges} edges; prior `{prior}` has {share:.2} % of them"
    );
    Diagnostic::new(Code::W0508, message)
        .at(span, "all-to-all")
        .at(declared, "relates the same kinds")
        .help(format!("write `via {prior}`, or `allow = W0508` where a dense link is meant"))
}

/// E0410: a prior that relates other kinds than the link joins.
pub fn other_kinds(
    prior: &str,
    relates: (&str, &str),
    joins: (&str, &str),
    span: Span,
    prior_span: Span,
) -> Diagnostic {
    Diagnostic::new(
        Code::E0410,
        format!(
            "prior `{prior}` relates {} to {}, the link joins {} to {}",
            relates.0, relates.1, joins.0, joins.1
        ),
    )
    .at(span, "joined here")
    .at(prior_span, "declared here")
    .help("use the prior on layers of its own kinds, or correct the kinds that it relates")
}

/// E0411: a prior that matches only when read the other way round.
pub fn reversed(prior: &str, matches: usize, span: Span) -> Diagnostic {
    let ids = if matches == 1 { "one identifier".to_string() } else { format!("{matches} identifiers") };
    Diagnostic::new(Code::E0411, format!("prior `{prior}` matches only when reversed ({ids})"))
        .at(span, "source and target look swapped")
        .help("swap `source` and `target` of the prior, or the two sides of the link")
}

/// E0417: intervals that no variant falls into.
pub fn window_empty(prior: &str, intervals: usize, variants: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0417,
        format!(
            "none of {variants} variants lies within reach of the {intervals} intervals of prior `{prior}`"
        ),
    )
    .at(span, "this window")
    .help("widen it (`upstream = 250kb`), and check that both use the same assembly")
}

/// E0903: a categorical covariate that does not vary.
pub fn one_level(column: &str, level: Option<&str>, span: Span) -> Diagnostic {
    let message = match level {
        Some(level) => format!("the categorical column `{column}` has `{level}` as its only level"),
        None => format!("the categorical column `{column}` has no value at all"),
    };
    Diagnostic::new(Code::E0903, message)
        .at(span, "read as an input here")
        .help("remove it from the link: what does not differ between samples explains nothing")
}

/// E0201: an inline edge that names something unknown.
pub fn unknown_in_edge(name: &str, place: &str, span: Span, known: &[&str]) -> Diagnostic {
    let help = did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("there are {}: names are compared letter by letter", listed(known, 5)));
    Diagnostic::new(Code::E0201, format!("`{name}` is not in {place}")).at(span, "no such name").help(help)
}

fn are_listed(names: &[&str]) -> String {
    format!("{} {}", listed(names, 5), if names.len() == 1 { "is" } else { "are" })
}

/// The commonest reasons why two namings of the same things differ.
fn naming_hint(left: &[String], right: &[String]) -> Option<String> {
    let equal = |change: &dyn Fn(&str) -> String| {
        let changed: std::collections::BTreeSet<String> = right.iter().map(|id| change(id)).collect();
        left.iter().any(|id| changed.contains(&change(id)))
    };
    if equal(&|id| id.to_uppercase()) {
        return Some("they match when upper and lower case are not told apart".to_string());
    }
    if equal(&|id| id.split('.').next().unwrap_or(id).to_string()) {
        return Some("they match without what follows a dot, such as a version".to_string());
    }
    None
}

/// E0207: pairs are wanted, the prior holds intervals.
pub fn needs_window(prior: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("prior `{prior}` holds intervals, not pairs of names"))
        .at(span, "pairs are wanted here")
        .help(format!("join by position: `via window({prior}, upstream = 10kb, downstream = 10kb)`"))
}

/// E0207: intervals are wanted, the prior holds pairs.
pub fn needs_intervals(prior: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("prior `{prior}` holds pairs of names, not intervals"))
        .at(span, "positions are wanted here")
        .help(format!("join by name: `via {prior}`"))
}

/// E0207: a window on something without positions.
pub fn window_needs_variants(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("`{name}` has no positions: a window joins variants"))
        .at(span, "not a genotype set")
        .help("link a genotype set by it")
}
