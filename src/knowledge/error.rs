//! Wording of what can be wrong with a prior's file.
//!
//! `file` is the path as the author wrote it. The caller adds a label at the `prior` item.

use std::io;

use crate::language::diagnostics::{Code, Diagnostic, Place, listed};
use crate::language::spec::{Contigs, Format};

use super::contigs::ContigMatch;
use super::gather::EXAMPLES;

/// Lines that do not follow the format: the first five in words, the rest counted.
#[derive(Debug, Default)]
pub(super) struct Faults {
    first: Vec<(u32, String)>,
    total: usize,
}

impl Faults {
    /// Notes what is wrong with a line.
    pub fn add(&mut self, line: u32, what: impl Into<String>) {
        self.total += 1;
        if self.first.len() < EXAMPLES {
            self.first.push((line, what.into()));
        }
    }

    /// `E0302` when any line is malformed.
    pub fn into_diagnostic(self, file: &str, help: &str) -> Option<Diagnostic> {
        let mut found = match (self.total, self.first.as_slice()) {
            (_, []) => return None,
            (1, [(line, what)]) => Diagnostic::new(Code::E0302, what).within(at(file, *line, "")),
            (total, first) => {
                let message = format!("{total} lines of `{file}` do not follow the format");
                let found = Diagnostic::new(Code::E0302, message);
                first.iter().fold(found, |found, (line, what)| found.within(at(file, *line, what)))
            }
        };
        found = found.help(help);
        let unshown = self.total - self.first.len();
        Some(if unshown > 0 { found.note(format!("and {unshown} more")) } else { found })
    }
}

fn at(file: &str, line: u32, text: impl Into<String>) -> Place {
    Place::new(file, line as usize, text)
}

/// `E0301`: the file cannot be read.
pub fn unreadable(file: &str, why: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("cannot read `{file}`: {why}"))
        .help("check the path: it starts at the folder of data, not at the spec's own folder")
}

/// `E0113`: the file is compressed.
pub fn compressed(file: &str) -> Diagnostic {
    let plain = file.strip_suffix(".gz").or_else(|| file.strip_suffix(".bgz")).unwrap_or(file);
    Diagnostic::new(
        Code::E0113,
        format!("`{file}` is compressed, and this version does not read gzip-compressed priors"),
    )
    .help(format!("uncompress it, `gzip -dc {file} > {plain}.txt`, and name the uncompressed file"))
}

/// `E0302`: the file is UTF-16.
pub fn utf16(file: &str) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{file}` is UTF-16 text; priors are UTF-8"))
        .help(format!("convert it: `iconv -f UTF-16 -t UTF-8 {file}`"))
}

/// `E0302`: a NUL byte, of a binary file or of UTF-16 without its mark.
pub fn nul_byte(file: &str, line: u32) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{file}` holds a NUL byte; this is not a text file"))
        .within(at(file, line, ""))
        .help("name the text file, or convert it to UTF-8 if it is UTF-16")
}

/// `E0302`: a byte that is not UTF-8.
pub fn not_utf8(file: &str, line: u32, byte: u8) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{file}` is not UTF-8 text: it holds the byte 0x{byte:02x}"))
        .within(at(file, line, ""))
        .help(format!("if the file is Latin-1, convert it: `iconv -f LATIN1 -t UTF-8 {file}`"))
}

/// `E0302`: nothing to read.
pub fn empty(file: &str, what: &str) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{file}` holds no {what}"))
        .help("check that this is the file you meant and that it was downloaded whole")
}

/// `E0302`: a GFF3 file without the wanted feature.
pub fn no_such_feature(file: &str, feature: &str, types: &[String]) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{file}` holds no record of type `{feature}`"))
        .note(format!("its types: {}", listed(types, EXAMPLES)))
        .help("name the type that you want, such as `feature = \"mRNA\"`, in the prior's block")
}

/// Help of `E0303` when the header looks commented out.
pub const HEADER_IN_COMMENT: &str =
    "the header line starts with `#`, which makes it a comment: remove the `#`";

