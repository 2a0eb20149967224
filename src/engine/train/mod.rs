//! Fitting parameters to rows.
