//! Checks across items: what is defined and never used, what is used twice.

use super::Lowering;
use super::scope::Thing;
use crate::language::source::Span;
use crate::language::spec::error::{asked, heads};
use crate::language::spec::{
    Baseline, ColumnRef, Endpoint, FixedEffect, Scheme, Spec, SuperviseBy, Target, Via, error,
};
use std::collections::BTreeMap;

/// Words that stand for something where fields take values.
const WORDS: [&str; 44] = [
    "linear",
    "tanh",
    "sigmoid",
    "relu",
    "gelu",
    "softplus",
    "batch",
    "units",
    "none",
    "additive",
    "dominant",
    "recessive",
    "haploid",
    "mean",
    "mode",
    "error",
    "unit",
    "center",
    "mse",
    "mae",
    "huber",
    "bce",
    "poisson",
    "gblup",
    "ridge",
    "fcn",
    "pearson",
    "spearman",
    "rmse",
    "slope",
    "bias",
    "auc",
    "average_precision",
    "brier",
    "full",
    "drop",
    "ignore",
    "free",
    "fixed",
    "init",
    "positive",
    "hard",
    "soft",
    "roman",
];

impl Lowering<'_> {
    pub(super) fn check_usage(&mut self, spec: &Spec) {
        self.traits_as_inputs(spec);
        self.traits_twice(spec);
        self.supervising_alike(spec);
        self.supervised_twice(spec);
        self.learnt_alone(spec);
        self.stacked_together(spec);
        self.weighed_for_all(spec);
        // An item that failed is not in the spec, and what it alone used would look unused.
        if !self.found.has_errors() {
            self.assemblies_agree(spec);
            self.units_agree(spec);
            self.constants_like_words();
            self.unused_priors(spec);
            self.unused_tables(spec);
            let tunes = spec.evaluate.baselines.contains(&Baseline::ElasticNet);
            if let (Some(span), false) = (self.inner_span, spec.chooses() || spec.is_stacked() || tunes) {
                self.report(error::inner_folds_for_nothing(span));
            }
            for (name, span) in self.scope.unused_constants() {
                self.report(error::unused("constant", name, span));
            }
        }
    }

    /// E0113 where what is learnt for one layer would reach into another, or miss nodes of its own.
    fn learnt_alone(&mut self, spec: &Spec) {
        let found_in = |to: &Endpoint| match to.target {
            Target::Layer(layer) => Some(&spec.layers[layer]).filter(|layer| layer.nodes.is_none()),
            _ => None,
        };
        for link in &spec.links {
            let layers = || link.to.iter().filter_map(found_in);
            let selecting = layers().find_map(|layer| layer.select.as_ref());
            let learns = matches!(link.via, Via::Eqtl(_)) && layers().next().is_some();
            let paired = !matches!(link.via, Via::Inline(_));
            if link.to.len() > 1 && (learns || paired && selecting.is_some()) {
                self.report(error::not_in_this_version(
                    "one link into several layers of which one is learnt",
                    "write a link for each of them",
                    link.span,
                ));
            }
            if let (Some(select), true) = (selecting, link.from.iter().any(|from| is_columns(&from.target))) {
                self.report(error::not_in_this_version(
                    "`select` beside nodes that the columns of a table make",
                    "link the columns to a layer of their own",
                    select.span,
                ));
            }
        }
        for layer in spec.layers.iter().filter(|layer| layer.hierarchy.is_some()) {
            if let Some(select) = &layer.select {
                self.report(error::not_in_this_version(
                    "`select` beside `hierarchy`",
                    "select in the layer below, and link it to this one",
                    select.span,
                ));
            }
        }
    }

    /// E0113 where some traits are stacked on GBLUP and others are not: they share their networks.
    fn stacked_together(&mut self, spec: &Spec) {
        let alone = spec.predicts.iter().find(|predict| !predict.polygenic);
        if let (true, Some(alone)) = (spec.is_stacked(), alone) {
            self.report(error::not_in_this_version(
                "`polygenic = gblup` on some `predict` items and not on others",
                "give it to all, or write two specs: stacked networks never see all training samples",
                alone.span,
            ));
        }
    }

    /// E0113 where a table weighs its records, and a baseline would not.
    fn weighed_for_all(&mut self, spec: &Spec) {
        let mut tables = spec.predicts.iter().flat_map(|predict| &predict.traits).map(|column| column.table);
        let weight = tables.find_map(|table| spec.tables.get(table)?.weight.as_ref());
        let Some(weight) = weight else { return };
        for (name, baseline) in [("elastic_net", Baseline::ElasticNet), ("forest", Baseline::Forest)] {
            if spec.evaluate.baselines.contains(&baseline) {
                self.report(error::not_in_this_version(
                    &format!("the baseline `{name}` beside weights of records"),
                    "leave one of them out: its errors would all weigh the same",
                    weight.span,
                ));
            }
        }
    }

    /// E0602 for columns of one name and two units, where both tables are used.
    fn units_agree(&mut self, spec: &Spec) {
        let used = used_tables(spec);
        let tables = spec.tables.iter().enumerate().filter(|(at, _)| used.contains(at));
        let mut seen: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
        for column in tables.flat_map(|(_, table)| &table.columns) {
            let Some(unit) = &column.unit else { continue };
            match seen.get(column.name.value.as_str()) {
                Some((other, first)) if other != unit => {
                    let units = [*other, unit.as_str()];
                    self.report(asked::units_differ(&column.name.value, units, *first, column.name.span));
                }
                Some(_) => {}
                None => {
                    seen.insert(&column.name.value, (unit, column.name.span));
                }
            }
        }
    }

    /// W0204 for constants named like a word that fields take.
    fn constants_like_words(&mut self) {
        let names: Vec<&str> = self.scope.names(|thing| thing == Thing::Constant);
        for name in names.into_iter().filter(|name| WORDS.contains(name)) {
            if let Some(span) = self.scope.place(name) {
                self.report(asked::shadows(name, span));
            }
        }
    }

    fn traits_twice(&mut self, spec: &Spec) {
        let traits: Vec<&ColumnRef> = spec.predicts.iter().flat_map(|predict| &predict.traits).collect();
        for (place, column) in traits.iter().enumerate() {
            if let Some(first) = traits[..place].iter().find(|earlier| earlier.is(column)) {
                self.report(error::given_twice(
                    &format!("trait `{}`", column.column),
                    first.span,
                    column.span,
                ));
            } else if let Some(first) = traits[..place].iter().find(|earlier| alike(earlier, column)) {
                self.report(error::ambiguous_column("traits", &column.column, first.span, column.span));
            }
        }
    }

    /// Columns of one bare name, for nodes that find theirs by that name.
    fn supervising_alike(&mut self, spec: &Spec) {
        let mut by_name: Vec<&ColumnRef> = Vec::new();
        for supervise in &spec.supervises {
            let SuperviseBy::Columns(columns) = &supervise.by else { continue };
            // One node and one column pair whatever their names.
            if columns.len() == 1 && matches!(supervise.nodes.as_slice(), [only] if is_one_node(spec, only)) {
                continue;
            }
            by_name.extend(columns);
        }
        for (place, column) in by_name.iter().enumerate() {
            if let Some(first) = by_name[..place].iter().find(|earlier| alike(earlier, column)) {
                let what = "supervising columns";
                self.report(error::ambiguous_column(what, &column.column, first.span, column.span));
            }
        }
    }

    fn unused_priors(&mut self, spec: &Spec) {
        for (id, prior) in spec.priors.iter().enumerate() {
            let linked = spec.links.iter().any(|link| match &link.via {
                Via::Prior(used, _) => *used == id,
                Via::Window(window) => window.prior == id,
                Via::Eqtl(eqtl) => eqtl.window.is_some_and(|window| window.prior == id),
                Via::AllToAll | Via::Inline(_) => false,
            });
            let mut hierarchies = spec.layers.iter().filter_map(|layer| layer.hierarchy.as_ref());
            if !linked && !hierarchies.any(|hierarchy| hierarchy.prior == id) {
                self.report(error::unused("prior", &prior.name.value, prior.name.span));
            }
        }
    }

    fn unused_tables(&mut self, spec: &Spec) {
        let used = used_tables(spec);
        for (id, table) in spec.tables.iter().enumerate() {
            if !used.contains(&id) {
                self.report(error::unused("table", &table.name.value, table.name.span));
            }
        }
    }

    fn traits_as_inputs(&mut self, spec: &Spec) {
        let mut inputs: Vec<&ColumnRef> = spec.links.iter().flat_map(|link| columns(&link.from)).collect();
        for predict in &spec.predicts {
            inputs.extend(columns(&predict.from));
            inputs.extend(predict.fixed.iter().filter_map(|fixed| match fixed {
                FixedEffect::Column(column) => Some(column),
                FixedEffect::Components(..) => None,
            }));
        }
        for predicted in spec.predicts.iter().flat_map(|predict| &predict.traits) {
            if let Some(input) = inputs.iter().find(|input| input.is(predicted)) {
                self.report(heads::trait_is_input(&predicted.column, predicted.span, input.span));
            }
        }
    }

    fn supervised_twice(&mut self, spec: &Spec) {
        let mut seen: BTreeMap<(usize, usize), Span> = BTreeMap::new();
        // Filters are settled with the graph, which looks at each node again.
        let whole = |node: &&Endpoint| node.filter.is_empty();
        for node in spec.supervises.iter().flat_map(|supervise| &supervise.nodes).filter(whole) {
            let key = match &node.target {
                Target::Layer(layer) => (*layer, usize::MAX),
                Target::Node(layer, place) => (*layer, *place),
                _ => continue,
            };
            if let Some(first) = seen.insert(key, node.span) {
                let layer = &spec.layers[key.0];
                let name = layer.nodes.as_ref().map_or(&layer.name.value, |nodes| &nodes[key.1].value);
                self.report(heads::supervised_twice(name, first, node.span));
            }
        }
    }
}

