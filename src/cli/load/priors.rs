//! Priors: files, or the links that the generator used.

use super::{Depth, Reader};
use crate::data::InputFile;
use crate::data::simulate::Simulated;
use crate::io::World;
use crate::knowledge::{self, Cache, How, Incidence, Knowledge, outdated_terms, pairs};
use crate::language::spec::{Contigs, Prior, PriorId, Reading, Spec};
use std::path::Path;

/// Smaller files are parsed faster than an entry is worth.
pub(in crate::cli) const LEAST_CACHED_BYTES: usize = 1 << 20;

impl Reader<'_> {
    pub(super) fn priors(&mut self, spec: &Spec, simulated: &[Option<Simulated>]) {
        for prior in &spec.priors {
            let knowledge = if prior.reading == Reading::Simulate {
                self.generator(spec, &prior.origin, simulated).map(|made| Knowledge::Pairs(links(made)))
            } else {
                self.prior(prior)
            };
            let listed = self.estimated_on(prior, knowledge.as_ref());
            self.read.estimated_on.push(listed);
            self.read.priors.extend(knowledge);
        }
        // Each prior is there only if all could be read.
        if self.read.priors.len() == spec.priors.len() {
            for (ontology, outdated) in std::mem::take(&mut self.outdated) {
                for (prior, knowledge) in spec.priors.iter().zip(&self.read.priors) {
                    let names = [prior.name.value.as_str(), ontology.as_str()];
                    let found = outdated_terms(knowledge, names, &outdated);
                    self.found.extend(found.map(|found| found.at(prior.origin.span, "read from here")));
                }
            }
        }
    }

    pub(super) fn prior(&mut self, prior: &Prior) -> Option<Knowledge> {
        let span = prior.origin.span;
        let path = self.path(&prior.origin.path, span)?;
        let contigs = match &prior.contigs {
            Contigs::File(table) => Some(self.path(table, span)?),
            _ => None,
        };
        let shown = path.display().to_string();
        let cache = self.cache.map(|folder| Cache {
            folder,
            prior: &prior.name.value,
            least_bytes: LEAST_CACHED_BYTES,
        });
        let (world, how) = (self.world, How::of(prior));
        let read = knowledge::read_cached(world, &path, &shown, how, contigs.as_deref(), cache);
        let read = read.map(|mut loaded| {
            let found = std::mem::take(&mut loaded.found);
            (loaded, found)
        });
        let loaded = self.keep(read, span)?;
        self.read.cache_notes.extend(loaded.cache_note.map(|note| format!("{shown}: {note}")));
        let bytes = self.world.size(&path).unwrap_or(0);
        let digest = loaded.digest.to_hex().to_string();
        self.read.files.push(InputFile { name: shown, bytes, digest, notes: loaded.notes });
        self.outdated.push((prior.name.value.clone(), loaded.outdated));
        Some(loaded.knowledge)
    }
}

/// What the file of one prior says, where it can be read; for comparisons, which report nothing.
pub(in crate::cli) fn prior(world: &dyn World, spec: &Spec, root: &Path, at: PriorId) -> Option<Knowledge> {
    let mut reader = Reader::new(world, root, Depth::Lists);
    spec.priors
        .get(at)
        .filter(|prior| prior.reading != Reading::Simulate)
        .and_then(|prior| reader.prior(prior))
}

/// The QTN of each entity.
fn links(made: &Simulated) -> Incidence {
    pairs(made.links.iter().map(|(variant, entity)| (variant.as_str(), entity.name())))
}
