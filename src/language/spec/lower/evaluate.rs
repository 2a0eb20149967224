//! `evaluate SCHEME { … }`.

use super::Lowering;
use super::fields::Fields;
use crate::language::source::Span;
use crate::language::spec::{
    Baseline, ColumnKind, ColumnRef, Evaluate, Metric, Predict, Scenario, Scheme, error,
};
use crate::language::syntax::ast::{Argument, Call, Item, ItemKind, SCHEMES, Value, ValueKind};

const BASELINES: [(&str, Baseline); 6] = [
    ("gblup", Baseline::Gblup),
    ("ridge", Baseline::Ridge),
    ("elastic_net", Baseline::ElasticNet),
    ("forest", Baseline::Forest),
    ("rkhs", Baseline::Rkhs),
    ("fcn", Baseline::Fcn),
];
const OPTIONS_OF_GBLUP: [(&str, Baseline); 2] =
    [("dominance", Baseline::GblupDominance), ("environment", Baseline::GblupEnvironment)];

impl<'a> Lowering<'a> {
    pub(super) fn evaluate(&mut self, predicts: &[Predict]) -> Evaluate {
        let file = self.file;
        let items: Vec<&'a Item> =
            file.items.iter().filter(|item| matches!(item.kind, ItemKind::Evaluate { .. })).collect();
        if let [first, second, ..] = items.as_slice() {
            self.report(error::given_twice("`evaluate`", first.span, second.span));
        }
        let scheme = Scheme::KFold { folds: 5, repeats: 1, group: None, stratify: None };
        let default = Evaluate {
            metrics: usual_metrics(&scheme, predicts),
            scheme,
            seed: 1,
            validation: 0.1,
            inner: Evaluate::INNER,
            train_sizes: Vec::new(),
            baselines: vec![Baseline::Gblup],
            span: Span::default(),
        };
        let mut evaluate = match items.first().map(|item| (item.span, &item.kind)) {
            Some((span, ItemKind::Evaluate { scheme, fields })) => {
                self.evaluation((span, scheme), fields, default, predicts)
            }
            _ => {
                self.unseeded.push(("the split into folds".to_string(), Span::default()));
                default
            }
        };
        stratify_by_class(&mut evaluate.scheme, predicts);
        evaluate
    }

