//! Bytes from outside: nothing panics, and nothing takes more than its share.

use proptest::prelude::*;
use reveille_extract::{
    explain, extract, extract_text,
    parse::{Document, MAX_DEPTH},
};

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<p>".to_owned()),
        Just("</p>".to_owned()),
        Just("<div class=\"article body\">".to_owned()),
        Just("</div>".to_owned()),
        Just("<table><tr><td>".to_owned()),
        Just("</table>".to_owned()),
        Just("<a href=\"/x".to_owned()),
        Just("<b><i></b>".to_owned()),
        Just("<select><option>".to_owned()),
        Just("<svg><path/>".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"x\"".to_owned()),
        Just("</script>".to_owned()),
        Just("&amp;&#x10FFFF;&notit;".to_owned()),
        Just("<li><h1><form>".to_owned()),
        Just("</form></li>".to_owned()),
        Just("\u{FFFD}s â€™ Ã".to_owned()),
        "[ -~]{0,40}",
        "\\PC{0,12}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(page in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = extract(&page, &"https://example.org/a".parse().unwrap(), None);
    }

    #[test]
    fn arbitrary_markup_never_panics_and_trees_are_sound(page in pieces()) {
        let document = Document::parse(&page);
        for (at, node) in document.nodes().iter().enumerate() {
            prop_assert!((node.parent as usize) < at || at == 0);
            prop_assert!(node.end as usize > at && node.end <= document.node(node.parent as usize).end);
        }
        let found = extract(page.as_bytes(), &"https://example.org/a".parse().unwrap(), Some("utf-8"));
        prop_assert!(found.article.body.iter().all(|block| !block.text.trim().is_empty()));
        let _ = extract_text(&page);
    }
}

#[test]
fn hostile_nesting_is_cut_at_the_cap() {
    for tag in [
        "<div>",
        "<b>",
        "<table><tr><td>",
        "<svg>",
        "<ul><li>",
        "<a><p>",
        "<form>",
        "<select>",
        "<blockquote>",
    ] {
        let page = format!("{}<p>text", tag.repeat(100_000));
        let document = Document::parse(&page);
        let deepest = document.ancestors(document.nodes().len() - 1).count();
        assert!(deepest <= MAX_DEPTH, "{tag}: {deepest}");
        let _ = extract(page.as_bytes(), &"https://example.org/a".parse().unwrap(), None);
    }
    let attributes = format!("<p {}>text", "a=1 ".repeat(100_000));
    assert_eq!(Document::parse(&attributes).attributes(1).count(), 256);
}

#[test]
fn a_trace_is_no_larger_than_its_lines() {
    let page = format!("<{}>{}", "x".repeat(20_000), "<p>text</p>".repeat(500));
    let found = explain(page.as_bytes(), &"https://example.org/a".parse().unwrap(), None);
    assert!(found.trace.len() >= 500);
    assert!(found.trace.iter().all(|verdict| verdict.place.len() < 1000));
}

/// Each line is asked many things, so that a page with nothing but bylines takes longer than any other of its size.
#[test]
fn a_page_is_read_up_to_five_thousand_lines() {
    let page = "<p>By Ann Example</p>".repeat(30_000);
    let found = explain(page.as_bytes(), &"https://example.org/a".parse().unwrap(), None);
    assert_eq!(found.trace.len(), 5_000);
}
