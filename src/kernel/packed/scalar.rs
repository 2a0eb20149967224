//! The definition, in plain Rust.

use super::{Chunk, LANES, Line, QUAD, Table, quad_of};

fn code(line: &Line, group: usize, lane: usize, variant: usize) -> usize {
    usize::from(line[super::GROUPS * lane + group] >> (2 * variant)) & 3
}

pub fn forward(lines: &[Line], tables: &[Table], weights: &[f32], groups: usize, totals: &mut Chunk) {
    for (quad, line) in lines.iter().enumerate() {
        let (tables, weights): ([Table; QUAD], [f32; QUAD]) = (quad_of(tables, quad), quad_of(weights, quad));
        for pair in [0, 2] {
            for (group, totals) in totals[..groups].iter_mut().enumerate() {
                for (lane, total) in totals.iter_mut().enumerate() {
                    let term =
                        |variant: usize| weights[variant] * tables[variant][code(line, group, lane, variant)];
                    *total += term(pair) + term(pair + 1);
                }
            }
        }
    }
}

/// Adds δ·x to the 16 lanes of each of up to 16 variants.
pub fn accumulate(
    lines: &[Line],
    tables: &[Table],
    delta: &Chunk,
    groups: usize,
    lanes: &mut [[f32; LANES]; LANES],
) {
    for (variant, (table, lanes)) in tables.iter().zip(lanes).enumerate() {
        let line = &lines[variant / QUAD];
        for (group, delta) in delta[..groups].iter().enumerate() {
            for (lane, total) in lanes.iter_mut().enumerate() {
                let value = table[code(line, group, lane, variant % QUAD)];
                *total = delta[lane].mul_add(value, *total);
            }
        }
    }
}

/// The sum of 16 lanes as a tree: halves on halves.
pub fn fold(lanes: [f32; LANES]) -> f32 {
    let mut sums = lanes;
    let mut half = LANES / 2;
    while half > 0 {
        for k in 0..half {
            sums[k] += sums[k + half];
        }
        half /= 2;
    }
    sums[0]
}

pub fn decode(line: &Line, table: &Table, variant: usize, groups: usize, out: &mut Chunk) {
    for (group, out) in out[..groups].iter_mut().enumerate() {
        for (lane, value) in out.iter_mut().enumerate() {
            *value = table[code(line, group, lane, variant)];
        }
    }
}
