//! Dense products by the `gemm` crate, on one thread.
//!
//! The only unsafe code of the affine maps: lengths are checked before pointers are handed on.

use super::math::Real;
use gemm::Parallelism;

/// A matrix inside a slice: element (r, c) stands at `r·row_step + c·column_step`.
#[derive(Clone, Copy)]
pub(super) struct View<'a, T> {
    pub values: &'a [T],
    pub rows: usize,
    pub columns: usize,
    pub row_step: usize,
    pub column_step: usize,
}

impl<'a, T> View<'a, T> {
    /// `[rows × columns]`, row-major.
    pub fn new(values: &'a [T], rows: usize, columns: usize) -> Self {
        Self { values, rows, columns, row_step: columns, column_step: 1 }
    }

    /// Columns `first .. first + count`.
    pub fn columns(self, first: usize, count: usize) -> Self {
        Self { values: &self.values[first * self.column_step..], columns: count, ..self }
    }

    /// Rows as columns.
    pub fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_step: self.column_step,
            column_step: self.row_step,
            ..self
        }
    }

    fn fits(&self) -> bool {
        self.rows == 0
            || self.columns == 0
            || (self.rows - 1) * self.row_step + (self.columns - 1) * self.column_step < self.values.len()
    }
}

/// out = left · right, or out += left · right; `out` is `[left.rows × right.columns]`, row-major with
/// rows `step` apart.
///
/// # Panics
/// When shapes do not agree or a view reaches past its slice.
#[expect(unsafe_code, reason = "the gemm crate takes pointers")]
pub(super) fn multiply<T: Real>(
    out: &mut [T],
    step: usize,
    add: bool,
    left: View<'_, T>,
    right: View<'_, T>,
) {
    assert_eq!(left.columns, right.rows, "inner dimensions agree");
    let place = View { row_step: step, ..View::new(&*out, left.rows, right.columns) };
    assert!(step >= right.columns && place.fits(), "the product fits its place");
    assert!(left.fits() && right.fits(), "a view lies inside its slice");
    if left.rows == 0 || right.columns == 0 {
        return;
    }
    // SAFETY: `out` is exclusively borrowed, its elements are distinct since rows are at least
    // their length apart, and `fits` puts the last element of it and of both factors inside their
    // slices; all steps are below isize::MAX since they are at most a slice's length.
    unsafe {
        gemm::gemm(
            left.rows,
            right.columns,
            left.columns,
            out.as_mut_ptr(),
            1,
            step as isize,
            add,
            left.values.as_ptr(),
            left.column_step as isize,
            left.row_step as isize,
            right.values.as_ptr(),
            right.column_step as isize,
            right.row_step as isize,
            T::ONE,
            T::ONE,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}
