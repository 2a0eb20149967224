//! Rows 48 to 67: traits, covariates, folds, and the ids that join them with genotypes.

use crate::folder::{Folder, with_cell};
use crate::frame::{Row, row};

const RUN: &str = "run small.binn";
const TRAITS: &str = "data/pheno.tsv";
const SPEC: &str = "small.binn";
const DECLARED: &str = "column outgrowth : continuous\n";
const HEADER: &str = "IID\toutgrowth\tauxin\tsucrose\tcytokinin\tstrigolactone\n";

pub fn rows() -> Vec<Row> {
    let groups = [joins(), shapes(), numbers(), missing(), classes(), covariates(), spreadsheets(), folds()];
    groups.into_iter().flatten().collect()
}

fn ran(number: u8, fault: &'static str, harm: impl Fn(&Folder) + 'static, words: &[&'static str]) -> Row {
    row(number, fault, harm, RUN, 0, words).makes(&["runs/small/"])
}

/// Rewrites every id of the traits; records count from 0.
fn ids(to: impl Fn(usize, &str) -> String + 'static) -> impl Fn(&Folder) {
    move |b: &Folder| {
        b.lines(TRAITS, |at, line| {
            let id = line.split('\t').next().unwrap_or_default();
            Some(if at == 1 { line.to_string() } else { with_cell(line, 0, &to(at - 2, id)) })
        });
    }
}

fn spec(from: &'static str, to: &'static str) -> impl Fn(&Folder) {
    move |b: &Folder| b.swap(SPEC, from, to)
}

fn joins() -> Vec<Row> {
    let upper = ids(|_, id| id.to_uppercase());
    let others = ids(|at, _| format!("line{at}"));
    let families = ids(|_, id| format!("0_{id}"));
    let few = |b: &Folder| b.lines(TRAITS, |at, line| (at < 22).then(|| line.to_string()));
    vec![
        row(48, "ids of other samples", others, RUN, 7, &["E0313", "share no sample", "f2_1", "line0"]),
        row(48, "ids in capitals", upper, RUN, 7, &["E0313", "50 of the unmatched ids", "upper and lower case"]),
        row(48, "ids joined with families", families, RUN, 7, &["E0313", "join family and individual"]),
        row(48, "the wrong column as key", spec("{\n  column outgrowth", "{\n  key = auxin\n  column outgrowth"), RUN, 7, &["E0313", "`key`"]),
        ran(49, "traits of two samples in five", few, &["W0314", "20 samples; 30 stand in", "kept, with missing values"]),
        ran(49, "records of samples without genotypes", |b| b.grow(TRAITS, "new1\t1\t1\t1\t1\t1\n"), &["W0314", "new1", "left out"]),
    ]
}

fn shapes() -> Vec<Row> {
    let csv = |content: &'static str| {
        move |b: &Folder| {
            b.put("data/pheno.csv", content);
            b.swap(SPEC, "tsv \"data/pheno.tsv\"", "csv \"data/pheno.csv\"");
        }
    };
    let csv_of = |change: fn(&str) -> String| {
        move |b: &Folder| {
            b.put("data/pheno.csv", change(&b.text(TRAITS).replace('\t', ",")));
            b.swap(SPEC, "tsv \"data/pheno.tsv\"", "csv \"data/pheno.csv\"");
        }
    };
    let named = |text: &str| {
        let rows = text.lines().enumerate().map(|(at, line)| {
            if at == 0 {
                format!("note,{line}\n")
            } else {
                format!("\"plot {at}, \"\"north\"\"\nrow\",{line}\n")
            }
        });
        rows.collect()
    };
    vec![
        row(50, "no header", |b| b.drop_line(TRAITS, 1), RUN, 6, &["E0303", "pheno.tsv:1", "it may be data", "header line"]),
        row(50, "a header of numbers", |b| b.line(TRAITS, 1, |_| "1\t2\t3\t4\t5\t6".into()), RUN, 6, &["E0303", "it may be data"]),
        row(50, "a header alone", |b| b.put(TRAITS, HEADER), RUN, 6, &["E0302", "pheno.tsv", "no records"]),
        row(50, "a header with a name mistyped", |b| b.line(TRAITS, 1, |_| HEADER.trim_end().replace("outgrowth", "outgrowht")), RUN, 6, &["E0303", "did you mean `outgrowht`", "small.binn:5"]),
        row(50, "a header with a name twice", |b| b.line(TRAITS, 1, |_| HEADER.trim_end().replace("sucrose", "auxin")), RUN, 6, &["E0303", "pheno.tsv:1", "auxin"]),
        ran(51, "a record twice, word for word", |b| b.grow(TRAITS, b.text(TRAITS).lines().nth(1).expect("a record").to_string() + "\n"), &["1 record repeated word for word"]),
        row(51, "a record twice with other values", |b| b.grow(TRAITS, "f2_1\t9\t9\t9\t9\t9\n"), RUN, 7, &["E0304", "pheno.tsv:52", "line 2", "records = repeated"]),
        row(52, "a record with a cell too few", |b| b.line(TRAITS, 9, |line| line.rsplit_once('\t').expect("cells").0.into()), RUN, 6, &["E0302", "pheno.tsv:9", "5 columns", "6 columns"]),
        row(52, "a record with a cell too many", |b| b.line(TRAITS, 9, |line| format!("{line}\t1")), RUN, 6, &["E0302", "pheno.tsv:9", "7 columns"]),
        row(52, "a record without an id", ids(|at, id| if at == 3 { String::new() } else { id.into() }), RUN, 6, &["E0302", "pheno.tsv:5", "no sample id"]),
        row(52, "spaces where tabs are expected", |b| b.put(TRAITS, b.text(TRAITS).replace('\t', " ")), RUN, 6, &["E0302", "pheno.tsv:1", "spaces"]),
        row(52, "commas where tabs are expected", |b| b.put(TRAITS, b.text(TRAITS).replace('\t', ",")), RUN, 6, &["E0302", "pheno.tsv:1", "from csv"]),
        ran(53, "quoted cells with commas, quotes and line ends", csv_of(named), &[]),
        row(53, "a quote that is never closed", csv("IID,outgrowth,auxin\nf2_1,1,2\n\"f2_2,1,2\n"), RUN, 6, &["E0302", "pheno.csv:3", "never closed"]),
        row(53, "text after a closing quote", csv("IID,outgrowth,auxin\n\"f2_1\"x,1,2\n"), RUN, 6, &["E0302", "pheno.csv:2"]),
    ]
}

