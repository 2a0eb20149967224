//! From a prior's declaration to what its file says.

use std::path::Path;

use crate::io::World;
use crate::io::gzip;
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::{Contigs, Format, Prior, Reading};

use super::cache::{Answer, Cache, Key};
use super::contigs::Renaming;
use super::gather::{EXAMPLES, Places};
use super::types::{Incidence, Intervals, Knowledge, Outdated};
use super::{bed, edges, error, gaf, gff, gmt, gtf, ids, intervals, lists, obo, text, topology};

/// A prior's file as read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What it says.
    pub knowledge: Knowledge,
    /// BLAKE3 of its bytes, followed by those of the contig table where there is one.
    pub digest: blake3::Hash,
    /// Warnings: `W0318`, `W0320`.
    pub found: Diagnostics,
    /// What was left out or folded by rule, one sentence each.
    pub notes: Vec<String>,
    /// Ids that an ontology has taken out of use.
    pub outdated: Vec<Outdated>,
    /// Whether it was not parsed but taken from the cache.
    pub from_cache: bool,
    /// Why an entry of the cache was not used, or could not be written.
    pub cache_note: Option<String>,
}

/// How a prior's file is read: all that decides what comes out of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct How<'a> {
    /// The shape of the file.
    pub reading: &'a Reading,
    /// Its format.
    pub format: Format,
    /// How contigs are renamed.
    pub contigs: &'a Contigs,
    /// The column of weights.
    pub weight: Option<&'a str>,
    /// The column of signs.
    pub sign: Option<&'a str>,
}

impl<'a> How<'a> {
    /// As the item says.
    #[must_use]
    pub fn of(prior: &'a Prior) -> Self {
        Self {
            reading: &prior.reading,
            format: prior.origin.format,
            contigs: &prior.contigs,
            weight: prior.weight.as_ref().map(|name| name.value.as_str()),
            sign: prior.sign.as_ref().map(|name| name.value.as_str()),
        }
    }
}

/// Reads the file of a prior, which may be compressed by gzip or bgzip.
///
/// `shown_name` stands in messages; `contig_table` is the resolved path of [`Contigs::File`].
///
/// # Errors
/// `E0301` unreadable, `E0302` malformed, `E0303` column missing, `E0404` a pair with two values,
/// `E0111` too large, `E0113` a prior whose reading needs no file (`Reading::Simulate`) or does not
/// fit its format.
pub fn read(
    world: &dyn World,
    path: &Path,
    shown_name: &str,
    how: How<'_>,
    contig_table: Option<&Path>,
) -> Result<Loaded, Diagnostics> {
    read_cached(world, path, shown_name, how, contig_table, None)
}

/// As [`read`], with a cache of what was parsed before; large files alone are kept there.
///
/// # Errors
/// As [`read`]; a fault of the cache is none.
pub fn read_cached(
    world: &dyn World,
    path: &Path,
    shown_name: &str,
    how: How<'_>,
    contig_table: Option<&Path>,
    cache: Option<Cache<'_>>,
) -> Result<Loaded, Diagnostics> {
    let mut digest = blake3::Hasher::new();
    let bytes = world.read(path).map_err(|why| error::unreadable(shown_name, &why))?;
    digest.update(&bytes);
    let table = match (how.contigs, contig_table) {
        (Contigs::File(name), Some(path)) => {
            Some((name.as_str(), world.read(path).map_err(|why| error::unreadable(name, &why))?))
        }
        _ => None,
    };
    if let Some((_, bytes)) = &table {
        digest.update(bytes);
    }
    let digest = digest.finalize();
    let loaded = |said: Said, from_cache: bool, cache_note: Option<String>| {
        let Said { knowledge, found, notes, outdated } = said;
        Loaded { knowledge, digest, found, notes, outdated, from_cache, cache_note }
    };
    let cache = cache.filter(|cache| bytes.len() >= cache.least_bytes);
    let key = Key::new(digest, how, shown_name);
    let mut note = None;
    match cache.map(|cache| cache.get(world, shown_name, key)) {
        Some(Answer::Said(said)) => return Ok(loaded(*said, true, None)),
        Some(Answer::Unused(why)) => note = Some(why.to_owned()),
        Some(Answer::Absent) | None => {}
    }
    let renaming = Renaming::new(how.contigs, table.as_ref().map(|(name, bytes)| (*name, bytes.as_slice())))?;
    let content = gzip::unpacked(bytes).map_err(|fault| error::packed(shown_name, fault))?;
    let mut said = parse(text::decode(&content, shown_name)?, shown_name, how, &renaming)?;
    said.notes.extend(text::forgiven(&content));
    drop(content);
    said.found.extend(suspicions(&said.knowledge, shown_name));
    if let Some(Err(why)) = cache.map(|cache| cache.put(world, shown_name, key, &said)) {
        note = Some(why);
    }
    Ok(loaded(said, false, note))
}

/// What a text says, before its file is known.
pub(super) struct Said {
    pub knowledge: Knowledge,
    pub found: Diagnostics,
    pub notes: Vec<String>,
    pub outdated: Vec<Outdated>,
}

impl From<Incidence> for Said {
    fn from(pairs: Incidence) -> Self {
        let knowledge = Knowledge::Pairs(pairs);
        Self { knowledge, found: Diagnostics::default(), notes: Vec::new(), outdated: Vec::new() }
    }
}

