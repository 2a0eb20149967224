//! `genotypes NAME from FORMAT "PATH" { … }`, and the comparisons of filters.

use super::Lowering;
use super::fields::Fields;
use crate::language::source::Span;
use crate::language::spec::{
    Attribute, Comparison, Encoding, Format, Genotypes, MissingCalls, Origin, Scalar, Scale, SimulateEffects,
    SimulateOptions, SimulateVariant, Thresholds, error,
};
use crate::language::syntax::ast::{self, Item, ItemKind, Operator, SourceRef, Value, ValueKind};
use std::path::{Component, Path};

const DOSAGE_FORMATS: [&str; 3] = ["dosage", "bgen", "pgen"];
const LATER_FORMATS: [&str; 3] = ["vcf", "bcf", "hapmap"];
const FORMATS: [(&str, Format); 13] = [
    ("plink", Format::Plink),
    ("simulate", Format::Simulate),
    ("tsv", Format::Tsv),
    ("csv", Format::Csv),
    ("gff3", Format::Gff3),
    ("gtf", Format::Gtf),
    ("bed", Format::Bed),
    ("gmt", Format::Gmt),
    ("obo", Format::Obo),
    ("gaf", Format::Gaf),
    ("reactome", Format::Reactome),
    ("edges", Format::Edges),
    ("topology", Format::Topology),
];

impl<'a> Lowering<'a> {
    pub(super) fn genotypes(&mut self, item: &'a Item) -> Option<Genotypes> {
        let ItemKind::Genotypes { name, source, fields } = &item.kind else { return None };
        let origin = self.origin(source, &[Format::Plink, Format::Simulate], "genotypes");
        let mut fields = self.fields("`genotypes`", item.span, fields);
        let encoding = self.encoding(&mut fields);
        let missing = self.choice(
            &mut fields,
            "missing",
            &[("mean", MissingCalls::Mean), ("mode", MissingCalls::Mode), ("error", MissingCalls::Error)],
        );
        let scale = self.choice(&mut fields, "scale", &[("unit", Scale::Unit), ("center", Scale::Center)]);
        let (thresholds, filter) = self.keep(&mut fields);
        let simulated = origin.as_ref().is_some_and(|origin| origin.format == Format::Simulate);
        let assembly = self.name(&mut fields, "assembly");
        if simulated && !fields.has("seed") {
            self.unseeded.push((format!("the simulated population `{}`", name.value), name.span));
        }
        let simulate = if simulated { Some(self.simulate(&mut fields)) } else { None };
        self.refuse(
            &mut fields,
            &[
                ("hard_call", "make hard calls with plink2 first"),
                ("sex", "leave chromosome X out, as is the default"),
            ],
        );
        if origin.is_none() {
            fields.forget();
        }
        self.finish(fields);
        Some(Genotypes {
            name: name.clone(),
            origin: origin?,
            encoding,
            missing: missing.unwrap_or(MissingCalls::Mean),
            scale: scale.unwrap_or(Scale::Unit),
            thresholds,
            filter,
            simulate,
            assembly,
        })
    }

    /// A source, its format checked against what the item can be read from.
    pub(super) fn origin(&mut self, source: &SourceRef, allowed: &[Format], item: &str) -> Option<Origin> {
        let (word, span) = (source.format.value.as_str(), source.format.span);
        let known = FORMATS.iter().find(|(name, _)| *name == word).map(|(_, format)| *format);
        let Some(format) = known else {
            self.report(match word {
                dosage if DOSAGE_FORMATS.contains(&dosage) => error::dosages(dosage, span),
                later if LATER_FORMATS.contains(&later) => error::format_not_read(later, item, span),
                _ => error::unknown_word("format", word, span, &FORMATS.map(|(name, _)| name)),
            });
            return None;
        };
        if !allowed.contains(&format) {
            let known: Vec<&str> =
                FORMATS.iter().filter(|(_, f)| allowed.contains(f)).map(|(name, _)| *name).collect();
            self.report(error::format_of_another_item(word, item, span, &known));
            return None;
        }
        let path = &source.path;
        if format == Format::Simulate {
            self.check_generator(path);
        } else {
            self.check_path(&path.value, path.span);
        }
        Some(Origin { format, path: path.value.clone(), span: path.span })
    }

    /// E0112 for a path that is absolute or climbs out of the data root.
    pub(super) fn check_path(&mut self, path: &str, span: Span) {
        if !stays_inside(path) {
            self.report(error::leaves_root(path, span));
        }
    }

    fn check_generator(&mut self, path: &crate::language::source::Spanned<String>) {
        if path.value != "shoot_branching" {
            self.report(error::unknown_word("generator", &path.value, path.span, &["shoot_branching"]));
        }
    }

