//! The table of links, the samples that it was estimated on, and how it was made.

use super::Scanned;
use crate::cli::Diagnostics;
use crate::cli::args::Eqtl;
use crate::cli::load::Measured;
use crate::cli::print::cannot_write;
use crate::data::InputFile;
use crate::io::World;
use crate::language::spec::Spec;
use crate::study::derive::eqtl::{Found, Link};
use serde_json::json;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

pub(super) struct Written<'a> {
    pub(super) command: &'a Eqtl,
    pub(super) spec: &'a Spec,
    pub(super) measured: &'a Measured,
    pub(super) scanned: &'a Scanned<'a>,
}

impl Written<'_> {
    /// Writes the three files, the table last.
    pub(super) fn write<'f>(
        &self,
        world: &dyn World,
        files: impl Iterator<Item = &'f InputFile>,
    ) -> Result<(), Diagnostics> {
        let record = format!("{:#}\n", self.record(files));
        let table = self.command.out.clone();
        let parts =
            [(self.samples_path(), self.samples()), (self.beside("json"), record), (table, self.table())];
        for (path, text) in parts {
            world.write(&path, text.as_bytes()).map_err(|why| cannot_write(&path, &why))?;
        }
        Ok(())
    }

    fn beside(&self, extension: &str) -> PathBuf {
        self.command.out.with_extension(extension)
    }

    fn samples_path(&self) -> PathBuf {
        self.beside("samples.txt")
    }

    fn table(&self) -> String {
        let mut text = String::from("snp\tgene\trank\tt\tnegative_log10_p\tslope\tsamples\n");
        for (gene, found) in &self.scanned.columns {
            let Found::Links(links, samples) = found else { continue };
            for (rank, link) in (1..).zip(links) {
                let Link { set, variant, t, negative_log10_p, slope } = *link;
                let snp = &self.measured.sets[set].variants[variant].id;
                // Digits that do not depend on the machine.
                let _ = writeln!(
                    text,
                    "{snp}\t{gene}\t{rank}\t{t:.5}\t{negative_log10_p:.4}\t{slope:.5e}\t{samples}"
                );
            }
        }
        text
    }

    /// Samples that any column was estimated on.
    fn samples(&self) -> String {
        let used = self.scanned.rows.iter().map(|row| &self.measured.cohort.samples[*row as usize]);
        used.map(|sample| format!("{}\n", sample.individual)).collect()
    }

    fn record<'f>(&self, files: impl Iterator<Item = &'f InputFile>) -> serde_json::Value {
        let Eqtl { table, genotypes, top, p, clump, pcs, .. } = self.command;
        let inputs = files.map(|file| json!([file.name, file.bytes, file.digest]));
        json!({
            "written_by": env!("CARGO_PKG_VERSION"),
            "derived": "eqtl",
            "model": self.spec.model.value,
            "table": table,
            "genotypes": genotypes,
            "top": top,
            "p": p,
            "clump": clump,
            "pcs": pcs,
            "samples": self.scanned.rows.len(),
            "samples_digest": blake3::hash(self.samples().as_bytes()).to_hex().to_string(),
            "variants": self.scanned.variants,
            "inputs": inputs.collect::<Vec<_>>(),
        })
    }

    /// What was done, and how a spec reads it.
    pub(super) fn told(&self, took: Duration) -> String {
        let Scanned { rows, variants, columns } = self.scanned;
        let links = |found: &Found| match found {
            Found::Links(links, _) => links.len(),
            Found::Nothing => 0,
        };
        let total: usize = columns.iter().map(|(_, found)| links(found)).sum();
        let without = columns.iter().filter(|(_, found)| links(found) == 0).count();
        let (out, table) = (self.command.out.display(), &self.command.table);
        let name = |path: PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let (file, list) = (name(self.command.out.clone()), name(self.samples_path()));
        let (file, list) = (file.unwrap_or_default(), list.unwrap_or_default());
        format!(
            "{} columns of `{table}` scanned over {variants} variants and {} samples in {:.1} s\n\
             {total} links written to {out}; {without} columns have none\n\n\
             In a spec beside it:\n\n\
             prior eqtl from tsv \"{file}\" : snp -> gene {{\n  source = \"snp\"  target = \"gene\"  \
             samples = \"{list}\"\n}}\n\n\
             The links were chosen on these {} samples: a fold that predicts one of them is refused \
             (E0701).\n",
            columns.len(),
            rows.len(),
            took.as_secs_f64(),
            rows.len(),
        )
    }
}
