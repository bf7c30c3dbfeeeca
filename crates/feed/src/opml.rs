//! OPML 1.0 and 2.0 (opml.org): lists of feeds, in and out.

use crate::{
    FeedError, charset, sniff,
    xml::{Reader, Tag, Token, escape_attribute_onto, escape_text_onto},
};

/// One feed of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// What the list calls the feed; may be empty.
    pub title: String,
    /// Where the feed is, as written.
    pub feed_url: String,
    /// The page that it belongs to, as written.
    pub site_url: Option<String>,
    /// The folder that it stands in; nested folders are joined by `/`.
    pub category: Option<String>,
    /// How much the feed counts among others, as written; an attribute that OPML itself does not have.
    pub weight: Option<String>,
}

/// What a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// Its feeds in order.
    pub outlines: Vec<Outline>,
    /// The line, counted from 1, in which it breaks off before its end; none where it is whole.
    pub breaks_off: Option<usize>,
}

/// The namespace of our own attribute (OPML 2.0, "Extending OPML").
const NAMESPACE: &str = "urn:x-reveille:opml";

/// Deeper folders count as the one at this depth.
const DEPTH: usize = 32;

/// Reads the feeds of a list. Entries without a feed's address are folders or notes and left out.
///
/// # Errors
/// Where the document is no OPML; the text says what came instead.
pub fn parse(bytes: &[u8]) -> Result<List, FeedError> {
    if let Some(binary) = sniff::binary(bytes) {
        return Err(binary);
    }
    let text = charset::decode(bytes, None).text;
    let mut reader = Reader::new(&text);
    let mut found = Vec::new();
    let mut folders: Vec<Option<String>> = Vec::new();
    let (mut is_opml, mut is_whole) = (false, false);
    // Behind the last markup.
    let mut read = 0;
    while let Some(token) = reader.next() {
        if !matches!(token, Token::Text(_)) {
            read = reader.offset();
        }
        match token {
            Token::Start(tag) if tag.name.eq_ignore_ascii_case("opml") => is_opml = true,
            Token::Start(tag) if tag.name.eq_ignore_ascii_case("outline") => {
                let outline = outline(tag, &folders);
                let folder = outline.is_none().then(|| title(tag));
                found.extend(outline);
                if !tag.empty && folders.len() < DEPTH {
                    folders.push(folder);
                }
            }
            Token::End(name) if name.eq_ignore_ascii_case("opml") => is_whole = true,
            Token::End(name) if name.eq_ignore_ascii_case("outline") => {
                folders.pop();
            }
            _ => {}
        }
    }
    if is_opml || !found.is_empty() {
        Ok(List {
            outlines: found,
            breaks_off: (is_opml && !is_whole).then(|| line_behind(&text, read)),
        })
    } else {
        Err(not_a_list(&text))
    }
}

/// The line of what follows a place in a text; its last line where nothing does.
fn line_behind(text: &str, at: usize) -> usize {
    let text = text.trim_end();
    let rest = text.get(at..).unwrap_or_default().trim_start();
    text[..text.len() - rest.len()].matches('\n').count() + 1
}

fn not_a_list(text: &str) -> FeedError {
    crate::read::read(text, None, crate::Limits { bytes: 0, entries: 0 }).map_or_else(
        || sniff::text(text, 0),
        |feed| FeedError::SingleFeed {
            format: feed.format.name(),
        },
    )
}

fn title(tag: Tag<'_>) -> String {
    tag.attributes
        .text("title")
        .or_else(|| tag.attributes.text("text"))
        .unwrap_or_default()
}

fn outline(tag: Tag<'_>, folders: &[Option<String>]) -> Option<Outline> {
    let attributes = tag.attributes;
    let is_feed = attributes
        .get("type")
        .is_some_and(|kind| matches!(&*kind.to_ascii_lowercase(), "rss" | "atom"));
    let feed_url = attributes
        .text("xmlUrl")
        .or_else(|| attributes.text("feedUrl"))
        .or_else(|| attributes.text("url").filter(|_| is_feed))?;
    let path: Vec<&str> = folders
        .iter()
        .flatten()
        .map(String::as_str)
        .filter(|name| !name.is_empty())
        .collect();
    let category = (!path.is_empty()).then(|| path.join("/")).or_else(|| {
        let listed = attributes.text("category")?;
        let first = listed.split(',').next()?.trim().trim_matches('/').to_owned();
        (!first.is_empty()).then_some(first)
    });
    Some(Outline {
        title: title(tag),
        feed_url,
        site_url: attributes.text("htmlUrl"),
        category,
        weight: attributes.text("reveille:weight"),
    })
}

