//! libFuzzer's way into `model`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::model::check(bytes));
