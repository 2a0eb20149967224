//! Real panels, read without the program's own readers; there where BINNC_TEST_DATA points.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test reads its own data and says when it is skipped"
)]

use binnc::data::PackedGenotypes;
use flate2::read::GzDecoder;
use std::io::Read;
use std::path::{Path, PathBuf};

pub struct Panel {
    pub calls: PackedGenotypes,
    pub ids: Vec<String>,
    folder: PathBuf,
}

impl Panel {
    pub fn open(name: &str) -> Option<Self> {
        let Some(root) = std::env::var_os("BINNC_TEST_DATA") else {
            eprintln!("skipped: BINNC_TEST_DATA is not set");
            return None;
        };
        let folder = Path::new(&root).join(name);
        let ids: Vec<String> = lines(&folder.join("geno.fam")).iter().map(|l| word(l, 1)).collect();
        let variants = lines(&folder.join("geno.bim")).len();
        let body = std::fs::read(folder.join("geno.bed")).expect("geno.bed").split_off(3);
        Some(Self { calls: PackedGenotypes::new(ids.len(), variants, body), ids, folder })
    }

    /// A column by sample, in the order of the .fam file.
    pub fn column(&self, file: &str, name: &str) -> Vec<String> {
        let table = lines(&self.folder.join(file));
        let at = table[0].split('\t').position(|column| column == name).expect("column");
        let cell = |line: &String| line.split('\t').nth(at).expect("cell").to_owned();
        let of = |id: &String| table[1..].iter().find(|line| line.split('\t').next() == Some(id)).map(cell);
        self.ids.iter().map(|id| of(id).expect("sample in table")).collect()
    }

    pub fn numbers(&self, file: &str, name: &str) -> Vec<f64> {
        self.column(file, name).iter().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect()
    }

    /// All columns of a table of numbers `[columns][samples]`; samples that it does not have are NaN.
    pub fn all_numbers(&self, file: &str) -> Vec<Vec<f64>> {
        let table = lines(&self.folder.join(file));
        let numbers = |line: &String| -> Vec<f64> {
            line.split('\t').skip(1).map(|cell| cell.parse().unwrap_or(f64::NAN)).collect()
        };
        let of =
            |id: &String| table[1..].iter().find(|line| line.split('\t').next() == Some(id)).map(numbers);
        let rows: Vec<Option<Vec<f64>>> = self.ids.iter().map(of).collect();
        let columns = table[0].split('\t').count() - 1;
        let column =
            |at: usize| rows.iter().map(|row| row.as_ref().map_or(f64::NAN, |row| row[at])).collect();
        (0..columns).map(column).collect()
    }
}

fn lines(path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).expect("readable");
    let mut text = String::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("gzip");
    } else {
        text = String::from_utf8(bytes).expect("text");
    }
    text.lines().map(str::to_owned).collect()
}

fn word(line: &str, at: usize) -> String {
    line.split_whitespace().nth(at).expect("word").to_owned()
}
