//! What was measured: genotypes, tables, samples, and how rows are split.
//!
//! Readers take bytes from an [`io::World`](crate::io::World) and give plain values; genotypes
//! stay packed. Samples are joined by name alone, and every join is counted on both sides.

mod bed;
mod bed_file;
mod bim;
mod chromosomes;
mod cohort;
mod columns;
mod counting;
mod delimited;
pub mod error;
mod fam;
mod folds_table;
mod frequencies;
mod guess;
mod hints;
mod id_list;
mod input;
mod levels;
mod named_column;
mod plink;
mod random;
mod scenarios;
pub mod simulate;
mod sniff;
mod split;
mod table;
mod text;
mod types;
mod validation;
mod values;

pub use bed_file::BedFile;
pub use bim::duplicate_ids;
pub use chromosomes::{Reason, Selection, left_out, matches, select};
pub use cohort::{Cohort, JoinReport, join};
pub use counting::CountedSamples;
pub use folds_table::folds_table;
pub use frequencies::{
    CodeCounts, VariantSummary, check_haploid, check_missing, count_in_row, decode_row, lookup,
    refuse_heterozygous, refuse_missing, summary,
};
pub use guess::{GuessedColumn, GuessedTable, guess_table};
pub use id_list::read_id_list;
pub use input::InputFile;
pub use levels::levels;
pub use named_column::read_named_column;
pub use plink::{PlinkLists, open_plink, pack, read_plink, read_plink_lists, write_plink};
pub use random::{Normals, Resampling};
pub use split::{InnerFold, inner_folds, inner_split, some_rows, split, whole_groups};
pub use table::{ColumnReport, TableReport, read_table};
pub use types::*;
pub use validation::validation_rows;
pub use values::{ColumnData, MISSING_LEVEL, TableData, TableKey, is_constant};

#[cfg(test)]
mod tests;
