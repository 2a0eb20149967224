//! Places outside the author's texts: lines of data files.
//!
//! A reader knows file, line and the word that it stumbled over; the text of the line is
//! looked up when there is something to report, so that reading keeps no copies.

/// A line of a data file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// The file, as messages name it and as it can be opened.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1, where it is known.
    pub column: Option<usize>,
    /// What to point at in the line; all of it when `None`.
    pub word: Option<String>,
    /// A few words; may be empty.
    pub text: String,
    /// The line itself, once it was looked up.
    pub content: Option<String>,
}

impl Place {
    /// A whole line.
    pub fn new(file: impl Into<String>, line: usize, text: impl Into<String>) -> Self {
        Self { file: file.into(), line, column: None, word: None, text: text.into(), content: None }
    }

    /// Points at a word of the line.
    #[must_use]
    pub fn word(mut self, word: impl Into<String>) -> Self {
        self.word = Some(word.into());
        self
    }

    /// Points at a column, in characters from 1.
    #[must_use]
    pub fn column(mut self, column: usize) -> Self {
        self.column = Some(column);
        self
    }

    /// `file:line`, with the column where it is known.
    #[must_use]
    pub fn address(&self) -> String {
        let column = self.column.map(|column| format!(":{column}")).unwrap_or_default();
        format!("{}:{}{column}", self.file, self.line)
    }

    /// `file:line: words`, or the address alone where no words are needed.
    #[must_use]
    pub fn told(&self) -> String {
        if self.text.is_empty() { self.address() } else { format!("{}: {}", self.address(), self.text) }
    }

    /// Takes in the line's text. The word gets its column where it is one field, the last of its kind.
    pub fn look_up(&mut self, line: &str) {
        let range = self.word.as_ref().and_then(|word| last_field(line, word));
        if let (Some(at), None) = (range, self.column) {
            self.column = Some(line[..at].chars().count() + 1);
        }
        self.content = Some(line.to_owned());
    }

    /// The bytes of the line that are pointed at.
    #[must_use]
    pub fn range(&self) -> std::ops::Range<usize> {
        let line = self.content.as_deref().unwrap_or_default();
        let whole = line.len() - line.trim_start().len()..line.trim_end().len().max(1).min(line.len());
        let Some(column) = self.column else { return whole };
        let Some((start, _)) = line.char_indices().nth(column - 1) else { return whole };
        let length = match &self.word {
            Some(word) if line[start..].starts_with(word.as_str()) => word.len(),
            _ => line[start..].find(is_separator).unwrap_or(line.len() - start),
        };
        start..start + length
    }
}

/// Where the last field that is `word` starts.
fn last_field(line: &str, word: &str) -> Option<usize> {
    let ends = |text: &str, from_end: bool| {
        let next = if from_end { text.chars().next_back() } else { text.chars().next() };
        next.is_none_or(|character| is_separator(character) || character == '"')
    };
    let whole = |at: &usize| ends(&line[..*at], true) && ends(&line[at + word.len()..], false);
    line.match_indices(word).map(|(at, _)| at).filter(whole).last()
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, ',' | ';' | '=')
}

#[cfg(test)]
mod tests {
    use super::Place;

    fn pointed(line: &str, place: Place) -> (Option<usize>, String) {
        let mut place = place;
        place.look_up(line);
        (place.column, line[place.range()].to_owned())
    }

    #[test]
    fn a_word_is_found_as_a_field_of_its_own() {
        let at = |line: &str, word: &str| pointed(line, Place::new("f", 1, "").word(word));
        assert_eq!(at("µ\tG1\tG11\tG1", "G1"), (Some(10), "G1".to_owned()));
        assert_eq!(at("IID,1,5,x", "1"), (Some(5), "1".to_owned()));
        assert_eq!(at("a\tabc", "ab"), (None, "a\tabc".to_owned()));
    }

    #[test]
    fn without_a_word_the_line_is_pointed_at() {
        assert_eq!(pointed("  a b\t", Place::new("f", 1, "")), (None, "a b".to_owned()));
        assert_eq!(pointed("", Place::new("f", 1, "")), (None, String::new()));
        assert_eq!(pointed("ab\tcd e", Place::new("f", 1, "").column(4)), (Some(4), "cd".to_owned()));
        assert_eq!(pointed("ab", Place::new("f", 1, "").column(9)).1, "ab");
    }
}