    fn encoding(&mut self, fields: &mut Fields<'a>) -> Encoding {
        let Some(value) = self.value(fields, "encoding") else { return Encoding::Additive };
        if matches!(&value.value, ValueKind::Path(path) if path.segments[0].value == "onehot") {
            self.report(error::not_in_this_version(
                "`encoding = onehot`",
                "use `additive` or `dominant`",
                value.span,
            ));
            return Encoding::Additive;
        }
        let choices = [
            ("additive", Encoding::Additive),
            ("dominant", Encoding::Dominant),
            ("recessive", Encoding::Recessive),
            ("haploid", Encoding::Haploid),
        ];
        self.as_choice("encoding", value, &choices).unwrap_or(Encoding::Additive)
    }

    fn simulate(&mut self, fields: &mut Fields<'a>) -> SimulateOptions {
        let variants = [("narrow", SimulateVariant::Narrow), ("free", SimulateVariant::Free)];
        let effects = [
            ("equal", SimulateEffects::Equal),
            ("normal", SimulateEffects::Normal),
            ("random", SimulateEffects::Random),
        ];
        SimulateOptions {
            variant: self.choice(fields, "variant", &variants).unwrap_or(SimulateVariant::Narrow),
            samples: self.count(fields, "n", 4).unwrap_or(1000),
            markers: self.count(fields, "markers", 40).unwrap_or(1000),
            seed: self.count(fields, "seed", 0).unwrap_or(1) as u64,
            effects: self.choice(fields, "effects", &effects).unwrap_or(SimulateEffects::Equal),
            metabolite_noise: self.share(fields, "metabolite_noise").unwrap_or(0.05),
            trait_noise: self.share(fields, "trait_noise").unwrap_or(0.10),
            measured: self.share(fields, "measured").unwrap_or(1.0),
        }
    }

    fn keep(&mut self, fields: &mut Fields<'a>) -> (Thresholds, Vec<Comparison>) {
        let mut thresholds = Thresholds { maf: 0.0, missing: 1.0 };
        let mut filter = Vec::new();
        for comparison in self.predicate(fields, "keep") {
            match (attribute_name(comparison), comparison.operator.value) {
                ("maf", Operator::AtLeast) => {
                    thresholds.maf = self.as_share("maf", self.constant(&comparison.right)).unwrap_or(0.0);
                }
                ("missing", Operator::AtMost) => {
                    thresholds.missing =
                        self.as_share("missing", self.constant(&comparison.right)).unwrap_or(1.0);
                }
                ("maf", _) => self.report(error::wrong_type(
                    "maf",
                    "a lower bound: `maf >= 0.05`",
                    comparison.operator.span,
                )),
                ("missing", _) => {
                    self.report(error::wrong_type(
                        "missing",
                        "an upper bound: `missing <= 10%`",
                        comparison.operator.span,
                    ));
                }
                ("ld", _) => self.report(error::not_in_this_version(
                    "`ld` in `keep`",
                    "prune beforehand with `plink2 --indep-pairwise`",
                    comparison.left.span,
                )),
                _ => filter.extend(self.comparison(comparison, &["chrom", "pos", "id", "maf", "missing"])),
            }
        }
        (thresholds, filter)
    }

    /// One comparison on `chrom`, `pos` or `id`; `known` are the attributes of this place.
    pub(super) fn comparison(
        &mut self,
        comparison: &'a ast::Comparison,
        known: &[&str],
    ) -> Option<Comparison> {
        let attribute = match attribute_name(comparison) {
            "chrom" => Attribute::Chromosome,
            "pos" => Attribute::Position,
            "id" => Attribute::Id,
            other => {
                self.report(error::unknown_attribute(other, comparison.left.span, known));
                return None;
            }
        };
        let right = self.constant(&comparison.right);
        let values =
            self.as_list(right).into_iter().filter_map(|value| self.scalar(attribute, value)).collect();
        let ordered =
            !matches!(comparison.operator.value, Operator::Equal | Operator::NotEqual | Operator::In);
        if ordered && attribute != Attribute::Position {
            self.report(error::wrong_type(
                attribute_name(comparison),
                "`==`, `!=` or `in`",
                comparison.operator.span,
            ));
            return None;
        }
        let span = comparison.left.span.to(comparison.right.span);
        Some(Comparison { attribute, operator: comparison.operator.value, values, span })
    }

    fn scalar(&mut self, attribute: Attribute, value: &'a Value) -> Option<Scalar> {
        match (attribute, &value.value) {
            (Attribute::Position, _) => {
                let number = self.as_number("pos", value, &[("bp", 1.0), ("kb", 1e3), ("Mb", 1e6)])?;
                Some(Scalar::Number(number.value))
            }
            (_, ValueKind::Number { number, integer: true, unit: None }) => {
                Some(Scalar::Text(format!("{number}")))
            }
            (Attribute::Chromosome, _) => self.as_text("chrom", value).map(Scalar::Text),
            _ => self.as_text("id", value).map(Scalar::Text),
        }
    }
}

fn attribute_name(comparison: &ast::Comparison) -> &str {
    comparison.left.segments.last().map_or("", |segment| segment.value.as_str())
}

fn stays_inside(path: &str) -> bool {
    let mut depth = 0_i32;
    for component in Path::new(path).components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::ParentDir => depth -= 1,
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return false,
        }
        if depth < 0 {
            return false;
        }
    }
    true
}
