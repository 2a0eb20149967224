//! Tables of a run as text: tab-separated files, and the summary for a terminal.
//!
//! Nothing here opens a file. Numbers are written as the shortest text that reads back the
//! same; what is missing is `NA`.

mod differences;
mod gene_sets;
mod importance;
mod inside;
mod learnt;
mod multiqc;
mod node_values;
pub mod page;
mod ranking;
mod read;
mod summary;
mod tables;

pub use differences::{differences_table, differences_tsv};
pub use gene_sets::gene_sets;
pub use importance::importances_tsv;
pub use inside::{branches_tsv, nodes_tsv, training_tsv};
pub use learnt::{LearntFigures, learnt_figures, links_tsv, selected_tsv};
pub use multiqc::multiqc;
pub use node_values::{OfNetwork, node_values_tsv};
pub use ranking::ranking_table;
pub use read::{
    Branch, Compared, Explained, Measure, Node, Predicted, Step, by_size, cells, rows, whole_folds,
};
pub use summary::{Summary, aligned, curve, metric_title, summarise};
pub use tables::{coverage_tsv, metrics_json, metrics_tsv, predictions_tsv, rows_tsv};
