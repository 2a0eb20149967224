//! What messages quote of `.binn`, shown as YAML to those who write YAML.
//!
//! The stages to the right know no notation and show corrected text as `.binn`. Where a finding
//! points into a YAML file, each piece in backticks that reads as a part of `.binn` is printed
//! as YAML; what does not read as one, such as a name or a command, stays as it is.

use super::yaml::{Writer, key_of, source_entries};
use super::yaml_text::Yaml;
use crate::language::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::language::source::Sources;
use crate::language::syntax::ast::{Endpoint, FieldValue, ItemKind, ValueKind};
use crate::language::syntax::dsl::tokens::{is_bare, is_keyword};
use crate::language::syntax::{Notation, parse_as};

/// Stands for `…` while a piece is read.
const MORE: &str = "and_so_on";

/// All findings, those on YAML files with YAML in their words.
#[must_use]
pub fn as_authors_write(found: &Diagnostics, sources: &Sources) -> Diagnostics {
    let mut told = Diagnostics::default();
    told.extend(found.iter().map(|finding| {
        let finding = finding.clone();
        if is_on_yaml(&finding, sources) { in_yaml(finding) } else { finding }
    }));
    told
}

/// The file that a finding points into; without a label, the spec.
fn is_on_yaml(finding: &Diagnostic, sources: &Sources) -> bool {
    let labelled = finding.labels.first().and_then(|label| sources.of(label.span));
    let name = labelled.map(|source| source.name.as_str()).or_else(|| sources.first());
    name.is_some_and(|name| Notation::of(name) == Notation::Yaml)
}

/// Calls and comparisons stand alone only where no name of the data does, which could look like one.
fn in_yaml(mut finding: Diagnostic) -> Diagnostic {
    let told = |text: &str| pieces(text, |piece| head(piece).or_else(|| part(piece)));
    let shown =
        |text: &str| pieces(text, |piece| head(piece).or_else(|| part(piece)).or_else(|| value(piece)));
    let of_spelling = finding.code == Code::E0105 || finding.code == Code::E0106;
    finding.message = if of_spelling { shown(&finding.message) } else { told(&finding.message) };
    finding.labels.iter_mut().for_each(|label| label.text = told(&label.text));
    finding.notes.iter_mut().for_each(|note| *note = told(note));
    finding.help = finding.help.map(|help| shown(&help).into_boxed_str());
    finding
}

/// A text with each piece in backticks that `change` knows replaced.
fn pieces(text: &str, change: impl Fn(&str) -> Option<String>) -> String {
    let parts: Vec<String> = text
        .split('`')
        .enumerate()
        .map(|(at, piece)| if at % 2 == 1 { change(piece) } else { None }.unwrap_or_else(|| piece.to_owned()))
        .collect();
    parts.join("`")
}

/// `fcn(…)`, which names a call, is the word alone where calls are maps.
fn head(piece: &str) -> Option<String> {
    piece.strip_suffix("(…)").filter(|word| is_bare(word)).map(str::to_owned)
}

/// Items, fields and the parts of items that start with a word.
fn part(piece: &str) -> Option<String> {
    let mut words = piece.split(' ');
    let (first, second) = (words.next()?, words.next()?);
    let shown = |yaml: &Yaml| yaml.flat();
    match first {
        _ if second == "=" => read("train { ", piece, " }", |writer, item| match item {
            ItemKind::Train { fields } if !fields.is_empty() => {
                entries(&writer.with_fields(Vec::new(), fields))
            }
            _ => None,
        }),
        "column" => read("table t from tsv \"t\" { ", piece, " }", |writer, item| match item {
            ItemKind::Table { columns, .. } => {
                let [column] = columns.as_slice() else { return None };
                entries(&[writer.column(column)])
            }
            _ => None,
        }),
        "via" => read("link a -> b ", piece, "", |writer, item| match item {
            ItemKind::Link { via: Some(via), .. } => Some(format!("via: {}", shown(&writer.value(via))?)),
            _ => None,
        }),
        "->" => read("link a ", piece, "", |writer, item| match item {
            ItemKind::Link { to, .. } => Some(format!("to: {}", shown(&writer.endpoints(to))?)),
            _ => None,
        }),
        "where" => read("link a ", piece, " -> b", |writer, item| match item {
            ItemKind::Link { from, .. } => {
                let [Endpoint { filter, .. }] = from.as_slice() else { return None };
                Some(format!("where: {}", shown(&writer.predicate(filter))?))
            }
            _ => None,
        }),
        "from" => source(piece),
        word if is_keyword(word) => read("", piece, "", whole),
        _ => None,
    }
}

/// `from csv`, with or without a path.
fn source(piece: &str) -> Option<String> {
    let path = if piece.contains('"') { "" } else { " \"path\"" };
    read("genotypes g ", piece, path, |_, item| {
        let ItemKind::Genotypes { source, fields, .. } = item else { return None };
        let mut all = Vec::new();
        source_entries(source, &mut all);
        all.truncate(if path.is_empty() { 2 } else { 1 });
        fields.is_empty().then(|| entries(&all)).flatten()
    })
}

