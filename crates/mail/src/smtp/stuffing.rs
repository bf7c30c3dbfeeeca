//! A message's text on the wire (RFC 5321, section 4.5.2).

/// The text with every line ended by CRLF and a second dot before each line's first. A bare CR or LF becomes
/// CRLF too: servers that disagree on what ends a line can be made to see a second message in the text (SMTP
/// smuggling).
pub(super) fn stuffed(message: &[u8]) -> Vec<u8> {
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
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_and_every_line_ends_in_crlf() {
        assert_eq!(stuffed(b"a\r\n.\r\n..b\r\n"), b"a\r\n..\r\n...b\r\n");
        assert_eq!(stuffed(b"a\n.\nb"), b"a\r\n..\r\nb\r\n");
        assert_eq!(stuffed(b"a\r.\r\n\r\n"), b"a\r\n..\r\n\r\n");
        assert_eq!(stuffed(b""), b"");
    }

    proptest::proptest! {
        #[test]
        fn no_text_ends_the_message_early(text in "[a.\r\n]{0,60}") {
            let sent = stuffed(text.as_bytes());
            let sent = String::from_utf8(sent).unwrap();
            proptest::prop_assert!(sent.is_empty() || sent.ends_with("\r\n"));
            for line in sent.split_terminator("\r\n") {
                proptest::prop_assert!(!line.contains(['\r', '\n']) && line != ".");
            }
        }
    }
}
