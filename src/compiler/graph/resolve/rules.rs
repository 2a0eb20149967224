//! Weights and signs of single edges: what a link asks for, checked against what is given.
//!
//! A rule needs one weight to act on: nodes of one unit without a private network.

use super::Resolver;
use super::names::Member;
use crate::compiler::graph::{EdgeRule, EdgeSource, InputRef, NodeId, error};
use crate::language::diagnostics::Diagnostic;
use crate::language::source::Span;
use crate::language::spec::{EdgeSign, EdgeWeights, Link, Network};

/// What is given with one edge.
#[derive(Clone, Copy, Default)]
pub(super) struct Given {
    pub(super) weight: Option<f32>,
    pub(super) sign: i8,
}

/// Where weights and signs come from, for messages.
#[derive(Clone, Copy)]
pub(super) struct Giver<'n> {
    /// `prior `effects`` or `this link`.
    pub(super) name: &'n str,
    pub(super) weights: bool,
    pub(super) signs: bool,
    pub(super) span: Span,
}

/// The rule of one link, and what it met on the way.
pub(super) struct Ruling {
    weights: EdgeWeights,
    sign: EdgeSign,
    /// Variants of which a strand flip would swap the sign.
    ambiguous: Vec<String>,
    /// Edges whose weight lies on the wrong side of their sign.
    contradicting: Vec<String>,
}

