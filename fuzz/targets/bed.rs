//! libFuzzer's way into `bed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| binnc_fuzz::bed::check(bytes));
