//! The text of a message as it arrives.

use std::io;

use super::{LARGEST, session::Session};

/// The longest line that is read; [`objection`] draws a closer limit.
const LONGEST_LINE: usize = 64 * 1024;

/// The longest line that RFC 5322, section 2.1.1 allows, with its CRLF.
const LONGEST_ALLOWED: usize = 1000;

/// Reads up to the final dot and takes the dots away that were put before lines (RFC 5321, section 4.5.2). Of a
/// text beyond [`LARGEST`], only so much is kept as shows that.
pub(super) async fn receive(session: &mut Session<'_>) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    loop {
        let line = session.line(LONGEST_LINE).await?;
        let line = line.ok_or(io::ErrorKind::UnexpectedEof)?;
        // Only CRLF.CRLF ends the text: where the line before ended otherwise, a dot is a dot.
        let after_crlf = text.is_empty() || text.ends_with(b"\r\n");
        if after_crlf && line == b".\r\n" {
            return Ok(text);
        }
        if text.len() <= LARGEST {
            text.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }
}

/// Why the text is not taken, if it is not.
pub(super) fn objection(text: &[u8], eight_bit: bool) -> Option<&'static str> {
    if text.len() > LARGEST {
        return Some("552 5.3.4 too large");
    }
    if !eight_bit && !text.is_ascii() {
        return Some("554 5.6.1 8-bit text that BODY=8BITMIME did not announce");
    }
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let bare = line
            .strip_suffix(b"\r\n")
            .is_none_or(|line| line.contains(&b'\r'));
        if bare {
            return Some("554 5.6.0 a bare carriage return or line feed");
        }
        if line.len() > LONGEST_ALLOWED {
            return Some("554 5.6.0 a line of more than 998 bytes");
        }
    }
    None
}
