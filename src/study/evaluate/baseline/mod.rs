//! Methods that a network is compared with, on the same rows and with the same fixed effects.

pub mod fcn;
pub mod gblup;
pub mod ridge;
