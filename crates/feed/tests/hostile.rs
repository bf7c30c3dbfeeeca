//! Input that is made to cost: what stands behind it is read, or is left out for a reason, and never made up.
//!
//! None of this measures time. That searches do not repeat is counted where they are made (`xml/mod.rs`), and what a
//! whole document may take is bounded in `cargo xtask fuzz feed`.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use reveille_feed::{FeedError, Hint, parse};

/// As long as the largest feeds of news outlets.
const LENGTH: usize = 1 << 20;

/// What ends a tag, where one is open, and a feed whose channel is: one more entry.
const AFTER: &str = "><item><title>after</title></item></channel></rss>";

/// The titles that come out, but for a run of the same one.
fn read_through(start: &str, again: &str, end: &str) -> Result<Vec<String>, FeedError> {
    let feed = format!("{start}{}{end}", again.repeat(LENGTH / again.len()));
    let feed = parse(feed.as_bytes(), &Hint::default())?;
    let mut titles: Vec<String> = feed.entries.into_iter().map(|entry| entry.title).collect();
    titles.dedup();
    Ok(titles)
}

#[test]
fn what_stands_behind_hostile_xml_is_read() {
    for (start, again, end, titles) in [
        // Nesting: of what is known, more of it than is taken; of what is not, which hides what is inside; in texts.
        ("<rss><channel>", "<item>", AFTER, &[""] as &[&str]),
        ("<rss><channel>", "<x>", AFTER, &[""]),
        (
            "<rss><channel><item><description>",
            "<div>",
            AFTER,
            &["", "after"],
        ),
        (
            "<nitf><body><body.content>",
            "<block>",
            "</body.content></body></nitf>",
            &[""],
        ),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>",
            "<x:y xmlns:x='z'>",
            "</content></entry><entry><title>after</title></entry></feed>",
            &["", "after"],
        ),
        // Ends without a start, and without their own.
        ("<rss><channel><item><description>", "</x>", AFTER, &["", "after"]),
        ("<rss><channel>", "</a", AFTER, &["after"]),
        ("<rss><channel><item><description>", "</a", AFTER, &["", "after"]),
        // Entities that call each other.
        (
            "<!DOCTYPE x [",
            "<!ENTITY a '&a;&a;&a;&a;'>",
            "]><rss><channel><item><title>after</title></item>",
            &["after"],
        ),
        (
            "<rss><channel><item><description>",
            "&a;&#38;#38;",
            AFTER,
            &["", "after"],
        ),
        ("<rss><channel><item><description>", "&", AFTER, &["", "after"]),
        // Attributes, CDATA sections, comments and tags without an end of their own.
        ("<rss><channel><item ", "a='b' ", AFTER, &["", "after"]),
        ("<rss><channel><item ", "xmlns:a='b' ", AFTER, &["", "after"]),
        (
            "<rss><channel><item><link ",
            "rel='x' href=",
            AFTER,
            &["", "after"],
        ),
        ("<rss><channel><item><description>", "<![CDATA[", AFTER, &[]),
        ("<rss><channel>", "<!--", AFTER, &["after"]),
        ("<rss><channel>", "<?x", AFTER, &["after"]),
        ("<rss><channel>", "<a b=\"", AFTER, &["after"]),
        ("<rss><channel>", "<!x[", AFTER, &["after"]),
        ("<rss><channel>", "<", AFTER, &["after"]),
        // Many of everything that is kept in order.
        (
            "<rss><channel><item>",
            "<category>a</category>",
            AFTER,
            &["", "after"],
        ),
        (
            "<rss><channel><item>",
            "<author>a@b.example</author>",
            AFTER,
            &["", "after"],
        ),
        ("<rss><channel><item>", "<link>/a</link>", AFTER, &["", "after"]),
        (
            "<rss><channel><item><pubDate>",
            "2026-03-16T",
            AFTER,
            &["", "after"],
        ),
        (
            "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'><contentMeta>",
            "<subject qcode='a:b'/>",
            "<headline>after</headline></contentMeta></newsItem>",
            &["after"],
        ),
        (
            "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'>",
            "<itemRef residref='a'/>",
            "</newsMessage>",
            &[""],
        ),
    ] {
        assert_eq!(
            read_through(start, again, end).unwrap(),
            titles,
            "{start} {again}"
        );
    }
}

/// A base is copied for each reference that is relative to it.
#[test]
fn an_endless_address_is_no_base() {
    let endless = format!("https://a.example/{}", "x/".repeat(LENGTH / 2));
    let entry = "<item xml:base='?a'><link>?b</link></item>".repeat(5_000);
    for start in [
        format!("<rss><channel xml:base='{endless}'>"),
        format!("<rss><channel><link>{endless}</link>"),
    ] {
        let feed = parse(
            format!("{start}{entry}</channel></rss>").as_bytes(),
            &Hint::default(),
        )
        .unwrap();
        assert_eq!(feed.entries.len(), 5_000);
        assert!(feed.entries.iter().all(|entry| entry.url.is_none()));
    }
}

#[test]
fn hostile_json_is_refused_or_read_as_far_as_it_goes() {
    for (start, again, end) in [
        ("", "[", ""),
        ("", "{\"a\":", "1"),
        (
            "{\"uri\":\"a\",\"type\":\"text\",\"subject\":[",
            "{\"name\":\"a\"},",
            "",
        ),
    ] {
        let refused = read_through(start, again, end).unwrap_err();
        assert!(
            matches!(refused, FeedError::BrokenJson { .. }),
            "{again}: {refused:?}"
        );
    }
    let entries = parse(
        format!("{{\"items\":[{}", "{\"id\":1},".repeat(LENGTH / 9)).as_bytes(),
        &Hint::default(),
    );
    assert_eq!(entries.unwrap().entries.len(), 5_000);
}
