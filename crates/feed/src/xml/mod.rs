//! A reader of XML that never gives up.
//!
//! It cuts a document into tags, text and CDATA sections without copying, and has no notion of well-formedness:
//! what cannot be markup is text, and a construct that is never closed ends where reading on makes most sense.
//! Feeds in the wild need that; strict readers stop at the first stray `<` and lose every entry behind it. The same
//! reader walks HTML fragments. It must not interpret names, resolve entities or build trees.

mod attributes;
mod entity;
mod entity_table;

use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

pub(crate) use attributes::Attributes;
pub(crate) use entity::{
    decode, decode_onto, escape_attribute_onto, escape_bare_onto, escape_text_onto, has_reference,
};

/// The length of the longest name that this crate looks for.
pub(crate) const LONGEST_NAME: usize = 24;

/// A name in lower case, which most are; the buffer spares the others an allocation. One in capitals that is longer than
/// any that is looked for becomes empty.
pub(crate) fn lower_name<'b>(name: &'b str, buffer: &'b mut [u8; LONGEST_NAME]) -> &'b str {
    if !name.bytes().any(|b| b.is_ascii_uppercase()) {
        return name;
    }
    let Some(lower) = buffer.get_mut(..name.len()) else {
        return "";
    };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).unwrap_or_default()
}

/// A start tag. `empty` is true for `<name/>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: Attributes<'a>,
    pub(crate) empty: bool,
}

