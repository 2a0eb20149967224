//! One report in every form that is asked for.
