//! The HTML parser alone.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reveille_extract::parse::Document;

fuzz_target!(|page: &str| {
    reveille_fuzz::check_tree(&Document::parse(page), page.len());
});