fn numbers() -> Vec<Row> {
    let value = |text: &'static str| move |b: &Folder| b.cell(TRAITS, 5, 1, text);
    let commas = |b: &Folder| b.put(TRAITS, b.text(TRAITS).replace('.', ","));
    let with_comma = move |b: &Folder| {
        commas(b);
        b.swap(SPEC, "{\n  column outgrowth", "{\n  decimal = \",\"\n  column outgrowth");
    };
    vec![
        row(54, "a decimal comma", value("1,5"), RUN, 6, &["E0303", "pheno.tsv:5", "`1,5`", "decimal = \",\""]),
        row(54, "decimal commas throughout", commas, RUN, 6, &["E0303", "100 values", "decimal = \",\""]),
        ran(54, "decimal commas as declared", with_comma, &[]),
        row(55, "a word for a number", value("tall"), RUN, 6, &["E0303", "pheno.tsv:5", "`tall`", "missing = "]),
        row(55, "a word for missing that is not listed", value("missing"), RUN, 6, &["E0303", "`missing`"]),
        row(55, "a unit after a number", value("12 d"), RUN, 6, &["E0303", "`12 d`"]),
        row(56, "infinity", value("inf"), RUN, 6, &["E0303", "pheno.tsv:5", "`inf`", "finite"]),
        row(56, "a number beyond all numbers", value("1e400"), RUN, 6, &["E0303", "pheno.tsv:5", "`1e400`"]),
        row(56, "infinity spelt out", value("-Infinity"), RUN, 6, &["E0303", "`-Infinity`"]),
        row(56, "a NAN in capitals", value("NAN"), RUN, 6, &["E0303", "`NAN`"]),
        ran(57, "−9 in a trait", value("-9"), &["W0611", "−9 stands once", "outgrowth", "missing = ["]),
        ran(57, "−9.0 in a trait", value("-9.0"), &["W0611", "−9 stands once"]),
    ]
}

