//! libFuzzer's way into `tables`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::tables::check(bytes));
