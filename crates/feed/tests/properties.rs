//! What must hold for every input: reading ends without a panic, and a list that was written reads back equal.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use proptest::prelude::*;
use reveille_feed::{
    Hint, Limits, discover,
    opml::{self, Outline},
    parse, parse_date, read,
};
use url::Url;

/// Pieces that feeds are made of, put together in any order.
fn shards() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "<rss version='2.0'><channel>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<rdf:RDF>",
        "<urlset>",
        "<item>",
        "</item>",
        "<entry xml:base='/a/'>",
        "</entry>",
        "<title>",
        "</title>",
        "<title type='xhtml'><div>",
        "<description>",
        "</description>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&amp;",
        "&",
        "&#x0;",
        "&#99999999;",
        "<",
        ">",
        "\"",
        "'",
        "<a href=\"x>",
        "<link href='y'/>",
        "<link>",
        "<author><name>",
        "</channel>",
        "</rss>",
        "<?xml",
        "?>",
        "<!DOCTYPE x [",
        "]>",
        "text é 漢",
        "<pubDate>Thu, 01 Jan 2004",
        "</pubDate>",
        "<guid>x</guid>",
        "<media:content url='z' type='image/png'>",
        "<source url='q'>",
        "<svg:svg xlink:href='a'>",
        "<image>",
        "<p>",
        "<category term='t' text='u'>",
        "<content type='application/octet-stream'>aGk=</content>",
        "\0",
        "\u{b}",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60)
        .prop_map(|pieces| pieces.concat().into_bytes())
}

fn text() -> impl Strategy<Value = String> {
    // What a title may hold: anything but control characters, trimmed.
    "[^\\pC]{0,40}".prop_map(|text| text.trim().to_owned())
}

fn outline() -> impl Strategy<Value = Outline> {
    let some = || text().prop_map(|text| (!text.is_empty()).then_some(text));
    (
        text(),
        text().prop_filter("an address", |url| !url.is_empty()),
        some(),
        some(),
        some(),
    )
        .prop_map(|(title, feed_url, site_url, category, weight)| Outline {
            title,
            feed_url,
            site_url,
            category,
            weight,
        })
}

fn read_everything(bytes: &[u8]) {
    let url = Url::parse("https://example.org/feed").unwrap();
    let hint = Hint {
        url: Some(&url),
        content_type: None,
    };
    if let Ok(feed) = parse(bytes, &hint) {
        feed.entries.iter().for_each(|entry| drop(entry.to_item()));
    }
    drop(read(
        bytes,
        &Hint::default(),
        Limits {
            bytes: 1 << 20,
            entries: 3,
        },
    ));
    drop(opml::parse(bytes));
    drop(discover(bytes, &url));
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_their_end(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_everything(&bytes);
    }

    #[test]
    fn any_pieces_of_feeds_are_read_to_their_end(bytes in shards()) {
        read_everything(&bytes);
    }

    #[test]
    fn any_text_may_stand_for_a_date(date in "\\PC{0,60}") {
        let _ = parse_date(&date);
    }

    #[test]
    fn figures_and_words_may_stand_for_a_date(date in "([0-9]{1,4}|[-+/.:, ]|T|Z|GMT|Jan|am|年|月){0,12}") {
        let _ = parse_date(&date);
    }

    #[test]
    fn a_written_list_reads_back_equal(title in text(), outlines in prop::collection::vec(outline(), 0..12)) {
        let written = opml::write(&title, &outlines);
        prop_assert_eq!(opml::parse(written.as_bytes()).unwrap().outlines, outlines);
    }

    #[test]
    fn a_feed_cut_anywhere_gives_its_whole_entries(entries in 1_usize..6, cut in 0.0_f64..1.0, crooked in any::<bool>()) {
        let mut feed = String::from("<rss version='2.0'><channel><title>Harbour</title><link>https://example.org/</link>");
        let mut ends = Vec::new();
        for n in 0..entries {
            let amp = if crooked { "&" } else { "&amp;" };
            feed.push_str(&format!(
                "<item><title>Entry {n} {amp} tide</title><link>https://example.org/{n}</link>\
                 <description><![CDATA[<p>Text {n}</p>]]></description></item>"
            ));
            ends.push(feed.len());
        }
        feed.push_str("</channel></rss>");
        let at = 40 + ((feed.len() - 40) as f64 * cut) as usize;
        let whole = ends.iter().filter(|end| **end <= at).count();
        let read = parse(&feed.as_bytes()[..at], &Hint::default()).unwrap();
        prop_assert_eq!(read.entries.len(), whole);
        prop_assert!(read.entries.iter().all(|entry| entry.to_item().is_some()));
    }

    // From the second day on: the first one stands where no date was set.
    #[test]
    fn every_instant_is_read_back(millis in 86_400_000_i64..4_000_000_000_000) {
        let at = reveille_model::UnixMillis(millis);
        prop_assert_eq!(parse_date(&at.to_string()), Some(at));
    }
}
