//! Pairs of names: GMT, OBO, GAF, Reactome's relations, lists and tables of edges, GenNet's topology;
//! the first byte chooses.

use std::sync::LazyLock;

use binnc::knowledge::How;
use binnc::language::spec::{Format, GeneNames, Reading};

use super::{parts, priors};

type Way = (Reading, Format, Option<&'static str>, Option<&'static str>);

static READINGS: LazyLock<[Way; 13]> = LazyLock::new(|| {
    let all = vec!["is_a".to_owned(), "part_of".to_owned()];
    let gaf = |names, evidence: &[&str]| Reading::Gaf {
        names,
        evidence: evidence.iter().map(|code| (*code).to_owned()).collect(),
    };
    let edges = || Reading::Edges { source: "gene".into(), target: "set".into() };
    let topology = || Reading::Topology { from: "layer0".into(), to: "layer1".into() };
    [
        (Reading::Gmt, Format::Gmt, None, None),
        (Reading::Obo { relations: all }, Format::Obo, None, None),
        (Reading::Obo { relations: vec!["is_a".into()] }, Format::Obo, None, None),
        (gaf(GeneNames::Symbol, &[]), Format::Gaf, None, None),
        (gaf(GeneNames::Id, &["IDA", "IEA"]), Format::Gaf, None, None),
        (Reading::Reactome, Format::Reactome, None, None),
        (Reading::EdgeList, Format::Edges, None, None),
        (Reading::EdgeList, Format::Edges, Some("3"), Some("4")),
        (topology(), Format::Topology, None, None),
        (topology(), Format::Topology, Some("w"), Some("s")),
        (edges(), Format::Tsv, None, None),
        (edges(), Format::Tsv, Some("w"), Some("s")),
        (edges(), Format::Csv, Some("w"), None),
    ]
});

/// Reads pairs of names.
pub fn check(bytes: &[u8]) {
    let (choice, content) = parts::choice(bytes, READINGS.len());
    let (reading, format, weight, sign) = &READINGS[choice];
    let how = How { weight: *weight, sign: *sign, ..priors::how(reading, *format) };
    priors::check(how, content, b"");
}
