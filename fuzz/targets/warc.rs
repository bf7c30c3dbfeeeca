//! An archive; and what was read of it, written and read again.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use reveille_gather::warc;

const MOST: usize = 1 << 20;

fuzz_target!(|bytes: &[u8]| {
    let Ok(archive) = warc::read(Cursor::new(bytes.to_vec()), MOST) else {
        return;
    };
    for document in archive.map_while(Result::ok).take(64) {
        assert!(document.body.len() <= MOST);
        let written = warc::resource(&document, 7).expect("memory takes it");
        let mut again = warc::read(Cursor::new(written), usize::MAX).expect("what we wrote");
        let again = again.next().expect("a record").expect("what we wrote");
        assert_eq!((&again.url, &again.body), (&document.url, &document.body));
    }
});
