//! Calls span by span, and in a span sample by sample, in the order in which chains read them.
//!
//! A batch reads one cache line of each of its samples, all from one stretch of memory. Made once
//! for a plan; fits of all folds read the same bytes.

use super::layout::{Layout, Part};
use crate::compiler::plan::{Input, Plan};
use crate::data::PackedGenotypes;
use crate::kernel::packed::QUAD;
use crate::kernel::pages::Array;
use rayon::prelude::*;

/// Samples that are turned together: their calls of one variant are 64 bytes.
const SAMPLES: usize = 256;

/// The calls that a plan's chains read.
#[derive(Clone, Debug)]
pub struct Master {
    pub(in crate::engine) layout: Layout,
    sets: Vec<Rows>,
}

/// One genotype set, `[parts][samples × bytes]`: each byte holds four variants, low bits first.
#[derive(Clone, Debug)]
struct Rows {
    samples: usize,
    bytes: Array<u8>,
}

impl Master {
    /// Turns the calls that the plan reads in its own genotype sets.
    #[must_use]
    pub fn of(plan: &Plan, sets: &[&PackedGenotypes]) -> Self {
        Self::at(plan, &places(plan), sets)
    }

    /// Turns calls that stand elsewhere: `places` `[inputs]` are set and variant of each input
    /// row, `None` for a covariate.
    pub(in crate::engine) fn at(
        plan: &Plan,
        places: &[Option<(usize, u32)>],
        sets: &[&PackedGenotypes],
    ) -> Self {
        let layout = Layout::of(plan, places, sets.len());
        let sets = sets.iter().enumerate().map(|(set, calls)| turned(calls, set, &layout)).collect();
        Self { layout, sets }
    }

    /// The bytes of a part, `[samples × bytes]`.
    pub(in crate::engine) fn of_part(&self, part: &Part) -> &[u8] {
        let Rows { samples, bytes } = &self.sets[part.set];
        &bytes[part.bytes.start * samples..part.bytes.end * samples]
    }
}

/// Where the plan says that its variants are.
pub(in crate::engine) fn places(plan: &Plan) -> Vec<Option<(usize, u32)>> {
    let place = |input: &Input| match input {
        Input::Variant { set, index } => Some((*set, *index as u32)),
        Input::Column { .. } => None,
    };
    plan.inputs.iter().map(place).collect()
}

fn turned(calls: &PackedGenotypes, set: usize, layout: &Layout) -> Rows {
    let samples = calls.samples();
    let variants = &layout.variants[set];
    let mut bytes = Array::zeros(variants.len() / QUAD * samples);
    let mut rest = &mut bytes[..];
    let parts = layout.spans.iter().flat_map(|span| &span.parts).filter(|part| part.set == set);
    let mut own = Vec::new();
    for part in parts {
        let (of_part, others) = rest.split_at_mut(part.bytes.len() * samples);
        rest = others;
        own.push((of_part, part.bytes.len(), &variants[part.bytes.start * QUAD..part.bytes.end * QUAD]));
    }
    own.into_par_iter().for_each(|(bytes, width, variants)| {
        for (at, rows) in bytes.chunks_mut(SAMPLES * width).enumerate() {
            for (quad, variants) in variants.as_chunks::<QUAD>().0.iter().enumerate() {
                turn(calls, variants, at * SAMPLES / 4, quad, rows, width);
            }
        }
    });
    Rows { samples, bytes }
}

/// Puts a quad's calls into the samples' bytes; `first` is the byte of the first sample in the
/// variants' own rows.
fn turn(
    calls: &PackedGenotypes,
    variants: &[Option<u32>; QUAD],
    first: usize,
    quad: usize,
    rows: &mut [u8],
    width: usize,
) {
    let of = |variant: &Option<u32>| variant.map(|variant| &calls.row(variant as usize)[first..]);
    let packed: [Option<&[u8]>; QUAD] = std::array::from_fn(|k| of(&variants[k]));
    for (byte, four) in rows.chunks_mut(4 * width).enumerate() {
        let word = packed.map(|packed| packed.map_or(0, |packed| packed[byte]));
        let turned = turn_word(u32::from_le_bytes(word)).to_le_bytes();
        for (row, calls) in four.chunks_exact_mut(width).zip(turned) {
            row[quad] = calls;
        }
    }
}

/// Transposes 4 × 4 elements of two bits.
fn turn_word(word: u32) -> u32 {
    let swap = |word: u32, shift: u32, mask: u32| {
        let crossed = ((word >> shift) ^ word) & mask;
        word ^ crossed ^ (crossed << shift)
    };
    // Off the diagonal of 2 × 2 elements, then off that of single ones.
    swap(swap(word, 12, 0x0000_f0f0), 6, 0x00cc_00cc)
}

#[cfg(test)]
mod tests {
    use super::turn_word;

    #[test]
    fn elements_change_places_across_the_diagonal() {
        let element = |row: u32, column: u32| 8 * row + 2 * column;
        for row in 0..4 {
            for column in 0..4 {
                for value in 1..4 {
                    let turned = turn_word(value << element(row, column));
                    assert_eq!(turned, value << element(column, row), "{row}, {column}");
                }
            }
        }
    }
}
