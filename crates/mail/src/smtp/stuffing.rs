//! A message's text on the wire (RFC 5321, section 4.5.2).

use std::borrow::Cow;

/// The text with every line ended by CRLF and a second dot before each line's first. A bare CR or LF becomes
/// CRLF too: servers that disagree on what ends a line can be made to see a second message in the text (SMTP
/// smuggling).
pub(super) fn stuffed(message: &[u8]) -> Cow<'_, [u8]> {
    if is_fit(message) {
        return Cow::Borrowed(message);
    }
    let mut out = Vec::with_capacity(message.len() + 64);
    let mut rest = message;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
        rest = match after {
            [b'\r', b'\n', after @ ..] | [_, after @ ..] => after,
            [] => after,
        };
    }
    Cow::Owned(out)
}

/// Whether every line ends in CRLF and none begins with a dot, as in all that [`build`](crate::build) makes.
fn is_fit(message: &[u8]) -> bool {
    let mut start = 0;
    for at in memchr::memchr2_iter(b'\r', b'\n', message) {
        match message[at] {
            b'\r' if message.get(at + 1) == Some(&b'\n') => {}
            b'\n' if at > 0 && message[at - 1] == b'\r' && message[start] != b'.' => start = at + 1,
            _ => return false,
        }
    }
    start == message.len()
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
            assert_eq!(stuffed(text.as_bytes()), sent.as_bytes(), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_ends_the_message_early(text in "[a.\r\n]{0,60}") {
            let sent = stuffed(text.as_bytes());
            let sent = String::from_utf8(sent.into_owned()).unwrap();
            proptest::prop_assert!(sent.is_empty() || sent.ends_with("\r\n"));
            for line in sent.split_terminator("\r\n") {
                proptest::prop_assert!(!line.contains(['\r', '\n']) && line != ".");
            }
        }
    }
}
