//! Quoted-printable (RFC 2045, section 6.7).

/// Soft breaks keep every line at 76 columns or less, the `=` included.
const WIDTH: usize = 76;

/// Appends one line, without its end. What transport could alter is encoded: trailing blanks, and a dot or `From ` where a
/// line of the message begins, so that no relay invalidates a signature.
pub(crate) fn encode_line(out: &mut Vec<u8>, line: &str) {
    let line = line.as_bytes();
    let (mut rest, last) = match line {
        [rest @ .., last @ (b' ' | b'\t')] => (rest, Some(*last)),
        rest => (rest, None),
    };
    let mut column = 0;
    while !rest.is_empty() {
        if column == 0 && (rest.starts_with(b".") || rest.starts_with(b"From ")) {
            column = escape(out, column, rest[0]);
            rest = &rest[1..];
        }
        let room = WIDTH - 1 - column;
        let run = rest.iter().take(room).take_while(|byte| is_plain(**byte)).count();
        out.extend_from_slice(&rest[..run]);
        (column, rest) = (column + run, &rest[run..]);
        match rest.first() {
            Some(&byte) if !is_plain(byte) => {
                column = escape(out, column, byte);
                rest = &rest[1..];
            }
            Some(_) => column = soft_break(out),
            None => {}
        }
    }
    if let Some(blank) = last {
        escape(out, column, blank);
    }
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~') && byte != b'='
}

/// Appends one encoded byte and returns the column after it.
fn escape(out: &mut Vec<u8>, mut column: usize, byte: u8) -> usize {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    if column + 3 >= WIDTH {
        column = soft_break(out);
    }
    let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
    out.extend_from_slice(&[b'=', HEX[high], HEX[low]]);
    column + 3
}

/// Appends a break that decoding removes, and returns the column after it.
fn soft_break(out: &mut Vec<u8>) -> usize {
    out.extend_from_slice(b"=\r\n");
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        encode_line(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn ordinary_text_is_left_alone_and_what_transport_alters_is_encoded() {
        for (line, expected) in [
            ("one two", "one two"),
            ("a=b é\t", "a=3Db =C3=A9=09"),
            (".", "=2E"),
            ("From me", "=46rom me"),
            ("a\rb", "a=0Db"),
        ] {
            assert_eq!(encoded(line), expected);
        }
    }

    #[test]
    fn long_lines_break_softly_within_76_columns() {
        let text = "x".repeat(200);
        let lines = encoded(&text);
        assert!(lines.lines().all(|line| line.len() <= 76), "{lines}");
        assert_eq!(lines.replace("=\r\n", ""), text);
    }

    #[test]
    fn what_transport_alters_is_encoded_behind_a_soft_break_too() {
        let lines = encoded(&format!("{}.{}From me", "x".repeat(75), "x".repeat(72)));
        let begins = lines.split("=\r\n").map(|line| &line[..5]);
        assert_eq!(begins.collect::<Vec<_>>(), ["xxxxx", "=2Exx", "=46ro"]);
    }
}
