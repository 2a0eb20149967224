//! Measures of cases and controls against scikit-learn: `tests/fixtures/classes.py`.

use binnc::study::evaluate::classes::class_scores;
use binnc::study::linear::liability::liability_factor;
use serde_json::Value;

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/classes.json")).expect("JSON")
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().expect("a list").iter().map(|value| value.as_f64().expect("a number")).collect()
}

fn close(got: Option<f64>, wanted: &Value) {
    let (got, wanted) = (got.expect("measured"), wanted.as_f64().expect("a number"));
    assert!((got - wanted).abs() < 1e-12 * wanted.abs().max(1.0), "{got} against {wanted}");
}

#[test]
fn areas_and_squares_are_those_of_scikit_learn() {
    for case in fixture()["cases"].as_array().expect("cases") {
        let got = class_scores(&numbers(&case["observed"]), &numbers(&case["predicted"]));
        close(got.area_under_curve, &case["auc"]);
        close(got.average_precision, &case["average_precision"]);
        close(got.brier, &case["brier"]);
    }
}

#[test]
fn liability_is_that_of_scipy() {
    for case in fixture()["liability"].as_array().expect("cases") {
        let of = |key: &str| case[key].as_f64().expect("a share");
        let got = liability_factor(of("population"), of("sample")).expect("within");
        assert!((got / of("factor") - 1.0).abs() < 1e-9, "{got} against {case}");
    }
}
