//! Checks of records that repeat, and of schemes that need them.

use super::Lowering;
use crate::language::spec::{Baseline, Scheme, Spec, Via, error};

impl Lowering<'_> {
    pub(super) fn check_repeated(&mut self, spec: &Spec) {
        self.environments_repeat(spec);
        let mut repeated = spec.tables.iter().enumerate().filter(|(_, table)| table.repeated);
        let Some((id, table)) = repeated.next() else { return };
        if let Some((_, second)) = repeated.next() {
            let found = error::not_in_this_version(
                "a second table with `records = repeated`",
                "put the records of both into one table",
                second.name.span,
            );
            self.report(found.at(table.name.span, "the first table"));
        }
        let traits = spec.predicts.iter().flat_map(|predict| &predict.traits);
        for column in traits.filter(|column| column.table != id) {
            let found = error::not_in_this_version(
                "a trait with one record an individual beside records that repeat",
                "predict it by a spec of its own, or put it into the table whose records repeat",
                column.span,
            );
            self.report(found.at(table.name.span, "its records repeat"));
        }
        let selecting =
            spec.layers.iter().filter_map(|layer| layer.select.as_ref()).map(|select| select.span);
        let scanning =
            spec.links.iter().filter(|link| matches!(link.via, Via::Eqtl(_))).map(|link| link.span);
        for span in selecting.chain(scanning) {
            self.report(error::not_in_this_version(
                "learning links beside `records = repeated`",
                "learn them once by `binnc prior eqtl`, on samples that no fold predicts",
                span,
            ));
        }
        for predict in spec.predicts.iter().filter(|predict| predict.residual) {
            self.report(error::not_in_this_version(
                "`target = residual` beside `records = repeated`",
                "leave `target` out: the other records of an individual tell GBLUP of the one that is left out",
                predict.span,
            ));
        }
        if !spec.evaluate.train_sizes.is_empty() {
            self.report(error::not_in_this_version(
                "`train_size` beside `records = repeated`",
                "leave it out, or give each individual one record",
                spec.evaluate.span,
            ));
        }
    }

    /// E0106 where environments are asked for and no record repeats.
    fn environments_repeat(&mut self, spec: &Spec) {
        match &spec.evaluate.scheme {
            Scheme::Environments { environment, .. } => {
                let repeats = spec.tables.get(environment.table).is_some_and(|table| table.repeated);
                if !repeats {
                    self.report(error::required(
                        "a scheme of environments",
                        "`records = repeated` in the table of the environment",
                        "table trials from tsv \"trials.tsv\" { key = IID  records = repeated  … }",
                        environment.span,
                    ));
                }
            }
            _ if spec.evaluate.baselines.contains(&Baseline::GblupEnvironment) => {
                self.report(error::required(
                    "`gblup(environment)`",
                    "a scheme that names environments",
                    "cv1(5, environment = trials.site)",
                    spec.evaluate.span,
                ));
            }
            _ => {}
        }
    }
}