/// A call or a comparison by itself.
fn value(piece: &str) -> Option<String> {
    read("train { x = ", piece, " }", |writer, item| {
        let ItemKind::Train { fields } = item else { return None };
        let [field] = fields.as_slice() else { return None };
        match &field.value {
            FieldValue::Value(value) if matches!(value.value, ValueKind::Call(_)) => {
                writer.value(value).flat()
            }
            FieldValue::Predicate(comparisons) => writer.predicate(comparisons).flat(),
            FieldValue::Value(_) => None,
        }
    })
}

/// An item under its key, as it stands in a file.
fn whole(writer: &Writer<'_>, item: &ItemKind) -> Option<String> {
    let key = key_of(item);
    Some(format!("{key}: {}", writer.section(item).flat()?))
}

fn entries(all: &[(String, Yaml)]) -> Option<String> {
    let all: Option<Vec<String>> =
        all.iter().map(|(key, value)| Some(format!("{key}: {}", value.flat()?))).collect();
    all.map(|all| all.join(", "))
}

/// Reads a piece inside what makes it a whole item, and shows it; `None` if it is no such part.
fn read(
    before: &str,
    piece: &str,
    after: &str,
    show: impl Fn(&Writer<'_>, &ItemKind) -> Option<String>,
) -> Option<String> {
    let piece = piece.replace("...", MORE).replace('…', MORE);
    let mut sources = Sources::default();
    let text = sources.add("quoted", format!("binn 1\n{before}{piece}{after}\n"));
    let (file, found) = parse_as(Notation::Binn, text);
    let [item] = file.items.as_slice() else { return None };
    let shown = found.is_empty().then(|| show(&Writer::of(text), &item.kind)).flatten()?;
    Some(shown.replace(MORE, "…"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::source::Span;

    fn shown(piece: &str) -> Option<String> {
        head(piece).or_else(|| part(piece)).or_else(|| value(piece))
    }

    #[test]
    fn parts_of_binn_are_shown_as_yaml() {
        for (binn, yaml) in [
            ("model my_panel", "model: my_panel"),
            ("layer gene : KIND { hierarchy = PRIOR }", "layers: {gene: {kind: KIND, hierarchy: PRIOR}}"),
            ("link snps -> …", "links: [{from: snps, to: …}]"),
            ("link T.* -> gene", "links: [{from: T.*, to: gene}]"),
            ("evaluate kfold(5, seed = 3)", "evaluate: {kfold: 5, seed: 3}"),
            ("source = \"snp\"  target = \"gene\"", "source: \"snp\", target: \"gene\""),
            ("from = \"a\"  to = \"b\"", "from: \"a\", to: \"b\""),
            ("upstream = 250kb", "upstream: 250kb"),
            ("keep = chrom in [1, 2, …]", "keep: [{chrom: {in: [1, 2, …]}}]"),
            ("column group : categorical", "group: {type: categorical}"),
            ("column * : continuous", "'*': {type: continuous}"),
            ("via window(genes, upstream = 10kb)", "via: {window: genes, upstream: 10kb}"),
            ("via go", "via: go"),
            ("-> head", "to: head"),
            ("where id in [...]", "where: [{id: {in: […]}}]"),
            ("from csv", "format: csv"),
            ("from plink \"P.bed\"", "format: plink, path: P.bed"),
            ("kfold(5)", "{kfold: 5}"),
            ("adam(lr = 1e-4)", "{adam: {lr: 1.0e-4}}"),
            ("fcn(…)", "fcn"),
            ("maf >= 0.05", "[{maf: {\">=\": 0.05}}]"),
        ] {
            assert_eq!(shown(binn).as_deref(), Some(yaml), "{binn}");
        }
    }

    #[test]
    fn all_else_stays() {
        for piece in
            ["gene", "pheno.yield", "plink2 --bfile a --make-bed", "model", "binn: 1", "AT1G01010", "", " = "]
        {
            assert_eq!(shown(piece), None, "{piece}");
        }
    }

    #[test]
    fn only_findings_on_yaml_change() {
        let mut sources = Sources::default();
        sources.add("a.yaml", "binn: 1\n");
        let base = sources.add("b.binn", "binn 1\n").base();
        let finding = || {
            Diagnostic::new(Code::E0503, "`fcn(…)` needs a width, `a = 1`")
                .note("`kfold(5)` and `a = 1`")
                .help("write `fcn(8)`")
        };
        let at = |start| finding().at(Span { start, end: start }, "");
        let mut found = Diagnostics::default();
        found.extend([finding(), at(0), at(base)]);
        let told: Vec<Diagnostic> = as_authors_write(&found, &sources).into_iter().collect();
        for yaml in &told[..2] {
            assert_eq!(yaml.message, "`fcn` needs a width, `a: 1`");
            assert_eq!(yaml.notes, ["`kfold(5)` and `a: 1`"]);
            assert_eq!(yaml.help.as_deref(), Some("write `{fcn: 8}`"));
        }
        assert_eq!(told[2], at(base));
    }
}
