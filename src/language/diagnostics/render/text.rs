//! Reports for people: heading, message, snippets, notes, help. The only user of miette.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};

use super::excerpt::Excerpt;
use super::{place, severity};
use crate::language::diagnostics::visible::visible;
use crate::language::diagnostics::{Diagnostic, Diagnostics, Label, Place};
use crate::language::source::Sources;

/// More findings than this are counted and not shown.
const MOST_SHOWN: usize = 100;
/// Narrower terminals are written to as if they were this wide, in columns.
const NARROWEST: usize = 40;

/// How a text report is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether colours are used.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { colour: false, width: 100 }
    }
}

/// The first hundred findings, the number of the others, and a line of totals.
#[must_use]
pub fn text(diagnostics: &Diagnostics, sources: &Sources, style: Style) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(MOST_SHOWN) {
        out.push_str(&one(diagnostic, sources, style));
        out.push('\n');
    }
    let total = diagnostics.iter().count();
    if total > MOST_SHOWN {
        out.push_str(&format!(
            "{} more are not shown here; `--message-format json` has all\n",
            total - MOST_SHOWN
        ));
    }
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    out.push_str(&totals(errors, total - errors));
    out.push('\n');
    out
}

fn one(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let width = style.width.max(NARROWEST);
    let theme = if style.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_context_lines(1);
    let handler = handler.without_syntax_highlighting();
    let report = Report::new(diagnostic, sources);
    let data = Report::of_data(diagnostic);
    let mut out = data.as_ref().unwrap_or(&report).drawn(&handler);
    if data.is_some() && report.snippet.is_some() {
        let drawn = report.drawn(&handler);
        out.extend(drawn.split_inclusive('\n').skip_while(|line| !line.contains("╭─[")));
    }
    let told = diagnostic.places.iter().skip(usize::from(data.is_some())).map(Place::told);
    let told: Vec<String> = told.collect();
    for note in report.elsewhere.iter().chain(&told).chain(&diagnostic.notes) {
        paragraph(&mut out, "  note: ", &visible(note), width);
    }
    if let Some(help) = &diagnostic.help {
        paragraph(&mut out, "  help: ", &visible(help), width);
    }
    out
}

