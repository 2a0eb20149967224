//! libFuzzer's way into `gene_sets`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::gene_sets::check(bytes));
