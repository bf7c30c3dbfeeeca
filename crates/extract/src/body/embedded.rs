//! Bodies that the page holds only as data for its script: a last resort where its markup holds none.

use std::borrow::Cow;

use crate::parse::{Document, Tag};

/// Scripts longer than this are programs.
const LONGEST: usize = 2 << 20;

/// How often data is wrapped in strings of strings.
const DEPTH: usize = 3;

/// Paragraphs that a script must hold to be looked at.
const PARAGRAPHS: usize = 3;

/// The markup that the page's scripts hold as strings or templates, longest first.
pub(super) fn markup<'a>(page: &Document<'a>) -> Vec<Cow<'a, str>> {
    let scripts = (0..page.nodes().len())
        .filter(|at| page.node(*at).tag == Tag::Raw)
        .map(|at| page.raw_text(at));
    let mut found: Vec<Cow<'a, str>> = scripts
        .filter(|script| script.len() < LONGEST)
        .filter_map(unwrapped)
        .collect();
    found.sort_by_key(|markup| std::cmp::Reverse(markup.len()));
    found
}

/// A script's text with string escapes undone until paragraphs show.
fn unwrapped(script: &str) -> Option<Cow<'_, str>> {
    let shows = |text: &str| {
        memchr::memmem::find_iter(text.as_bytes(), "</p>")
            .take(PARAGRAPHS)
            .count()
            == PARAGRAPHS
    };
    let hides = memchr::memmem::find(script.as_bytes(), b"u003c/p").is_some()
        || memchr::memmem::find(script.as_bytes(), b"u003C/p").is_some()
        || memchr::memmem::find(script.as_bytes(), b"<\\/p").is_some();
    let mut text = Cow::Borrowed(script);
    for _ in 0..DEPTH {
        if shows(&text) {
            return Some(text);
        }
        if !hides {
            return None;
        }
        text = Cow::Owned(unescaped(&text));
    }
    shows(&text).then_some(text)
}

/// A JSON string's escapes undone (RFC 8259, section 7), leniently: what is no escape stays.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (value, length) = match after.chars().next() {
            Some('n' | 'r' | 't') => (Some('\n'), 1),
            Some(same @ ('"' | '\\' | '/' | '\'')) => (Some(same), 1),
            Some('u') => {
                let code = after
                    .get(1..5)
                    .and_then(|digits| u32::from_str_radix(digits, 16).ok());
                code.map_or((Some('\\'), 0), |code| (char::from_u32(code), 5))
            }
            _ => (Some('\\'), 0),
        };
        out.extend(value);
        rest = &after[length..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_come_out_of_strings_of_strings() {
        let page = r#"<script>push("{\"body\":\"\\u003cp\\u003eOne.\\u003c/p\\u003e\\u003cp\\u003eTwo.\\u003c/p\\u003e\\u003cp\\u003eThree.\\u003c/p\\u003e\"}")</script>"#;
        let found = markup(&Document::parse(page));
        assert!(found[0].contains("<p>Two.</p>"), "{found:?}");
        assert!(
            markup(&Document::parse(
                "<script>if (a < b) { c(\"\\u003cp\") }</script>"
            ))
            .is_empty()
        );
    }
}
