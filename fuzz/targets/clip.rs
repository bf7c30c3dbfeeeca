//! A clip of plain text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|clip: &str| {
    let found = reveille_extract::extract_text(clip);
    reveille_fuzz::check(&found, clip.len());
});
