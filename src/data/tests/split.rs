//! Splits: every fold against the rules that it must keep.

use super::{cohort, reference, said};
use crate::data::*;
use crate::language::diagnostics::Code;
use crate::language::spec::{Scenario, Scheme};
use std::collections::BTreeSet;

fn categories(codes: impl IntoIterator<Item = Option<u32>>) -> ColumnData {
    let codes: Vec<Option<u32>> = codes.into_iter().collect();
    let count = codes.iter().flatten().max().map_or(0, |last| last + 1);
    ColumnData::Categorical { levels: (0..count).map(|level| format!("L{level}")).collect(), codes }
}

fn kfold(folds: usize, repeats: usize) -> Scheme {
    Scheme::KFold { folds, repeats, group: None, stratify: None }
}

fn made(scheme: &Scheme, seed: u64, cohort: &Cohort, eligible: &[bool]) -> Vec<Fold> {
    split(scheme, seed, cohort, eligible).expect("folds").0
}

fn ascending(rows: &[u32]) -> bool {
    rows.windows(2).all(|pair| pair[0] < pair[1])
}

#[test]
fn kfold_predicts_each_eligible_row_once_a_repeat() {
    let cohort = cohort(23, vec![]);
    let eligible: Vec<bool> = (0..23).map(|row| row % 6 != 5).collect();
    let wanted: BTreeSet<u32> = (0..23).filter(|row| row % 6 != 5).collect();
    let folds = made(&kfold(4, 3), 9, &cohort, &eligible);
    assert_eq!(folds.len(), 12);
    for repeat in 1..=3 {
        let of_repeat: Vec<&Fold> = folds.iter().filter(|fold| fold.repeat == repeat).collect();
        let tested: Vec<u32> = of_repeat.iter().flat_map(|fold| fold.test.clone()).collect();
        assert_eq!(tested.len(), 20);
        assert_eq!(tested.into_iter().collect::<BTreeSet<_>>(), wanted);
        for fold in of_repeat {
            assert_eq!(fold.test.len(), 5);
            assert!(ascending(&fold.test) && ascending(&fold.train));
            let both: BTreeSet<u32> = fold.test.iter().chain(&fold.train).copied().collect();
            assert_eq!((both, fold.train.len()), (wanted.clone(), 15));
        }
    }
    assert_ne!(folds[0].test, folds[4].test, "repeats differ");
}

#[test]
fn seeds_decide_the_folds() {
    let cohort = cohort(30, vec![]);
    let eligible = [true; 30];
    assert_eq!(made(&kfold(5, 2), 7, &cohort, &eligible), made(&kfold(5, 2), 7, &cohort, &eligible));
    assert_ne!(made(&kfold(5, 2), 7, &cohort, &eligible), made(&kfold(5, 2), 8, &cohort, &eligible));
}

#[test]
fn groups_stay_whole_and_strata_are_balanced() {
    let group = categories((0..60).map(|row| if row < 2 { None } else { Some(row / 4) }));
    let stratum = categories((0..60).map(|row| Some(u32::from(row % 3 == 0))));
    let cohort = cohort(60, vec![("family", group.clone()), ("region", stratum)]);
    let scheme = |group: Option<&str>, stratify: Option<&str>| Scheme::KFold {
        folds: 5,
        repeats: 2,
        group: group.map(reference),
        stratify: stratify.map(reference),
    };
    let ColumnData::Categorical { codes, .. } = &group else { panic!("categories were made") };
    for fold in made(&scheme(Some("family"), None), 3, &cohort, &[true; 60]) {
        let families =
            |rows: &[u32]| -> BTreeSet<u32> { rows.iter().filter_map(|row| codes[*row as usize]).collect() };
        assert!(families(&fold.test).is_disjoint(&families(&fold.train)));
        assert!((10..=14).contains(&fold.test.len()), "{}", fold.test.len());
    }
    for fold in made(&scheme(None, Some("region")), 3, &cohort, &[true; 60]) {
        let third = fold.test.iter().filter(|row| **row % 3 == 0).count();
        assert_eq!((fold.test.len(), third), (12, 4));
    }
}

