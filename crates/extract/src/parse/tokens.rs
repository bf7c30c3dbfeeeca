//! The tokenizer: where tags, comments and text begin and end (HTML Standard, 13.2.5), and attributes on demand.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memmem};

use super::{MAX_ATTRIBUTES, entities, tag::Tag};
use crate::{scan, text::byte_set};

/// Attributes of one element that are looked at; hostile pages have a hundred thousand.
const MAX_OF_ELEMENT: usize = 256;

const ENDS_TAG_NAME: [bool; 256] = byte_set(b" \t\n\r\x0c/>");
const ENDS_ATTRIBUTE_NAME: [bool; 256] = byte_set(b" \t\n\r\x0c/=>");

/// One token of markup, as byte offsets into the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A start tag, whose attributes have been added to the list.
    Open {
        tag: Tag,
        name_end: usize,
        closes_itself: bool,
    },
    /// An end tag.
    Close { tag: Tag },
    /// Anything that leaves no trace in the tree.
    Nothing,
}

/// Where the next `<` stands that can open markup.
#[inline]
pub(super) fn next_markup(source: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += scan::find(b'<', source.get(at..)?)?;
        while source.get(at + 1) == Some(&b'<') {
            at += 1;
        }
        match source.get(at + 1)? {
            b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?' => return Some(at),
            _ => at += 1,
        }
    }
}

/// Where an attribute stands in the source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    name: u32,
    name_end: u32,
    value: u32,
    value_end: u32,
}

/// Reads the markup at `at`, where `<` stands: the token and where it ends. `None` where that `<` is text. The attributes
/// of a start tag are added to `spans`.
#[inline]
pub(super) fn markup(
    source: &[u8],
    at: usize,
    foreign: bool,
    spans: &mut Vec<Span>,
) -> Option<(Token, usize)> {
    match source.get(at + 1)? {
        b'a'..=b'z' | b'A'..=b'Z' => {
            let (tag, name_end) = name(source, at + 1);
            let most = MAX_OF_ELEMENT.min(MAX_ATTRIBUTES.saturating_sub(spans.len()));
            let (end, closes_itself) = attributes(source, name_end, spans, spans.len() + most);
            let token = Token::Open {
                tag,
                name_end,
                closes_itself,
            };
            Some((token, end))
        }
        b'/' => match source.get(at + 2)? {
            b'a'..=b'z' | b'A'..=b'Z' => {
                let (tag, end) = end_tag(source, at);
                Some((Token::Close { tag }, end))
            }
            b'>' => Some((Token::Nothing, at + 3)),
            _ => Some((Token::Nothing, past(source, at + 2, b">"))),
        },
        b'!' if source[at..].starts_with(b"<!--") => Some((Token::Nothing, comment_end(source, at + 4))),
        b'!' if foreign && source[at..].starts_with(b"<![CDATA[") => {
            Some((Token::Nothing, past(source, at + 9, b"]]>")))
        }
        b'!' | b'?' => Some((Token::Nothing, past(source, at + 2, b">"))),
        _ => None,
    }
}

/// The element that the end tag at `at` ends, and the offset after it.
#[inline]
pub(super) fn end_tag(source: &[u8], at: usize) -> (Tag, usize) {
    let (tag, name_end) = name(source, at + "</".len());
    (tag, attributes(source, name_end, &mut Vec::new(), 0).0)
}

/// The offset after the next `needle`, or the end of the source.
fn past(source: &[u8], from: usize, needle: &[u8]) -> usize {
    memmem::find(&source[from.min(source.len())..], needle)
        .map_or(source.len(), |at| from + at + needle.len())
}

/// The offset after the comment whose text starts at `from`. `<!-->` and `<!--->` are empty comments, `--!>` ends.
fn comment_end(source: &[u8], from: usize) -> usize {
    let rest = &source[from.min(source.len())..];
    if rest.starts_with(b">") {
        return from + 1;
    }
    if rest.starts_with(b"->") {
        return from + 2;
    }
    memchr_iter(b'>', rest)
        .find(|at| rest[..*at].ends_with(b"--") || rest[..*at].ends_with(b"--!"))
        .map_or(source.len(), |at| from + at + 1)
}

/// The element named at `at`, and the offset after its name.
#[inline]
fn name(source: &[u8], at: usize) -> (Tag, usize) {
    // Most names are a few letters.
    if let Some(eight) = source[at..].first_chunk::<8>() {
        let length = scan::letters(eight);
        if length < 8 && ENDS_TAG_NAME[usize::from(eight[length])] {
            let lower = scan::lower(*eight);
            return (Tag::of(&lower[..length]), at + length);
        }
    }
    long_name(source, at)
}

