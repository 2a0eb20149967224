//! What differs between a lock and the sources as they stand.
//!
//! Files are compared by their bytes; what changed inside a prior is told by name.

use super::{Contents, Kind, Lock, Source};
use crate::language::spec::digest::SpecDigests;
use std::collections::BTreeMap;

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The spec asks for something else; which of its concerns.
    Spec(Vec<&'static str>),
    /// The file is not the locked one.
    File {
        /// As locked.
        was: Box<Source>,
        /// As it is.
        now: Box<Source>,
    },
    /// The spec reads a file that the lock does not hold.
    Unlocked(Box<Source>),
    /// The lock holds a file that the spec does not read.
    Unread(Box<Source>),
}

/// Names of sets or intervals that came, went, or say something else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameChanges<'a> {
    /// Only in the lock.
    pub went: Vec<&'a str>,
    /// Only in the file.
    pub came: Vec<&'a str>,
    /// In both, with other members or another place.
    pub changed: Vec<&'a str>,
}

impl Lock {
    /// The differences from what is there now, in the order of the spec's concerns and sources.
    ///
    /// `absent` are files that are not there and so cannot be compared.
    #[must_use]
    pub fn changes(
        &self,
        spec: &SpecDigests,
        now: &[Source],
        absent: &[(Kind, String, String)],
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        let concerns = concerns(&self.spec, spec);
        if !concerns.is_empty() {
            changes.push(Change::Spec(concerns));
        }
        let locked: BTreeMap<_, _> = self.sources.iter().map(|source| (source.key(), source)).collect();
        for source in now {
            match locked.get(&source.key()) {
                None => changes.push(Change::Unlocked(Box::new(source.clone()))),
                Some(was) if was.blake3 != source.blake3 || was.bytes != source.bytes => {
                    changes
                        .push(Change::File { was: Box::new((*was).clone()), now: Box::new(source.clone()) });
                }
                Some(_) => {}
            }
        }
        for was in &self.sources {
            let is_absent = absent.iter().any(|(kind, name, path)| (*kind, &**name, &**path) == was.key());
            if !is_absent && !now.iter().any(|source| source.key() == was.key()) {
                changes.push(Change::Unread(Box::new(was.clone())));
            }
        }
        changes
    }
}

fn concerns(was: &SpecDigests, now: &SpecDigests) -> Vec<&'static str> {
    let pairs = [
        ("data", &was.data, &now.data),
        ("priors", &was.priors, &now.priors),
        ("architecture", &was.architecture, &now.architecture),
        ("procedure", &was.procedure, &now.procedure),
    ];
    pairs.iter().filter(|(_, was, now)| was != now).map(|(concern, ..)| *concern).collect()
}

impl Contents {
    /// What came and went since `self`; `None` where one of the two is too long to be listed.
    #[must_use]
    pub fn name_changes<'a>(&'a self, now: &'a Self) -> Option<NameChanges<'a>> {
        let is_listed = |contents: &Self| !contents.names.is_empty() || contents.nodes == 0;
        if !is_listed(self) || !is_listed(now) {
            return None;
        }
        let only = |one: &'a Self, other: &Self| {
            let names = one.names.keys().filter(|name| !other.names.contains_key(*name));
            names.map(String::as_str).collect()
        };
        let changed =
            self.names.iter().filter(|(name, said)| now.names.get(*name).is_some_and(|n| n != *said));
        Some(NameChanges {
            went: only(self, now),
            came: only(now, self),
            changed: changed.map(|(name, _)| name.as_str()).collect(),
        })
    }
}