#[test]
fn too_few_groups_or_samples_are_refused() {
    let cohort = cohort(9, vec![("family", categories((0..9).map(|row| Some(row / 3))))]);
    let scheme = Scheme::KFold { folds: 5, repeats: 1, group: Some(reference("family")), stratify: None };
    let found = split(&scheme, 1, &cohort, &[true; 9]).expect_err("three groups");
    let (codes, text) = said(&found);
    assert_eq!((codes, found.exit_code()), (vec![Code::E0705], 13));
    assert!(text.contains("`family` has 3 groups for 5 folds") && text.contains("at most 3"), "{text}");
    let found = split(&kfold(10, 1), 1, &cohort, &[true; 9]).expect_err("nine samples");
    assert!(said(&found).1.contains("9 samples"));
    let found = split(&Scheme::Holdout { fraction: 0.2 }, 1, &cohort, &[false; 9]).expect_err("none");
    assert_eq!(said(&found).0, [Code::E0705]);
}

#[test]
fn leave_out_takes_levels_in_order_of_appearance() {
    let levels = [Some(2), None, Some(0), Some(2), Some(1), Some(0)];
    let cohort = cohort(
        6,
        vec![
            ("g", categories(levels)),
            ("year", ColumnData::Numeric(vec![2001.0, 1999.0, 2001.0, f64::NAN, 1999.0, 2001.0])),
        ],
    );
    let folds = made(&Scheme::LeaveOut(reference("g")), 1, &cohort, &[true, false, true, true, false, true]);
    let seen: Vec<(Option<&str>, &[u32], &[u32])> =
        folds.iter().map(|fold| (fold.label.as_deref(), &fold.test[..], &fold.train[..])).collect();
    assert_eq!(seen, [(Some("L2"), &[0, 3][..], &[2, 5][..]), (Some("L0"), &[2, 5], &[0, 3])]);
    let measured = [true, true, true, false, true, true];
    let years = made(&Scheme::LeaveOut(reference("year")), 1, &cohort, &measured);
    assert_eq!((years[0].label.as_deref(), &years[0].test[..]), (Some("2001"), &[0, 2, 5][..]));
    let one = split(&Scheme::LeaveOut(reference("g")), 1, &cohort, &[true, false, false, true, false, false]);
    assert_eq!(said(&one.expect_err("one level")).0, [Code::E0705]);
}

#[test]
fn leave_out_wants_a_group_for_each_eligible_row() {
    let groups = categories([Some(0), None, Some(1), None, None, None, Some(0)]);
    let cohort = cohort(7, vec![("g", groups)]);
    let scheme = Scheme::LeaveOut(reference("g"));
    let grouped = [true, false, true, false, false, false, true];
    let folds = made(&scheme, 1, &cohort, &grouped);
    assert!(folds.iter().all(|fold| fold.test.len() + fold.train.len() == 3));
    let found =
        split(&scheme, 1, &cohort, &[true, true, true, false, true, true, true]).expect_err("no group");
    let (codes, text) = said(&found);
    assert_eq!((codes, found.exit_code()), (vec![Code::E0707], 7));
    assert!(text.contains("3 samples have an observed trait but no group in `g`"), "{text}");
    assert!(text.contains("`s1`") && text.contains("`s5`") && !text.contains("`s3`"), "{text}");
}

#[test]
fn given_folds_are_used_as_they_are_and_must_be_complete() {
    let names = ["f1", "f10", "f2"].map(String::from).to_vec();
    let column =
        ColumnData::Categorical { levels: names, codes: vec![Some(1), Some(2), Some(0), Some(1), None] };
    let cohort = cohort(5, vec![("r1", column)]);
    let scheme = Scheme::Folds(reference("r1"));
    let folds = made(&scheme, 1, &cohort, &[true, true, true, true, false]);
    let tests: Vec<&[u32]> = folds.iter().map(|fold| &fold.test[..]).collect();
    assert_eq!(tests, [&[2][..], &[1], &[0, 3]], "f1, f2, f10");
    let found = split(&scheme, 1, &cohort, &[true; 5]).expect_err("a row without fold");
    let (codes, text) = said(&found);
    assert_eq!((codes, found.exit_code()), (vec![Code::E0707], 7));
    assert!(text.contains("1 sample has") && text.contains("`s4`"), "{text}");
    assert_eq!(
        said(&split(&Scheme::Folds(reference("r2")), 1, &cohort, &[true; 5]).expect_err("no column")).0,
        [Code::E0303]
    );
}

