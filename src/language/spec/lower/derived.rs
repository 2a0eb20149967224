//! `via eqtl(TABLE, …)` and `select = elastic_net(TABLE, target = T.C, …)`.

use super::Lowering;
use super::fields::Fields;
use crate::language::spec::{
    ColumnKind, Endpoint, Eqtl, Part, Select, SelectionRule, TableId, Target, Window, error,
};
use crate::language::syntax::ast::{Call, Value, ValueKind};

/// As published: the first 20 variants of a gene, and an elastic net near to ridge.
const TOP: usize = 20;
const L1_RATIO: f64 = 0.1;
const INNER_FOLDS: usize = 5;

const RULES: [(&str, SelectionRule); 2] =
    [("min", SelectionRule::Least), ("1se", SelectionRule::OneStandardError)];

impl<'a> Lowering<'a> {
    /// The rule of a link `via eqtl(…)`.
    pub(super) fn eqtl(&mut self, call: &'a Call) -> Option<Eqtl> {
        let (unnamed, mut named) = self.arguments(call);
        let top = self.count(&mut named, "top", 1).unwrap_or(TOP);
        let p = self.above_zero(&mut named, "p").unwrap_or(1.0);
        let clump = self.share(&mut named, "clump");
        let components = self.value(&mut named, "covariates").map_or(Some(0), |value| self.components(value));
        let near = self.value(&mut named, "window").map(|value| self.near(value));
        self.finish(named);
        let example = "eqtl(expression, top = 20)";
        let table = self.measurements(call, &unnamed, example)?;
        let window = match near {
            Some(near) => Some(near?),
            None => None,
        };
        Some(Eqtl { table, top, p, clump, window, components: components?, span: call.span })
    }

    /// `window(PRIOR, …)` as the place where variants are looked for.
    fn near(&mut self, value: &'a Value) -> Option<Window> {
        match &value.value {
            ValueKind::Call(call) if call.name.value == "window" => self.window(call),
            _ => {
                let example = "`window(genes, upstream = 1Mb, downstream = 1Mb)`";
                self.report(error::wrong_type("window", example, value.span));
                None
            }
        }
    }

    /// `select = elastic_net(…)` of a layer.
    pub(super) fn select(&mut self, fields: &mut Fields<'a>) -> Option<Select> {
        let value = self.value(fields, "select")?;
        let example = "elastic_net(expression, target = pheno.yield)";
        let call = match &value.value {
            ValueKind::Call(call) if call.name.value == "elastic_net" => call,
            ValueKind::Call(call) => {
                let known = ["elastic_net"];
                self.report(error::unknown_word(
                    "rule that selects",
                    &call.name.value,
                    call.name.span,
                    &known,
                ));
                return None;
            }
            _ => {
                self.report(error::wrong_type("select", &format!("`{example}`"), value.span));
                return None;
            }
        };
        let (unnamed, mut named) = self.arguments(call);
        let l1_ratio = self.above_zero(&mut named, "l1_ratio").unwrap_or(L1_RATIO);
        let folds = self.count(&mut named, "folds", 2).unwrap_or(INNER_FOLDS);
        if !named.has("seed") {
            self.unseeded.push(("the choice of the penalty of `elastic_net`".to_string(), call.span));
        }
        let seed = self.count(&mut named, "seed", 0).unwrap_or(1) as u64;
        let rule = self.choice(&mut named, "rule", &RULES).unwrap_or(SelectionRule::Least);
        let target = self.value(&mut named, "target");
        self.finish(named);
        let table = self.measurements(call, &unnamed, example);
        let Some(target) = target else {
            self.report(error::required("`elastic_net(…)`", "`target`", example, call.span));
            return None;
        };
        let ValueKind::Path(path) = &target.value else {
            self.report(error::wrong_type("target", "a column, such as `pheno.yield`", target.span));
            return None;
        };
        let target = self.column_ref(path)?;
        if target.kind == ColumnKind::Categorical {
            self.report(error::wrong_type("target", "a column of numbers", target.span));
            return None;
        }
        Some(Select { table: table?, target, l1_ratio, folds, seed, rule, span: call.span })
    }

    /// The table that a call names first.
    fn measurements(&mut self, call: &Call, unnamed: &[&'a Value], example: &str) -> Option<TableId> {
        match self.only_argument(call, unnamed).map(|value| &value.value) {
            Some(ValueKind::Path(path)) => self.table_ref(path),
            _ => {
                let owner = format!("`{}(…)`", call.name.value);
                self.report(error::required(&owner, "a table of measurements", example, call.span));
                None
            }
        }
    }

    /// `pcs(k)`.
    fn components(&mut self, value: &'a Value) -> Option<usize> {
        let ValueKind::Call(call) = &value.value else {
            self.report(error::wrong_type("covariates", "`pcs(k)`, such as `pcs(3)`", value.span));
            return None;
        };
        if call.name.value != "pcs" {
            self.report(error::unknown_word("covariate", &call.name.value, call.name.span, &["pcs"]));
            return None;
        }
        let (unnamed, named) = self.arguments(call);
        self.finish(named);
        match self.only_argument(call, &unnamed) {
            Some(count) => self.as_count("pcs", count, 0),
            None => {
                self.report(error::required("`pcs(…)`", "a number of components", "pcs(3)", call.span));
                None
            }
        }
    }

    /// A share above 0, at most 1.
    fn above_zero(&mut self, fields: &mut Fields<'a>, key: &'static str) -> Option<f64> {
        let span = fields.span_of(key);
        let share = self.share(fields, key)?;
        if share > 0.0 {
            return Some(share);
        }
        if let Some(span) = span {
            self.report(error::wrong_type(key, "a number above 0, and at most 1", span));
        }
        None
    }

    /// What a scan can read: whole genotype sets; and what it can reach: whole layers, and nodes.
    pub(super) fn scannable(&mut self, from: &[Endpoint], to: &[Endpoint]) {
        for end in from {
            let whole = end.part == Part::All && end.filter.is_empty();
            match end.target {
                Target::Genotypes(_) if whole => {}
                Target::Genotypes(_) => self.report(error::not_in_this_version(
                    "a part of the variants before `via eqtl`",
                    "name the genotype set alone, and filter with its `keep`",
                    end.span,
                )),
                _ => {
                    self.report(error::wrong_type("link … via eqtl", "a genotype set on the left", end.span))
                }
            }
        }
        for end in to.iter().filter(|end| !end.filter.is_empty() || end.part != Part::All) {
            self.report(error::not_in_this_version(
                "a part of a layer behind `via eqtl`",
                "name the layer alone: `select` and the table's columns say which nodes it has",
                end.span,
            ));
        }
    }
}
