//! The conversation of an IMAP client: commands, and answers with their literals. Nothing here knows what is asked.

use std::io;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    time::{Instant, timeout_at},
};

use super::{ImapError, Limits};
use crate::wire;

/// The longest line without its literals, in bytes.
const LINE: usize = 64 << 10;

/// One answer of the server: its text without literals, and its last literal.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) literal: Option<Vec<u8>>,
}

pub(super) struct Talk<'a, S> {
    pub(super) stream: BufReader<S>,
    pub(super) server: &'a str,
    pub(super) limits: Limits,
    pub(super) tag: u32,
    /// Bytes so far.
    pub(super) read: u64,
    pub(super) began: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<'_, S> {
    /// Asks, and gives back the untagged answers before the OK. A server that asks for more is given nothing.
    pub(super) async fn command(&mut self, doing: &'static str, text: &str) -> Result<Vec<Line>, ImapError> {
        self.tag += 1;
        let tag = format!("r{}", self.tag);
        self.write(&format!("{tag} {text}\r\n")).await?;
        let mut answers = Vec::new();
        loop {
            let line = self.line().await?;
            if line.text.starts_with('+') {
                self.write("\r\n").await?;
                continue;
            }
            let Some(done) = line.text.strip_prefix(&*tag) else {
                answers.push(line);
                continue;
            };
            let done = done.trim_start();
            if done.get(..2).is_some_and(|word| word.eq_ignore_ascii_case("OK")) {
                return Ok(answers);
            }
            return Err(ImapError::Refused {
                server: self.server.to_owned(),
                doing,
                answer: done.trim().to_owned(),
            });
        }
    }

    async fn write(&mut self, text: &str) -> Result<(), ImapError> {
        let broken = |error| ImapError::Connect(self.server.to_owned(), error);
        self.stream.write_all(text.as_bytes()).await.map_err(broken)?;
        self.stream.flush().await.map_err(broken)
    }

    /// One line with the literals in it (RFC 9051, section 4.3).
    pub(super) async fn line(&mut self) -> Result<Line, ImapError> {
        let end = self.began + self.limits.visit_time * 2;
        let until = end.min(Instant::now() + self.limits.wait);
        let late = ImapError::Timeout(self.server.to_owned());
        timeout_at(until, self.read_line()).await.unwrap_or(Err(late))
    }

    async fn read_line(&mut self) -> Result<Line, ImapError> {
        let broken = |error| ImapError::Connect(self.server.to_owned(), error);
        // A size that was listed may have been wrong, but not by this much.
        let most = u64::from(self.limits.bytes) * 2;
        let mut read = Line {
            text: String::new(),
            literal: None,
        };
        loop {
            let bytes = wire::read_line(&mut self.stream, LINE).await.map_err(broken)?;
            let bytes = bytes.ok_or_else(|| broken(io::ErrorKind::UnexpectedEof.into()))?;
            let text = String::from_utf8_lossy(&bytes);
            let text = text.trim_end_matches(['\r', '\n']);
            read.text.push_str(text);
            self.count(bytes.len() as u64)?;
            let Some(length) = literal_length(text) else {
                return Ok(read);
            };
            if length > most {
                return Err(ImapError::Garbled(self.server.to_owned()));
            }
            self.count(length)?;
            let mut literal = Vec::new();
            let taken = (&mut self.stream)
                .take(length)
                .read_to_end(&mut literal)
                .await
                .map_err(broken)?;
            if taken as u64 != length {
                return Err(broken(io::ErrorKind::UnexpectedEof.into()));
            }
            read.literal = Some(literal);
        }
    }

    /// Counts bytes that come.
    fn count(&mut self, bytes: u64) -> Result<(), ImapError> {
        self.read += bytes;
        match self.read <= self.limits.visit_bytes * 2 {
            true => Ok(()),
            false => Err(ImapError::Endless(self.server.to_owned())),
        }
    }
}

/// The `n` of a line that ends in `{n}` or `{n+}`.
fn literal_length(line: &str) -> Option<u64> {
    let (_, length) = line.strip_suffix('}')?.rsplit_once('{')?;
    length.trim_end_matches('+').parse().ok()
}

pub(super) fn number_after(text: &str, word: &str) -> Option<u32> {
    let after = &text[text.find(word)? + word.len()..];
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    after[..end].parse().ok()
}

/// A quoted string. Line ends cannot stand in one, nor in any name or password.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')) {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_told_from_braces() {
        assert_eq!(literal_length("* 1 FETCH (BODY[] {310}"), Some(310));
        assert_eq!(literal_length("* 1 FETCH (BODY[] {310+}"), Some(310));
        assert_eq!(literal_length("* OK {no}"), None);
        assert_eq!(literal_length("* OK {5} more"), None);
    }
}
