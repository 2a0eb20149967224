//! Joins: by name alone, counted on both sides, nobody dropped without a word.

use super::{named, said, sample, table};
use crate::data::*;
use crate::language::diagnostics::Code;
use crate::language::spec::ColumnKind;

fn data(keys: &[(Option<&str>, &str)], values: &[f64]) -> TableData {
    let key = |(family, individual): &(Option<&str>, &str)| TableKey {
        family: family.map(String::from),
        individual: individual.to_string(),
    };
    TableData {
        keys: keys.iter().map(key).collect(),
        columns: [("height".to_string(), ColumnData::Numeric(values.to_vec()))].into_iter().collect(),
        weights: None,
    }
}

fn heights(cohort: &Cohort) -> Vec<Option<f64>> {
    let Some(ColumnData::Numeric(values)) = cohort.column(0, "height") else { panic!("a numeric column") };
    values.iter().map(|value| (!value.is_nan()).then_some(*value)).collect()
}

#[test]
fn records_follow_their_names_and_genotyped_samples_stay() {
    let samples = [sample("f", "a"), sample("f", "b"), sample("f", "c")];
    let table = table(&[("height", ColumnKind::Continuous)]);
    let mut data = data(&[(None, "c"), (None, "z"), (None, "a")], &[3.0, 9.0, 1.0]);
    data.weights = Some(vec![0.5, 1.0, 2.0]);
    let (cohort, found) = join(&[("snps", &samples)], &[(&table, &data)]).expect("a cohort");
    assert_eq!(heights(&cohort), [Some(1.0), None, Some(3.0)]);
    assert_eq!(cohort.weights, [Some(vec![2.0, 0.0, 0.5])]);
    let report = &cohort.joins[0];
    assert_eq!((report.matched, report.only_left, report.only_right), (2, 1, 1));
    assert_eq!(
        (&report.left_examples[..], &report.right_examples[..]),
        (&["b".to_string()][..], &["z".to_string()][..])
    );
    let (codes, text) = said(&found);
    assert_eq!(codes, [Code::W0314]);
    assert!(text.contains("`b`: kept") && text.contains("`z`: left out"), "{text}");
}

#[test]
fn family_tells_equal_individuals_apart() {
    let samples = [sample("f", "a"), sample("g", "a")];
    let mut table = table(&[("height", ColumnKind::Continuous)]);
    let individual = data(&[(None, "a")], &[1.0]);
    let found = join(&[("snps", &samples)], &[(&table, &individual)]).expect_err("two families");
    let (codes, text) = said(&found);
    assert_eq!((codes, found.exit_code()), (vec![Code::E0304], 7));
    assert!(text.contains("`f` and `g`") && text.contains("key = [FID, IID]"), "{text}");
    table.key = vec![named("FID"), named("IID")];
    let both = data(&[(Some("g"), "a"), (Some("f"), "a")], &[2.0, 1.0]);
    let (cohort, found) = join(&[("snps", &samples)], &[(&table, &both)]).expect("a cohort");
    assert_eq!((heights(&cohort), found.is_empty()), (vec![Some(1.0), Some(2.0)], true));
}

#[test]
fn sets_are_joined_on_shared_samples_in_the_first_order() {
    let one = [sample("f", "c"), sample("f", "a"), sample("f", "b")];
    let two = [sample("f", "b"), sample("f", "d"), sample("f", "c"), sample("g", "a")];
    let (cohort, found) = join(&[("one", &one), ("two", &two)], &[]).expect("a cohort");
    assert_eq!(cohort.samples, [sample("f", "c"), sample("f", "b")]);
    assert_eq!(cohort.rows_of_set, [vec![0, 2], vec![2, 0]]);
    let report = &cohort.joins[0];
    assert_eq!((report.matched, report.only_left, report.only_right), (2, 1, 2));
    assert_eq!(report.right_examples, ["f d", "g a"]);
    let (codes, text) = said(&found);
    assert_eq!(codes, [Code::W0314]);
    assert!(text.contains("`f a`: left out"), "{text}");
}

#[test]
fn sources_without_a_common_sample_are_shown_side_by_side() {
    let samples: Vec<_> = ["007", "010", "022", "031"].iter().map(|id| sample("f", id)).collect();
    let table = table(&[("height", ColumnKind::Continuous)]);
    let data = data(&[(None, "7"), (None, "10"), (None, "x")], &[1.0, 2.0, 3.0]);
    let found = join(&[("snps", &samples)], &[(&table, &data)]).expect_err("nothing in common");
    let (codes, text) = said(&found);
    assert_eq!((codes, found.exit_code()), (vec![Code::E0313], 7));
    assert!(
        text.contains(
            "`snps` alone has 4 samples, such as `007`, `010`, `022`
"
        ),
        "{text}"
    );
    assert!(!text.contains("`031`"), "at most three ids: {text}");
    assert!(text.contains("2 of the unmatched ids differ in leading zeros"), "{text}");
}

#[test]
fn every_record_is_a_row_where_they_repeat() {
    let samples = [sample("f", "a"), sample("f", "b"), sample("f", "c")];
    let mut trials = table(&[("height", ColumnKind::Continuous)]);
    trials.repeated = true;
    let records = data(&[(None, "c"), (None, "a"), (None, "z"), (None, "c")], &[3.0, 1.0, 9.0, 4.0]);
    let mut other = table(&[("height", ColumnKind::Continuous)]);
    other.name.value = "ages".into();
    let single = data(&[(None, "c"), (None, "b")], &[30.0, 20.0]);
    let (cohort, found) =
        join(&[("snps", &samples)], &[(&trials, &records), (&other, &single)]).expect("a cohort");
    let names: Vec<&str> = cohort.samples.iter().map(|id| id.individual.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "c"]);
    assert_eq!(cohort.individuals, [0, 1, 2, 2]);
    assert_eq!(cohort.records, Some(vec![1, 0, 1, 2]), "b has none");
    assert_eq!(cohort.rows_of_set, [vec![0, 1, 2, 2]]);
    assert_eq!(heights(&cohort), [Some(1.0), None, Some(3.0), Some(4.0)]);
    let Some(ColumnData::Numeric(ages)) = cohort.column(1, "height") else { panic!("numbers") };
    assert!(ages[0].is_nan() && ages[1..] == [20.0, 30.0, 30.0], "what is known once holds for all records");
    assert_eq!((cohort.joins[0].matched, cohort.joins[0].records, cohort.joins[1].matched), (2, 3, 2));
    let once = cohort.first_records();
    assert_eq!((once.samples.as_slice(), once.individuals.as_slice()), (&samples[..], &[0, 1, 2][..]));
    assert_eq!((heights(&once), once.rows_of_set), (vec![Some(1.0), None, Some(3.0)], vec![vec![0, 1, 2]]));
    let (_, text) = said(&found);
    assert!(text.contains("`b`: kept") && text.contains("`z`: left out"), "{text}");
}