/// As [`name`], letter by letter.
fn long_name(source: &[u8], at: usize) -> (Tag, usize) {
    let mut lower = [0_u8; 16];
    let mut length = 0;
    while let Some(byte) = source
        .get(at + length)
        .filter(|byte| !ENDS_TAG_NAME[usize::from(**byte)])
    {
        if let Some(slot) = lower.get_mut(length) {
            *slot = byte.to_ascii_lowercase();
        }
        length += 1;
    }
    (lower.get(..length).map_or(Tag::Other, Tag::of), at + length)
}

/// Reads the attributes after a tag's name, which ends at `from`, and keeps those for which the list, up to `most`, has
/// room: the offset after the tag, and whether it ends with `/>`.
#[inline]
fn attributes(source: &[u8], from: usize, spans: &mut Vec<Span>, most: usize) -> (usize, bool) {
    // Many start tags have none, and no end tag should have any.
    if source.get(from) == Some(&b'>') {
        return (from + 1, false);
    }
    some_attributes(source, from, spans, most)
}

fn some_attributes(source: &[u8], from: usize, spans: &mut Vec<Span>, most: usize) -> (usize, bool) {
    let (mut at, mut slash) = (from, false);
    while let Some(byte) = source.get(at) {
        match byte {
            b'>' => return (at + 1, slash),
            b'/' | b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' => {
                slash = *byte == b'/';
                at += 1;
            }
            _ => {
                let (span, end) = attribute(source, at);
                if spans.len() < most {
                    spans.push(span);
                }
                (at, slash) = (end, false);
            }
        }
    }
    (source.len(), false)
}

/// The attribute whose name starts at `start`, and the offset after it.
#[inline]
fn attribute(source: &[u8], start: usize) -> (Span, usize) {
    // A name may begin with an equals sign, by the standard.
    let mut name_end = start + 1;
    loop {
        name_end += scan::letters(&source[name_end..]);
        match source.get(name_end) {
            Some(byte) if !ENDS_ATTRIBUTE_NAME[usize::from(*byte)] => name_end += 1,
            _ => break,
        }
    }
    let quoted = match source.get(name_end..name_end + 2) {
        Some([b'=', quote @ (b'"' | b'\'')]) => scan::find(*quote, &source[name_end + 2..]),
        _ => None,
    };
    // Nearly all are written `name="value"`.
    let (value, value_end, end) = match quoted {
        Some(length) => (name_end + 2, name_end + 2 + length, name_end + 3 + length),
        None => value_after(source, name_end),
    };
    // Offsets fit: pages are cut at `MAX_BYTES`.
    let span = Span {
        name: start as u32,
        name_end: name_end as u32,
        value: value as u32,
        value_end: value_end as u32,
    };
    (span, end)
}

/// Where the value of the attribute starts and ends whose name ends at `name_end`, and the offset after it.
#[cold]
fn value_after(source: &[u8], name_end: usize) -> (usize, usize, usize) {
    let equals = after_space(source, name_end);
    if source.get(equals) == Some(&b'=') {
        value(source, after_space(source, equals + 1))
    } else {
        (name_end, name_end, name_end)
    }
}

/// Where the attribute value at `at` starts and ends, and the offset after it and its quotes.
fn value(source: &[u8], at: usize) -> (usize, usize, usize) {
    let end = source.len();
    match source.get(at) {
        Some(quote @ (b'"' | b'\'')) => match scan::find(*quote, &source[at + 1..]) {
            Some(length) => (at + 1, at + 1 + length, at + 2 + length),
            None => (at + 1, end, end),
        },
        Some(_) => {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'>';
            // The slash of `<a href=/harbour/>` is the value's, by the standard.
            let length = source[at..].iter().position(ends);
            let end = length.map_or(end, |length| at + length);
            (at, end, end)
        }
        None => (end, end, end),
    }
}

fn after_space(source: &[u8], mut at: usize) -> usize {
    while source.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// The end of the raw text that starts at `from`: the offset of the matching end tag, or the end of the source.
pub(super) fn raw_text_end(source: &[u8], from: usize, name: &[u8]) -> usize {
    let inside = &source[from..];
    let ends = |at: &usize| {
        let Some((found, rest)) = inside[*at..]
            .strip_prefix(b"</")
            .and_then(|rest| rest.split_at_checked(name.len()))
        else {
            return false;
        };
        found.eq_ignore_ascii_case(name)
            && rest
                .first()
                .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
    };
    memchr_iter(b'<', inside)
        .find(ends)
        .map_or(source.len(), |at| from + at)
}

/// How much of a script is hidden, as from readers that know no scripts (HTML Standard, 13.2.5.18 to 13.2.5.31).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hidden {
    No,
    /// Behind `<!--`.
    Comment,
    /// Behind `<script` in there, whose end tag is not the script's.
    Script,
}

