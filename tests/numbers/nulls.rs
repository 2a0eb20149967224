//! Traits drawn under the null have the mean and the covariances that GBLUP says.

use binnc::cli::load::Loaded;
use binnc::data::{Cohort, ColumnData};
use binnc::study::evaluate::{Bootstrap, Study};
use binnc::study::linear::blup::{Trait, fit_predict};
use binnc::study::linear::design::Design;
use binnc::study::linear::dosage::MarkerSet;
use binnc::study::linear::relationship::{Scaling, relationship};

use crate::loading::loaded;

const SAMPLES: usize = 30;
const MISSING: usize = 3;
const DRAWS: u64 = 8000;

const SPEC: &str = r#"binn 1
model nulls
genotypes snps from simulate "shoot_branching" { variant = narrow  n = 30  markers = 80  seed = 11 }
table pheno from simulate "shoot_branching" { column outgrowth : continuous }
node all : polygenic { network = linear }
link snps -> all
predict pheno.outgrowth from all
evaluate kfold(3, seed = 5) { metrics = pearson }
train { epochs = 1 }
"#;

/// The trait, with noise that is no marker's, and one value missing.
fn noisy(loaded: &Loaded) -> (Cohort, Vec<f64>) {
    let Some(ColumnData::Numeric(values)) = loaded.cohort.column(0, "outgrowth") else { panic!("numbers") };
    let (mean, sd) = binnc::engine::model::mean_and_sd(values);
    let noise = |row: usize| libm::sin(12.9898 * (row as f64 + 1.0));
    let mut y: Vec<f64> =
        values.iter().enumerate().map(|(row, value)| 10.0 + (value - mean) / sd + noise(row)).collect();
    y[MISSING] = f64::NAN;
    (loaded.cohort.clone().with_numbers(0, "outgrowth", y.clone()), y)
}

#[test]
fn draws_are_as_alike_as_relatives() {
    let loaded = loaded(SPEC);
    let (cohort, y) = noisy(&loaded);
    let study = Study { cohort: &cohort, ..loaded.study() };
    let bootstrap = Bootstrap::of(&study).expect("fits");
    let rows: Vec<u32> = (0..SAMPLES as u32).filter(|row| *row as usize != MISSING).collect();
    let all: Vec<u32> = (0..SAMPLES as u32).collect();
    let usable = vec![true; loaded.sets[0].calls.variants()];
    let markers = [MarkerSet { calls: &loaded.sets[0].calls, rows: &cohort.rows_of_set[0], usable: &usable }];
    let g = relationship(&markers, &rows, Scaling::VanRaden).expect("markers vary").matrix;
    let traits = [Trait { name: "outgrowth", values: &y }];
    let fit = fit_predict(&g, &Design::intercept(SAMPLES), &traits, None, &rows, &all)
        .remove(0)
        .expect("fits")
        .model;
    let (of_g, of_e) = (fit.genetic_variance, fit.residual_variance);
    assert!(of_g > 0.1 && of_e > 0.1, "both have a part: {of_g}, {of_e}");

    let mut sums = vec![0.0; SAMPLES];
    let mut products = vec![vec![0.0; SAMPLES]; SAMPLES];
    for replicate in 0..DRAWS {
        let drawn = bootstrap.draw(&cohort, replicate);
        let Some(ColumnData::Numeric(values)) = drawn.column(0, "outgrowth") else { panic!("numbers") };
        assert!(values[MISSING].is_nan() && values.iter().filter(|value| value.is_nan()).count() == 1);
        for row in &rows {
            let here = values[*row as usize] - fit.effects[0];
            sums[*row as usize] += here;
            for other in &rows {
                products[*row as usize][*other as usize] += here * (values[*other as usize] - fit.effects[0]);
            }
        }
    }
    let count = DRAWS as f64;
    let covariance =
        |row: usize, other: usize| of_g * g[[row, other]] + if row == other { of_e } else { 0.0 };
    for row in rows.iter().map(|row| *row as usize) {
        let se = (covariance(row, row) / count).sqrt();
        assert!((sums[row] / count).abs() < 5.0 * se, "mean of {row}: {} ± {se}", sums[row] / count);
        for other in rows.iter().map(|row| *row as usize) {
            let wanted = covariance(row, other);
            let se = ((covariance(row, row) * covariance(other, other) + wanted * wanted) / count).sqrt();
            let found = products[row][other] / count;
            assert!((found - wanted).abs() < 5.0 * se, "{row}, {other}: {found} against {wanted} ± {se}");
        }
    }
    let again = |replicate: u64| bootstrap.draw(&cohort, replicate).column(0, "outgrowth").cloned();
    assert_ne!(again(0), again(1));
}
