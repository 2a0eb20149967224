//! Links without `via`: every pair.

use super::Resolver;
use super::names::Member;
use crate::language::spec::{Endpoint, Link};

impl<'a> Resolver<'a> {
    pub(super) fn all_pairs(&mut self, id: usize, link: &'a Link, from: &[&'a Endpoint]) {
        let targets: Vec<_> = self
            .targets(link)
            .into_iter()
            .flat_map(|group| self.members[group].values().copied().collect::<Vec<_>>())
            .collect();
        for endpoint in from {
            let members = self.endpoint_members(endpoint);
            for target in &targets {
                for member in &members {
                    match member {
                        Member::Node(node) => self.edge(id, *node, *target),
                        Member::Input(input) => self.input(id, input.clone(), *target),
                    }
                }
            }
        }
    }
}
