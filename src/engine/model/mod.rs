//! A trained network with all that prediction needs.
