//! `train { … }`.

use super::Lowering;
use crate::language::source::Span;
use crate::language::spec::{Optimizer, Rule, Train, error};
use crate::language::syntax::ast::{Call, Item, ItemKind, Value, ValueKind};

const OPTIMIZERS: [&str; 3] = ["adam", "adamw", "sgd"];

impl<'a> Lowering<'a> {
    pub(super) fn train(&mut self) -> Train {
        let file = self.file;
        let items: Vec<&'a Item> =
            file.items.iter().filter(|item| matches!(item.kind, ItemKind::Train { .. })).collect();
        if let [first, second, ..] = items.as_slice() {
            self.report(error::given_twice("`train`", first.span, second.span));
        }
        let (span, fields) = match items.first().map(|item| (item.span, &item.kind)) {
            Some((span, ItemKind::Train { fields })) => (span, fields.as_slice()),
            _ => (Span::default(), &[][..]),
        };
        let mut fields = self.fields("`train`", span, fields);
        let optimizer = self.value(&mut fields, "optimizer").and_then(|value| self.optimizer(value));
        let epochs = self.count(&mut fields, "epochs", 1).unwrap_or(200);
        let batch = self.value(&mut fields, "batch").map_or(Some(32), |value| self.batch(value));
        let patience = self.value(&mut fields, "early_stop").map_or(Some(20), |value| self.early_stop(value));
        let ensemble = self.count(&mut fields, "ensemble", 1).unwrap_or(1);
        if !fields.has("seed") {
            self.unseeded.push(("training".to_string(), span));
        }
        let seed = self.count(&mut fields, "seed", 0).unwrap_or(1) as u64;
        self.refuse(&mut fields, &[("schedule", "use a constant learning rate")]);
        let balance = self.value(&mut fields, "balance").and_then(|value| self.groups("balance", value));
        self.finish(fields);
        let optimizer = optimizer.unwrap_or(DEFAULT);
        Train { optimizer, epochs, batch, patience, ensemble, seed, balance, span }
    }

    /// Rows a step; `full` is one step an epoch.
    fn batch(&mut self, value: &'a Value) -> Option<usize> {
        if matches!(&value.value, ValueKind::Path(path) if path.segments[0].value == "full") {
            return None;
        }
        if !matches!(value.value, ValueKind::Number { .. }) {
            self.report(error::wrong_type("batch", "a number of rows, or `full`", value.span));
            return None;
        }
        self.as_count("batch", value, 1)
    }

    fn early_stop(&mut self, value: &'a Value) -> Option<usize> {
        match &value.value {
            ValueKind::Path(path) if path.segments[0].value == "none" => None,
            ValueKind::Call(call) if call.name.value == "patience" => {
                let (unnamed, named) = self.arguments(call);
                self.finish(named);
                let Some(first) = self.only_argument(call, &unnamed) else {
                    self.report(error::required(
                        "`patience(…)`",
                        "a number of epochs",
                        "patience(20)",
                        call.span,
                    ));
                    return None;
                };
                self.as_count("patience", first, 1)
            }
            _ => {
                self.report(error::wrong_type("early_stop", "`patience(20)` or `none`", value.span));
                None
            }
        }
    }

    fn optimizer(&mut self, value: &'a Value) -> Option<Optimizer> {
        match &value.value {
            ValueKind::Call(call) => self.optimizer_call(call),
            ValueKind::Path(path) if OPTIMIZERS.contains(&path.segments[0].value.as_str()) => {
                self.report(error::required(
                    "`optimizer`",
                    "its learning rate",
                    "adam(lr = 1e-3)",
                    value.span,
                ));
                None
            }
            ValueKind::Path(path) => {
                self.report(error::unknown_word(
                    "optimizer",
                    &path.segments[0].value,
                    value.span,
                    &OPTIMIZERS,
                ));
                None
            }
            _ => {
                self.report(error::wrong_type(
                    "optimizer",
                    "`adam(lr = 1e-3)`, `adamw(…)` or `sgd(…)`",
                    value.span,
                ));
                None
            }
        }
    }

    fn optimizer_call(&mut self, call: &'a Call) -> Option<Optimizer> {
        let name = call.name.value.as_str();
        if !OPTIMIZERS.contains(&name) {
            self.report(error::unknown_word("optimizer", name, call.name.span, &OPTIMIZERS));
            return None;
        }
        let (unnamed, mut named) = self.arguments(call);
        if let Some(first) = unnamed.first() {
            self.report(error::wrong_type(
                &format!("{name}(…)"),
                "named arguments such as `lr = 1e-3`",
                first.span,
            ));
        }
        let learning_rate = self.positive(&mut named, "lr").unwrap_or(DEFAULT.learning_rate);
        let l1 = self.at_least_zero(&mut named, "l1").unwrap_or(0.0);
        let l2 = self.at_least_zero(&mut named, "l2").unwrap_or(0.0);
        let mut decay = 0.0;
        let rule = if name == "sgd" {
            Rule::Sgd { momentum: self.share(&mut named, "momentum").unwrap_or(0.0) }
        } else {
            if name == "adamw" {
                decay = self.at_least_zero(&mut named, "weight_decay").unwrap_or(0.01);
            }
            let beta1 = self.share(&mut named, "beta1").unwrap_or(0.9);
            let beta2 = self.share(&mut named, "beta2").unwrap_or(0.999);
            Rule::Adam { beta1, beta2, epsilon: self.positive(&mut named, "epsilon").unwrap_or(1e-8) }
        };
        self.finish(named);
        Some(Optimizer { rule, learning_rate, l1, l2, decay })
    }

    fn positive(&mut self, fields: &mut super::fields::Fields<'a>, key: &'static str) -> Option<f64> {
        let number = self.number(fields, key)?;
        if number.value <= 0.0 {
            self.report(error::wrong_type(key, "a number above 0", number.span));
            return None;
        }
        Some(number.value)
    }

    fn at_least_zero(&mut self, fields: &mut super::fields::Fields<'a>, key: &'static str) -> Option<f64> {
        let number = self.number(fields, key)?;
        if number.value < 0.0 {
            self.report(error::wrong_type(key, "a number of at least 0", number.span));
            return None;
        }
        Some(number.value)
    }
}

/// Adam at the learning rate of its paper (Kingma & Ba 2015).
const DEFAULT: Optimizer = Optimizer {
    rule: Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    learning_rate: 1e-3,
    l1: 0.0,
    l2: 0.0,
    decay: 0.0,
};
