//! Server replies (RFC 5321, section 4.2) and their enhanced status codes (RFC 2034, RFC 3463).

use std::fmt;

/// One reply, its lines joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The three digits.
    pub code: u16,
    /// `class.subject.detail`, where the text opens with one of the code's own class.
    pub enhanced: Option<(u16, u16, u16)>,
    /// The lines' text without codes, as UTF-8, joined with line feeds; without control characters.
    pub text: String,
}

impl Reply {
    /// Whether the code says that the command was carried out.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some((class, subject, detail)) = self.enhanced {
            write!(f, " {class}.{subject}.{detail}")?;
        }
        for line in self.text.lines().filter(|line| !line.is_empty()) {
            write!(f, " {line}")?;
        }
        Ok(())
    }
}

/// Collects the lines of one reply.
#[derive(Debug, Default)]
pub(super) struct Lines {
    code: Option<u16>,
    enhanced: Option<(u16, u16, u16)>,
    text: String,
}

/// A line that belongs to no reply.
pub(super) struct NoReply;

impl Lines {
    /// Takes one line; the reply, once it was the last.
    pub(super) fn push(&mut self, line: &[u8]) -> Result<Option<Reply>, NoReply> {
        let (code, last, text) = parse_line(line).ok_or(NoReply)?;
        let first = self.code.is_none();
        if *self.code.get_or_insert(code) != code {
            return Err(NoReply);
        }
        let (enhanced, text) = match split_enhanced(&text) {
            Some((status, rest)) if status.0 == code / 100 => (Some(status), rest),
            _ => (None, text.as_str()),
        };
        // Some give it with a later line only.
        self.enhanced = self.enhanced.or(enhanced);
        if !first {
            self.text.push('\n');
        }
        self.text.push_str(text);
        Ok(last.then(|| Reply {
            code,
            enhanced: self.enhanced,
            text: std::mem::take(&mut self.text),
        }))
    }
}

/// Code, whether it is the last line, and the text.
fn parse_line(line: &[u8]) -> Option<(u16, bool, String)> {
    let line = line.trim_ascii_end();
    let (digits, rest) = line.split_at_checked(3)?;
    let code: u16 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let last = match rest.first() {
        None | Some(b' ') => true,
        Some(b'-') => false,
        Some(_) => return None,
    };
    if !digits.iter().all(u8::is_ascii_digit) || !(200..600).contains(&code) {
        return None;
    }
    let text = String::from_utf8_lossy(rest.get(1..).unwrap_or_default());
    let text = text.chars().filter(|c| !c.is_control()).collect();
    Some((code, last, text))
}

/// `5.1.1 rest` as the status and the rest.
fn split_enhanced(text: &str) -> Option<((u16, u16, u16), &str)> {
    let (status, rest) = text.split_once(' ').unwrap_or((text, ""));
    let mut parts = status.split('.').map(|part| match part.len() {
        1..=3 if part.bytes().all(|b| b.is_ascii_digit()) => part.parse().ok(),
        _ => None,
    });
    let status = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some((status, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(lines: &[&str]) -> Option<Reply> {
        let mut collected = Lines::default();
        for line in lines {
            match collected.push(line.as_bytes()) {
                Ok(Some(reply)) => return Some(reply),
                Ok(None) => {}
                Err(NoReply) => return None,
            }
        }
        None
    }

    #[test]
    fn lines_join_and_the_enhanced_code_is_told_apart() {
        let refused = reply(&["550-5.1.1 no such user\r\n", "550 5.1.1 see example.org\r\n"]).unwrap();
        assert_eq!((refused.code, refused.enhanced), (550, Some((5, 1, 1))));
        assert_eq!(refused.to_string(), "550 5.1.1 no such user see example.org");
        assert_eq!(reply(&["250\r\n"]).unwrap().to_string(), "250");
        let odd = reply(&["550 4.1.1 of another class"]).unwrap();
        assert_eq!(
            (odd.enhanced, odd.text.as_str()),
            (None, "4.1.1 of another class")
        );
    }

    #[test]
    fn what_is_no_reply_is_none() {
        for bad in [
            "",
            "25",
            "25x ok",
            "250xok",
            "+50 ok",
            "999 ok",
            "100 ok",
            "HTTP/1.1 400",
        ] {
            assert_eq!(reply(&[bad]), None, "{bad:?}");
        }
        assert_eq!(reply(&["250-one", "251 two"]), None);
    }

    proptest::proptest! {
        #[test]
        fn no_line_panics_or_smuggles_a_control_character(line: Vec<u8>) {
            if let Ok(Some(reply)) = Lines::default().push(&line) {
                proptest::prop_assert!(!reply.text.contains(char::is_control));
            }
        }
    }
}
