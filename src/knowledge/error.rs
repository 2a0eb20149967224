//! Wording of what can be wrong with a prior's file.
//!
//! `file` is the path as the author wrote it. The caller adds a label at the `prior` item.

use std::io;

use crate::io::gzip::Fault;
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

/// Pairs that stand more than once with different weights or signs.
#[derive(Debug, Default)]
pub(super) struct Conflicts {
    first: Vec<([u32; 2], String, String)>,
    total: usize,
}

impl Conflicts {
    /// Notes the lines of a pair, source and target, that was given two values.
    pub fn add(&mut self, lines: [u32; 2], names: impl FnOnce() -> (String, String)) {
        self.total += 1;
        let at = self.first.partition_point(|(earlier, ..)| earlier[1] <= lines[1]);
        if at < EXAMPLES {
            let (source, target) = names();
            self.first.insert(at, (lines, source, target));
            self.first.truncate(EXAMPLES);
        }
    }

    /// `E0404` when there is any.
    pub fn into_diagnostic(self, file: &str) -> Option<Diagnostic> {
        let ([earlier, again], source, target) = self.first.first()?;
        let pairs = counted(self.total, "repeated pair");
        let verb = if self.total == 1 { "has" } else { "have" };
        let message = format!("{pairs} of `{file}` {verb} another weight or sign than before");
        let mut found = Diagnostic::new(Code::E0404, message)
            .within(at(file, *again, format!("`{source}` -> `{target}` again, with another value")))
            .within(at(file, *earlier, "given first here"));
        for ([earlier, again], source, target) in &self.first[1..] {
            found = found.note(format!("also `{source}` -> `{target}` in lines {earlier} and {again}"));
        }
        let unshown = self.total - self.first.len();
        let found = if unshown > 0 { found.note(format!("and {unshown} more")) } else { found };
        Some(found.help("keep one line of each such pair; which of them holds cannot be told from here"))
    }
}

/// `E0301`: the file cannot be read.
pub fn unreadable(file: &str, why: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("cannot read `{file}`: {why}"))
        .help("check the path: it starts at the folder of data, not at the spec's own folder")
}

/// `E0302` or `E0111`: the file is compressed and cannot be unpacked.
pub fn packed(file: &str, fault: Fault) -> Diagnostic {
    if fault == Fault::TooLarge {
        return Diagnostic::new(Code::E0111, format!("`{file}` is too large: {fault}"))
            .help("check that this is the file you meant: texts do not shrink a thousandfold");
    }
    let found = Diagnostic::new(Code::E0302, format!("`{file}` is not whole: {fault}"));
    match fault {
        Fault::NoEndBlock(_) => found.help(format!(
            "compare its size with that at its source; if it is whole, end it: `gzip -dc {file} | bgzip > NEW`"
        )),
        _ => found.help("download or copy the file again: `gzip -t` says nothing when it is whole"),
    }
}

/// `E0111`: a text of 4 GB or more.
pub fn too_large(file: &str) -> Diagnostic {
    Diagnostic::new(Code::E0111, format!("`{file}` holds more than 4 GB of text"))
        .help("split the prior by chromosome, or leave out columns that are not read")
}

/// Binary content where text is expected.
pub fn foreign(file: &str, what: &str, remedy: &str) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{file}` is {what}, and plain text is expected here")).help(remedy)
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
        .help("name the type that you want, such as `feature = \"mRNA\"`, in the prior")
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
        _ => found.help("name one of these columns in the prior; upper and lower case differ"),
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
            diagnostic.help(format!("add to prior `{prior}`: `contigs = {}`", written(fix)))
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

/// `E0302`: an ontology without any of the relations asked for.
pub fn no_such_relation(file: &str, wanted: &[String], known: &[String]) -> Diagnostic {
    let found = Diagnostic::new(
        Code::E0302,
        format!("no term of `{file}` has a relation {} to another term", listed(wanted, EXAMPLES)),
    );
    if known.is_empty() {
        return found.help("check that this is the ontology itself, not a list of its terms");
    }
    found
        .note(format!("its relations: {}", listed(known, EXAMPLES)))
        .help("name one of them, such as `relations = [is_a, part_of]`, in the prior")
}

/// `E0302`: a topology file without columns of the wanted layer.
pub fn no_such_level(file: &str, level: &str, levels: &[&str]) -> Diagnostic {
    let found =
        Diagnostic::new(Code::E0302, format!("`{file}` has no columns `{level}_node` and `{level}_name`"));
    if levels.is_empty() {
        return found.help(
            "a topology file of GenNet is a csv with the columns `layer0_node,layer0_name,layer1_node,…`; \
             read other tables by `csv` with `source` and `target`",
        );
    }
    found
        .note(format!("its layers: {}", listed(levels, EXAMPLES)))
        .help("name two of these layers in the prior, such as `from = \"layer0\"  to = \"layer1\"`")
}

/// `W0322`: annotations with ids that the ontology has merged or retired.
///
/// Each example is the id and the one that took its place, if the ontology names it.
pub fn outdated_terms(
    annotations: &str,
    ontology: &str,
    count: usize,
    examples: &[(&str, Option<&str>)],
) -> Diagnostic {
    let (verb, which) = if count == 1 { ("is", "its place") } else { ("are", "their place") };
    let mut found = Diagnostic::new(
        Code::W0322,
        format!(
            "{} of prior `{annotations}` {verb} out of use in `{ontology}`, where others took {which}",
            counted(count, "term")
        ),
    );
    for (id, now) in examples.iter().take(EXAMPLES) {
        found = found.note(match now {
            Some(now) => format!("`{id}` is now `{now}`"),
            None => format!("`{id}` is obsolete and was not replaced"),
        });
    }
    found.help("take annotations and ontology of the same date, or write the new ids into the annotations")
}

/// `E0113`: the format holds no prior that this version reads from a file.
pub fn no_reader(file: &str, format: Format) -> Diagnostic {
    let format = format!("{format:?}").to_lowercase();
    Diagnostic::new(Code::E0113, format!("`{file}` of format `{format}` cannot be read as this prior"))
        .help("docs/priors.md shows each format with its fields")
}
