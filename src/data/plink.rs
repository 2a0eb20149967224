//! A PLINK 1 set: `PREFIX.bed`, `PREFIX.bim`, `PREFIX.fam`.
//!
//! Compiling needs the two lists alone; calls are read for training and stay packed.

use super::bed_file::BedFile;
use super::error;
use super::types::{COPIES, GenotypeSet, MISSING, PackedGenotypes, SampleId, Variant};
use super::{InputFile, bed, bim, fam, input, text};
use crate::io::World;
use crate::language::diagnostics::{Diagnostic, Diagnostics, listed};
use std::io;
use std::path::{Path, PathBuf};

/// The lists of a set, without its calls.
#[derive(Clone, Debug, PartialEq)]
pub struct PlinkLists {
    /// Samples in .fam order.
    pub samples: Vec<SampleId>,
    /// Variants in .bim order.
    pub variants: Vec<Variant>,
    /// The .bim and the .fam.
    pub files: Vec<InputFile>,
}

/// Reads .bim and .fam, and checks the size and first bytes of the .bed where it is there.
///
/// `prefix` may end in `.bed`, `.bim` or `.fam`.
///
/// # Errors
/// `E0301` unreadable, `E0302` malformed, `E0304` repeated sample, `E0319` a .bed of other lists.
pub fn read_plink_lists(world: &dyn World, prefix: &Path) -> Result<(PlinkLists, Diagnostics), Diagnostics> {
    let members = Members::of(prefix);
    members.require(world, &[&members.bim, &members.fam])?;
    let lists = read_lists(world, &members)?;
    if world.exists(&members.bed) {
        check_bed(world, &members.bed, &lists)?;
    }
    Ok((lists, Diagnostics::default()))
}

/// Reads a whole set; the files are .bed, .bim, .fam in this order.
///
/// # Errors
/// As [`read_plink_lists`]; here the .bed must be there, and its padding is checked too.
pub fn read_plink(
    world: &dyn World,
    prefix: &Path,
) -> Result<(GenotypeSet, Vec<InputFile>, Diagnostics), Diagnostics> {
    let members = Members::of(prefix);
    members.require(world, &[&members.bed, &members.bim, &members.fam])?;
    let lists = read_lists(world, &members)?;
    check_bed(world, &members.bed, &lists)?;
    let (bytes, mut file) = input::read(world, &members.bed)?;
    let held = bed::Lists { name: &file.name, samples: lists.samples.len(), variants: &lists.variants };
    let calls = bed::decode(bytes, &held)?;
    file.notes.extend(never_called(&calls, &lists.samples));
    let set = GenotypeSet { samples: lists.samples, variants: lists.variants, calls };
    let files = std::iter::once(file).chain(lists.files).collect();
    Ok((set, files, Diagnostics::default()))
}

/// Reads .bim and .fam, and opens the .bed, of which nothing but its first bytes is read yet.
///
/// # Errors
/// As [`read_plink_lists`]; here the .bed must be there.
pub fn open_plink(world: &dyn World, prefix: &Path) -> Result<(PlinkLists, BedFile), Diagnostics> {
    let members = Members::of(prefix);
    members.require(world, &[&members.bed, &members.bim, &members.fam])?;
    let lists = read_lists(world, &members)?;
    check_bed(world, &members.bed, &lists)?;
    let name = members.bed.display().to_string();
    let bytes = world.open(&members.bed).map_err(|failed| error::unreadable(&name, &failed))?;
    let file = BedFile::new(name, lists.samples.len(), bytes);
    Ok((lists, file))
}

/// Writes the three files of a set; phenotype and sex are written as unknown.
///
/// # Errors
/// As the operating system says.
pub fn write_plink(world: &dyn World, prefix: &Path, set: &GenotypeSet) -> io::Result<()> {
    let members = Members::of(prefix);
    let mut list = String::new();
    for sample in &set.samples {
        list += &format!("{}\t{}\t0\t0\t0\t-9\n", sample.family, sample.individual);
    }
    world.write(&members.fam, list.as_bytes())?;
    list.clear();
    for variant in &set.variants {
        let position = variant.position.unwrap_or(0);
        let Variant { chromosome, id, allele1, allele2, .. } = variant;
        list += &format!("{chromosome}\t{id}\t0\t{position}\t{allele1}\t{allele2}\n");
    }
    world.write(&members.bim, list.as_bytes())?;
    let mut body = bed::HEADER.to_vec();
    body.extend_from_slice(set.calls.bytes());
    world.write(&members.bed, &body)
}

