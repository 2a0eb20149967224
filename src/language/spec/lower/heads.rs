//! `predict TRAITS from NODES { … }` and `supervise NODES by COLUMNS { … }`.

use super::Lowering;
use super::fields::Fields;
use super::tables::COLUMN_KINDS;
use crate::language::source::Span;
use crate::language::spec::error::heads;
use crate::language::spec::{
    ColumnKind, ColumnRef, Endpoint, FixedEffect, Loss, Predict, Supervise, SuperviseBy, Target, error,
};
use crate::language::syntax::ast::{Call, Item, ItemKind, Path, Value, ValueKind};

const LOSSES: [(&str, Loss); 5] = [
    ("mse", Loss::Mse),
    ("mae", Loss::Mae),
    ("huber", Loss::Huber(USUAL_BEND)),
    ("bce", Loss::Bce),
    ("poisson", Loss::Poisson),
];
/// What networks that are stacked on GBLUP learn, and whether that is what GBLUP leaves.
const TARGETS: [(&str, bool); 2] = [("trait", false), ("residual", true)];
const LATER_LOSSES: [&str; 3] = ["cross_entropy", "cumulative_logit", "cox"];
/// Where 95 % of the efficiency of squares is kept under normal errors (Huber 1981, section 4.5), in
/// standard deviations.
const USUAL_BEND: f64 = 1.345;

impl<'a> Lowering<'a> {
    pub(super) fn predict(&mut self, item: &'a Item) -> Option<Predict> {
        let ItemKind::Predict { traits, from, fields } = &item.kind else { return None };
        let columns: Vec<ColumnRef> = traits.iter().filter_map(|path| self.column_ref(path)).collect();
        let endpoints = self.endpoints(from).and_then(|endpoints| self.readable(endpoints));
        let mut fields = self.fields("`predict`", item.span, fields);
        let loss = self.loss(&mut fields);
        let fixed_span = fields.span_of("fixed");
        let fixed = self.fixed(&mut fields);
        let weight = self.loss_weight(&mut fields);
        let auxiliary = self.auxiliary(&mut fields);
        let stacked = fields.span_of("polygenic");
        let polygenic = self.choice(&mut fields, "polygenic", &[("gblup", true)]).unwrap_or(false);
        let prevalence_span = fields.span_of("prevalence");
        let prevalence = self.prevalence(&mut fields);
        let target = fields.span_of("target");
        let residual = self.choice(&mut fields, "target", &TARGETS).unwrap_or(false);
        self.finish(fields);
        let losses: Vec<Loss> = columns.iter().filter_map(|column| self.loss_for(column, loss)).collect();
        let curved =
            losses.iter().position(|loss| !loss.is_linear()).filter(|_| losses.len() == columns.len());
        // Effects are taken off the trait before training, which only means something on its own scale.
        if let (Some(span), false, Some(place)) = (fixed_span, fixed.is_empty(), curved) {
            self.report(heads::fixed_off_scale(&columns[place], losses[place].name(), span));
        }
        if let (Some(span), Some(place)) = (stacked, curved) {
            self.report(heads::stacked_off_scale(losses[place].name(), span));
        }
        if let (Some(span), false) = (target, polygenic) {
            self.report(heads::target_of_nothing(span));
        }
        if let (Some(span), Some(other)) =
            (prevalence_span, columns.iter().find(|column| column.kind != ColumnKind::Binary))
        {
            self.report(heads::prevalence_of_no_disease(&other.column, other.span, span));
        }
        if columns.len() < traits.len() {
            return None;
        }
        Some(Predict {
            traits: columns,
            from: endpoints?,
            losses,
            polygenic,
            residual,
            fixed,
            weight,
            prevalence,
            auxiliary,
            span: item.span,
        })
    }

    /// The share of cases in the population.
    fn prevalence(&mut self, fields: &mut Fields<'a>) -> Option<f64> {
        let value = self.value(fields, "prevalence")?;
        let share = self.as_share("prevalence", value)?;
        if share <= 0.0 || share >= 1.0 {
            self.report(error::wrong_type("prevalence", "a share above 0 and below 1", value.span));
            return None;
        }
        Some(share)
    }

