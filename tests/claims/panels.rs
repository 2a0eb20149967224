//! GBLUP on real panels through the whole pipeline, against known figures.
