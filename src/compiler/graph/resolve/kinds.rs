//! Whether a prior relates the kinds that a link joins.

use super::Resolver;
use crate::compiler::graph::error;
use crate::language::source::Span;
use crate::language::spec::{Endpoint, Target};

/// Kinds under which a prior may speak of variants.
const VARIANT_KINDS: [&str; 6] = ["snp", "variant", "marker", "locus", "qtn", "region"];

impl Resolver<'_> {
    /// Whether the kinds agree; E0410 where a prior says that it relates others.
    pub(super) fn kinds_agree(&mut self, from: &[&Endpoint], to: &[usize], prior: usize, span: Span) -> bool {
        let item = &self.spec.priors[prior];
        let Some((source, target)) = &item.relates else { return true };
        for endpoint in from {
            for to in to {
                let to_kind = &self.spec.layers[self.groups.all[*to].layer].kind.value;
                let from_kind = self.kind_of(endpoint, &source.value);
                if from_kind != source.value || *to_kind != target.value {
                    let relates = (source.value.as_str(), target.value.as_str());
                    let joins = (from_kind.as_str(), to_kind.as_str());
                    let declared = source.span.to(target.span);
                    self.report(error::other_kinds(&item.name.value, relates, joins, span, declared));
                    return false;
                }
            }
        }
        true
    }

    /// The kind of an endpoint; variants answer to any of their usual names.
    pub(super) fn kind_of(&self, endpoint: &Endpoint, wanted: &str) -> String {
        match &endpoint.target {
            Target::Layer(layer) | Target::Node(layer, _) => self.spec.layers[*layer].kind.value.clone(),
            Target::Genotypes(_) if VARIANT_KINDS.contains(&wanted) => wanted.to_string(),
            Target::Genotypes(_) => "snp".to_string(),
            Target::Column(_) | Target::Columns(_) => "covariate".to_string(),
        }
    }
}
