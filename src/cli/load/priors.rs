//! Priors: files, or the links that the generator used.

use super::{Depth, Read, Reader};
use crate::data::InputFile;
use crate::data::simulate::Simulated;
use crate::io::World;
use crate::knowledge::{self, Incidence, Knowledge, pairs};
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::{Contigs, Prior, PriorId, Reading, Spec};
use std::path::Path;

impl Reader<'_> {
    pub(super) fn priors(&mut self, spec: &Spec, simulated: &[Option<Simulated>]) {
        for prior in &spec.priors {
            let knowledge = if prior.reading == Reading::Simulate {
                self.generator(spec, &prior.origin, simulated).map(|made| Knowledge::Pairs(links(made)))
            } else {
                self.prior(prior)
            };
            self.read.priors.extend(knowledge);
        }
    }

    fn prior(&mut self, prior: &Prior) -> Option<Knowledge> {
        let span = prior.origin.span;
        let path = self.path(&prior.origin.path, span)?;
        let contigs = match &prior.contigs {
            Contigs::File(table) => Some(self.path(table, span)?),
            _ => None,
        };
        let shown = path.display().to_string();
        let format = prior.origin.format;
        let read = knowledge::read(
            self.world,
            &path,
            &shown,
            &prior.reading,
            format,
            &prior.contigs,
            contigs.as_deref(),
        );
        let read = read.map(|loaded| ((loaded.knowledge, loaded.digest), loaded.found));
        let (knowledge, digest) = self.keep(read, span)?;
        let bytes = self.world.size(&path).unwrap_or(0);
        let digest = digest.to_hex().to_string();
        self.read.files.push(InputFile { name: shown, bytes, digest, notes: Vec::new() });
        Some(knowledge)
    }
}

/// What the file of one prior says, where it can be read; for comparisons, which report nothing.
pub(in crate::cli) fn prior(world: &dyn World, spec: &Spec, root: &Path, at: PriorId) -> Option<Knowledge> {
    let (found, read) = (Diagnostics::default(), Read::default());
    let mut reader = Reader { world, root, depth: Depth::Lists, found, read };
    spec.priors
        .get(at)
        .filter(|prior| prior.reading != Reading::Simulate)
        .and_then(|prior| reader.prior(prior))
}

/// The QTN of each entity.
fn links(made: &Simulated) -> Incidence {
    pairs(made.links.iter().map(|(variant, entity)| (variant.as_str(), entity.name())))
}
