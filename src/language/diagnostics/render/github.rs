//! Workflow commands, which GitHub shows beside the lines of a pull request.
//!
//! GitHub shows ten errors, ten warnings and ten notices a step; what is beyond stands in the
//! log as plain lines, and a last notice counts it.

use super::part::{Part, Spot};
use super::paths::Paths;
use super::short::line;
use crate::language::diagnostics::visible::visible;
use crate::language::diagnostics::{Diagnostic, Severity};

/// Commands of a kind that GitHub shows.
const SHOWN: usize = 10;

/// One command a finding, then the rest as plain lines and their count.
#[must_use]
pub fn github(parts: &[Part<'_>], paths: &Paths) -> String {
    let (mut out, mut rest) = (String::new(), String::new());
    let mut counts = [0, 0];
    for part in parts {
        for finding in part.found.iter() {
            let kind = usize::from(finding.code.severity() == Severity::Warning);
            counts[kind] += 1;
            if counts[kind] <= SHOWN {
                out += &command(finding, part, paths);
            } else {
                rest += &paths.hidden(&line(finding, part.sources));
                rest.push('\n');
            }
        }
    }
    out += &rest;
    out += &notices(parts, counts, paths);
    out
}

fn command(finding: &Diagnostic, part: &Part<'_>, paths: &Paths) -> String {
    let spot = part.main(finding);
    let word = if finding.is_error() { "error" } else { "warning" };
    let title = format!("{} {}", finding.code.name(), finding.code.slug());
    format!(
        "::{word} {},title={}::{}\n",
        place(&spot, paths),
        property(&title),
        data(&paths.hidden(&part.told(finding)))
    )
}

fn place(spot: &Spot<'_>, paths: &Paths) -> String {
    let mut place = format!("file={},line={}", property(&paths.relative(spot.file)), spot.line);
    if let Some(column) = spot.column {
        place += &format!(",col={column}");
    }
    if let Some((line, column)) = spot.end {
        place += &format!(",endLine={line}");
        // GitHub refuses columns of a span over several lines.
        if line == spot.line {
            place += &format!(",endColumn={column}");
        }
    }
    place
}

/// What was not checked, and how much is not shown.
fn notices(parts: &[Part<'_>], counts: [usize; 2], paths: &Paths) -> String {
    let mut notices: Vec<String> = Vec::new();
    for part in parts {
        let file = property(&paths.relative(part.file));
        notices.extend(
            part.notes.iter().map(|note| {
                format!("::notice file={file},title=not checked::{}\n", data(&paths.hidden(note)))
            }),
        );
    }
    let hidden = counts.map(|count: usize| count.saturating_sub(SHOWN));
    let unshown = notices.len().saturating_sub(SHOWN - 1);
    let mut rest: Vec<String> = Vec::new();
    for (count, what) in [(hidden[0], "error"), (hidden[1], "warning"), (unshown, "note")] {
        if count > 0 {
            rest.push(format!("{count} {what}{}", if count == 1 { "" } else { "s" }));
        }
    }
    let mut out: String = notices.into_iter().take(SHOWN - 1).collect();
    if !rest.is_empty() {
        let told =
            format!("{} more are not shown beside the files; the log of this step has them", rest.join(", "));
        out += &format!("::notice title=binnc::{}\n", data(&told));
    }
    out
}

/// The text of a command, hidden characters spelt out.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
