//! Memory for large arrays.
//!
//! A visit walks through many arrays at once. In pages of 4 kB each of them costs look-ups of
//! addresses; where the system offers large pages, large arrays ask for them. They stand apart from small
//! values, so that their memory goes back when they are gone. An [`Array`] starts at a cache line, since
//! a register that is read across two lines costs two reads.

#![expect(unsafe_code, reason = "hints to the system, settings of its allocator")]

use bytemuck::{Pod, cast_slice, cast_slice_mut, zeroed_vec};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// Bytes from which an array asks for large pages.
#[cfg(target_os = "linux")]
const LARGE: usize = 4 << 20;

/// Bytes that a machine fetches at once.
const CACHE_LINE: usize = 64;

/// Numbers from the start of a cache line on. Pages that nobody writes take no memory.
#[derive(Debug)]
pub struct Array<T> {
    /// One line more than the numbers need: the allocator gives memory that is zero without touching it only
    /// where no alignment is asked for.
    bytes: Vec<u8>,
    start: usize,
    count: usize,
    kind: PhantomData<T>,
}

impl<T: Pod> Array<T> {
    /// So many zeros.
    #[must_use]
    pub fn zeros(count: usize) -> Self {
        let bytes: Vec<u8> = zeroed_vec(count * size_of::<T>() + CACHE_LINE);
        ask_for_large_pages(&bytes);
        let start = bytes.as_ptr().align_offset(CACHE_LINE);
        Self { bytes, start, count, kind: PhantomData }
    }
}

impl<T: Pod> Default for Array<T> {
    fn default() -> Self {
        Self::zeros(0)
    }
}

impl<T: Pod> Clone for Array<T> {
    fn clone(&self) -> Self {
        let mut copy = Self::zeros(self.count);
        copy.copy_from_slice(self);
        copy
    }
}

impl<T: Pod> Deref for Array<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        cast_slice(&self.bytes[self.start..][..self.count * size_of::<T>()])
    }
}

impl<T: Pod> DerefMut for Array<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        cast_slice_mut(&mut self.bytes[self.start..][..self.count * size_of::<T>()])
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
            let array = super::Array::<u8>::zeros(count);
            assert_eq!((array.as_ptr().addr() % 64, array.clone().as_ptr().addr() % 64), (0, 0));
        }
    }

    #[test]
    fn a_copy_has_the_same_numbers() {
        let mut array = super::Array::<f32>::zeros(20);
        array.iter_mut().enumerate().for_each(|(at, value)| *value = at as f32);
        assert_eq!(*array.clone(), *array);
        assert!(super::Array::<f32>::default().is_empty());
    }
}
