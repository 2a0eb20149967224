//! Thousands of small damages to sound files: none may panic, and none may be silently wrong.
//!
//! A mutant is refused with a code, means the same as the sound file, or is another sound file (a
//! digit, a genotype, a line less). The last kind is what a lock is for: `--locked` refuses it. A
//! model file holds its own digests, so no mutant of one is ever another model.

use crate::folder::{Files, Folder, genes, keep_columns};
use binnc::cli::load::{Depth, Loaded, load, open};
use binnc::compiler::plan::plan_digest;
use binnc::engine::model;
use binnc::io::MemoryWorld;
use binnc::language::spec::digest::SpecDigests;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::LazyLock;

/// Random mutants of each kind of file.
const RANDOM: u64 = 200;
/// Files of at most so many bytes are cut at every byte.
const CUT_EVERYWHERE: usize = 4096;
/// Specs that one `check --locked` looks at.
const TOGETHER: usize = 100;
const OPEN_END: &str = "the last line has no end";

/// A kind of file, the file, and the spec that reads it.
const KINDS: [(&str, &str, &str); 9] = [
    (".bed", "data/geno.bed", "all.binn"),
    (".bim", "data/geno.bim", "all.binn"),
    (".fam", "data/geno.fam", "all.binn"),
    ("traits", "data/pheno.tsv", "all.binn"),
    ("GMT", "data/sets.gmt", "all.binn"),
    ("GFF3", "data/genes.gff3", "all.binn"),
    ("links", "data/links.tsv", "all.binn"),
    ("spec", "all.binn", "all.binn"),
    ("YAML", "same.yaml", "same.yaml"),
];

const SPEC: &str = r#"binn 1
model all
genotypes snps from plink "data/geno.bed"
table pheno from tsv "data/pheno.tsv" { column outgrowth : continuous  column auxin : continuous }
prior qtn from tsv "data/links.tsv" : snp -> metabolite { source = snp  target = metabolite }
prior genes from gff3 "data/genes.gff3" : region -> gene
prior sets from gmt "data/sets.gmt" : gene -> pathway
layer metabolite : metabolite
layer gene : gene
layer pathway : pathway
link snps -> metabolite via qtn
link snps -> gene via window(genes, upstream = 100kb, downstream = 100kb)
link gene -> pathway via sets
predict pheno.outgrowth from metabolite, pathway
evaluate kfold(2) { baselines = [] }
train { epochs = 2 }
"#;

/// A set of 14 samples and 40 variants with priors, two specs and their locks.
static SMALL: LazyLock<Files> = LazyLock::new(|| {
    let folder = Folder::sound();
    folder.ask("simulate shoot-branching --out small/data --n 14 --markers 40 --seed 7");
    folder.put("small/data/sets.gmt", folder.bytes("data/sets.gmt"));
    folder.put("small/data/genes.gff3", genes(&folder.text("small/data/geno.bim"), 5));
    keep_columns(&folder, "small/data/pheno.tsv", 3);
    folder.put("small/all.binn", SPEC);
    folder.put("small/same.yaml", folder.output("fmt small/all.binn --to yaml"));
    folder.ask("lock small/all.binn small/same.yaml --with-genotypes");
    let files = folder.files().into_iter();
    files.filter_map(|(name, bytes)| Some((name.strip_prefix("small/")?.to_string(), bytes))).collect()
});

/// Bytes that texts are broken with.
const AWKWARD: &[u8] = b"\0\t\n\r \"#,.-0159eENA:{}[]=>@|\xc3\xff";

/// The same number for the same place, whatever was drawn before.
fn random(kind: usize, counter: u64, what: u64) -> u64 {
    let mut mixed = (kind as u64) << 48 ^ counter << 8 ^ what;
    for _ in 0..2 {
        mixed = mixed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
    }
    mixed
}

fn below(limit: usize, kind: usize, counter: u64, what: u64) -> usize {
    (random(kind, counter, what) % limit.max(1) as u64) as usize
}

/// One damage; which one is decided by the counter alone.
fn mutant(sound: &[u8], kind: usize, counter: u64) -> Vec<u8> {
    let at = below(sound.len(), kind, counter, 1);
    let count = 1 + below(3, kind, counter, 2);
    let mut bytes = sound.to_vec();
    let mut lines: Vec<&[u8]> = sound.split_inclusive(|byte| *byte == b'\n').collect();
    let line = below(lines.len(), kind, counter, 3);
    match counter % 6 {
        0 | 1 => bytes[at] ^= 1 << below(8, kind, counter, 4),
        2 => drop(bytes.drain(at..(at + count).min(sound.len()))),
        3 => {
            let any = (0..count as u64).map(|nth| AWKWARD[below(AWKWARD.len(), kind, counter, 5 + nth)]);
            drop(bytes.splice(at..at, any.collect::<Vec<u8>>()));
        }
        4 => {
            lines.remove(line);
            bytes = lines.concat();
        }
        _ => {
            lines.insert(line, lines[line]);
            bytes = lines.concat();
        }
    }
    bytes
}

