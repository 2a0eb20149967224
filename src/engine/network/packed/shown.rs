//! A layout as a table for readers.

use super::layout::{Layout, Span};
use crate::compiler::plan::{Block, Plan, levels};
use std::fmt::Write;

impl Layout {
    /// What the engine visits in a step, tab-separated: a row a span, in the order of its visits, and
    /// a row a level behind the spans.
    #[must_use]
    pub fn table(&self, plan: &Plan) -> String {
        let mut text = String::from("visit\tnodes\tvariants\tbytes a sample\trows\tweights\thow\tfrom\tto\n");
        for (at, span) in self.spans.iter().enumerate() {
            let blocks = &plan.blocks[self.blocks_of(span)];
            let variants: usize = self.chains[span.chains.clone()]
                .iter()
                .map(|chain| plan.blocks[chain.blocks.start].inputs)
                .sum();
            let bytes: usize = span.parts.iter().map(|part| part.bytes.len()).sum();
            let [rows, weights] = sizes(blocks);
            let (nodes, how) = (span.chains.len(), way(span));
            let (from, to) = (name_of(plan, blocks[0].first_output), last_name(plan, blocks));
            let visit = at + 1;
            let _ = writeln!(
                text,
                "span {visit}\t{nodes}\t{variants}\t{bytes}\t{rows}\t{weights}\t{how}\t{from}\t{to}"
            );
        }
        for (at, level) in levels(plan, self.blocks).into_iter().enumerate() {
            let blocks = &plan.blocks[level];
            let [rows, weights] = sizes(blocks);
            let (from, to) = (name_of(plan, blocks[0].first_output), last_name(plan, blocks));
            let (level, count) = (at + 1, blocks.len());
            let _ = writeln!(
                text,
                "level {level}\t{count}\t0\t0\t{rows}\t{weights}\tblock by block\t{from}\t{to}"
            );
        }
        text
    }
}

/// Rows and weights of some blocks.
fn sizes(blocks: &[Block]) -> [usize; 2] {
    [blocks.iter().map(|block| block.outputs).sum(), blocks.iter().map(Block::map_weights).sum()]
}

fn way(span: &Span) -> &'static str {
    match span {
        Span { maps, .. } if !maps.is_empty() => "maps together",
        Span { uniform: true, .. } => "blocks together",
        _ => "node by node",
    }
}

fn last_name(plan: &Plan, blocks: &[Block]) -> String {
    let last = &blocks[blocks.len() - 1];
    name_of(plan, last.first_output + last.outputs - 1)
}

/// Layer and name of the segment that holds a row; segments stand in the order of their rows.
fn name_of(plan: &Plan, row: usize) -> String {
    let behind = plan.segments.partition_point(|segment| segment.first_row <= row);
    let segment = behind.checked_sub(1).map(|at| &plan.segments[at]);
    segment.map_or_else(String::new, |segment| format!("{}/{}", segment.layer, segment.name))
}
