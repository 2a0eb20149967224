//! libFuzzer's way into `dsl`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::dsl::check(bytes));
