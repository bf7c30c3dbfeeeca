//! A few bytes said again and again: whatever takes more than linear time shows as a timeout.
//!
//! The first byte says where the repeated part begins and the second how long it is.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use reveille_extract::explain;

/// How long a page becomes, in bytes.
const LENGTH: usize = 512 << 10;

fuzz_target!(|input: &[u8]| -> Corpus {
    let [from, length, page @ ..] = input else {
        return Corpus::Reject;
    };
    let from = usize::from(*from).min(page.len());
    let until = (from + usize::from(*length)).min(page.len());
    if from == until {
        return Corpus::Reject;
    }
    let again = page[from..until].repeat(LENGTH / (until - from));
    let page = [&page[..from], &again, &page[until..]].concat();
    let url = "https://page.example/a".parse().expect("an address");
    let _ = explain(&page, &url, Some("utf-8"));
    Corpus::Keep
});
