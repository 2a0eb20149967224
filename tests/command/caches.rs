//! The cache of parsed priors: used while nothing changed, never believed when damaged.

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
    let plain = bench.run("compile small.binn --no-cache").expect(0);
    assert!(entries(&bench, ".binnc/cache").is_empty());
    let first = bench.run("compile small.binn").expect(0);
    let kept = entries(&bench, ".binnc/cache");
    assert_eq!(kept.len(), 1, "one prior is large");
    let again = bench.run("compile small.binn").expect(0);
    assert_eq!((&plain.out, &plain.err), (&first.out, &first.err));
    assert_eq!((&plain.out, &plain.err), (&again.out, &again.err));

    let entry = format!(".binnc/cache/{}", kept[0]);
    let mut bytes = bench.read(&entry);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    bench.write(&entry, bytes);
    let damaged = bench.run("compile small.binn").expect(0);
    assert_eq!(plain.out, damaged.out);
    assert!(damaged.err.contains("links.tsv: its entry in the cache is damaged"), "{}", damaged.err);
    assert_eq!(bench.run("compile small.binn").expect(0).err, plain.err, "a good entry was written");
}

#[test]
fn a_changed_file_is_parsed_anew_and_says_so() {
    let bench = bench();
    bench.run("check small.binn --cache kept").expect(0);
    assert_eq!(entries(&bench, "kept").len(), 1);
    let links = bench.text("data/links.tsv");
    let shorter: Vec<&str> = links.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, l)| l).collect();
    bench.write("data/links.tsv", shorter.join("\n"));
    let after = bench.run("compile small.binn --cache kept").expect(0);
    assert!(after.err.contains("the file has changed since it was kept in the cache"), "{}", after.err);
    assert_eq!(after.out, bench.run("compile small.binn --no-cache").expect(0).out);
}
