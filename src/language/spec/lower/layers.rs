//! `layer NAME : KIND { … }` and `node A, B : KIND { … }`.

use super::Lowering;
use super::fields::Fields;
use crate::language::source::{Span, Spanned};
use crate::language::spec::{Activation, Hierarchy, Layer, Name, Network, Norm, error};
use crate::language::syntax::ast::{Call, Item, ItemKind, Value, ValueKind};

const ACTIVATIONS: [(&str, Activation); 6] = [
    ("linear", Activation::Linear),
    ("tanh", Activation::Tanh),
    ("sigmoid", Activation::Sigmoid),
    ("relu", Activation::Relu),
    ("gelu", Activation::Gelu),
    ("softplus", Activation::Softplus),
];

const NORMS: [(&str, Norm); 3] = [("none", Norm::None), ("batch", Norm::Batch), ("units", Norm::Units)];

/// What may stand inside `fcn(…)` or beside it.
#[derive(Clone, Copy, Default)]
struct Inside {
    dropout: Option<Spanned<f64>>,
    norm: Option<Spanned<Norm>>,
}

impl<'a> Lowering<'a> {
    /// A `layer` item.
    pub(super) fn layer(&mut self, item: &'a Item) -> Option<Layer> {
        let ItemKind::Layer { name, kind, fields } = &item.kind else { return None };
        let mut fields = self.fields("`layer`", item.span, fields);
        let hierarchy = self.hierarchy(&mut fields);
        let select = self.select(&mut fields);
        let layer = self.computation(item, name, None, kind, fields)?;
        Some(Layer { hierarchy, select, ..layer })
    }

    /// A `node` item.
    pub(super) fn nodes(&mut self, item: &'a Item) -> Option<Layer> {
        let ItemKind::Node { names, kind, fields } = &item.kind else { return None };
        let fields = self.fields("`node`", item.span, fields);
        self.computation(item, names.first()?, Some(names.clone()), kind, fields)
    }

    /// What a node of the item computes.
    fn computation(
        &mut self,
        item: &'a Item,
        name: &'a Name,
        nodes: Option<Vec<Name>>,
        kind: &'a Name,
        mut fields: Fields<'a>,
    ) -> Option<Layer> {
        let width = self.width(&mut fields, name.span);
        let outside = self.activation(&mut fields);
        let (network, inside) = self.network(&mut fields, outside);
        let dropout = self.dropout(&mut fields, &network, inside.dropout);
        let norm = self.norm(&mut fields, &network, width.value, inside.norm);
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
            norm,
            hierarchy: None,
            select: None,
            span,
        })
    }

    /// `hierarchy = PRIOR`, cut by `root` and `depth`.
    fn hierarchy(&mut self, fields: &mut Fields<'a>) -> Option<Hierarchy> {
        let places = (fields.span_of("root"), fields.span_of("depth"));
        let value = self.value(fields, "hierarchy");
        let roots = self.list(fields, "root").unwrap_or_default();
        let roots: Vec<Name> = roots
            .into_iter()
            .filter_map(|root| Some(Spanned::new(self.as_id("root", root)?, root.span)))
            .collect();
        let depth = self.count(fields, "depth", 1);
        let Some(value) = value else {
            for (key, place) in [("root", places.0), ("depth", places.1)] {
                if let Some(span) = place {
                    self.report(error::cuts_no_hierarchy(key, span));
                }
            }
            return None;
        };
        let ValueKind::Path(path) = &value.value else {
            self.report(error::wrong_type(
                "hierarchy",
                "the name of a prior that relates child to parent",
                value.span,
            ));
            return None;
        };
        Some(Hierarchy { prior: self.prior_ref(path)?, roots, depth, span: value.span })
    }

    /// `norm = batch` or `units`, on the item or inside `fcn(…)`, but not in both places.
    fn norm(
        &mut self,
        fields: &mut Fields<'a>,
        network: &Network,
        width: usize,
        inside: Option<Spanned<Norm>>,
    ) -> Norm {
        let outside = self.value(fields, "norm").and_then(|value| self.norm_word(value));
        if let (Some(inside), Some(outside)) = (inside, outside) {
            self.report(error::given_twice("`norm`", inside.span, outside.span));
        }
        let Some(norm) = inside.or(outside) else { return Norm::None };
        let units = match network {
            Network::Fcn { hidden, .. } => hidden.iter().copied().min().unwrap_or(1),
            Network::Affine => width,
            Network::Linear => {
                self.report(error::nothing_to_normalise(norm.span));
                return Norm::None;
            }
        };
        if norm.value == Norm::Units && units < 2 {
            self.report(error::normalises_one_unit(norm.span));
        }
        norm.value
    }

    fn norm_word(&mut self, value: &'a Value) -> Option<Spanned<Norm>> {
        Some(Spanned::new(self.as_choice("norm", value, &NORMS)?, value.span))
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

    /// The private network, and what is written inside `fcn(…)`.
    fn network(
        &mut self,
        fields: &mut Fields<'a>,
        outside: Option<Spanned<Activation>>,
    ) -> (Network, Inside) {
        let nothing = Inside::default();
        let Some(value) = self.value(fields, "network") else { return (Network::Affine, nothing) };
        match &value.value {
            ValueKind::Path(path) if path.segments[0].value == "linear" => {
                if let Some(outside) = outside.filter(|outside| outside.value != Activation::Linear) {
                    self.report(error::linear_with_activation(activation_name(outside.value), outside.span));
                }
                (Network::Linear, nothing)
            }
            ValueKind::Call(call) if call.name.value == "fcn" => self.fcn(call, outside),
            _ => {
                self.report(error::wrong_type(
                    "network",
                    "`linear` or `fcn(16, 8, activation = gelu)`",
                    value.span,
                ));
                (Network::Affine, nothing)
            }
        }
    }

    fn fcn(&mut self, call: &'a Call, outside: Option<Spanned<Activation>>) -> (Network, Inside) {
        let (sizes, mut named) = self.arguments(call);
        let inside = self.activation(&mut named);
        let dropout = self
            .value(&mut named, "dropout")
            .and_then(|value| Some(Spanned::new(self.as_share("dropout", value)?, value.span)));
        let norm = self.value(&mut named, "norm").and_then(|value| self.norm_word(value));
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
        (Network::Fcn { hidden, activation }, Inside { dropout, norm })
    }
}

fn activation_name(activation: Activation) -> &'static str {
    ACTIVATIONS.iter().find(|(_, known)| *known == activation).map_or("", |(name, _)| name)
}