/// `2 errors, 1 warning`.
fn totals(errors: usize, warnings: usize) -> String {
    let count = |number: usize, what: &str| match number {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{number} {what}s")),
    };
    let parts = [count(errors, "error"), count(warnings, "warning")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Lines of `text` behind `head`, broken between words where they exceed `width` columns.
fn paragraph(out: &mut String, head: &str, text: &str, width: usize) {
    let indent = " ".repeat(head.len());
    let mut lead = head;
    for line in text.lines() {
        let mut column = 0;
        out.push_str(lead);
        for word in line.split(' ') {
            let length = word.chars().count();
            if column > 0 && head.len() + column + 1 + length > width {
                out.push('\n');
                out.push_str(&indent);
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
        out.push('\n');
        lead = &indent;
    }
}

/// A finding as miette wants it.
#[derive(Debug)]
struct Report {
    heading: String,
    message: String,
    error: bool,
    snippet: Option<Snippet>,
    labels: Vec<LabeledSpan>,
    /// Labels in other texts than the first label's.
    elsewhere: Vec<String>,
}

impl Report {
    /// The finding with the first line of a data file; `None` where that line is not at hand.
    fn of_data(diagnostic: &Diagnostic) -> Option<Self> {
        let place = diagnostic.places.first()?;
        let excerpt = Excerpt::of_line(place.content.as_deref()?, place.line, place.range());
        let mut report = Self::bare(diagnostic);
        let text = Some(visible(&place.text)).filter(|text| !text.is_empty());
        let span = (excerpt.ranges[0].start, excerpt.ranges[0].len());
        report.labels.push(LabeledSpan::new_primary_with_span(text, span));
        let name = visible(&place.file);
        let columns = vec![(span.0, place.column.unwrap_or(1))];
        report.snippet = Some(Snippet { name, text: excerpt.text, first_line: excerpt.first_line, columns });
        Some(report)
    }

    fn drawn(&self, handler: &GraphicalReportHandler) -> String {
        let mut drawn = String::new();
        if handler.render_report(&mut drawn, self).is_err() {
            drawn = format!("{}\n\n  {}\n", self.heading, self.message);
        }
        drawn.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    fn bare(diagnostic: &Diagnostic) -> Self {
        Self {
            heading: format!(
                "{}: {} {}",
                severity(diagnostic),
                diagnostic.code.name(),
                diagnostic.code.slug()
            ),
            message: visible(&diagnostic.message),
            error: diagnostic.is_error(),
            snippet: None,
            labels: Vec::new(),
            elsewhere: Vec::new(),
        }
    }

    fn new(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let mut report = Self::bare(diagnostic);
        let Some(source) = diagnostic.labels.first().and_then(|label| sources.of(label.span)) else {
            return report;
        };
        let here = |label: &&Label| sources.of(label.span).is_some_and(|other| other.base() == source.base());
        let (inside, outside): (Vec<&Label>, Vec<&Label>) = diagnostic.labels.iter().partition(here);
        let excerpt = Excerpt::new(source, &inside);
        let mut columns = Vec::new();
        for (at, (label, range)) in inside.iter().zip(excerpt.ranges).enumerate() {
            columns.push((range.start, source.line_column(label.span).1));
            let text = Some(visible(&label.text)).filter(|text| !text.is_empty());
            let span = (range.start, range.len());
            report.labels.push(match at {
                0 => LabeledSpan::new_primary_with_span(text, span),
                _ => LabeledSpan::new_with_span(text, span),
            });
        }
        for label in outside {
            let place = place(label, sources).map(|(file, line, column)| format!("{file}:{line}:{column}"));
            report.elsewhere.push(format!("{}: {}", place.unwrap_or_default(), label.text));
        }
        let name = visible(&source.name);
        report.snippet = Some(Snippet { name, text: excerpt.text, first_line: excerpt.first_line, columns });
        report
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.heading))
    }

    fn severity(&self) -> Option<Severity> {
        Some(if self.error { Severity::Error } else { Severity::Warning })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.snippet.as_ref()?;
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// An excerpt that knows its file and the number of its first line.
#[derive(Debug)]
struct Snippet {
    name: String,
    text: String,
    first_line: usize,
    /// Where labels start here and in their lines of the file itself, from 1: a line may be cut here.
    columns: Vec<(usize, usize)>,
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, before, after)?;
        // Miette asks for a span without lines around it when it writes a label's address.
        let label = self.columns.iter().find(|(at, _)| before + after == 0 && *at == span.offset());
        let column = label.map_or(contents.column(), |(_, column)| column.saturating_sub(1));
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line() + self.first_line,
            column,
            contents.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::{Style, text};
    use crate::language::diagnostics::{Code, Diagnostic, Diagnostics};
    use crate::language::source::{Sources, Span};

    #[test]
    fn the_rest_is_counted() {
        let mut found = Diagnostics::default();
        for at in 0..130 {
            found.push(Diagnostic::new(if at < 101 { Code::E0101 } else { Code::W0110 }, "a"));
        }
        let out = text(&found, &Sources::default(), Style::default());
        assert_eq!(out.matches("Error: E0101").count(), 100);
        assert!(out.contains("\n30 more are not shown"), "{out}");
        assert!(out.ends_with("\n101 errors, 29 warnings\n"), "{out}");
    }

    #[test]
    fn nothing_found_is_nothing_said() {
        assert_eq!(text(&Diagnostics::default(), &Sources::default(), Style::default()), "");
    }

    #[test]
    fn colour_comes_only_when_asked_for() {
        let mut sources = Sources::default();
        let source = sources.add("a.binn", "binn 1\nmodel \u{1b}[31mx\n");
        let at = Span { start: source.base() + 7, end: source.base() + 12 };
        let found = Diagnostics::from(Diagnostic::new(Code::E0101, "m").at(at, "l"));
        let drawn = |colour| text(&found, &sources, Style { colour, width: 80 });
        assert!(drawn(true).contains("\u{1b}["));
        assert!(!drawn(false).contains('\u{1b}'));
        assert!(drawn(false).contains("a.binn:2:1"), "{}", drawn(false));
    }
}