/// Writes a list. What [`parse`] makes of it has these outlines, white space at the ends of texts and characters
/// that XML does not allow aside; the order is kept, so a folder that is come back to is written again.
#[must_use]
pub fn write(title: &str, outlines: &[Outline]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\"");
    if outlines.iter().any(|outline| outline.weight.is_some()) {
        attribute("xmlns:reveille", NAMESPACE, &mut out);
    }
    out.push_str(">\n  <head>\n    <title>");
    escape_text_onto(title, &mut out);
    out.push_str("</title>\n  </head>\n  <body>\n");
    for group in outlines.chunk_by(|a, b| a.category == b.category) {
        let category = group.first().and_then(|outline| outline.category.as_deref());
        if let Some(category) = category {
            out.push_str("    <outline");
            attribute("text", category, &mut out);
            out.push_str(">\n");
        }
        for outline in group {
            out.push_str(if category.is_some() { "      " } else { "    " });
            out.push_str("<outline type=\"rss\"");
            attribute("text", &outline.title, &mut out);
            attribute("xmlUrl", &outline.feed_url, &mut out);
            if let Some(site) = &outline.site_url {
                attribute("htmlUrl", site, &mut out);
            }
            if let Some(weight) = &outline.weight {
                attribute("reveille:weight", weight, &mut out);
            }
            out.push_str("/>\n");
        }
        if category.is_some() {
            out.push_str("    </outline>\n");
        }
    }
    out.push_str("  </body>\n</opml>\n");
    out
}

/// Writes ` name="value"`. Line ends and tabs are written as references, since a reader may fold them.
fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    let mut escaped = String::with_capacity(value.len());
    escape_attribute_onto(value, &mut escaped);
    for c in escaped.chars() {
        match c {
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            '\'' => out.push_str("&apos;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_become_categories() {
        let list = br#"<opml version="1.0"><body>
            <outline text="World"><outline text="Wires" >
              <outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
            </outline></outline>
            <outline title="C" text="c" xmlurl='https://c.example/?a=1&b=2' category="/Local/City,/x"></outline>
            <outline text="a note"/>
        </body></opml>"#;
        let found = parse(list).unwrap().outlines;
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].category.as_deref(), Some("World/Wires"));
        assert_eq!(
            (found[0].title.as_str(), found[0].site_url.as_deref()),
            ("A & B", Some("https://a.example/"))
        );
        assert_eq!(found[1].feed_url, "https://c.example/?a=1&b=2");
        assert_eq!(
            (found[1].title.as_str(), found[1].category.as_deref()),
            ("C", Some("Local/City"))
        );
    }

    #[test]
    fn a_list_that_breaks_off_is_told() {
        let breaks_off = |text: &str| parse(text.as_bytes()).unwrap().breaks_off;
        let one = "<outline xmlUrl='https://a.example/feed'/>";
        for (list, line) in [
            (format!("<opml><body>\n{one}\n</body></opml>\n"), None),
            (format!("<opml><body>\n{one}\n</body>\n"), Some(3)),
            (format!("<opml><body>\n{one}\n\n<outline text='B' xml"), Some(4)),
            ("<opml>".to_owned(), Some(1)),
            (one.to_owned(), None),
        ] {
            assert_eq!(breaks_off(&list), line, "{list}");
        }
    }

    #[test]
    fn other_documents_are_named() {
        let told = |bytes: &[u8]| parse(bytes).unwrap_err().to_string();
        assert!(told(b"<rss><channel/></rss>").contains("one feed"));
        assert!(told(b"<!doctype html><title>x</title>").contains("web page"));
        assert!(told(b" ").contains("empty"));
    }
}
