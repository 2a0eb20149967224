//! Lists by row, compressed: all lists in one, and where each begins.
//!
//! Rows keep the order in which pairs are given.

/// Lists of `u32` by row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    offsets: Vec<u32>,
    values: Vec<u32>,
}

impl Rows {
    /// `rows` lists of what pairs (row, value) give; the pairs are gone through twice.
    pub(crate) fn new(rows: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut offsets = vec![0_u32; rows + 1];
        for (row, _) in pairs.clone() {
            offsets[row as usize + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        let mut values = vec![0; offsets[rows] as usize];
        for (row, value) in pairs {
            // While filling, an offset runs from the start of its row to that of the next one.
            let place = &mut offsets[row as usize];
            values[*place as usize] = value;
            *place += 1;
        }
        offsets.copy_within(0..rows, 1);
        offsets[0] = 0;
        Self { offsets, values }
    }

    /// The list of a row.
    pub(crate) fn of(&self, row: usize) -> &[u32] {
        &self.values[self.offsets[row] as usize..self.offsets[row + 1] as usize]
    }

    /// Sorts every list.
    pub(crate) fn sort(&mut self) {
        for pair in self.offsets.windows(2) {
            self.values[pair[0] as usize..pair[1] as usize].sort_unstable();
        }
    }

    /// Which rows each value stands in.
    pub(crate) fn turned(&self, values: usize) -> Self {
        let rows = self.offsets.len() - 1;
        Self::new(
            values,
            (0..rows).flat_map(|row| self.of(row).iter().map(move |value| (*value, row as u32))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn lists_keep_order_and_turn() {
        let pairs = [(2, 7), (0, 5), (2, 1), (2, 5)];
        let mut rows = Rows::new(4, pairs.into_iter());
        assert_eq!((rows.of(0), rows.of(1), rows.of(2)), (&[5][..], &[][..], &[7, 1, 5][..]));
        let turned = rows.turned(8);
        assert_eq!((turned.of(5), turned.of(7)), (&[0, 2][..], &[2][..]));
        rows.sort();
        assert_eq!(rows.of(2), [1, 5, 7]);
    }
}
