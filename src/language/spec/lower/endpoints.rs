//! What stands left and right of `->`, after `from`, and after `supervise`.

use super::Lowering;
use super::scope::Thing;
use crate::language::spec::{Attribute, Endpoint, Part, Target, error};
use crate::language::syntax::ast;

const PARTS: [&str; 4] = ["all", "top", "level", "unmapped"];

impl<'a> Lowering<'a> {
    pub(super) fn endpoints(&mut self, endpoints: &'a [ast::Endpoint]) -> Option<Vec<Endpoint>> {
        let lowered: Vec<Endpoint> =
            endpoints.iter().filter_map(|endpoint| self.endpoint(endpoint)).collect();
        (lowered.len() == endpoints.len()).then_some(lowered)
    }

    fn endpoint(&mut self, endpoint: &'a ast::Endpoint) -> Option<Endpoint> {
        let filter = self.filter(&endpoint.filter);
        let (target, part) = self.target(endpoint)?;
        let last = filter.last().map_or(endpoint.path.span, |comparison| comparison.span);
        let lowered = Endpoint { target, part, filter, span: endpoint.path.span.to(last) };
        self.check_filter(&lowered);
        Some(lowered)
    }

    /// What a link goes to: whole layers and nodes.
    pub(super) fn link_targets(&mut self, endpoints: &'a [ast::Endpoint]) -> Option<Vec<Endpoint>> {
        let targets = self.endpoints(endpoints)?;
        let mut all = true;
        for target in &targets {
            let is_node = self.is_node(target, "a layer or node to link to");
            let whole = target.part == Part::All && target.filter.is_empty();
            if is_node && !whole {
                let name = self.name_of(target);
                self.report(error::part_of_a_target(&name, target.span));
            }
            all &= is_node && whole;
        }
        all.then_some(targets)
    }

    /// Whether an endpoint is a layer or node; anything else is reported.
    pub(super) fn is_node(&mut self, endpoint: &Endpoint, wanted: &str) -> bool {
        let is = match endpoint.target {
            Target::Layer(_) | Target::Node(..) => return true,
            Target::Genotypes(_) => "a genotype set",
            Target::Column(_) | Target::Columns(_) => "a column",
        };
        let known = self.scope.names(|thing| matches!(thing, Thing::Layer(_) | Thing::Node(..)));
        let name = self.name_of(endpoint);
        self.report(error::wrong_kind(&name, is, wanted, endpoint.span, known));
        false
    }

    /// Nodes are filtered by `id` alone, columns by nothing.
    fn check_filter(&mut self, endpoint: &Endpoint) {
        let is = match endpoint.target {
            Target::Genotypes(_) => return,
            Target::Layer(_) => "a layer",
            Target::Node(..) => "a node",
            Target::Column(_) | Target::Columns(_) => "a column",
        };
        for comparison in &endpoint.filter {
            let attribute = match comparison.attribute {
                Attribute::Chromosome => "chrom",
                Attribute::Position => "pos",
                Attribute::Id if is != "a column" => continue,
                Attribute::Id => "id",
            };
            let name = self.name_of(endpoint);
            self.report(error::filter_does_not_apply(attribute, &name, is, comparison.span));
        }
    }

    fn name_of(&self, endpoint: &Endpoint) -> String {
        let named = |thing| self.scope.names(|other| other == thing).first().map(ToString::to_string);
        let name = match &endpoint.target {
            Target::Genotypes(id) => named(Thing::Genotypes(*id)),
            Target::Layer(id) => named(Thing::Layer(*id)),
            Target::Node(id, place) => named(Thing::Node(*id, *place)),
            Target::Column(column) => Some(column.column.clone()),
            Target::Columns(table) => named(Thing::Table(*table)).map(|table| format!("{table}.*")),
        };
        name.unwrap_or_default()
    }

    fn target(&mut self, endpoint: &'a ast::Endpoint) -> Option<(Target, Part)> {
        let path = &endpoint.path;
        let first = &path.segments[0];
        let Some(thing) = self.scope.get(&first.value) else {
            let known = self.scope.names(|thing| !matches!(thing, Thing::Constant | Thing::Prior(_)));
            self.report_undefined("layer, node, genotype set or table", first, &known);
            return None;
        };
        let target = match thing {
            Thing::Genotypes(id) => Target::Genotypes(id),
            Thing::Layer(id) => Target::Layer(id),
            Thing::Node(id, place) => Target::Node(id, place),
            Thing::Table(table) if path.star => return Some((Target::Columns(table), Part::All)),
            Thing::Table(_) => return Some((Target::Column(self.column_ref(path)?), Part::All)),
            Thing::Prior(_) | Thing::Constant => {
                let wanted = "a layer, node, genotype set or column";
                let known = self.scope.names(|thing| !matches!(thing, Thing::Constant | Thing::Prior(_)));
                self.report(error::wrong_kind(&first.value, thing.described(), wanted, first.span, known));
                return None;
            }
        };
        Some((target, self.part(endpoint)?))
    }

    fn part(&mut self, endpoint: &'a ast::Endpoint) -> Option<Part> {
        let part = endpoint.path.segments.get(1);
        if let Some(level) = endpoint.level.filter(|_| part.is_none_or(|part| part.value != "level")) {
            self.report(error::wrong_type("an endpoint", "a number after `.level` alone", level.span));
            return None;
        }
        match part.map(|part| (part.value.as_str(), part)) {
            None if endpoint.path.star => {
                self.report(error::wrong_type("an endpoint", "a name without `.*`", endpoint.span));
                None
            }
            None | Some(("all", _)) => Some(Part::All),
            Some(("unmapped", _)) => Some(Part::Unmapped),
            Some(("top", part)) => self.part_of_hierarchy(endpoint, part, Part::Top),
            Some(("level", part)) => {
                let level = endpoint.level.and_then(|level| usize::try_from(level.value).ok());
                match level.filter(|level| *level > 0) {
                    Some(level) => self.part_of_hierarchy(endpoint, part, Part::Level(level)),
                    None => {
                        let expected = "a number from 1, the top: `.level(2)`";
                        self.report(error::wrong_type("level", expected, endpoint.span));
                        None
                    }
                }
            }
            Some((word, part)) => {
                self.report(error::unknown_word("part", word, part.span, &PARTS));
                None
            }
        }
    }

    /// `.top` and `.level(k)` are parts of layers with a hierarchy.
    fn part_of_hierarchy(
        &mut self,
        endpoint: &'a ast::Endpoint,
        word: &ast::Ident,
        part: Part,
    ) -> Option<Part> {
        let name = &endpoint.path.segments[0].value;
        let items = self.file.items.iter();
        let has = items.filter_map(|item| match &item.kind {
            ast::ItemKind::Layer { name: layer, fields, .. } if layer.value == *name => Some(fields),
            _ => None,
        });
        if has.flatten().any(|field| field.key.value == "hierarchy") {
            return Some(part);
        }
        self.report(error::no_hierarchy(name, &word.value, endpoint.span));
        None
    }
}
