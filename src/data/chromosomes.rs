//! Which variants a genotype set offers: filters on `chrom`, `pos`, `id`, and the contigs that
//! stay out of links and relationships unless a filter names them.
//!
//! Identifiers are compared as texts; a `chr` prefix matters only to recognise sex chromosomes.

use super::error::genotypes as error;
use super::types::Variant;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Attribute, Comparison, Scalar};
use crate::language::syntax::ast::Operator;
use indexmap::IndexMap;
use rustc_hash::FxHashSet;

/// Why a contig is left out by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// X, or 23 in PLINK's numbering.
    X,
    /// Y, or 24.
    Y,
    /// The part of X and Y that recombines: XY, PAR1, PAR2, or 25.
    PseudoAutosomal,
    /// MT, M, or 26.
    Mitochondrion,
    /// 0.
    Unplaced,
}

impl Reason {
    /// The reason in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::X => "X chromosome",
            Self::Y => "Y chromosome",
            Self::PseudoAutosomal => "pseudo-autosomal region",
            Self::Mitochondrion => "mitochondrion",
            Self::Unplaced => "unplaced",
        }
    }
}

/// The variants that a genotype set offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Rows of the .bim that are offered, ascending.
    pub rows: Vec<u32>,
    /// How many a `keep` filter refused.
    pub filtered: usize,
    /// Contig, count and reason of those left out by default, in file order.
    pub left_out: Vec<(String, usize, Reason)>,
}

/// Applies a set's `keep` filter and the default exclusions.
///
/// A contig stays when the filter names it by `==` or `in`. `W0321` tells what was left out.
#[must_use]
pub fn select(name: &str, variants: &[Variant], filter: &[Comparison]) -> (Selection, Option<Diagnostic>) {
    let reasons = left_out(variants);
    let mut counts: IndexMap<&str, (usize, Reason)> = IndexMap::new();
    let mut selection = Selection { rows: Vec::new(), filtered: 0, left_out: Vec::new() };
    for (row, variant) in variants.iter().enumerate() {
        if !matches(variant, filter) {
            selection.filtered += 1;
        } else if let Some(reason) = reasons[row].filter(|_| !names_contig(filter, &variant.chromosome)) {
            counts.entry(&variant.chromosome).or_insert((0, reason)).0 += 1;
        } else {
            selection.rows.push(row as u32);
        }
    }
    selection.left_out =
        counts.into_iter().map(|(contig, (count, reason))| (contig.to_string(), count, reason)).collect();
    let warning = warning(name, &selection.left_out);
    (selection, warning)
}

/// For each variant, why it is left out by default, if it is.
///
/// Numbers 23 to 26 are PLINK's codes only where no contig has a higher number and none is
/// called X, Y or MT: cattle have 29 autosomes. Where contigs are Roman numerals, as in yeast,
/// `X` is the tenth and stays.
#[must_use]
pub fn left_out(variants: &[Variant]) -> Vec<Option<Reason>> {
    let contigs: FxHashSet<&str> = variants.iter().map(|variant| bare(&variant.chromosome)).collect();
    let any = |test: &dyn Fn(&&str) -> bool| variants.iter().any(|variant| test(&bare(&variant.chromosome)));
    let roman = any(&|contig| is_roman(contig));
    let named =
        ["X", "Y", "MT", "M", "XY", "x", "y", "mt", "m", "Mt"].iter().any(|name| contigs.contains(name));
    let many = any(&|contig| contig.parse::<u32>().is_ok_and(|number| number > 26));
    let coded = !named && !many;
    variants.iter().map(|variant| reason(bare(&variant.chromosome), roman, coded)).collect()
}

/// Whether a variant passes all comparisons.
///
/// A variant without a position fails every comparison of `pos`.
#[must_use]
pub fn matches(variant: &Variant, filter: &[Comparison]) -> bool {
    filter.iter().all(|comparison| match comparison.attribute {
        Attribute::Chromosome => text_matches(&variant.chromosome, comparison),
        Attribute::Id => text_matches(&variant.id, comparison),
        Attribute::Position => variant.position.is_some_and(|at| position_matches(at, comparison)),
    })
}

fn warning(name: &str, left_out: &[(String, usize, Reason)]) -> Option<Diagnostic> {
    let total: usize = left_out.iter().map(|(_, count, _)| count).sum();
    let counts: Vec<(String, usize, &str)> =
        left_out.iter().map(|(contig, count, reason)| (contig.clone(), *count, reason.words())).collect();
    let keep: Vec<String> = left_out.iter().map(|(contig, ..)| format!("\"{contig}\"")).collect();
    (total > 0).then(|| error::contigs_left_out(name, total, &counts, &keep.join(", ")))
}

fn bare(contig: &str) -> &str {
    match contig.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case("chr") => &contig[3..],
        _ => contig,
    }
}

fn reason(contig: &str, roman: bool, coded: bool) -> Option<Reason> {
    match contig.to_ascii_uppercase().as_str() {
        "X" if roman => None,
        "X" => Some(Reason::X),
        "Y" => Some(Reason::Y),
        "XY" | "PAR1" | "PAR2" => Some(Reason::PseudoAutosomal),
        "MT" | "M" => Some(Reason::Mitochondrion),
        "0" => Some(Reason::Unplaced),
        "23" if coded => Some(Reason::X),
        "24" if coded => Some(Reason::Y),
        "25" if coded => Some(Reason::PseudoAutosomal),
        "26" if coded => Some(Reason::Mitochondrion),
        _ => None,
    }
}

