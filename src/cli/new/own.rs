//! A first spec for files that somebody has: headers are read, the rest is guessed and said to be.

use super::{Made, error, filled};
use crate::cli::Failed;
use crate::data::{GuessedColumn, GuessedTable, Variant, guess_table, read_plink_lists};
use crate::io::World;
use crate::language::diagnostics::Diagnostics;
use crate::language::diagnostics::listed;
use crate::language::spec::ColumnKind;
use crate::language::syntax::is_bare_name;
use std::path::{Path, PathBuf};

const SPEC: &str = include_str!("starter/own.binn");
const README: &str = include_str!("starter/own_readme.md");

/// Columns beyond this are left to the author.
const MOST_COLUMNS: usize = 30;

/// The spec and a page of next steps, and what to tell at once.
pub(super) fn files(
    world: &dyn World,
    model: &str,
    genotypes: &Path,
    table: &Path,
) -> Result<(Vec<Made>, Vec<String>), Failed> {
    let (lists, _) = read_plink_lists(world, genotypes)?;
    let ids: Vec<&str> = lists.samples.iter().map(|sample| sample.individual.as_str()).collect();
    let guessed = guess_table(world, table, ids.iter().copied())?;
    let shown = table.display().to_string();
    let prefix = genotypes.display().to_string();
    let prefix = [".bed", ".bim", ".fam"].iter().find_map(|end| prefix.strip_suffix(end)).unwrap_or(&prefix);
    let Some(key) = &guessed.key else {
        return Err(Diagnostics::from(error::no_key(&shown, &format!("{prefix}.fam"), &ids)).into());
    };
    let of_kind =
        |kind| guessed.columns.iter().find(move |column| column.kind == Some(kind) && column.distinct > 1);
    let Some(wanted) = of_kind(ColumnKind::Continuous).or_else(|| of_kind(ColumnKind::Binary)) else {
        return Err(Diagnostics::from(error::no_trait(&shown)).into());
    };
    let bim = PathBuf::from(format!("{prefix}.bim"));
    let (root, [bim, table]) = below_one_root(world, [&bim, table]);
    let bed = format!("{}.bed", bim.trim_end_matches(".bim"));
    let predicted = format!("pheno.{}", spelt(&wanted.name));
    let root = root.display().to_string();
    let values = [
        ("MODEL", model),
        ("SUMMARY", &summary(ids.len(), lists.variants.len())),
        ("GENOTYPES", &genotypes_item(&bed, ids.len(), &lists.variants)),
        ("TABLE", &table_item(&table, &guessed, key, ids.len())),
        ("TRAIT", &predicted),
        ("ROOT", &root),
    ];
    let files = vec![
        (format!("{model}.binn"), filled(SPEC, &values)),
        ("README.md".to_owned(), filled(README, &values)),
    ];
    let advice = vec![
        format!(
            "predicted: `{}`, the first that could be a trait; types of columns are guessed",
            wanted.name
        ),
        format!("next: see what was guessed, then `binnc check {model}.binn --data-root {root}`"),
    ];
    Ok((files, advice))
}

/// The nearest folder that holds both files, and their paths below it with `/`.
fn below_one_root(world: &dyn World, files: [&Path; 2]) -> (PathBuf, [String; 2]) {
    let whole = files.map(|file| world.canonical(file).unwrap_or_else(|_| file.to_path_buf()));
    let shared = |folder: &&Path| whole.iter().all(|file| file.starts_with(folder));
    let root = whole[0].ancestors().skip(1).find(shared).unwrap_or(Path::new("")).to_path_buf();
    let below = whole.map(|file| {
        let rest = file.strip_prefix(&root).unwrap_or(&file);
        rest.iter().map(|part| part.to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
    });
    (root, below)
}

fn summary(individuals: usize, variants: usize) -> String {
    format!("A first model of {individuals} individuals and {variants} variants.")
}

fn genotypes_item(bed: &str, individuals: usize, variants: &[Variant]) -> String {
    let mut contigs: Vec<&str> = variants.iter().map(|variant| variant.chromosome.as_str()).collect();
    contigs.sort_unstable();
    contigs.dedup();
    let shown = listed(&contigs, 8).replace('`', "");
    format!(
        "# {individuals} individuals, {} variants on contigs {shown}.\ngenotypes snps from plink \"{}\" {{ keep = maf >= 0.01 }}",
        variants.len(),
        quoted(bed)
    )
}

fn table_item(path: &str, guessed: &GuessedTable, key: &str, individuals: usize) -> String {
    let format = if guessed.is_csv { "csv" } else { "tsv" };
    let mut text = format!(
        "# {} rows; `{key}` names {} of the {individuals} individuals with genotypes.\n",
        guessed.rows, guessed.matched
    );
    text += &format!("table pheno from {format} \"{}\" {{\n  key = {}\n", quoted(path), spelt(key));
    let writable = |column: &&GuessedColumn| !column.name.is_empty() && !column.name.contains('`');
    let known: Vec<&GuessedColumn> =
        guessed.columns.iter().filter(writable).filter(|column| column.kind.is_some()).collect();
    for column in known.iter().take(MOST_COLUMNS) {
        text += &format!("  # {}\n", remark(column));
        let kind = column.kind.map(word).unwrap_or_default();
        text += &format!("  column {} : {kind}\n", spelt(&column.name));
    }
    if known.len() > MOST_COLUMNS {
        text +=
            &format!("  # and {} more columns: declare those that you need\n", known.len() - MOST_COLUMNS);
    }
    let rest: Vec<&str> =
        guessed.columns.iter().filter(|c| c.kind.is_none()).map(|c| c.name.as_str()).collect();
    if !rest.is_empty() {
        text += &format!(
            "  # not declared, neither numbers nor a few words: {}\n",
            listed(&rest, 5).replace('`', "")
        );
    }
    text + "}"
}

/// What was seen in a column.
fn remark(column: &GuessedColumn) -> String {
    let mut remark = format!("{} different values", column.distinct);
    if column.missing > 0 {
        remark += &format!(", {} missing", column.missing);
    }
    if column.minus_nine > 0 {
        remark += &format!(
            ", -9 {} times: if that means missing, add missing = [\"NA\", \"-9\"]",
            column.minus_nine
        );
    }
    remark
}

/// A name as a spec has it.
fn spelt(name: &str) -> String {
    if is_bare_name(name) { name.to_owned() } else { format!("`{name}`") }
}

/// A text as a spec has it between quotes.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn word(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Continuous => "continuous",
        ColumnKind::Binary => "binary",
        ColumnKind::Ordinal => "ordinal",
        ColumnKind::Count => "count",
        ColumnKind::Categorical => "categorical",
    }
}
