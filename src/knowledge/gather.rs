//! Builders that keep order, fold repetitions, and count what they fold.
//!
//! [`Pairs`] becomes an [`Incidence`] by a stable counting sort, with one array to tell
//! repetitions; [`Places`] becomes [`Intervals`], one a name.

use super::error::Conflicts;
use super::names::Names;
use super::types::{Incidence, Intervals, Strand};

/// How many examples of a finding are kept.
pub(super) const EXAMPLES: usize = 5;

/// Gathers pairs source → target, all with a weight or none, all with a sign or none.
#[derive(Default)]
pub(super) struct Pairs {
    sources: Names,
    targets: Names,
    rows: Vec<Row>,
    weights: Vec<f32>,
    signs: Vec<i8>,
}

#[derive(Clone, Copy, Default)]
struct Row {
    source: u32,
    target: u32,
    line: u32,
}

impl Pairs {
    /// The index of a target, which is new when `true`.
    pub fn target(&mut self, name: &str) -> (u32, bool) {
        self.targets.index_of(name)
    }

    /// Adds a pair; a repetition is folded in the end.
    pub fn add(&mut self, source: &str, target: u32, line: u32) {
        let (source, _) = self.sources.index_of(source);
        self.rows.push(Row { source, target, line });
    }

    /// The weight and the sign of the pair added last.
    pub fn value(&mut self, weight: Option<f32>, sign: Option<i8>) {
        self.weights.extend(weight);
        self.signs.extend(sign);
    }

    /// How many pairs were added.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Compressed rows by target in file order, and pairs that were given two values.
    pub fn finish(self) -> (Incidence, Conflicts) {
        let order = self.by_target();
        let mut found =
            Incidence { offsets: Vec::with_capacity(self.targets.len() + 1), ..Default::default() };
        found.members.reserve_exact(order.len());
        found.lines.reserve_exact(order.len());
        let mut repeated: Vec<Row> = Vec::new();
        let mut conflicts = Conflicts::default();
        // Where each source stood last among the members: a repetition if in this row.
        let mut place = vec![u32::MAX; self.sources.len()];
        let mut target = 0;
        found.offsets.push(0);
        for at in order {
            let row = self.rows[at as usize];
            while target < row.target {
                found.offsets.push(found.members.len());
                target += 1;
            }
            let start = found.offsets[target as usize] as u32;
            let earlier = place[row.source as usize];
            if earlier == u32::MAX || earlier < start {
                place[row.source as usize] = found.members.len() as u32;
                found.members.push(row.source);
                found.lines.push(row.line);
                found.weights.extend(self.weights.get(at as usize));
                found.signs.extend(self.signs.get(at as usize));
                continue;
            }
            found.folded += 1;
            keep_first(&mut repeated, row);
            let differs = self.weights.get(at as usize) != found.weights.get(earlier as usize)
                || self.signs.get(at as usize) != found.signs.get(earlier as usize);
            if differs {
                let lines = [found.lines[earlier as usize], row.line];
                conflicts
                    .add(lines, || (self.sources.get(row.source).into(), self.targets.get(target).into()));
            }
        }
        found.offsets.resize(self.targets.len() + 1, found.members.len());
        found.folded_examples = repeated
            .iter()
            .map(|row| {
                let (source, target) = (self.sources.get(row.source), self.targets.get(row.target));
                (source.to_owned(), target.to_owned(), row.line)
            })
            .collect();
        found.sources = self.sources.into_list();
        found.targets = self.targets.into_list();
        (found, conflicts)
    }

    // Row numbers sorted by target; those of one target stay in file order.
    fn by_target(&self) -> Vec<u32> {
        let mut starts = vec![0u32; self.targets.len() + 1];
        for row in &self.rows {
            starts[row.target as usize + 1] += 1;
        }
        for target in 0..self.targets.len() {
            starts[target + 1] += starts[target];
        }
        let mut order = vec![0u32; self.rows.len()];
        for (row, at) in self.rows.iter().zip(0..) {
            let next = &mut starts[row.target as usize];
            order[*next as usize] = at;
            *next += 1;
        }
        order
    }
}

// The few rows with the smallest line numbers, in their order.
fn keep_first(kept: &mut Vec<Row>, row: Row) {
    let at = kept.partition_point(|earlier| earlier.line <= row.line);
    if at < EXAMPLES {
        kept.insert(at, row);
        kept.truncate(EXAMPLES);
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
