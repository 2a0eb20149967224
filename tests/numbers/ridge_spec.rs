//! A spec whose only node is linear over all SNPs, run through the whole pipeline, against ridge
//! regression in closed form: λ = n·l2.

#![expect(clippy::print_stdout, reason = "shows how near it comes")]

use binnc::cli::load::Loaded;
use binnc::data::COPIES;
use binnc::study::evaluate::{Crew, Method, Quiet, run};
use binnc::study::linear::ridge::closed_form;
use ndarray::{Array2, Axis};

use crate::loading::loaded;
use crate::ridge::{correlation, solve};

const TRAIN: usize = 200;
const TEST: usize = 100;
const MARKERS: usize = 2000;
const L2: f64 = 0.1;

const SPEC: &str = r#"binn 1
model ridge
genotypes snps from simulate "shoot_branching" { variant = narrow  n = 300  markers = 2000  seed = 11 }
table pheno from simulate "shoot_branching" { column outgrowth : continuous }
node all : polygenic { network = linear }
link snps -> all
predict pheno.outgrowth from all
evaluate holdout(33.3333%) { metrics = pearson }
train { optimizer = sgd(lr = 4e-3, momentum = 0.9, l2 = 0.1)  epochs = 800  batch = full  early_stop = none }
"#;

/// Copies of allele 1 of these rows `[rows × markers]`, by mean and SD of the training rows.
fn standardised(loaded: &Loaded, train: &[u32], rows: &[u32]) -> Array2<f64> {
    let copies = |row: u32, marker: usize| {
        let code = loaded.sets[0].calls.code(marker, loaded.cohort.rows_of_set[0][row as usize] as usize);
        f64::from(COPIES[code as usize].expect("the generator leaves none out"))
    };
    let mut z = Array2::from_shape_fn((rows.len(), MARKERS), |(at, marker)| copies(rows[at], marker));
    for (marker, mut column) in z.axis_iter_mut(Axis(1)).enumerate() {
        let mean = train.iter().map(|row| copies(*row, marker)).sum::<f64>() / TRAIN as f64;
        let squares: f64 = train.iter().map(|row| (copies(*row, marker) - mean).powi(2)).sum();
        let sd = (squares / TRAIN as f64).sqrt();
        column.mapv_inplace(|copies| (copies - mean) / sd);
    }
    z
}

/// ȳ + Z₂Z′(ZZ′ + λI)⁻¹(y − ȳ) by elimination; centred columns leave the intercept at ȳ.
fn dual(z: &Array2<f64>, y: &[f64], lambda: f64, others: &Array2<f64>) -> Vec<f64> {
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let mut kernel = z.dot(&z.t());
    kernel.diag_mut().iter_mut().for_each(|value| *value += lambda);
    let rows = kernel.rows().into_iter().map(|row| row.to_vec()).collect();
    let alpha = solve(rows, y.iter().map(|value| value - mean).collect());
    others.dot(&z.t().dot(&ndarray::Array1::from(alpha))).iter().map(|value| value + mean).collect()
}

#[test]
fn a_spec_of_one_linear_node_is_ridge() {
    let loaded = loaded(SPEC);
    let cohort = &loaded.cohort;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("two threads");
    let study = loaded.study();
    let outcome = pool.install(|| run(&study, &Crew::of(2), &Quiet)).expect("converges");
    let fold = &outcome.folds[0];
    assert_eq!((fold.train.len(), fold.test.len()), (TRAIN, TEST));
    let of_fold = outcome.predictions.iter().filter(|row| row.method == Method::Binn && row.fold == 1);
    let (found, rows): (Vec<f64>, Vec<u32>) = of_fold.map(|row| (row.predicted, row.row)).unzip();
    assert_eq!(rows, fold.test);

    let binnc::data::ColumnData::Numeric(y) = cohort.column(0, "outgrowth").expect("is there") else {
        panic!("outgrowth is a number")
    };
    let y: Vec<f64> = fold.train.iter().map(|row| y[*row as usize]).collect();
    let z = standardised(&loaded, &fold.train, &fold.train);
    let others = standardised(&loaded, &fold.train, &fold.test);
    let lambda = TRAIN as f64 * L2;
    let fit = closed_form(&z, &Array2::ones((TRAIN, 1)), &y, lambda).expect("regular");
    let effects = ndarray::Array1::from(fit.marker_effects);
    let closed: Vec<f64> = others.dot(&effects).iter().map(|value| value + fit.effects[0]).collect();
    for (what, exact) in [("closed form", closed), ("elimination", dual(&z, &y, lambda, &others))] {
        let mean = exact.iter().sum::<f64>() / TEST as f64;
        let sd = (exact.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / TEST as f64).sqrt();
        let worst = found.iter().zip(&exact).fold(0.0, |most: f64, (a, b)| most.max((a - b).abs())) / sd;
        let r = correlation(&found, &exact);
        println!("{what}: 1 - r = {:e}, largest difference {worst:e} SD", 1.0 - r);
        assert!(r >= 0.9999, "{what}: r = {r}");
        assert!(worst <= 1e-3, "{what}: largest difference {worst:e} SD");
    }
}
