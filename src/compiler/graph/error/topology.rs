//! Wording of what a graph is: cycles, reach, empty layers, widths, supervised nodes.
//!
//! Layers and nodes written by hand are told apart: only a layer has several nodes.

use crate::language::diagnostics::{Code, Diagnostic, listed};
use crate::language::source::Span;

/// E0401: a cycle of links. `what` is the first of them: a layer or a node.
pub fn cycle(what: &str, path: &[String], links: &[Span]) -> Diagnostic {
    let first = path.first().map_or("", String::as_str);
    let message = if path.len() == 1 {
        format!("{what} `{first}` reads itself")
    } else {
        format!("{what} `{first}` feeds itself through {} links", links.len())
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
        .help("a network must be acyclic: remove one of the links, or let it reach a layer of another name")
}

/// E0401: what `.unmapped` stands for depends on what it is linked to.
pub fn unmapped_of_itself(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0401, "what is unmapped here depends on this link itself")
        .at(span, "`.unmapped` is what no other link reads")
        .help("name the nodes wanted by `where id in [...]`, or link the whole layer")
}

/// E0402: a node linked to itself.
pub fn self_link(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0402, format!("node `{name}` is linked to itself"))
        .at(span, "from and to are the same node")
        .help("remove it: a node cannot read its own value")
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
pub fn no_output(layer: Option<&str>, names: &[&str], span: Span) -> Diagnostic {
    let help = match layer {
        Some(layer) => format!("to keep them, link them on: `link {layer}.unmapped -> …`"),
        None => format!("to keep it, link it on: `link {} -> …`", names[0]),
    };
    left_out(Code::W0406, layer, names, span, ("reaches", "reach"), "no trait", "nothing reads").help(help)
}

/// W0407: nodes that no input reaches.
pub fn no_input(layer: Option<&str>, names: &[&str], span: Span) -> Diagnostic {
    let help = match layer {
        Some(_) => "link variants to what they read, through a prior or by `.unmapped`".to_string(),
        None => format!("link something to it: `link … -> {}`, or remove it", names[0]),
    };
    left_out(
        Code::W0407,
        layer,
        names,
        span,
        ("reads", "read"),
        "no input",
        "no variant or covariate reaches",
    )
    .help(help)
}

/// Nodes of a layer, or one hand-named node, that are left out.
fn left_out(
    code: Code,
    layer: Option<&str>,
    names: &[&str],
    span: Span,
    (verb, verbs): (&str, &str),
    what: &str,
    label: &str,
) -> Diagnostic {
    match (layer, names) {
        (None, _) => Diagnostic::new(code, format!("node `{}` {verb} {what} and is left out", names[0]))
            .at(span, format!("{label} it")),
        (Some(layer), [only]) => {
            let message = format!("node `{only}` of layer `{layer}` {verb} {what} and is left out");
            Diagnostic::new(code, message).at(span, format!("{label} it"))
        }
        (Some(layer), _) => Diagnostic::new(
            code,
            format!("{} nodes of layer `{layer}` {verbs} {what} and are left out", names.len()),
        )
        .at(span, format!("{label} them"))
        .note(format!("for example {}", listed(names, 5))),
    }
}

/// E0408: a layer that got no node.
pub fn layer_empty(layer: &str, span: Span, linked: bool, joined: bool) -> Diagnostic {
    let help = match (linked, joined) {
        (_, true) => "every set of the priors that reach it was left out: see the warnings above",
        (true, false) => "its nodes come from priors: give a link that reaches it a `via PRIOR`",
        (false, false) => "link something to it `via PRIOR`: its nodes come from what reaches it",
    };
    Diagnostic::new(Code::E0408, format!("layer `{layer}` has no nodes")).at(span, "empty").help(help)
}

/// E0414: an input that nothing reads.
pub fn input_unread(what: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0414, format!("{what} `{name}` is linked to nothing"))
        .at(span, "never read")
        .help(format!("add a `link {name} -> …`, or remove the item"))
}

