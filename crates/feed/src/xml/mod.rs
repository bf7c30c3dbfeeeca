//! A reader of XML that never gives up.
//!
//! It cuts a document into tags, text and CDATA sections without copying, and has no notion of well-formedness:
//! what cannot be markup is text, and a construct that is never closed ends where reading on makes most sense.
//! Feeds in the wild need that; strict readers stop at the first stray `<` and lose every entry behind it. The same
//! reader walks HTML fragments. It must not interpret names, resolve entities or build trees.

mod attributes;
mod entity;
mod entity_table;

use memchr::{memchr, memchr2, memchr3, memmem};

pub(crate) use attributes::Attributes;
pub(crate) use entity::{
    decode, decode_onto, escape_attribute_onto, escape_bare_onto, escape_text_onto, has_reference,
};

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

/// Which closing marks are known not to occur any more. Without this memory a document of unclosed constructs
/// would be searched to its end once for each of them.
#[derive(Debug, Clone, Copy, Default)]
struct Gone {
    angle: bool,
    comment: bool,
    raw: bool,
    cdata: bool,
    instruction: bool,
}

/// Cuts a document into tokens. Comments, processing instructions and the document type are passed over.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    source: &'a str,
    at: usize,
    gone: Gone,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            gone: Gone::default(),
        }
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
        if self.gone.raw {
            return "";
        }
        let rest = &self.source[self.at..];
        let mut from = 0;
        let end = loop {
            let Some(found) = memmem::find(&rest.as_bytes()[from..], b"</") else {
                self.gone.raw = true;
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
            let rest = self.source.as_bytes().get(self.at..)?;
            if rest.is_empty() {
                return None;
            }
            if !(rest[0] == b'<' && opens_markup(rest)) {
                return Some(self.text());
            }
            match self.markup(rest) {
                Some(Some(token)) => return Some(token),
                Some(None) => {}
                None => return Some(self.text()),
            }
        }
    }

    /// Text from here to the next `<` that opens markup; at least one character.
    fn text(&mut self) -> Token<'a> {
        let bytes = self.source.as_bytes();
        let start = self.at;
        let mut from = if bytes[start] == b'<' { start + 1 } else { start };
        self.at = loop {
            let Some(found) = memchr(b'<', &bytes[from..]) else {
                break bytes.len();
            };
            let at = from + found;
            if !self.gone.angle && opens_markup(&bytes[at..]) {
                break at;
            }
            from = at + 1;
        };
        Token::Text(&self.source[start..self.at])
    }

    /// `None`: no markup after all. `Some(None)`: markup that says nothing, passed over.
    fn markup(&mut self, rest: &'a [u8]) -> Option<Option<Token<'a>>> {
        match rest[1] {
            b'!' => self.declaration(rest),
            b'?' => self.instruction(rest).map(|()| None),
            b'/' => {
                // The next tag, where this one's `>` is missing.
                let end = self.angle(rest, 2)?;
                let end = memchr(b'<', &rest[2..end]).map_or(end, |at| at + 2);
                let name = self.source[self.at + 2..self.at + end].trim();
                self.at += end + usize::from(rest[end] == b'>');
                Some(Some(Token::End(
                    name.split_ascii_whitespace().next().unwrap_or_default(),
                )))
            }
            _ => self.start_tag(rest).map(Some),
        }
    }

    fn start_tag(&mut self, rest: &'a [u8]) -> Option<Token<'a>> {
        if self.gone.angle {
            return None;
        }
        let Some(end) = tag_end(rest) else {
            self.gone.angle = true;
            return None;
        };
        let inside = &self.source[self.at + 1..self.at + end];
        self.at += end + 1;
        let name_end = inside
            .bytes()
            .position(|b| b.is_ascii_whitespace() || b == b'/')
            .unwrap_or(inside.len());
        let (name, raw) = inside.split_at(name_end);
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

    fn angle(&mut self, rest: &[u8], from: usize) -> Option<usize> {
        if self.gone.angle {
            return None;
        }
        let found = memchr(b'>', &rest[from..]).map(|at| from + at);
        self.gone.angle = found.is_none();
        found
    }

    /// `<!…`: a comment, a CDATA section or a document type.
    fn declaration(&mut self, rest: &'a [u8]) -> Option<Option<Token<'a>>> {
        if rest.starts_with(b"<!--") {
            let end = (!self.gone.comment)
                .then(|| memmem::find(&rest[4..], b"-->"))
                .flatten();
            self.gone.comment = end.is_none();
            // A comment that is never closed would hide the rest of the document.
            let end = end
                .map(|at| 4 + at + 3)
                .or_else(|| self.angle(rest, 4).map(|at| at + 1))?;
            self.at += end;
            return Some(None);
        }
        if is_cdata(rest) {
            const OPEN: usize = "<![CDATA[".len();
            let end = (!self.gone.cdata)
                .then(|| memmem::find(&rest[OPEN..], b"]]>"))
                .flatten();
            self.gone.cdata = end.is_none();
            let (end, behind) = end.map_or((rest.len(), rest.len()), |at| (OPEN + at, OPEN + at + 3));
            let inside = &self.source[self.at + OPEN..self.at + end];
            self.at += behind;
            return Some(Some(Token::Cdata(inside)));
        }
        let end = doctype_end(rest).or_else(|| self.angle(rest, 2))?;
        self.at += end + 1;
        Some(None)
    }

    fn instruction(&mut self, rest: &[u8]) -> Option<()> {
        let end = (!self.gone.instruction)
            .then(|| memmem::find(&rest[2..], b"?>"))
            .flatten();
        self.gone.instruction = end.is_none();
        let end = end
            .map(|at| 2 + at + 2)
            .or_else(|| self.angle(rest, 2).map(|at| at + 1))?;
        self.at += end;
        Some(())
    }
}

fn is_cdata(rest: &[u8]) -> bool {
    rest.len() >= 9 && rest[..9].eq_ignore_ascii_case(b"<![CDATA[")
}

/// Whether the `<` at the start of `rest` can open markup at all.
fn opens_markup(rest: &[u8]) -> bool {
    let name = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_' || *b >= 0x80);
    match rest.get(1) {
        Some(b'/') => name(rest.get(2)),
        Some(b'?') => name(rest.get(2)),
        Some(b'!') => {
            rest.starts_with(b"<!--") || is_cdata(rest) || rest.get(2).is_some_and(u8::is_ascii_alphabetic)
        }
        other => name(other),
    }
}

/// Where the `>` of a start tag stands. A `>` inside a quoted value does not count, unless the quote was evidently
/// forgotten: a closing quote must be followed by white space or the tag's end.
fn tag_end(tag: &[u8]) -> Option<usize> {
    let mut from = 1;
    loop {
        let at = from + memchr3(b'>', b'"', b'\'', &tag[from..])?;
        let quote = tag[at];
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
