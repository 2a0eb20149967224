//! `binnc schema`: the keys of a spec in YAML, for editors.

use super::print::Console;
use crate::language::syntax;

pub(super) fn run(console: &Console) -> u8 {
    console.result(&syntax::schema());
    0
}