fn missing() -> Vec<Row> {
    let all =
        |column: usize, value: &'static str| move |b: &Folder| b.column(TRAITS, column, |_| value.into());
    let mixed = |b: &Folder| {
        let codes = ["NA", "NaN", "nan", ".", "-", "", "N/A"];
        b.column(TRAITS, 1, |at| codes.get(at).map_or_else(|| format!("{at}.5"), ToString::to_string));
    };
    let both = |b: &Folder| {
        b.swap(SPEC, "predict pheno.outgrowth", "predict pheno.auxin, pheno.outgrowth");
        b.column(TRAITS, 1, |_| "NA".into());
    };
    vec![
        ran(55, "all texts that mean missing", mixed, &[]),
        row(58, "a trait that is missing throughout", all(1, "NA"), RUN, 13, &["E0903", "outgrowth", "missing"]),
        row(58, "one of two traits is missing throughout", both, RUN, 13, &["E0609", "outgrowth", "missing in all 50"]),
        row(59, "a constant trait", all(1, "2.5"), RUN, 13, &["E0903", "outgrowth", "2.5"]),
    ]
}

fn classes() -> Vec<Row> {
    let declared = |kind: &'static str, values: fn(usize) -> &'static str| {
        move |b: &Folder| {
            b.swap(SPEC, DECLARED, &format!("column outgrowth : {kind}\n"));
            b.column(TRAITS, 1, |at| values(at).into());
        }
    };
    let cases = |at: usize| ["0", "1"][at % 2];
    let plink = |at: usize| ["1", "2", "-9"][at % 3];
    let three = |at: usize| ["0", "1", "2"][at % 3];
    let words = |at: usize| ["sick", "well"][at % 2];
    let many = |at: usize| ["red", "green", "blue"][at % 3];
    vec![
        ran(60, "cases coded 0 and 1", declared("binary", cases), &["outgrowth", "0 → 0, 1 → 1"]),
        ran(60, "cases coded 1, 2 and −9", declared("binary", plink), &["outgrowth", "1 → 0, 2 → 1", "-9 → missing"]),
        row(60, "cases coded 0, 1 and 2", declared("binary", three), RUN, 7, &["E0607", "small.binn:5", "`0`, `1`, `2`"]),
        row(60, "cases in words", declared("binary", words), RUN, 7, &["E0607", "case = \"well\""]),
        row(61, "three classes as a binary trait", declared("binary", many), RUN, 7, &["E0607", "categorical"]),
        row(61, "a trait of classes", declared("categorical", many), RUN, 8, &["E0113", "outgrowth"]),
        row(61, "classes in words as numbers", declared("continuous", many), RUN, 6, &["E0303", "pheno.tsv:2", "`red`"]),
        row(61, "part of a whole as a count", declared("count", |at| if at == 2 { "1.5" } else { "1" }), RUN, 6, &["E0303", "pheno.tsv:4", "`1.5`", "is not a count"]),
    ]
}

fn covariates() -> Vec<Row> {
    let with = |declared: &'static str, fixed: &'static str, values: fn(usize, &[&str]) -> [String; 2]| {
        move |b: &Folder| {
            b.add_column(TRAITS, "one", |at, cells| values(at, cells)[0].clone());
            b.add_column(TRAITS, "two", |at, cells| values(at, cells)[1].clone());
            b.swap(SPEC, DECLARED, &format!("{DECLARED}  {declared}\n"));
            b.swap(
                SPEC,
                "predict pheno.outgrowth from integrator",
                &format!("predict pheno.outgrowth from integrator {{ fixed = [{fixed}] }}"),
            );
        }
    };
    let both = "column one : continuous\n  column two : continuous";
    let names = "pheno.one, pheno.two";
    vec![
        row(62, "a constant fixed effect", with(both, names, |_, _| ["3".into(), "4".into()]), RUN, 13, &["E0903", "one"]),
        row(62, "two fixed effects that are one", with(both, names, |at, _| [format!("{}", at * 37 % 11), format!("{}", at * 37 % 11 * 2)]), RUN, 13, &["E0903", "two"]),
        row(
            62,
            "a fixed effect of one level",
            with("column one : categorical\n  column two : continuous", names, |at, _| {
                ["a".into(), format!("{at}")]
            }),
            RUN,
            13,
            &["E0903", "`one`"],
        ),
        row(63, "the trait as its own covariate", spec("link metabolite -> integrator", "link metabolite, pheno.outgrowth -> integrator"), RUN, 8, &["E0603", "outgrowth"]),
        row(63, "a fixed effect that is the trait", with(both, names, |at, cells| [cells[1].into(), format!("{}", at * 37 % 11)]), RUN, 13, &["W0710", "E0903", "small.binn:15", "outgrowth"]),
        ran(63, "a fixed effect that is nearly the trait", with(both, names, |at, cells| [rounded(cells[1]), format!("{}", at * 37 % 11)]), &["W0710", "small.binn:15", "`one`", "`outgrowth`"]),
        ran(63, "two sound fixed effects", with(both, names, |at, _| [format!("{}", at * 37 % 11), format!("{}", at * 5 % 7)]), &[]),
        row(62, "a fixed effect that is missing throughout", with(both, names, |at, _| ["NA".into(), format!("{at}")]), RUN, 13, &["E0903", "one"]),
    ]
}

