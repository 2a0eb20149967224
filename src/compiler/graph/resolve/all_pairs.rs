//! Links without `via`: every pair.

use super::Resolver;
use super::names::Member;
use super::order::Task;
use crate::compiler::graph::NodeId;
use crate::language::spec::Endpoint;

impl Resolver<'_> {
    pub(super) fn all_pairs(&mut self, task: &Task, from: &[&Endpoint]) {
        let targets: Vec<NodeId> =
            task.targets.iter().flat_map(|group| self.members[*group].values().copied()).collect();
        for endpoint in from {
            let members = self.endpoint_members(endpoint);
            for target in &targets {
                for member in &members {
                    self.member_edge(task.link, member, *target);
                }
            }
        }
    }

    /// An edge from whatever an endpoint stands for.
    pub(super) fn member_edge(&mut self, link: usize, member: &Member, target: NodeId) {
        match member {
            Member::Node(node) => self.edge(link, *node, target),
            Member::Input(input) => self.input(link, input.clone(), target),
        }
    }
}
