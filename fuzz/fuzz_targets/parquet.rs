#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| courtesy_fuzz::parquet(data));