/// `E0303`: a column that the prior names is not in the header, or stands there twice.
pub fn column_missing(file: &str, line: u32, column: &str, header: &[String], times: usize) -> Diagnostic {
    let message = match times {
        0 => format!("the header of `{file}` has no column `{column}`"),
        _ => format!("the header of `{file}` has the column `{column}` {times} times"),
    };
    let found = Diagnostic::new(Code::E0303, message)
        .within(at(file, line, "the header"))
        .note(format!("columns: {}", listed(header, 20)));
    match header {
        [only] if only.contains([',', ';', '\t']) => found.help(
            "the header is a single column: is the file `csv` where the spec says `tsv`, or the reverse?",
        ),
        _ => found.help("name one of these columns in the prior's block; upper and lower case differ"),
    }
}

/// `W0318`: members or sets that stand more than once in a gene-set file.
pub fn repeated_in_set(
    file: &str,
    members: usize,
    member_examples: &[(String, String, u32)],
    sets: &[(String, u32)],
) -> Diagnostic {
    let mut parts = Vec::new();
    if members > 0 {
        parts.push(format!("{} repeated within a set", counted(members, "member")));
    }
    if !sets.is_empty() {
        parts.push(format!("{} written again on a later line", counted(sets.len(), "set")));
    }
    let mut found = Diagnostic::new(Code::W0318, format!("`{file}` has {}", parts.join(" and ")));
    for (member, set, line) in member_examples {
        found = found.within(at(file, *line, format!("`{member}` again in `{set}`")).word(member));
    }
    for (set, line) in sets.iter().take(EXAMPLES) {
        found = found.within(at(file, *line, format!("set `{set}` again")).word(set));
    }
    found.help(
        "each member counts once, and lines of one set were joined; remove the repetitions if that is wrong",
    )
}

/// `W0318`: several records of one interval were merged.
pub fn merged_intervals(file: &str, records: usize, examples: &[(String, u32)]) -> Diagnostic {
    let mut found = Diagnostic::new(
        Code::W0318,
        format!(
            "{records} records of `{file}` repeat an id and were merged into the interval that spans them"
        ),
    );
    for (id, line) in examples {
        found = found.within(at(file, *line, format!("`{id}` again")).word(id));
    }
    found
        .help("use ids that name one gene each; a name shared by distant genes gives a far too wide interval")
}

/// `W0320`: ids that a spreadsheet may have turned into dates or numbers.
pub fn mangled(file: &str, total: usize, examples: &[(String, u32)]) -> Diagnostic {
    let mut found = Diagnostic::new(
        Code::W0320,
        format!("`{file}` has {} like a date or number made by a spreadsheet", counted(total, "id")),
    );
    for (id, line) in examples {
        found = found.within(at(file, *line, format!("`{id}` may have been another name")).word(id));
    }
    found.help("take the file from its source again, not from a spreadsheet: `MARCH1` becomes `1-Mar` there")
}

/// `E0311`: the prior and the genotypes name no contig alike.
///
/// `setting` is what the prior's block says now; `prior` names the prior item.
pub fn contigs_differ(prior: &str, setting: &Contigs, found: &ContigMatch) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0311,
        format!(
            "no contig of prior `{prior}` is a contig of the genotypes: {} against {}",
            listed(&found.prior_contigs, EXAMPLES),
            listed(&found.genotype_contigs, EXAMPLES)
        ),
    );
    match (&found.proposal, setting) {
        (Some(fix), Contigs::Same) => {
            diagnostic.help(format!("add to the block of `{prior}`: `contigs = {}`", written(fix)))
        }
        (_, Contigs::Same) => diagnostic.help(
            "write a two-column TSV, the prior's name and the genotypes' name, and add `contigs = \"names.tsv\"`",
        ),
        (_, now) => diagnostic.help(format!(
            "these are the prior's names after `contigs = {}`: correct or remove that line",
            written(now)
        )),
    }
}

pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn written(contigs: &Contigs) -> String {
    match contigs {
        Contigs::Same => "same".to_owned(),
        Contigs::Add(prefix) => format!("add(\"{prefix}\")"),
        Contigs::Strip(prefix) => format!("strip(\"{prefix}\")"),
        Contigs::Roman => "roman".to_owned(),
        Contigs::File(path) => format!("\"{path}\""),
    }
}

/// `E0113`: the format holds no prior that this version reads from a file.
pub fn no_reader(file: &str, format: Format) -> Diagnostic {
    let format = format!("{format:?}").to_lowercase();
    Diagnostic::new(Code::E0113, format!("`{file}` of format `{format}` cannot be read as this prior"))
        .help("priors are read from `tsv`, `csv`, `gff3` and `gmt`, each with its own columns in the block")
}
