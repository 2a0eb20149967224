//! `prior NAME from FORMAT "PATH" : KIND -> KIND { … }`, and whether assemblies agree.

use super::Lowering;
use super::fields::Fields;
use crate::language::source::{Span, Spanned};
use crate::language::spec::{
    Contigs, Eqtl, EstimatedOn, Format, GeneNames, Name, Prior, Provenance, Reading, Spec, Target, Via, error,
};
use crate::language::syntax::ast::{Item, ItemKind, Value, ValueKind};

const FORMATS: [Format; 12] = [
    Format::Tsv,
    Format::Csv,
    Format::Gff3,
    Format::Gtf,
    Format::Bed,
    Format::Gmt,
    Format::Obo,
    Format::Gaf,
    Format::Reactome,
    Format::Edges,
    Format::Topology,
    Format::Simulate,
];

impl<'a> Lowering<'a> {
    pub(super) fn prior(&mut self, item: &'a Item) -> Option<Prior> {
        let ItemKind::Prior { name, source, relates, fields } = &item.kind else { return None };
        let origin = self.origin(source, &FORMATS, "prior");
        let mut fields = self.fields(&format!("a prior from `{}`", source.format.value), item.span, fields);
        let reading = origin.as_ref().and_then(|origin| self.reading(&mut fields, origin.format, name.span));
        let mut contigs = Contigs::Same;
        let mut propagate = false;
        let (mut weight, mut sign) = (None, None);
        match &reading {
            None => fields.forget(),
            Some(reading) if reading.gives_intervals() => contigs = self.contigs(&mut fields),
            Some(reading) => {
                propagate = self.yes_or_no(&mut fields, "propagate").unwrap_or(false);
                if reading.takes_weights() {
                    let by_number = *reading == Reading::EdgeList;
                    weight = self.column_of_pairs(&mut fields, "weight", by_number);
                    sign = self.column_of_pairs(&mut fields, "sign", by_number);
                }
            }
        }
        let samples = self.estimated_on(&mut fields);
        let assembly = self.name(&mut fields, "assembly");
        let provenance = Provenance {
            origin: self.text(&mut fields, "origin"),
            release: self.text(&mut fields, "release"),
            licence: self.text(&mut fields, "licence"),
        };
        self.finish(fields);
        Some(Prior {
            name: name.clone(),
            origin: origin?,
            relates: relates.clone(),
            reading: reading?,
            contigs,
            propagate,
            weight,
            sign,
            samples,
            assembly,
            provenance,
        })
    }

    fn reading(&mut self, fields: &mut Fields<'a>, format: Format, span: Span) -> Option<Reading> {
        match format {
            Format::Gmt => Some(Reading::Gmt),
            Format::Bed => Some(Reading::Bed),
            Format::Reactome => Some(Reading::Reactome),
            Format::Edges => Some(Reading::EdgeList),
            Format::Simulate => Some(Reading::Simulate),
            Format::Gff3 => {
                let feature = self.text(fields, "feature").unwrap_or_else(|| "gene".into());
                let attribute = self.text(fields, "id").unwrap_or_else(|| "ID".into());
                Some(Reading::Gff3 { feature, attribute })
            }
            Format::Gtf => {
                let feature = self.text(fields, "feature").unwrap_or_else(|| "gene".into());
                let attribute = self.text(fields, "id").unwrap_or_else(|| "gene_id".into());
                Some(Reading::Gtf { feature, attribute })
            }
            Format::Obo => {
                let relations =
                    self.words(fields, "relations").unwrap_or_else(|| vec!["is_a".into(), "part_of".into()]);
                Some(Reading::Obo { relations })
            }
            Format::Gaf => {
                let choices = [("symbol", GeneNames::Symbol), ("id", GeneNames::Id)];
                let names = self.choice(fields, "id", &choices).unwrap_or(GeneNames::Symbol);
                let evidence = self.words(fields, "evidence").unwrap_or_default();
                Some(Reading::Gaf { names, evidence })
            }
            Format::Topology => self.topology(fields),
            _ => self.table_of_knowledge(fields, span),
        }
    }

