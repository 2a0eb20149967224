//! Wording of what can be wrong with a text.