fn used_tables(spec: &Spec) -> Vec<usize> {
    let mut used: Vec<usize> = Vec::new();
    for predict in &spec.predicts {
        used.extend(predict.traits.iter().chain(columns(&predict.from)).map(|column| column.table));
        used.extend(predict.fixed.iter().filter_map(|fixed| match fixed {
            FixedEffect::Column(column) => Some(column.table),
            FixedEffect::Components(..) => None,
        }));
    }
    for supervise in &spec.supervises {
        match &supervise.by {
            SuperviseBy::Columns(columns) => used.extend(columns.iter().map(|column| column.table)),
            SuperviseBy::Table(table, _) => used.push(*table),
        }
    }
    for link in &spec.links {
        used.extend(columns(&link.from).map(|column| column.table));
        used.extend(link.from.iter().filter_map(|from| match from.target {
            Target::Columns(table) => Some(table),
            _ => None,
        }));
    }
    used.extend(spec.links.iter().filter_map(|link| match &link.via {
        Via::Eqtl(eqtl) => Some(eqtl.table),
        _ => None,
    }));
    for select in spec.layers.iter().filter_map(|layer| layer.select.as_ref()) {
        used.extend([select.table, select.target.table]);
    }
    used.extend(spec.train.balance.iter().map(|column| column.table));
    match &spec.evaluate.scheme {
        Scheme::LeaveOut(column)
        | Scheme::Folds(column)
        | Scheme::Environments { environment: column, .. } => {
            used.push(column.table);
        }
        Scheme::KFold { group, stratify, .. } => {
            used.extend(group.iter().chain(stratify).map(|column| column.table))
        }
        Scheme::Holdout { .. } | Scheme::None => {}
    }
    used
}

fn columns(endpoints: &[Endpoint]) -> impl Iterator<Item = &ColumnRef> {
    endpoints.iter().filter_map(|endpoint| match &endpoint.target {
        Target::Column(column) => Some(column),
        _ => None,
    })
}

fn is_one_node(spec: &Spec, endpoint: &Endpoint) -> bool {
    match &endpoint.target {
        Target::Node(..) => true,
        Target::Layer(layer) => spec.layers[*layer].nodes.as_ref().is_some_and(|nodes| nodes.len() == 1),
        _ => false,
    }
}

/// Two columns of one bare name in two tables.
fn alike(a: &ColumnRef, b: &ColumnRef) -> bool {
    a.table != b.table && a.column == b.column
}

fn is_columns(target: &Target) -> bool {
    matches!(target, Target::Columns(_))
}
