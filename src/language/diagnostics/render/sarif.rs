//! SARIF 2.1.0, the format in which code-scanning services take findings.
//!
//! One document holds every spec of a command and stays within GitHub's limits; paths are
//! relative, and a finding keeps its fingerprint when lines above it move.

use super::part::{Part, Spot};
use super::paths::{Paths, uri};
use crate::language::diagnostics::visible::visible;
use crate::language::diagnostics::{Code, Diagnostic, Severity};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, Location, Message, MultiformatMessageString, PhysicalLocation, PropertyBag, Region,
    ReportingConfiguration, ReportingDescriptor, Result as Finding, ResultLevel, Run, Sarif, Tool,
    ToolComponent,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// Results that GitHub takes in a run.
const MOST_RESULTS: usize = 25_000;
/// Bytes that GitHub takes, compressed.
const MOST_BYTES: usize = 10 << 20;
/// Further places of a finding; GitHub shows a hundred and takes a thousand.
const MOST_PLACES: usize = 99;
/// Characters of a message.
const LONGEST_MESSAGE: usize = 4_000;
/// The rule of notes on what was not checked.
const NOT_CHECKED: &str = "not-checked";
/// The folder that paths are relative to.
const BASE: &str = "%SRCROOT%";
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// All parts as one document, on one line.
#[must_use]
pub fn sarif(parts: &[Part<'_>], paths: &Paths) -> String {
    let mut most = MOST_RESULTS;
    loop {
        let text = document(parts, paths, most);
        if most < 2 || text.len() <= MOST_BYTES || compressed(&text) <= MOST_BYTES {
            return text;
        }
        most /= 2;
    }
}

fn compressed(text: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    written.map_or(usize::MAX, |bytes| bytes.len())
}

fn document(parts: &[Part<'_>], paths: &Paths, most: usize) -> String {
    let mut writer = Writer { paths, seen: BTreeMap::new(), codes: BTreeSet::new() };
    let all = || parts.iter().flat_map(|part| part.found.iter().map(move |finding| (part, finding)));
    let total = all().count() + parts.iter().map(|part| part.notes.len()).sum::<usize>();
    let room = if total > most { most - 1 } else { most };
    let mut results: Vec<Finding> = Vec::new();
    for severity in [Severity::Error, Severity::Warning] {
        let wanted = all().filter(|(_, finding)| finding.code.severity() == severity);
        let left = room - results.len();
        results.extend(wanted.take(left).map(|(part, finding)| writer.finding(part, finding)));
    }
    for part in parts {
        let left = room - results.len();
        results.extend(part.notes.iter().take(left).map(|note| writer.note(part.file, note)));
    }
    if total > results.len() {
        let rest = total - results.len();
        let told = format!("{rest} more findings are left out, to stay within the limits of code scanning");
        results.push(writer.note(parts.first().map_or("", |part| part.file), &told));
    }
    let rules = writer.codes.iter().map(|code| rule(*code)).chain([note_rule()]).collect::<Vec<_>>();
    let driver = ToolComponent::builder()
        .name("binnc")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules)
        .build();
    let base =
        ArtifactLocation::builder().description(message("the folder that binnc was started in")).build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind("unicodeCodePoints")
        .original_uri_base_ids([(BASE.to_owned(), base)].into_iter().collect::<BTreeMap<_, _>>())
        .results(results)
        .build();
    let document = Sarif::builder().schema(SCHEMA).version("2.1.0").runs(vec![run]).build();
    let mut text = serde_json::to_string(&document).expect("strings and numbers always have a JSON form");
    text.push('\n');
    text
}

struct Writer<'p> {
    paths: &'p Paths,
    /// How often a fingerprint was given out.
    seen: BTreeMap<String, usize>,
    codes: BTreeSet<Code>,
}

