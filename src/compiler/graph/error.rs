//! Wording of everything that resolving and checking can find wrong.

use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic, listed};
use crate::language::source::Span;

/// E0306: a prior of which nothing matches.
pub fn nothing_matches(
    prior: &str,
    side: &str,
    prior_ids: &[&str],
    layer_ids: &[&str],
    span: Span,
) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(Code::E0306, format!("no identifier of prior `{prior}` matches {side}"))
            .at(span, "joined here")
            .note(format!("the prior has {}", listed(prior_ids, 5)))
            .note(format!("{side} has {}", listed(layer_ids, 5)));
    if let Some(hint) = naming_hint(prior_ids, layer_ids) {
        diagnostic = diagnostic.note(hint);
    }
    diagnostic.help("identifiers are compared letter by letter: give both sides the same naming")
}

/// W0307: some identifiers of a prior match nothing.
pub fn some_unmatched(
    prior: &str,
    side: &str,
    unmatched: usize,
    all: usize,
    examples: &[&str],
    span: Span,
) -> Diagnostic {
    let share = 100.0 * unmatched as f64 / all.max(1) as f64;
    Diagnostic::new(
        Code::W0307,
        format!("{unmatched} of {all} identifiers of prior `{prior}` ({share:.0} %) are not in {side}"),
    )
    .at(span, "joined here")
    .note(format!("for example {}", listed(examples, 5)))
    .help("they are left out; `unmatched = ignore` accepts this, `unmatched = error` forbids it")
}

/// E0306 under `unmatched = error`.
pub fn unmatched_forbidden(
    prior: &str,
    side: &str,
    unmatched: usize,
    examples: &[&str],
    span: Span,
) -> Diagnostic {
    Diagnostic::new(Code::E0306, format!("{unmatched} identifiers of prior `{prior}` are not in {side}"))
        .at(span, "`unmatched = error` holds here")
        .note(format!("for example {}", listed(examples, 5)))
        .help("correct the identifiers, or write `unmatched = drop`")
}

/// W0312: identifiers that would match without a version suffix.
pub fn version_suffix(prior: &str, count: usize, example: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::W0312,
        format!("{count} identifiers of prior `{prior}` would match without their version suffix"),
    )
    .at(span, "joined here")
    .note(format!("for example `{example}`"))
    .help("remove the suffix from one side; identifiers are never split")
}

/// E0305: an identifier that names several variants is referred to.
pub fn ambiguous_variant(id: &str, count: usize, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0305, format!("variant id `{id}` stands for {count} variants"))
        .at(span, "referred to by id here")
        .help("give the variants unique ids, for example `plink2 --set-all-var-ids @:#:$r:$a`")
}

/// E0401: a cycle of links.
pub fn cycle(path: &[String], links: &[Span]) -> Diagnostic {
    let first = path.first().map_or("", String::as_str);
    let message = if path.len() == 1 {
        format!("layer `{first}` reads itself")
    } else {
        format!("layer `{first}` feeds itself through {} links", links.len())
    };
    let mut diagnostic = Diagnostic::new(Code::E0401, message);
    for (place, link) in links.iter().enumerate().rev() {
        let text = if place + 1 == links.len() { "this link closes the cycle" } else { "part of the cycle" };
        diagnostic = diagnostic.at(*link, text);
    }
    let mut shown: Vec<String> = path.to_vec();
    shown.extend(path.first().cloned());
    diagnostic
        .note(format!("the cycle is {}", shown.join(" -> ")))
        .help("a network must be acyclic: give the second reader a layer of its own, under another name")
}

/// E0402: a node linked to itself.
pub fn self_link(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0402, format!("`{name}` is linked to itself"))
        .at(span, "from and to are the same node")
        .help("remove this edge")
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
    Diagnostic::new(Code::W0403, format!("prior `{prior}` repeats {count} pairs"))
        .at(span, "read from here")
        .note(format!("for example {example}"))
        .help("each pair is kept once and has one weight")
}

/// E0405: a trait that nothing reaches.
pub fn trait_unreachable(column: &str, span: Span, pruned: &[&str]) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(Code::E0405, format!("no variant and no covariate reaches trait `{column}`"))
            .at(span, "nothing to predict from");
    if !pruned.is_empty() {
        diagnostic = diagnostic.note(format!("left without inputs: {}", listed(pruned, 5)));
    }
    diagnostic.help("link the nodes after `from` to variants, through a prior or directly")
}

