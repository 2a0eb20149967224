//! Builders that keep order, fold repetitions, and count what they fold.
//!
//! [`Pairs`] becomes an [`Incidence`]; [`Places`] becomes [`Intervals`], one a name.

use rustc_hash::{FxHashMap, FxHashSet};

use super::types::{Incidence, Intervals, Strand};

/// How many examples of a finding are kept.
pub(super) const EXAMPLES: usize = 5;

/// Gathers pairs source → target.
#[derive(Default)]
pub(super) struct Pairs {
    sources: Names,
    targets: Names,
    members: Vec<Vec<(u32, u32)>>,
    seen: FxHashSet<(u32, u32)>,
    folded: usize,
    folded_examples: Vec<(String, String, u32)>,
}

impl Pairs {
    /// The index of a target, which is new when `true`.
    pub fn target(&mut self, name: &str) -> (u32, bool) {
        let (index, is_new) = self.targets.index_of(name);
        if is_new {
            self.members.push(Vec::new());
        }
        (index, is_new)
    }

    /// Adds a pair; a repetition is counted instead.
    pub fn add(&mut self, source: &str, target: u32, line: u32) {
        let (member, _) = self.sources.index_of(source);
        if self.seen.insert((member, target)) {
            self.members[target as usize].push((member, line));
            return;
        }
        self.folded += 1;
        if self.folded_examples.len() < EXAMPLES {
            let target = self.targets.list[target as usize].clone();
            self.folded_examples.push((source.to_owned(), target, line));
        }
    }

    /// Compressed rows by target.
    pub fn finish(self) -> Incidence {
        let mut offsets = vec![0];
        let (mut members, mut lines) = (Vec::new(), Vec::new());
        for row in self.members {
            members.extend(row.iter().map(|&(member, _)| member));
            lines.extend(row.iter().map(|&(_, line)| line));
            offsets.push(members.len());
        }
        Incidence {
            sources: self.sources.list,
            targets: self.targets.list,
            offsets,
            members,
            lines,
            weights: Vec::new(),
            signs: Vec::new(),
            folded: self.folded,
            folded_examples: self.folded_examples,
        }
    }
}

/// One record of an interval.
pub(super) struct Place<'a> {
    pub name: &'a str,
    pub contig: String,
    pub start: u64,
    pub end: u64,
    pub strand: Strand,
}

/// Gathers named intervals; records of one name are merged to the interval that spans them.
#[derive(Default)]
pub(super) struct Places {
    index: Names,
    intervals: Intervals,
    merged: usize,
    merged_examples: Vec<(String, u32)>,
}

impl Places {
    /// Adds a record.
    ///
    /// # Errors
    /// When the name already stands on another contig; the text says so.
    pub fn add(&mut self, place: Place<'_>, line: u32) -> Result<(), String> {
        let (at, is_new) = self.index.index_of(place.name);
        let found = &mut self.intervals;
        if is_new {
            found.names.push(place.name.to_owned());
            found.contigs.push(place.contig);
            found.starts.push(place.start);
            found.ends.push(place.end);
            found.strands.push(place.strand);
            found.lines.push(line);
            return Ok(());
        }
        let at = at as usize;
        if found.contigs[at] != place.contig {
            return Err(format!(
                "`{}` stands on contig `{}` here and on `{}` in line {}",
                place.name, place.contig, found.contigs[at], found.lines[at]
            ));
        }
        found.starts[at] = found.starts[at].min(place.start);
        found.ends[at] = found.ends[at].max(place.end);
        if found.strands[at] != place.strand {
            found.strands[at] = Strand::Unknown;
        }
        self.merged += 1;
        if self.merged_examples.len() < EXAMPLES {
            self.merged_examples.push((place.name.to_owned(), line));
        }
        Ok(())
    }

    /// Counts a record whose start stood after its end.
    pub fn count_turned(&mut self) {
        self.intervals.turned += 1;
    }

    /// The intervals, how many records were merged into earlier ones, and the first of these.
    pub fn finish(self) -> (Intervals, usize, Vec<(String, u32)>) {
        (self.intervals, self.merged, self.merged_examples)
    }
}

#[derive(Default)]
struct Names {
    list: Vec<String>,
    index: FxHashMap<String, u32>,
}

impl Names {
    fn index_of(&mut self, name: &str) -> (u32, bool) {
        if let Some(&known) = self.index.get(name) {
            return (known, false);
        }
        let new = self.index.len() as u32;
        self.index.insert(name.to_owned(), new);
        self.list.push(name.to_owned());
        (new, true)
    }
}
