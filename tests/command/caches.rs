//! The cache of parsed priors and of reviews: used while nothing changed, never believed when damaged.
//!
//! `--emit` asks for more than a review keeps, so it shows the priors alone.

use crate::support::{Bench, Spec};

/// Links of the small spec, with a comment that makes the file large enough to be kept.
fn bench() -> Bench {
    let bench = Bench::with(&Spec::default());
    let links = bench.text("data/links.tsv");
    let filling = "# a line of a comment that says nothing and fills the file\n".repeat(20_000);
    bench.write("data/links.tsv", format!("{links}{filling}"));
    bench
}

fn entries(bench: &Bench, folder: &str) -> Vec<String> {
    let Ok(found) = std::fs::read_dir(bench.path(folder)) else { return Vec::new() };
    found.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_kept_prior_gives_the_same_plan_and_a_damaged_one_is_parsed_anew() {
    let bench = bench();
    let plain = bench.run("compile small.binn --emit graph --no-cache").expect(0);
    assert!(entries(&bench, ".binnc/cache").is_empty());
    let first = bench.run("compile small.binn --emit graph").expect(0);
    let kept = entries(&bench, ".binnc/cache");
    assert_eq!(kept.len(), 1, "one prior is large");
    let again = bench.run("compile small.binn --emit graph").expect(0);
    assert_eq!((&plain.out, &plain.err), (&first.out, &first.err));
    assert_eq!((&plain.out, &plain.err), (&again.out, &again.err));

    flip_a_bit(&bench, &format!(".binnc/cache/{}", kept[0]));
    let damaged = bench.run("compile small.binn --emit graph").expect(0);
    assert_eq!(plain.out, damaged.out);
    assert!(damaged.err.contains("links.tsv: its entry in the cache is damaged"), "{}", damaged.err);
    let mended = bench.run("compile small.binn --emit graph").expect(0);
    assert_eq!(mended.err, plain.err, "a good entry was written");
}

fn flip_a_bit(bench: &Bench, path: &str) {
    let mut bytes = bench.read(path);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    bench.write(path, bytes);
}

fn without_a_line(bench: &Bench, path: &str) {
    let text = bench.text(path);
    let shorter: Vec<&str> = text.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, l)| l).collect();
    bench.write(path, shorter.join("\n"));
}

#[test]
fn a_changed_file_is_parsed_anew_and_says_so() {
    let bench = bench();
    bench.run("compile small.binn --emit graph --cache kept").expect(0);
    assert_eq!(entries(&bench, "kept").len(), 1);
    without_a_line(&bench, "data/links.tsv");
    let after = bench.run("compile small.binn --emit graph --cache kept").expect(0);
    assert!(after.err.contains("the file has changed since it was kept in the cache"), "{}", after.err);
    assert_eq!(after.out, bench.run("compile small.binn --emit graph --no-cache").expect(0).out);
}

fn review_of(bench: &Bench) -> String {
    let reviews = entries(bench, ".binnc/cache").into_iter().filter(|name| name.ends_with(".review"));
    let found: Vec<String> = reviews.collect();
    let [only] = found.as_slice() else { panic!("one review is kept: {found:?}") };
    format!(".binnc/cache/{only}")
}

#[test]
fn a_kept_review_says_what_a_new_one_says() {
    for command in ["compile small.binn", "check small.binn"] {
        let bench = bench();
        let fill = "filler\tgene1\n";
        bench.write("data/links.tsv", bench.text("data/links.tsv") + fill);
        let plain = bench.run(&format!("{command} --no-cache")).expect(0);
        assert!(plain.err.contains("filler"), "there is a warning to keep: {}", plain.err);
        let first = bench.run(command).expect(0);
        let kept = bench.read(&review_of(&bench));
        let again = bench.run(command).expect(0);
        assert_eq!((&plain.out, &plain.err), (&first.out, &first.err), "{command}");
        assert_eq!((&plain.out, &plain.err), (&again.out, &again.err), "{command}");
        assert_eq!(bench.read(&review_of(&bench)), kept);
    }
}

/// Each of these changes what a review rests on; it is then made anew, with the reason.
#[test]
fn a_review_is_made_anew_when_anything_it_rests_on_has_changed() {
    type Change = fn(&Bench);
    let changes: [(Change, &str); 5] = [
        (|bench| without_a_line(bench, "data/links.tsv"), "`./data/links.tsv` has changed"),
        (|bench| without_a_line(bench, "data/pheno.tsv"), "`./data/pheno.tsv` has changed"),
        (|bench| bench.write("small.lock", "nonsense"), "`small.lock` has changed"),
        (|bench| bench.write("small.binn", bench.text("small.binn") + "# more\n"), "the spec or binnc"),
        (|bench| flip_a_bit(bench, &review_of(bench)), "what was kept in the cache is damaged"),
    ];
    for (change, why) in changes {
        let bench = bench();
        bench.run("compile small.binn").expect(0);
        change(&bench);
        let after = bench.run("compile small.binn").expect(0);
        assert!(
            after.err.contains(&format!("compiled anew: {why}")) || after.err.contains(why),
            "{}",
            after.err
        );
        let plain = bench.run("compile small.binn --no-cache").expect(0);
        assert_eq!(after.out, plain.out);
        assert_eq!(bench.run("compile small.binn").expect(0).err, plain.err);
    }
}
