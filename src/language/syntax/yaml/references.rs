//! Dotted names, endpoints and edges.
//!
//! A segment in backticks is taken as it is; others reach to the next dot. Nothing is folded
//! or read as a number, so a node may be called `NO`, `1e3` or `R-HSA-109581`.

use super::Reader;
use super::error;
use super::tree::{Node, Shape};
use crate::language::source::{Span, Spanned};
use crate::language::syntax::ast::{Edge, Endpoint, Ident, Path};
use crate::language::syntax::dsl::tokens::is_bare;

impl Reader<'_> {
    /// One or more nodes: a list, or a value that stands for a list of one.
    pub(super) fn some<'n>(&mut self, what: &str, node: &'n Node) -> Option<Vec<&'n Node>> {
        let all: Vec<&Node> = match &node.shape {
            Shape::List(all) => all.iter().collect(),
            Shape::Empty => Vec::new(),
            _ => vec![node],
        };
        if all.is_empty() {
            self.found.push(error::nothing_given(what, node.span));
            return None;
        }
        Some(all)
    }

    /// One or more names.
    pub(super) fn names(&mut self, what: &str, node: &Node) -> Option<Vec<Ident>> {
        let nodes = self.some(what, node)?;
        let all: Vec<Option<Ident>> = nodes.into_iter().map(|node| self.name(what, node)).collect();
        all.into_iter().collect()
    }

    /// One or more dotted names.
    pub(super) fn paths(&mut self, what: &str, node: &Node) -> Option<Vec<Path>> {
        let nodes = self.some(what, node)?;
        let all: Vec<Option<Path>> = nodes.into_iter().map(|node| self.path(node)).collect();
        all.into_iter().collect()
    }

    /// A dotted name.
    pub(super) fn path(&mut self, node: &Node) -> Option<Path> {
        let text = self.scalar("a name", node)?;
        self.path_text(&text)
    }

    pub(super) fn path_text(&mut self, text: &Spanned<String>) -> Option<Path> {
        let Some(segments) = split(&text.value) else {
            let help = hint(&text.value);
            self.found.push(error::no_path(&text.value, text.span, help));
            return None;
        };
        let star = segments.len() > 1 && segments.last().is_some_and(|(last, _)| *last == "*");
        let kept = &segments[..segments.len() - usize::from(star)];
        let written = &self.source.text[self.source.range(text.span)];
        let shift = written.find(text.value.as_str());
        let mut path = Path { segments: Vec::new(), star, span: text.span };
        let mut sound = true;
        for (segment, at) in kept {
            let span = shift.map_or(text.span, |shift| {
                let start = text.span.start + (shift + at) as u32;
                Span { start, end: start + segment.len() as u32 }
            });
            sound &= self.sound(segment, span);
            path.segments.push(Spanned::new((*segment).to_owned(), span));
        }
        sound.then_some(path)
    }

    /// One or more endpoints.
    pub(super) fn endpoints(&mut self, what: &str, node: &Node) -> Option<Vec<Endpoint>> {
        let nodes = self.some(what, node)?;
        let all: Vec<Option<Endpoint>> = nodes.into_iter().map(|node| self.endpoint(what, node)).collect();
        all.into_iter().collect()
    }

    fn endpoint(&mut self, what: &str, node: &Node) -> Option<Endpoint> {
        if !matches!(node.shape, Shape::Map(_)) {
            let text = self.scalar(what, node)?;
            return self.whole_endpoint(&text);
        }
        let example = "{name: snps, where: [{chrom: {\"==\": 1}}]}";
        let mut entries = self.entries(what, node, &format!("write for example `{example}`"))?;
        let name = self.part(&mut entries, "name", example);
        let name = name.and_then(|name| self.scalar("`name`", name));
        let filter = entries.take("where").map(|filter| self.predicate("`where`", filter));
        self.finish(&entries, &["name", "where"]);
        let endpoint = self.whole_endpoint(&name?)?;
        Some(Endpoint { filter: filter.unwrap_or_default(), span: node.span, ..endpoint })
    }

    /// `pathway`, `pathway.top` or `pathway.level(2)`.
    fn whole_endpoint(&mut self, text: &Spanned<String>) -> Option<Endpoint> {
        let level = text.value.strip_suffix(')').and_then(|inner| inner.rsplit_once('('));
        let level = level.and_then(|(path, level)| Some((path, level.trim().parse::<u64>().ok()?)));
        let (path, level) = match level {
            Some((path, level)) => (Spanned::new(path.trim_end().to_owned(), text.span), Some(level)),
            None => (text.clone(), None),
        };
        let path = self.path_text(&path)?;
        let level = level.map(|level| Spanned::new(level, text.span));
        Some(Endpoint { path, level, filter: Vec::new(), span: text.span })
    }

    /// The edges of a link, each a map.
    pub(super) fn edges(&mut self, node: &Node) -> Option<Vec<Edge>> {
        let nodes = self.some("`edges`", node)?;
        let all: Vec<Option<Edge>> = nodes.into_iter().map(|node| self.edge(node)).collect();
        all.into_iter().collect()
    }

    fn edge(&mut self, node: &Node) -> Option<Edge> {
        let example = "{from: [A, B], to: C}";
        let mut entries = self.entries("an edge", node, &format!("write for example `{example}`"))?;
        let from = self.part(&mut entries, "from", example).map(|node| self.names("`from`", node));
        let to = self.part(&mut entries, "to", example).map(|node| self.names("`to`", node));
        let weight = entries.take("weight").map(|node| self.number("`weight`", node));
        self.finish(&entries, &["from", "to", "weight"]);
        let weight = match weight {
            Some(weight) => Some(weight?),
            None => None,
        };
        Some(Edge { from: from??, to: to??, weight })
    }
}

