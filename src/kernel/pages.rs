//! Memory for large arrays.
//!
//! A visit walks through many arrays at once. In pages of 4 kB each of them costs look-ups of
//! addresses; where the system offers large pages, large arrays ask for them. They stand apart from small
//! values, so that their memory goes back when they are gone. An [`Array`] starts at a cache line, since
//! a register that is read across two lines costs two reads.

#![expect(unsafe_code, reason = "hints to the system, settings of its allocator, bytes of a cache line")]

use bytemuck::{Pod, Zeroable, cast_slice, cast_slice_mut, zeroed_vec};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// Bytes from which an array asks for large pages.
#[cfg(target_os = "linux")]
const LARGE: usize = 4 << 20;

/// Bytes that a machine fetches at once.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct CacheLine([u8; 64]);

// SAFETY: 64 bytes may all be zero.
unsafe impl Zeroable for CacheLine {}
// SAFETY: bytes alone, as many as the alignment, so there is no padding.
unsafe impl Pod for CacheLine {}

/// Numbers from the start of a cache line on.
#[derive(Clone, Debug)]
pub struct Array<T> {
    lines: Vec<CacheLine>,
    count: usize,
    kind: PhantomData<T>,
}

impl<T: Pod> Array<T> {
    /// So many zeros.
    #[must_use]
    pub fn zeros(count: usize) -> Self {
        let lines = zeroed_vec((count * size_of::<T>()).div_ceil(size_of::<CacheLine>()));
        ask_for_large_pages(&lines);
        Self { lines, count, kind: PhantomData }
    }
}

impl<T> Default for Array<T> {
    fn default() -> Self {
        Self { lines: Vec::new(), count: 0, kind: PhantomData }
    }
}

impl<T: Pod> Deref for Array<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &cast_slice(&self.lines)[..self.count]
    }
}

impl<T: Pod> DerefMut for Array<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut cast_slice_mut(&mut self.lines)[..self.count]
    }
}

/// An array of zeros.
#[must_use]
pub fn zeros<T: Pod>(count: usize) -> Vec<T> {
    let zeros = vec![T::zeroed(); count];
    ask_for_large_pages(&zeros);
    zeros
}

#[cfg(target_os = "linux")]
fn ask_for_large_pages<T>(values: &[T]) {
    const PAGE: usize = 4096;
    let bytes = size_of_val(values);
    if bytes < LARGE {
        return;
    }
    let start = values.as_ptr().addr();
    let first = start.next_multiple_of(PAGE) - start;
    let length = (bytes - first) / PAGE * PAGE;
    let at = values.as_ptr().cast::<u8>().wrapping_add(first).cast_mut();
    // SAFETY: whole pages inside the array are named; the advice changes no content, and whether
    // it is taken does not matter.
    unsafe { libc::madvise(at.cast(), length, libc::MADV_HUGEPAGE) };
}

#[cfg(not(target_os = "linux"))]
fn ask_for_large_pages<T>(_: &[T]) {}

/// Asks the system's allocator to give each large array pages of its own, and to take them back when
/// the array is gone; called once, before anything large is made.
///
/// By default glibc does so only until the first such array is gone; later ones of its size share
/// one heap with small values, and what lies between those is never given back: a run of many folds
/// then holds twice of what it uses.
pub fn keep_large_arrays_apart() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// Free bytes at the end of the heap from which it is cut.
        const KEPT: i32 = 8 << 20;
        // SAFETY: the two settings take any number, and change where memory comes from and no content.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE as i32);
            libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn arrays_of_any_size_are_zero() {
        for count in [0, 1, 4095, 3 << 20] {
            assert_eq!(super::zeros::<f32>(count), vec![0.0; count]);
            assert_eq!(*super::Array::<f32>::zeros(count), vec![0.0; count]);
        }
    }

    #[test]
    fn arrays_start_at_a_cache_line() {
        for count in [1, 20, 3 << 20] {
            assert_eq!(super::Array::<u8>::zeros(count).as_ptr().addr() % 64, 0);
        }
    }
}
