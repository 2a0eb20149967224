//! Flat little-endian arrays: a length in elements, the elements, and blanks up to eight bytes.

use bytemuck::Pod;

/// Appends arrays; on machines of the other byte order nothing reads them back.
pub(super) fn put<T: Pod>(out: &mut Vec<u8>, values: &[T]) {
    out.extend((values.len() as u64).to_le_bytes());
    let bytes: &[u8] = bytemuck::cast_slice(values);
    out.extend_from_slice(bytes);
    out.resize(out.len() + bytes.len().next_multiple_of(8) - bytes.len(), 0);
}

/// Appends names: where each ends, and their text.
pub(super) fn put_names(out: &mut Vec<u8>, names: &[String]) {
    let mut end = 0u64;
    let ends: Vec<u64> = names
        .iter()
        .map(|name| {
            end += name.len() as u64;
            end
        })
        .collect();
    put(out, &ends);
    put(out, names.concat().as_bytes());
}

/// Takes arrays from the start of bytes; `None` when there are not enough.
pub(super) struct Taking<'a>(pub &'a [u8]);

impl<'a> Taking<'a> {
    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn raw(&mut self, size: usize) -> Option<&'a [u8]> {
        let length = u64::from_le_bytes(self.bytes(8)?.try_into().ok()?);
        let length = usize::try_from(length).ok()?.checked_mul(size)?;
        let taken = self.bytes(length)?;
        self.bytes(length.checked_next_multiple_of(8)? - length)?;
        Some(taken)
    }

    /// The next array.
    pub fn array<T: Pod>(&mut self) -> Option<Vec<T>> {
        let raw = self.raw(size_of::<T>())?;
        let mut values = vec![T::zeroed(); raw.len() / size_of::<T>()];
        bytemuck::cast_slice_mut(&mut values).copy_from_slice(raw);
        Some(values)
    }

    /// The next names.
    pub fn names(&mut self) -> Option<Vec<String>> {
        let ends: Vec<u64> = self.array()?;
        let text = std::str::from_utf8(self.raw(1)?).ok()?;
        let mut start = 0;
        let mut names = Vec::with_capacity(ends.len());
        for end in ends {
            let end = usize::try_from(end).ok()?;
            names.push(text.get(start..end)?.to_owned());
            start = end;
        }
        (start == text.len()).then_some(names)
    }
}
