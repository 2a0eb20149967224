//! From predictions of test rows to measures.

use super::Study;
use super::metrics::{area_under_curve, score, within_groups};
use super::outcome::{FINAL, Method, MetricRow, PredictionRow};
use super::prepare::Prepared;
use super::rows::{strata, trait_values, traits};
use crate::data::Fold;
use crate::engine::model::Score;
use crate::language::spec::ColumnKind;
use crate::study::linear::blup::Prediction;

/// What one method says of one trait, one entry a predicted row.
pub(super) struct Predicted {
    pub(super) method: Method,
    /// Place of the trait among all traits.
    pub(super) at: usize,
    pub(super) predicted: Vec<f64>,
    pub(super) genetic: Vec<f64>,
    pub(super) sd: Vec<f64>,
    pub(super) h2: Option<(f64, Option<f64>)>,
}

/// Predictions of a linear model for these rows.
pub(super) fn linear(method: Method, fits: &[Option<Prediction>], rows: &[u32]) -> Vec<Predicted> {
    let pick = |values: &[f64]| rows.iter().map(|row| values[*row as usize]).collect::<Vec<f64>>();
    let fitted = fits.iter().enumerate().filter_map(|(at, fit)| Some((at, fit.as_ref()?)));
    fitted
        .map(|(at, fit)| Predicted {
            method,
            at,
            predicted: pick(&fit.predicted),
            genetic: pick(&fit.genetic),
            sd: vec![f64::NAN; rows.len()],
            h2: (method == Method::Gblup).then_some((fit.model.h2, fit.model.h2_se)),
        })
        .collect()
}

/// Predictions of networks for these rows, with the fixed effects added.
pub(super) fn networks(method: Method, scores: Vec<Score>, part: &Prepared, rows: &[u32]) -> Vec<Predicted> {
    let offsets = part.offsets.iter().flatten();
    let traits = scores.into_iter().zip(offsets).enumerate();
    traits
        .map(|(at, (score, offset))| {
            let fixed = |row: &u32| offset.as_ref().map_or(0.0, |offset| offset[*row as usize]);
            let predicted = score.mean.iter().zip(rows).map(|(genetic, row)| genetic + fixed(row)).collect();
            Predicted { method, at, predicted, genetic: score.mean, sd: score.sd, h2: None }
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
            predicted: one.predicted[at],
            genetic: one.genetic[at],
            sd: one.sd[at],
        }));
    }
    table
}

/// Measures of one method, trait and fold: genetic predictions against y − Xb̂, b̂ the method's own.
pub(super) fn metric_rows(study: &Study<'_>, one: &Predicted, fold: &Fold) -> Vec<MetricRow> {
    let columns: Vec<_> = traits(study.spec).collect();
    let column = columns[one.at];
    let values = trait_values(study.cohort, column.table, &column.column);
    let raw: Vec<f64> = fold.test.iter().map(|row| values[*row as usize]).collect();
    let fixed = one.predicted.iter().zip(&one.genetic).map(|(all, genetic)| all - genetic);
    let observed: Vec<f64> = raw.iter().zip(fixed).map(|(y, fixed)| y - fixed).collect();
    let scores = score(&observed, &one.genetic);
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
        measures.push(("pearson_within", within_groups(&observed, &one.genetic, &of_test).mean));
    }
    if column.kind == ColumnKind::Binary {
        measures.push(("auc", area_under_curve(&raw, &one.predicted)));
    }
    if let Some((h2, se)) = one.h2 {
        measures.extend([("h2", Some(h2)), ("h2_se", se)]);
    }
    let n_train = fold.train.iter().filter(|row| !values[**row as usize].is_nan()).count();
    let row = |(metric, value)| MetricRow {
        trait_name: column.column.clone(),
        method: one.method,
        repeat: fold.repeat,
        fold: fold.fold,
        n_train,
        n_test: scores.rows,
        metric,
        value,
    };
    measures.into_iter().map(row).collect()
}
