//! What a file says, as arrays; and the few findings and notes beside them, as JSON.
//!
//! What is read back holds together: offsets ascend, and every index names something.

use super::arrays::{Taking, put, put_names};
use crate::knowledge::read::Said;
use crate::knowledge::types::{Incidence, Intervals, Knowledge, Outdated, Strand};
use crate::language::diagnostics::Diagnostics;

/// All that is no array.
#[derive(serde::Serialize, serde::Deserialize)]
struct Beside {
    is_pairs: bool,
    folded: usize,
    folded_examples: Vec<(String, String, u32)>,
    turned: usize,
    notes: Vec<String>,
    outdated: Vec<Outdated>,
    found: Diagnostics,
}

pub(super) fn write(said: &Said, out: &mut Vec<u8>) {
    let mut beside = Beside {
        is_pairs: false,
        folded: 0,
        folded_examples: Vec::new(),
        turned: 0,
        notes: said.notes.clone(),
        outdated: said.outdated.clone(),
        found: said.found.clone(),
    };
    match &said.knowledge {
        Knowledge::Pairs(pairs) => {
            beside.is_pairs = true;
            beside.folded = pairs.folded;
            beside.folded_examples.clone_from(&pairs.folded_examples);
            put(out, &serde_json::to_vec(&beside).unwrap_or_default());
            put_names(out, &pairs.sources);
            put_names(out, &pairs.targets);
            let offsets: Vec<u64> = pairs.offsets.iter().map(|&at| at as u64).collect();
            put(out, &offsets);
            put(out, &pairs.members);
            put(out, &pairs.lines);
            put(out, &pairs.weights);
            put(out, &pairs.signs);
        }
        Knowledge::Intervals(intervals) => {
            beside.turned = intervals.turned;
            put(out, &serde_json::to_vec(&beside).unwrap_or_default());
            put_names(out, &intervals.names);
            put_names(out, &intervals.contigs);
            put(out, &intervals.starts);
            put(out, &intervals.ends);
            let strands: Vec<i8> = intervals.strands.iter().map(|strand| of_strand(*strand)).collect();
            put(out, &strands);
            put(out, &intervals.lines);
        }
    }
}

pub(super) fn read(bytes: &[u8]) -> Option<Said> {
    if cfg!(target_endian = "big") {
        return None;
    }
    let mut from = Taking(bytes);
    let mut beside: Beside = serde_json::from_slice(&from.array::<u8>()?).ok()?;
    let knowledge = if beside.is_pairs {
        Knowledge::Pairs(pairs(&mut from, beside.folded, std::mem::take(&mut beside.folded_examples))?)
    } else {
        Knowledge::Intervals(intervals(&mut from, beside.turned)?)
    };
    let Beside { found, notes, outdated, .. } = beside;
    from.0.is_empty().then_some(Said { knowledge, found, notes, outdated })
}

fn pairs(
    from: &mut Taking<'_>,
    folded: usize,
    folded_examples: Vec<(String, String, u32)>,
) -> Option<Incidence> {
    let (sources, targets) = (from.names()?, from.names()?);
    let offsets: Vec<usize> =
        from.array::<u64>()?.into_iter().map(usize::try_from).collect::<Result<_, _>>().ok()?;
    let (members, lines): (Vec<u32>, Vec<u32>) = (from.array()?, from.array()?);
    let (weights, signs): (Vec<f32>, Vec<i8>) = (from.array()?, from.array()?);
    let pairs = members.len();
    let fits = offsets.len() == targets.len() + 1
        && (offsets.first(), offsets.last()) == (Some(&0), Some(&pairs))
        && offsets.is_sorted()
        && members.iter().all(|&member| (member as usize) < sources.len())
        && lines.len() == pairs
        && [0, pairs].contains(&weights.len())
        && [0, pairs].contains(&signs.len());
    fits.then_some(Incidence {
        sources,
        targets,
        offsets,
        members,
        lines,
        weights,
        signs,
        folded,
        folded_examples,
    })
}

fn intervals(from: &mut Taking<'_>, turned: usize) -> Option<Intervals> {
    let (names, contigs) = (from.names()?, from.names()?);
    let (starts, ends): (Vec<u64>, Vec<u64>) = (from.array()?, from.array()?);
    let strands: Vec<Strand> = from.array::<i8>()?.into_iter().map(to_strand).collect::<Option<_>>()?;
    let lines: Vec<u32> = from.array()?;
    let count = names.len();
    let fits =
        [contigs.len(), starts.len(), ends.len(), strands.len(), lines.len()].iter().all(|n| *n == count)
            && starts.iter().zip(&ends).all(|(start, end)| start <= end);
    fits.then_some(Intervals { names, contigs, starts, ends, strands, lines, turned })
}

fn of_strand(strand: Strand) -> i8 {
    match strand {
        Strand::Forward => 1,
        Strand::Reverse => -1,
        Strand::Unknown => 0,
    }
}

fn to_strand(written: i8) -> Option<Strand> {
    match written {
        1 => Some(Strand::Forward),
        -1 => Some(Strand::Reverse),
        0 => Some(Strand::Unknown),
        _ => None,
    }
}
