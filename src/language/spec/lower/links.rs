//! `link FROM -> TO via … { … }`.

use super::Lowering;
use super::fields::Fields;
use super::scope::Thing;
use crate::language::source::{Span, Spanned};
use crate::language::spec::{
    EdgeSign, EdgeWeights, Endpoint, InlineEdge, Link, Permute, PriorId, Target, Unmatched, Via, Window,
    error,
};
use crate::language::syntax::ast::{self, Call, Item, ItemKind, Path, Value, ValueKind};

const POLICIES: [(&str, Unmatched); 3] =
    [("drop", Unmatched::Drop), ("ignore", Unmatched::Ignore), ("error", Unmatched::Error)];

const WEIGHTS: [(&str, EdgeWeights); 4] = [
    ("free", EdgeWeights::Free),
    ("fixed", EdgeWeights::Fixed),
    ("init", EdgeWeights::Init),
    ("positive", EdgeWeights::Positive),
];

/// What a unit of |w| on the wrong side costs where the author gives no number.
const SOFT_SIGN: f64 = 0.1;

fn is_columns(endpoint: &Endpoint) -> bool {
    matches!(endpoint.target, Target::Columns(_))
}

impl<'a> Lowering<'a> {
    pub(super) fn link(&mut self, item: &'a Item) -> Option<Link> {
        let ItemKind::Link { from, to, via, edges, fields } = &item.kind else { return None };
        let (from, to) = (self.endpoints(from), self.link_targets(to));
        let by_column = from.as_ref().is_some_and(|from| from.iter().any(is_columns));
        let (owner, sized, named) = match via.as_ref().map(|via| &via.value) {
            Some(ValueKind::Path(_)) => ("`link` via a prior", true, true),
            Some(ValueKind::Call(call)) if call.name.value == "eqtl" => ("`link` via eqtl", false, false),
            Some(_) => ("`link` via a window", true, false),
            None if by_column => ("`link` of columns", false, true),
            None if edges.is_empty() => ("`link` without `via`", false, false),
            None => ("`link` with edges", false, true),
        };
        let mut fields = self.fields(owner, item.span, fields);
        let (mut min_size, mut max_size, mut unmatched) = (0, usize::MAX, None);
        let (mut randomize, mut max_genes) = (None, None);
        if sized {
            min_size = self.count(&mut fields, "min_size", 0).unwrap_or(0);
            max_size = self.count(&mut fields, "max_size", 1).unwrap_or(usize::MAX);
            randomize = self.randomize(&mut fields);
            max_genes = self.count(&mut fields, "max_genes", 1);
        }
        if named {
            unmatched = self.choice(&mut fields, "unmatched", &POLICIES);
        }
        let weights = self.choice(&mut fields, "weights", &WEIGHTS).unwrap_or(EdgeWeights::Free);
        let sign = self.sign(&mut fields);
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
            (None, false) => Some(Self::inline(edges)),
            (None, true) => Some(Via::AllToAll),
        }?;
        // What a scan gives are names that it has read, and what it finds nothing for is counted.
        let default = if matches!(via, Via::Eqtl(_)) {
            Unmatched::Ignore
        } else if matches!(via, Via::Inline(_)) {
            Unmatched::Error
        } else {
            Unmatched::Drop
        };
        let unmatched = unmatched.unwrap_or(default);
        let (from, to) = (from?, to?);
        self.columns_stand_alone(&from, &via, item.span);
        if matches!(via, Via::Eqtl(_)) {
            self.scannable(&from, &to);
        }
        Some(Link {
            from,
            to,
            via,
            min_size,
            max_size,
            unmatched,
            weights,
            sign,
            randomize,
            max_genes,
            span: item.span,
        })
    }

    /// `TABLE.*` joins by name and so stands alone, without `via` and without edges.
    fn columns_stand_alone(&mut self, from: &[Endpoint], via: &Via, link: Span) {
        let Some(columns) = from.iter().find(|from| is_columns(from)) else { return };
        if from.len() > 1 || *via != Via::AllToAll {
            self.report(error::columns_beside_others(columns.span, link));
        }
    }

    /// `randomize = permute(seed)` or `permute(seed, share = 0.5)`.
    fn randomize(&mut self, fields: &mut Fields<'a>) -> Option<Permute> {
        let value = self.value(fields, "randomize")?;
        let call = match &value.value {
            ValueKind::Call(call) if call.name.value == "permute" => call,
            _ => {
                self.report(error::wrong_type(
                    "randomize",
                    "`permute(seed)`, such as `permute(1)`",
                    value.span,
                ));
                return None;
            }
        };
        let (unnamed, mut named) = self.arguments(call);
        let share = self.share(&mut named, "share").unwrap_or(1.0);
        self.finish(named);
        match self.only_argument(call, &unnamed) {
            Some(seed) => {
                let seed = self.as_count("permute", seed, 0)? as u64;
                Some(Permute { seed, share })
            }
            None => {
                self.report(error::required("`permute(…)`", "a seed", "permute(1)", call.span));
                None
            }
        }
    }

    /// `sign = hard`, `soft` or `soft(penalty)`.
    fn sign(&mut self, fields: &mut Fields<'a>) -> EdgeSign {
        let Some(value) = self.value(fields, "sign") else { return EdgeSign::Free };
        let ValueKind::Call(call) = &value.value else {
            let words = [("hard", EdgeSign::Hard), ("soft", EdgeSign::Soft(SOFT_SIGN))];
            return self.as_choice("sign", value, &words).unwrap_or(EdgeSign::Free);
        };
        if call.name.value != "soft" {
            self.report(error::wrong_type("sign", "`hard`, `soft` or `soft(0.1)`", value.span));
            return EdgeSign::Free;
        }
        let (unnamed, named) = self.arguments(call);
        self.finish(named);
        let penalty = self.only_argument(call, &unnamed).and_then(|value| self.as_number("soft", value, &[]));
        match penalty {
            Some(Spanned { value, .. }) if value > 0.0 => EdgeSign::Soft(value),
            Some(Spanned { span, .. }) => {
                self.report(error::wrong_type("soft", "a penalty above 0", span));
                EdgeSign::Free
            }
            None => EdgeSign::Soft(SOFT_SIGN),
        }
    }

    fn via(&mut self, via: &'a Value) -> Option<Via> {
        match &via.value {
            ValueKind::Path(path) => Some(Via::Prior(self.prior_ref(path)?, via.span)),
            ValueKind::Call(call) if call.name.value == "window" => Some(Via::Window(self.window(call)?)),
            ValueKind::Call(call) if call.name.value == "eqtl" => Some(Via::Eqtl(self.eqtl(call)?)),
            ValueKind::Call(call) => {
                let known = ["window", "eqtl"];
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

    pub(super) fn window(&mut self, call: &'a Call) -> Option<Window> {
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
        Some(Window { prior: self.prior_ref(path)?, upstream, downstream, nearest, span: call.span })
    }

    pub(super) fn prior_ref(&mut self, path: &Path) -> Option<PriorId> {
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

    fn inline(edges: &[ast::Edge]) -> Via {
        let mut pairs = Vec::new();
        for edge in edges {
            for to in &edge.to {
                pairs.extend(edge.from.iter().map(|from| InlineEdge {
                    from: from.clone(),
                    to: to.clone(),
                    weight: edge.weight,
                }));
            }
        }
        Via::Inline(pairs)
    }
}