    pub(super) fn supervise(&mut self, item: &'a Item) -> Option<Supervise> {
        let ItemKind::Supervise { nodes, by, fields } = &item.kind else { return None };
        let endpoints = self.endpoints(nodes).and_then(|endpoints| self.supervisable(endpoints));
        let by = self.supervise_by(by);
        let mut fields = self.fields("`supervise`", item.span, fields);
        let loss = self.loss(&mut fields);
        let weights = self.loss_weights(&mut fields);
        self.finish(fields);
        let by = by?;
        if let SuperviseBy::Columns(columns) = &by {
            for column in columns {
                self.loss_for(column, loss)?;
            }
        }
        let (weight, choices) = match weights.as_slice() {
            [] => (1.0, Vec::new()),
            [only] => (*only, Vec::new()),
            [first, ..] => (*first, weights),
        };
        Some(Supervise { nodes: endpoints?, by, weight, choices, loss, span: item.span })
    }

    /// Endpoints that a read-out can read: anything but `TABLE.*`, whose columns belong to nodes.
    fn readable(&mut self, endpoints: Vec<Endpoint>) -> Option<Vec<Endpoint>> {
        let columns = endpoints.iter().find(|endpoint| matches!(endpoint.target, Target::Columns(_)));
        let span = columns.map(|endpoint| endpoint.span);
        if let Some(span) = span {
            self.report(error::columns_without_nodes(span));
        }
        span.is_none().then_some(endpoints)
    }

    fn auxiliary(&mut self, fields: &mut Fields<'a>) -> f64 {
        let Some(number) = self.number(fields, "auxiliary") else { return 0.0 };
        if number.value <= 0.0 {
            self.report(heads::bad_weight(number.value, number.span));
        }
        number.value
    }

    /// Endpoints that have latents: layers and nodes.
    fn supervisable(&mut self, endpoints: Vec<Endpoint>) -> Option<Vec<Endpoint>> {
        let mut all = true;
        for endpoint in &endpoints {
            all &= self.is_node(endpoint, "a layer or node");
        }
        all.then_some(endpoints)
    }

    fn supervise_by(&mut self, by: &'a [Path]) -> Option<SuperviseBy> {
        if let [only] = by
            && only.star
        {
            return Some(SuperviseBy::Table(self.table_ref(only)?, only.span));
        }
        let columns: Vec<ColumnRef> = by.iter().filter_map(|path| self.column_ref(path)).collect();
        (columns.len() == by.len()).then_some(SuperviseBy::Columns(columns))
    }

    fn loss(&mut self, fields: &mut Fields<'a>) -> Option<Loss> {
        let value = self.value(fields, "loss")?;
        let word = match &value.value {
            ValueKind::Call(call) => call.name.value.as_str(),
            ValueKind::Path(path) => path.segments[0].value.as_str(),
            _ => "",
        };
        if LATER_LOSSES.contains(&word) {
            self.report(error::not_in_this_version(
                &format!("loss `{word}`"),
                "use `mse`, `mae`, `huber`, `bce` or `poisson`",
                value.span,
            ));
            return None;
        }
        match &value.value {
            ValueKind::Call(call) if word == "huber" => self.huber(call),
            _ => self.as_choice("loss", value, &LOSSES),
        }
    }

    /// `huber(d)`, d in standard deviations.
    fn huber(&mut self, call: &'a Call) -> Option<Loss> {
        let (unnamed, named) = self.arguments(call);
        self.finish(named);
        let Some(first) = self.only_argument(call, &unnamed) else { return Some(Loss::Huber(USUAL_BEND)) };
        let bend = self.as_number("huber", first, &[])?;
        if bend.value <= 0.0 || !bend.value.is_finite() {
            self.report(error::wrong_type("huber", "a number of standard deviations above 0", bend.span));
            return None;
        }
        Some(Loss::Huber(bend.value))
    }

    /// The loss of one column: what was asked for, or the default of its type.
    fn loss_for(&mut self, column: &ColumnRef, asked: Option<Loss>) -> Option<Loss> {
        let fits = match (column.kind, asked) {
            (ColumnKind::Categorical, _) => None,
            (ColumnKind::Continuous, None) => Some(Loss::Mse),
            (ColumnKind::Binary, None | Some(Loss::Bce)) => Some(Loss::Bce),
            (ColumnKind::Count, None | Some(Loss::Poisson)) => Some(Loss::Poisson),
            (_, Some(loss)) => Some(loss).filter(|loss| loss.is_linear()),
            (ColumnKind::Ordinal, None) => None,
        };
        if fits.is_none() {
            self.report(misfit(column, asked));
        }
        fits
    }

