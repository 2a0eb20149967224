//! Links without `via`: every pair.

use super::Resolver;
use super::order::Task;
use super::rules::{Given, Giver};
use crate::compiler::graph::NodeId;
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
}
