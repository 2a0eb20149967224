//! Tables: files, or columns that the generator made.

use super::Reader;
use super::error as load;
use crate::data::simulate::Simulated;
use crate::data::{self, Cohort, ColumnData, ColumnReport, MISSING_LEVEL, TableData, TableKey};
use crate::language::spec::{ColumnKind, Format, Spec, Table, error};
use std::collections::BTreeMap;

impl Reader<'_> {
    pub(super) fn tables(&mut self, spec: &Spec, simulated: &[Option<Simulated>]) {
        for table in &spec.tables {
            let data = if table.origin.format == Format::Simulate {
                self.simulated_table(spec, table, simulated)
            } else {
                self.table(table)
            };
            self.read.tables.extend(data);
        }
    }

    pub(super) fn table(&mut self, table: &Table) -> Option<TableData> {
        let span = table.origin.span;
        let path = self.path(&table.origin.path, span)?;
        let read =
            data::read_table(self.world, &path, table).map(|(data, report, found)| ((data, report), found));
        let (data, report) = self.keep(read, span)?;
        let mut file = report.file;
        file.notes.extend(report.columns.iter().filter_map(as_read));
        self.read.files.push(file);
        Some(data)
    }

    fn simulated_table(
        &mut self,
        spec: &Spec,
        table: &Table,
        simulated: &[Option<Simulated>],
    ) -> Option<TableData> {
        let made = self.generator(spec, &table.origin, simulated)?;
        let keys = made
            .genotypes
            .samples
            .iter()
            .map(|sample| TableKey { family: None, individual: sample.individual.clone() })
            .collect();
        let mut columns = indexmap::IndexMap::new();
        for column in &table.columns {
            match made.traits.get(&column.name.value) {
                Some(_) if column.kind != ColumnKind::Continuous => {
                    self.found.push(load::simulated_is_continuous(&column.name.value, column.name.span));
                }
                Some(values) => {
                    columns.insert(column.name.value.clone(), ColumnData::Numeric(values.clone()));
                }
                None => {
                    let known = made.traits.keys().map(String::as_str);
                    let missing = load::no_simulated_column(&column.name.value, known, column.name.span);
                    self.found.push(missing);
                }
            }
        }
        if table.rest.is_some() {
            for (name, values) in &made.traits {
                columns.entry(name.clone()).or_insert_with(|| ColumnData::Numeric(values.clone()));
            }
        }
        Some(TableData { keys, columns, weights: None })
    }

    /// What the generator of that name made for the spec's genotypes.
    pub(super) fn generator<'s>(
        &mut self,
        spec: &Spec,
        origin: &crate::language::spec::Origin,
        simulated: &'s [Option<Simulated>],
    ) -> Option<&'s Simulated> {
        let of_name = |at: &usize| spec.genotypes[*at].origin.path == origin.path;
        let found = (0..spec.genotypes.len()).filter(of_name).find_map(|at| simulated[at].as_ref());
        if found.is_none() {
            let what = format!("`genotypes … from simulate \"{}\"`", origin.path);
            let example = format!("genotypes snps from simulate \"{}\" {{ n = 1000 }}", origin.path);
            self.found.push(error::required("a simulated source", &what, &example, origin.span));
        }
        found
    }
}

/// How the texts of a column were taken: what was missing, and which value is a case.
fn as_read(column: &ColumnReport) -> Option<String> {
    let missing = column.missing.iter().map(|(text, count)| format!("`{text}` is missing ({count})"));
    let values = column.mapping.iter().filter(|value| !value.ends_with("missing")).cloned();
    let said: Vec<String> = values.chain(missing).collect();
    (!said.is_empty()).then(|| format!("column `{}`: {}", column.name, said.join(", ")))
}

/// Levels of every categorical column, sorted; where values are missing, that is the last level.
pub(super) fn levels(cohort: &Cohort) -> BTreeMap<(usize, String), Vec<String>> {
    let mut found = BTreeMap::new();
    for (at, columns) in cohort.columns.iter().enumerate() {
        for (name, column) in columns {
            if let ColumnData::Categorical { levels, codes } = column {
                let missing = codes.contains(&None).then(|| MISSING_LEVEL.to_string());
                found.insert((at, name.clone()), levels.iter().cloned().chain(missing).collect());
            }
        }
    }
    found
}

/// Column names of every table, in file order.
pub(super) fn column_names(tables: &[TableData]) -> Vec<Vec<String>> {
    tables.iter().map(|table| table.columns.keys().cloned().collect()).collect()
}
