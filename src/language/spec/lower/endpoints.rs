//! What stands left and right of `->`, after `from`, and after `supervise`.

use super::Lowering;
use super::scope::Thing;
use crate::language::spec::{Endpoint, Part, Target, error};
use crate::language::syntax::ast;

const LATER_PARTS: [&str; 3] = ["top", "level", "all"];

impl<'a> Lowering<'a> {
    pub(super) fn endpoints(&mut self, endpoints: &'a [ast::Endpoint]) -> Option<Vec<Endpoint>> {
        let lowered: Vec<Endpoint> =
            endpoints.iter().filter_map(|endpoint| self.endpoint(endpoint)).collect();
        (lowered.len() == endpoints.len()).then_some(lowered)
    }

    fn endpoint(&mut self, endpoint: &'a ast::Endpoint) -> Option<Endpoint> {
        let filter = self.filter(&endpoint.filter);
        let (target, part) = self.target(endpoint)?;
        Some(Endpoint { target, part, filter, span: endpoint.span })
    }

    fn target(&mut self, endpoint: &'a ast::Endpoint) -> Option<(Target, Part)> {
        let path = &endpoint.path;
        let first = &path.segments[0];
        let Some(thing) = self.scope.get(&first.value) else {
            let known = self.scope.names(|thing| !matches!(thing, Thing::Constant | Thing::Prior(_)));
            self.report(error::undefined(
                "layer, node, genotype set or table",
                &first.value,
                first.span,
                known,
            ));
            return None;
        };
        let target = match thing {
            Thing::Genotypes(id) => Target::Genotypes(id),
            Thing::Layer(id) => Target::Layer(id),
            Thing::Node(id, place) => Target::Node(id, place),
            Thing::Table(_) if path.star => {
                self.report(error::not_in_this_version(
                    "one input per entity from `TABLE.*`",
                    "use the measurements with `supervise`",
                    path.span,
                ));
                return None;
            }
            Thing::Table(_) => return Some((Target::Column(self.column_ref(path)?), Part::All)),
            Thing::Prior(_) | Thing::Constant => {
                let wanted = "a layer, node, genotype set or column";
                self.report(error::wrong_kind(&first.value, thing.described(), wanted, first.span));
                return None;
            }
        };
        Some((target, self.part(endpoint)?))
    }

    fn part(&mut self, endpoint: &'a ast::Endpoint) -> Option<Part> {
        match endpoint.path.segments.get(1) {
            None if endpoint.path.star => {
                self.report(error::wrong_type("an endpoint", "a name without `.*`", endpoint.span));
                None
            }
            None => Some(Part::All),
            Some(part) if part.value == "unmapped" => Some(Part::Unmapped),
            Some(part) if LATER_PARTS.contains(&part.value.as_str()) => {
                let feature = format!("the part `.{}`", part.value);
                self.report(error::not_in_this_version(
                    &feature,
                    "name the layer itself, or `.unmapped`",
                    part.span,
                ));
                None
            }
            Some(part) => {
                self.report(error::unknown_word("part", &part.value, part.span, &["unmapped"]));
                None
            }
        }
    }
}
