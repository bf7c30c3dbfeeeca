//! A letter, a file of letters, and a letter's links.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reveille_mail::{letter, tracker};

fuzz_target!(|bytes: &[u8]| {
    if let Some(letter) = letter::read(bytes) {
        assert!(!letter.subject.contains('\n'));
        if let Some(html) = &letter.html {
            let unwrapped = tracker::unwrap_links(html);
            let _ = tracker::online_version(&unwrapped);
        }
    }
    let parted: usize = letter::split_mbox(bytes).iter().map(Vec::len).sum();
    assert!(parted <= bytes.len());
    if let Ok(link) = String::from_utf8_lossy(bytes).parse() {
        let plain = tracker::unwrap(&link);
        assert!(plain.as_str().len() <= link.as_str().len() * 3);
    }
});
