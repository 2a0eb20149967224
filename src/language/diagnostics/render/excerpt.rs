//! The lines of a text that a report shows, with hidden characters spelt out.
//!
//! Labels keep pointing at what they pointed at; a very long line is cut around its label.

use std::ops::Range;

use crate::language::diagnostics::Label;
use crate::language::diagnostics::visible::must_spell;
use crate::language::source::Source;

/// A line longer than this is cut, in characters.
const LONGEST_LINE: usize = 160;
/// What is kept before a label in a line that is cut.
const BEFORE_LABEL: usize = 60;

/// Lines of a source, fit for a terminal.
#[derive(Debug)]
pub(super) struct Excerpt {
    pub(super) text: String,
    /// Number of the first line, from 0.
    pub(super) first_line: usize,
    /// The byte range of each label in `text`, in the order given.
    pub(super) ranges: Vec<Range<usize>>,
}

impl Excerpt {
    /// One line of a data file, with what is pointed at.
    pub(super) fn of_line(line: &str, number: usize, range: Range<usize>) -> Self {
        let wanted = vec![inside(line, range)];
        let mut copy = Copy { out: String::new(), marks: marks(&wanted), next: 0 };
        copy.line(line, 0);
        copy.reach(usize::MAX);
        let ranges = std::iter::once(copy.marks[0].out..copy.marks[1].out).collect();
        Self { text: copy.out, first_line: number.saturating_sub(1), ranges }
    }

    /// The lines from one before the first label to one after the last.
    pub(super) fn new(source: &Source, labels: &[&Label]) -> Self {
        let text = source.text.as_str();
        let wanted: Vec<Range<usize>> =
            labels.iter().map(|label| inside(text, source.range(label.span))).collect();
        let start = wanted.iter().map(|range| range.start).min().unwrap_or(0);
        let end = wanted.iter().map(|range| range.end).max().unwrap_or(0);
        let from = line_start(text, line_start(text, start).saturating_sub(1));
        let to = line_end(text, (line_end(text, end) + 1).min(text.len()));
        let mut copy = Copy { out: String::new(), marks: marks(&wanted), next: 0 };
        let mut at = from;
        for line in text[from..to].split_inclusive('\n') {
            copy.line(line, at);
            at += line.len();
        }
        copy.reach(usize::MAX);
        let mut ranges = vec![0..0; wanted.len()];
        for mark in &copy.marks {
            let range = &mut ranges[mark.label];
            if mark.is_end { range.end = mark.out } else { range.start = mark.out }
        }
        Self { text: copy.out, first_line: text[..from].matches('\n').count(), ranges }
    }
}

/// An end of a label on its way from the source to the excerpt.
struct Mark {
    at: usize,
    label: usize,
    is_end: bool,
    out: usize,
}

fn marks(ranges: &[Range<usize>]) -> Vec<Mark> {
    let ends = |(label, range): (usize, &Range<usize>)| {
        [(range.start, false), (range.end, true)].map(|(at, is_end)| Mark { at, label, is_end, out: 0 })
    };
    let mut marks: Vec<Mark> = ranges.iter().enumerate().flat_map(ends).collect();
    marks.sort_by_key(|mark| mark.at);
    marks
}

struct Copy {
    out: String,
    marks: Vec<Mark>,
    next: usize,
}

impl Copy {
    /// Places all marks up to the source's byte `at` here.
    fn reach(&mut self, at: usize) {
        while let Some(mark) = self.marks.get_mut(self.next).filter(|mark| mark.at <= at) {
            mark.out = self.out.len();
            self.next += 1;
        }
    }

    fn line(&mut self, line: &str, start: usize) {
        let content = line.trim_end_matches(['\n', '\r']);
        let kept = self.kept(content, start);
        if kept.start > 0 {
            self.out.push('…');
        }
        let mut before = ' ';
        for (local, character) in content.char_indices() {
            self.reach(start + local);
            if kept.contains(&local)
                && must_spell(before, &content[local..])
                && (local > 0 || character != '\u{feff}')
            {
                self.out.extend(character.escape_unicode());
            } else if kept.contains(&local) && character != '\u{feff}' {
                self.out.push(character);
            }
            before = character;
        }
        self.reach(start + content.len());
        if kept.end < content.len() {
            self.out.push('…');
        }
        if line.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// The bytes of a line that are shown.
    fn kept(&self, content: &str, start: usize) -> Range<usize> {
        if content.chars().count() <= LONGEST_LINE {
            return 0..content.len();
        }
        let focus =
            self.marks.get(self.next).map_or(0, |mark| mark.at.saturating_sub(start).min(content.len()));
        let from = content[..focus].char_indices().rev().nth(BEFORE_LABEL).map_or(0, |(at, _)| at);
        let length = content[from..].char_indices().nth(LONGEST_LINE).map(|(at, _)| at);
        from..length.map_or(content.len(), |length| from + length)
    }
}

/// `range` moved to character boundaries.
fn inside(text: &str, range: Range<usize>) -> Range<usize> {
    text.floor_char_boundary(range.start)..text.ceil_char_boundary(range.end.max(range.start))
}

fn line_start(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |found| found + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text.as_bytes()[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |found| at + found)
}

#[cfg(test)]
mod tests {
    use super::Excerpt;
    use crate::language::diagnostics::Label;
    use crate::language::source::{Sources, Span};

    fn shown(text: &str, start: u32, end: u32) -> (String, String, usize) {
        let mut sources = Sources::default();
        let source = sources.add("a.binn", text);
        let label = Label { span: Span { start, end }, text: String::new() };
        let excerpt = Excerpt::new(source, &[&label]);
        let labelled = excerpt.text[excerpt.ranges[0].clone()].to_owned();
        (excerpt.text, labelled, excerpt.first_line)
    }

    #[test]
    fn labels_follow_spelt_characters() {
        let (text, labelled, first) = shown("binn 1\r\nx\u{1b}y abc\r\nz\r\n", 12, 15);
        assert_eq!(text, "binn 1\nx\\u{1b}y abc\nz");
        assert_eq!((labelled.as_str(), first), ("abc", 0));
    }

    #[test]
    fn long_lines_are_cut_around_the_label() {
        let text = format!("{}HERE{}", "a".repeat(5_000), "b".repeat(5_000));
        let (text, labelled, _) = shown(&text, 5_000, 5_004);
        assert_eq!(labelled, "HERE");
        assert!(text.chars().count() < 170 && text.starts_with('…') && text.ends_with('…'));
    }

    #[test]
    fn a_place_past_the_end_is_the_end() {
        assert_eq!(shown("", 0, 7), (String::new(), String::new(), 0));
    }
}
