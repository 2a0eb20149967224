//! A sound folder to break: genotypes, traits, priors, specs, and a finished run.
//!
//! It is made once and held in memory; every row gets a copy of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

/// Samples of the folder: no multiple of four, so that the last byte of a variant has spare bits.
pub const SAMPLES: usize = 50;
/// Bytes of a variant in the .bed.
pub const WIDTH: usize = 13;
pub const MARKERS: usize = 80;
/// Columns that are kept of the simulated traits.
const COLUMNS: usize = 6;

/// Names in a folder and their bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

const SPEC: &str = r#"binn 1
model small
genotypes snps from plink "data/geno.bed"
table pheno from tsv "data/pheno.tsv" {
  column outgrowth : continuous
  column auxin : continuous
}
prior qtn from tsv "data/links.tsv" : snp -> metabolite { source = snp  target = metabolite }
layer metabolite : metabolite
node integrator : integrator
link snps -> metabolite via qtn
link metabolite -> integrator
predict pheno.outgrowth from integrator
evaluate kfold(2) { baselines = [] }
train { epochs = 2 }
"#;

const PANEL: &str = r#"binn 1
model panel
genotypes snps from plink "data/geno.bed"
table pheno from tsv "data/pheno.tsv" { column outgrowth : continuous }
prior genes from gff3 "data/genes.gff3" : region -> gene
prior sets from gmt "data/sets.gmt" : gene -> pathway
layer gene : gene
layer pathway : pathway
link snps -> gene via window(genes, upstream = 100kb, downstream = 100kb)
link gene -> pathway via sets
predict pheno.outgrowth from pathway
evaluate kfold(2) { baselines = [] }
train { epochs = 2 }
"#;

static SOUND: LazyLock<Files> = LazyLock::new(|| {
    let folder = Folder(TempDir::new().expect("a folder"));
    folder.ask("simulate shoot-branching --out data --n 50 --markers 80 --seed 7");
    keep_columns(&folder, "data/pheno.tsv", COLUMNS);
    folder.put("small.binn", SPEC);
    folder.put("panel.binn", PANEL);
    folder.put("data/genes.gff3", genes(&folder.text("data/geno.bim"), 10));
    folder.put("data/sets.gmt", "GO:1\tbranching\tg1\tg2\tg3\nGO:2\tsugar\tg3\tg4\tg5\tg6\n");
    folder.put("small.yaml", folder.output("fmt small.binn --to yaml"));
    folder.ask("run small.binn --out done");
    folder.files()
});

/// The first columns of simulated traits, which are those as measured.
pub fn keep_columns(folder: &Folder, name: &str, count: usize) {
    folder.lines(name, |_, line| Some(line.split('\t').take(count).collect::<Vec<_>>().join("\t")));
}

/// A gene at every variant that is a whole number of steps from the first.
pub fn genes(bim: &str, step: usize) -> String {
    let mut text = String::from("##gff-version 3\n");
    for (at, line) in bim.lines().step_by(step).enumerate() {
        let cells: Vec<&str> = line.split('\t').collect();
        let start: u64 = cells[3].parse().expect("a position");
        text += &format!("{}\tmade\tgene\t{start}\t{}\t.\t+\t.\tID=g{}\n", cells[0], start + 1000, at + 1);
    }
    text
}

/// A folder in which the program runs.
pub struct Folder(TempDir);

impl Folder {
    /// A copy of the sound one.
    pub fn sound() -> Self {
        let folder = Self(TempDir::new().expect("a folder"));
        SOUND.iter().for_each(|(name, bytes)| folder.put(name, bytes));
        folder
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Every file, by its path from the folder.
    pub fn files(&self) -> Files {
        let mut files = Files::new();
        collect(self.root(), "", &mut files);
        files
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(path, bytes).expect("written");
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("text")
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).expect("removed");
    }

    /// Takes bytes off the end.
    pub fn cut(&self, name: &str, count: usize) {
        let bytes = self.bytes(name);
        self.put(name, &bytes[..bytes.len() - count]);
    }