struct Members {
    prefix: String,
    bed: PathBuf,
    bim: PathBuf,
    fam: PathBuf,
}

impl Members {
    fn of(prefix: &Path) -> Self {
        let text = prefix.display().to_string();
        let stem = [".bed", ".bim", ".fam"].iter().find_map(|ending| text.strip_suffix(ending));
        let prefix = stem.unwrap_or(&text).to_string();
        let member = |ending: &str| PathBuf::from(format!("{prefix}.{ending}"));
        Self { bed: member("bed"), bim: member("bim"), fam: member("fam"), prefix }
    }

    /// All members that are missing, in one finding.
    fn require(&self, world: &dyn World, needed: &[&PathBuf]) -> Result<(), Diagnostic> {
        let missing = needed.iter().filter(|path| !world.exists(path));
        let missing: Vec<String> = missing.map(|path| path.display().to_string()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let beside = ["pgen", "vcf", "vcf.gz", "bcf", "bgen", "ped"];
        let other = beside.iter().find(|end| world.exists(Path::new(&format!("{}.{end}", self.prefix))));
        Err(error::genotypes::members_missing(&self.prefix, &missing, other.copied()))
    }
}

fn read_lists(world: &dyn World, members: &Members) -> Result<PlinkLists, Diagnostics> {
    let (bytes, mut bim_file) = input::read(world, &members.bim)?;
    let mut bim_text = text::decode(&bim_file.name, &bytes)?;
    let variants = bim::parse(&mut bim_text)?;
    bim_file.notes = bim_text.notes;
    let (bytes, mut fam_file) = input::read(world, &members.fam)?;
    let fam_text = text::decode(&fam_file.name, &bytes)?;
    let samples = fam::parse(&fam_text)?;
    fam_file.notes = fam_text.notes;
    if samples.is_empty() || variants.is_empty() {
        let empty = if samples.is_empty() { &fam_file.name } else { &bim_file.name };
        return Err(error::empty_file(empty).into());
    }
    Ok(PlinkLists { samples, variants, files: vec![bim_file, fam_file] })
}

fn check_bed(world: &dyn World, path: &Path, lists: &PlinkLists) -> Result<(), Diagnostic> {
    let name = path.display().to_string();
    let failed = |failed: io::Error| error::unreadable(&name, &failed);
    let start = world.head(path, bed::SNIFFED).map_err(failed)?;
    let size = world.size(path).map_err(failed)?;
    let held = bed::Lists { name: &name, samples: lists.samples.len(), variants: &lists.variants };
    bed::check(&start, size, &held)
}

/// Names samples that have no call at any variant: they are kept, and are means in every sense.
fn never_called(calls: &PackedGenotypes, samples: &[SampleId]) -> Option<String> {
    let mut left: Vec<usize> = (0..calls.samples()).collect();
    for variant in 0..calls.variants() {
        if left.is_empty() {
            return None;
        }
        let row = calls.row(variant);
        left.retain(|sample| (row[sample / 4] >> (2 * (sample % 4))) & 3 == MISSING);
    }
    let names: Vec<&str> = left.iter().map(|at| samples[*at].individual.as_str()).collect();
    let count = error::counted(names.len(), "sample");
    (!names.is_empty()).then(|| format!("{count} without a call at any variant, kept: {}", listed(&names, 3)))
}

/// Packs copies of allele 1 (`None` is missing), `[variants × samples]`, for writers and tests.
#[must_use]
pub fn pack(samples: usize, variants: usize, copies: impl Fn(usize, usize) -> Option<u8>) -> PackedGenotypes {
    let width = samples.div_ceil(4);
    let mut bytes = vec![0u8; width * variants];
    for variant in 0..variants {
        for sample in 0..samples {
            let wanted = copies(variant, sample);
            let code = COPIES.iter().position(|held| *held == wanted).unwrap_or(MISSING.into());
            bytes[variant * width + sample / 4] |= (code as u8) << (2 * (sample % 4));
        }
    }
    PackedGenotypes::new(samples, variants, bytes)
}