/// Whether a plain scalar is a name or dotted name, and not some other text.
pub(in crate::language::syntax) fn reads_as_path(text: &str) -> bool {
    split(text).is_some_and(|segments| {
        let last = segments.len() - 1;
        segments.iter().enumerate().all(|(place, (segment, at))| {
            is_bare(segment) || text[..*at].ends_with('`') || (place > 0 && place == last && *segment == "*")
        })
    })
}

/// Segments without backticks, each with its place; `None` for what is no dotted name.
fn split(text: &str) -> Option<Vec<(&str, usize)>> {
    let mut segments = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let (segment, start, end) = match rest.strip_prefix('`') {
            Some(inner) => {
                let length = inner.find('`')?;
                (&inner[..length], at + 1, at + length + 2)
            }
            None => {
                let stops = |c: char| matches!(c, '.' | '`' | '(' | ')' | ',') || c.is_whitespace();
                let length = rest.find(stops).unwrap_or(rest.len());
                (&rest[..length], at, at + length)
            }
        };
        if segment.is_empty() || segment.contains(['\n', '\r', '\t']) {
            return None;
        }
        segments.push((segment, start));
        at = match text[end..].chars().next() {
            None => return Some(segments),
            Some('.') => end + 1,
            Some(_) => return None,
        };
    }
}

fn hint(text: &str) -> &'static str {
    if text.contains(',') {
        "write several names as a list: `[a, b]`"
    } else if text.contains("->") {
        "give the two ends of a link under `from` and `to`"
    } else {
        "put a name that holds dots or spaces in backticks, such as ``pheno.`grain.yield` ``"
    }
}

#[cfg(test)]
mod tests {
    use super::{reads_as_path, split};

    #[test]
    fn names_stay_what_they_are() {
        let segments =
            |text| split(text).map(|all| all.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
        assert_eq!(segments("R-HSA-109581"), Some(vec!["R-HSA-109581"]));
        assert_eq!(segments("pheno.`a.b c`"), Some(vec!["pheno", "a.b c"]));
        assert_eq!(segments("010"), Some(vec!["010"]));
        assert_eq!(segments("a, b"), None);
        assert_eq!(segments("a."), None);
        assert_eq!(segments("`a"), None);
        assert!(reads_as_path("pheno.*") && reads_as_path("pheno.`x y`") && !reads_as_path("t/ha"));
    }
}
