//! `--set NAME=VALUE`: another value for a constant of the spec.

use super::error;
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Sources;
use crate::language::syntax::ast::{File, ItemKind, Value};
use crate::language::syntax::{self};

/// A constant, and the text of its value in the `.binn` notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What `let` names.
    pub name: String,
    /// As it would stand behind `let NAME =`.
    pub value: String,
}

impl Setting {
    /// Reads `NAME=VALUE`.
    ///
    /// # Errors
    /// What is wrong, in a few words.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
                Ok(Self { name: name.trim().to_string(), value: value.trim().to_string() })
            }
            _ => Err("write NAME=VALUE, NAME being a constant of the spec (`let NAME = …`)".to_string()),
        }
    }
}

/// Puts the values in the place of the spec's own.
///
/// # Errors
/// E0201 for a constant that the spec does not define; as syntax says for a value.
pub(super) fn apply(file: &mut File, settings: &[Setting], sources: &mut Sources) -> Diagnostics {
    let mut found = Diagnostics::default();
    for setting in settings {
        match value_of(setting, sources) {
            Ok(value) => found.extend(put(file, setting, value)),
            Err(wrong) => found.extend(wrong),
        }
    }
    found
}

fn value_of(setting: &Setting, sources: &mut Sources) -> Result<Value, Diagnostics> {
    let text = format!("binn 1\nmodel set\nlet {} = {}\n", setting.name, setting.value);
    let source = sources.add(format!("--set {}={}", setting.name, setting.value), text);
    let (file, found) = syntax::parse(source);
    let mut values = file.items.into_iter().filter_map(|item| match item.kind {
        ItemKind::Let { value, .. } => Some(value),
        _ => None,
    });
    match (values.next(), found.has_errors()) {
        (Some(value), false) => Ok(value),
        _ => Err(found),
    }
}

fn put(file: &mut File, setting: &Setting, new: Value) -> Option<Diagnostic> {
    let mut constants = file.items.iter_mut().filter_map(|item| match &mut item.kind {
        ItemKind::Let { name, value } => Some((name, value)),
        _ => None,
    });
    let mut known = Vec::new();
    for (name, value) in &mut constants {
        if name.value == setting.name {
            *value = new;
            return None;
        }
        known.push(name.value.clone());
    }
    Some(error::no_such_constant(&setting.name, &known))
}