/// W0406: nodes that reach no output.
pub fn no_output(layer: &str, names: &[&str], span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::W0406,
        format!("{} of layer `{layer}` reach no trait and are left out", nodes(names.len())),
    )
    .at(span, "nothing reads them")
    .note(format!("for example {}", listed(names, 5)))
    .help(format!("read them: `link {layer}.unmapped -> …`, or leave it so"))
}

/// W0407: nodes that no input reaches.
pub fn no_input(layer: &str, names: &[&str], span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::W0407,
        format!("{} of layer `{layer}` are reached by no variant and are left out", nodes(names.len())),
    )
    .at(span, "no variant reaches them")
    .note(format!("for example {}", listed(names, 5)))
    .help("widen the window, or check that the prior's names are those of the variants")
}

/// E0408: a layer that got no node.
pub fn layer_empty(layer: &str, span: Span, linked: bool) -> Diagnostic {
    let help = if linked {
        "its nodes come from the priors of the links that reach it: give such a link a `via PRIOR`"
    } else {
        "link something to it: its nodes come from what reaches it"
    };
    Diagnostic::new(Code::E0408, format!("layer `{layer}` has no nodes")).at(span, "empty").help(help)
}

/// W0409: sets outside the size limits.
pub fn outside_size(prior: &str, small: usize, large: usize, examples: &[&str], span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::W0409,
        format!(
            "{} sets of prior `{prior}` are left out: {small} too small, {large} too large",
            small + large
        ),
    )
    .at(span, "size limits of this link, counted on matched members")
    .note(format!("for example {}", listed(examples, 5)))
    .help("change `min_size` and `max_size` to keep them")
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
    .help("use the prior on layers of its own kinds, or correct the kinds after its `:`")
}

/// E0411: a prior that matches only when read the other way round.
pub fn reversed(prior: &str, matches: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0411,
        format!("prior `{prior}` matches only when reversed ({matches} identifiers)"),
    )
    .at(span, "source and target look swapped")
    .help("swap `source` and `target` of the prior, or the two sides of the link")
}

/// E0414: an input that nothing reads.
pub fn input_unread(what: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0414, format!("{what} `{name}` is linked to nothing"))
        .at(span, "never read")
        .help(format!("add a `link {name} -> …`, or remove the item"))
}

/// W0416: nodes that read exactly the same.
pub fn same_members(layer: &str, groups: &[String], count: usize, span: Span) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::W0416,
        format!("{} of layer `{layer}` read exactly what another one reads", nodes(count)),
    )
    .at(span, "cannot be told apart");
    for group in groups.iter().take(5) {
        diagnostic = diagnostic.note(group.clone());
    }
    diagnostic.help("their importances are shared: interpret them together, or keep one of each")
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

/// E0505: a supervised node of several units.
pub fn supervised_width(node: &str, width: usize, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0505, format!("`{node}` has {width} units, a measured column has one value"))
        .at(span, "supervised here")
        .help("give the layer `width = 1`")
}

/// E0605: supervised nodes of which none has a column of its name.
pub fn supervise_matches_nothing(nodes: &[&str], columns: &[&str], span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0605, "no supervised node has a column of its name".to_string())
        .at(span, "paired by name")
        .note(format!("nodes: {}", listed(nodes, 5)))
        .note(format!("columns: {}", listed(columns, 5)))
        .help("nodes and columns pair by name, never by order: rename one side")
}

/// W0606: some supervised nodes or columns without a partner.
pub fn supervise_some_unmatched(nodes: &[&str], columns: &[&str], span: Span) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::W0606,
        format!("{} supervised nodes have no column, {} columns have no node", nodes.len(), columns.len()),
    )
    .at(span, "paired by name");
    for (what, names) in [("nodes", nodes), ("columns", columns)] {
        if !names.is_empty() {
            diagnostic = diagnostic.note(format!("{what} without a partner: {}", listed(names, 5)));
        }
    }
    diagnostic.help("those without a partner are not supervised")
}

/// E0201: an inline edge that names something unknown.
pub fn unknown_in_edge<'a>(
    name: &str,
    place: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(Code::E0201, format!("`{name}` is not in {place}")).at(span, "no such name");
    if let Some(help) = did_you_mean(name, known) {
        diagnostic = diagnostic.help(help);
    }
    diagnostic
}

fn nodes(count: usize) -> String {
    if count == 1 { "one node".to_string() } else { format!("{count} nodes") }
}

/// The commonest reasons why two namings of the same things differ.
fn naming_hint(left: &[&str], right: &[&str]) -> Option<String> {
    let equal =
        |change: &dyn Fn(&str) -> String| left.iter().any(|l| right.iter().any(|r| change(l) == change(r)));
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
        .help("put a genotype set left of `->`")
}
