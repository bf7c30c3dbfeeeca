//! A page, behind a line with the charset of its header and its address: `utf-8 https://example.org/a`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reveille_extract::{explain, extract};

fuzz_target!(|input: &[u8]| {
    let (url, charset, page) = reveille_fuzz::address(input);
    let found = explain(page, &url, charset);
    reveille_fuzz::check(&found, page.len());
    // Seldom, since it takes as long again.
    if page.len() % 16 == 0 {
        assert_eq!(extract(page, &url, charset).article, found.article, "the trace changes the article");
    }
});
