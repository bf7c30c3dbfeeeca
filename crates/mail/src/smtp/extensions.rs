//! What a server offers beyond the oldest SMTP.

use super::Reply;

/// What the server said it can do, in its answer to EHLO.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Extensions {
    pub(super) pipelining: bool,
    pub(super) start_tls: bool,
    pub(super) eight_bit: bool,
    pub(super) utf8: bool,
    pub(super) chunking: bool,
    pub(super) dsn: bool,
    /// SIZE is offered; the limit in bytes where one is told (RFC 1870).
    pub(super) size: Option<Option<usize>>,
    pub(super) auth: Vec<String>,
}

impl Extensions {
    /// Reads what follows the first line of the answer to EHLO.
    pub(super) fn of(reply: &Reply) -> Self {
        let mut found = Self::default();
        for line in reply.text.lines().skip(1) {
            let mut words = line.split_ascii_whitespace();
            match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "PIPELINING" => found.pipelining = true,
                "STARTTLS" => found.start_tls = true,
                "8BITMIME" => found.eight_bit = true,
                "SMTPUTF8" => found.utf8 = true,
                "CHUNKING" => found.chunking = true,
                "DSN" => found.dsn = true,
                // 0 means that no limit is told (RFC 1870, section 4).
                "SIZE" => found.size = Some(words.next().and_then(|n| n.parse().ok()).filter(|n| *n > 0)),
                "AUTH" => found.auth.extend(words.map(str::to_ascii_uppercase)),
                _ => {}
            }
        }
        found
    }
}
