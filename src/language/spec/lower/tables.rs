//! `table NAME from FORMAT "PATH" { key = …  column … }`, and references to columns.

use super::Lowering;
use super::fields::Fields;
use super::scope::Thing;
use crate::language::source::{Span, Spanned};
use crate::language::spec::{Column, ColumnKind, ColumnRef, Format, Name, Table, TableId, error};
use crate::language::syntax::ast::{self, Item, ItemKind, Path, ValueKind};

pub(super) const COLUMN_KINDS: [(&str, ColumnKind); 5] = [
    ("continuous", ColumnKind::Continuous),
    ("binary", ColumnKind::Binary),
    ("ordinal", ColumnKind::Ordinal),
    ("count", ColumnKind::Count),
    ("categorical", ColumnKind::Categorical),
];

/// Texts that stand for a missing value where the author names none.
const MISSING: [&str; 6] = ["NA", "NaN", "nan", "N/A", ".", "-"];

impl<'a> Lowering<'a> {
    pub(super) fn table(&mut self, item: &'a Item) -> Option<Table> {
        let ItemKind::Table { name, source, columns, fields } = &item.kind else { return None };
        let origin = self.origin(source, &[Format::Tsv, Format::Csv, Format::Simulate], "table");
        let mut fields = self.fields("`table`", item.span, fields);
        let key = self.key(&mut fields, name.span);
        let simulated = origin.as_ref().is_some_and(|origin| origin.format == Format::Simulate);
        let (missing, decimal, weight) =
            if simulated { self.without_file(&mut fields) } else { self.of_file(&mut fields) };
        let records = [("single", false), ("repeated", true)];
        let repeated = if simulated { None } else { self.choice(&mut fields, "records", &records) };
        self.refuse(&mut fields, &[("header", "give the file a header line with column names")]);
        self.finish(fields);
        let declared = self.columns(columns);
        let rest = columns.iter().find(|column| column.rest).and_then(|column| {
            let kind = self.column_kind(&column.kind)?;
            Some(Spanned::new(kind, column.name.span))
        });
        Some(Table {
            name: name.clone(),
            origin: origin?,
            key,
            columns: declared,
            rest,
            missing: missing.unwrap_or_else(|| MISSING.map(String::from).to_vec()),
            decimal,
            weight,
            repeated: repeated.unwrap_or(false),
        })
    }

    /// What describes a file: the texts of missing values, the decimal mark, the column of weights.
    fn of_file(&mut self, fields: &mut Fields<'a>) -> (Option<Vec<String>>, char, Option<Name>) {
        let missing = self.texts(fields, "missing");
        let decimal = self.decimal(fields);
        let weight = self.value(fields, "weight").and_then(|value| {
            let text = self.as_text("weight", value)?;
            Some(Spanned::new(text, value.span))
        });
        (missing, decimal, weight)
    }

    /// None of that applies to a simulated table: what is given is reported.
    fn without_file(&mut self, fields: &mut Fields<'a>) -> (Option<Vec<String>>, char, Option<Name>) {
        for key in ["weight", "decimal", "missing", "records"] {
            if let Some(span) = fields.remove(key) {
                self.report(error::key_of_files(key, span));
            }
        }
        (None, '.', None)
    }

    fn key(&mut self, fields: &mut Fields<'a>, table: Span) -> Vec<Name> {
        let Some(value) = self.value(fields, "key") else {
            return vec![Spanned::new("IID".to_string(), table)];
        };
        let (values, span) = (self.as_list(value), value.span);
        let mut key = Vec::new();
        for value in values {
            let Some(text) = self.as_text("key", value) else { continue };
            key.push(Spanned::new(text, value.span));
        }
        if !matches!(key.len(), 1 | 2) && !self.found.has_errors() {
            self.report(error::wrong_type("key", "one column, or two: `key = [FID, IID]`", span));
        }
        key
    }

    fn texts(&mut self, fields: &mut Fields<'a>, name: &'static str) -> Option<Vec<String>> {
        let values = self.list(fields, name)?;
        Some(values.into_iter().filter_map(|value| self.missing_code(name, value)).collect())
    }

    fn missing_code(&mut self, key: &str, value: &'a ast::Value) -> Option<String> {
        match &value.value {
            ValueKind::Number { number, unit: None, .. } => Some(format!("{number}")),
            _ => self.as_text(key, value),
        }
    }

    fn decimal(&mut self, fields: &mut Fields<'a>) -> char {
        self.choice(fields, "decimal", &[(".", '.'), (",", ',')]).unwrap_or('.')
    }

    fn columns(&mut self, columns: &'a [ast::Column]) -> Vec<Column> {
        let mut declared: Vec<Column> = Vec::new();
        for column in columns.iter().filter(|column| !column.rest) {
            let mut fields =
                self.fields(&format!("column `{}`", column.name.value), column.name.span, &column.fields);
            let unit = self.text(&mut fields, "unit");
            let case = self.value(&mut fields, "case").and_then(|value| self.missing_code("case", value));
            self.finish(fields);
            if let Some(first) = declared.iter().find(|earlier| earlier.name.value == column.name.value) {
                self.report(error::defined_twice(&column.name.value, first.name.span, column.name.span));
                continue;
            }
            if let Some(kind) = self.column_kind(&column.kind) {
                declared.push(Column { name: column.name.clone(), kind, unit, case });
            }
        }
        declared
    }

    fn column_kind(&mut self, word: &ast::Ident) -> Option<ColumnKind> {
        let found = COLUMN_KINDS.iter().find(|(name, _)| *name == word.value).map(|(_, kind)| *kind);
        if found.is_none() {
            let known = COLUMN_KINDS.map(|(name, _)| name);
            self.report(error::unknown_word("column type", &word.value, word.span, &known));
        }
        found
    }

    /// `T.c`: a declared column of a declared table.
    pub(super) fn column_ref(&mut self, path: &Path) -> Option<ColumnRef> {
        let table = self.table_ref(path)?;
        let [_, column] = path.segments.as_slice() else {
            let written: Vec<&str> = path.segments.iter().map(|segment| segment.value.as_str()).collect();
            self.report(error::not_a_column(&written.join("."), path.span));
            return None;
        };
        self.column_of(table, column, path.span)
    }

    /// The table that a path starts with.
    pub(super) fn table_ref(&mut self, path: &Path) -> Option<TableId> {
        let first = &path.segments[0];
        match self.scope.get(&first.value) {
            Some(Thing::Table(table)) => Some(table),
            Some(other) => {
                let tables = self.scope.names(|thing| matches!(thing, Thing::Table(_)));
                let wanted = "a column of a table";
                self.report(error::wrong_kind(&first.value, other.described(), wanted, first.span, tables));
                None
            }
            None => {
                let tables = self.scope.names(|thing| matches!(thing, Thing::Table(_)));
                self.report_undefined("table", first, &tables);
                None
            }
        }
    }

    fn column_of(&mut self, table: TableId, column: &Name, span: Span) -> Option<ColumnRef> {
        let columns = self.scope.columns(table);
        let declared = columns.iter().find(|c| !c.rest && c.name.value == column.value);
        let Some(found) = declared.or_else(|| columns.iter().find(|c| c.rest)) else {
            let tables = self.scope.names(|thing| thing == Thing::Table(table));
            let names = columns.iter().map(|c| c.name.value.as_str());
            self.report(error::column_not_declared(tables[0], &column.value, column.span, names));
            return None;
        };
        let kind = COLUMN_KINDS.iter().find(|(name, _)| *name == found.kind.value)?.1;
        Some(ColumnRef { table, column: column.value.clone(), kind, span })
    }
}