#[test]
fn holdout_takes_its_share_and_none_takes_nothing() {
    let cohort = cohort(40, vec![]);
    let fold = &made(&Scheme::Holdout { fraction: 0.25 }, 1, &cohort, &[true; 40])[0];
    assert_eq!((fold.test.len(), fold.train.len()), (10, 30));
    assert!(ascending(&fold.test) && ascending(&fold.train));
    assert!(made(&Scheme::None, 1, &cohort, &[true; 40]).is_empty());
}

/// A written table gives the same folds when it is declared and read back.
#[test]
fn folds_survive_as_a_table() {
    let cohort = cohort(30, vec![]);
    let mut eligible = [true; 30];
    eligible[3] = false;
    let folds = made(&kfold(12, 2), 5, &cohort, &eligible);
    let written = folds_table(&folds, &cohort);
    assert!(written.starts_with("FID\tIID\tr1\tr2\nf\ts0\tf"));
    assert_eq!(written.lines().count(), 30);
    let world = crate::io::MemoryWorld::default().with("folds.tsv", &written);
    let mut table = super::table(&[("r2", crate::language::spec::ColumnKind::Categorical)]);
    table.key = vec![super::named("FID"), super::named("IID")];
    let (data, _, _) = read_table(&world, std::path::Path::new("folds.tsv"), &table).expect("a table");
    let (again, _) = join(&[("snps", &cohort.samples)], &[(&table, &data)]).expect("a cohort");
    let reread = made(&Scheme::Folds(reference("r2")), 0, &again, &eligible);
    let tests = |folds: &[Fold]| folds.iter().map(|fold| fold.test.clone()).collect::<Vec<_>>();
    assert_eq!(tests(&reread), tests(&folds[12..]));
}

/// Twelve individuals in four environments, the last two in the first environment alone.
fn trials() -> (Cohort, Vec<u32>) {
    let records: Vec<(u32, u32)> =
        (0..12).flat_map(|line| (0..if line < 10 { 4 } else { 1 }).map(move |site| (line, site))).collect();
    let sites = categories(records.iter().map(|(_, site)| Some(*site)));
    let mut cohort = cohort(records.len(), vec![("site", sites)]);
    cohort.individuals = records.iter().map(|(line, _)| *line).collect();
    cohort.records = Some(records.iter().map(|(_, site)| site + 1).collect());
    (cohort, records.iter().map(|(_, site)| *site).collect())
}

fn of_environments(scenario: Scenario, folds: usize, repeats: usize) -> Scheme {
    Scheme::Environments { scenario, environment: reference("site"), folds, repeats }
}

#[test]
fn scenarios_test_what_is_new_and_nothing_else() {
    let (cohort, sites) = trials();
    let eligible = vec![true; cohort.samples.len()];
    let line = |row: &u32| cohort.individuals[*row as usize];
    let site = |row: &u32| sites[*row as usize];
    let lines = |rows: &[u32]| rows.iter().map(line).collect::<BTreeSet<u32>>();
    let places = |rows: &[u32]| rows.iter().map(site).collect::<BTreeSet<u32>>();
    for (scenario, count, tested_once) in
        [(Scenario::Cv1, 10, 42), (Scenario::Cv2, 10, 40), (Scenario::Cv0, 4, 40), (Scenario::Cv00, 20, 42)]
    {
        let repeats = if matches!(scenario, Scenario::Cv1 | Scenario::Cv2) { 2 } else { 1 };
        let (folds, found) =
            split(&of_environments(scenario, 5, repeats), 3, &cohort, &eligible).expect("folds");
        assert_eq!(folds.len(), count, "{scenario:?}");
        let numbers: Vec<usize> =
            folds.iter().filter(|fold| fold.repeat == 1).map(|fold| fold.fold).collect();
        assert_eq!(numbers, (1..=count / repeats).collect::<Vec<_>>());
        for repeat in 1..=repeats {
            let mut tested: Vec<u32> = folds
                .iter()
                .filter(|fold| fold.repeat == repeat)
                .flat_map(|fold| fold.test.clone())
                .collect();
            tested.sort_unstable();
            let all = tested.len();
            tested.dedup();
            assert_eq!((all, tested.len()), (tested_once, tested_once), "{scenario:?}: each record once");
        }
        for fold in &folds {
            assert!(ascending(&fold.test) && ascending(&fold.train));
            let (seen, met) = (lines(&fold.train), places(&fold.train));
            let new_lines = fold.test.iter().all(|row| !seen.contains(&line(row)));
            let known_lines = fold.test.iter().all(|row| seen.contains(&line(row)));
            let new_places = fold.test.iter().all(|row| !met.contains(&site(row)));
            let known_places = fold.test.iter().all(|row| met.contains(&site(row)));
            let right = match scenario {
                Scenario::Cv1 => new_lines && known_places,
                Scenario::Cv2 => known_lines && known_places,
                Scenario::Cv0 => known_lines && new_places,
                Scenario::Cv00 => new_lines && new_places,
            };
            assert!(right, "{scenario:?} {fold:?}");
        }
        let (codes, text) = said(&found);
        let told = matches!(scenario, Scenario::Cv2 | Scenario::Cv0);
        assert_eq!(codes == [Code::W0708], told, "{scenario:?} {text}");
        assert!(!told || text.contains("2 of 42 records") && text.contains("`s40`"), "{text}");
    }
}

