//! What can be said of an identifier by its look alone.
//!
//! Identifiers are opaque: nothing here changes one, it only raises suspicion.

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Whether a spreadsheet may have turned a gene name into this date or number: `1-Mar`,
/// `Sep-02`, `1E+05`, `2.31E+13`.
#[must_use]
pub fn looks_mangled(id: &str) -> bool {
    is_date(id) || is_scientific(id)
}

/// Whether the id ends in a version as Ensembl and RefSeq write it: letters, digits, a dot,
/// one to three digits (`ENSG00000141510.12`).
#[must_use]
pub fn has_version_suffix(id: &str) -> bool {
    without_version_suffix(id).is_some()
}

/// The id without its version; `None` when it has none.
#[must_use]
pub fn without_version_suffix(id: &str) -> Option<&str> {
    let (stem, version) = id.rsplit_once('.')?;
    let is_version = (1..=3).contains(&version.len()) && all_digits(version);
    let is_accession = stem.starts_with(|c: char| c.is_ascii_alphabetic())
        && stem.ends_with(|c: char| c.is_ascii_digit())
        && stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (is_version && is_accession).then_some(stem)
}

fn is_date(id: &str) -> bool {
    let Some((left, right)) = id.split_once('-') else { return false };
    let is_month = |part: &str| MONTHS.iter().any(|month| month.eq_ignore_ascii_case(part));
    let is_number = |part: &str| matches!(part.len(), 1 | 2 | 4) && all_digits(part);
    (is_number(left) && is_month(right)) || (is_month(left) && is_number(right))
}

fn is_scientific(id: &str) -> bool {
    let Some((mantissa, exponent)) = id.split_once("E+") else { return false };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    whole.len() == 1 && [whole, decimals, exponent].into_iter().all(all_digits)
}

fn all_digits(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_numbers_are_suspected_and_genes_are_not() {
        for id in ["1-Mar", "2-Sep", "Sep-02", "1-MAR", "1E+05", "2.31E+13"] {
            assert!(looks_mangled(id), "{id}");
        }
        for id in ["MARCH1", "SEPT2", "HLA-A", "YDL247W-A", "1-Marker", "E+05", "12E+05", "GO:0000059", ""] {
            assert!(!looks_mangled(id), "{id}");
        }
    }

    #[test]
    fn versions_are_seen_and_part_of_names_is_not() {
        assert_eq!(without_version_suffix("ENSG00000141510.12"), Some("ENSG00000141510"));
        assert!(has_version_suffix("NM_000546.6"));
        for id in ["AC148152.3_FG001", "ENSG00000141510", "grain.yield", "1.5", "GRMZM2G010452.", "a.1"] {
            assert!(!has_version_suffix(id), "{id}");
        }
    }
}
