//! libFuzzer's way into `imports`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::imports::check(bytes));
