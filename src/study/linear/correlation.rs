//! Pearson's r, ranks, and how lists of figures agree.

/// Mean of some values.
pub fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len() as f64;
    values.sum::<f64>() / n
}

/// Whether values differ by no more than rounding does.
#[must_use]
pub fn is_constant(values: &[f64]) -> bool {
    let (low, high) =
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    high - low <= 1e-13 * low.abs().max(high.abs())
}

/// Σ(x − x̄)(y − ȳ).
#[must_use]
pub fn co_deviation(x: &[f64], y: &[f64]) -> f64 {
    let (mx, my) = (mean(x.iter().copied()), mean(y.iter().copied()));
    x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
}

/// Pearson's r; 0 where either is constant.
#[must_use]
pub fn pearson(y: &[f64], f: &[f64]) -> f64 {
    if is_constant(f) || is_constant(y) {
        return 0.0;
    }
    // Two roots: the product of two tiny sums of squares would underflow.
    (co_deviation(y, f) / (co_deviation(y, y).sqrt() * co_deviation(f, f).sqrt())).clamp(-1.0, 1.0)
}

/// Ranks from 1; equal values share the mean of their ranks.
#[must_use]
pub fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = from as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|&row| ranks[row] = rank);
        from += tied.len();
    }
    ranks
}
