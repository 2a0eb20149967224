//! One source, every instruction set.
//!
//! A vectorised function is compiled once for each instruction set. Rust fuses no product and sum
//! of its own accord, and where the source says `mul_add` each of them fuses, so all give the same
//! bits.

macro_rules! vectorised {
    ($($(#[$doc:meta])* pub fn $name:ident<T>($($argument:ident: $type:ty),* $(,)?) = $body:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<T: Real>($($argument: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma")]
                fn with_avx2<T: Real>($($argument: $type),*) {
                    $body($($argument),*);
                }
                #[target_feature(enable = "avx2,fma,avx512f,avx512vl,avx512bw,avx512dq")]
                fn with_avx512<T: Real>($($argument: $type),*) {
                    $body($($argument),*);
                }
                use crate::kernel::isa::Isa;
                #[expect(unsafe_code, reason = "the machine vouches for the instruction set")]
                match Isa::here() {
                    // SAFETY: the machine has this set.
                    Isa::Avx512 => return unsafe { with_avx512($($argument),*) },
                    // SAFETY: the machine has this set.
                    Isa::Avx2 => return unsafe { with_avx2($($argument),*) },
                    Isa::Scalar => {}
                }
            }
            $body($($argument),*);
        }
    )*};
}

use super::isa::Isa;
pub(super) use vectorised;

/// The instruction set of kernels and dense products: the widest of this machine, or the one pinned.
///
/// Kernels of this crate give the same bits on all of them; dense products (`gemm`, `faer`)
/// promise that for one set alone, so a model records it.
#[must_use]
pub fn instruction_set() -> &'static str {
    match Isa::pinned() {
        Some(Isa::Scalar) => return "pinned scalar",
        Some(Isa::Avx2) => return "pinned avx2",
        Some(Isa::Avx512) => return "pinned avx512",
        None => {}
    }
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            return "x86-64 avx512f";
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            return "x86-64 avx2";
        }
    }
    std::env::consts::ARCH
}
