//! What a prior's file says, short enough to be reviewed and long enough to name what changed.
//!
//! One line a set or interval. Order and spelling of the file's lines do not show: files that
//! say the same have the same contents.

use crate::knowledge::{Incidence, Intervals, Knowledge, Strand};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Beyond so many sets or intervals only counts are kept: nobody reviews more lines than that.
const MOST_NAMES: usize = 20_000;

/// What a prior's file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// Pairs or intervals that stand in the file, repetitions included.
    pub records: usize,
    /// Distinct names.
    pub nodes: usize,
    /// Distinct pairs.
    pub edges: usize,
    /// Each set with the number of its members and a short digest of them, or each interval
    /// with its place; empty beyond 20,000.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
}

impl Contents {
    /// The contents of what was read.
    #[must_use]
    pub fn of(knowledge: &Knowledge) -> Self {
        match knowledge {
            Knowledge::Pairs(pairs) => Self {
                records: pairs.members.len() + pairs.folded,
                nodes: pairs.sources.len() + pairs.targets.len(),
                edges: pairs.members.len(),
                names: listed(pairs.targets.len(), |set| (pairs.targets[set].clone(), members(pairs, set))),
            },
            Knowledge::Intervals(intervals) => Self {
                records: intervals.names.len(),
                nodes: intervals.names.len(),
                edges: 0,
                names: listed(intervals.names.len(), |at| {
                    (intervals.names[at].clone(), place(intervals, at))
                }),
            },
        }
    }
}

fn listed(count: usize, line: impl Fn(usize) -> (String, String)) -> BTreeMap<String, String> {
    if count > MOST_NAMES { BTreeMap::new() } else { (0..count).map(line).collect() }
}

/// Such as `12 9f3ac21b`; weights and signs are part of the digest.
fn members(pairs: &Incidence, set: usize) -> String {
    let run = pairs.offsets[set]..pairs.offsets[set + 1];
    let mut members: Vec<(&str, u32, i8)> = run
        .map(|at| {
            let weight = pairs.weights.get(at).map_or(0, |weight| weight.to_bits());
            let sign = pairs.signs.get(at).copied().unwrap_or(0);
            (pairs.sources[pairs.members[at] as usize].as_str(), weight, sign)
        })
        .collect();
    members.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for (name, weight, sign) in &members {
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
        hasher.update(&weight.to_le_bytes());
        hasher.update(&sign.to_le_bytes());
    }
    format!("{} {}", members.len(), &hasher.finalize().to_hex()[..8])
}

/// Such as `1:1200-3400 +`.
fn place(intervals: &Intervals, at: usize) -> String {
    let strand = match intervals.strands[at] {
        Strand::Forward => " +",
        Strand::Reverse => " -",
        Strand::Unknown => "",
    };
    format!("{}:{}-{}{strand}", intervals.contigs[at], intervals.starts[at], intervals.ends[at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::pairs;

    #[test]
    fn order_of_lines_does_not_show() {
        let one = Contents::of(&Knowledge::Pairs(pairs([("a", "S"), ("b", "S"), ("c", "T")])));
        let other = Contents::of(&Knowledge::Pairs(pairs([("c", "T"), ("b", "S"), ("a", "S")])));
        assert_eq!(one, other);
        assert_eq!((one.records, one.nodes, one.edges), (3, 5, 3));
        assert_eq!(one.names.keys().collect::<Vec<_>>(), ["S", "T"]);
    }

    #[test]
    fn another_member_shows_in_its_set_alone() {
        let one = Contents::of(&Knowledge::Pairs(pairs([("a", "S"), ("b", "S"), ("c", "T")])));
        let other = Contents::of(&Knowledge::Pairs(pairs([("a", "S"), ("bb", "S"), ("c", "T")])));
        assert_ne!(one.names["S"], other.names["S"]);
        assert_eq!(one.names["T"], other.names["T"]);
        // `a`, `bc` must not read as `ab`, `c`.
        let two = |first, second| Contents::of(&Knowledge::Pairs(pairs([(first, "S"), (second, "S")])));
        assert_ne!(two("a", "bc"), two("ab", "c"));
    }

    #[test]
    fn a_huge_prior_keeps_its_counts_alone() {
        let names: Vec<String> = (0..=MOST_NAMES).map(|at| format!("S{at}")).collect();
        let made = pairs(names.iter().map(|set| ("a", set.as_str())));
        let contents = Contents::of(&Knowledge::Pairs(made));
        assert!(contents.names.is_empty());
        assert_eq!(contents.edges, MOST_NAMES + 1);
    }
}