    fn table_of_knowledge(&mut self, fields: &mut Fields<'a>, span: Span) -> Option<Reading> {
        if fields.has("chrom") || fields.has("start") || fields.has("end") {
            return self.intervals(fields);
        }
        if fields.has("source") || fields.has("target") {
            let source = self.required_text(fields, "source", "source = \"snp\"");
            let target = self.required_text(fields, "target", "target = \"gene\"");
            return Some(Reading::Edges { source: source?, target: target? });
        }
        let example = "source = \"snp\"  target = \"gene\"";
        self.report(error::required("a prior from a table", "the names of its columns", example, span));
        None
    }

    fn topology(&mut self, fields: &mut Fields<'a>) -> Option<Reading> {
        let from = self.layer_of_topology(fields, "from", 0);
        let to = self.layer_of_topology(fields, "to", 1);
        Some(Reading::Topology { from: from?, to: to? })
    }

    /// `layer2`, or 2 for the same.
    fn layer_of_topology(
        &mut self,
        fields: &mut Fields<'a>,
        key: &'static str,
        default: u8,
    ) -> Option<String> {
        let Some(value) = self.value(fields, key) else { return Some(format!("layer{default}")) };
        match &value.value {
            ValueKind::Number { .. } => self.as_count(key, value, 0).map(|number| format!("layer{number}")),
            _ => self.as_text(key, value),
        }
    }

    /// A column of weights or signs: by name, or by number where the file has no header.
    fn column_of_pairs(
        &mut self,
        fields: &mut Fields<'a>,
        key: &'static str,
        by_number: bool,
    ) -> Option<Name> {
        let value = self.value(fields, key)?;
        if by_number {
            let number = self.as_count(key, value, 3)?;
            return Some(Spanned::new(number.to_string(), value.span));
        }
        Some(Spanned::new(self.as_text(key, value)?, value.span))
    }

    fn estimated_on(&mut self, fields: &mut Fields<'a>) -> EstimatedOn {
        match self.name(fields, "samples") {
            None => EstimatedOn::Unsaid,
            Some(name) if name.value == "none" => EstimatedOn::Nobody,
            Some(path) => {
                self.check_path(&path.value, path.span);
                EstimatedOn::File(path)
            }
        }
    }

    /// A text with the place where it stands.
    pub(super) fn name(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<Name> {
        let value = self.value(fields, key)?;
        Some(Spanned::new(self.as_text(key, value)?, value.span))
    }

    fn words(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<Vec<String>> {
        let values = self.list(fields, key)?;
        values.into_iter().map(|value| self.as_text(key, value)).collect()
    }

    fn yes_or_no(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<bool> {
        self.choice(fields, key, &[("true", true), ("false", false)])
    }

    /// E0310 for links whose two sides name different assemblies.
    pub(super) fn assemblies_agree(&mut self, spec: &Spec) {
        for link in &spec.links {
            let (prior, span) = match &link.via {
                Via::Prior(prior, span) => (prior, span),
                Via::Window(window) | Via::Eqtl(Eqtl { window: Some(window), .. }) => {
                    (&window.prior, &window.span)
                }
                Via::AllToAll | Via::Eqtl(_) | Via::Inline(_) => continue,
            };
            let Some(known) = &spec.priors[*prior].assembly else { continue };
            for endpoint in &link.from {
                let Target::Genotypes(set) = endpoint.target else { continue };
                let set = &spec.genotypes[set];
                if let Some(measured) = set.assembly.as_ref().filter(|own| own.value != known.value) {
                    let names = [set.name.value.as_str(), spec.priors[*prior].name.value.as_str()];
                    self.report(error::assemblies_differ(names, measured, known, *span));
                }
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
                self.report_no_text("contigs", expected, value);
                None
            }
        }
    }
}
