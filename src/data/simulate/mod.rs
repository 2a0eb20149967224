//! The shoot-branching benchmark: an F2 population whose metabolites and trait are known.
//!
//! Forty QTN act additively on four entities; published equations lead from these to the time
//! to bud outgrowth. Everything follows from the options: the same options, the same bytes.

mod effects;
pub mod equations;
pub mod error;
mod files;
mod meiosis;
mod random;

use indexmap::IndexMap;

use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{SimulateOptions, SimulateVariant};

use super::{COPIES, GenotypeSet, PackedGenotypes, SampleId};
pub use effects::QTN;
use equations::{
    Base, CYTOKININ_RATE, Entity, Metabolites, STRIGOLACTONE_RATE, mean_sd, metabolites, outgrowth,
};
pub use files::write_files;
pub use meiosis::{BASES_PER_CM, CHROMOSOMES, RECOMBINATION};
use random::{Purpose, Stream};

/// Most markers that the generator takes.
pub const MOST_MARKERS: usize = 10_000_000;
/// Most bytes of packed genotypes that it makes.
pub const MOST_CALL_BYTES: usize = 1 << 34;

/// SD of the base rates of `narrow`, as a share of their mean.
const NARROW_SPREAD: f64 = 0.1;

/// A simulated population.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// Samples, markers and calls; allele 1 is that of the parent with all increasing alleles.
    pub genotypes: GenotypeSet,
    /// Columns by name, one value a sample, in .fam order:
    /// * `outgrowth` (days), `auxin`, `sucrose`, `cytokinin`, `strigolactone`: as measured, with
    ///   noise, and NaN where not; the last two are the metabolites CK and SL;
    /// * `outgrowth_true`, `auxin_true`, `sucrose_true`, `cytokinin_true`, `strigolactone_true`,
    ///   `integrator_true`: the same and the integrator, without noise;
    /// * `cytokinin_base`, `strigolactone_base`: the base rates C and L, without noise (those of
    ///   auxin and sucrose are their metabolites).
    pub traits: IndexMap<String, Vec<f64>>,
    /// Marker id and entity of each QTN, in map order.
    pub links: Vec<(String, Entity)>,
    /// Effect per allele copy of each QTN, in map order.
    pub effects: Vec<f64>,
}

impl Simulated {
    /// True base values of each sample.
    #[must_use]
    pub fn base_values(&self) -> Vec<Base> {
        let columns = ["auxin_true", "sucrose_true", "cytokinin_base", "strigolactone_base"]
            .map(|column| self.traits[column].as_slice());
        (0..columns[0].len()).map(|row| columns.map(|column| column[row])).collect()
    }
}

/// Simulates the population that the options describe.
///
/// Samples, QTN, effects and noise have streams of their own: more samples extend a population
/// and change neither its QTN nor their effects.
///
/// # Errors
/// `E0105` for options out of range, `E0506` for more genotypes than fit.
pub fn shoot_branching(options: &SimulateOptions) -> Result<Simulated, Diagnostic> {
    check(options)?;
    let drawn = effects::draw(options);
    let qtn = meiosis::qtn_markers(options.markers);
    let variants = meiosis::variants(options);
    let calls = meiosis::calls(options);
    let base = base_values(options, &calls, &qtn, &drawn);
    let links = qtn.iter().zip(&drawn).map(|(&marker, (entity, _))| (variants[marker].id.clone(), *entity));
    Ok(Simulated {
        links: links.collect(),
        traits: columns(options, &base),
        effects: drawn.into_iter().map(|(_, effect)| effect).collect(),
        genotypes: GenotypeSet { samples: samples(options.samples), variants, calls },
    })
}

fn check(options: &SimulateOptions) -> Result<(), Diagnostic> {
    if options.samples == 0 {
        return Err(error::no_samples());
    }
    if options.markers < QTN {
        return Err(error::too_few_markers(options.markers));
    }
    for (name, noise) in
        [("metabolite_noise", options.metabolite_noise), ("trait_noise", options.trait_noise)]
    {
        if !noise.is_finite() || noise < 0.0 {
            return Err(error::bad_noise(name, noise));
        }
    }
    if !(0.0..=1.0).contains(&options.measured) {
        return Err(error::bad_share(options.measured));
    }
    let bytes = options.samples.div_ceil(4).checked_mul(options.markers);
    if options.markers > MOST_MARKERS || bytes.is_none_or(|bytes| bytes > MOST_CALL_BYTES) {
        return Err(error::too_large(options.samples, options.markers));
    }
    Ok(())
}

