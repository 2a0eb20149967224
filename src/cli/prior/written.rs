//! The table, the samples that it was estimated on, and how it was made.

use super::Derived;
use crate::cli::Diagnostics;
use crate::cli::args::Measurements;
use crate::cli::print::cannot_write;
use crate::data::InputFile;
use crate::io::World;
use crate::language::spec::Spec;
use serde_json::{Value, json};

pub(super) struct Written<'a> {
    pub(super) from: &'a Measurements,
    pub(super) spec: &'a Spec,
    pub(super) derived: &'a Derived,
}

impl Written<'_> {
    /// Writes the three files, the table last.
    pub(super) fn write<'f>(
        &self,
        world: &dyn World,
        files: impl Iterator<Item = &'f InputFile>,
    ) -> Result<(), Diagnostics> {
        let out = &self.from.out;
        let parts = [
            (out.with_extension("samples.txt"), self.samples()),
            (out.with_extension("json"), format!("{:#}\n", self.record(files))),
            (out.clone(), self.derived.table.clone()),
        ];
        for (path, text) in parts {
            world.write(&path, text.as_bytes()).map_err(|why| cannot_write(&path, &why))?;
        }
        Ok(())
    }

    fn samples(&self) -> String {
        self.derived.samples.iter().map(|sample| format!("{sample}\n")).collect()
    }

    fn record<'f>(&self, files: impl Iterator<Item = &'f InputFile>) -> Value {
        let inputs: Vec<Value> = files.map(|file| json!([file.name, file.bytes, file.digest])).collect();
        let mut record = serde_json::Map::new();
        record.insert("written_by".into(), json!(env!("CARGO_PKG_VERSION")));
        record.insert("model".into(), json!(self.spec.model.value));
        record.insert("table".into(), json!(self.from.table));
        record.extend(self.derived.record.clone());
        record.insert("samples".into(), json!(self.derived.samples.len()));
        let digest = blake3::hash(self.samples().as_bytes()).to_hex();
        record.insert("samples_digest".into(), json!(digest.as_str()));
        record.insert("inputs".into(), json!(inputs));
        Value::Object(record)
    }
}