/// One piece of a document. Text is raw: its entities are not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    Start(Tag<'a>),
    End(&'a str),
    Text(&'a str),
    Cdata(&'a str),
}

/// The places up to the next closing mark, remembered: without that a document of unclosed constructs would be searched to
/// the same place once for each of them.
#[derive(Debug, Clone, Default)]
struct Ahead {
    /// Where no mark begins; at its end one does, or the document is over.
    searched: Range<usize>,
    /// How many bytes were looked at.
    #[cfg(test)]
    looked_at: usize,
}

impl Ahead {
    /// The first place of the mark from `from` on.
    fn find(&mut self, mark: &[u8], source: &str, from: usize) -> Option<usize> {
        if !self.searched.contains(&from) {
            let rest = &source.as_bytes()[from..];
            self.searched = from..memmem::find(rest, mark).map_or(source.len(), |at| from + at);
            #[cfg(test)]
            (self.looked_at += self.searched.len());
        }
        Some(self.searched.end).filter(|at| *at < source.len())
    }
}

/// What is known of the closing marks ahead.
#[derive(Debug, Clone, Default)]
struct Marks {
    angle: Ahead,
    comment: Ahead,
    cdata: Ahead,
    instruction: Ahead,
    /// No tag ends any more.
    no_tag: bool,
    /// A `script` or the like was never closed.
    no_raw: bool,
}

/// Cuts a document into tokens. Comments, processing instructions and the document type are passed over.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    source: &'a str,
    at: usize,
    marks: Marks,
    /// How many `<` turned out to open no markup.
    bare: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            marks: Marks::default(),
            bare: 0,
        }
    }

    /// How many `<` so far stand in texts.
    pub(crate) fn bare_angles(&self) -> usize {
        self.bare
    }

    /// The byte offset behind the last token.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Continues at this offset, which must be one that [`Self::offset`] gave.
    pub(crate) fn rewind(&mut self, offset: usize) {
        self.at = offset;
    }

    /// Takes everything up to `</name`, as HTML reads `script` and `style`; nothing if that never comes.
    pub(crate) fn raw_text(&mut self, name: &str) -> &'a str {
        if self.marks.no_raw {
            return "";
        }
        let rest = &self.source[self.at..];
        let mut from = 0;
        let end = loop {
            let Some(found) = memmem::find(&rest.as_bytes()[from..], b"</") else {
                self.marks.no_raw = true;
                return "";
            };
            let at = from + found;
            let after = &rest.as_bytes()[at + 2..];
            if after.len() >= name.len() && after[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
                break at;
            }
            from = at + 2;
        };
        self.at += end;
        &rest[..end]
    }

    pub(crate) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let start = self.at;
            let rest = self.source.as_bytes().get(start..)?;
            if !opens_markup(rest) {
                return (!rest.is_empty()).then(|| self.text());
            }
            let token = match rest[1] {
                b'!' => self.declaration(rest),
                b'?' => self.instruction(),
                b'/' => self.end_tag(rest),
                _ => self.start_tag(rest),
            };
            if token.is_some() {
                return token;
            }
            // Where nothing was taken it is no markup after all; else it is markup that says nothing.
            if self.at == start {
                return Some(self.text());
            }
        }
    }

    /// Text from here to the next `<` that opens markup; at least one character.
    fn text(&mut self) -> Token<'a> {
        let bytes = self.source.as_bytes();
        let start = self.at;
        let bare = usize::from(bytes[start] == b'<');
        self.bare += bare;
        let mut from = start + bare;
        self.at = loop {
            let Some(found) = memchr(b'<', &bytes[from..]) else {
                break bytes.len();
            };
            let at = from + found;
            if !self.marks.no_tag && opens_markup(&bytes[at..]) {
                break at;
            }
            self.bare += 1;
            from = at + 1;
        };
        Token::Text(&self.source[start..self.at])
    }

    fn end_tag(&mut self, rest: &'a [u8]) -> Option<Token<'a>> {
        if self.marks.no_tag {
            return None;
        }
        let name_end = position(rest, 2, |b| b.is_ascii_whitespace() || matches!(b, b'<' | b'>'));
        let end = position(rest, name_end, |b| matches!(b, b'<' | b'>'));
        // It ends before the next tag, where its `>` is missing.
        let behind = match rest.get(end) {
            Some(b'>') => end + 1,
            _ => self.angle(self.at + end).map(|_| end)?,
        };
        let name = &self.source[self.at + 2..self.at + name_end];
        self.at += behind;
        Some(Token::End(name.trim_end()))
    }

    fn start_tag(&mut self, rest: &'a [u8]) -> Option<Token<'a>> {
        if self.marks.no_tag {
            return None;
        }
        let name_end = position(rest, 1, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
        let Some(end) = tag_end(rest, name_end) else {
            self.marks.no_tag = true;
            return None;
        };
        let name = &self.source[self.at + 1..self.at + name_end];
        let raw = &self.source[self.at + name_end..self.at + end];
        self.at += end + 1;
        // In `<a href=x/>` the slash belongs to the value, as HTML has it.
        let empty = raw.ends_with('/')
            && raw
                .bytes()
                .rev()
                .nth(1)
                .is_none_or(|b| b.is_ascii_whitespace() || b == b'"' || b == b'\'');
        let raw = if empty { &raw[..raw.len() - 1] } else { raw };
        Some(Token::Start(Tag {
            name,
            attributes: Attributes::new(raw),
            empty,
        }))
    }

    /// Where the next `>` stands.
    fn angle(&mut self, from: usize) -> Option<usize> {
        let found = self.marks.angle.find(b">", self.source, from);
        self.marks.no_tag |= found.is_none();
        found
    }

    /// `<!…`: a comment, a CDATA section or a document type.
    fn declaration(&mut self, rest: &'a [u8]) -> Option<Token<'a>> {
        let (source, start) = (self.source, self.at);
        if rest.starts_with(b"<!--") {
            let end = self.marks.comment.find(b"-->", source, start + 4);
            // A comment that is never closed would hide the rest of the document.
            self.at = match end {
                Some(end) => end + 3,
                None => self.angle(start + 4)? + 1,
            };
            return None;
        }
        if is_cdata(rest) {
            let open = start + "<![CDATA[".len();
            let end = self.marks.cdata.find(b"]]>", source, open);
            self.at = end.map_or(source.len(), |end| end + 3);
            return Some(Token::Cdata(&source[open..end.unwrap_or(source.len())]));
        }
        let end = doctype_end(rest).map(|end| start + end);
        self.at = end.or_else(|| self.angle(start + 2))? + 1;
        None
    }

    fn instruction(&mut self) -> Option<Token<'a>> {
        let from = self.at + 2;
        self.at = match self.marks.instruction.find(b"?>", self.source, from) {
            Some(end) => end + 2,
            None => self.angle(from)? + 1,
        };
        None
    }
}

fn is_cdata(rest: &[u8]) -> bool {
    rest.len() >= 9 && rest[..9].eq_ignore_ascii_case(b"<![CDATA[")
}

/// Whether `rest` begins with a `<` that can open markup at all.
#[inline]
fn opens_markup(rest: &[u8]) -> bool {
    let name = |b: &u8| b.is_ascii_alphabetic() || *b == b'_' || *b >= 0x80;
    match rest {
        [b'<', b'/' | b'?', first, ..] => name(first),
        [b'<', b'!', ..] => {
            rest.starts_with(b"<!--") || is_cdata(rest) || rest.get(2).is_some_and(u8::is_ascii_alphabetic)
        }
        [b'<', first, ..] => name(first),
        _ => false,
    }
}

/// Where the `>` of a start tag stands. A `>` inside a quoted value does not count, unless the quote was evidently
/// forgotten: a closing quote must be followed by white space or the tag's end.
fn tag_end(tag: &[u8], name_end: usize) -> Option<usize> {
    let mut from = name_end;
    loop {
        let at = position(tag, from, |b| matches!(b, b'>' | b'"' | b'\''));
        let quote = *tag.get(at)?;
        if quote == b'>' {
            return Some(at);
        }
        from = at + 1;
        if !opens_value(&tag[..at]) {
            continue;
        }
        let Some(length) = memchr(quote, &tag[from..]) else {
            return memchr(b'>', &tag[from..]).map(|end| from + end);
        };
        let follows = tag.get(from + length + 1).copied().unwrap_or(b'>');
        let closes = follows.is_ascii_whitespace() || matches!(follows, b'/' | b'>' | b'?');
        let value = &tag[from..from + length];
        if !closes && memchr2(b'<', b'>', value).is_some() {
            return memchr(b'>', &tag[from..]).map(|end| from + end);
        }
        from += length + 1;
    }
}

/// The first place from `from` on where such a byte stands, or the end. Names are short: a plain loop beats a search.
fn position(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while bytes.get(at).is_some_and(|b| !is(*b)) {
        at += 1;
    }
    at
}

fn opens_value(before: &[u8]) -> bool {
    before.trim_ascii_end().last() == Some(&b'=')
}

/// Where the `>` of a document type with an internal subset stands.
fn doctype_end(rest: &[u8]) -> Option<usize> {
    // Longer subsets are no feed's; the bound keeps a hostile run of `<!x[` from being searched over and over.
    let head = &rest[..rest.len().min(4096)];
    let close = memchr(b'>', head)?;
    match memchr(b'[', &head[..close]) {
        None => Some(close),
        Some(open) => {
            let bracket = open + memchr(b']', &head[open..])?;
            memchr(b'>', &head[bracket..]).map(|end| bracket + end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_never_closed_is_searched_once() {
        for (again, end) in [
            ("</a", ">"),
            ("</a", ""),
            ("<!--", ">"),
            ("<!--", ""),
            ("<!--a>", ""),
            ("<?a>", ""),
            ("<![CDATA[", ""),
            ("<![CDATA[</a", ">"),
            ("<!a[</a", ">"),
            ("</a<?a<!--", "> ?>"),
        ] {
            let document = format!("{}{end}", again.repeat(10_000));
            let mut reader = Reader::new(&document);
            while reader.next().is_some() {}
            let Marks {
                angle,
                comment,
                cdata,
                instruction,
                ..
            } = reader.marks;
            for mark in [angle, comment, cdata, instruction] {
                assert!(
                    mark.looked_at <= document.len(),
                    "{again} {end}: {}",
                    mark.looked_at
                );
            }
        }
    }
}
