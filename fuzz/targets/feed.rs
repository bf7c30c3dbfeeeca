//! A feed, a list of feeds, and a page that may name its feed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reveille_feed::{Hint, Limits, discover, opml, parse, read};

fuzz_target!(|bytes: &[u8]| {
    let url = url::Url::parse("https://example.org/feed").expect("an address");
    let hint = Hint {
        url: Some(&url),
        content_type: None,
    };
    if let Ok(feed) = parse(bytes, &hint) {
        for entry in &feed.entries {
            assert!(!entry.title.contains('\n') && !entry.summary.contains('\n'));
            let _ = entry.to_item();
        }
    }
    let few = Limits {
        entries: 3,
        ..Limits::default()
    };
    if let Ok(document) = read(bytes, &Hint::default(), few) {
        assert!(document.entries.len() <= few.entries);
    }
    if let Ok(list) = opml::parse(bytes) {
        let written = opml::write("A list", &list.outlines);
        opml::parse(written.as_bytes()).expect("what we wrote");
    }
    let _ = discover(bytes, &url);
});
