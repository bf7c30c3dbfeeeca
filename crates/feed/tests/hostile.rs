//! Input that is made to cost: reading must stay linear in its length. What were quadratic would take minutes here.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use reveille_feed::{Hint, parse};

/// As long as the largest feeds of news outlets.
const LENGTH: usize = 1 << 20;

fn read_through(start: &str, again: &str) {
    let feed = format!("{start}{}", again.repeat(LENGTH / again.len()));
    let _ = parse(feed.as_bytes(), &Hint::default());
}

#[test]
fn hostile_xml_is_read_in_linear_time() {
    for (start, again) in [
        // Nesting: of what is known, of what is not, inside texts.
        ("<rss><channel>", "<item>"),
        ("<rss><channel>", "<x>"),
        ("<rss><channel><item><description>", "<div>"),
        ("<nitf><body><body.content>", "<block>"),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>",
            "<x:y xmlns:x='z'>",
        ),
        // Ends without a start.
        ("<rss><channel><item><description>", "</x>"),
        // Entities that call each other.
        ("<!DOCTYPE x [", "<!ENTITY a '&a;&a;&a;&a;'>"),
        ("<rss><channel><item><title>", "&a;&#38;#38;"),
        ("<rss><channel><item><title>", "&"),
        // Attributes, CDATA sections, comments and tags that never end.
        ("<rss><channel><item ", "a='b' "),
        ("<rss><channel><item ", "xmlns:a='b' "),
        ("<rss><channel><item><link ", "rel='x' href="),
        ("<rss><channel><item><title>", "<![CDATA["),
        ("<rss><channel>", "<!--"),
        ("<rss><channel>", "<?x"),
        ("<rss><channel>", "<a b=\""),
        ("<rss><channel>", "<!x["),
        ("<rss><channel>", "<"),
        // Many of everything that is kept in order.
        ("<rss><channel><item>", "<category>a</category>"),
        ("<rss><channel><item>", "<author>a@b.example</author>"),
        ("<rss><channel><item>", "<link>/a</link>"),
        ("<rss><channel><item><pubDate>", "2026-03-16T"),
        (
            "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'><contentMeta>",
            "<subject qcode='a:b'/>",
        ),
        (
            "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'>",
            "<itemRef residref='a'/>",
        ),
    ] {
        read_through(start, again);
    }
}

#[test]
fn hostile_json_is_read_in_linear_time() {
    for (start, again) in [
        ("", "["),
        ("", "{\"a\":"),
        ("{\"items\":[", "{\"id\":1},"),
        (
            "{\"uri\":\"a\",\"type\":\"text\",\"subject\":[",
            "{\"name\":\"a\"},",
        ),
    ] {
        read_through(start, again);
    }
}