    /// Adds bytes at the end.
    pub fn grow(&self, name: &str, more: impl AsRef<[u8]>) {
        self.put(name, [&self.bytes(name), more.as_ref()].concat());
    }

    /// Adds bytes at the start.
    pub fn begin(&self, name: &str, first: impl AsRef<[u8]>) {
        self.put(name, [first.as_ref(), &self.bytes(name)].concat());
    }

    /// Writes over bytes from `at` on.
    pub fn poke(&self, name: &str, at: usize, over: &[u8]) {
        let mut bytes = self.bytes(name);
        bytes[at..at + over.len()].copy_from_slice(over);
        self.put(name, bytes);
    }

    /// Another text for the first place of one, which must be there.
    pub fn swap(&self, name: &str, from: &str, to: &str) {
        let text = self.text(name);
        assert!(text.contains(from), "no {from:?} in {name}");
        self.put(name, text.replacen(from, to, 1));
    }

    /// Rewrites the lines; `number` counts from 1, and `None` drops a line.
    pub fn lines(&self, name: &str, with: impl Fn(usize, &str) -> Option<String>) {
        let text = self.text(name);
        let lines = text.lines().enumerate().filter_map(|(at, line)| with(at + 1, line));
        self.put(name, lines.map(|line| line + "\n").collect::<String>());
    }

    /// Another text for a line.
    pub fn line(&self, name: &str, number: usize, to: impl Fn(&str) -> String) {
        self.lines(name, |at, line| Some(if at == number { to(line) } else { line.to_string() }));
    }

    pub fn drop_line(&self, name: &str, number: usize) {
        self.lines(name, |at, line| (at != number).then(|| line.to_string()));
    }

    /// Another text for a cell of a table; columns count from 0.
    pub fn cell(&self, name: &str, number: usize, column: usize, to: &str) {
        self.line(name, number, |line| with_cell(line, column, to));
    }

    /// Another value for every record of a column; records count from 0.
    pub fn column(&self, name: &str, column: usize, value: impl Fn(usize) -> String) {
        self.lines(name, |at, line| {
            Some(if at == 1 { line.to_string() } else { with_cell(line, column, &value(at - 2)) })
        });
    }

    /// One more column.
    pub fn add_column(&self, name: &str, column: &str, value: impl Fn(usize, &[&str]) -> String) {
        self.lines(name, |at, line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let cell = if at == 1 { column.to_string() } else { value(at - 2, &cells) };
            Some(format!("{line}\t{cell}"))
        });
    }

    /// The program, about to run here.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_binnc"));
        command.args(arguments.split_whitespace());
        self.at_home(&mut command);
        command
    }

    /// The program behind words of the shell, such as a limit.
    pub fn behind(&self, shell: &str, arguments: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{shell}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_binnc")]);
        command.args(arguments.split_whitespace());
        self.at_home(&mut command);
        command
    }

    fn at_home(&self, command: &mut Command) {
        command.current_dir(self.root()).stdin(Stdio::null());
        command.env("COLUMNS", "100").env_remove("NO_COLOR").env_remove("SLURM_CPUS_PER_TASK");
    }

    /// Runs what must succeed.
    pub fn ask(&self, arguments: &str) {
        drop(self.output(arguments));
    }

    /// What a command that must succeed writes to standard output.
    pub fn output(&self, arguments: &str) -> Vec<u8> {
        let output = self.command(arguments).output().expect("the program starts");
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// What a command writes to standard error, however it ends.
    pub fn said(&self, arguments: &str) -> String {
        let output = self.command(arguments).output().expect("the program starts");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

/// A line of a table with another cell.
pub fn with_cell(line: &str, column: usize, to: &str) -> String {
    let mut cells: Vec<&str> = line.split('\t').collect();
    cells[column] = to;
    cells.join("\t")
}

fn collect(folder: &Path, below: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let name = if below.is_empty() { name } else { format!("{below}/{name}") };
        match fs::symlink_metadata(&path).expect("an entry").file_type() {
            kind if kind.is_dir() => collect(&path, &name, files),
            kind if kind.is_file() => drop(files.insert(name, fs::read(&path).expect("readable"))),
            _ => {}
        }
    }
}
