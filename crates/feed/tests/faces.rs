//! The faces that other crates use: limits, hints, items, the feeds that a page names.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use reveille_feed::{FeedError, Hint, Limits, discover, page_links, parse, parse_within, read};
use url::Url;

const TWO: &[u8] = b"<rss><channel><title>Harbour</title><link>https://example.org/</link>\
    <item><title>One</title><link>/1?utm_source=rss</link><pubDate>2026-03-10T04:00:00Z</pubDate></item>\
    <item><title>Two</title></item></channel></rss>";

#[test]
fn an_entry_becomes_an_item_unless_it_has_no_link() {
    let feed = parse(TWO, &Hint::default()).unwrap();
    let item = feed.entries[0].to_item().unwrap();
    assert_eq!(item.url.as_str(), "https://example.org/1");
    assert_eq!(item.guid, "https://example.org/1");
    assert_eq!(item.published.unwrap().to_string(), "2026-03-10T04:00:00Z");
    assert_eq!(feed.entries[1].to_item(), None);
}

#[test]
fn limits_are_kept_and_told() {
    let feed = parse_within(
        TWO,
        &Hint::default(),
        Limits {
            entries: 1,
            ..Limits::default()
        },
    )
    .unwrap();
    assert_eq!(feed.entries.len(), 1);
    assert!(
        feed.faults.iter().any(|fault| fault.contains("beyond the limit")),
        "{:?}",
        feed.faults
    );
    let error = parse_within(
        TWO,
        &Hint::default(),
        Limits {
            bytes: 100,
            ..Limits::default()
        },
    )
    .unwrap_err();
    assert!(matches!(error, FeedError::TooLarge { limit: 100, .. }));
}

#[test]
fn a_page_names_its_feeds() {
    let page = br#"<!doctype html><head><base href="/en/"><title>x</title>
        <script>document.write('<link rel="alternate" type="application/rss+xml" href="/no">')</script>
        <link rel="Alternate home" type="application/rss+xml; charset=utf-8" title="News &amp; tides" href="feed">
        <link rel=alternate type=application/atom+xml href=https://other.example/atom>
        <link rel="alternate" type="application/rss+xml" href="feed" title="again">
        <link rel="alternate" type="application/json" href="/wp-json/posts/1">
        <link rel="alternate" type="application/feed+json" href="feed.json">
        <link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" type="text/xml" href="/style">
        <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">"#;
    let found = discover(page, &Url::parse("https://example.org/a/b").unwrap());
    let told: Vec<(&str, &str)> = found
        .iter()
        .map(|link| (link.url.as_str(), link.title.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("https://example.org/en/feed", "News & tides"),
            ("https://other.example/atom", ""),
            ("https://example.org/en/feed.json", ""),
        ]
    );
}

#[test]
fn a_page_names_its_icon() {
    let icon = |head: &str| {
        let links = page_links(head.as_bytes(), &Url::parse("https://example.org/a/b").unwrap());
        links.icon.map(String::from)
    };
    let several =
        "<link rel='shortcut icon' href=/old.ico><LINK REL=icon HREF=new.png><link rel=mask-icon href=m.svg>";
    assert_eq!(icon(several).as_deref(), Some("https://example.org/a/new.png"));
    assert_eq!(icon("<link rel=icon href='data:image/png;base64,AA'>"), None);
    assert_eq!(icon("<link rel=icon>"), None);
}

#[test]
fn a_long_content_stands_in_for_a_summary_in_part() {
    let words = "tide ".repeat(1_000);
    let feed =
        format!("<rss><channel><item><content:encoded>{words}</content:encoded></item></channel></rss>");
    let feed = parse(feed.as_bytes(), &Hint::default()).unwrap();
    let summary = &feed.entries[0].summary;
    assert!(
        summary.len() <= 1_000 && summary.ends_with("tide"),
        "{}",
        summary.len()
    );
}

#[test]
fn what_modules_say_is_kept() {
    let input = include_bytes!("cases/modules/input");
    let document = read(input, &Hint::default(), Limits::default()).unwrap();
    let places = document.entries.iter().map(|entry| {
        let at = entry.location.unwrap();
        (at.latitude, at.longitude)
    });
    assert_eq!(
        places.collect::<Vec<_>>(),
        [(54.1, 7.9), (-54.1, -7.9), (1.5, 2.5)]
    );
    assert_eq!(document.entries[0].comments, Some(12));
}

/// Unpacked, the bomb is a thousand times its size.
#[test]
fn a_packed_bomb_costs_no_more_than_the_largest_feed() {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..20 {
        packer.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 40 << 10);
    let error = parse(&bomb, &Hint::default()).unwrap_err();
    assert!(matches!(error, FeedError::TooLarge { .. }), "{error}");

    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    packer.write_all(TWO).unwrap();
    let packed = packer.finish().unwrap();
    let cut = parse(&packed[..packed.len() - 12], &Hint::default()).unwrap();
    assert_eq!(cut.entries.len(), 2);
    assert!(cut.faults[0].contains("gzip"), "{:?}", cut.faults);
}