/// As a scale with two decimals shows it.
fn rounded(value: &str) -> String {
    format!("{:.2}", value.parse::<f64>().expect("a number"))
}

fn spreadsheets() -> Vec<Row> {
    let renamed = |ours: fn(usize) -> String, theirs: fn(usize) -> String| {
        move |b: &Folder| {
            b.lines("data/geno.fam", |at, line| Some(with_cell(line, 1, &ours(at - 1))));
            ids(move |at, _| theirs(at))(b);
        }
    };
    vec![
        row(64, "leading zeros lost", renamed(|at| format!("{at:02}"), |at| format!("{at}")), RUN, 0, &["W0314", "10 of the unmatched ids", "leading zeros"]).makes(&["runs/small/"]),
        row(64, "leading zeros lost in all ids", renamed(|at| format!("0{}", at + 100), |at| format!("{}", at + 100)), RUN, 7, &["E0313", "leading zeros"]),
        row(64, "ids as powers of ten", renamed(|at| format!("{}00000", at + 1), |at| format!("{}E5", at + 1)), RUN, 7, &["E0313", "same number written differently"]),
        row(64, "spaces in ids", renamed(|at| format!("line_{at}"), |at| format!("line {at}")), RUN, 7, &["E0313", "spaces, dashes or dots"]),
        row(64, "spaces around ids", renamed(|at| format!("l{at}"), |at| format!(" l{at} ")), RUN, 0, &[]).makes(&["runs/small/"]),
        row(65, "a gene that became a date", |b| b.swap("data/sets.gmt", "\tg2", "\t1-Mar"), "check panel.binn", 0, &["W0320", "sets.gmt:1", "1-Mar"]),
        row(65, "an id that became a number", |b| b.swap("data/sets.gmt", "\tg5", "\t2.31E+13"), "check panel.binn", 0, &["W0320", "sets.gmt:2", "2.31E+13"]),
    ]
}

fn folds() -> Vec<Row> {
    let by = |scheme: &'static str, value: fn(usize) -> String| {
        move |b: &Folder| {
            b.add_column(TRAITS, "fold", |at, _| value(at));
            b.swap(SPEC, DECLARED, "column outgrowth : continuous\n  column fold : categorical\n");
            b.swap(SPEC, "kfold(2)", scheme);
        }
    };
    let twin = |b: &Folder| {
        b.ask("simulate shoot-branching --out data --n 50 --markers 200 --seed 7");
        let mut bytes = b.bytes(crate::packed::BED);
        for row in bytes[3..].chunks_mut(crate::folder::WIDTH) {
            row[1] = row[0];
        }
        b.put(crate::packed::BED, bytes);
    };
    vec![
        ran(66, "twins in training and test", twin, &["W0706"]),
        row(66, "a prior estimated on samples that are tested", estimated, RUN, 7, &["E0701", "f2_1"]),
        row(67, "samples without a fold", by("folds(pheno.fold)", |at| if at < 3 { "NA".into() } else { format!("{}", at % 2) }), RUN, 7, &["E0707", "3 samples", "pheno.fold"]),
        row(67, "a single fold", by("folds(pheno.fold)", |_| "1".into()), RUN, 13, &["E0705", "1 level"]),
        row(67, "fewer groups than folds", by("kfold(5, group = pheno.fold)", |at| format!("{}", at % 3)), RUN, 13, &["E0705", "3 groups for 5 folds"]),
        row(67, "a column of folds that is not declared", spec("kfold(2)", "folds(pheno.fold)"), RUN, 8, &["E0208", "fold"]),
    ]
}

fn estimated(b: &Folder) {
    b.put("data/seen.txt", "f2_1\nf2_2\n");
    b.swap(SPEC, "source = snp", "samples = \"data/seen.txt\"  source = snp");
}
