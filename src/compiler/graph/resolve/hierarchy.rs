//! Hierarchies of layers: read once, laid over a layer's nodes when all of them are known.
//!
//! Ancestors of a layer's terms become nodes too, and each child is read by its parents.

use super::Resolver;
use super::tree::Tree;
use crate::compiler::graph::{Coverage, NodeId, error};
use crate::knowledge::Knowledge;
use crate::language::spec::Hierarchy;
use std::collections::VecDeque;
use std::sync::Arc;

impl<'a> Resolver<'a> {
    /// Reads the hierarchy of every layer; a layer whose hierarchy has an error is doubtful.
    pub(super) fn trees(&mut self) {
        let spec = self.spec;
        for (layer, item) in spec.layers.iter().enumerate() {
            let Some(hierarchy) = &item.hierarchy else { continue };
            match self.tree(layer, hierarchy) {
                Some(tree) => self.trees[layer] = Some(Arc::new(tree)),
                None => {
                    let group = self.groups.all.iter().position(|group| group.layer == layer);
                    self.doubtful[group.unwrap_or_default()] = true;
                }
            }
        }
    }

    fn tree(&mut self, layer: usize, hierarchy: &Hierarchy) -> Option<Tree<'a>> {
        let prior = &self.spec.priors[hierarchy.prior];
        let (name, span) = (&prior.name.value, hierarchy.span);
        let known = self.known;
        let Knowledge::Pairs(pairs) = &known.priors[hierarchy.prior] else {
            self.report(error::hierarchy_of_intervals(name, span));
            return None;
        };
        self.folded(pairs, hierarchy.prior);
        let kind = &self.spec.layers[layer].kind.value;
        if let Some((source, target)) = &prior.relates
            && (source.value != *kind || target.value != *kind)
        {
            let relates = (source.value.as_str(), target.value.as_str());
            let declared = source.span.to(target.span);
            self.report(error::other_kinds(name, relates, (kind, kind), span, declared));
            return None;
        }
        if !pairs.weights.is_empty() || !pairs.signs.is_empty() {
            self.report(error::weights_of_a_hierarchy(name, span));
            return None;
        }
        let (tree, missing) = Tree::new(pairs, hierarchy);
        if !missing.is_empty() {
            let known: Vec<&str> = pairs.targets.iter().map(String::as_str).collect();
            self.report(error::no_such_root(name, &missing, &known, hierarchy.roots[0].span));
            return None;
        }
        if let Some(cycle) = tree.cycle() {
            let path: Vec<&str> = cycle.iter().map(|term| tree.name(*term)).collect();
            let lines = path.iter().zip(path.iter().cycle().skip(1)).filter_map(|(child, parent)| {
                let set = pairs.targets.iter().position(|target| target == parent)?;
                let member =
                    pairs.members_of(set).iter().position(|m| pairs.sources[*m as usize] == **child)?;
                Some(pairs.lines[pairs.offsets[set] + member])
            });
            let lines: Vec<u32> = lines.collect();
            self.report(error::cycle_of_terms(name, &prior.origin.path, &path, &lines, span));
            return None;
        }
        let deep: Vec<&str> = tree.too_deep().collect();
        if let Some(depth) = hierarchy.depth.filter(|_| !deep.is_empty()) {
            self.report(error::deeper_than_depth(name, depth, &deep, span));
        }
        Some(tree)
    }

    /// Lays a layer's hierarchy over its nodes, once.
    pub(super) fn settle(&mut self, group: usize) {
        if std::mem::replace(&mut self.settled[group], true) || self.groups.all[group].place.is_some() {
            return;
        }
        let layer = self.groups.all[group].layer;
        let Some(tree) = self.trees[layer].clone() else { return };
        let own: Vec<Option<u32>> =
            self.members[group].iter().map(|node| tree.term(&self.graph.dag[*node].name)).collect();
        let terms: Vec<u32> = own.iter().flatten().copied().collect();
        self.report_coverage(group, &tree, own.len(), terms.len());
        let kept = tree.with_ancestors(&terms);
        let mut node_of = vec![NodeId::end(); tree.len()];
        for (node, term) in self.members[group].iter().zip(&own) {
            if let Some(term) = term {
                node_of[*term as usize] = *node;
            }
        }
        self.by_name[group].reserve(kept.len());
        self.graph.dag.reserve_exact_nodes(kept.len() - terms.len());
        for term in &kept {
            if node_of[*term as usize] == NodeId::end() {
                node_of[*term as usize] = self.node(group, tree.name(*term));
            }
        }
        self.graph.dag.reserve_exact_edges(kept.iter().map(|term| tree.parents(*term).count()).sum());
        for term in &kept {
            for parent in tree.parents(*term) {
                self.hierarchy_edge(node_of[*term as usize], node_of[parent as usize]);
            }
        }
        self.levels(group, &tree, &kept, &node_of);
    }

    /// Steps from the top of what is kept; nodes that are no terms stand at the top.
    fn levels(&mut self, group: usize, tree: &Tree<'_>, kept: &[u32], node_of: &[NodeId]) {
        self.graph.levels.resize(self.graph.dag.node_count(), 0);
        for node in &self.members[group] {
            self.graph.levels[node.index()] = 1;
        }
        let mut level = vec![0_u32; tree.len()];
        let mut queue: VecDeque<u32> =
            kept.iter().copied().filter(|t| tree.parents(*t).next().is_none()).collect();
        for term in &queue {
            level[*term as usize] = 1;
        }
        let mut is_kept = vec![false; tree.len()];
        kept.iter().for_each(|term| is_kept[*term as usize] = true);
        while let Some(term) = queue.pop_front() {
            self.graph.levels[node_of[term as usize].index()] = level[term as usize];
            for child in tree.children(term).filter(|child| is_kept[*child as usize]) {
                if level[child as usize] == 0 {
                    level[child as usize] = level[term as usize] + 1;
                    queue.push_back(child);
                }
            }
        }
    }

    fn report_coverage(&mut self, group: usize, tree: &Tree<'_>, nodes: usize, matched: usize) {
        let layer = self.groups.all[group].layer;
        let Some(hierarchy) = &self.spec.layers[layer].hierarchy else { return };
        let (name, item) = (&self.groups.all[group].name, &self.spec.priors[hierarchy.prior]);
        let strangers = self.members[group].iter().map(|node| self.graph.dag[*node].name.as_ref());
        let strangers: Vec<&str> = strangers.filter(|name| tree.term(name).is_none()).collect();
        let coverage = Coverage {
            join: format!("{name} within {name} by {}", item.name.value),
            prior: Some(hierarchy.prior),
            left: "nodes".to_string(),
            right: "terms".to_string(),
            left_matched: matched,
            left_only: nodes - matched,
            right_matched: matched,
            right_only: tree.len() - matched,
            left_examples: strangers.iter().take(3).map(ToString::to_string).collect(),
            right_examples: Vec::new(),
        };
        if matched == 0 && nodes > 0 && !self.doubtful[group] {
            let side = format!("layer `{name}`");
            let terms: Vec<String> =
                (0..tree.len().min(5) as u32).map(|term| tree.name(term).to_string()).collect();
            let nodes: Vec<String> = strangers.iter().take(5).map(ToString::to_string).collect();
            let finding = error::nothing_matches(&item.name.value, &side, &terms, &nodes, hierarchy.span);
            self.report(finding);
        }
        self.graph.coverage.push(coverage);
    }
}
