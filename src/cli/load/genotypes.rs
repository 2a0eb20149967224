//! Genotype sets: PLINK files, or the generator in memory.

use super::{Depth, Reader};
use crate::data::simulate::{Simulated, shoot_branching};
use crate::data::{self, GenotypeSet, PackedGenotypes};
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::{Genotypes, Spec};
use std::time::Instant;

impl Reader<'_> {
    /// Reads every set; gives what the generator made, by the genotype set's place.
    pub(super) fn genotypes(&mut self, spec: &Spec) -> Vec<Option<Simulated>> {
        let started = Instant::now();
        let made = spec.genotypes.iter().map(|item| self.set(item)).collect();
        self.read.imported_in = started.elapsed().as_secs_f64();
        made
    }

    fn set(&mut self, item: &Genotypes) -> Option<Simulated> {
        let span = item.origin.span;
        if let Some(options) = &item.simulate {
            let made = shoot_branching(options).map(|made| (made, Diagnostics::default()));
            let made = self.keep(made.map_err(Diagnostics::from), span)?;
            self.add(made.genotypes.clone());
            return Some(made);
        }
        let path = self.path(&item.origin.path, span)?;
        let (set, files) = if self.depth == Depth::Calls {
            let read = data::read_plink(self.world, &path).map(|(set, files, found)| ((set, files), found));
            self.keep(read, span)?
        } else {
            let lists = self.keep(data::read_plink_lists(self.world, &path), span)?;
            let calls = PackedGenotypes::new(0, 0, Vec::new());
            (GenotypeSet { samples: lists.samples, variants: lists.variants, calls }, lists.files)
        };
        self.read.files.extend(files);
        self.add(set);
        None
    }

    fn add(&mut self, set: GenotypeSet) {
        self.read.samples.push(set.samples.clone());
        self.read.variants.push(set.variants.clone());
        self.read.sets.push(set);
    }
}
