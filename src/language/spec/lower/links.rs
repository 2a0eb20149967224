//! `link FROM -> TO via … { … }`.

use super::Lowering;
use super::scope::Thing;
use crate::language::spec::{InlineEdge, Link, PriorId, Unmatched, Via, error};
use crate::language::syntax::ast::{self, Call, Item, ItemKind, Path, Value, ValueKind};

const POLICIES: [(&str, Unmatched); 3] =
    [("drop", Unmatched::Drop), ("ignore", Unmatched::Ignore), ("error", Unmatched::Error)];

impl<'a> Lowering<'a> {
    pub(super) fn link(&mut self, item: &'a Item) -> Option<Link> {
        let ItemKind::Link { from, to, via, edges, fields } = &item.kind else { return None };
        let (from, to) = (self.endpoints(from), self.link_targets(to));
        let (owner, sized, named) = match via.as_ref().map(|via| &via.value) {
            Some(ValueKind::Path(_)) => ("`link` via a prior", true, true),
            Some(_) => ("`link` via a window", true, false),
            None if edges.is_empty() => ("`link` without `via`", false, false),
            None => ("`link` with edges", false, true),
        };
        let mut fields = self.fields(owner, item.span, fields);
        let (mut min_size, mut max_size, mut unmatched) = (0, usize::MAX, None);
        if sized {
            min_size = self.count(&mut fields, "min_size", 0).unwrap_or(0);
            max_size = self.count(&mut fields, "max_size", 1).unwrap_or(usize::MAX);
        }
        if named {
            unmatched = self.choice(&mut fields, "unmatched", &POLICIES);
        }
        self.refuse(
            &mut fields,
            &[
                ("weights", "leave the edges' weights to training, as is the default"),
                ("sign", "leave the edges' signs to training, as is the default"),
                ("randomize", "permute the file beforehand"),
                ("max_genes", "use a narrower window"),
            ],
        );
        self.finish(fields);
        let via = match (via, edges.is_empty()) {
            (Some(via), true) => self.via(via),
            (Some(via), false) => {
                self.report(error::given_twice(
                    "the source of a link's edges",
                    via.span,
                    edges[0].from[0].span,
                ));
                None
            }
            (None, false) => self.inline(edges),
            (None, true) => Some(Via::AllToAll),
        }?;
        let default = if matches!(via, Via::Inline(_)) { Unmatched::Error } else { Unmatched::Drop };
        let unmatched = unmatched.unwrap_or(default);
        Some(Link { from: from?, to: to?, via, min_size, max_size, unmatched, span: item.span })
    }

    fn via(&mut self, via: &'a Value) -> Option<Via> {
        match &via.value {
            ValueKind::Path(path) => Some(Via::Prior(self.prior_ref(path)?, via.span)),
            ValueKind::Call(call) if call.name.value == "window" => self.window(call),
            ValueKind::Call(call) if call.name.value == "eqtl" => {
                self.report(error::not_in_this_version(
                    "`via eqtl`",
                    "scan beforehand and give the links as a prior",
                    via.span,
                ));
                None
            }
            ValueKind::Call(call) => {
                let known = ["window"];
                self.report(error::unknown_word("rule for links", &call.name.value, call.name.span, &known));
                None
            }
            _ => {
                self.report(error::wrong_type(
                    "via",
                    "a prior, or `window(PRIOR, upstream = 10kb)`",
                    via.span,
                ));
                None
            }
        }
    }

    fn window(&mut self, call: &'a Call) -> Option<Via> {
        let (unnamed, mut named) = self.arguments(call);
        let upstream = self.length(&mut named, "upstream").unwrap_or(0);
        let downstream = self.length(&mut named, "downstream").unwrap_or(0);
        self.finish(named);
        let (first, rest) =
            unnamed.split_first().map_or((None, &[][..]), |(first, rest)| (Some(*first), rest));
        let mut nearest = false;
        for word in rest {
            nearest |= self.as_choice("word in `window(…)`", word, &[("nearest", true)])?;
        }
        let Some(ValueKind::Path(path)) = first.map(|value| &value.value) else {
            self.report(error::required(
                "`window(…)`",
                "a prior of intervals",
                "window(genes, upstream = 10kb)",
                call.span,
            ));
            return None;
        };
        Some(Via::Window { prior: self.prior_ref(path)?, upstream, downstream, nearest, span: call.span })
    }

    fn prior_ref(&mut self, path: &Path) -> Option<PriorId> {
        let name = &path.segments[0];
        match self.scope.get(&name.value) {
            Some(Thing::Prior(prior)) => Some(prior),
            Some(other) => {
                let known = self.scope.names(|thing| matches!(thing, Thing::Prior(_)));
                self.report(error::wrong_kind(&name.value, other.described(), "a prior", name.span, known));
                None
            }
            None => {
                let priors = self.scope.names(|thing| matches!(thing, Thing::Prior(_)));
                self.report_undefined("prior", name, &priors);
                None
            }
        }
    }

    fn inline(&mut self, edges: &'a [ast::Edge]) -> Option<Via> {
        let mut pairs = Vec::new();
        for edge in edges {
            if let Some(weight) = &edge.weight {
                self.report(error::not_in_this_version(
                    "a weight on an edge (`@`)",
                    "leave it to training",
                    weight.span,
                ));
                return None;
            }
            for to in &edge.to {
                pairs.extend(edge.from.iter().map(|from| InlineEdge { from: from.clone(), to: to.clone() }));
            }
        }
        Some(Via::Inline(pairs))
    }
}
