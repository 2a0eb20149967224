//! libFuzzer's way into `gff3`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::gff3::check(bytes));
