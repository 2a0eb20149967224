//! What holds of any text in either notation: findings point into it, and a spec is there exactly
//! when nothing is wrong.

use binnc::language::diagnostics::Diagnostics;
use binnc::language::diagnostics::render::{MessageFormat, Style, render};
use binnc::language::source::Sources;
use binnc::language::spec;
use binnc::language::syntax::{self, Notation};

/// Rendering costs more than parsing, so that one text in this many is shown in full.
const SHOWN: usize = 16;

/// Parses and lowers a text that may be anything.
pub fn check(notation: Notation, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let is_shown = text.len().is_multiple_of(SHOWN);
    let name = if notation == Notation::Yaml { "a.yaml" } else { "a.binn" };
    let mut sources = Sources::default();
    let (file, mut found) = syntax::parse_as(notation, sources.add(name, text));
    if !found.has_errors() {
        let (spec, said) = spec::lower(&file);
        assert_eq!(spec.is_some(), !said.has_errors(), "a spec is there unless an error is");
        found.extend(said);
    }
    points_into_its_text(&found, &sources);
    if is_shown {
        can_be_shown(&found, &sources);
    }
}

/// Every label is a range of whole characters of the text.
pub fn points_into_its_text(found: &Diagnostics, sources: &Sources) {
    for label in found.iter().flat_map(|one| &one.labels) {
        let span = label.span;
        let source = sources.of(span).expect("a label points into a text");
        let end = source.base() as usize + source.text.len();
        assert!(span.start <= span.end && span.end as usize <= end, "{span:?} leaves its text");
        assert!(source.text.get(source.range(span)).is_some(), "{span:?} cuts a character");
    }
}

fn can_be_shown(found: &Diagnostics, sources: &Sources) {
    for format in [MessageFormat::Text, MessageFormat::Short, MessageFormat::Json, MessageFormat::Github] {
        let shown = render(format, found, sources, Style { colour: false, width: 80 });
        assert_eq!(shown.trim().is_empty(), found.is_empty(), "what is found is told: {format:?}");
    }
}
