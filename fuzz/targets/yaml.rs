//! libFuzzer's way into `yaml`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::yaml::check(bytes));
