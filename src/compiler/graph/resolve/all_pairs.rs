//! Links without `via`: every pair.

use super::Resolver;
use super::order::Task;
use super::rules::{Given, Giver};
use crate::compiler::graph::{NodeId, error};
use crate::knowledge::Knowledge;
use crate::language::spec::Endpoint;

impl Resolver<'_> {
    pub(super) fn all_pairs(&mut self, task: &Task, from: &[&Endpoint]) {
        task.targets.iter().for_each(|group| self.settle(*group));
        let targets: Vec<NodeId> =
            task.targets.iter().flat_map(|group| self.members[*group].iter().copied()).collect();
        let link = &self.spec.links[task.link];
        let giver = Giver { name: "this link", weights: false, signs: false, span: link.span };
        let mut ruling = self.ruling(link, &task.targets, giver);
        for endpoint in from {
            let members = self.endpoint_members(endpoint);
            self.dense_beside_a_prior(task, endpoint, members.len());
            for target in &targets {
                for member in &members {
                    self.member_edge(task.link, member, *target);
                    if let Some(ruling) = &mut ruling {
                        self.rule(ruling, member, *target, Given::default(), link.span);
                    }
                }
            }
        }
    }

    /// W0508 where a prior of the same kinds has less than 1 % of the pairs.
    fn dense_beside_a_prior(&mut self, task: &Task, endpoint: &Endpoint, members: usize) {
        let link = self.spec.links[task.link].span;
        for group in task.targets.iter().filter(|group| self.groups.all[**group].place.is_none()) {
            let edges = members * self.members[*group].len();
            let kind = &self.spec.layers[self.groups.all[*group].layer].kind.value;
            let sparse = self.spec.priors.iter().zip(self.known.priors).find_map(|(prior, known)| {
                let (Some((source, target)), Knowledge::Pairs(pairs)) = (&prior.relates, known) else {
                    return None;
                };
                let same = target.value == *kind && self.kind_of(endpoint, &source.value) == source.value;
                (same && pairs.members.len() * 100 < edges).then_some((prior, pairs.members.len()))
            });
            if let Some((prior, pairs)) = sparse {
                let name = &prior.name;
                self.aside.push(error::dense_beside_a_prior(&name.value, edges, pairs, link, name.span));
            }
        }
    }
}
