//! Quoted-printable (RFC 2045, section 6.7).

/// Soft breaks keep every line at 76 columns or less, the `=` included.
const WIDTH: usize = 76;

/// Appends the text with CRLF line ends. What transport could alter is encoded: trailing blanks, and a line's
/// first dot or `From `, so that no relay invalidates a signature.
pub(crate) fn encode(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + text.len() / 8);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\r\n");
        }
        encode_line(out, line.strip_suffix('\r').unwrap_or(line).as_bytes());
    }
}

fn encode_line(out: &mut Vec<u8>, line: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut column = 0;
    for (at, &byte) in line.iter().enumerate() {
        let literal = match byte {
            b'=' => false,
            b' ' | b'\t' => at + 1 < line.len(),
            b'.' => column > 0,
            b'F' => column > 0 || !line[at..].starts_with(b"From "),
            byte => byte.is_ascii_graphic(),
        };
        let length = if literal { 1 } else { 3 };
        if column + length >= WIDTH {
            out.extend_from_slice(b"=\r\n");
            column = 0;
        }
        column += length;
        match literal {
            true => out.push(byte),
            false => out.extend_from_slice(&[b'=', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        encode(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn ordinary_text_is_left_alone_and_line_ends_become_crlf() {
        assert_eq!(encoded("one\ntwo\r\n\nthree"), "one\r\ntwo\r\n\r\nthree");
    }

    #[test]
    fn what_transport_alters_is_encoded() {
        assert_eq!(
            encoded("a=b é\t\n.\nFrom me"),
            "a=3Db =C3=A9=09\r\n=2E\r\n=46rom me"
        );
        assert_eq!(encoded("a\rb"), "a=0Db");
    }

    #[test]
    fn long_lines_break_softly_within_76_columns() {
        let text = "x".repeat(200);
        let lines = encoded(&text);
        assert!(lines.lines().all(|line| line.len() <= 76), "{lines}");
        assert_eq!(lines.replace("=\r\n", ""), text);
    }
}
