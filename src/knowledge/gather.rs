//! Builders that keep order, fold repetitions, and count what they fold.
//!
//! [`Pairs`] becomes an [`Incidence`] by a stable counting sort, with one array to tell
//! repetitions; [`Places`] becomes [`Intervals`], one a name.

use super::error::Conflicts;
use super::names::{Names, hash_of};
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
    /// Names of the sources of the last rows, which have no index yet, and where each ends.
    waiting: String,
    waiting_ends: Vec<(u32, u32)>,
}

/// So many sources are looked up together.
const BATCH: usize = 64;

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
        self.waiting.push_str(source);
        self.waiting_ends.push((hash_of(source), self.waiting.len() as u32));
        self.rows.push(Row { source: 0, target, line });
        if self.waiting_ends.len() == BATCH {
            self.look_up();
        }
    }

    // Gives the sources that wait their index, in the order of their rows.
    fn look_up(&mut self) {
        std::hint::black_box(self.sources.touch(self.waiting_ends.iter().map(|(hash, _)| *hash)));
        let first = self.rows.len() - self.waiting_ends.len();
        let mut start = 0;
        for (row, (hash, end)) in self.rows[first..].iter_mut().zip(&self.waiting_ends) {
            let name = &self.waiting[start..*end as usize];
            row.source = self.sources.index_of_hashed(name, *hash).0;
            start = *end as usize;
        }
        self.waiting.clear();
        self.waiting_ends.clear();
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
    pub fn finish(mut self) -> (Incidence, Conflicts) {
        self.look_up();
        let (starts, mut found) = self.sorted_by_target();
        self.rows = Vec::new();
        let conflicts = self.fold(&starts, &mut found);
        found.sources = self.sources.into_list();
        found.targets = self.targets.into_list();
        (found, conflicts)
    }

    // All rows by target, those of one target in file order, and where each target begins.
    fn sorted_by_target(&self) -> (Vec<usize>, Incidence) {
        let mut starts = vec![0; self.targets.len() + 1];
        for row in &self.rows {
            starts[row.target as usize + 1] += 1;
        }
        for target in 0..self.targets.len() {
            starts[target + 1] += starts[target];
        }
        let count = self.rows.len();
        let mut sorted = Incidence {
            members: vec![0; count],
            lines: vec![0; count],
            weights: vec![0.0; self.weights.len()],
            signs: vec![0; self.signs.len()],
            ..Incidence::default()
        };
        let mut next = starts.clone();
        for (at, row) in self.rows.iter().enumerate() {
            let place = next[row.target as usize];
            next[row.target as usize] += 1;
            sorted.members[place] = row.source;
            sorted.lines[place] = row.line;
            if let Some(weight) = self.weights.get(at) {
                sorted.weights[place] = *weight;
            }
            if let Some(sign) = self.signs.get(at) {
                sorted.signs[place] = *sign;
            }
        }
        (starts, sorted)
    }

    // Moves the first of each pair forward, and tells the others.
    fn fold(&self, starts: &[usize], found: &mut Incidence) -> Conflicts {
        let mut repeated: Vec<Row> = Vec::new();
        let mut conflicts = Conflicts::default();
        // Where each source was kept last: a repetition if that is in this target.
        let mut place = vec![usize::MAX; self.sources.len()];
        let mut kept = 0;
        found.offsets = Vec::with_capacity(starts.len());
        found.offsets.push(0);
        for target in 0..self.targets.len() {
            let begin = kept;
            for at in starts[target]..starts[target + 1] {
                let (source, line) = (found.members[at], found.lines[at]);
                let earlier = place[source as usize];
                if earlier == usize::MAX || earlier < begin {
                    place[source as usize] = kept;
                    found.keep(at, kept);
                    kept += 1;
                    continue;
                }
                found.folded += 1;
                keep_first(&mut repeated, Row { source, target: target as u32, line });
                if found.weights.get(at) != found.weights.get(earlier)
                    || found.signs.get(at) != found.signs.get(earlier)
                {
                    let names = || (self.sources.get(source).into(), self.targets.get(target as u32).into());
                    conflicts.add([found.lines[earlier], line], names);
                }
            }
            found.offsets.push(kept);
        }
        found.shorten(kept);
        let named = |row: &Row| {
            let (source, target) = (self.sources.get(row.source), self.targets.get(row.target));
            (source.to_owned(), target.to_owned(), row.line)
        };
        found.folded_examples = repeated.iter().map(named).collect();
        conflicts
    }
}

impl Incidence {
    fn keep(&mut self, from: usize, to: usize) {
        self.members[to] = self.members[from];
        self.lines[to] = self.lines[from];
        if !self.weights.is_empty() {
            self.weights[to] = self.weights[from];
        }
        if !self.signs.is_empty() {
            self.signs[to] = self.signs[from];
        }
    }

    fn shorten(&mut self, count: usize) {
        self.members.truncate(count);
        self.lines.truncate(count);
        self.weights.truncate(count);
        self.signs.truncate(count);
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
