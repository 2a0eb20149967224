//! Slices in, slices out: forward and backward of every op.
//!
//! Uses nothing else of binnc and does no input or output. Matrices are row-major; in
//! `[rows × batch]` the samples of a batch lie side by side. [`math`] gives the same bits on
//! every platform, and every sum has a fixed shape.

pub mod activation;
pub mod affine;
pub mod allocation;
pub mod decode;
#[cfg(target_arch = "x86_64")]
mod dense;
pub mod dropout;
pub mod isa;
pub mod loss;
pub mod math;
mod matrix;
pub mod norm;
#[cfg(target_arch = "x86_64")]
mod one_output;
pub mod optimizer;
pub mod packed;
pub mod pages;
pub mod penalty;
pub mod quads;
pub mod readers;
pub mod reduce;
#[cfg(target_arch = "x86_64")]
mod registers;
pub mod team;
pub mod vector;

use vector::vectorised;
