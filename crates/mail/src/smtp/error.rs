//! What can go wrong between us and a mail server, told by the phase in which it did.

use std::{fmt, io, time::Duration};

use reveille_model::EmailAddress;

use super::{Blame, Reply};

/// How far a conversation had come, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// The TCP connection and the server's greeting.
    Connect,
    /// STARTTLS or the TLS handshake.
    Tls,
    /// EHLO or HELO.
    Hello,
    /// AUTH.
    Auth,
    /// MAIL FROM: from here on an error concerns a message.
    MailFrom,
    /// RCPT TO.
    RcptTo,
    /// DATA and the message's text, up to but without the final dot.
    Data,
    /// The final dot and the server's answer to it.
    AfterData,
}

impl Phase {
    /// How long the server may take in this phase (RFC 5321, section 4.5.3.2; for TLS and AUTH, which it does
    /// not name, as long as for a command).
    #[must_use]
    pub const fn timeout(self) -> Duration {
        Duration::from_secs(match self {
            Self::Connect | Self::Tls | Self::Hello | Self::Auth | Self::MailFrom | Self::RcptTo => 300,
            Self::Data => 180,
            Self::AfterData => 600,
        })
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "at the connection",
            Self::Tls => "at the start of encryption (TLS)",
            Self::Hello => "at the greeting (EHLO)",
            Self::Auth => "at the sign-in (AUTH)",
            Self::MailFrom => "at the sender (MAIL FROM)",
            Self::RcptTo => "at the recipient (RCPT TO)",
            Self::Data => "at the message (DATA)",
            Self::AfterData => "after the message",
        })
    }
}

/// Why a message was not, or not surely, handed over. `server` is `host:port`. Replies are the server's words and
/// may repeat the reader's address, so an error is for the delivery's own record and not for logs.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// An option that no conversation can be led with.
    #[error("the mail server's settings cannot be used: {0}")]
    Options(String),
    /// The server answered, and its answer was no.
    #[error("mail server {server} said no {phase}: {reply}")]
    Refused {
        /// The server.
        server: String,
        /// What it was asked.
        phase: Phase,
        /// Its answer.
        reply: Reply,
    },
    /// The connection could not be made, or broke.
    #[error("the connection to mail server {server} failed {phase}")]
    Io {
        /// The server.
        server: String,
        /// When it broke.
        phase: Phase,
        /// What the system or TLS said.
        source: io::Error,
    },
    /// The server took longer than the phase allows.
    #[error("mail server {server} did not answer within {} s {phase}", .after.as_secs())]
    Timeout {
        /// The server.
        server: String,
        /// When it fell silent.
        phase: Phase,
        /// How long we waited.
        after: Duration,
    },
    /// What came back is not SMTP.
    #[error("mail server {server} broke the protocol {phase}: {what}")]
    Protocol {
        /// The server.
        server: String,
        /// When.
        phase: Phase,
        /// What it sent or failed to send.
        what: String,
    },
    /// The server does not offer what the settings or the message need.
    #[error("mail server {server} does not offer {extension} {phase}")]
    Missing {
        /// The server.
        server: String,
        /// Where it is needed.
        phase: Phase,
        /// The extension's keyword.
        extension: &'static str,
    },
    /// The message is larger than the server announced to take (RFC 1870); nothing of it was sent.
    #[error("mail server {server} takes no message of more than {limit} bytes: this one has {size}")]
    TooLarge {
        /// The server.
        server: String,
        /// The message's bytes.
        size: usize,
        /// The server's limit in bytes.
        limit: usize,
    },
    /// The password would have crossed the network unencrypted; it was not sent.
    #[error("the password for mail server {server} was held back: the connection is not encrypted (set TLS)")]
    ClearPassword {
        /// The server.
        server: String,
    },
}

/// Why a server can take no message such as one, whoever the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unfit {
    /// It is too large.
    Size,
    /// It is not in the old 7-bit form, names an address of our own that is not in ASCII, or is otherwise not in a form that the
    /// server knows.
    Form,
}

/// Whether an answer to MAIL FROM says that the message is the reason, by what it needs of the server (RFC 3463: X.6) or by its
/// size (X.2.3, X.3.4, or 552 without such a code; RFC 1870, section 6.1).
fn unfit_by(reply: &Reply) -> Option<Unfit> {
    match reply.enhanced {
        _ if is_about_address(reply) => None,
        Some((_, 6, _)) => Some(Unfit::Form),
        Some((_, 2, 3) | (_, 3, 4)) => Some(Unfit::Size),
        None if reply.code == 552 => Some(Unfit::Size),
        _ => None,
    }
}

/// Whether it says that an address is not in ASCII (RFC 6531, section 3.5: X.6.7).
fn is_about_address(reply: &Reply) -> bool {
    matches!(reply.enhanced, Some((_, 6, 7)))
}

