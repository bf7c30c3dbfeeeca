//! HTML fragments inside feeds: their plain text, and one spelling of their tags with absolute references.
//!
//! This makes nothing safe to show; that is the sanitizer's work.

use std::borrow::Cow;

use memchr::{memchr, memchr2};
use url::Url;

use crate::{
    fold::{fold, fold_onto, space_onto},
    xml::{
        LONGEST_NAME, Reader, Tag, Token, decode, escape_attribute_onto, escape_bare_onto, escape_text_onto,
        has_reference, lower_name,
    },
};

/// The other elements that titles and summaries are written with.
const BLOCK: [&str; 33] = [
    "article",
    "aside",
    "audio",
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "iframe",
    "li",
    "math",
    "ol",
    "p",
    "picture",
    "pre",
    "script",
    "section",
    "style",
    "svg",
    "table",
    "ul",
    "video",
];

/// Elements without content (HTML Standard, section 13.1.2).
#[rustfmt::skip]
pub(crate) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "param" | "source"
        | "track" | "wbr"
    )
}

/// Elements that stand inside a line of text, so that their ends part no words.
#[rustfmt::skip]
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr" | "acronym" | "b" | "bdi" | "bdo" | "big" | "cite" | "code" | "data" | "del" | "dfn" | "em"
        | "font" | "i" | "ins" | "kbd" | "mark" | "nobr" | "q" | "rb" | "rp" | "rt" | "ruby" | "s" | "samp"
        | "small" | "span" | "strike" | "strong" | "sub" | "sup" | "time" | "tt" | "u" | "var"
    )
}

/// Whether text that may be either is markup: it has an element that HTML has, or a character reference.
pub(crate) fn looks_like_html(text: &str) -> bool {
    has_reference(text)
        || memchr(b'<', text.as_bytes()).is_some() && {
            let mut reader = Reader::new(text);
            std::iter::from_fn(|| reader.next()).any(|token| match token {
                Token::Start(Tag { name, .. }) | Token::End(name) => is_html(&name.to_ascii_lowercase()),
                Token::Cdata(_) => true,
                Token::Text(_) => false,
            })
        }
}

pub(crate) fn is_html(name: &str) -> bool {
    is_void(name) || is_inline(name) || BLOCK.contains(&name)
}

/// The text of an HTML fragment: references decoded, scripts and styles left out, white space folded.
pub(crate) fn plain(html: &str) -> String {
    plain_start(html, usize::MAX)
}

/// The beginning of [`plain`]: reading stops once there are this many bytes of it.
pub(crate) fn plain_start(html: &str, most: usize) -> String {
    if memchr(b'<', html.as_bytes()).is_none() {
        return fold(decode(html));
    }
    let mut out = String::with_capacity(html.len().min(4096));
    let mut reader = Reader::new(html);
    while let Some(token) = reader.next().filter(|_| out.len() < most) {
        match token {
            Token::Text(text) => fold_onto(&decode(text), &mut out),
            Token::Cdata(text) => fold_onto(text, &mut out),
            Token::Start(Tag { name, .. }) | Token::End(name) => {
                let mut lower = [0; LONGEST_NAME];
                let name = lower_name(name, &mut lower);
                if matches!(token, Token::Start(_)) && matches!(name, "script" | "style") {
                    reader.raw_text(name);
                }
                if !is_inline(name) && name != "wbr" {
                    space_onto(&mut out);
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Text with its character references decoded and its tags left alone.
pub(crate) fn decode_references(text: &str) -> Cow<'_, str> {
    decode(text)
}

/// Plain text as HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_text_onto(text, &mut out);
    out
}

/// The fragment with its tags in one spelling (names in lower case, quoted values, attributes by name) and its
/// references absolute. In text, a `&` or `<` that means itself is escaped; all else is left as it is.
pub(crate) fn normalise(html: String, base: Option<&Url>) -> String {
    if memchr2(b'<', b'&', html.as_bytes()).is_none() {
        return html;
    }
    let mut out = String::with_capacity(html.len() + 64);
    let mut reader = Reader::new(&html);
    while let Some(token) = reader.next() {
        match token {
            Token::Text(text) => escape_bare_onto(text, &mut out),
            Token::Cdata(text) => escape_text_onto(text, &mut out),
            Token::End(name) => {
                out.push_str("</");
                out.push_str(name);
                out.push('>');
            }
            Token::Start(tag) => {
                let mut lower = [0; LONGEST_NAME];
                let name = lower_name(tag.name, &mut lower);
                open_tag(tag, base, &mut out);
                out.push_str(if is_void(name) { " />" } else { ">" });
                if matches!(name, "script" | "style") {
                    out.push_str(reader.raw_text(name));
                }
            }
        }
    }
    out
}

/// Writes `<name attributes` without its end.
fn open_tag(tag: Tag<'_>, base: Option<&Url>, out: &mut String) {
    out.push('<');
    let start = out.len();
    out.push_str(tag.name);
    out[start..].make_ascii_lowercase();
    if tag.attributes.is_empty() {
        return;
    }
    let mut sorted: Vec<(&str, &str)> = tag.attributes.iter().collect();
    sorted.sort_by_key(|(name, _)| *name);
    sorted.dedup_by_key(|(name, _)| *name);
    for (name, value) in sorted {
        attribute(name, value, base, out);
    }
}

/// Writes one attribute, its reference made absolute.
pub(crate) fn attribute(name: &str, raw: &str, base: Option<&Url>, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    let value = decode(raw);
    match base.and_then(|base| absolute(name, &value, base)) {
        Some(url) => escape_attribute_onto(url.as_str(), out),
        None => escape_attribute_onto(&value, out),
    }
    out.push('"');
}

/// The absolute form of a relative reference in an attribute that holds one.
fn absolute(name: &str, value: &str, base: &Url) -> Option<Url> {
    const REFERENCES: [&str; 8] = [
        "href",
        "src",
        "cite",
        "action",
        "background",
        "longdesc",
        "poster",
        "data",
    ];
    let relative = REFERENCES.iter().any(|known| name.eq_ignore_ascii_case(known)) && !is_absolute(value);
    relative.then(|| base.join(value.trim()).ok()).flatten()
}

/// Longer addresses lead nowhere (RFC 9110, section 4.1, asks for 8,000 octets to be understood), and as a base they would
/// be copied for each relative reference.
pub(crate) const LONGEST_ADDRESS: usize = 8 << 10;

/// Whether a reference begins with a scheme (RFC 3986, section 3.1).
pub(crate) fn is_absolute(reference: &str) -> bool {
    reference.trim_start().split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_keeps_words_apart_and_whole() {
        assert_eq!(
            plain("<p>One</p><p>two&nbsp;&amp;<br>th<b>re</b>e</p><script>no</script>"),
            "One two & three"
        );
        assert_eq!(plain("1 < 2 &lt; 3"), "1 < 2 < 3");
    }

    #[test]
    fn tags_are_spelled_in_one_way() {
        let base = Url::parse("https://example.org/a/").ok();
        assert_eq!(
            normalise("<IMG src=b.png alt='x \"y\"'>é<br/>".to_owned(), base.as_ref()),
            "<img alt=\"x &quot;y&quot;\" src=\"https://example.org/a/b.png\" />é<br />"
        );
    }

    #[test]
    fn only_what_html_has_is_html() {
        assert!(looks_like_html("a <b>b</b>"));
        assert!(looks_like_html("R&amp;B"));
        assert!(!looks_like_html("AT&T <blink 182>"));
        assert!(!looks_like_html("1 < 2"));
    }
}
