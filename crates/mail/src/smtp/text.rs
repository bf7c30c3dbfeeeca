//! A message's text on the wire (RFC 5321, section 4.5.2).

use std::borrow::Cow;

/// A message that a server can take: its every line ends in CRLF. What is asked of it each time it is sent is looked up once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    bytes: Vec<u8>,
    /// Whether a line begins with a dot.
    has_dots: bool,
    pub(super) is_ascii: bool,
    pub(super) has_ascii_header: bool,
}

impl Text {
    /// Ends every line by CRLF. A bare CR or LF becomes CRLF too: servers that disagree on what ends a line can be made to
    /// see a second message in the text (SMTP smuggling).
    #[must_use]
    pub fn new(message: Vec<u8>) -> Self {
        let bytes = match is_fit(&message) {
            true => message,
            false => ended(&message),
        };
        let header = memchr::memmem::find(&bytes, b"\r\n\r\n").unwrap_or(bytes.len());
        Self {
            has_dots: has_dots(&bytes),
            is_ascii: bytes.is_ascii(),
            has_ascii_header: bytes[..header].is_ascii(),
            bytes,
        }
    }

    /// A message whose header ends there, as [`build_signed`](crate::build_signed) makes it: its lines all end in CRLF, and
    /// those of a [`Body`](crate::Body) are ASCII and begin with no dot, so that nothing of it need be looked at for each
    /// reader anew.
    pub(crate) fn built(bytes: Vec<u8>, header: usize) -> Self {
        let header = &bytes[..header];
        let is_ascii = header.is_ascii();
        Self {
            has_dots: has_dots(header),
            is_ascii,
            has_ascii_header: is_ascii,
            bytes,
        }
    }

    /// All of it.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// All of it.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// As it follows DATA, with a second dot before each line's first.
    pub(super) fn stuffed(&self) -> Cow<'_, [u8]> {
        if !self.has_dots {
            return Cow::Borrowed(&self.bytes);
        }
        let mut out = Vec::with_capacity(self.bytes.len() + 64);
        for line in self.bytes.split_inclusive(|&byte| byte == b'\n') {
            if line.starts_with(b".") {
                out.push(b'.');
            }
            out.extend_from_slice(line);
        }
        Cow::Owned(out)
    }
}

/// Whether a line begins with a dot.
fn has_dots(lines: &[u8]) -> bool {
    let begins_with_dot = |end: usize| lines.get(end + 1) == Some(&b'.');
    lines.starts_with(b".") || memchr::memchr_iter(b'\n', lines).any(begins_with_dot)
}

/// Whether every line ends in CRLF, as in all that [`build`](crate::build) makes: a CR before each LF, and no other.
fn is_fit(message: &[u8]) -> bool {
    let mut ends = 0;
    for at in memchr::memchr_iter(b'\n', message) {
        if at == 0 || message[at - 1] != b'\r' {
            return false;
        }
        ends += 1;
    }
    let is_ended = message.is_empty() || message.ends_with(b"\n");
    is_ended && memchr::memchr_iter(b'\r', message).count() == ends
}

fn ended(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 64);
    let mut rest = message;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
        rest = match after {
            [b'\r', b'\n', after @ ..] | [_, after @ ..] => after,
            [] => after,
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_and_every_line_ends_in_crlf() {
        for (text, sent) in [
            ("a\r\nb\r\n", "a\r\nb\r\n"),
            ("a\r\n.\r\n..b\r\n", "a\r\n..\r\n...b\r\n"),
            ("a\n.\nb", "a\r\n..\r\nb\r\n"),
            ("a\r.\r\n\r\n", "a\r\n..\r\n\r\n"),
            (".\r\n", "..\r\n"),
            ("a\r\n.", "a\r\n..\r\n"),
            ("", ""),
        ] {
            let text = Text::new(text.as_bytes().to_vec());
            assert_eq!(text.stuffed(), sent.as_bytes(), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_ends_the_message_early(text in "[a.\r\n]{0,60}") {
            let text = Text::new(text.into_bytes());
            let sent = String::from_utf8(text.stuffed().into_owned()).unwrap();
            proptest::prop_assert!(sent.is_empty() || sent.ends_with("\r\n"));
            for line in sent.split_terminator("\r\n") {
                proptest::prop_assert!(!line.contains(['\r', '\n']) && line != ".");
            }
        }
    }
}
