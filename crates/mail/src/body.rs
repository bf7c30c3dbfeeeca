//! A message's body: a text, or a text and its HTML form.
//!
//! Thousands of readers get the same edition, but for the links by which each of them leaves. So a body is encoded
//! once, and what differs from reader to reader is a slot that each message fills with a word of its own.

use aws_lc_rs::digest::{Context, SHA256};
use reveille_model::hex;

use crate::{
    dkim::{BodyHash, canonical},
    quoted,
};

/// The fields of a part in quoted-printable, but for the empty line behind them.
macro_rules! part_fields {
    ($kind:literal) => {
        concat!(
            "Content-Type: ",
            $kind,
            "\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        )
    };
}

/// A body as it leaves, with slots for what differs from message to message.
#[derive(Debug, Clone)]
pub struct Body {
    fields: String,
    pieces: Vec<Piece>,
    /// The hash of what stands before the first slot.
    start: BodyHash,
}

/// Whole lines of a body.
#[derive(Debug, Clone)]
enum Piece {
    /// The same in every message: as they leave, and as they are signed.
    Same { wire: Vec<u8>, canonical: Vec<u8> },
    /// One line, parted where its slots are.
    Parted(Vec<String>),
}

impl Body {
    /// A body without slots. The text is sent as `format=flowed; delsp=no` (RFC 3676): a line of it that ends in a space
    /// goes on in the next. Where `html` is empty, it is the text alone.
    #[must_use]
    pub fn new(text: &str, html: &str) -> Self {
        Self::written(text, html, None)
    }

    /// A body in which each occurrence of `slot`, a word without line breaks, gives way to a message's own word. What
    /// a message becomes does not depend on what the slot was.
    #[must_use]
    pub fn with_slot(text: &str, html: &str, slot: &str) -> Self {
        Self::written(text, html, Some(slot).filter(|slot| !slot.is_empty()))
    }

    fn written(text: &str, html: &str, slot: Option<&str>) -> Self {
        let text = Lines::of(&stuffed(text), slot);
        if html.is_empty() {
            return Self::of(
                part_fields!("text/plain; charset=utf-8; format=flowed; delsp=no").to_owned(),
                text,
            );
        }
        let html = Lines::of(html, slot);
        let boundary = boundary(&text, &html);
        let fields = format!("Content-Type: multipart/alternative;\r\n boundary=\"{boundary}\"\r\n");
        let mut lines = Lines::default();
        lines.push(&format!(
            "--{boundary}\r\n{}\r\n",
            part_fields!("text/plain; charset=utf-8; format=flowed; delsp=no")
        ));
        lines.append(text);
        lines.push(&format!(
            "\r\n--{boundary}\r\n{}\r\n",
            part_fields!("text/html; charset=utf-8")
        ));
        lines.append(html);
        lines.push(&format!("\r\n--{boundary}--\r\n"));
        Self::of(fields, lines)
    }

    fn of(fields: String, lines: Lines) -> Self {
        let mut pieces = lines.0;
        for piece in &mut pieces {
            if let Piece::Same { wire, canonical } = piece {
                *canonical = canonical::body(wire);
            }
        }
        let mut start = BodyHash::default();
        for piece in &pieces {
            let Piece::Same { canonical, .. } = piece else {
                break;
            };
            start.push(canonical);
        }
        Self {
            fields,
            pieces,
            start,
        }
    }

    /// The header fields that say what the body is, each with its line end.
    pub(crate) fn fields(&self) -> &str {
        &self.fields
    }

    /// Appends the body of the message with this word: lines that each end in CRLF, none of them beginning with a dot.
    pub(crate) fn write(&self, out: &mut Vec<u8>, word: &str) {
        for piece in &self.pieces {
            match piece {
                Piece::Same { wire, .. } => out.extend_from_slice(wire),
                Piece::Parted(parts) => push_line(out, &parts.join(word)),
            }
        }
    }

    /// How many bytes [`Body::write`] appends, or a few more.
    pub(crate) fn room(&self, word: &str) -> usize {
        let room = |piece: &Piece| match piece {
            Piece::Same { wire, .. } => wire.len(),
            // Each byte may be encoded as three, and a line of 76 of them has a break.
            Piece::Parted(parts) => parts.iter().map(|part| 4 * (part.len() + word.len()) + 2).sum(),
        };
        self.pieces.iter().map(room).sum()
    }

    /// What signatures hold of the body of the message with this word.
    pub(crate) fn hash(&self, word: &str) -> BodyHash {
        let mut hash = self.start.clone();
        let shared = |piece: &&Piece| matches!(piece, Piece::Same { .. });
        for piece in self.pieces.iter().skip_while(shared) {
            match piece {
                Piece::Same { canonical, .. } => hash.push(canonical),
                Piece::Parted(parts) => {
                    let mut line = Vec::new();
                    push_line(&mut line, &parts.join(word));
                    hash.push(&canonical::body(&line));
                }
            }
        }
        hash
    }
}

/// Lines that are being gathered; their canonical form is still to come.
#[derive(Default)]
struct Lines(Vec<Piece>);

impl Lines {
    /// A text's lines in quoted-printable.
    fn of(text: &str, slot: Option<&str>) -> Self {
        let mut lines = Self::default();
        for line in text.lines() {
            match slot.filter(|slot| line.contains(slot)) {
                Some(slot) => {
                    let parts = line.split(slot).map(str::to_owned).collect();
                    lines.0.push(Piece::Parted(parts));
                }
                None => push_line(lines.same(), line),
            }
        }
        lines
    }

    /// Where lines go that every message has.
    fn same(&mut self) -> &mut Vec<u8> {
        if !matches!(self.0.last(), Some(Piece::Same { .. })) {
            self.0.push(Piece::Same {
                wire: Vec::new(),
                canonical: Vec::new(),
            });
        }
        match self.0.last_mut() {
            Some(Piece::Same { wire, .. }) => wire,
            _ => unreachable!("it was pushed just now"),
        }
    }

    /// Appends lines that need no encoding.
    fn push(&mut self, lines: &str) {
        self.same().extend_from_slice(lines.as_bytes());
    }

    fn append(&mut self, other: Self) {
        for piece in other.0 {
            match piece {
                Piece::Same { wire, .. } => self.same().extend_from_slice(&wire),
                parted => self.0.push(parted),
            }
        }
    }
}

/// Space stuffing (RFC 3676, section 4.4): what begins like a quotation, like a line of a mailbox file, or with a space of
/// its own begins with one more space, which readers take off.
fn stuffed(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        if line.starts_with([' ', '>']) || line.starts_with("From ") {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

fn push_line(out: &mut Vec<u8>, line: &str) {
    quoted::encode_line(out, line);
    out.extend_from_slice(b"\r\n");
}

/// `=_` cannot occur in quoted-printable text (RFC 2045, section 6.7), so no part can hold the boundary; the digest
/// keeps it apart from the boundary of a message that carries this one.
fn boundary(text: &Lines, html: &Lines) -> String {
    let mut context = Context::new(&SHA256);
    for piece in text.0.iter().chain(&html.0) {
        match piece {
            Piece::Same { wire, .. } => context.update(wire),
            Piece::Parted(parts) => parts.iter().for_each(|part| context.update(part.as_bytes())),
        }
    }
    format!("=_{}", hex(&context.finish().as_ref()[..12]))
}
