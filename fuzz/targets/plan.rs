//! libFuzzer's way into `plan`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::plan::check(bytes));