fn samples(count: usize) -> Vec<SampleId> {
    (1..=count).map(|i| SampleId { family: "0".to_owned(), individual: format!("f2_{i}") }).collect()
}

fn base_values(
    options: &SimulateOptions,
    calls: &PackedGenotypes,
    qtn: &[usize],
    drawn: &[(Entity, f64)],
) -> Vec<Base> {
    let mut base = vec![[0.0; 4]; options.samples];
    for (&marker, &(entity, effect)) in qtn.iter().zip(drawn) {
        for (sample, values) in base.iter_mut().enumerate() {
            let copies = COPIES[calls.code(marker, sample) as usize].unwrap_or(0);
            values[entity as usize] += f64::from(copies) * effect;
        }
    }
    if options.variant == SimulateVariant::Narrow {
        narrow(&mut base, Entity::Cytokinin, CYTOKININ_RATE);
        narrow(&mut base, Entity::Strigolactone, STRIGOLACTONE_RATE);
    }
    base
}

// rate · (1 + 0.1 z), z the genetic value standardised over the samples.
fn narrow(base: &mut [Base], entity: Entity, rate: f64) {
    let genetic: Vec<f64> = base.iter().map(|values| values[entity as usize]).collect();
    let (mean, sd) = mean_sd(&genetic);
    for (values, genetic) in base.iter_mut().zip(genetic) {
        let z = if sd > 0.0 { (genetic - mean) / sd } else { 0.0 };
        values[entity as usize] = rate * (1.0 + NARROW_SPREAD * z);
    }
}

fn columns(options: &SimulateOptions, base: &[Base]) -> IndexMap<String, Vec<f64>> {
    let found: Vec<Metabolites> = base.iter().map(|&values| metabolites(values)).collect();
    let of = |value: fn(&Metabolites) -> f64| found.iter().map(value).collect::<Vec<f64>>();
    let days = found.iter().map(|m| outgrowth(m.integrator, options.variant)).collect::<Vec<f64>>();
    let truth = [
        ("outgrowth", Purpose::OutgrowthNoise, options.trait_noise, days),
        ("auxin", Purpose::AuxinNoise, options.metabolite_noise, of(|m| m.auxin)),
        ("sucrose", Purpose::SucroseNoise, options.metabolite_noise, of(|m| m.sucrose)),
        ("cytokinin", Purpose::CytokininNoise, options.metabolite_noise, of(|m| m.cytokinin)),
        ("strigolactone", Purpose::StrigolactoneNoise, options.metabolite_noise, of(|m| m.strigolactone)),
    ];
    let mut columns = IndexMap::new();
    for (at, (name, purpose, noise, values)) in truth.iter().enumerate() {
        let mut seen = measured(values, *noise, Stream::new(options.seed, *purpose));
        // The trait stands first, and is always measured.
        if at > 0 {
            seen.iter_mut()
                .enumerate()
                .filter(|(i, _)| !is_measured(*i, options.measured))
                .for_each(|(_, v)| *v = f64::NAN);
        }
        columns.insert((*name).to_owned(), seen);
    }
    for (name, _, _, values) in truth {
        columns.insert(format!("{name}_true"), values);
    }
    columns.insert("integrator_true".to_owned(), of(|m| m.integrator));
    for entity in [Entity::Cytokinin, Entity::Strigolactone] {
        let rates = base.iter().map(|values| values[entity as usize]).collect();
        columns.insert(format!("{}_base", entity.name()), rates);
    }
    columns
}

/// Spread evenly, so that more individuals change nothing of the first ones.
fn is_measured(individual: usize, share: f64) -> bool {
    let before = |count: usize| (count as f64 * share + 1e-9).floor();
    before(individual + 1) > before(individual)
}

fn measured(truth: &[f64], noise: f64, mut stream: Stream) -> Vec<f64> {
    let (_, sd) = mean_sd(truth);
    truth.iter().map(|value| value + noise * sd * stream.normal()).collect()
}

#[cfg(test)]
mod tests;
