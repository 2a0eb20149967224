//! Wording of weights and signs of single edges.
//!
//! What is given and not used is an error: a number in a file that changes nothing misleads.

use crate::language::diagnostics::{Code, Diagnostic, listed};
use crate::language::source::Span;

/// E0106: weights that the link does not use.
pub fn weights_unused(giver: &str, link: Span, given: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, format!("{giver} gives weights, and nothing says what they are for"))
        .at(link, "no `weights` here")
        .at(given, "weights come from here")
        .help("write `weights = fixed` or `weights = init` on the link, or leave the weights out")
}

/// E0106: signs that the link does not use.
pub fn signs_unused(giver: &str, link: Span, given: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, format!("{giver} gives signs, and nothing says what they are for"))
        .at(link, "no `sign` here")
        .at(given, "signs come from here")
        .help("write `sign = hard` or `sign = soft` on the link, or leave the signs out")
}

/// E0106: a rule without the numbers that it needs.
pub fn weights_missing(giver: &str, key: &str, link: Span, giver_span: Span) -> Diagnostic {
    let (what, example) = match key {
        "weights" => ("weights", "`weight = \"COLUMN\"` on the prior, or `@ 0.5` behind each edge"),
        _ => {
            ("signs", "`sign = \"COLUMN\"` or `weight = \"COLUMN\"` on the prior, or `@ -1` behind each edge")
        }
    };
    let found = Diagnostic::new(Code::E0106, format!("`{key}` needs {what}, and {giver} gives none"))
        .at(link, format!("asks for {what}"));
    let found = if giver_span == link { found } else { found.at(giver_span, "none given here") };
    found.help(format!("give them: {example}"))
}

/// E0106: a block in which only some edges have a weight.
pub fn some_edges_without_weight(bare: Span, weighted: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, "some edges of this link have a weight and others have none")
        .at(bare, "no `@` here")
        .at(weighted, "a weight here")
        .help("give every edge of the link a weight, or put the others into a link of their own")
}

/// E0105: a sign beside a rule that decides it.
pub fn sign_has_no_effect(link: Span) -> Diagnostic {
    Diagnostic::new(Code::E0105, "`sign` has no effect where weights are fixed or positive")
        .at(link, "both given here")
        .help("remove `sign`")
}

/// E0207: a rule into nodes with several layers of their own.
pub fn rule_into_private_network(layer: &str, link: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0207,
        format!("`{layer}` has private networks, in which an edge has many weights and not one"),
    )
    .at(link, "`weights` or `sign` given here")
    .help(format!("give `{layer}` no `network`, or drop the weights and signs of this link"))
}

/// E0501: a rule on an edge between nodes of several units.
pub fn rule_on_wide_nodes(name: &str, width: usize, link: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0501,
        format!("nodes of `{name}` have {width} units, so that an edge has several weights and not one"),
    )
    .at(link, "`weights` or `sign` given here")
    .help(format!("give `{name}` a width of 1, or drop the weights and signs of this link"))
}

/// E0207: a rule on edges into a node that has no map of its own.
pub fn rule_into_read_out(node: &str, layer: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("`{node}` is the read-out of its traits, one weight a trait"))
        .at(layer, "linear, and read by `predict` alone")
        .help("drop `weights` and `sign` of the links into it, or give the node an activation")
}

/// E0404: weights on the wrong side of their signs.
pub fn weights_against_signs(giver: &str, edges: &[String], link: Span) -> Diagnostic {
    let count = if edges.len() == 1 { "one weight".to_string() } else { format!("{} weights", edges.len()) };
    Diagnostic::new(Code::E0404, format!("{giver} gives {count} on the other side of 0 than the sign"))
        .at(link, "both used here")
        .note(format!("for example {}", edges[..edges.len().min(5)].join(", ")))
        .help("correct the weight or the sign")
}

/// E0404: one edge with two weights or signs.
pub fn weights_disagree(edges: &[&str], first: Span, second: Span) -> Diagnostic {
    let message = match edges.len() {
        1 => format!("the edge {} is given two weights or signs", edges[0]),
        count => format!("{count} edges are given two weights or signs each"),
    };
    let mut found = Diagnostic::new(Code::E0404, message).at(second, "given again here");
    if first != second {
        found = found.at(first, "first given here");
    }
    if edges.len() > 1 {
        found = found.note(format!("for example {}", edges[..edges.len().min(5)].join(", ")));
    }
    found.help("an edge has one weight: keep one of the two")
}

/// W0309: signed effects of variants whose strand cannot be told.
pub fn strand_ambiguous(giver: &str, variants: &[String], link: Span) -> Diagnostic {
    let count = variants.len();
    let (are, have) = if count == 1 { ("variant is", "has") } else { ("variants are", "have") };
    Diagnostic::new(
        Code::W0309,
        format!("{count} {are} A/T or C/G and {have} a signed weight from {giver}"),
    )
    .at(link, "signs used here")
    .note(format!("for example {}", listed(variants, 5)))
    .help("on the other strand such an allele pair looks the same and the sign is wrong: leave these out, or check the strand")
}

/// W0418: what feeds more targets than `max_genes`.
pub fn feeds_too_many(names: &[&str], most: usize, link: Span) -> Diagnostic {
    let count = names.len();
    let message = match count {
        1 => format!("one name on the left side feeds more than {most} targets and is left out of this link"),
        _ => format!(
            "{count} names on the left side feed more than {most} targets and are left out of this link"
        ),
    };
    Diagnostic::new(Code::W0418, message)
        .at(link, format!("`max_genes = {most}` holds here"))
        .note(format!("for example {}", listed(names, 5)))
        .help("raise `max_genes`, or remove it to keep all")
}