/// All mutants of a file that are not the file, each with what was done.
fn mutants(sound: &[u8], kind: usize) -> Vec<(String, Vec<u8>)> {
    let random = (0..RANDOM).map(|counter| (format!("mutant {counter}"), mutant(sound, kind, counter)));
    let step = if sound.len() <= CUT_EVERYWHERE { 1 } else { sound.len() / 500 };
    let cuts = (0..sound.len()).step_by(step).map(|at| (format!("cut at {at}"), sound[..at].to_vec()));
    random.chain(cuts).filter(|(_, bytes)| bytes != sound).collect()
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Refused(String),
    Same,
    SameNoted,
    Other { noted: bool },
}

/// What a folder means, and what was noted of its files.
type Meaning = Result<(blake3::Hash, Vec<String>), String>;

fn meaning(files: &Files, spec: &str) -> Meaning {
    let world = files
        .iter()
        .fold(MemoryWorld::default(), |world, (name, bytes)| world.with(Path::new("w").join(name), bytes));
    let code = |found: &binnc::language::diagnostics::Diagnostics| {
        let first = found.iter().find(|finding| finding.is_error());
        first.map_or("none".to_string(), |finding| finding.code.name().to_string())
    };
    let opened = open(&world, &Path::new("w").join(spec)).map_err(|found| found.code.name().to_string())?;
    let Some(spec) = opened.spec.filter(|_| !opened.found.has_errors()) else {
        return Err(code(&opened.found));
    };
    let (loaded, _) = load(&world, spec, Path::new("w"), Depth::Calls).map_err(|found| code(&found))?;
    let notes = loaded.files.iter().flat_map(|file| file.notes.iter().map(move |note| (&file.name, note)));
    let notes = notes.map(|(name, note)| format!("{name}: {note}")).collect();
    Ok((digest(&loaded), notes))
}

/// Of all that training would see, and of nothing that lines and spaces decide.
fn digest(loaded: &Loaded) -> blake3::Hash {
    let spec = SpecDigests::of(&loaded.spec);
    let text = format!(
        "{:?} {:?} {:?} {:?} {} {}",
        loaded.sets,
        loaded.cohort,
        loaded.offered,
        spec,
        plan_digest(&loaded.plan),
        loaded.plan.graph_digest
    );
    blake3::hash(text.as_bytes())
}

fn outcome(meaning: &Meaning, sound: &(blake3::Hash, Vec<String>)) -> Outcome {
    match meaning {
        Err(code) => Outcome::Refused(code.clone()),
        Ok((digest, notes)) if *digest == sound.0 && *notes == sound.1 => Outcome::Same,
        Ok((digest, _)) if *digest == sound.0 => Outcome::SameNoted,
        Ok((_, notes)) => Outcome::Other { noted: *notes != sound.1 },
    }
}

/// A mutant that is another sound file.
struct Accepted {
    name: String,
    file: &'static str,
    spec: &'static str,
    bytes: Vec<u8>,
}

#[test]
fn no_mutant_is_silently_wrong() {
    let mut table = String::from("kind    mutants  refused  same  same, noted  other  other, noted\n");
    let mut codes = String::new();
    let kinds: Vec<Survey> = std::thread::scope(|scope| {
        let begun: Vec<_> = (0..KINDS.len()).map(|at| scope.spawn(move || survey(at))).collect();
        begun.into_iter().map(|kind| kind.join().expect("a kind without a fault")).collect()
    });
    for ((kind, ..), (counts, _)) in KINDS.iter().zip(&kinds) {
        table += &line(kind, counts);
        codes += &refusals(kind, counts);
    }
    table += &models(&mut codes);
    let accepted: Vec<Accepted> = kinds.into_iter().flat_map(|(_, accepted)| accepted).collect();
    locks_refuse(&accepted);
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("mutants", format!("{table}\n{codes}")));
}

/// How often each outcome was, and the mutants that are other sound files.
type Survey = (BTreeMap<Outcome, usize>, Vec<Accepted>);

