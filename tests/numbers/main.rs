//! Numbers against independent oracles: finite differences and closed forms.

mod fitting;
mod gradients;
mod network;
mod ridge;