/// W0415: nodes that each read most of what their layer reads, with how many variants each.
pub fn hubs(layer: &str, hubs: &[(&str, usize)], all: usize, span: Span) -> Diagnostic {
    let message = match hubs {
        [(name, reads)] => {
            format!("node `{name}` of layer `{layer}` reads {reads} of the layer's {all} variants")
        }
        _ => {
            format!("{} nodes of layer `{layer}` each read more than half of its {all} variants", hubs.len())
        }
    };
    let mut diagnostic = Diagnostic::new(Code::W0415, message).at(span, "more than half in one node");
    if hubs.len() > 1 {
        let names: Vec<&str> = hubs.iter().map(|(name, _)| *name).collect();
        diagnostic = diagnostic.note(format!("for example {}", listed(&names, 5)));
    }
    let them = if hubs.len() > 1 { "them" } else { "it" };
    diagnostic.help(format!(
        "look {them} up in the prior: a placeholder, or a set of everything? `max_size` on the link leaves {them} out"
    ))
}

/// W0416: nodes that read exactly the same.
pub fn same_members(layer: &str, groups: &[String], count: usize, span: Span) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::W0416,
        match count {
            1 => format!("one node of layer `{layer}` reads exactly what another one reads"),
            _ => format!("{count} nodes of layer `{layer}` read exactly what others read"),
        },
    )
    .at(span, "cannot be told apart");
    for group in groups.iter().take(5) {
        diagnostic = diagnostic.note(group.clone());
    }
    diagnostic.help("their importances are shared: interpret them together, or keep one of each")
}

/// E0501: units of a last map that is left out.
pub fn unused_width(name: &str, width: usize, is_linear: bool, span: Span) -> Diagnostic {
    let feeds = if is_linear {
        "a `linear` node is the read-out"
    } else {
        "the last hidden layer feeds the read-outs"
    };
    Diagnostic::new(Code::E0501, format!("the {width} units of `{name}` are never made"))
        .at(span, "has no effect")
        .note(format!("`{name}` is read by `predict` alone and does without its last map"))
        .help(format!("remove `width`: {feeds}"))
}

/// E0505: a supervised node of several units.
pub fn supervised_width(node: &str, width: usize, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0505, format!("`{node}` has {width} units, a measured column has one value"))
        .at(span, "supervised here")
        .help("give the layer `width = 1`")
}

/// E0605: supervised nodes of which none has a column of its name.
pub fn supervise_matches_nothing(nodes: &[&str], columns: &[&str], span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0605, "no supervised node has a column of its name")
        .at(span, "paired by name")
        .note(format!("nodes: {}", listed(nodes, 5)))
        .note(format!("columns: {}", listed(columns, 5)))
        .help("nodes and columns pair by name, never by order: rename one side")
}

/// W0606: some supervised nodes or columns without a partner.
pub fn supervise_some_unmatched(nodes: &[&str], columns: &[&str], span: Span) -> Diagnostic {
    let counted = |count: usize, one: &str, more: &str| match count {
        0 => None,
        1 => Some(format!("one {one}")),
        _ => Some(format!("{count} {more}")),
    };
    let parts: Vec<String> = [
        counted(nodes.len(), "supervised node has no column", "supervised nodes have no column"),
        counted(columns.len(), "column has no node", "columns have no node"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut diagnostic = Diagnostic::new(Code::W0606, parts.join(", ")).at(span, "paired by name");
    for (what, names) in [("nodes", nodes), ("columns", columns)] {
        if !names.is_empty() {
            diagnostic = diagnostic.note(format!("{what} without a partner: {}", listed(names, 5)));
        }
    }
    diagnostic.help("those without a partner are not supervised")
}

/// E0604: a node that two `supervise` items pair with a column.
pub fn supervised_twice(name: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(Code::E0604, format!("`{name}` is supervised twice"))
        .at(second, "again here")
        .at(first, "first here")
        .help("keep one column for each node")
}
