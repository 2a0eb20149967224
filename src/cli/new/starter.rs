//! The starter project: texts from `starter/`, and a simulated population with genes and sets.

use super::{Made, filled};
use crate::data::simulate::{Simulated, shoot_branching};
use crate::data::write_plink;
use crate::io::{MemoryWorld, World};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::spec::{SimulateEffects, SimulateOptions, SimulateVariant};
use std::fmt::Write;
use std::path::Path;

const SPEC: &str = include_str!("starter/spec.binn");
const README: &str = include_str!("starter/README.md");
const WORKFLOW: &str = include_str!("starter/workflow.yml");
const IGNORE: &str = include_str!("starter/gitignore");

/// Half the length of a gene, in bases.
const REACH: u64 = 2_000;
/// Every so many markers without an effect lie in a gene too.
const EVERY: usize = 3;

/// All files of the project but the lock.
pub(super) fn files(model: &str) -> Result<Vec<Made>, Diagnostics> {
    let simulated = shoot_branching(&options())?;
    let model = [("MODEL", model)];
    let mut files: Vec<Made> = vec![
        (format!("{}.binn", model[0].1), filled(SPEC, &model)),
        ("README.md".to_owned(), filled(README, &model)),
        (".gitignore".to_owned(), IGNORE.as_bytes().to_vec()),
        (".github/workflows/binnc.yml".to_owned(), filled(WORKFLOW, &model)),
    ];
    files.extend(genotypes(&simulated)?);
    let genes = genes(&simulated);
    files.push(("data/pheno.tsv".to_owned(), pheno(&simulated).into_bytes()));
    files.push(("data/genes.gff3".to_owned(), gff3(&genes).into_bytes()));
    files.push(("data/pathways.gmt".to_owned(), gmt(&genes).into_bytes()));
    Ok(files)
}

fn options() -> SimulateOptions {
    SimulateOptions {
        variant: SimulateVariant::Narrow,
        samples: 200,
        markers: 120,
        seed: 7,
        effects: SimulateEffects::Equal,
        metabolite_noise: 0.05,
        trait_noise: 0.10,
        measured: 1.0,
    }
}

fn genotypes(simulated: &Simulated) -> Result<Vec<Made>, Diagnostic> {
    let world = MemoryWorld::default();
    let failed = |why: std::io::Error| crate::cli::print::cannot_write(Path::new("data/geno.bed"), &why);
    write_plink(&world, Path::new("data/geno"), &simulated.genotypes).map_err(failed)?;
    ["data/geno.bed", "data/geno.bim", "data/geno.fam"]
        .into_iter()
        .map(|name| Ok((name.to_owned(), world.read(Path::new(name)).map_err(failed)?)))
        .collect()
}

fn pheno(simulated: &Simulated) -> String {
    let values = &simulated.traits["outgrowth"];
    let rows = simulated.genotypes.samples.iter().zip(values);
    rows.fold("IID\toutgrowth\n".to_owned(), |mut text, (sample, value)| {
        let _ = writeln!(text, "{}\t{value:.3}", sample.individual);
        text
    })
}

/// A gene of the starter.
struct Gene {
    id: String,
    contig: String,
    position: u64,
    /// The substance that it acts on, where it has an effect.
    acts_on: Option<&'static str>,
}

/// A gene round each marker with an effect, and round every third of the others.
fn genes(simulated: &Simulated) -> Vec<Gene> {
    let mut genes = Vec::new();
    for (at, variant) in simulated.genotypes.variants.iter().enumerate() {
        let link = simulated.links.iter().find(|(marker, _)| *marker == variant.id);
        if link.is_none() && at % EVERY != 0 {
            continue;
        }
        genes.push(Gene {
            id: format!("gene{:03}", genes.len() + 1),
            contig: variant.chromosome.clone(),
            position: variant.position.unwrap_or(1),
            acts_on: link.map(|(_, entity)| entity.name()),
        });
    }
    genes
}

fn gff3(genes: &[Gene]) -> String {
    let mut text = String::from("##gff-version 3\n");
    for (at, Gene { id, contig, position, .. }) in genes.iter().enumerate() {
        let (start, end) = (position.saturating_sub(REACH).max(1), position + REACH);
        let strand = if at % 2 == 0 { '+' } else { '-' };
        let _ = writeln!(text, "{contig}\tsimulated\tgene\t{start}\t{end}\t.\t{strand}\t.\tID={id}");
    }
    text
}

/// A pathway a substance, with some genes that have no effect; two pathways of such genes alone;
/// and genes in no pathway.
fn gmt(genes: &[Gene]) -> String {
    let idle: Vec<&Gene> = genes.iter().filter(|gene| gene.acts_on.is_none()).collect();
    let share =
        |part: usize| idle.iter().enumerate().filter(move |(at, _)| at % 8 == part).map(|(_, gene)| *gene);
    let mut text = String::new();
    for (part, substance) in ["auxin", "sucrose", "cytokinin", "strigolactone"].into_iter().enumerate() {
        let acting = genes.iter().filter(|gene| gene.acts_on == Some(substance));
        line(&mut text, substance, "genes that set its level, and bystanders", acting.chain(share(part)));
    }
    line(&mut text, "photosynthesis", "genes without an effect here", share(4));
    line(&mut text, "cell_wall", "genes without an effect here", share(5));
    text
}

fn line<'a>(text: &mut String, name: &str, about: &str, genes: impl Iterator<Item = &'a Gene>) {
    let members: Vec<&str> = genes.map(|gene| gene.id.as_str()).collect();
    let _ = writeln!(text, "{name}\t{about}\t{}", members.join("\t"));
}
