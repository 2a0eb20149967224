//! Normalisation to mean 0 and variance 1, and its gradient.
//!
//! Over the samples of a row (batch normalisation, Ioffe & Szegedy 2015) or over the rows of a
//! sample (layer normalisation, Ba, Kiros & Hinton 2016): ẑ = (z − mean)/√(variance + ε).

use super::math::Real;
use super::reduce::{dot, sum, sum_by};

/// What keeps a variance of 0 from dividing.
pub const EPSILON: f64 = 1e-5;

/// Normalises one row in place; gives mean, variance and 1/√(variance + ε).
pub fn row_forward<T: Real>(row: &mut [T]) -> (T, T, T) {
    let count = T::of(row.len() as f64);
    let mean = sum(row) / count;
    let centred = |k: usize| (row[k] - mean) * (row[k] - mean);
    let variance = sum_by(row.len(), centred) / count;
    let scale = T::of(1.0 / (variance.wide() + EPSILON).sqrt());
    row.iter_mut().for_each(|z| *z = (*z - mean) * scale);
    (mean, variance, scale)
}

/// Normalises one row in place by given moments.
pub fn row_by<T: Real>(row: &mut [T], mean: T, variance: T) {
    let scale = T::of(1.0 / (variance.wide() + EPSILON).sqrt());
    row.iter_mut().for_each(|z| *z = (*z - mean) * scale);
}

/// Turns ∂/∂ẑ into ∂/∂z in place, for a row that was normalised over itself.
pub fn row_backward<T: Real>(normal: &[T], scale: T, delta: &mut [T]) {
    let count = T::of(delta.len() as f64);
    let mean = sum(delta) / count;
    let along = dot(delta, normal) / count;
    for (delta, normal) in delta.iter_mut().zip(normal) {
        *delta = scale * (*delta - mean - *normal * along);
    }
}

/// Normalises each sample over `rows` `[rows × batch]` in place; leaves 1/√(variance + ε) of each
/// sample in `scales` `[batch]`.
pub fn column_forward<T: Real>(rows: &mut [T], batch: usize, scales: &mut [T]) {
    let count = rows.len() / batch;
    let units = T::of(count as f64);
    for (sample, scale) in scales[..batch].iter_mut().enumerate() {
        let value = |k: usize| rows[k * batch + sample];
        let mean = sum_by(count, value) / units;
        let variance = sum_by(count, |k| (value(k) - mean) * (value(k) - mean)) / units;
        *scale = T::of(1.0 / (variance.wide() + EPSILON).sqrt());
        for k in 0..count {
            let z = &mut rows[k * batch + sample];
            *z = (*z - mean) * *scale;
        }
    }
}

/// Turns ∂/∂ẑ into ∂/∂z in place, for samples that were normalised over their rows.
pub fn column_backward<T: Real>(normal: &[T], scales: &[T], batch: usize, delta: &mut [T]) {
    let count = delta.len() / batch;
    let units = T::of(count as f64);
    for (sample, scale) in scales[..batch].iter().enumerate() {
        let at = |k: usize| k * batch + sample;
        let mean = sum_by(count, |k| delta[at(k)]) / units;
        let along = sum_by(count, |k| delta[at(k)] * normal[at(k)]) / units;
        for k in 0..count {
            delta[at(k)] = *scale * (delta[at(k)] - mean - normal[at(k)] * along);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_gets_mean_0_and_variance_1() {
        let mut row = [1.0, 2.0, 4.0, 9.0];
        let (mean, variance, scale) = row_forward(&mut row);
        assert_eq!((mean, variance), (4.0, 9.5));
        assert!((scale - 1.0 / (9.5_f64 + EPSILON).sqrt()).abs() < 1e-15);
        assert!(sum(&row).abs() < 1e-12 && (dot(&row, &row) / 4.0 - 1.0).abs() < 1e-5);
    }

    #[test]
    fn samples_are_normalised_over_rows() {
        let mut rows = [1.0, 5.0, 3.0, 5.0];
        let mut scales = [0.0; 2];
        column_forward(&mut rows, 2, &mut scales);
        assert!((rows[0] + 1.0_f64).abs() < 1e-4 && (rows[2] - 1.0).abs() < 1e-4);
        assert_eq!((rows[1], rows[3]), (0.0, 0.0), "equal units have no spread");
    }
}
