//! `layer NAME : KIND { … }` and `node A, B : KIND { … }`.

use super::Lowering;
use super::fields::Fields;
use crate::language::source::{Span, Spanned};
use crate::language::spec::{Activation, Layer, Network, error};
use crate::language::syntax::ast::{Call, Item, ItemKind, Value, ValueKind};

const ACTIVATIONS: [(&str, Activation); 6] = [
    ("linear", Activation::Linear),
    ("tanh", Activation::Tanh),
    ("sigmoid", Activation::Sigmoid),
    ("relu", Activation::Relu),
    ("gelu", Activation::Gelu),
    ("softplus", Activation::Softplus),
];

impl<'a> Lowering<'a> {
    pub(super) fn layer(&mut self, item: &'a Item) -> Option<Layer> {
        let (name, nodes, kind, fields) = match &item.kind {
            ItemKind::Layer { name, kind, fields } => (name, None, kind, fields),
            ItemKind::Node { names, kind, fields } => (names.first()?, Some(names.clone()), kind, fields),
            _ => return None,
        };
        let owner = if nodes.is_some() { "`node`" } else { "`layer`" };
        let mut fields = self.fields(owner, item.span, fields);
        let width = self.width(&mut fields, name.span);
        let outside = self.activation(&mut fields);
        let (network, inside) = self.network(&mut fields, outside);
        let dropout = self.dropout(&mut fields, &network, inside);
        self.refuse(
            &mut fields,
            &[
                ("hierarchy", "link the levels as layers of their own"),
                ("root", "give a prior that holds only the terms wanted"),
                ("depth", "give a prior that holds only the terms wanted"),
                ("select", "list the genes in a prior"),
                ("norm", "leave it out: inputs and traits are standardised already"),
            ],
        );
        self.finish(fields);
        let activation = outside.map(|a| a.value).unwrap_or(match network {
            Network::Affine => Activation::Tanh,
            Network::Linear | Network::Fcn { .. } => Activation::Linear,
        });
        let span = item.span;
        Some(Layer {
            name: name.clone(),
            nodes,
            kind: kind.clone(),
            width,
            network,
            activation,
            dropout,
            span,
        })
    }

    /// The share dropped: written on the item, or inside `fcn(…)`, but not in both places.
    fn dropout(&mut self, fields: &mut Fields<'a>, network: &Network, inside: Option<Spanned<f64>>) -> f64 {
        if *network == Network::Linear {
            if let Some(value) = self.value(fields, "dropout") {
                self.report(error::unknown_key("`network = linear`", "dropout", value.span, &["width"]));
            }
            return inside.map_or(0.0, |inside| inside.value);
        }
        let outside =
            self.value(fields, "dropout").map(|value| (self.as_share("dropout", value), value.span));
        if let (Some(inside), Some((_, outside))) = (inside, outside) {
            self.report(error::given_twice("`dropout`", inside.span, outside));
        }
        inside.map(|inside| inside.value).or(outside.and_then(|(share, _)| share)).unwrap_or(0.0)
    }

    fn width(&mut self, fields: &mut Fields<'a>, layer: Span) -> Spanned<usize> {
        let Some(value) = self.value(fields, "width") else { return Spanned::new(1, layer) };
        Spanned::new(self.units("`width`", value).unwrap_or(1), value.span)
    }

    fn units(&mut self, what: &str, value: &'a Value) -> Option<usize> {
        let number = self.as_number(what.trim_matches('`'), value, &[])?;
        if number.value < 1.0 {
            self.report(error::below_one(what, value.span));
            return None;
        }
        self.as_count(what.trim_matches('`'), value, 1)
    }

    fn activation(&mut self, fields: &mut Fields<'a>) -> Option<Spanned<Activation>> {
        let value = self.value(fields, "activation")?;
        Some(Spanned::new(self.as_choice("activation", value, &ACTIVATIONS)?, value.span))
    }

    /// The private network, and the dropout written inside `fcn(…)`.
    fn network(
        &mut self,
        fields: &mut Fields<'a>,
        outside: Option<Spanned<Activation>>,
    ) -> (Network, Option<Spanned<f64>>) {
        let Some(value) = self.value(fields, "network") else { return (Network::Affine, None) };
        match &value.value {
            ValueKind::Path(path) if path.segments[0].value == "linear" => {
                if let Some(outside) = outside.filter(|outside| outside.value != Activation::Linear) {
                    self.report(error::linear_with_activation(activation_name(outside.value), outside.span));
                }
                (Network::Linear, None)
            }
            ValueKind::Call(call) if call.name.value == "fcn" => self.fcn(call, outside),
            _ => {
                self.report(error::wrong_type(
                    "network",
                    "`linear` or `fcn(16, 8, activation = gelu)`",
                    value.span,
                ));
                (Network::Affine, None)
            }
        }
    }

    fn fcn(
        &mut self,
        call: &'a Call,
        outside: Option<Spanned<Activation>>,
    ) -> (Network, Option<Spanned<f64>>) {
        let (sizes, mut named) = self.arguments(call);
        let inside = self.activation(&mut named);
        let dropout = self
            .value(&mut named, "dropout")
            .and_then(|value| Some(Spanned::new(self.as_share("dropout", value)?, value.span)));
        self.refuse(&mut named, &[("norm", "leave it out: inputs and traits are standardised already")]);
        self.finish(named);
        if sizes.is_empty() {
            let example = "fcn(16, activation = gelu)";
            self.report(error::required("`fcn(…)`", "at least one hidden layer", example, call.span));
        }
        let hidden: Vec<usize> =
            sizes.into_iter().filter_map(|size| self.units("a hidden layer", size)).collect();
        if let (Some(inside), Some(outside)) = (inside, outside)
            && inside.value != outside.value
        {
            let named = |a: Spanned<Activation>| (activation_name(a.value), a.span);
            self.report(error::activations_disagree(named(inside), named(outside)));
        }
        let activation = inside.or(outside).map_or(Activation::Tanh, |a| a.value);
        (Network::Fcn { hidden, activation }, dropout)
    }
}

fn activation_name(activation: Activation) -> &'static str {
    ACTIVATIONS.iter().find(|(_, known)| *known == activation).map_or("", |(name, _)| name)
}
