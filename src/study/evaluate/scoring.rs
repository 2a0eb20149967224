//! From predictions of test rows to measures.

use super::Study;
use super::baseline::BaselineFit;
use super::choice::chosen_weight;
use super::classes::class_scores;
use super::metrics::{score, within_groups};
use super::outcome::{FINAL, Method, MetricRow, PredictionRow};
use super::prepare::Prepared;
use super::rows::{strata, trait_values, traits};
use super::stack::{learns_residuals, mixed, of_networks};
use super::trainer::FittedUnit;
use crate::data::Fold;
use crate::engine::model::Score;
use crate::language::spec::{Baseline, ColumnKind};
use crate::study::linear::blup::Prediction;
use crate::study::linear::liability::liability_factor;

/// Predictions of one trait, one entry a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Values {
    /// With fixed effects.
    pub(super) predicted: Vec<f64>,
    /// Without them.
    pub(super) genetic: Vec<f64>,
    /// SD over networks; NaN for one.
    pub(super) sd: Vec<f64>,
}

/// What one method says of one trait.
pub(super) struct Predicted {
    pub(super) method: Method,
    /// Place of the trait among all traits.
    pub(super) at: usize,
    pub(super) values: Values,
    /// Further figures of the method's fit.
    pub(super) figures: Vec<(&'static str, Option<f64>)>,
}

/// Predictions of a linear model for these rows.
pub(super) fn of_linear(fit: &Prediction, rows: &[u32]) -> Values {
    of_rows(&fit.predicted, &fit.genetic, rows)
}

/// Of predictions for all cohort rows, those of these rows.
fn of_rows(predicted: &[f64], genetic: &[f64], rows: &[u32]) -> Values {
    let pick = |values: &[f64]| rows.iter().map(|row| values[*row as usize]).collect::<Vec<f64>>();
    Values { predicted: pick(predicted), genetic: pick(genetic), sd: vec![f64::NAN; rows.len()] }
}

/// Predictions of GBLUP of all traits for these rows.
pub(super) fn of_gblup(study: &Study<'_>, unit: &FittedUnit<'_>, rows: &[u32]) -> Vec<Predicted> {
    let fits = unit.prepared.gblup.iter().enumerate();
    let fitted = fits.filter_map(|(at, fit)| Some((at, fit.as_ref()?)));
    let one = |(at, fit): (usize, &Prediction)| {
        let mut figures = vec![("h2", Some(fit.model.h2)), ("h2_se", fit.model.h2_se)];
        if let Some(factor) = to_liability(study, at, unit.unit.rows) {
            figures.push(("h2_liability", Some(factor * fit.model.h2)));
            figures.push(("h2_liability_se", fit.model.h2_se.map(|se| factor * se)));
        }
        Predicted { method: Method::Gblup, at, values: of_linear(fit, rows), figures }
    };
    fitted.map(one).collect()
}

/// What turns h² of a trait, of which the author gives the prevalence, into that of its liability.
fn to_liability(study: &Study<'_>, at: usize, train: &[u32]) -> Option<f64> {
    let each =
        study.spec.predicts.iter().flat_map(|predict| predict.traits.iter().map(move |one| (predict, one)));
    let (predict, column) = each.into_iter().nth(at)?;
    let values = trait_values(study.cohort, column.table, &column.column);
    let observed = || train.iter().map(|row| values[*row as usize]).filter(|value| !value.is_nan());
    liability_factor(predict.prevalence?, observed().sum::<f64>() / observed().count() as f64)
}

/// Predictions of another baseline of all traits for these rows.
pub(super) fn of_baseline(baseline: Baseline, fits: &[Option<BaselineFit>], rows: &[u32]) -> Vec<Predicted> {
    let fitted = fits.iter().enumerate().filter_map(|(at, fit)| Some((at, fit.as_ref()?)));
    let one = |(at, fit): (usize, &BaselineFit)| Predicted {
        method: baseline.into(),
        at,
        values: of_rows(&fit.predicted, &fit.genetic, rows),
        figures: fit.figures.clone(),
    };
    fitted.map(one).collect()
}

/// Predictions of a unit's networks, stacked where the spec asks for it, and then of the networks alone
/// beside.
pub(super) fn own(study: &Study<'_>, unit: &FittedUnit<'_>, rows: &[u32]) -> Vec<Predicted> {
    let networks = of_networks(study, &unit.parts, rows);
    let chosen: Vec<_> = chosen_weight(study, &unit.choices)
        .map(|mean| ("supervise_weight", Some(mean)))
        .into_iter()
        .collect();
    let Some(shares) = &unit.shares else {
        let one = |(at, values)| Predicted { method: Method::Binn, at, values, figures: chosen.clone() };
        return networks.into_iter().enumerate().map(one).collect();
    };
    let each = networks.iter().zip(shares).zip(learns_residuals(study)).enumerate();
    let stacked = each.map(|(at, ((network, share), of_residuals))| {
        let gblup = unit.prepared.gblup[at].as_ref().map(|fit| of_linear(fit, rows));
        let known = |value: f64| Some(value).filter(|value| value.is_finite());
        let mut figures = vec![
            ("network_share", known(share.weight)),
            ("network_share_ungated", known(share.ungated)),
            ("network_gain", known(share.gain)),
            ("network_gain_se", known(share.gain_se)),
        ];
        figures.extend(&chosen);
        Predicted {
            method: Method::Binn,
            at,
            values: mixed(share, of_residuals, network, gblup.as_ref()),
            figures,
        }
    });
    let mut all: Vec<Predicted> = stacked.collect();
    // What is learnt of residuals alone predicts no trait.
    let of_traits = networks.into_iter().zip(learns_residuals(study)).enumerate();
    let of_traits = of_traits.filter(|(_, (_, of_residuals))| !of_residuals);
    all.extend(of_traits.map(|(at, (values, _))| Predicted {
        method: Method::Network,
        at,
        values,
        figures: Vec::new(),
    }));
    all
}

/// Predictions of a dense network for these rows, with the fixed effects added.
pub(super) fn dense(scores: Vec<Score>, part: &Prepared, rows: &[u32]) -> Vec<Predicted> {
    let offsets = part.offsets.iter().flatten();
    let traits = scores.into_iter().zip(offsets).enumerate();
    traits
        .map(|(at, (score, offset))| {
            let fixed = |row: &u32| offset.as_ref().map_or(0.0, |offset| offset[*row as usize]);
            let predicted = score.mean.iter().zip(rows).map(|(genetic, row)| genetic + fixed(row)).collect();
            let values = Values { predicted, genetic: score.mean, sd: score.sd };
            Predicted { method: Method::Fcn, at, values, figures: Vec::new() }
        })
        .collect()
}

/// Rows of the prediction table.
pub(super) fn prediction_rows(
    study: &Study<'_>,
    predicted: &[Predicted],
    rows: &[u32],
    fold: Option<&Fold>,
) -> Vec<PredictionRow> {
    let columns: Vec<_> = traits(study.spec).collect();
    let (repeat, number) = fold.map_or((FINAL, FINAL), |fold| (fold.repeat, fold.fold));
    let mut table = Vec::with_capacity(predicted.len() * rows.len());
    for one in predicted {
        let column = columns[one.at];
        let values = trait_values(study.cohort, column.table, &column.column);
        table.extend(rows.iter().enumerate().map(|(at, row)| PredictionRow {
            row: *row,
            trait_name: column.column.clone(),
            method: one.method,
            repeat,
            fold: number,
            observed: values[*row as usize],
            predicted: one.values.predicted[at],
            genetic: one.values.genetic[at],
            sd: one.values.sd[at],
        }));
    }
    table
}

/// Measures of one method, trait and fold: genetic predictions against y − Xb̂, b̂ GBLUP's for all methods,
/// so that they are compared on one response.
pub(super) fn metric_rows(
    study: &Study<'_>,
    one: &Predicted,
    fold: &Fold,
    unit: &FittedUnit<'_>,
) -> Vec<MetricRow> {
    let columns: Vec<_> = traits(study.spec).collect();
    let column = columns[one.at];
    let values = trait_values(study.cohort, column.table, &column.column);
    let raw: Vec<f64> = fold.test.iter().map(|row| values[*row as usize]).collect();
    let offset = unit.prepared.offsets.iter().flatten().nth(one.at).and_then(Option::as_ref);
    let fixed = |row: &u32| offset.map_or(0.0, |offset| offset[*row as usize]);
    let observed: Vec<f64> = raw.iter().zip(&fold.test).map(|(y, row)| y - fixed(row)).collect();
    let scores = score(&observed, &one.values.genetic);
    let mut measures = vec![
        ("pearson", scores.pearson),
        ("spearman", scores.spearman),
        ("rmse", scores.rmse),
        ("slope", scores.slope),
        ("bias", scores.bias),
        ("top10", scores.top_overlap),
        ("constant", Some(f64::from(u8::from(scores.constant)))),
    ];
    if let Some(groups) = strata(study) {
        let of_test: Vec<Option<&str>> =
            fold.test.iter().map(|row| groups[*row as usize].as_deref()).collect();
        measures.push(("pearson_within", within_groups(&observed, &one.values.genetic, &of_test).mean));
    }
    if column.kind == ColumnKind::Binary {
        let classes = class_scores(&raw, &one.values.predicted);
        measures.push(("auc", classes.area_under_curve));
        measures.push(("average_precision", classes.average_precision));
        measures.push(("brier", classes.brier));
    }
    measures.extend(&one.figures);
    let n_train = unit.unit.rows.iter().filter(|row| !values[**row as usize].is_nan()).count();
    let row = |(metric, value)| MetricRow {
        trait_name: column.column.clone(),
        method: one.method,
        repeat: fold.repeat,
        fold: fold.fold,
        size: unit.unit.size,
        n_train,
        n_test: scores.rows,
        metric,
        value,
    };
    measures.into_iter().map(row).collect()
}