impl SmtpError {
    /// When it failed.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self {
            Self::Options(_) => Phase::Connect,
            Self::Refused { phase, .. }
            | Self::Io { phase, .. }
            | Self::Timeout { phase, .. }
            | Self::Protocol { phase, .. }
            | Self::Missing { phase, .. } => *phase,
            Self::TooLarge { .. } => Phase::MailFrom,
            Self::ClearPassword { .. } => Phase::Auth,
        }
    }

    /// The server's answer, where there is one.
    #[must_use]
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Refused { reply, .. } => Some(reply),
            _ => None,
        }
    }

    /// The code of the server's answer (RFC 5321, section 4.2), where there is one.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        self.reply().map(|reply| reply.code)
    }

    /// The same with the codes of the server's answer, and without its words: for logs.
    #[must_use]
    pub fn without_words(mut self) -> Self {
        if let Self::Refused { reply, .. } = &mut self {
            reply.text.clear();
        }
        self
    }

    /// What may stand in a log: the server's codes without its words, and the cause where there is one.
    #[must_use]
    pub fn for_log(&self) -> String {
        match self {
            Self::Refused { server, phase, reply } => Self::Refused {
                server: server.clone(),
                phase: *phase,
                reply: Reply {
                    text: String::new(),
                    ..reply.clone()
                },
            }
            .to_string(),
            Self::Io { source, .. } => format!("{self}: {source}"),
            _ => self.to_string(),
        }
    }

    /// The answer by which the server refused something for good in this phase.
    fn refusal_at(&self, phase: Phase) -> Option<&Reply> {
        self.refusal_from(phase).filter(|_| self.phase() == phase)
    }

    /// The same in this phase or a later one.
    fn refusal_from(&self, phase: Phase) -> Option<&Reply> {
        let is_final = |reply: &&Reply| (500..600).contains(&reply.code);
        self.reply().filter(is_final).filter(|_| self.phase() >= phase)
    }

    /// Whether this message to this reader will fare no better later: a 5yz answer to it, or a property of the
    /// message that the server cannot take. What went wrong before MAIL FROM says nothing about the message and is never
    /// permanent.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Refused { phase, reply, .. } => {
                *phase >= Phase::MailFrom && (500..600).contains(&reply.code) && !self.is_sender_refused()
            }
            Self::TooLarge { .. } => true,
            Self::Missing { phase, .. } => *phase >= Phase::MailFrom,
            _ => false,
        }
    }

    /// Whether the server asks us to come again, whoever the reader: 4yz before any of them was named, be it to the connection
    /// or to MAIL FROM.
    #[must_use]
    pub fn is_put_off(&self) -> bool {
        self.phase() <= Phase::MailFrom && self.code().is_some_and(|code| (400..500).contains(&code))
    }

    /// Whether the server says, once it has heard of the reader, that it is itself the reason why it takes nothing now: it closes the
    /// connection, holds us to a rate, or is full, stopped or congested.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.blame() == Some(Blame::Server)
    }

    /// Whether the server takes nothing from this sender, whoever the reader: 5yz to MAIL FROM, unless its codes say that
    /// the message is the reason.
    #[must_use]
    pub fn is_sender_refused(&self) -> bool {
        self.refusal_at(Phase::MailFrom)
            .is_some_and(|reply| unfit_by(reply).is_none() && !is_about_address(reply))
    }

    /// Why the server can take no message such as this, whoever the reader, where that is so. An address that is not in ASCII is one
    /// of our own, and in all messages, unless this message's reader has such a one.
    #[must_use]
    pub fn unfit(&self, reader: &EmailAddress) -> Option<Unfit> {
        match self {
            Self::TooLarge { .. } => Some(Unfit::Size),
            Self::Missing {
                extension: "8BITMIME",
                ..
            } => Some(Unfit::Form),
            _ if self.is_about_address() => reader.as_str().is_ascii().then_some(Unfit::Form),
            _ => self.refusal_at(Phase::MailFrom).and_then(unfit_by).or_else(|| {
                // Once the text is there, a server knows its size for itself.
                let size = self.refusal_from(Phase::Data)?.enhanced;
                matches!(size, Some((_, 3, 4))).then_some(Unfit::Size)
            }),
        }
    }

    /// Whether the server can take nothing for this reader, whose address is not in ASCII (RFC 6531). Another server may.
    #[must_use]
    pub fn is_address_unfit(&self, reader: &EmailAddress) -> bool {
        self.is_about_address() && !reader.as_str().is_ascii()
    }

    /// Whether it says that an address is not in ASCII, which the server does not take, or does not take for this reader's domain.
    fn is_about_address(&self) -> bool {
        match self {
            Self::Missing { extension, .. } => *extension == "SMTPUTF8",
            _ => [Phase::MailFrom, Phase::RcptTo]
                .into_iter()
                .filter_map(|phase| self.refusal_at(phase))
                .any(is_about_address),
        }
    }

    /// Whether the server refused this very reader for good, so that there is no use in writing again: 5yz to
    /// RCPT TO, unless it says that the sender, the system or a policy is the reason, by its enhanced code (RFC 3463) or
    /// its words.
    #[must_use]
    pub fn is_recipient_refused(&self) -> bool {
        self.refusal_at(Phase::RcptTo).is_some() && self.blame() == Some(Blame::Reader)
    }

    /// Whether what the server said, once it has heard of the reader, may have us as its reason. Where we may not connect, are on a list,
    /// have sent too much for today or have an account that is suspended, some servers say so only at RCPT TO or after the text, by the
    /// codes with which they refuse a single message.
    #[must_use]
    pub fn may_blame_us(&self) -> bool {
        self.blame() == Some(Blame::Us)
    }

    /// Whether the server can have taken the message all the same: the conversation ended after the final dot
    /// and before an answer. The message must then be sent again only under the same Message-ID.
    #[must_use]
    pub fn may_be_accepted(&self) -> bool {
        self.phase() == Phase::AfterData && self.reply().is_none()
    }
}
