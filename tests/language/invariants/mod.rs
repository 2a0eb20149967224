//! Fifteen promises about networks made from knowledge, each an answer to failures that were
//! published and mostly silent: the network trained, and was another one. This is where to find
//! the proof of each; tests name the failure and the model that it happened in.
//!
//! | | promise | proven by |
//! |---|---|---|
//! | I1 | names are the only key of a join | `names::the_order_of_rows_and_columns_changes_no_edge`, `names::numbers_in_a_topology_join_nothing`; `command/prediction` (variants), `command/invariants` (samples) |
//! | I2 | edges are a set, and a weight knows its two ends | `edges::a_pair_…` (three); `command/invariants::the_named_weights_of_a_file_are_the_network_that_predicted` |
//! | I3 | every join is counted on both sides | `names::what_belongs_to_two_feeds_both_…`; `checks`: E0305, E0306, W0307; `command/samples::the_joins_are_shown_before_training` |
//! | I4 | what is kept has an input and an output | `shape::nothing_is_kept_that_…`, `shape::members_of_a_term_…`, `shape::a_cycle_is_named_…`; `checks`: E0401, E0405, W0406, W0407, W0413 |
//! | I5 | an absent edge has no storage | `edges::an_absent_edge_has_no_weight_…` |
//! | I6 | one step moves what it must and nothing else | `training::one_step_moves_…`; `src/engine/train/invariant.rs` (broken steps); `numbers/fitting::weights_of_filtered_variants_stay_zero` |
//! | I7 | initial weights follow present fan-in | `training::a_gene_of_two_markers_…`; `numbers/fitting::initial_weights_follow_…` |
//! | I8 | a model is bound to its graph, variants and alleles | `command/invariants::a_model_is_whole_…`; `command/model_files` (E0302, E0804), `command/prediction` (E0305, E0306, E0308) |
//! | I9 | the same inputs, the same bytes | `shape::building_twice_…`; `command/invariants::neither_the_folder_…`; `command/determinism` |
//! | I10 | names are opaque | `names::names_are_never_split_or_matched_as_patterns` |
//! | I11 | scores come from the network that was trained | `command/invariants::the_named_weights_…`; `command/prediction::order_and_coding_…`; `numbers/gradients` |
//! | I12 | what is estimated is estimated on training rows | `command/hygiene` (all); `checks`: E0603, E0701, W0702; `numbers/linear::test_rows_change_no_estimate` |
//! | I13 | controls are as connected, seeded and described | `edges::a_shuffled_control_…`; `src/compiler/graph/resolve/randomize.rs` |
//! | I14 | readers are strict, no size is a constant | `names::the_first_row_…`, `names::no_size_is_known_beforehand`; `command/invariants::any_samples_…`; unit tests of `src/knowledge` and `src/data` |
//! | I15 | what is printed is what was built | `command/invariants::every_setting_…`, `command/invariants::what_is_printed_…`; `meaning` (parameters by hand) |

mod edges;
mod names;
mod shape;
mod training;
