//! Arrays as NumPy saves them: as much of the format as the workloads use.

use std::path::Path;

/// Numbers of one type, in C order.
pub struct Array {
    pub shape: Vec<usize>,
    /// Little-endian.
    pub bytes: Vec<u8>,
    kind: String,
}

/// Reads one array.
pub fn read(path: &Path) -> Array {
    let mut bytes = std::fs::read(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00", "{} is an array of version 1", path.display());
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = String::from_utf8_lossy(&bytes[10..10 + length]).into_owned();
    let after = |key: &str| header.split(key).nth(1).expect("a header names type and shape");
    let kind = after("'descr': '").split('\'').next().expect("a type").to_string();
    assert!(after("'fortran_order': ").starts_with("False"), "rows follow one another");
    let shape = after("'shape': (").split(')').next().expect("a shape").split(',');
    let shape = shape.filter_map(|size| size.trim().parse().ok()).collect();
    bytes.drain(..10 + length);
    Array { shape, bytes, kind }
}

impl Array {
    pub fn floats(&self) -> Vec<f32> {
        assert_eq!(self.kind, "<f4");
        self.bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    }

    pub fn ints(&self) -> Vec<u32> {
        assert_eq!(self.kind, "<i4");
        self.bytes.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
    }

    /// Rows of a table of integers.
    pub fn rows(&self) -> impl Iterator<Item = Vec<u32>> {
        let width = self.shape[1];
        let numbers = self.ints();
        (0..self.shape[0]).map(move |row| numbers[row * width..][..width].to_vec())
    }
}
