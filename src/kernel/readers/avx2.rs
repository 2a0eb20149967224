//! Plain Rust, compiled for AVX2 with fused products.

#![expect(unsafe_code, reason = "entry into a function of the set")]

use super::{Gradients, Readers, Values, plain};

pub fn backward(readers: Readers<'_>, values: Values<'_>, gradients: &mut Gradients<'_>) {
    // SAFETY: callers choose this module where `Isa::Avx2` is on the machine.
    unsafe { backward_here(readers, values, gradients) }
}

#[target_feature(enable = "avx2,fma")]
fn backward_here(readers: Readers<'_>, values: Values<'_>, gradients: &mut Gradients<'_>) {
    plain(readers, values, gradients);
}
