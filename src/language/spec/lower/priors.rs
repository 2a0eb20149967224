//! `prior NAME from FORMAT "PATH" : KIND -> KIND { … }`.

use super::Lowering;
use super::fields::Fields;
use crate::language::source::Span;
use crate::language::spec::{Contigs, Format, Prior, Reading, error};
use crate::language::syntax::ast::{Item, ItemKind, Value, ValueKind};

impl<'a> Lowering<'a> {
    pub(super) fn prior(&mut self, item: &'a Item) -> Option<Prior> {
        let ItemKind::Prior { name, source, relates, fields } = &item.kind else { return None };
        let formats = [Format::Tsv, Format::Csv, Format::Gff3, Format::Gmt, Format::Simulate];
        let origin = self.origin(source, &formats, "prior");
        let mut fields = self.fields("`prior`", item.span, fields);
        self.refuse(
            &mut fields,
            &[
                ("propagate", "carry members to ancestors in the file itself"),
                ("weight", "leave the edges' weights to training"),
                ("sign", "leave the edges' signs to training"),
                ("samples", "use priors that were not estimated on these samples"),
                ("assembly", "check the assembly by hand"),
            ],
        );
        let reading = origin.as_ref().and_then(|origin| self.reading(&mut fields, origin.format, name.span));
        let contigs = self.contigs(&mut fields);
        if reading.is_none() {
            fields.forget();
        }
        self.finish(fields);
        Some(Prior {
            name: name.clone(),
            origin: origin?,
            relates: relates.clone(),
            reading: reading?,
            contigs,
            propagate: false,
            weight: None,
            sign: None,
            samples: None,
            assembly: None,
        })
    }

    fn reading(&mut self, fields: &mut Fields<'a>, format: Format, span: Span) -> Option<Reading> {
        match format {
            Format::Gmt => Some(Reading::Gmt),
            Format::Simulate => Some(Reading::Simulate),
            Format::Gff3 => {
                let feature = self.text(fields, "feature").unwrap_or_else(|| "gene".into());
                let attribute = self.text(fields, "id").unwrap_or_else(|| "ID".into());
                Some(Reading::Gff3 { feature, attribute })
            }
            _ if fields.has("chrom") || fields.has("start") || fields.has("end") => self.intervals(fields),
            _ if fields.has("source") || fields.has("target") => {
                let source = self.required_text(fields, "source", "source = \"snp\"");
                let target = self.required_text(fields, "target", "target = \"gene\"");
                Some(Reading::Edges { source: source?, target: target? })
            }
            _ => {
                let example = "source = \"snp\"  target = \"gene\"";
                self.report(error::required(
                    "a prior from a table",
                    "the names of its columns",
                    example,
                    span,
                ));
                None
            }
        }
    }

    fn intervals(&mut self, fields: &mut Fields<'a>) -> Option<Reading> {
        let id = self.required_text(fields, "id", "id = \"gene\"");
        let chromosome = self.required_text(fields, "chrom", "chrom = \"chr\"");
        let start = self.required_text(fields, "start", "start = \"start\"");
        let end = self.required_text(fields, "end", "end = \"end\"");
        let strand = self.text(fields, "strand");
        let base = self.base(fields);
        Some(Reading::Intervals { id: id?, chromosome: chromosome?, start: start?, end: end?, strand, base })
    }

    fn base(&mut self, fields: &mut Fields<'a>) -> u8 {
        let Some(value) = self.value(fields, "base") else { return 1 };
        match self.as_count("base", value, 0) {
            Some(base @ (0 | 1)) => base as u8,
            Some(_) => {
                self.report(error::wrong_type(
                    "base",
                    "0 (half-open, as BED) or 1 (closed, as GFF3)",
                    value.span,
                ));
                1
            }
            None => 1,
        }
    }

    fn contigs(&mut self, fields: &mut Fields<'a>) -> Contigs {
        let Some(value) = self.value(fields, "contigs") else { return Contigs::Same };
        self.contig_rule(value).unwrap_or(Contigs::Same)
    }

    fn contig_rule(&mut self, value: &'a Value) -> Option<Contigs> {
        match &value.value {
            ValueKind::Text(path) => {
                self.check_path(path, value.span);
                Some(Contigs::File(path.clone()))
            }
            ValueKind::Path(path) if path.segments[0].value == "roman" => Some(Contigs::Roman),
            ValueKind::Call(call) if call.name.value == "add" || call.name.value == "strip" => {
                let (unnamed, named) = self.arguments(call);
                self.finish(named);
                let Some(first) = self.only_argument(call, &unnamed) else {
                    let example = format!("{}(\"chr\")", call.name.value);
                    self.report(error::required("`contigs`", "a prefix", &example, call.span));
                    return None;
                };
                let prefix = self.as_text("contigs", first)?;
                Some(if call.name.value == "add" { Contigs::Add(prefix) } else { Contigs::Strip(prefix) })
            }
            _ => {
                let expected = "`add(\"chr\")`, `strip(\"chr\")`, `roman` or the path of a two-column table";
                self.report(error::wrong_type("contigs", expected, value.span));
                None
            }
        }
    }
}
