//! Transcendental functions that give the same bits on every platform, and the two number
//! types that kernels run on.
//!
//! Training runs in `f32`; `f64` is the same code for gradient checks.

use super::affine::Affine;
#[cfg(target_arch = "x86_64")]
use super::{dense, one_output};
use std::fmt::Debug;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// A floating-point type that kernels run on.
pub trait Real:
    Copy
    + bytemuck::Pod
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + Sum
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + 'static
{
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// The nearest value of this type.
    fn of(value: f64) -> Self;
    /// The value as `f64`.
    fn wide(self) -> f64;
    /// eˣ
    fn exp(self) -> Self;
    /// ln(1 + x) for 0 ≤ x ≤ 1.
    fn ln_1p(self) -> Self;
    /// tanh x
    fn tanh(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// √x, exact in IEEE arithmetic.
    fn sqrt(self) -> Self;
    /// |x|
    fn abs(self) -> Self;
    /// −1, 0 or 1.
    fn sign(self) -> Self {
        if self > Self::ZERO {
            Self::ONE
        } else if self < Self::ZERO {
            -Self::ONE
        } else {
            Self::ZERO
        }
    }
    /// self·factor + term, rounded once.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// [`super::affine::add`] of a small map, where this machine has a kernel for it.
    fn kernel_forward(_: &Affine<'_, Self>, _rows: &[Self], _out: &mut [Self]) -> bool {
        false
    }
    /// [`super::affine::weight_gradients`] of a small map, where this machine has a kernel for it.
    fn kernel_weight_gradients(
        _: &Affine<'_, Self>,
        _rows: &[Self],
        _delta: &[Self],
        _out: &mut [Self],
    ) -> bool {
        false
    }
    /// [`super::affine::row_gradients`] of a small map, where this machine has a kernel for it.
    fn kernel_row_gradients(
        _: &Affine<'_, Self>,
        _delta: &[Self],
        _into: &mut [Self],
        _first_row: usize,
    ) -> bool {
        false
    }
}

macro_rules! real {
    ($type:ty, $exp:path, $ln_1p:path, $tanh:path, $erf:path, {$($more:item)*}) => {
        impl Real for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            #[inline(always)]
            fn of(value: f64) -> Self {
                value as Self
            }
            #[inline(always)]
            fn wide(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn exp(self) -> Self {
                $exp(self)
            }
            #[inline(always)]
            fn ln_1p(self) -> Self {
                $ln_1p(self)
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                $tanh(self)
            }
            #[inline(always)]
            fn erf(self) -> Self {
                $erf(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                <$type>::sqrt(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                <$type>::abs(self)
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                <$type>::mul_add(self, factor, term)
            }
            $($more)*
        }
    };
}

real!(f32, single::exp, single::ln_1p, single::tanh, single::erf, {
    #[cfg(target_arch = "x86_64")]
    fn kernel_forward(map: &Affine<'_, f32>, rows: &[f32], out: &mut [f32]) -> bool {
        one_output::fits(map) && one_output::forward(map, rows, out)
    }
    #[cfg(target_arch = "x86_64")]
    fn kernel_weight_gradients(map: &Affine<'_, f32>, rows: &[f32], delta: &[f32], out: &mut [f32]) -> bool {
        if dense::fits(map) {
            dense::weight_gradients(map, rows, delta, out);
            return true;
        }
        one_output::fits(map) && one_output::weight_gradients(map, rows, delta, out)
    }
    #[cfg(target_arch = "x86_64")]
    fn kernel_row_gradients(
        map: &Affine<'_, f32>,
        delta: &[f32],
        into: &mut [f32],
        first_row: usize,
    ) -> bool {
        if dense::fits(map) {
            dense::row_gradients(map, delta, into, first_row);
            return true;
        }
        one_output::fits(map) && one_output::row_gradients(map, delta, into, first_row)
    }
});
real!(f64, libm::exp, libm::log1p, libm::tanh, libm::erf, {});

mod single {
    //! Functions in single precision without a branch, so that loops over them vectorise.
    //!
    //! x = n·ln 2 + r with |r| ≤ ln 2 / 2, then the Taylor series of eʳ − 1, whose error is
    //! below half a unit in the last place.

    const LOG2_E: f32 = std::f32::consts::LOG2_E;
    // ln 2 in two parts; the first has few bits, so that n times it is exact.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    // Adding 1.5·2²³ rounds to the nearest integer and leaves it in the low bits.
    const ROUND: f32 = 12_582_912.0;
    const LOWEST: f32 = -87.33;
    const HIGHEST: f32 = 88.02;

    /// eˣ; 0 below the smallest normal number, infinite above 1.6e38.
    #[inline(always)]
    pub fn exp(x: f32) -> f32 {
        let (power, part) = split(x);
        let value = power.mul_add(part, power);
        let value = if x > HIGHEST { f32::INFINITY } else { value };
        if x < LOWEST { 0.0 } else { value }
    }

    /// tanh x = −m/(m + 2) with m = e^(−2x) − 1, for x ≥ 0.
    #[inline(always)]
    pub fn tanh(x: f32) -> f32 {
        let (power, part) = split(-2.0 * x.abs());
        let minus_one = power.mul_add(part, power - 1.0);
        (-minus_one / (minus_one + 2.0)).copysign(x)
    }

    /// ln(1 + x) = 2·artanh z with z = x/(2 + x), for 0 ≤ x ≤ 1.
    #[inline(always)]
    pub fn ln_1p(x: f32) -> f32 {
        let z = x / (2.0 + x);
        let square = z * z;
        let series = square.mul_add(1.0 / 13.0, 1.0 / 11.0);
        let series = square.mul_add(series, 1.0 / 9.0);
        let series = square.mul_add(series, 1.0 / 7.0);
        let series = square.mul_add(series, 1.0 / 5.0);
        let series = square.mul_add(series, 1.0 / 3.0);
        let twice = z + z;
        (twice * square).mul_add(series, twice)
    }

    /// erf x = x·q(x²) for |x| < 1, else 1 − e^(−x²)·t·p(t) with t = 1/(1 + 0.375·|x|) and the sign
    /// of x. q was fitted to erf(x)/x, with relative errors below 2e-9, and p to e^(x²)·erfc(x)/t on
    /// 0 ≤ x ≤ 10, below 1.3e-8.
    #[inline(always)]
    pub fn erf(x: f32) -> f32 {
        let square = x * x;
        let q = square.mul_add(0.000_078_538_775, -0.000_801_019_84);
        let q = q.mul_add(square, 0.005_188_328);
        let q = q.mul_add(square, -0.026_853_813);
        let q = q.mul_add(square, 0.112_835_854);
        let q = q.mul_add(square, -0.376_126_26);
        let q = q.mul_add(square, std::f32::consts::FRAC_2_SQRT_PI);
        let t = 1.0 / x.abs().mul_add(0.375, 1.0);
        let p = t.mul_add(0.061_539_43, -0.287_333_88);
        let p = p.mul_add(t, 0.432_405_74);
        let p = p.mul_add(t, -0.229_420_72);
        let p = p.mul_add(t, 0.273_729_26);
        let p = p.mul_add(t, 0.121_503_18);
        let p = p.mul_add(t, 0.205_313_89);
        let p = p.mul_add(t, 0.210_649_6);
        let p = p.mul_add(t, 0.211_613_48);
        let far = (exp(-square) * t).mul_add(-p, 1.0).copysign(x);
        if x.abs() < 1.0 { x * q } else { far }
    }

    // (2ⁿ, eʳ − 1)
    #[inline(always)]
    fn split(x: f32) -> (f32, f32) {
        let x = if x < LOWEST { LOWEST } else { x };
        let x = if x > HIGHEST { HIGHEST } else { x };
        let shifted = x.mul_add(LOG2_E, ROUND);
        let n = shifted - ROUND;
        let r = n.mul_add(-LN_2_LOW, n.mul_add(-LN_2_HIGH, x));
        let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3f80_0000));
        let series = r.mul_add(1.0 / 5040.0, 1.0 / 720.0);
        let series = r.mul_add(series, 1.0 / 120.0);
        let series = r.mul_add(series, 1.0 / 24.0);
        let series = r.mul_add(series, 1.0 / 6.0);
        let series = r.mul_add(series, 0.5);
        (power, (r * r).mul_add(series, r))
    }
}

#[cfg(test)]
mod tests {
    use super::Real;

    // Against double precision, over the whole range.
    #[test]
    fn single_precision_is_within_three_units_in_the_last_place() {
        let unit = f64::from(f32::EPSILON);
        for k in -88_000..=88_000 {
            let x = k as f32 / 1009.0;
            let exact = libm::exp(f64::from(x));
            let found = f64::from(Real::exp(x));
            assert!((found - exact).abs() <= 1.5 * unit * exact, "exp {x}: {found} against {exact}");
            let exact = libm::tanh(f64::from(x) / 64.0);
            let found = f64::from(Real::tanh(x / 64.0));
            assert!(
                (found - exact).abs() <= 3.0 * unit * exact.abs(),
                "tanh {x}/64: {found} against {exact}"
            );
        }
    }

    #[test]
    fn logarithm_and_error_function_are_within_their_bounds() {
        for k in 0..=100_000 {
            let x = k as f32 / 1e5;
            let exact = libm::log1p(f64::from(x));
            let found = f64::from(Real::ln_1p(x));
            assert!((found - exact).abs() <= 1.5 * f64::from(f32::EPSILON) * exact, "ln(1 + {x}): {found}");
            for x in [9.0 * x, -9.0 * x] {
                let (exact, found) = (libm::erf(f64::from(x)), f64::from(Real::erf(x)));
                assert!((found - exact).abs() <= 2e-7, "erf {x}: {found} against {exact}");
            }
        }
    }

    #[test]
    fn single_precision_at_the_ends() {
        assert_eq!(Real::exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(Real::exp(f32::INFINITY), f32::INFINITY);
        assert_eq!(Real::exp(0.0_f32), 1.0);
        assert_eq!(Real::tanh(1e30_f32), 1.0);
        assert_eq!(Real::tanh(f32::NEG_INFINITY), -1.0);
        assert_eq!(Real::tanh(1e-30_f32), 1e-30);
        assert!(Real::exp(f32::NAN).is_nan() && Real::tanh(f32::NAN).is_nan());
        assert!(Real::erf(f32::NAN).is_nan() && Real::ln_1p(f32::NAN).is_nan());
        assert_eq!(Real::erf(f32::INFINITY), 1.0);
        assert_eq!(Real::erf(0.0_f32), 0.0);
    }
}
