//! What is to be computed anew when some rows have other values.

use crate::compiler::plan::Plan;
use crate::compiler::rows::Rows;
use std::collections::BTreeMap;
use std::ops::Range;

/// A block downstream of rows that change.
pub(super) struct Step {
    pub(super) block: usize,
    /// Which of its sources change, ascending.
    pub(super) moved: Vec<u32>,
}

/// Of each row the places in the plan's sources where it stands.
pub(super) fn readers(plan: &Plan) -> Rows {
    Rows::new(plan.rows, plan.sources.iter().copied().zip(0..))
}

/// All blocks downstream of some nodes, each consecutive rows of one block, in their order. The nodes' own
/// blocks are none of them: what a node is computed from has no say.
pub(super) fn downstream(plan: &Plan, readers: &Rows, nodes: &[Range<usize>]) -> Vec<Step> {
    let mut reached: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    let reach = |rows: Range<usize>, reached: &mut BTreeMap<usize, Vec<u32>>| {
        for place in rows.flat_map(|row| readers.of(row)) {
            let after = plan.blocks.partition_point(|block| block.first_source <= *place as usize);
            let moved = reached.entry(after - 1).or_default();
            moved.push(*place - plan.blocks[after - 1].first_source as u32);
        }
    };
    nodes.iter().for_each(|node| reach(node.clone(), &mut reached));
    let mut own: Vec<usize> = nodes.iter().map(|node| node.start).collect();
    own.sort_unstable();
    let mut steps = Vec::new();
    while let Some((block, mut moved)) = reached.pop_first() {
        let rows = plan.blocks[block].rows();
        if own.binary_search(&rows.start).is_ok() {
            continue;
        }
        moved.sort_unstable();
        steps.push(Step { block, moved });
        reach(rows, &mut reached);
    }
    steps
}
