//! libFuzzer's way into `checkpoint`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::checkpoint::check(bytes));
