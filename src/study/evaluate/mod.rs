//! Accuracy on rows the model has not seen.
