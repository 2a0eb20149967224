//! One frame for every instruction set: values against the definition in double precision, bits
//! against plain Rust.

use super::*;

/// Calls `[variants × samples]` and what a map of them needs.
struct Case {
    samples: usize,
    calls: Vec<Vec<u8>>,
    tables: Vec<Table>,
    weights: Vec<f32>,
    delta: Vec<f32>,
}

fn wave(k: usize, factor: f64) -> f32 {
    libm::sin(factor * (k as f64 + 1.0)) as f32
}

fn case(variants: usize, samples: usize) -> Case {
    let code = |variant: usize, sample: usize| ((variant * 7 + sample * 5 + variant * sample / 3) % 4) as u8;
    Case {
        samples,
        calls: (0..variants).map(|v| (0..samples).map(|s| code(v, s)).collect()).collect(),
        tables: (0..variants).map(|v| [0, 1, 2, 3].map(|c| wave(4 * v + c, 1.7))).collect(),
        weights: (0..variants).map(|v| wave(v, 0.37)).collect(),
        delta: (0..samples).map(|s| wave(s, 2.3)).collect(),
    }
}

impl Case {
    /// Lines as the layout is described, byte by byte.
    fn lines(&self) -> (Vec<Line>, usize) {
        let quads = self.calls.len().div_ceil(QUAD);
        let mut lines = vec![[0; CHUNK]; quads * self.samples.div_ceil(CHUNK)];
        for (variant, calls) in self.calls.iter().enumerate() {
            for (sample, code) in calls.iter().enumerate() {
                let line = &mut lines[sample / CHUNK * quads + variant / QUAD];
                line[position(sample % CHUNK)] |= code << (2 * (variant % QUAD));
            }
        }
        (lines, quads)
    }

    fn value(&self, variant: usize, sample: usize) -> f64 {
        f64::from(self.tables[variant][usize::from(self.calls[variant][sample])])
    }
}

fn isas() -> impl Iterator<Item = Isa> {
    Isa::ALL.into_iter().filter(|isa| isa.is_here())
}

const SHAPES: [(usize, usize); 9] =
    [(1, 1), (2, 16), (3, 17), (4, 64), (5, 33), (10, 64), (17, 130), (33, 65), (40, 200)];

#[test]
fn forward_is_the_definition_with_the_same_bits_everywhere() {
    for (variants, samples) in SHAPES {
        let case = case(variants, samples);
        let (lines, stride) = case.lines();
        let codes = Codes { lines: &lines, stride };
        let run = |isa| {
            let (mut out, mut again) = (vec![f32::NAN; samples], vec![0.25; samples]);
            forward(isa, codes, &case.tables, &case.weights, Start::At(0.25), &mut out);
            forward(isa, codes, &case.tables, &case.weights, Start::Here, &mut again);
            assert_eq!(out, again);
            out
        };
        let plain = run(Isa::Scalar);
        for (sample, found) in plain.iter().enumerate() {
            let terms = (0..variants).map(|v| f64::from(case.weights[v]) * case.value(v, sample));
            let wanted = 0.25 + terms.sum::<f64>();
            assert!((f64::from(*found) - wanted).abs() < 1e-5, "{found} against {wanted}");
        }
        isas().for_each(|isa| assert_eq!(run(isa), plain, "{isa:?}, {variants} × {samples}"));
    }
}

#[test]
fn gradients_are_the_definition_with_the_same_bits_everywhere() {
    for (variants, samples) in SHAPES {
        let case = case(variants, samples);
        let (lines, stride) = case.lines();
        let codes = Codes { lines: &lines, stride };
        let run = |isa| {
            let mut out = vec![f32::NAN; variants];
            weight_gradients(isa, codes, &case.tables, &case.delta, &mut out);
            out
        };
        let plain = run(Isa::Scalar);
        for (variant, found) in plain.iter().enumerate() {
            let terms = (0..samples).map(|s| f64::from(case.delta[s]) * case.value(variant, s));
            let wanted: f64 = terms.sum();
            assert!((f64::from(*found) - wanted).abs() < 2e-5, "{found} against {wanted}");
        }
        isas().for_each(|isa| assert_eq!(run(isa), plain, "{isa:?}, {variants} × {samples}"));
    }
}

#[test]
fn decoding_gives_the_table_entries() {
    for (variants, samples) in SHAPES {
        let case = case(variants, samples);
        let (lines, stride) = case.lines();
        for isa in isas() {
            let mut out = vec![f32::NAN; variants * samples];
            decode(isa, Codes { lines: &lines, stride }, &case.tables, samples, &mut out);
            for (at, found) in out.iter().enumerate() {
                assert_eq!(f64::from(*found), case.value(at / samples, at % samples), "{isa:?}");
            }
        }
    }
}

#[test]
fn bytes_of_samples_become_lines() {
    for (isa, stride) in isas().flat_map(|isa| [8, 24, 64, 192].map(|stride| (isa, stride))) {
        let bytes: Vec<u8> = (0..100 * stride).map(|k| (k * 31 % 251) as u8).collect();
        let samples: [u32; CHUNK] = std::array::from_fn(|at| (at * 37 % 100) as u32);
        let picked = Picked { bytes: &bytes, stride, samples: &samples };
        let mut lines = vec![[0; CHUNK]; stride];
        transpose(isa, picked, &mut lines);
        for (quad, line) in lines.iter().enumerate() {
            for (sample, byte) in samples.iter().zip(line) {
                assert_eq!(*byte, bytes[*sample as usize * stride + quad], "{isa:?}, {stride}, {quad}");
            }
        }
    }
}
