//! One source, two instruction sets.
//!
//! A vectorised function is compiled twice, once with AVX2 where the machine has it. Rust
//! never fuses a product and a sum, so both give the same bits.

macro_rules! vectorised {
    ($($(#[$doc:meta])* pub fn $name:ident<T>($($argument:ident: $type:ty),* $(,)?) = $body:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<T: Real>($($argument: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn with_avx2<T: Real>($($argument: $type),*) {
                    $body($($argument),*);
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    #[expect(unsafe_code, reason = "the caller vouches for the instruction set")]
                    // SAFETY: the machine has AVX2, as just found; nothing else is asked.
                    return unsafe { with_avx2($($argument),*) };
                }
            }
            $body($($argument),*);
        }
    )*};
}

pub(super) use vectorised;

/// The widest instruction set that this machine offers to kernels and to dense products.
///
/// Kernels of this crate give the same bits on all of them; dense products (`gemm`, `faer`)
/// promise that for one set alone, so a model records it.
#[must_use]
pub fn instruction_set() -> &'static str {
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
