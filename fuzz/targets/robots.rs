//! The rules of a host, behind a line with a path to be judged by them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reveille_gather::Robots;

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let path = String::from_utf8_lossy(&input[..end]);
    let robots = Robots::parse(&input[end..], "reveille");
    let _ = robots.permits(&path);
    let _ = robots.crawl_delay();
    assert!(robots.permits("/robots.txt"));
});
