//! Contig names: from the prior's naming to the genotypes', and what to do when they differ.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Contigs;

use super::error::{self, Faults};
use super::text;
use super::types::Intervals;

/// How contig names of a prior become those of the genotypes.
#[derive(Clone, Debug, PartialEq)]
pub struct Renaming {
    rule: Contigs,
    table: FxHashMap<String, String>,
}

impl Renaming {
    /// The renaming that `contigs` asks for; `table` is the shown name and the bytes of the
    /// two-column TSV of [`Contigs::File`], without a header: prior's name, genotypes' name.
    ///
    /// # Errors
    /// `E0302` for a malformed table, and when `contigs` names a table that is not given.
    pub fn new(contigs: &Contigs, table: Option<(&str, &[u8])>) -> Result<Self, Diagnostics> {
        let table = match (contigs, table) {
            (Contigs::File(_), Some((file, bytes))) => read_table(file, bytes)?,
            (Contigs::File(path), None) => return Err(error::empty(path, "contig names").into()),
            _ => FxHashMap::default(),
        };
        Ok(Self { rule: contigs.clone(), table })
    }

    /// The genotypes' name of a contig; names that the rule does not touch stay.
    #[must_use]
    pub fn rename(&self, contig: &str) -> String {
        let renamed = match &self.rule {
            Contigs::Same => None,
            Contigs::Add(prefix) => Some(format!("{prefix}{contig}")),
            Contigs::Strip(prefix) => contig.strip_prefix(prefix.as_str()).map(str::to_owned),
            Contigs::Roman => roman_contig(contig),
            Contigs::File(_) => self.table.get(contig).cloned(),
        };
        renamed.unwrap_or_else(|| contig.to_owned())
    }
}

/// What a prior's contigs and the genotypes' have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct ContigMatch {
    /// Contigs that both name alike.
    pub shared: usize,
    /// Intervals that lie on shared contigs.
    pub intervals_on_shared: usize,
    /// The prior's contigs in the order first seen.
    pub prior_contigs: Vec<String>,
    /// The genotypes' contigs in the order first seen.
    pub genotype_contigs: Vec<String>,
    /// The one-line change that makes most contigs agree; only when none does now.
    pub proposal: Option<Contigs>,
}

/// Compares contig names, and proposes a renaming when none is shared.
///
/// The proposal holds for intervals read under [`Contigs::Same`].
#[must_use]
pub fn contig_match(intervals: &Intervals, genotype_contigs: &[&str]) -> ContigMatch {
    let prior_contigs = distinct(intervals.contigs.iter().map(String::as_str));
    let genotype_contigs = distinct(genotype_contigs.iter().copied());
    let known: FxHashSet<&str> = genotype_contigs.iter().map(String::as_str).collect();
    let shared = prior_contigs.iter().filter(|contig| known.contains(contig.as_str())).count();
    let intervals_on_shared =
        intervals.contigs.iter().filter(|contig| known.contains(contig.as_str())).count();
    let proposal = if shared == 0 { propose(&prior_contigs, &genotype_contigs) } else { None };
    ContigMatch { shared, intervals_on_shared, prior_contigs, genotype_contigs, proposal }
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = FxHashSet::default();
    names.filter(|name| seen.insert(*name)).map(str::to_owned).collect()
}

fn propose(prior: &[String], genotypes: &[String]) -> Option<Contigs> {
    let known: FxHashSet<&str> = genotypes.iter().map(String::as_str).collect();
    let agreeing = |contigs: &Contigs| {
        let renaming = Renaming { rule: contigs.clone(), table: FxHashMap::default() };
        prior.iter().filter(|name| known.contains(renaming.rename(name).as_str())).count()
    };
    let candidates =
        prefixes(prior, genotypes).map(Contigs::Add).chain(prefixes(genotypes, prior).map(Contigs::Strip));
    let mut best: Option<(usize, Contigs)> = None;
    for candidate in candidates.chain([Contigs::Roman]) {
        let count = agreeing(&candidate);
        if count > best.as_ref().map_or(0, |(most, _)| *most) {
            best = Some((count, candidate));
        }
    }
    best.map(|(_, contigs)| contigs)
}

// What stands before a short name in a long one, for the first names of each side.
fn prefixes(short: &[String], long: &[String]) -> impl Iterator<Item = String> {
    let mut found: Vec<String> = Vec::new();
    for long in long.iter().take(200) {
        for short in short.iter().take(200) {
            let Some(prefix) = long.strip_suffix(short.as_str()) else { continue };
            if prefix.ends_with(|c: char| !c.is_ascii_digit()) && !found.iter().any(|known| known == prefix) {
                found.push(prefix.to_owned());
            }
        }
    }
    found.into_iter()
}

