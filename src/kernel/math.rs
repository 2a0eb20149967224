//! Transcendental functions that give the same bits on every platform, and the two number
//! types that kernels run on.
//!
//! Training runs in `f32`; `f64` is the same code for gradient checks.

use std::fmt::Debug;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// A floating-point type that kernels run on.
pub trait Real:
    Copy
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
    /// ln(1 + x)
    fn ln_1p(self) -> Self;
    /// tanh x
    fn tanh(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// √x, exact in IEEE arithmetic.
    fn sqrt(self) -> Self;
    /// |x|
    fn abs(self) -> Self;
}

macro_rules! real {
    ($type:ty, $exp:path, $ln_1p:path, $tanh:path, $erf:path) => {
        impl Real for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            fn of(value: f64) -> Self {
                value as Self
            }
            fn wide(self) -> f64 {
                self as f64
            }
            fn exp(self) -> Self {
                $exp(self)
            }
            fn ln_1p(self) -> Self {
                $ln_1p(self)
            }
            fn tanh(self) -> Self {
                $tanh(self)
            }
            fn erf(self) -> Self {
                $erf(self)
            }
            fn sqrt(self) -> Self {
                <$type>::sqrt(self)
            }
            fn abs(self) -> Self {
                <$type>::abs(self)
            }
        }
    };
}

real!(f32, libm::expf, libm::log1pf, libm::tanhf, libm::erff);
real!(f64, libm::exp, libm::log1p, libm::tanh, libm::erf);
