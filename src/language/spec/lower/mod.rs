//! From the tree to the [`Spec`], in two passes: first every name, then every item.
//!
//! An item with an error is left out, and names that it would have defined stay known, so
//! that one mistake gives one report.

mod derived;
mod endpoints;
mod evaluate;
mod fields;
mod genotypes;
mod heads;
mod layers;
mod links;
mod priors;
mod repeated;
mod scope;
mod tables;
mod train;
mod usage;

use super::{
    Allowed, Comparison, Genotypes, Layer, Link, Predict, Prior, Spec, Supervise, Table, error,
    without_allowed,
};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Span;
use crate::language::syntax::ast::{File, Item, ItemKind, Value, ValueKind};
use scope::Scope;
use std::collections::BTreeSet;

pub(super) fn lower(file: &File) -> (Option<Spec>, Diagnostics) {
    let mut lowering = Lowering {
        scope: Scope::default(),
        found: Diagnostics::default(),
        file,
        undefined: BTreeSet::new(),
        allowed: Vec::new(),
        unseeded: Vec::new(),
        inner_span: None,
        choice_span: None,
    };
    lowering.collect_names();
    let spec = lowering.items();
    let found = without_allowed(lowering.found, &lowering.allowed);
    (spec.filter(|_| !found.has_errors()), found)
}

/// The state of one lowering.
struct Lowering<'a> {
    scope: Scope<'a>,
    found: Diagnostics,
    file: &'a File,
    /// Names that nothing defines and that have been reported.
    undefined: BTreeSet<String>,
    /// Warnings that items accept.
    allowed: Vec<Allowed>,
    /// What draws numbers by a seed that is not written.
    unseeded: Vec<(String, Span)>,
    /// Where the number of inner folds is written.
    inner_span: Option<Span>,
    /// Where weights are listed of which inner folds choose one.
    choice_span: Option<Span>,
}

impl<'a> Lowering<'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// E0201 at the first use of a name; later uses follow from the same mistake.
    fn report_undefined(&mut self, what: &str, name: &super::Name, known: &[&str]) {
        if self.undefined.insert(name.value.clone()) {
            self.report(error::undefined(what, &name.value, name.span, known.iter().copied()));
        }
    }

    /// The value, with a `let` name replaced by what it stands for.
    fn constant(&self, value: &'a Value) -> &'a Value {
        if let ValueKind::Path(path) = &value.value
            && let [only] = path.segments.as_slice()
            && let Some(constant) = self.scope.constant(&only.value)
        {
            return constant;
        }
        value
    }

    fn items(&mut self) -> Option<Spec> {
        let genotypes: Vec<Genotypes> = self.each(Self::genotypes);
        let tables: Vec<Table> = self.each(Self::table);
        let priors: Vec<Prior> = self.each(Self::prior);
        let mut layers: Vec<Layer> = self.each(Self::layer);
        layers.extend(self.each(Self::nodes));
        let links: Vec<Link> = self.each(Self::link);
        let predicts: Vec<Predict> = self.each(Self::predict);
        let supervises: Vec<Supervise> = self.each(Self::supervise);
        let evaluate = self.evaluate(&predicts);
        let train = self.train();
        let (model, doc) = self.model()?;
        self.require_items(&model.span, &genotypes, &predicts);
        let spec = Spec {
            model,
            doc,
            genotypes,
            tables,
            priors,
            layers,
            links,
            predicts,
            supervises,
            evaluate,
            train,
            allowed: self.allowed.clone(),
            imported: Vec::new(),
            unseeded: self.unseeded.clone(),
        };
        self.check_usage(&spec);
        self.check_repeated(&spec);
        Some(spec)
    }

    fn each<T>(&mut self, lower: impl Fn(&mut Self, &'a Item) -> Option<T>) -> Vec<T> {
        let file = self.file;
        file.items.iter().filter_map(|item| lower(self, item)).collect()
    }

    fn model(&mut self) -> Option<(super::Name, String)> {
        let file = self.file;
        let models: Vec<(&super::Name, &Item)> = file
            .items
            .iter()
            .filter_map(|item| if let ItemKind::Model(name) = &item.kind { Some((name, item)) } else { None })
            .collect();
        if let [first, second, ..] = models.as_slice() {
            self.report(error::given_twice("`model`", first.1.span, second.1.span));
        }
        let Some((name, item)) = models.first() else {
            let start = file.items.first().map_or(Span::default(), |item| item.span);
            self.report(error::required("a spec", "a `model` item", "model my_panel", start));
            return None;
        };
        Some(((*name).clone(), item.doc.clone()))
    }

    fn require_items(&mut self, model: &Span, genotypes: &[Genotypes], predicts: &[Predict]) {
        if self.found.has_errors() {
            return;
        }
        if genotypes.is_empty() {
            self.report(error::required(
                "a spec",
                "a `genotypes` item",
                "genotypes snps from plink \"panel.bed\"",
                *model,
            ));
        }
        if predicts.is_empty() {
            self.report(error::required(
                "a spec",
                "a `predict` item",
                "predict pheno.yield from head",
                *model,
            ));
        }
    }

    /// Comparisons on `chrom`, `pos` and `id`; others are reported.
    fn filter(&mut self, comparisons: &'a [crate::language::syntax::ast::Comparison]) -> Vec<Comparison> {
        comparisons
            .iter()
            .filter_map(|comparison| self.comparison(comparison, &["chrom", "pos", "id"]))
            .collect()
    }
}