    fn evaluation(
        &mut self,
        (span, call): (Span, &'a Call),
        fields: &'a [crate::language::syntax::ast::Field],
        default: Evaluate,
        predicts: &[Predict],
    ) -> Evaluate {
        let (unnamed, mut named) = self.arguments(call);
        let first = self.only_argument(call, &unnamed);
        let scheme = self.scheme(call, first, &mut named);
        let draws = matches!(
            scheme,
            Some(Scheme::KFold { .. } | Scheme::Holdout { .. } | Scheme::Environments { .. })
        );
        if draws && !named.has("seed") {
            self.unseeded.push(("the split into folds".to_string(), call.span));
        }
        let seed = self.count(&mut named, "seed", 0).map_or(default.seed, |seed| seed as u64);
        let inner_span = named.span_of("inner");
        let inner = self.count(&mut named, "inner", 2);
        if scheme.is_none() {
            named.forget();
        }
        self.finish(named);
        let mut fields = self.fields("`evaluate`", span, fields);
        let inner_again = fields.span_of("inner");
        let of_item = self.count(&mut fields, "inner", 2);
        if let (Some(first), Some(second)) = (inner_span, inner_again) {
            self.report(error::given_twice("`inner`", first, second));
        }
        self.inner_span = inner_again.or(inner_span);
        let inner = inner.or(of_item).unwrap_or(default.inner);
        let validation = self.share(&mut fields, "validation").unwrap_or(default.validation);
        let baselines =
            self.list(&mut fields, "baselines").map_or(default.baselines, |list| self.baselines(list));
        let scheme = scheme.unwrap_or(default.scheme);
        let metrics = match self.list(&mut fields, "metrics") {
            Some(list) => {
                list.into_iter().filter_map(|value| self.as_choice("metric", value, &metrics())).collect()
            }
            None => usual_metrics(&scheme, predicts),
        };
        let train_sizes = self.train_sizes(&mut fields);
        self.refuse(
            &mut fields,
            &[("inner_links", "leave it out: links are learnt anew in every inner fold")],
        );
        self.finish(fields);
        Evaluate { scheme, seed, validation, inner, train_sizes, baselines, metrics, span }
    }

    /// Numbers of training rows, each once, ascending.
    fn train_sizes(&mut self, fields: &mut Fields<'a>) -> Vec<usize> {
        /// Fewest rows with which anything is fitted.
        const FEWEST: u64 = 10;
        let mut sizes: Vec<usize> = Vec::new();
        for value in self.list(fields, "train_size").unwrap_or_default() {
            match self.as_count("train_size", value, FEWEST) {
                Some(size) if sizes.contains(&size) => {
                    self.report(error::given_twice(&format!("the size {size}"), value.span, value.span));
                }
                Some(size) => sizes.push(size),
                None => {}
            }
        }
        sizes.sort_unstable();
        sizes
    }

    fn baselines(&mut self, list: Vec<&'a Value>) -> Vec<Baseline> {
        let mut baselines: Vec<(Baseline, Span)> = Vec::new();
        for value in list {
            let Some(baseline) = self.baseline(value) else { continue };
            match baselines.iter().find(|(known, _)| *known == baseline) {
                Some((_, first)) => self.report(error::given_twice("this baseline", *first, value.span)),
                None => baselines.push((baseline, value.span)),
            }
        }
        baselines.into_iter().map(|(baseline, _)| baseline).collect()
    }

    fn baseline(&mut self, value: &'a Value) -> Option<Baseline> {
        match &value.value {
            ValueKind::Call(call) if gblup_with(call).is_some() => gblup_with(call),
            ValueKind::Call(call) => {
                self.report(error::not_in_this_version(
                    &format!("baseline `{}` with options", call.name.value),
                    "write its name alone; of options there are `gblup(dominance)` and `gblup(environment)`",
                    value.span,
                ));
                None
            }
            _ => self.as_choice("baseline", value, &BASELINES),
        }
    }

    fn scheme(&mut self, call: &'a Call, first: Option<&'a Value>, named: &mut Fields<'a>) -> Option<Scheme> {
        let missing = |what: &str, example: &str| {
            error::required(&format!("`{}(…)`", call.name.value), what, example, call.span)
        };
        match (call.name.value.as_str(), first) {
            ("kfold", Some(first)) => self.kfold(first, named),
            ("holdout", Some(first)) => {
                let fraction = self.as_share("holdout", first)?;
                if fraction <= 0.0 || fraction >= 1.0 {
                    self.report(error::wrong_type("holdout", "a share above 0 and below 1", first.span));
                    return None;
                }
                Some(Scheme::Holdout { fraction })
            }
            ("leave_out", Some(first)) => Some(Scheme::LeaveOut(self.groups("leave_out", first)?)),
            ("folds", Some(first)) => Some(Scheme::Folds(self.column_value("folds", first)?)),
            ("cv1" | "cv2" | "cv00", Some(first)) => self.environments(call, first, named),
            ("cv0", Some(first)) => Some(Scheme::Environments {
                scenario: Scenario::Cv0,
                environment: self.groups("cv0", first)?,
                folds: 1,
                repeats: 1,
            }),
            ("none", None) => Some(Scheme::None),
            ("none", Some(first)) => {
                self.report(error::too_many_arguments("none", "no value", first.span));
                None
            }
            ("kfold", None) => {
                self.report(missing("the number of folds", "kfold(5)"));
                None
            }
            ("holdout", None) => {
                self.report(missing("the share held out", "holdout(20%)"));
                None
            }
            ("leave_out" | "folds", None) => {
                self.report(missing("a column", "leave_out(groups.family)"));
                None
            }
            ("cv0", None) => {
                self.report(missing("the column of environments", "cv0(pheno.site)"));
                None
            }
            (name @ ("cv1" | "cv2" | "cv00"), None) => {
                self.report(missing("the number of folds", &format!("{name}(5, environment = pheno.site)")));
                None
            }
            _ => {
                self.report(error::unknown_word("scheme", &call.name.value, call.name.span, &SCHEMES));
                None
            }
        }
    }

    fn kfold(&mut self, first: &'a Value, named: &mut Fields<'a>) -> Option<Scheme> {
        let folds = self.as_count("kfold", first, 2);
        let repeats = self.count(named, "repeats", 1).unwrap_or(1);
        let group = self.value(named, "group").and_then(|value| self.groups("group", value));
        let stratify = self.value(named, "stratify").and_then(|value| self.groups("stratify", value));
        Some(Scheme::KFold { folds: folds?, repeats, group, stratify })
    }

    /// `cv1(5, environment = T.c)`, `cv2(…)` and `cv00(…)`.
    fn environments(&mut self, call: &'a Call, first: &'a Value, named: &mut Fields<'a>) -> Option<Scheme> {
        let name = call.name.value.as_str();
        let folds = self.as_count("folds", first, 2);
        let scenario = match name {
            "cv1" => Scenario::Cv1,
            "cv2" => Scenario::Cv2,
            _ => Scenario::Cv00,
        };
        // Every environment is left out once: there is nothing to draw but individuals, once.
        let repeats = if scenario == Scenario::Cv00 { None } else { self.count(named, "repeats", 1) };
        let Some(value) = self.value(named, "environment") else {
            let example = format!("{name}(5, environment = pheno.site)");
            self.report(error::required(
                &format!("`{name}(…)`"),
                "the column of environments",
                &example,
                call.span,
            ));
            return None;
        };
        let environment = self.groups("environment", value)?;
        Some(Scheme::Environments { scenario, environment, folds: folds?, repeats: repeats.unwrap_or(1) })
    }

    fn column_value(&mut self, key: &str, value: &'a Value) -> Option<ColumnRef> {
        let ValueKind::Path(path) = &value.value else {
            self.report(error::wrong_type(key, "a column, such as `groups.family`", value.span));
            return None;
        };
        self.column_ref(path)
    }

    /// A column whose values are groups, not measurements.
    pub(super) fn groups(&mut self, key: &str, value: &'a Value) -> Option<ColumnRef> {
        let column = self.column_value(key, value)?;
        if column.kind == ColumnKind::Continuous {
            self.report(error::groups_are_not_continuous(&column.column, column.span));
            return None;
        }
        Some(column)
    }
}

/// Measures by name.
fn metrics() -> [(&'static str, Metric); 10] {
    Metric::ALL.map(|metric| (metric.name(), metric))
}

/// Each fold has its share of the cases of the first trait, where that is binary.
fn stratify_by_class(scheme: &mut Scheme, predicts: &[Predict]) {
    let first = predicts.first().and_then(|predict| predict.traits.first());
    if let (Scheme::KFold { stratify: stratify @ None, .. }, Some(column)) = (scheme, first)
        && column.kind == ColumnKind::Binary
    {
        *stratify = Some(column.clone());
    }
}

/// The measures of the summary where the author names none.
fn usual_metrics(scheme: &Scheme, predicts: &[Predict]) -> Vec<Metric> {
    let mut traits = predicts.iter().flat_map(|predict| &predict.traits).peekable();
    if traits.peek().is_some() && traits.all(|column| column.kind == ColumnKind::Binary) {
        return vec![Metric::Auc, Metric::AveragePrecision, Metric::Brier];
    }
    // Between environments a trait differs by more than between individuals.
    if scheme.environment().is_some() {
        return vec![Metric::Within, Metric::Pearson, Metric::Rmse];
    }
    vec![Metric::Pearson, Metric::Spearman, Metric::Rmse]
}

/// `gblup(dominance)` and `gblup(environment)`.
fn gblup_with(call: &Call) -> Option<Baseline> {
    let [Argument { name: None, value }] = call.arguments.as_slice() else { return None };
    let ValueKind::Path(path) = &value.value else { return None };
    let [word] = path.segments.as_slice() else { return None };
    let option = OPTIONS_OF_GBLUP.iter().find(|(name, _)| *name == word.value);
    option.filter(|_| call.name.value == "gblup").map(|(_, baseline)| *baseline)
}