// `4` and `chr4` become `IV` and `chrIV`; nothing else is a numbered chromosome.
fn roman_contig(contig: &str) -> Option<String> {
    let digits_at = contig.find(|c: char| c.is_ascii_digit())?;
    let (prefix, digits) = contig.split_at(digits_at);
    let is_prefix = ["", "chr", "chromosome"].iter().any(|known| known.eq_ignore_ascii_case(prefix));
    let number: u32 = digits.parse().ok().filter(|number| (1..=3999).contains(number))?;
    is_prefix.then(|| format!("{prefix}{}", roman(number)))
}

fn roman(mut number: u32) -> String {
    const NUMERALS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut written = String::new();
    for (value, numeral) in NUMERALS {
        while number >= value {
            written.push_str(numeral);
            number -= value;
        }
    }
    written
}

fn read_table(file: &str, bytes: &[u8]) -> Result<FxHashMap<String, String>, Diagnostics> {
    let mut table: FxHashMap<String, String> = FxHashMap::default();
    let mut faults = Faults::default();
    for (number, line) in text::lines(text::decode(bytes, file)?) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split('\t').collect::<Vec<_>>()[..] {
            [from, to] if !from.is_empty() && !to.is_empty() => {
                let earlier = table.insert(from.to_owned(), to.to_owned());
                if let Some(earlier) = earlier.filter(|earlier| earlier != to) {
                    faults.add(number, format!("`{from}` becomes `{to}` here and `{earlier}` above"));
                }
            }
            ref fields => {
                faults.add(number, format!("{} tab-separated names where 2 are needed", fields.len()))
            }
        }
    }
    let help = "each line is the prior's contig name, a tab, and the genotypes' name; no header";
    faults.into_diagnostic(file, help).map_or(Ok(table), |found| Err(found.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(contigs: &Contigs, name: &str) -> String {
        Renaming::new(contigs, None).expect("needs no table").rename(name)
    }

    fn proposed(prior: &[&str], genotypes: &[&str]) -> Option<Contigs> {
        let contigs = prior.iter().map(ToString::to_string).collect();
        contig_match(&Intervals { contigs, ..Intervals::default() }, genotypes).proposal
    }

    #[test]
    fn rules_rename_what_they_touch() {
        assert_eq!(renamed(&Contigs::Add("chr".into()), "1"), "chr1");
        assert_eq!(renamed(&Contigs::Strip("chr".into()), "chr1"), "1");
        assert_eq!(renamed(&Contigs::Strip("chr".into()), "MT"), "MT");
        for (arabic, expected) in
            [("1", "I"), ("4", "IV"), ("chr9", "chrIX"), ("16", "XVI"), ("Mito", "Mito")]
        {
            assert_eq!(renamed(&Contigs::Roman, arabic), expected);
        }
        assert_eq!(renamed(&Contigs::Roman, "scaffold_12"), "scaffold_12");
        assert_eq!(roman(3999), "MMMCMXCIX");
    }

    #[test]
    fn a_table_renames_by_name() {
        let contigs = Contigs::File("names.tsv".into());
        let renaming = Renaming::new(&contigs, Some(("n", b"NC_1\tchrI\r\n"))).expect("reads");
        assert_eq!(
            (renaming.rename("NC_1"), renaming.rename("NC_2")),
            ("chrI".to_owned(), "NC_2".to_owned())
        );
        let wrong = Renaming::new(&contigs, Some(("n", b"a\tb\na\tc\nd\n"))).expect_err("contradicts");
        assert!(wrong.iter().any(|d| d.message.contains("2 lines")), "{wrong:?}");
        assert!(Renaming::new(&contigs, None).is_err());
    }

    #[test]
    fn the_fix_is_proposed() {
        assert_eq!(proposed(&["1", "2", "X"], &["chr1", "chr2", "chrX"]), Some(Contigs::Add("chr".into())));
        assert_eq!(proposed(&["Chr1", "Chr2"], &["1", "2"]), Some(Contigs::Strip("Chr".into())));
        assert_eq!(proposed(&["1", "2"], &["I", "II"]), Some(Contigs::Roman));
        assert_eq!(proposed(&["chr1", "chr2"], &["chrI", "chrII"]), Some(Contigs::Roman));
        assert_eq!(proposed(&["1"], &["chrI", "11"]), None);
        assert_eq!(proposed(&["1", "9"], &["1", "2"]), None);
    }

    #[test]
    fn the_message_holds_the_line_to_add() {
        let contigs = vec!["1".to_owned()];
        let found = contig_match(&Intervals { contigs, ..Intervals::default() }, &["chr1"]);
        let help = |setting: &Contigs| {
            error::contigs_differ("genes", setting, &found).help.expect("says what to do")
        };
        assert!(help(&Contigs::Same).contains("`contigs = add(\"chr\")`"));
        assert!(help(&Contigs::Roman).contains("after `contigs = roman`"));
    }
}