impl Writer<'_> {
    fn finding(&mut self, part: &Part<'_>, finding: &Diagnostic) -> Finding {
        self.codes.insert(finding.code);
        let spots = part.spots(finding);
        let level = if finding.is_error() { ResultLevel::Error } else { ResultLevel::Warning };
        let result = Finding::builder()
            .rule_id(finding.code.name())
            .level(level)
            .message(message(&self.clean(&part.told(finding))))
            .locations(vec![self.location(&spots[0])])
            .partial_fingerprints(self.fingerprints(finding.code.name(), &finding.message, &spots[0]));
        let related: Vec<Location> =
            spots.iter().skip(1).take(MOST_PLACES).map(|spot| self.location(spot)).collect();
        if related.is_empty() { result.build() } else { result.related_locations(related).build() }
    }

    fn note(&mut self, file: &str, note: &str) -> Finding {
        let spot = Spot { file, line: 1, column: None, end: None, words: "", content: None };
        Finding::builder()
            .rule_id(NOT_CHECKED)
            .level(ResultLevel::Note)
            .message(message(&self.clean(note)))
            .locations(vec![self.location(&spot)])
            .partial_fingerprints(self.fingerprints(NOT_CHECKED, note, &spot))
            .build()
    }

    fn clean(&self, text: &str) -> String {
        let text = visible(&self.paths.hidden(text));
        match text.char_indices().nth(LONGEST_MESSAGE) {
            Some((at, _)) => format!("{}…", &text[..at]),
            None => text,
        }
    }

    fn location(&self, spot: &Spot<'_>) -> Location {
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let mut region = Region::builder().start_line(number(spot.line)).build();
        region.start_column = spot.column.map(number);
        if let Some((line, column)) = spot.end.filter(|_| spot.column.is_some()) {
            region.end_line = Some(number(line));
            region.end_column = Some(number(column));
        }
        let file =
            ArtifactLocation::builder().uri(uri(&self.paths.relative(spot.file))).uri_base_id(BASE).build();
        let place = PhysicalLocation::builder().artifact_location(file).region(region).build();
        let location = Location::builder().physical_location(place);
        match spot.words {
            "" => location.build(),
            words => location.message(message(&self.clean(words))).build(),
        }
    }

    /// Code, file, the names in the message, and the line without white space: no line number.
    fn fingerprints(&mut self, code: &str, told: &str, spot: &Spot<'_>) -> BTreeMap<String, String> {
        let names = told.split('`').skip(1).step_by(2).map(|name| self.paths.hidden(name));
        let line: String = spot.content.unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
        let parts = [code.to_owned(), self.paths.relative(spot.file)];
        let whole: Vec<String> = parts.into_iter().chain(names).chain([line]).collect();
        let hash = blake3::hash(whole.join("\0").as_bytes()).to_hex()[..16].to_string();
        let times = self.seen.entry(hash.clone()).or_insert(0);
        *times += 1;
        [("primaryLocationLineHash".to_owned(), format!("{hash}:{times}"))].into()
    }
}

fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

fn words(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

fn rule(code: Code) -> ReportingDescriptor {
    let page = code.page();
    let body = page.split_once('\n').map_or(page, |(_, body)| body).trim();
    let first = body.split("\n\n").next().unwrap_or(body).replace('\n', " ");
    let level = if code.severity() == Severity::Error { "error" } else { "warning" };
    let help = MultiformatMessageString::builder().text(body).markdown(page).build();
    let about = BTreeMap::from([
        ("precision".to_owned(), json!("very-high")),
        ("problem.severity".to_owned(), json!(level)),
    ]);
    let tags = vec![family(code).to_owned()];
    ReportingDescriptor::builder()
        .id(code.name())
        .name(pascal(code.slug()))
        .short_description(words(&code.slug().replace('-', " ")))
        .full_description(words(&first))
        .help(help)
        .default_configuration(ReportingConfiguration::builder().level(level).build())
        .properties(PropertyBag::builder().tags(tags).additional_properties(about).build())
        .build()
}

fn note_rule() -> ReportingDescriptor {
    let told = "Something that a spec names is not there, so that not everything was checked.";
    ReportingDescriptor::builder()
        .id(NOT_CHECKED)
        .name(pascal(NOT_CHECKED))
        .short_description(words("not checked"))
        .full_description(words(told))
        .help(words(told))
        .default_configuration(ReportingConfiguration::builder().level("note").build())
        .build()
}

/// `topology-cycle` as `TopologyCycle`.
fn pascal(slug: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    slug.split('-').filter(|part| !part.is_empty()).map(word).collect()
}

/// What the first two digits of a code stand for.
fn family(code: Code) -> &'static str {
    match &code.name()[1..3] {
        "01" => "notation",
        "02" => "names",
        "03" => "data",
        "04" => "topology",
        "05" => "shapes",
        "06" => "traits",
        "07" => "leakage",
        "08" => "reproducibility",
        _ => "running",
    }
}
