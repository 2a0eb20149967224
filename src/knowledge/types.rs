//! What every reader gives: pairs of names, or intervals on contigs.
//!
//! Names stay as the file has them; order is the file's; a pair stands once.

/// What a prior's file says.
#[derive(Clone, Debug, PartialEq)]
pub enum Knowledge {
    /// Pairs of names.
    Pairs(Incidence),
    /// Named intervals.
    Intervals(Intervals),
}

/// Pairs source → target, kept by target (compressed rows).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Incidence {
    /// Source names in the order first seen.
    pub sources: Vec<String>,
    /// Target names in the order first seen.
    pub targets: Vec<String>,
    /// `offsets[t] .. offsets[t + 1]` are the members of target `t`; one more than targets.
    pub offsets: Vec<usize>,
    /// Indices into `sources`, each once a target.
    pub members: Vec<u32>,
    /// Line of each member in the file, from 1.
    pub lines: Vec<u32>,
    /// Weight of each member; empty when the prior has none.
    pub weights: Vec<f32>,
    /// Sign of each member, −1, 0 (unknown) or 1; empty when the prior has none.
    pub signs: Vec<i8>,
    /// Pairs that stood more than once and were folded.
    pub folded: usize,
    /// The first few of them: source, target, line of the repetition.
    pub folded_examples: Vec<(String, String, u32)>,
}

impl Incidence {
    /// Members of target `t`.
    #[must_use]
    pub fn members_of(&self, t: usize) -> &[u32] {
        &self.members[self.offsets[t]..self.offsets[t + 1]]
    }
}

/// An id that an ontology has taken out of use.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Outdated {
    /// The id.
    pub id: String,
    /// The one that took its place, if any.
    pub now: Option<String>,
}

/// Direction of transcription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strand {
    /// Upstream is to the left.
    Forward,
    /// Upstream is to the right.
    Reverse,
    /// Not given: taken as forward, counted.
    Unknown,
}

/// Closed intervals `[start, end]`, 1-based, one a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intervals {
    /// Names in file order.
    pub names: Vec<String>,
    /// Contig of each, already renamed to the genotypes' naming.
    pub contigs: Vec<String>,
    /// First base.
    pub starts: Vec<u64>,
    /// Last base; never below the start.
    pub ends: Vec<u64>,
    /// Strand.
    pub strands: Vec<Strand>,
    /// Line in the file, from 1.
    pub lines: Vec<u32>,
    /// Records whose start stood after their end (read as the reverse strand where none is given).
    pub turned: usize,
}
