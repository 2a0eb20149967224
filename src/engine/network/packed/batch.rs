//! Which samples go through a network together.

use crate::engine::network::{InputData, Pass};
use crate::kernel::packed::{CHUNK, position};

/// Samples that go through the network together.
pub(in crate::engine) struct Batch {
    /// The sample at each position of a line; behind the last sample it stands again.
    /// `[sets][chunks]`
    pub(super) samples: Vec<Vec<[u32; CHUNK]>>,
    /// How many.
    pub(in crate::engine) len: usize,
    /// Seed and step of a pass for learning.
    pub(in crate::engine) learn: Option<(u64, u64)>,
}

impl Batch {
    /// Looks up which samples the rows are.
    pub(in crate::engine) fn of(inputs: &InputData<'_>, cohort_rows: &[u32], pass: Pass) -> Self {
        let learn = match pass {
            Pass::Predict => None,
            Pass::Learn { seed, step } => Some((seed, step)),
        };
        let chunk = |samples: &[u32]| {
            let mut at_positions = [0; CHUNK];
            for at in 0..CHUNK {
                at_positions[position(at)] = samples[at.min(samples.len() - 1)];
            }
            at_positions
        };
        let of_set = |samples: Vec<u32>| samples.chunks(CHUNK).map(chunk).collect();
        let samples = inputs.samples(cohort_rows).into_iter().map(of_set).collect();
        Self { samples, len: cohort_rows.len(), learn }
    }
}