    fn fixed(&mut self, fields: &mut Fields<'a>) -> Vec<FixedEffect> {
        let Some(values) = self.list(fields, "fixed") else { return Vec::new() };
        let fixed: Vec<FixedEffect> =
            values.into_iter().filter_map(|value| self.fixed_effect(value)).collect();
        self.fixed_twice(&fixed);
        fixed
    }

    fn fixed_twice(&mut self, fixed: &[FixedEffect]) {
        let mut components = fixed.iter().filter_map(|effect| match effect {
            FixedEffect::Components(_, span) => Some(*span),
            FixedEffect::Column(_) => None,
        });
        if let Some(first) = components.next() {
            for again in components {
                self.report(error::given_twice("`pcs(…)`", first, again));
            }
        }
    }

    fn fixed_effect(&mut self, value: &'a Value) -> Option<FixedEffect> {
        match &value.value {
            ValueKind::Path(path) => Some(FixedEffect::Column(self.column_ref(path)?)),
            ValueKind::Call(call) if call.name.value == "pcs" => {
                let (unnamed, named) = self.arguments(call);
                self.finish(named);
                let Some(number) = self.only_argument(call, &unnamed) else {
                    self.report(error::required("`pcs(…)`", "a number of components", "pcs(5)", call.span));
                    return None;
                };
                Some(FixedEffect::Components(self.as_count("pcs", number, 1)?, call.span))
            }
            _ => {
                self.report(error::wrong_type("fixed", "columns and `pcs(k)`", value.span));
                None
            }
        }
    }

    /// The weight of a `supervise` item, or the weights that inner folds choose from.
    fn loss_weights(&mut self, fields: &mut Fields<'a>) -> Vec<f64> {
        let Some(value) = self.value(fields, "weight") else { return Vec::new() };
        let values = self.as_list(value);
        if values.is_empty() {
            self.report(error::wrong_type(
                "weight",
                "a number above 0, or a list of them to choose from",
                value.span,
            ));
        }
        let several = values.len() > 1;
        if let (true, Some(first)) = (several, self.choice_span) {
            self.report(
                error::not_in_this_version(
                    "a second list of weights",
                    "let inner folds choose one weight, and give the others",
                    value.span,
                )
                .at(first, "the first list"),
            );
        }
        self.choice_span = self.choice_span.or(several.then_some(value.span));
        let mut weights = Vec::new();
        for value in values {
            let Some(number) = self.as_number("weight", value, &[]) else { continue };
            // Among others, 0 is a choice: no measurement then has a say.
            if number.value < 0.0 || number.value == 0.0 && !several || !number.value.is_finite() {
                self.report(heads::bad_weight(number.value, number.span));
            } else if weights.contains(&number.value) {
                self.report(error::given_twice("a weight", value.span, number.span));
            } else {
                weights.push(number.value);
            }
        }
        weights
    }

    fn loss_weight(&mut self, fields: &mut Fields<'a>) -> f64 {
        let Some(value) = self.value(fields, "weight") else { return 1.0 };
        if matches!(value.value, ValueKind::List(_)) {
            self.report(error::not_in_this_version("a list of loss weights", "give one number", value.span));
            return 1.0;
        }
        let Some(number) = self.as_number("weight", value, &[]) else { return 1.0 };
        if number.value <= 0.0 {
            self.report(heads::bad_weight(number.value, number.span));
            return 1.0;
        }
        number.value
    }
}

fn misfit(column: &ColumnRef, asked: Option<Loss>) -> crate::language::diagnostics::Diagnostic {
    let kind = COLUMN_KINDS.iter().find(|(_, kind)| *kind == column.kind).map_or("", |(name, _)| name);
    let span: Span = column.span;
    match asked {
        Some(loss) => {
            let fitting = "`mse`, `mae` and `huber` fit all but categorical columns, `bce` binary ones, \
                           `poisson` counts";
            heads::loss_does_not_fit(&column.column, kind, loss.name(), fitting, span)
        }
        None => {
            let article = if kind == "ordinal" { "an" } else { "a" };
            let feature = format!("the default loss of {article} {kind} trait");
            let instead = if kind == "categorical" {
                "predict continuous or binary traits"
            } else {
                "add `loss = mse`"
            };
            error::not_in_this_version(&feature, instead, span)
        }
    }
}
