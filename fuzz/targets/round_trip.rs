//! libFuzzer's way into `round_trip`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::round_trip::check(bytes));
