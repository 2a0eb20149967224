//! How much of a read-out each row of a network carries, against a reference individual.
//!
//! The reference has every variant at its mean over the training rows. A row's part of f(x) − f(x′) is
//! its difference from the reference times a slope; what that slope is, the method says. Parts of the
//! variants add up to the whole difference by all methods but [`Method::GradientInput`], and so do
//! those of any layer that everything passes through.

mod folded;
mod walk;

use super::{InputData, Parameters};
use crate::compiler::plan::Plan;
use folded::folded;
use std::ops::Range;
use walk::{Slopes, Walk};

/// What stands for the slope between an individual and the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// ∂f/∂a at the individual.
    GradientInput,
    /// ∂f/∂a along the straight line of genotypes from the reference, in so many steps, an even number: integrated
    /// gradients of variants (Sundararajan et al. 2017), conductance of nodes (Dhamdhere et al. 2018).
    #[allow(missing_docs, reason = "described above")]
    Integrated { steps: usize },
    /// Products of secants (DeepLIFT, Shrikumar et al. 2017).
    DeepLift,
}

/// Parts of one read-out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attribution {
    /// Mean over individuals of |part|, one a group of rows.
    pub size: Vec<f64>,
    /// Mean of the part of a group of one row, + where more of the row means more of the read-out; NaN of
    /// a group of several.
    pub signed: Vec<f64>,
    /// SD of a group's row over individuals (divisor n); NaN of a group of several.
    pub spread: Vec<f64>,
    /// Mean of |f(x) − f(x′)|.
    pub difference: f64,
    /// Mean of |f(x) − f(x′) − sum of the inputs' parts|.
    pub gap: f64,
}

/// The most values of a kind that one batch holds.
const HELD: usize = 1 << 22;
const LARGEST_BATCH: usize = 128;

/// Parts of some read-outs over cohort rows, by groups of consecutive rows of the plan, on the
/// scale of training. One entry a read-out.
#[must_use]
pub fn attributions(
    plan: &Plan,
    parameters: &Parameters<f32>,
    inputs: &InputData<'_>,
    rows: &[u32],
    method: Method,
    (groups, read_outs): (&[Range<usize>], &[usize]),
) -> Vec<Attribution> {
    let (plan, parameters) = folded(plan, parameters);
    let batch = (HELD / plan.rows.max(1)).clamp(1, LARGEST_BATCH).min(rows.len().max(1));
    let mut reference = Walk::new(&plan, &parameters, 1);
    reference.forward();
    let mut looking = Looking {
        walk: Walk::new(&plan, &parameters, batch),
        before: Vec::new(),
        parts: vec![0.0; plan.rows * batch],
        reference: &reference,
        variants: plan.inputs.len(),
    };
    let mut sums: Vec<Sums> = read_outs.iter().map(|_| Sums::of(groups.len())).collect();
    for some in rows.chunks(batch) {
        // All batches have one size; the last is filled with its first individual, who then counts once.
        let mut filled = some.to_vec();
        filled.resize(batch, some[0]);
        let mut calls = vec![0.0f32; plan.inputs.len() * batch];
        inputs.fill(&filled, &mut calls);
        for (read_out, sums) in read_outs.iter().zip(&mut sums) {
            looking.parts_of(*read_out, &calls, method);
            sums.add(&looking, *read_out, groups, some.len());
        }
    }
    sums.into_iter().map(|sums| sums.over(rows.len())).collect()
}

/// A batch with the parts of one read-out.
struct Looking<'a> {
    walk: Walk<'a>,
    /// Values and gradients of the last steps.
    before: Vec<(Vec<f32>, Vec<f32>)>,
    /// `[plan.rows × batch]`
    parts: Vec<f32>,
    /// The reference, one individual.
    reference: &'a Walk<'a>,
    variants: usize,
}

