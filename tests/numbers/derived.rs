//! Scans of a real panel against plain regressions; runs where BINNC_TEST_DATA points.

use crate::panels::Panel;
use binnc::data::COPIES;
use binnc::engine::train::Unwatched;
use binnc::study::derive::eqtl::{Found, Keep, Scan};
use binnc::study::derive::intercept_and_components;
use binnc::study::linear::design::Design;
use binnc::study::linear::dosage::MarkerSet;
use faer::prelude::*;
use faer::{Mat, Side};

/// t of a variant in the regression of a trait on it and the design, over the rows that have the trait.
fn plain_t(panel: &Panel, variant: usize, design: &Design, values: &[f64]) -> f64 {
    let rows: Vec<usize> = (0..values.len()).filter(|row| !values[*row].is_nan()).collect();
    let copies = |row: usize| COPIES[usize::from(panel.calls.code(variant, row))].map(f64::from);
    let seen: Vec<f64> = rows.iter().filter_map(|row| copies(*row)).collect();
    let mean = seen.iter().sum::<f64>() / seen.len() as f64;
    let columns = 1 + design.columns.ncols();
    let x = Mat::from_fn(rows.len(), columns, |row, column| match column {
        0 => copies(rows[row]).unwrap_or(mean),
        _ => design.columns[[rows[row], column - 1]],
    });
    let y = Mat::from_fn(rows.len(), 1, |row, _| values[rows[row]]);
    let normal = (x.transpose() * &x).llt(Side::Lower).expect("full rank");
    let slopes = normal.solve(x.transpose() * &y);
    let inverse = normal.solve(Mat::<f64>::identity(columns, columns));
    let residuals = &y - &x * &slopes;
    let variance = residuals.squared_norm_l2() / (rows.len() - columns) as f64;
    slopes[(0, 0)] / (variance * inverse[(0, 0)]).sqrt()
}

#[test]
fn yeast_expression() {
    let Some(yeast) = Panel::open("yeast") else { return };
    let expression = yeast.all_numbers("expr.tsv.gz");
    let (rows, usable): (Vec<u32>, Vec<bool>) =
        ((0..yeast.ids.len() as u32).collect(), vec![true; yeast.calls.variants()]);
    let sets = [MarkerSet { calls: &yeast.calls, rows: &rows, usable: &usable }];
    let keep = Keep { top: usable.len(), p: 1.0, clump: None };
    for components in [0, 3] {
        let design = intercept_and_components(&sets, &rows, components).expect("variants vary");
        // Every 300th gene, and of each every 60th variant by rank: 21 × 55 pairs, twice.
        let genes: Vec<&[f64]> = expression.iter().step_by(300).map(Vec::as_slice).collect();
        let scan = Scan { sets: &sets, covariates: &design, rows: &rows, keep, within: None };
        let found = scan.run(&genes, &Unwatched).expect("nobody cancels");
        let mut pairs = 0;
        for (values, found) in genes.iter().zip(&found) {
            let Found::Links(links, _) = found else { panic!("expression varies") };
            for link in links.iter().step_by(60) {
                let t = plain_t(&yeast, link.variant, &design, values);
                assert!((link.t - t).abs() <= 1e-6 * t.abs().max(1.0), "{link:?} against {t}");
                pairs += 1;
            }
        }
        assert!(pairs >= 1000, "{pairs} pairs");
    }
}
