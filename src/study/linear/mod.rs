//! Linear models: ridge, REML, principal components.
