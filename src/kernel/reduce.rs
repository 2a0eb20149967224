//! Sums of fixed shape.
//!
//! Pairwise summation (Higham 1993) split at fixed points: the result depends on the values
//! and their number alone.

use super::math::Real;

const LEAF: usize = 128;
const LANES: usize = 8;

/// Σ values.
pub fn sum<T: Real>(values: &[T]) -> T {
    sum_by(values.len(), |k| values[k])
}

/// Σ term(k) for k in `0 .. count`.
pub fn sum_by<T: Real>(count: usize, term: impl Fn(usize) -> T + Copy) -> T {
    pairwise(0, count, term)
}

/// Σ aₖ·bₖ for slices of one length.
pub fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    debug_assert_eq!(a.len(), b.len(), "both sides of a dot product have one length");
    let mut lanes = [T::ZERO; LANES];
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    for (x, y) in a_chunks.iter().zip(b_chunks) {
        for k in 0..LANES {
            lanes[k] += x[k] * y[k];
        }
    }
    let mut total = fold(lanes);
    for (x, y) in a_rest.iter().zip(b_rest) {
        total += *x * *y;
    }
    total
}

/// The sum of eight lanes, as a tree.
#[inline(always)]
pub(super) fn fold<T: Real>(v: [T; LANES]) -> T {
    ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]))
}

fn pairwise<T: Real>(first: usize, count: usize, term: impl Fn(usize) -> T + Copy) -> T {
    if count <= LEAF {
        return leaf(first, count, term);
    }
    let left = (count / 2).next_multiple_of(LEAF);
    pairwise(first, left, term) + pairwise(first + left, count - left, term)
}

// Eight running sums side by side, so that no addition waits for the last one.
fn leaf<T: Real>(first: usize, count: usize, term: impl Fn(usize) -> T + Copy) -> T {
    let mut lanes = [T::ZERO; LANES];
    let whole = count - count % LANES;
    for start in (first..first + whole).step_by(LANES) {
        for (k, lane) in lanes.iter_mut().enumerate() {
            *lane += term(start + k);
        }
    }
    (first + whole..first + count).fold(fold(lanes), |total, k| total + term(k))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_on_integers() {
        for count in [0, 1, 7, 128, 129, 1000, 4097] {
            let values: Vec<f64> = (0..count).map(f64::from).collect();
            let expected = f64::from(count) * f64::from(count - 1) / 2.0;
            assert_eq!(sum(&values), if count == 0 { 0.0 } else { expected });
            let ones = vec![1.0; values.len()];
            assert_eq!(dot(&values, &ones), if count == 0 { 0.0 } else { expected });
        }
    }

    #[test]
    fn pairwise_loses_little_in_single_precision() {
        let values = vec![0.1_f32; 1 << 20];
        let exact = f64::from(0.1_f32) * f64::from(1 << 20);
        assert!((f64::from(sum(&values)) - exact).abs() / exact < 1e-6);
    }
}