impl Looking<'_> {
    fn parts_of(&mut self, read_out: usize, calls: &[f32], method: Method) {
        match method {
            Method::GradientInput => self.once(read_out, calls, Slopes::Derivative),
            Method::DeepLift => self.once(read_out, calls, Slopes::Secant(self.reference)),
            Method::Integrated { steps } => self.along(read_out, calls, steps),
        }
    }

    fn once(&mut self, read_out: usize, calls: &[f32], slopes: Slopes<'_>) {
        let batch = self.walk.batch;
        self.walk.inputs().copy_from_slice(calls);
        self.walk.forward();
        self.walk.backward(read_out, slopes);
        let rows = self.walk.values.chunks_exact(batch).zip(self.walk.gradients.chunks_exact(batch));
        for (((values, gradients), parts), reference) in
            rows.zip(self.parts.chunks_exact_mut(batch)).zip(&self.reference.values)
        {
            for ((part, value), gradient) in parts.iter_mut().zip(values).zip(gradients) {
                *part = (value - reference) * gradient;
            }
        }
    }

    /// ∫ ∂f/∂a da along the way, each row in its own values, so that rows that bend add up too. Over two
    /// steps at a time a row and its slope are parabolas, and Simpson's rule is exact for their product.
    fn along(&mut self, read_out: usize, calls: &[f32], steps: usize) {
        let steps = steps.next_multiple_of(2);
        self.parts.fill(0.0);
        self.before.clear();
        for step in 0..=steps {
            let even = step as f32 / steps as f32;
            // Near the reference units that are normalised together turn at once: more steps stand there.
            let share = if self.walk.normalises() { even.powi(3) } else { even };
            self.walk.inputs().iter_mut().zip(calls).for_each(|(input, call)| *input = share * call);
            self.walk.forward();
            self.walk.backward(read_out, Slopes::Derivative);
            self.before.push((self.walk.values.clone(), self.walk.gradients.clone()));
            if let [(a0, g0), (a1, g1), (a2, g2)] = self.before.as_slice() {
                for (at, part) in self.parts.iter_mut().enumerate() {
                    let first = 4.0 * a1[at] - 3.0 * a0[at] - a2[at];
                    let middle = a2[at] - a0[at];
                    let last = a0[at] - 4.0 * a1[at] + 3.0 * a2[at];
                    *part += (g0[at] * first + 4.0 * g1[at] * middle + g2[at] * last) / 6.0;
                }
                self.before.drain(..2);
            }
        }
    }

    /// The sample's difference of one row from the reference.
    fn moved(&self, row: usize, sample: usize) -> f64 {
        f64::from(self.walk.row(row)[sample]) - f64::from(self.reference.values[row])
    }
}

/// Sums over individuals.
struct Sums {
    size: Vec<f64>,
    signed: Vec<f64>,
    values: Vec<f64>,
    squares: Vec<f64>,
    difference: f64,
    gap: f64,
}

impl Sums {
    fn of(groups: usize) -> Self {
        let none = || vec![0.0; groups];
        Self { size: none(), signed: none(), values: none(), squares: none(), difference: 0.0, gap: 0.0 }
    }

    fn add(&mut self, looking: &Looking<'_>, read_out: usize, groups: &[Range<usize>], samples: usize) {
        let batch = looking.walk.batch;
        let part = |row: usize, sample: usize| f64::from(looking.parts[row * batch + sample]);
        for (at, group) in groups.iter().enumerate() {
            for sample in 0..samples {
                let whole: f64 = group.clone().map(|row| part(row, sample)).sum();
                self.size[at] += whole.abs();
                let moved = if group.len() == 1 { looking.moved(group.start, sample) } else { f64::NAN };
                self.signed[at] += if moved == 0.0 { 0.0 } else { whole * moved.signum() };
                self.values[at] += moved;
                self.squares[at] += moved * moved;
            }
        }
        for sample in 0..samples {
            let difference = looking.moved(read_out, sample);
            let inputs: f64 = (0..looking.variants).map(|row| part(row, sample)).sum();
            self.difference += difference.abs();
            self.gap += (difference - inputs).abs();
        }
    }

    fn over(self, samples: usize) -> Attribution {
        let count = samples as f64;
        let mean = |sums: &[f64]| -> Vec<f64> { sums.iter().map(|sum| sum / count).collect() };
        let spread = |(sum, squares): (&f64, &f64)| {
            let mean = sum / count;
            (squares / count - mean * mean).max(0.0).sqrt()
        };
        Attribution {
            size: mean(&self.size),
            signed: mean(&self.signed),
            spread: self.values.iter().zip(&self.squares).map(spread).collect(),
            difference: self.difference / count,
            gap: self.gap / count,
        }
    }
}