#[test]
fn inner_folds_keep_to_the_scenario() {
    let (cohort, sites) = trials();
    let rows: Vec<u32> = (0..42).filter(|row| row % 9 != 0).collect();
    for scenario in [Scenario::Cv1, Scenario::Cv2, Scenario::Cv0, Scenario::Cv00] {
        let inner = inner_split(&of_environments(scenario, 5, 1), 3, &cohort, &rows, 4).expect("folds");
        assert_eq!(inner.len(), 4, "{scenario:?}");
        for (train, test) in inner {
            assert!(!test.is_empty() && test.iter().chain(&train).all(|row| rows.binary_search(row).is_ok()));
            let line = |row: &u32| cohort.individuals[*row as usize];
            let seen: BTreeSet<u32> = train.iter().map(line).collect();
            let met: BTreeSet<u32> = train.iter().map(|row| sites[*row as usize]).collect();
            let new_lines = test.iter().all(|row| !seen.contains(&line(row)));
            let new_places = test.iter().all(|row| !met.contains(&sites[*row as usize]));
            let wanted = (
                matches!(scenario, Scenario::Cv1 | Scenario::Cv00),
                matches!(scenario, Scenario::Cv0 | Scenario::Cv00),
            );
            assert_eq!((new_lines, new_places), wanted, "{scenario:?}");
        }
    }
}

#[test]
fn records_of_an_individual_stay_together_without_a_scenario() {
    let (cohort, _) = trials();
    let eligible = vec![true; cohort.samples.len()];
    for scheme in [kfold(5, 2), Scheme::Holdout { fraction: 0.25 }] {
        for fold in made(&scheme, 5, &cohort, &eligible) {
            let of = |rows: &[u32]| {
                rows.iter().map(|row| cohort.individuals[*row as usize]).collect::<BTreeSet<_>>()
            };
            assert!(of(&fold.test).is_disjoint(&of(&fold.train)), "{scheme:?}");
            assert_eq!(fold.test.len() + fold.train.len(), 42);
        }
    }
}

#[test]
fn environments_without_repeats_are_refused() {
    let sites = categories((0..8).map(|row| Some(row % 2)));
    let cohort = cohort(8, vec![("site", sites)]);
    let found =
        split(&of_environments(Scenario::Cv2, 2, 1), 1, &cohort, &[true; 8]).expect_err("nobody twice");
    let (codes, text) = said(&found);
    assert!(codes == [Code::E0705] && text.contains("records = repeated"), "{text}");
    let (mut cohort, _) = trials();
    let Some(ColumnData::Categorical { codes, .. }) = cohort.columns[0].get_mut("site") else {
        panic!("levels")
    };
    codes[3] = None;
    let found = split(&of_environments(Scenario::Cv1, 2, 1), 1, &cohort, &[true; 42]).expect_err("nowhere");
    let (codes, text) = said(&found);
    assert!(codes == [Code::E0707] && text.contains("no environment in `site`"), "{text}");
}

