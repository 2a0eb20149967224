//! What calls may forbid, judged when all have been read.

use super::Genotypes;
use crate::cli::Diagnostics;
use crate::data;
use crate::engine::model::Model;
use crate::engine::network::scoring::Scored;
use crate::language::spec::{Encoding, MissingCalls};

/// Rows that do not end where the .fam does, and calls of the variants read that the model's
/// encoding or policy forbids, as in `run`.
pub(super) fn check(
    model: &Model,
    on_file: &Genotypes<'_>,
    samples: usize,
    scored: &Scored,
) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::default();
    for (at, (encoding, missing)) in model.header.encodings.iter().enumerate() {
        let (name, set) = (&model.header.genotypes[at], &on_file.sets[at]);
        ends(on_file, at, scored)?;
        let variants = &set.lists.variants;
        if *encoding == Encoding::Haploid {
            let counts =
                on_file.read(at).map(|(variant, input)| (variant, scored.tallies[input].heterozygous));
            found.extend(data::refuse_heterozygous(name, variants, counts, samples));
        }
        if *missing == MissingCalls::Error {
            let counts = on_file.read(at).map(|(variant, input)| (variant, scored.tallies[input].missing));
            found.extend(data::refuse_missing(name, variants, counts, samples));
        }
    }
    found.ok(()).map(|_| ())
}

fn ends(on_file: &Genotypes<'_>, set: usize, scored: &Scored) -> Result<(), Diagnostics> {
    let (variants, inputs): (Vec<u32>, Vec<usize>) = on_file.read(set).unzip();
    let known: Option<Vec<u8>> = inputs.iter().map(|input| scored.last_bytes[*input]).collect();
    let file = &on_file.sets[set].file;
    let last = match known {
        Some(last) => last,
        // The samples asked for are not the file's last: its ends are read for this alone.
        None => file.last_bytes(&variants)?,
    };
    Ok(file.check_ends(&variants, &last)?)
}
