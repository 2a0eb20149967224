//! Typed access to the `key = value` fields of an item and the arguments of a call.
//!
//! Every key is asked for by name; what nobody asked for is reported as unknown, so no
//! option is ever silently ignored.

use super::Lowering;
use crate::language::diagnostics::{Code, Severity};
use crate::language::source::{Span, Spanned};
use crate::language::spec::{Allowed, error};
use crate::language::syntax::ast::{Call, Comparison, Field, FieldValue, Value, ValueKind};

/// The fields of one item or the named arguments of one call.
pub(super) struct Fields<'a> {
    owner: String,
    span: Span,
    entries: Vec<(&'a str, Span, Entry<'a>)>,
    known: Vec<&'static str>,
    /// Whether these are the fields of an item, which may accept warnings.
    of_item: bool,
}

#[derive(Clone, Copy)]
enum Entry<'a> {
    Value(&'a Value),
    Predicate(&'a [Comparison]),
}

impl<'a> Lowering<'a> {
    /// The fields of an item; keys given twice are reported, and what it allows is noted.
    pub(super) fn fields(&mut self, owner: &str, span: Span, fields: &'a [Field]) -> Fields<'a> {
        let entries = fields
            .iter()
            .map(|field| {
                let entry = match &field.value {
                    FieldValue::Value(value) => Entry::Value(self.constant(value)),
                    FieldValue::Predicate(comparisons) => Entry::Predicate(comparisons),
                };
                (field.key.value.as_str(), field.key.span, entry)
            })
            .collect();
        let mut fields = self.collected(owner, span, entries);
        self.allowances(&mut fields);
        fields.of_item = true;
        fields
    }

    /// Notes the warnings that an item accepts.
    fn allowances(&mut self, fields: &mut Fields<'a>) {
        let Some((key, entry)) = fields.take("allow") else { return fields.known.clear() };
        fields.known.clear();
        let Entry::Value(value) = entry else { return self.report(error::codes_wanted(key)) };
        for value in self.as_list(value) {
            let Some(word) = plain_text(value) else {
                self.report(error::codes_wanted(value.span));
                continue;
            };
            match Code::find(&word).or_else(|| Code::ALL.iter().copied().find(|code| code.slug() == word)) {
                Some(code) if code.severity() == Severity::Warning => {
                    self.allowed.push(Allowed { code, item: fields.span });
                }
                Some(code) => self.report(error::error_allowed(code, value.span)),
                None => self.report(error::unknown_code(&word, value.span)),
            }
        }
    }

    /// The unnamed arguments of a call in order, and the named ones as fields.
    pub(super) fn arguments(&mut self, call: &'a Call) -> (Vec<&'a Value>, Fields<'a>) {
        let unnamed =
            call.arguments.iter().filter(|a| a.name.is_none()).map(|a| self.constant(&a.value)).collect();
        let named = call
            .arguments
            .iter()
            .filter_map(|argument| {
                let name = argument.name.as_ref()?;
                Some((name.value.as_str(), name.span, Entry::Value(self.constant(&argument.value))))
            })
            .collect();
        (unnamed, self.collected(&format!("`{}(…)`", call.name.value), call.span, named))
    }

    /// The one unnamed argument of a call; more are reported.
    pub(super) fn only_argument(&mut self, call: &Call, unnamed: &[&'a Value]) -> Option<&'a Value> {
        if let Some(second) = unnamed.get(1) {
            self.report(error::too_many_arguments(&call.name.value, "one value", second.span));
        }
        unnamed.first().copied()
    }

    fn collected(&mut self, owner: &str, span: Span, entries: Vec<(&'a str, Span, Entry<'a>)>) -> Fields<'a> {
        for (place, (key, second, _)) in entries.iter().enumerate() {
            if let Some((_, first, _)) = entries[..place].iter().find(|(earlier, ..)| earlier == key) {
                self.report(error::given_twice(&format!("`{key}`"), *first, *second));
            }
        }
        Fields { owner: owner.to_string(), span, entries, known: Vec::new(), of_item: false }
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(&mut self, mut fields: Fields<'a>) {
        if fields.of_item {
            fields.known.push("allow");
        }
        for (key, span, _) in &fields.entries {
            if !fields.known.contains(key) {
                self.report(error::unknown_key(&fields.owner, key, *span, &fields.known));
            }
        }
    }

    /// Reports each of these keys, if given, as not built.
    pub(super) fn refuse(&mut self, fields: &mut Fields<'a>, keys: &[(&'static str, &str)]) {
        for (key, instead) in keys {
            if let Some((span, _)) = fields.take(key) {
                self.report(error::not_in_this_version(&format!("`{key}`"), instead, span));
            }
        }
        fields.known.retain(|known| {
            !keys.iter().any(|(key, _)| key == known) || fields.entries.iter().any(|e| e.0 == *known)
        });
    }

    pub(super) fn value(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<&'a Value> {
        match fields.take(key)? {
            (_, Entry::Value(value)) => Some(value),
            (span, Entry::Predicate(_)) => {
                self.report(error::wrong_type(key, "a value, not a comparison", span));
                None
            }
        }
    }

    pub(super) fn predicate(&mut self, fields: &mut Fields<'a>, key: &'static str) -> &'a [Comparison] {
        match fields.take(key) {
            Some((_, Entry::Predicate(comparisons))) => comparisons,
            Some((_, Entry::Value(value))) => {
                self.report(error::wrong_type(key, "a comparison such as `maf >= 0.05`", value.span));
                &[]
            }
            None => &[],
        }
    }

    pub(super) fn required_text(
        &mut self,
        fields: &mut Fields<'a>,
        key: &'static str,
        example: &str,
    ) -> Option<String> {
        if !fields.has(key) {
            fields.known.push(key);
            self.report(error::required(&fields.owner, &format!("`{key}`"), example, fields.span));
            return None;
        }
        self.text(fields, key)
    }

    /// A quoted text or a bare word: the two are equal wherever text is expected.
    pub(super) fn text(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<String> {
        let value = self.value(fields, key)?;
        self.as_text(key, value)
    }

    pub(super) fn as_text(&mut self, key: &str, value: &'a Value) -> Option<String> {
        let text = plain_text(value);
        if text.is_none() {
            self.report_no_text(key, "a text", value);
        }
        text
    }

    /// Says that a value is no text, and that a dotted name would be one in quotes.
    pub(super) fn report_no_text(&mut self, key: &str, expected: &str, value: &Value) {
        self.report(match &value.value {
            ValueKind::Path(path) if path.segments.len() > 1 && !path.star => {
                let written: Vec<&str> = path.segments.iter().map(|name| name.value.as_str()).collect();
                error::text_without_quotes(key, expected, &written.join("."), value.span)
            }
            _ => error::wrong_type(key, expected, value.span),
        });
    }

    /// An identifier of a file: a text or bare word, or a whole number as written.
    pub(super) fn as_id(&mut self, key: &str, value: &'a Value) -> Option<String> {
        match &value.value {
            ValueKind::Number { number, integer: true, unit: None } => Some(format!("{number}")),
            _ => self.as_text(key, value),
        }
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        fields: &mut Fields<'a>,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let value = self.value(fields, key)?;
        let word = self.as_text(key, value)?;
        self.chosen(&format!("value of `{key}`"), &word, value.span, choices)
    }

    pub(super) fn as_choice<T: Copy>(
        &mut self,
        what: &str,
        value: &'a Value,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let word = self.as_text(what, value)?;
        self.chosen(what, &word, value.span, choices)
    }

    fn chosen<T: Copy>(&mut self, what: &str, word: &str, span: Span, choices: &[(&str, T)]) -> Option<T> {
        let found = choices.iter().find(|(name, _)| *name == word).map(|(_, choice)| *choice);
        if found.is_none() {
            let known: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.report(error::unknown_word(what, word, span, &known));
        }
        found
    }

    /// A number without a unit, or with `%` where `percent` allows it.
    pub(super) fn number(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<Spanned<f64>> {
        let value = self.value(fields, key)?;
        self.as_number(key, value, &[])
    }

    /// A share between 0 and 1, also written as a percentage.
    pub(super) fn share(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<f64> {
        let value = self.value(fields, key)?;
        self.as_share(key, value)
    }

    pub(super) fn as_share(&mut self, key: &str, value: &'a Value) -> Option<f64> {
        let number = self.as_number(key, value, &[("%", 0.01)])?;
        if !(0.0..=1.0).contains(&number.value) {
            self.report(error::wrong_type(key, "a share between 0 and 1 (or 0 % and 100 %)", number.span));
            return None;
        }
        Some(number.value)
    }

    /// A whole number of at least `least`.
    pub(super) fn count(&mut self, fields: &mut Fields<'a>, key: &'static str, least: u64) -> Option<usize> {
        let value = self.value(fields, key)?;
        self.as_count(key, value, least)
    }

    pub(super) fn as_count(&mut self, key: &str, value: &'a Value, least: u64) -> Option<usize> {
        let number = self.as_number(key, value, &[])?;
        let whole = number.value.fract() == 0.0 && number.value < 9.0e15;
        if !whole || number.value < least as f64 {
            self.report(error::wrong_type(key, &format!("a whole number of at least {least}"), number.span));
            return None;
        }
        Some(number.value as usize)
    }

    /// A length in base pairs; `bp`, `kb` and `Mb` are known.
    pub(super) fn length(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<u64> {
        let value = self.value(fields, key)?;
        let number = self.as_number(key, value, &[("bp", 1.0), ("kb", 1e3), ("Mb", 1e6)])?;
        if number.value < 0.0 {
            self.report(error::wrong_type(key, "a length of at least 0 bp", number.span));
            return None;
        }
        Some(number.value.round() as u64)
    }

    pub(super) fn as_number(
        &mut self,
        key: &str,
        value: &'a Value,
        units: &[(&str, f64)],
    ) -> Option<Spanned<f64>> {
        let ValueKind::Number { number, unit, .. } = &value.value else {
            self.report(error::wrong_type(key, "a number", value.span));
            return None;
        };
        let Some(unit) = unit else { return Some(Spanned::new(*number, value.span)) };
        let Some((_, factor)) = units.iter().find(|(name, _)| name == unit) else {
            let allowed = match units {
                [] => "give a number without a unit",
                [("%", _)] => "give a share, such as `0.05` or `5%`",
                _ => "give a length in `bp`, `kb` or `Mb`, such as `250kb`",
            };
            self.report(error::bad_unit(key, unit, allowed, value.span));
            return None;
        };
        Some(Spanned::new(number * factor, value.span))
    }

    /// A list, or one value that stands for a list of one.
    pub(super) fn list(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<Vec<&'a Value>> {
        let value = self.value(fields, key)?;
        Some(self.as_list(value))
    }

    pub(super) fn as_list(&self, value: &'a Value) -> Vec<&'a Value> {
        match &value.value {
            ValueKind::List(values) => values.iter().map(|value| self.constant(value)).collect(),
            _ => vec![value],
        }
    }
}

/// What was quoted, or a bare word.
fn plain_text(value: &Value) -> Option<String> {
    match &value.value {
        ValueKind::Text(text) => Some(text.clone()),
        ValueKind::Path(path) if !path.star && path.segments.len() == 1 => {
            Some(path.segments[0].value.clone())
        }
        _ => None,
    }
}

impl<'a> Fields<'a> {
    /// Forgets what is left of an item that could not be understood: its keys are not at fault.
    pub(super) fn forget(&mut self) {
        self.entries.clear();
    }

    /// Takes a key that does not belong here out of the fields; where it stood, if it was given.
    pub(super) fn remove(&mut self, key: &str) -> Option<Span> {
        let place = self.entries.iter().position(|(name, ..)| *name == key)?;
        Some(self.entries.remove(place).1)
    }

    /// Where the key stands, if it is given.
    pub(super) fn span_of(&self, key: &str) -> Option<Span> {
        self.entries.iter().find(|(name, ..)| *name == key).map(|(_, span, _)| *span)
    }

    /// Whether the key is given.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, ..)| *name == key)
    }

    fn take(&mut self, key: &'static str) -> Option<(Span, Entry<'a>)> {
        self.known.push(key);
        self.entries.iter().find(|(name, ..)| *name == key).map(|(_, span, entry)| (*span, *entry))
    }
}
