//! Links learnt on training rows.
//!
//! Nothing here looks at a row that it is not given: whoever derives links in a fold gives the
//! fold's training rows alone.

pub mod concrete;
mod covariates;
pub mod elastic_net;
pub mod eqtl;
pub mod error;
pub mod learnt;
mod student;

pub use covariates::intercept_and_components;
pub use student::two_sided_p;