/// The end of the script that starts at `from`: as [`raw_text_end`], but for the end tags of hidden scripts in it.
pub(super) fn script_end(source: &[u8], from: usize) -> usize {
    let (mut at, mut hidden) = (from, Hidden::No);
    loop {
        let end = raw_text_end(source, at, b"script");
        hidden = hidden_at_end(&source[at..end], hidden);
        if hidden != Hidden::Script || end == source.len() {
            return end;
        }
        hidden = Hidden::Comment;
        at = end + "</script".len();
    }
}

/// What is hidden at the end of a part of a script, if `hidden` is so at its start.
fn hidden_at_end(part: &[u8], mut hidden: Hidden) -> Hidden {
    let mut at = match hidden {
        // Most scripts hide nothing.
        Hidden::No => memchr_iter(b'<', part)
            .find(|at| part[*at..].starts_with(b"<!--"))
            .unwrap_or(part.len()),
        _ => 0,
    };
    while let Some(found) = memchr2(b'-', b'<', &part[at..]) {
        at += found;
        let rest = &part[at..];
        let opens_script = || {
            rest.get(..7)
                .is_some_and(|name| name.eq_ignore_ascii_case(b"<script"))
                && rest
                    .get(7)
                    .is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
        };
        hidden = match hidden {
            // The dashes of `<!-->` serve twice.
            Hidden::No if rest.starts_with(b"<!--") => Hidden::Comment,
            Hidden::Comment | Hidden::Script if rest.starts_with(b"-->") => Hidden::No,
            Hidden::Comment if opens_script() => Hidden::Script,
            same => same,
        };
        at += 1;
    }
    hidden
}

/// One attribute, as it stands in the source.
#[derive(Debug, Clone, Copy)]
pub struct Attribute<'a> {
    pub(super) source: &'a str,
    pub(super) span: Span,
}

impl<'a> Attribute<'a> {
    /// Its name, in whatever case.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.part(self.span.name, self.span.name_end)
    }

    /// Its value, with character references.
    #[must_use]
    pub fn raw(&self) -> &'a str {
        self.part(self.span.value, self.span.value_end)
    }

    fn part(&self, from: u32, to: u32) -> &'a str {
        self.source.get(from as usize..to as usize).unwrap_or_default()
    }

    /// The bytes of its name, which are cheaper to come by than the text.
    pub(crate) fn name_bytes(&self) -> &'a [u8] {
        &self.source.as_bytes()[self.span.name as usize..self.span.name_end as usize]
    }

    /// Whether it has this name, which must be in lower case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        // Hardly anybody writes capitals.
        let written = self.name_bytes();
        written == name.as_bytes() || written.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Its value, with character references decoded.
    #[must_use]
    pub fn value(&self) -> Cow<'a, str> {
        let raw = self.raw();
        if memchr(b'&', raw.as_bytes()).is_none() {
            return Cow::Borrowed(raw);
        }
        let mut value = String::with_capacity(raw.len());
        entities::decode_into(raw, true, &mut value);
        Cow::Owned(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_with_the_tag_that_they_stand_in() {
        for (source, expected, rest) in [
            ("<p>a", &[][..], "a"),
            ("<p a=b c>a", &[("a", "b"), ("c", "")], "a"),
            ("<p a = 'x>y'b=\"it's\" >a", &[("a", "x>y"), ("b", "it's")], "a"),
            ("<p a/b=/c/d/>a", &[("a", ""), ("b", "/c/d/")], "a"),
            ("<p =a=b \"c>d", &[("=a", "b"), ("\"c", "")], "d"),
            ("<p a= >a", &[("a", "")], "a"),
            ("<p a='b", &[("a", "b")], ""),
            ("</p a='>'>a", &[], "a"),
        ] {
            let mut spans = Vec::new();
            let (_, end) = markup(source.as_bytes(), 0, false, &mut spans).unwrap();
            let read: Vec<_> = spans.into_iter().map(|span| Attribute { source, span }).collect();
            let read: Vec<_> = read
                .iter()
                .map(|attribute| (attribute.name(), attribute.raw()))
                .collect();
            assert_eq!((&read[..], &source[end..]), (expected, rest), "{source}");
        }
    }
}
