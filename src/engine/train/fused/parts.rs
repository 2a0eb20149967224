//! A network cut into parts, one a thread.
//!
//! A part is a run of spans, and so a run of blocks, rows, slots and lines: each thread gets
//! slices of its own, and no two threads write the same value.

use crate::compiler::plan::{Block, Plan};
use crate::engine::network::packed::forward::Bases;
use crate::engine::network::packed::layout::{Layout, Span};
use std::ops::Range;

/// A run of spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) spans: Range<usize>,
    pub(super) first: Bases,
    pub(super) end: Bases,
}

/// Cuts a layout into up to `members` parts of about the same cost.
pub(super) fn parts(plan: &Plan, layout: &Layout, members: usize) -> Vec<Part> {
    let costs: Vec<usize> = layout.spans.iter().map(|span| cost(plan, layout, span)).collect();
    let total: usize = costs.iter().sum();
    let mut parts = Vec::new();
    let (mut first, mut spent) = (0, 0);
    for member in 1..=members {
        let mut end = first;
        while end < costs.len() && (member == members || spent + costs[end] / 2 < total * member / members) {
            spent += costs[end];
            end += 1;
        }
        parts.push(part(plan, layout, first..end));
        first = end;
    }
    parts
}

/// Products of a span, and what each row costs beside them.
fn cost(plan: &Plan, layout: &Layout, span: &Span) -> usize {
    const A_ROW: usize = 5;
    plan.blocks[layout.blocks_of(span)].iter().map(|block| block.outputs * (block.inputs + A_ROW)).sum()
}

fn part(plan: &Plan, layout: &Layout, spans: Range<usize>) -> Part {
    let bases = |span: usize| {
        let block = layout.spans.get(span).map(|next| layout.blocks_of(next).start);
        let line = layout.spans.get(span).map_or(layout.lines(), |next| next.first_line);
        let after = || after(plan, layout.blocks);
        block.map_or_else(after, |at| start(&plan.blocks[at])).at_line(line)
    };
    Part { first: bases(spans.start), end: bases(spans.end), spans }
}

fn start(block: &Block) -> Bases {
    let Block { first_output: row, first_weight: weight, first_bias: bias, first_state: state, .. } = *block;
    Bases { row, weight, bias, state, line: 0 }
}

/// Where what follows so many blocks starts.
pub(super) fn after(plan: &Plan, blocks: usize) -> Bases {
    match plan.blocks.get(blocks) {
        Some(block) => start(block),
        None => {
            Bases { row: plan.rows, weight: plan.weights, bias: plan.biases, state: plan.states, line: 0 }
        }
    }
}

/// Cuts off the first `count` values; nothing where a slice is not in use.
pub(super) fn take<'a, T>(rest: &mut &'a mut [T], count: usize) -> &'a mut [T] {
    let all = std::mem::take(rest);
    let count = count.min(all.len());
    let (taken, left) = all.split_at_mut(count);
    *rest = left;
    taken
}