/// Twelve individuals in three environments with two plots each.
fn plots() -> (Cohort, Vec<u32>) {
    let records: Vec<(u32, u32)> =
        (0..12).flat_map(|line| (0..3).flat_map(move |site| [(line, site), (line, site)])).collect();
    let mut cohort = cohort(72, vec![("site", categories(records.iter().map(|(_, site)| Some(*site))))]);
    cohort.individuals = records.iter().map(|(line, _)| *line).collect();
    cohort.records = Some((0..72).map(|row| row % 6 + 1).collect());
    (cohort, records.iter().map(|(_, site)| *site).collect())
}

#[test]
fn plots_of_an_individual_in_an_environment_stay_together() {
    let (cohort, sites) = plots();
    let cell = |row: &u32| (cohort.individuals[*row as usize], sites[*row as usize]);
    let all: Vec<u32> = (0..72).collect();
    let outer = made(&of_environments(Scenario::Cv2, 3, 1), 5, &cohort, &[true; 72]);
    let outer = outer.into_iter().map(|fold| (fold.train, fold.test));
    let inner = inner_split(&of_environments(Scenario::Cv2, 3, 1), 5, &cohort, &all, 4).expect("folds");
    for (train, test) in outer.chain(inner) {
        let seen: BTreeSet<(u32, u32)> = train.iter().map(cell).collect();
        assert!(!test.is_empty() && test.iter().all(|row| !seen.contains(&cell(row))), "{test:?}");
    }
}

#[test]
fn what_a_scenario_cannot_part_is_parted_by_individuals() {
    let (cohort, sites) = plots();
    let north: Vec<u32> = (0..72).filter(|row| sites[*row as usize] == 0).collect();
    for scenario in [Scenario::Cv2, Scenario::Cv0, Scenario::Cv00] {
        let inner =
            inner_split(&of_environments(scenario, 3, 1), 5, &cohort, &north, 4).expect("individuals");
        assert_eq!(inner.len(), 4, "{scenario:?}");
        for (train, test) in inner {
            let of = |rows: &[u32]| {
                rows.iter().map(|row| cohort.individuals[*row as usize]).collect::<BTreeSet<_>>()
            };
            assert!(of(&train).is_disjoint(&of(&test)), "{scenario:?}");
        }
    }
}

#[test]
fn a_group_that_changes_between_records_keeps_individuals_whole() {
    // Families by record: 0 and 1 meet in individual 1, 2 stands alone, individual 3 has none in one record.
    let families = categories([Some(0), Some(0), Some(1), Some(1), Some(2), Some(2), None, Some(2)]);
    let mut cohort = cohort(8, vec![("family", families)]);
    cohort.individuals = vec![0, 1, 1, 2, 3, 3, 3, 4];
    cohort.records = Some(vec![1, 1, 2, 1, 1, 2, 3, 1]);
    let scheme = Scheme::KFold { folds: 2, repeats: 1, group: Some(reference("family")), stratify: None };
    for fold in made(&scheme, 1, &cohort, &[true; 8]) {
        assert!(fold.test == [0, 1, 2, 3] || fold.test == [4, 5, 6, 7], "{fold:?}");
    }
}

/// What is left out is left out in inner folds too, though all individuals meet in all environments.
#[test]
fn inner_folds_leave_out_what_the_folds_leave_out() {
    let (cohort, sites) = plots();
    let rows: Vec<u32> = (0..72).collect();
    for scheme in [Scheme::LeaveOut(reference("site")), Scheme::Folds(reference("site"))] {
        let inner = inner_split(&scheme, 5, &cohort, &rows, 5).expect("folds");
        assert_eq!(inner.len(), 3);
        for (train, test) in inner {
            let met: BTreeSet<u32> = train.iter().map(|row| sites[*row as usize]).collect();
            assert!(test.iter().all(|row| !met.contains(&sites[*row as usize])), "{scheme:?}");
        }
    }
    // More inner folds than individuals.
    let few: Vec<u32> = (0..72).filter(|row| cohort.individuals[*row as usize] < 2).collect();
    let inner = inner_split(&of_environments(Scenario::Cv00, 2, 1), 5, &cohort, &few, 13).expect("folds");
    assert_eq!(inner.len(), 2);
    let scheme = Scheme::KFold { folds: 2, repeats: 1, group: Some(reference("site")), stratify: None };
    let found = split(&scheme, 1, &cohort, &[true; 72]).expect_err("one group");
    assert!(found.iter().any(|one| one.notes.iter().any(|note| note.contains("share an individual"))));
}
