//! What a document is that turned out to be no feed.

use crate::{
    FeedError,
    markup::plain,
    xml::{Reader, Token},
};

/// Bytes that no text begins with, and what they say.
const MAGIC: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture or a recording"),
    (b"ID3", "an MP3 recording"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
];

/// Known binary formats, and bytes that are text in no encoding.
pub(crate) fn binary(bytes: &[u8]) -> Option<FeedError> {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(FeedError::Binary { kind });
    }
    let head = &bytes[..bytes.len().min(512)];
    // UTF-16 is full of zeros, but of no other control characters.
    let control: u16 = head.iter().map(|b| u16::from((1..9).contains(b))).sum();
    (usize::from(control) > head.len() / 10).then_some(FeedError::Binary { kind: "binary data" })
}

/// Names the text in which no feed was found, and from which so many control characters were left out.
pub(crate) fn text(text: &str, dropped: usize) -> FeedError {
    if is_noise(text, dropped) {
        return FeedError::Binary { kind: "binary data" };
    }
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    if text.is_empty() {
        return FeedError::Empty;
    }
    let mut reader = Reader::new(text);
    let mut root = None;
    let mut title = None;
    // A page names itself in its head.
    for _ in 0..200 {
        match reader.next() {
            Some(Token::Start(tag)) => {
                let name = tag.name.to_ascii_lowercase();
                if name == "title" && title.is_none() {
                    title = Some(plain(reader.raw_text("title"))).filter(|title| !title.is_empty());
                } else if matches!(name.as_str(), "script" | "style") {
                    reader.raw_text(&name);
                }
                root.get_or_insert(tag.name);
            }
            Some(_) => {}
            None => break,
        }
    }
    let doctype = text
        .get(..14)
        .is_some_and(|head| head.eq_ignore_ascii_case("<!doctype html"));
    match root {
        _ if doctype => FeedError::WebPage { title },
        None => FeedError::PlainText {
            start: text.chars().take(40).collect(),
        },
        Some(root) if is_page(&root.to_ascii_lowercase()) => FeedError::WebPage { title },
        Some(root) if root.eq_ignore_ascii_case("opml") => FeedError::FeedList,
        Some(root) => FeedError::OtherXml {
            root: root.chars().take(40).filter(|c| !c.is_control()).collect(),
        },
    }
}

/// Whether more than one sign in twenty is of those that no text has: bytes that mean nothing may hold a tag by chance.
fn is_noise(text: &str, dropped: usize) -> bool {
    let is_odd = |c: char| c == char::REPLACEMENT_CHARACTER || (c.is_control() && !c.is_whitespace());
    let (signs, odd) = text.chars().fold((0, 0), |(signs, odd), c| {
        (signs + 1, odd + usize::from(is_odd(c)))
    });
    (odd + dropped) * 20 > signs + dropped
}

fn is_page(root: &str) -> bool {
    matches!(
        root,
        "html"
            | "head"
            | "body"
            | "title"
            | "meta"
            | "link"
            | "script"
            | "style"
            | "div"
            | "p"
            | "h1"
            | "h2"
            | "br"
            | "b"
            | "center"
            | "table"
            | "main"
            | "article"
            | "a"
            | "span"
            | "img"
            | "base"
    )
}