pub(super) fn parse(text: &str, file: &str, how: How<'_>, renaming: &Renaming) -> Result<Said, Diagnostics> {
    let How { format, weight, sign, .. } = how;
    match (how.reading, format) {
        (Reading::Edges { source, target }, Format::Tsv | Format::Csv) => {
            Ok(edges::read(text, format, file, edges::Columns { source, target, weight, sign })?.into())
        }
        (Reading::Intervals { id, chromosome, start, end, strand, base }, Format::Tsv | Format::Csv) => {
            let strand = strand.as_deref();
            let columns = intervals::Columns { id, chromosome, start, end, strand, base: *base };
            Ok(told(intervals::read(text, format, file, columns, renaming)?, file, true))
        }
        (Reading::Gff3 { feature, attribute }, Format::Gff3) => {
            // Several records of one ID are one feature; of any other attribute, a chance.
            let is_chance = attribute != "ID";
            Ok(told(gff::read(text, file, feature, attribute, renaming)?, file, is_chance))
        }
        (Reading::Gtf { feature, attribute }, Format::Gtf) => {
            // The exons of one gene_id are one gene; those of one gene_name may be two.
            let is_chance = !attribute.ends_with("_id");
            Ok(told(gtf::read(text, file, feature, attribute, renaming)?, file, is_chance))
        }
        (Reading::Bed, Format::Bed) => Ok(told(bed::read(text, file, renaming)?, file, true)),
        (Reading::Gmt, Format::Gmt) => {
            let (pairs, found) = gmt::read(text, file)?;
            Ok(Said { found, ..pairs.into() })
        }
        (Reading::Obo { relations }, Format::Obo) => ontology(obo::read(text, file, relations)?),
        (Reading::Gaf { names, evidence }, Format::Gaf) => {
            annotations(gaf::read(text, file, *names, evidence)?)
        }
        (Reading::Reactome, Format::Reactome) => Ok(lists::read_reactome(text, file)?.into()),
        (Reading::EdgeList, Format::Edges) => {
            let place =
                |column: Option<&str>| column.and_then(|number| number.parse::<usize>().ok()?.checked_sub(1));
            let places = lists::Places { weight: place(weight), sign: place(sign) };
            Ok(lists::read_edges(text, file, places)?.into())
        }
        (Reading::Topology { from, to }, Format::Topology) => {
            Ok(topology::read(text, file, topology::Layers { from, to, weight, sign })?.into())
        }
        _ => Err(error::no_reader(file, format).into()),
    }
}

fn ontology(found: obo::Ontology) -> Result<Said, Diagnostics> {
    let mut said = Said { outdated: found.outdated, ..found.pairs.into() };
    said.notes.extend(counted(found.obsolete, "obsolete term was", "obsolete terms were"));
    Ok(said)
}

fn annotations(found: gaf::Annotations) -> Result<Said, Diagnostics> {
    let mut said = Said::from(found.pairs);
    said.notes.extend(counted(found.negated, "annotation with NOT was", "annotations with NOT were"));
    let (one, more) = ("annotation of other evidence was", "annotations of other evidence were");
    said.notes.extend(counted(found.other_evidence, one, more));
    Ok(said)
}

fn counted(count: usize, one: &str, more: &str) -> Option<String> {
    let what = if count == 1 { one } else { more };
    (count > 0).then(|| format!("{count} {what} left out"))
}

fn told(places: Places, file: &str, warn_of_merging: bool) -> Said {
    let (intervals, merged, examples) = places.finish();
    let mut found = Diagnostics::default();
    if warn_of_merging && merged > 0 {
        found.push(error::merged_intervals(file, merged, &examples));
    }
    Said { knowledge: Knowledge::Intervals(intervals), found, notes: Vec::new(), outdated: Vec::new() }
}

fn suspicions(knowledge: &Knowledge, file: &str) -> Diagnostics {
    let mangled = match knowledge {
        Knowledge::Pairs(pairs) => mangled_in_pairs(pairs),
        Knowledge::Intervals(Intervals { names, lines, .. }) => {
            let all = names.iter().zip(lines).filter(|(name, _)| ids::looks_mangled(name));
            all.map(|(name, line)| (name.clone(), *line)).collect()
        }
    };
    if mangled.is_empty() {
        return Diagnostics::default();
    }
    error::mangled(file, mangled.len(), &mangled[..mangled.len().min(EXAMPLES)]).into()
}

// Suspicious names of either side once, with the first line that holds each, by line.
fn mangled_in_pairs(pairs: &Incidence) -> Vec<(String, u32)> {
    let suspects = |names: &[String]| -> Vec<usize> {
        (0..names.len()).filter(|&at| ids::looks_mangled(&names[at])).collect()
    };
    let (sources, targets) = (suspects(&pairs.sources), suspects(&pairs.targets));
    let mut first_lines = vec![u32::MAX; if sources.is_empty() { 0 } else { pairs.sources.len() }];
    for (&member, &line) in pairs.members.iter().zip(&pairs.lines).filter(|_| !sources.is_empty()) {
        first_lines[member as usize] = first_lines[member as usize].min(line);
    }
    let of_sources = sources.iter().map(|&at| (pairs.sources[at].clone(), first_lines[at]));
    let of_targets = targets.iter().filter_map(|&at| {
        let line = pairs.lines[pairs.offsets[at]..pairs.offsets[at + 1]].iter().min()?;
        Some((pairs.targets[at].clone(), *line))
    });
    let mut names: Vec<(String, u32)> = of_sources.chain(of_targets).collect();
    names.sort_by_key(|&(_, line)| line);
    names
}
