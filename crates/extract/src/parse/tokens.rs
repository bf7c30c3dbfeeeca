//! The tokenizer: where tags, comments and text begin and end (HTML Standard, 13.2.5), and attributes on demand.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memmem};

use super::{entities, tag::Tag};
use crate::{scan, text::byte_set};

/// Attributes of one element that are looked at; hostile pages have a hundred thousand.
const MAX_ATTRIBUTES: usize = 256;

const ENDS_TAG_NAME: [bool; 256] = byte_set(b" \t\n\r\x0c/>");
const ENDS_ATTRIBUTE_NAME: [bool; 256] = byte_set(b" \t\n\r\x0c/=");

/// One token of markup, as byte offsets into the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A start tag: its attributes lie in `start..stop`.
    Open {
        tag: Tag,
        start: usize,
        stop: usize,
        closes_itself: bool,
    },
    /// An end tag.
    Close { tag: Tag },
    /// Anything that leaves no trace in the tree.
    Nothing,
}

/// Reads the markup at `at`, where `<` stands: the token and where it ends. `None` where that `<` is text.
pub(super) fn markup(source: &[u8], at: usize, foreign: bool) -> Option<(Token, usize)> {
    match source.get(at + 1)? {
        b'a'..=b'z' | b'A'..=b'Z' => {
            let (tag, name_end) = name(source, at + 1);
            let (stop, end, closes_itself) = tag_end(source, name_end);
            Some((
                Token::Open {
                    tag,
                    start: name_end,
                    stop,
                    closes_itself,
                },
                end,
            ))
        }
        b'/' => match source.get(at + 2)? {
            b'a'..=b'z' | b'A'..=b'Z' => {
                let (tag, name_end) = name(source, at + 2);
                let (_, end, _) = tag_end(source, name_end);
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
fn name(source: &[u8], at: usize) -> (Tag, usize) {
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

/// Where the attributes that start at `from` stop, where the tag ends, and whether it ends with `/>`.
fn tag_end(source: &[u8], from: usize) -> (usize, usize, bool) {
    let mut at = from;
    while let Some(found) = scan::find2(b'>', b'=', &source[at.min(source.len())..]) {
        at += found;
        if source[at] == b'>' {
            let slash = at > from && source[at - 1] == b'/';
            return (at - usize::from(slash), at + 1, slash);
        }
        at = value_end(source, at + 1);
    }
    (source.len(), source.len(), false)
}

/// The offset after the attribute value that may start at `at`, after the equals sign.
fn value_end(source: &[u8], mut at: usize) -> usize {
    while source.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    match source.get(at) {
        Some(quote @ (b'"' | b'\'')) => {
            scan::find(*quote, &source[at + 1..]).map_or(source.len(), |length| at + length + 2)
        }
        _ => {
            at + source[at.min(source.len())..]
                .iter()
                .take_while(|b| !b.is_ascii_whitespace() && **b != b'>')
                .count()
        }
    }
}

/// The end of the raw text that starts at `from`: the offset of the matching end tag, or the end of the source.
pub(super) fn raw_text_end(source: &[u8], from: usize, name: &[u8]) -> usize {
    let mut at = from;
    while let Some(found) = memmem::find(&source[at..], b"</") {
        let start = at + found + 2;
        let end = start + name.len();
        let matches = source
            .get(start..end)
            .is_some_and(|found| found.eq_ignore_ascii_case(name));
        let ends = source
            .get(end)
            .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
        if matches && ends {
            return start - 2;
        }
        at = start;
    }
    source.len()
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
        Hidden::No => memmem::find(part, b"<!--").unwrap_or(part.len()),
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its name, in whatever case.
    pub name: &'a str,
    /// Its value, with character references.
    pub raw: &'a str,
}

impl<'a> Attribute<'a> {
    /// Whether it has this name, which must be in lower case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its value, with character references decoded.
    #[must_use]
    pub fn value(&self) -> Cow<'a, str> {
        if memchr(b'&', self.raw.as_bytes()).is_none() {
            return Cow::Borrowed(self.raw);
        }
        let mut value = String::with_capacity(self.raw.len());
        entities::decode_into(self.raw, true, &mut value);
        Cow::Owned(value)
    }
}

/// The attributes in the source of a start tag, after its name.
pub(super) fn attributes(source: &str) -> impl Iterator<Item = Attribute<'_>> {
    let bytes = source.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes
            .get(at)
            .is_some_and(|b| b.is_ascii_whitespace() || *b == b'/')
        {
            at += 1;
        }
        let start = at;
        // A name may begin with an equals sign, by the standard.
        at += usize::from(bytes.get(at) == Some(&b'='));
        while bytes
            .get(at)
            .is_some_and(|byte| !ENDS_ATTRIBUTE_NAME[usize::from(*byte)])
        {
            at += 1;
        }
        if at == start {
            return None;
        }
        let name = &source[start..at];
        let mut equals = at;
        while bytes.get(equals).is_some_and(u8::is_ascii_whitespace) {
            equals += 1;
        }
        if bytes.get(equals) != Some(&b'=') {
            return Some(Attribute { name, raw: "" });
        }
        let mut from = equals + 1;
        while bytes.get(from).is_some_and(u8::is_ascii_whitespace) {
            from += 1;
        }
        let end = value_end(bytes, from).min(bytes.len());
        at = end;
        let raw = match bytes.get(from) {
            Some(quote @ (b'"' | b'\'')) => {
                let closed = end > from + 1 && bytes[end - 1] == *quote;
                &source[from + 1..end - usize::from(closed)]
            }
            _ => &source[from..end],
        };
        Some(Attribute { name, raw })
    })
    .take(MAX_ATTRIBUTES)
}
