//! The cases of RFC 9309, and those that Google published with its parser (google/robotstxt, `robots_test.cc`) and in its
//! documentation for site owners, told in our words: a file, an agent, paths that may be read and paths that may not.
//!
//! Where the two differ, the RFC is followed: Google compares needlessly encoded octets as they are written.

mod groups;
mod lines;
mod paths;
mod rfc;

use reveille_gather::Robots;

/// A file, the agent that asks, what it may read, and what it may not.
type Case = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

fn hold(cases: &[Case]) {
    for (file, agent, open, closed) in cases {
        let robots = Robots::parse(file.as_bytes(), agent);
        for path in *open {
            assert!(robots.permits(path), "{agent} may read {path}:\n{file}");
        }
        for path in *closed {
            assert!(!robots.permits(path), "{agent} may not read {path}:\n{file}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_skipped_whole_or_cut() {
    let rules = b"User-agent: FooBot\nDisallow: /\n";
    for (mark, read) in [
        (b"\xef\xbb\xbf".as_slice(), true),
        (b"\xef\xbb", true),
        (b"\xef", true),
        (b"\xef\x11\xbf", false),
    ] {
        let file = [mark, rules].concat();
        assert_eq!(!Robots::parse(&file, "FooBot").permits("/a"), read, "{mark:?}");
    }
}

#[test]
fn a_line_ends_after_16_kilobytes() {
    let long = "a".repeat(20_000);
    let file = format!("user-agent: FooBot\ndisallow: /x/{long}/qux\n");
    let robots = Robots::parse(file.as_bytes(), "FooBot");
    assert!(robots.permits("/fux"));
    assert!(!robots.permits(&format!("/x/{long}/fux")));
}

#[test]
fn what_stands_beyond_500_kib_is_not_read() {
    let rule = |at: usize| {
        let head = "user-agent: FooBot\n";
        let filler = "#".repeat(at - head.len() - 1);
        format!("{head}{filler}\ndisallow: /\n")
    };
    assert!(!Robots::parse(rule(500 * 1024).as_bytes(), "FooBot").permits("/a"));
    assert!(Robots::parse(rule(512 * 1024).as_bytes(), "FooBot").permits("/a"));
}

#[test]
fn sitemaps_stand_outside_all_groups() {
    let file = "Sitemap: https://news.example/first.xml\nuser-agent: BarBot\ndisallow: /\nsitemap:/second.xml\n\
        user-agent: FooBot\ndisallow: /a\n";
    let robots = Robots::parse(file.as_bytes(), "FooBot");
    assert_eq!(
        robots.sitemaps(),
        ["https://news.example/first.xml", "/second.xml"]
    );
    assert!(!robots.permits("/a") && robots.permits("/b"));
}
