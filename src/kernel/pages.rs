//! Memory for large arrays.
//!
//! A visit walks through many arrays at once. In pages of 4 kB each of them costs look-ups of
//! addresses; where the system offers large pages, large arrays ask for them. They stand apart from small
//! values, so that their memory goes back when they are gone.

use bytemuck::Pod;

/// Bytes from which an array asks for large pages.
#[cfg(target_os = "linux")]
const LARGE: usize = 4 << 20;

/// An array of zeros.
#[must_use]
pub fn zeros<T: Pod>(count: usize) -> Vec<T> {
    let zeros = vec![T::zeroed(); count];
    ask_for_large_pages(&zeros);
    zeros
}

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "a hint to the system")]
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
        #[expect(unsafe_code, reason = "a setting of the system's allocator")]
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
        }
    }
}
