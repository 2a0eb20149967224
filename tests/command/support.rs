//! A folder with data, specs written from parts, and the program run in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Files of a run in which time, threads and paths may stand.
const TELL_OF_TIME: [&str; 2] = ["/run.json", "/run.log"];

/// A folder in which the program runs.
pub struct Bench(TempDir);

/// What the program said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The parts of a spec that tests change.
pub struct Spec<'a> {
    pub genotypes: &'a str,
    pub table: &'a str,
    pub columns: &'a str,
    pub predict: &'a str,
    pub evaluate: &'a str,
    pub train: &'a str,
    pub more: &'a str,
}

impl Default for Spec<'_> {
    fn default() -> Self {
        Self {
            genotypes: "genotypes snps from plink \"data/geno.bed\"",
            table: "from tsv \"data/pheno.tsv\"",
            columns: "",
            predict: "predict pheno.outgrowth from integrator",
            evaluate: "evaluate none",
            train: "epochs = 4",
            more: "",
        }
    }
}

impl Spec<'_> {
    /// Two metabolites that read their QTN, an integrator, one read-out.
    pub fn text(&self) -> String {
        let Self { genotypes, table, columns, predict, evaluate, train, more } = self;
        format!(
            "binn 1
model small
{genotypes}
table pheno {table} {{
  key = IID
  column outgrowth : continuous {{ unit = \"d\" }}
  column auxin     : continuous
  column sucrose   : continuous
  {columns}
}}
prior qtn from tsv \"data/links.tsv\" : snp -> metabolite {{ source = \"snp\"  target = \"metabolite\" }}
node auxin, sucrose : metabolite {{ network = fcn(4, activation = gelu, dropout = 0.1) }}
node integrator : integrator {{ network = fcn(6, activation = gelu) }}
link snps -> auxin, sucrose via qtn
link auxin, sucrose -> integrator
{predict}
supervise auxin, sucrose by pheno.auxin, pheno.sucrose {{ weight = 0.1 }}
{more}
{evaluate}
train {{ optimizer = adam(lr = 3e-3, l2 = 1e-4)  batch = 32  seed = 1  {train} }}
"
        )
    }
}

/// Metabolites that read their QTN, and an integrator that reads what `more` links to it too.
pub fn panel(more: &str) -> String {
    format!(
        "binn 1
model panel
genotypes snps from plink \"data/geno.bed\"
table pheno from tsv \"data/pheno.tsv\" {{ column outgrowth : continuous }}
prior qtn from tsv \"data/links.tsv\" : snp -> metabolite {{ source = snp  target = metabolite }}
layer metabolite : metabolite
node integrator : integrator
link snps -> metabolite via qtn
link metabolite -> integrator
{more}predict pheno.outgrowth from integrator
"
    )
}

impl Bench {
    pub fn empty() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    /// `data/` holds 120 simulated samples and 80 markers.
    pub fn simulated() -> Self {
        let bench = Self::empty();
        bench.run("simulate shoot-branching --out data --n 120 --markers 80 --seed 7").expect(0);
        bench
    }

    /// The same, with the spec written to `small.binn`.
    pub fn with(spec: &Spec<'_>) -> Self {
        let bench = Self::simulated();
        bench.write("small.binn", spec.text());
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is in the bench")).expect("a folder");
        fs::write(path, bytes).expect("written");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).expect("text")
    }

    /// Rewrites a text file.
    pub fn change(&self, name: &str, with: impl Fn(&str) -> String) {
        let changed = with(&self.text(name));
        self.write(name, changed);
    }

    pub fn exists(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    pub fn remove(&self, name: &str) {
        let path = self.path(name);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("removed");
    }

    /// Every file below a folder, by its path.
    pub fn files(&self, below: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path(below), "", &mut files);
        files
    }

    /// What a run leaves: all files below a folder but those that tell of time, threads and paths, which
    /// must be there.
    #[track_caller]
    pub fn results(&self, run: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files(run);
        TELL_OF_TIME.iter().for_each(|name| assert!(files.remove(*name).is_some(), "no {name} in {run}"));
        files
    }

    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_binnc"));
        command.args(arguments.split_whitespace()).current_dir(self.0.path()).stdin(Stdio::null());
        command.env("COLUMNS", "100").env_remove("NO_COLOR");
        command
    }

    pub fn run(&self, arguments: &str) -> Said {
        let output = self.command(arguments).output().expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("the program speaks UTF-8");
        Said {
            code: output.status.code().expect("an exit code"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Said {
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        self
    }

    /// The exit code and words that standard error must hold.
    #[track_caller]
    pub fn refuses(self, code: i32, words: &[&str]) -> Self {
        let said = self.expect(code);
        for word in words {
            assert!(said.err.contains(word), "no {word:?} in:\n{}", said.err);
        }
        said
    }
}

fn collect(folder: &Path, name: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        let below = format!("{name}/{}", path.file_name().expect("a name").to_string_lossy());
        if path.is_dir() {
            collect(&path, &below, files);
        } else {
            files.insert(below, fs::read(path).expect("readable"));
        }
    }
}

/// A table with a header, as rows of cells by column name.
pub fn rows(table: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let row =
        |line: &str| header.iter().map(ToString::to_string).zip(line.split('\t').map(String::from)).collect();
    lines.map(row).collect()
}

/// The number in a cell.
#[track_caller]
pub fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {}", row[column]))
}

/// Appends a column to a table; `value` gets the place of the row and its cells.
pub fn with_column(table: &str, name: &str, value: impl Fn(usize, &[&str]) -> String) -> String {
    let mut text = String::new();
    for (at, line) in table.lines().enumerate() {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = if at == 0 { name.to_string() } else { value(at - 1, &cells) };
        text += &format!("{line}\t{cell}\n");
    }
    text
}

/// A .bed file's rows: the code of each sample, one list a variant.
pub fn codes(bed: &[u8], samples: usize) -> Vec<Vec<u8>> {
    let row = |bytes: &[u8]| (0..samples).map(|at| (bytes[at / 4] >> (2 * (at % 4))) & 3).collect();
    bed[3..].chunks(samples.div_ceil(4)).map(row).collect()
}

/// The bytes of a .bed file with these rows.
pub fn bed(codes: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0x6c, 0x1b, 0x01];
    for row in codes {
        bytes.extend(row.chunks(4).map(|four| four.iter().rev().fold(0, |byte, code| (byte << 2) | code)));
    }
    bytes
}
