//! Inputs, variants and names of rows as tensors: a model has one of each a variant, and a header of
//! them all would be larger than safetensors allows.
//!
//! Names stand as lines of UTF-8 with tabs between fields; a backslash stands before a tab, a line's
//! end (`\n`, `\r`) or a backslash of a name.

use super::reader::Reader;
use super::{Tensor, tensor};
use crate::compiler::plan::{Input, Role, Segment};
use crate::engine::model::error;
use crate::engine::model::header::{Header, ModelVariant};
use crate::language::diagnostics::Diagnostic;
use safetensors::tensor::Dtype;
use std::sync::Arc;

const INPUTS: &str = "inputs";
const VARIANTS: &str = "variants";
const SEGMENTS: &str = "segments";
/// In the place of a set: a covariate, which the text describes.
const COLUMN: u32 = u32::MAX;

/// The tensors of a header's lists.
pub(super) fn tensors(header: &Header) -> Vec<(String, Tensor)> {
    let inputs: Vec<u32> = header
        .inputs
        .iter()
        .flat_map(|input| match input {
            Input::Variant { set, index } => [*set as u32, *index as u32],
            Input::Column { .. } => [COLUMN, 0],
        })
        .collect();
    let mut variants = String::new();
    for ModelVariant { id, chromosome, position, allele1, allele2 } in &header.variants {
        let position = position.map_or(String::new(), |position| position.to_string());
        line(&mut variants, &[id, chromosome, &position, allele1, allele2]);
    }
    let mut segments = String::new();
    for Segment { name, layer, role, first_row, rows } in &header.segments {
        line(&mut segments, &[&first_row.to_string(), &rows.to_string(), &shown(*role), layer, name]);
    }
    vec![
        (INPUTS.to_string(), tensor(Dtype::U32, &inputs)),
        (SEGMENTS.to_string(), tensor(Dtype::U8, segments.as_bytes())),
        (VARIANTS.to_string(), tensor(Dtype::U8, variants.as_bytes())),
    ]
}

/// Fills a header's lists from the tensors of its part.
///
/// # Errors
/// E0302 where they are not as [`tensors`] writes them.
pub(super) fn fill(header: &mut Header, reader: &Reader<'_>) -> Result<(), Diagnostic> {
    let malformed = |what: &str| error::malformed(reader.file, &format!("its {what} cannot be read"));
    let (numbers, columns): (Vec<u32>, _) =
        (reader.values(INPUTS, Dtype::U32)?, std::mem::take(&mut header.columns));
    let mut columns = columns.into_iter();
    let input = |pair: &[u32]| match pair {
        [COLUMN, _] => columns.next(),
        [set, index] => Some(Input::Variant { set: *set as usize, index: *index as usize }),
        _ => None,
    };
    header.inputs =
        numbers.chunks(2).map(input).collect::<Option<_>>().ok_or_else(|| malformed("list of inputs"))?;
    header.columns =
        header.inputs.iter().filter(|input| matches!(input, Input::Column { .. })).cloned().collect();
    let text = |name| -> Result<String, Diagnostic> {
        let bytes: Vec<u8> = reader.values(name, Dtype::U8)?;
        String::from_utf8(bytes).map_err(|_| malformed(&format!("`{name}`")))
    };
    let variants = text(VARIANTS)?;
    let variants = variants.lines().map(variant).collect::<Option<_>>();
    header.variants = variants.ok_or_else(|| malformed("list of variants"))?;
    let segments = text(SEGMENTS)?;
    let mut layers: Vec<Arc<str>> = Vec::new();
    let segments = segments.lines().map(|line| segment(line, &mut layers)).collect::<Option<_>>();
    header.segments = segments.ok_or_else(|| malformed("names of rows"))?;
    Ok(())
}

fn variant(line: &str) -> Option<ModelVariant> {
    let [id, chromosome, position, allele1, allele2] = fields(line)?;
    let position = if position.is_empty() { None } else { Some(position.parse().ok()?) };
    Some(ModelVariant { id, chromosome, position, allele1, allele2 })
}

/// A segment; names of layers, of which there are few, are shared.
fn segment(line: &str, layers: &mut Vec<Arc<str>>) -> Option<Segment> {
    let [first_row, rows, role, layer, name] = fields(line)?;
    let layer = match layers.iter().find(|known| ***known == *layer) {
        Some(known) => Arc::clone(known),
        None => {
            layers.push(Arc::from(layer));
            Arc::clone(layers.last()?)
        }
    };
    let (first_row, rows) = (first_row.parse().ok()?, rows.parse().ok()?);
    Some(Segment { name: Arc::from(name), layer, role: role_of(&role)?, first_row, rows })
}

const ROLES: [(&str, Role); 5] = [
    ("input", Role::Input),
    ("latent", Role::Latent),
    ("trait", Role::Trait),
    ("measurement", Role::Measurement),
    ("auxiliary", Role::Auxiliary),
];
const HIDDEN: &str = "hidden";

fn shown(role: Role) -> String {
    match role {
        Role::Hidden(layer) => format!("{HIDDEN}{layer}"),
        _ => ROLES.iter().find(|(_, known)| *known == role).map_or("", |(name, _)| name).to_string(),
    }
}

fn role_of(shown: &str) -> Option<Role> {
    match shown.strip_prefix(HIDDEN) {
        Some(layer) => Some(Role::Hidden(layer.parse().ok()?)),
        None => ROLES.iter().find(|(name, _)| *name == shown).map(|(_, role)| *role),
    }
}

fn line(text: &mut String, fields: &[&str]) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            text.push('\t');
        }
        for letter in field.chars() {
            match letter {
                '\t' => text.push_str("\\t"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\\' => text.push_str("\\\\"),
                _ => text.push(letter),
            }
        }
    }
    text.push('\n');
}

fn fields<const N: usize>(line: &str) -> Option<[String; N]> {
    let fields: Vec<String> = line.split('\t').map(plain).collect::<Option<_>>()?;
    fields.try_into().ok()
}

/// A field as it was; `None` where a backslash stands before anything else.
fn plain(field: &str) -> Option<String> {
    if !field.contains('\\') {
        return Some(field.to_string());
    }
    let mut plain = String::with_capacity(field.len());
    let mut letters = field.chars();
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '\\' => match letters.next()? {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => return None,
            },
            letter => letter,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_they_were_whatever_they_hold() {
        let names = ["plain", "", "a\tb\nc\rd\\e\\t", "größe", "\\"];
        let mut text = String::new();
        line(&mut text, &names);
        assert_eq!(text.lines().count(), 1);
        assert_eq!(fields::<5>(&text[..text.len() - 1]).expect("five"), names.map(str::to_string));
        assert_eq!(fields::<1>("\\x"), None);
        assert_eq!(fields::<1>("\\"), None);
        assert_eq!(fields::<2>("a"), None);
    }

    #[test]
    fn roles_have_words() {
        for role in
            [Role::Input, Role::Hidden(3), Role::Latent, Role::Trait, Role::Measurement, Role::Auxiliary]
        {
            assert_eq!(role_of(&shown(role)), Some(role));
        }
        assert_eq!(role_of("hidden"), None);
        assert_eq!(role_of("head"), None);
    }
}