fn survey(at: usize) -> Survey {
    let (kind, file, spec) = KINDS[at];
    let (mut files, mut counts, mut accepted) = (SMALL.clone(), BTreeMap::new(), Vec::new());
    let sound = meaning(&files, spec).expect("the folder is sound");
    for (name, bytes) in mutants(&SMALL[file], at) {
        files.insert(file.to_string(), bytes.clone());
        let means = catch_unwind(AssertUnwindSafe(|| meaning(&files, spec)));
        let means = means.unwrap_or_else(|_| panic!("{kind}, {name}: a panic"));
        let is_open = !bytes.is_empty() && !bytes.ends_with(b"\n");
        let is_table = file.starts_with("data/") && kind != ".bed";
        if let (true, Ok((_, notes))) = (is_table && is_open && name.starts_with("cut"), &means) {
            let is_told = notes.iter().any(|note| note.contains(OPEN_END) && note.contains(file));
            assert!(is_told, "{kind}, {name}: nothing is said of its last line");
        }
        let said = outcome(&means, &sound);
        if matches!(said, Outcome::Other { .. }) {
            accepted.push(Accepted { name: format!("{kind}, {name}"), file, spec, bytes });
        }
        *counts.entry(said).or_default() += 1;
    }
    (counts, accepted)
}

fn line(kind: &str, counts: &BTreeMap<Outcome, usize>) -> String {
    let of = |wanted: fn(&Outcome) -> bool| -> usize {
        counts.iter().filter(|(outcome, _)| wanted(outcome)).map(|(_, count)| count).sum()
    };
    let (refused, same) = (of(|o| matches!(o, Outcome::Refused(_))), of(|o| *o == Outcome::Same));
    let (noted, other) = (of(|o| *o == Outcome::SameNoted), of(|o| *o == Outcome::Other { noted: false }));
    let told = of(|o| *o == Outcome::Other { noted: true });
    let all: usize = counts.values().sum();
    format!("{kind:<6}{all:>9}{refused:>9}{same:>6}{noted:>13}{other:>7}{told:>14}\n")
}

fn refusals(kind: &str, counts: &BTreeMap<Outcome, usize>) -> String {
    let codes = counts.iter().filter_map(|(outcome, count)| match outcome {
        Outcome::Refused(code) => Some(format!(" {code} × {count}")),
        _ => None,
    });
    codes.fold(format!("{kind}:"), |text, code| text + &code) + "\n"
}

/// Mutants of a model: refused, or the very same model.
fn models(codes: &mut String) -> String {
    let sound = Folder::sound().bytes("done/model.safetensors");
    let whole = model::load("m", &sound).expect("the model is sound");
    let mut counts = BTreeMap::<Outcome, usize>::new();
    for (name, bytes) in mutants(&sound, KINDS.len()) {
        let said = catch_unwind(AssertUnwindSafe(|| model::load("m", &bytes)));
        let said = match said.unwrap_or_else(|_| panic!("model, {name}: a panic")) {
            Err(found) => Outcome::Refused(found.code.name().to_string()),
            Ok(model) if model == whole => Outcome::Same,
            Ok(_) => panic!("model, {name}: another model is accepted"),
        };
        *counts.entry(said).or_default() += 1;
    }
    *codes += &refusals("model", &counts);
    line("model", &counts)
}

/// Every mutant that is another sound file is named by `--locked`.
fn locks_refuse(accepted: &[Accepted]) {
    let (calls, lists): (Vec<&Accepted>, Vec<&Accepted>) =
        accepted.iter().partition(|mutant| mutant.file.ends_with(".bed"));
    std::thread::scope(|scope| {
        lists.chunks(TOGETHER).for_each(|mutants| drop(scope.spawn(|| check_refuses(mutants))));
        scope.spawn(|| run_refuses(&calls));
    });
}

fn check_refuses(mutants: &[&Accepted]) {
    let folder = Folder::sound();
    let specs = mutants.iter().enumerate().map(|(at, mutant)| laid_out(&folder, at, mutant));
    let specs: Vec<String> = specs.collect();
    let said = folder.said(&format!("check --locked --message-format json {}", specs.join(" ")));
    let refused = locked_out(&said);
    for (spec, mutant) in specs.iter().zip(mutants) {
        assert!(refused.contains(spec), "{} passes --locked", mutant.name);
    }
}

/// Calls are read by a run alone.
fn run_refuses(mutants: &[&Accepted]) {
    let folder = Folder::sound();
    for mutant in mutants {
        let spec = laid_out(&folder, 0, mutant);
        let said = folder.said(&format!("run {spec} --locked --out out --message-format json"));
        assert!(locked_out(&said).contains(&spec), "{} passes --locked", mutant.name);
    }
}

/// Writes a mutant's folder; the path of its spec.
fn laid_out(folder: &Folder, at: usize, mutant: &Accepted) -> String {
    SMALL.iter().for_each(|(name, bytes)| folder.put(&format!("m{at}/{name}"), bytes));
    folder.put(&format!("m{at}/{}", mutant.file), &mutant.bytes);
    format!("m{at}/{}", mutant.spec)
}

/// The specs that findings about a lock point into.
fn locked_out(said: &str) -> BTreeSet<String> {
    let findings = said.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let of_locks = findings.filter(|finding| finding["code"].as_str().is_some_and(|code| code == "E0801"));
    of_locks.filter_map(|finding| Some(finding["file"].as_str()?.to_string())).collect()
}
