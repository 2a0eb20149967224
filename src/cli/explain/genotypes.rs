//! The calls of the variants that a model reads, packed, and its inputs on them.

use crate::cli::Diagnostics;
use crate::cli::genotyped::{Matched, Set, calls};
use crate::data::{self, Cohort, HETEROZYGOUS, MISSING, PackedGenotypes};
use crate::engine::model::Model;
use crate::engine::network::scoring::Call;
use crate::engine::network::{GenotypeCalls, InputData, InputRow};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Encoding, MissingCalls};

/// Calls of a model's variants.
pub(super) struct Read {
    /// One a set, in the order of the model's inputs.
    packed: Vec<PackedGenotypes>,
    rows: Vec<InputRow<'static>>,
}

impl Read {
    /// Reads what a model needs of the files.
    ///
    /// # Errors
    /// E0301 where a file cannot be read, E0319 where its rows do not end with the samples, E0302 and E0317
    /// where calls are such as the model's encoding or policy forbids.
    pub(super) fn of(model: &Model, sets: &[Set], matched: &[Matched]) -> Result<Self, Diagnostics> {
        let calls = calls(model, matched);
        let mut packed = Vec::with_capacity(sets.len());
        let mut rows: Vec<Option<InputRow<'static>>> = vec![None; calls.len()];
        for (at, set) in sets.iter().enumerate() {
            let mut bytes: Vec<u8> = Vec::new();
            let mut read: Vec<u32> = Vec::new();
            for (row, call) in rows.iter_mut().zip(&calls).filter(|(_, call)| call.set == at) {
                let Call { set: at, variant, table } = *call;
                *row = Some(InputRow::Variant { set: at, variant: read.len(), table });
                let from = bytes.len();
                // A variant that the file does not have is missing in all samples: its table says so.
                bytes.resize(from + set.file.width(), 0);
                read.push(variant.unwrap_or(u32::MAX));
                if let Some(variant) = variant {
                    set.file.read(variant as usize, 0, &mut bytes[from..])?;
                }
            }
            let calls = PackedGenotypes::new(set.file.samples(), read.len(), bytes);
            check(model, at, set, &read, &calls)?;
            packed.push(calls);
        }
        Ok(Self { packed, rows: rows.into_iter().flatten().collect() })
    }

    /// The model's inputs.
    pub(super) fn inputs<'a>(&'a self, model: &Model, cohort: &'a Cohort) -> InputData<'a> {
        let sets = self.packed.iter().zip(&cohort.rows_of_set);
        let sets = sets.map(|(calls, samples)| GenotypeCalls { calls, samples }).collect();
        InputData::new(&model.plan, sets, self.rows.clone())
    }
}

/// As `predict` judges calls.
fn check(
    model: &Model,
    at: usize,
    set: &Set,
    read: &[u32],
    calls: &PackedGenotypes,
) -> Result<(), Diagnostics> {
    let (name, samples) = (&model.header.genotypes[at], set.file.samples());
    let there = || read.iter().copied().enumerate().filter(|(_, variant)| *variant != u32::MAX);
    let last: Vec<u8> = there().filter_map(|(row, _)| calls.row(row).last().copied()).collect();
    let variants: Vec<u32> = there().map(|(_, variant)| variant).collect();
    set.file.check_ends(&variants, &last)?;
    let counts = |code: u8| {
        there().map(move |(row, variant)| (variant, data::count_in_row(calls.row(row), 0..samples, code)))
    };
    let (encoding, missing) = model.header.encodings[at];
    let heterozygous = (encoding == Encoding::Haploid)
        .then(|| data::refuse_heterozygous(name, &set.lists.variants, counts(HETEROZYGOUS), samples));
    let absent = (missing == MissingCalls::Error)
        .then(|| data::refuse_missing(name, &set.lists.variants, counts(MISSING), samples));
    let found: Vec<Diagnostic> = [heterozygous, absent].into_iter().flatten().flatten().collect();
    let mut all = Diagnostics::default();
    all.extend(found);
    all.ok(()).map(|_| ())
}
