//! libFuzzer's way into `gzip`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::gzip::check(bytes));
