//! Numbers against independent oracles: closed forms, finite differences, other programs.

mod attribution;
mod classes;
mod derived;
mod explain;
mod fitting;
mod forest;
mod fused;
mod gradients;
mod linear;
mod linear_panels;
mod loading;
mod network;
mod nulls;
mod panels;
mod resuming;
mod ridge;
mod ridge_spec;
mod scoring;