impl Resolver<'_> {
    /// The rule that a link puts on its edges; `None` when it has none, or an error.
    pub(super) fn ruling(&mut self, link: &Link, targets: &[usize], giver: Giver<'_>) -> Option<Ruling> {
        let Link { weights, sign, .. } = *link;
        let takes_weights = matches!(weights, EdgeWeights::Fixed | EdgeWeights::Init);
        let signed = sign != EdgeSign::Free;
        let signs_from_weights = signed && !giver.signs;
        let mut finding: Option<Diagnostic> = None;
        if giver.weights && !takes_weights && !signs_from_weights {
            finding = Some(error::weights_unused(giver.name, link.span, giver.span));
        } else if giver.signs && !signed {
            finding = Some(error::signs_unused(giver.name, link.span, giver.span));
        } else if takes_weights && !giver.weights {
            finding = Some(error::weights_missing(giver.name, "weights", link.span, giver.span));
        } else if signed && !giver.signs && !giver.weights {
            finding = Some(error::weights_missing(giver.name, "sign", link.span, giver.span));
        } else if signed && (weights == EdgeWeights::Fixed || weights == EdgeWeights::Positive) {
            finding = Some(error::sign_has_no_effect(link.span));
        }
        let rules = weights != EdgeWeights::Free || signed;
        if finding.is_none() && rules {
            finding = self.several_weights_an_edge(targets, link.span);
        }
        let failed = finding.is_some();
        self.aside.extend(finding);
        let ruling = Ruling { weights, sign, ambiguous: Vec::new(), contradicting: Vec::new() };
        (rules && !failed).then_some(ruling)
    }

    /// Targets in which an edge has several weights, or a network of its own behind it.
    fn several_weights_an_edge(&self, targets: &[usize], span: Span) -> Option<Diagnostic> {
        targets.iter().find_map(|group| {
            let layer = &self.spec.layers[self.groups.all[*group].layer];
            let name = &self.groups.all[*group].name;
            if matches!(layer.network, Network::Fcn { .. }) {
                return Some(error::rule_into_private_network(name, span));
            }
            (layer.width.value > 1).then(|| error::rule_on_wide_nodes(name, layer.width.value, span))
        })
    }

    /// Notes the rule of one edge.
    pub(super) fn rule(&mut self, ruling: &mut Ruling, from: &Member, to: NodeId, given: Given, span: Span) {
        let sign = match given.sign {
            0 => given.weight.map_or(0, |weight| if weight > 0.0 { 1 } else { -i8::from(weight < 0.0) }),
            sign => sign,
        };
        let kept = matches!(ruling.weights, EdgeWeights::Fixed | EdgeWeights::Init);
        let weight = given.weight.filter(|_| kept);
        let side = match (ruling.weights, ruling.sign) {
            (EdgeWeights::Positive, _) => 1,
            (_, EdgeSign::Hard) => sign,
            _ => 0,
        };
        let soft = match ruling.sign {
            EdgeSign::Soft(penalty) if sign != 0 => Some((sign, penalty as f32)),
            _ => None,
        };
        if weight.is_some_and(|weight| weight * f32::from(side) < 0.0) {
            ruling.contradicting.push(format!(
                "`{}` -> `{}`",
                self.member_name(from),
                self.graph.dag[to].name
            ));
        }
        if let Member::Input(InputRef::Variant(set, at)) = from {
            let variant = &self.known.variants[*set][*at as usize];
            let signed = ruling.weights != EdgeWeights::Positive && sign != 0;
            if signed && is_strand_ambiguous(&variant.allele1, &variant.allele2) {
                ruling.ambiguous.push(variant.id.clone());
            }
        }
        let from = match from {
            Member::Node(node) => EdgeSource::Node(*node),
            Member::Input(input) => EdgeSource::Input(input.clone()),
        };
        let fixed = ruling.weights == EdgeWeights::Fixed;
        self.rules.push((EdgeRule { to, from, weight, fixed, side, soft }, span));
    }

    /// What was met while the edges of a link were ruled.
    pub(super) fn ruled(&mut self, ruling: Option<Ruling>, giver: Giver<'_>, link: Span) {
        let Some(ruling) = ruling else { return };
        if !ruling.contradicting.is_empty() {
            self.report(error::weights_against_signs(giver.name, &ruling.contradicting, link));
        }
        if !ruling.ambiguous.is_empty() {
            self.report(error::strand_ambiguous(giver.name, &ruling.ambiguous, link));
        }
    }

    fn member_name(&self, member: &Member) -> String {
        match member {
            Member::Node(node) => self.graph.dag[*node].name.to_string(),
            Member::Input(InputRef::Variant(set, at)) => self.known.variants[*set][*at as usize].id.clone(),
            Member::Input(InputRef::Covariate(at)) => self.graph.covariates[*at].1.clone(),
        }
    }

    /// Puts all rules into the graph, one an edge; E0404 where two disagree, E0501 where what is
    /// read has several units.
    ///
    /// Gives whether two disagree.
    pub(super) fn fold_rules(&mut self) -> bool {
        let mut rules = std::mem::take(&mut self.rules);
        rules.sort_by(|(a, _), (b, _)| (a.to, &a.from).cmp(&(b.to, &b.from)));
        let mut disagreeing: Vec<(String, Span, Span)> = Vec::new();
        for pair in rules.windows(2) {
            let ((one, first), (other, second)) = (&pair[0], &pair[1]);
            if (one.to, &one.from) == (other.to, &other.from) && one != other {
                let shown = format!("`{}` -> `{}`", self.source_name(&one.from), self.graph.dag[one.to].name);
                disagreeing.push((shown, *first, *second));
            }
        }
        if let Some((_, first, second)) = disagreeing.first() {
            let shown: Vec<&str> = disagreeing.iter().map(|(shown, ..)| shown.as_str()).collect();
            self.report(error::weights_disagree(&shown, *first, *second));
        }
        let width = |node: &NodeId| self.spec.layers[self.graph.dag[*node].layer].width.value;
        let wide = rules.iter().find_map(|(rule, span)| match &rule.from {
            EdgeSource::Node(node) if width(node) > 1 => {
                Some((self.spec.layers[self.graph.dag[*node].layer].name.value.clone(), width(node), *span))
            }
            _ => None,
        });
        if let Some((name, width, span)) = wide {
            self.report(error::rule_on_wide_nodes(&name, width, span));
        }
        rules.dedup_by(|(again, _), (first, _)| (again.to, &again.from) == (first.to, &first.from));
        self.graph.rules = rules.into_iter().map(|(rule, _)| rule).collect();
        !disagreeing.is_empty()
    }

    fn source_name(&self, source: &EdgeSource) -> String {
        match source {
            EdgeSource::Node(node) => self.member_name(&Member::Node(*node)),
            EdgeSource::Input(input) => self.member_name(&Member::Input(input.clone())),
        }
    }
}

/// Whether the two alleles are each other's complement: the strand cannot be told from them.
fn is_strand_ambiguous(one: &str, other: &str) -> bool {
    matches!((one, other), ("A", "T") | ("T", "A") | ("C", "G") | ("G", "C"))
}