/// A Roman numeral up to 39 other than `X` itself.
fn is_roman(contig: &str) -> bool {
    let units = contig.trim_start_matches('X');
    let tens = contig.len() - units.len();
    let known = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    tens <= 3 && !contig.is_empty() && contig != "X" && known.contains(&units)
}

fn names_contig(filter: &[Comparison], contig: &str) -> bool {
    filter.iter().any(|comparison| {
        comparison.attribute == Attribute::Chromosome
            && matches!(comparison.operator, Operator::Equal | Operator::In)
            && text_matches(contig, comparison)
    })
}

fn text_matches(text: &str, comparison: &Comparison) -> bool {
    let compare = |value: &Scalar| match value {
        Scalar::Text(wanted) => text.cmp(wanted),
        Scalar::Number(wanted) => text.cmp(&wanted.to_string()),
    };
    holds(comparison, compare)
}

fn position_matches(at: u64, comparison: &Comparison) -> bool {
    let compare = |value: &Scalar| match value {
        Scalar::Number(wanted) => (at as f64).total_cmp(wanted),
        Scalar::Text(wanted) => at.to_string().as_str().cmp(wanted),
    };
    holds(comparison, compare)
}

fn holds(comparison: &Comparison, compare: impl Fn(&Scalar) -> std::cmp::Ordering) -> bool {
    comparison.values.iter().any(|value| {
        let order = compare(value);
        match comparison.operator {
            Operator::Equal | Operator::In => order.is_eq(),
            Operator::NotEqual => order.is_ne(),
            Operator::AtMost => order.is_le(),
            Operator::AtLeast => order.is_ge(),
            Operator::Less => order.is_lt(),
            Operator::Greater => order.is_gt(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::source::Span;

    fn on(contigs: &[&str]) -> Vec<Variant> {
        let variant = |(row, contig): (usize, &&str)| Variant {
            chromosome: contig.to_string(),
            id: format!("v{row}"),
            position: (row > 0).then_some(100 * row as u64),
            allele1: "A".into(),
            allele2: "C".into(),
        };
        contigs.iter().enumerate().map(variant).collect()
    }

    fn comparison(attribute: Attribute, operator: Operator, values: Vec<Scalar>) -> Comparison {
        Comparison { attribute, operator, values, span: Span::default() }
    }

    #[test]
    fn sex_mitochondria_and_unplaced_stay_out() {
        let reasons = left_out(&on(&["1", "chr2", "X", "chrY", "XY", "chrM", "MT", "0", "22"]));
        let names: Vec<Option<&str>> = reasons.into_iter().map(|reason| reason.map(Reason::words)).collect();
        let (x, y) = (Some("X chromosome"), Some("Y chromosome"));
        let (both, mt) = (Some("pseudo-autosomal region"), Some("mitochondrion"));
        assert_eq!(names, [None, None, x, y, both, mt, mt, Some("unplaced"), None]);
    }

    #[test]
    fn numbers_are_codes_only_where_nothing_speaks_against_it() {
        let count = |contigs: &[&str]| left_out(&on(contigs)).into_iter().flatten().count();
        assert_eq!(count(&["1", "23", "24", "25", "26"]), 4);
        assert_eq!(count(&["1", "23", "29"]), 0, "cattle have 29 autosomes");
        assert_eq!(count(&["1", "23", "X"]), 1, "a named X leaves 23 an autosome");
    }

    #[test]
    fn the_tenth_chromosome_of_yeast_stays() {
        assert_eq!(left_out(&on(&["chrI", "chrII", "chrX", "chrXVI"])), [None; 4]);
        assert_eq!(left_out(&on(&["chrI", "chrX", "chrM"]))[2], Some(Reason::Mitochondrion));
        assert_eq!(left_out(&on(&["chr1", "chrX"]))[1], Some(Reason::X));
    }

    #[test]
    fn a_filter_that_names_a_contig_keeps_it() {
        let variants = on(&["1", "X", "Y", "X"]);
        let (selection, warning) = select("snps", &variants, &[]);
        assert_eq!(selection.rows, [0]);
        let warning = warning.expect("a warning");
        assert!(warning.notes.contains(&"contig `X` (X chromosome): 2 variants".to_string()));
        let texts = |names: &[&str]| names.iter().map(|name| Scalar::Text(name.to_string())).collect();
        let keep = comparison(Attribute::Chromosome, Operator::In, texts(&["1", "X"]));
        let (selection, warning) = select("snps", &variants, &[keep]);
        assert_eq!((selection.rows, selection.filtered, warning), (vec![0, 1, 3], 1, None));
        let others = comparison(Attribute::Chromosome, Operator::NotEqual, texts(&["1"]));
        assert!(select("snps", &variants, &[others]).0.rows.is_empty(), "`!=` names no contig to keep");
    }

    #[test]
    fn comparisons_read_numbers_and_texts() {
        let variants = on(&["1", "2", "2"]);
        let passing = |filter: Comparison| -> Vec<usize> {
            (0..3).filter(|row| matches(&variants[*row], std::slice::from_ref(&filter))).collect()
        };
        let number = |value| vec![Scalar::Number(value)];
        assert_eq!(passing(comparison(Attribute::Chromosome, Operator::Equal, number(2.0))), [1, 2]);
        assert_eq!(passing(comparison(Attribute::Position, Operator::AtMost, number(100.0))), [1]);
        assert_eq!(passing(comparison(Attribute::Position, Operator::Greater, number(100.0))), [2]);
        let id = vec![Scalar::Text("v0".into())];
        assert_eq!(passing(comparison(Attribute::Id, Operator::NotEqual, id)), [1, 2]);
    }
}
