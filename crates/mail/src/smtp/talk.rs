//! One conversation: commands out, replies in, each within its phase's time.

use std::{
    io::{self, IoSlice},
    time::Duration,
};

use tokio::io::{AsyncWriteExt, BufReader};

use super::{Options, Phase, Reply, SmtpError, dial::dial, extensions::Extensions, reply::Lines};
use crate::{
    tls,
    wire::{Buffered, Stream, read_line},
};

/// The longest reply line that is read. RFC 5321, section 4.5.3.1.5 allows 512; some servers say more.
const LONGEST_LINE: usize = 4096;

/// The most lines of one reply.
const MOST_LINES: usize = 128;

/// How long a reply is looked for on a connection that can no longer be written to. It is there or it is not.
const LAST_WORDS: Duration = Duration::from_secs(1);

pub(super) struct Talk {
    stream: Buffered,
    server: String,
    loopback: bool,
    encrypted: bool,
    waits: Waits,
}

/// How long the server is waited for.
#[derive(Clone, Copy)]
struct Waits {
    /// Before the message's end.
    timeout: Option<Duration>,
    /// After it.
    patience: Option<Duration>,
}

impl Waits {
    const fn of(options: &Options) -> Self {
        Self {
            timeout: options.timeout,
            patience: options.patience,
        }
    }

    fn within(self, phase: Phase) -> Duration {
        let most = match phase {
            Phase::AfterData => self.patience,
            _ => self.timeout,
        };
        most.map_or(phase.timeout(), |most| most.min(phase.timeout()))
    }
}

impl Talk {
    pub(super) async fn dial(options: &Options) -> Result<Self, SmtpError> {
        let server = format!("{}:{}", options.host, options.port);
        let broken = |source| SmtpError::Io {
            server: server.clone(),
            phase: Phase::Connect,
            source,
        };
        let after = Waits::of(options).within(Phase::Connect);
        let tcp = match tokio::time::timeout(after, dial((options.host.as_str(), options.port))).await {
            Ok(connected) => connected.map_err(broken)?,
            Err(_) => {
                return Err(SmtpError::Timeout {
                    server,
                    phase: Phase::Connect,
                    after,
                });
            }
        };
        let loopback = tcp.peer_addr().map_err(broken)?.ip().to_canonical().is_loopback();
        let stream = BufReader::new(Box::new(tcp) as Box<dyn Stream>);
        Ok(Self {
            stream,
            server,
            loopback,
            encrypted: false,
            waits: Waits::of(options),
        })
    }

    /// `host:port`.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// Whether the server is on this machine.
    pub(super) fn peer_is_loopback(&self) -> bool {
        self.loopback
    }

    /// Goes on under TLS.
    pub(super) async fn encrypt(self, options: &Options) -> Result<Self, SmtpError> {
        // Plain text behind the answer to STARTTLS was put there by somebody in between; taken up under TLS, it
        // would pass for the server's (CVE-2011-0411).
        if !self.stream.buffer().is_empty() {
            return Err(self.protocol(
                Phase::Tls,
                "text between the agreement to encrypt and the encryption",
            ));
        }
        let (connector, name) =
            tls::connector(&options.host, options.root.as_deref()).map_err(SmtpError::Options)?;
        let Self {
            stream,
            server,
            loopback,
            waits,
            ..
        } = self;
        let after = waits.within(Phase::Tls);
        let shaken = tokio::time::timeout(after, connector.connect(name, stream.into_inner())).await;
        let encrypted = match shaken {
            Ok(Ok(encrypted)) => encrypted,
            Ok(Err(error)) => {
                return Err(SmtpError::Io {
                    server,
                    phase: Phase::Tls,
                    source: tls::in_words(error),
                });
            }
            Err(_) => {
                return Err(SmtpError::Timeout {
                    server,
                    phase: Phase::Tls,
                    after,
                });
            }
        };
        let stream = BufReader::new(Box::new(encrypted) as Box<dyn Stream>);
        Ok(Self {
            stream,
            server,
            loopback,
            encrypted: true,
            waits,
        })
    }

    pub(super) async fn start_tls(mut self, options: &Options) -> Result<Self, SmtpError> {
        self.write(Phase::Tls, b"STARTTLS\r\n").await?;
        let reply = self.reply(Phase::Tls).await?;
        self.require(Phase::Tls, reply, 220)?;
        self.encrypt(options).await
    }

    /// EHLO, or HELO where the server knows no other (RFC 5321, section 3.2).
    pub(super) async fn hello(&mut self, name: &str) -> Result<Extensions, SmtpError> {
        self.write(Phase::Hello, format!("EHLO {name}\r\n").as_bytes())
            .await?;
        let reply = self.reply(Phase::Hello).await?;
        if matches!(reply.code, 500..=504) {
            self.write(Phase::Hello, format!("HELO {name}\r\n").as_bytes())
                .await?;
            let reply = self.reply(Phase::Hello).await?;
            self.require_positive(Phase::Hello, reply)?;
            return Ok(Extensions::default());
        }
        let reply = self.require_positive(Phase::Hello, reply)?;
        Ok(Extensions::of(&reply))
    }

    /// Writes all of it; the time counts for each 64 KiB.
    pub(super) async fn write(&mut self, phase: Phase, bytes: &[u8]) -> Result<(), SmtpError> {
        let after = self.waits.within(phase);
        for chunk in bytes.chunks(64 * 1024) {
            let written = async {
                self.stream.write_all(chunk).await?;
                self.stream.flush().await
            };
            match tokio::time::timeout(after, written).await {
                Ok(Ok(())) => {}
                Ok(Err(source)) => return Err(self.last_words(phase, source).await),
                Err(_) => return Err(self.silent(phase, after)),
            }
        }
        Ok(())
    }

    /// Writes a message's text in its parts, and what ends it. That goes with the text, since each piece more wakes the server
    /// once more; but not under TLS, which does not tell how much of a piece was lost: as long as an error is one of
    /// [`Phase::Data`], nothing of the end has left.
    pub(super) async fn write_message(&mut self, text: &[&[u8]], end: &[u8]) -> Result<(), SmtpError> {
        if self.encrypted {
            for part in text {
                self.write(Phase::Data, part).await?;
            }
            return self.write(Phase::AfterData, end).await;
        }
        let mut left: usize = text.iter().map(|part| part.len()).sum();
        let mut parts: Vec<_> = text.iter().copied().chain([end]).map(IoSlice::new).collect();
        let mut parts = &mut parts[..];
        while !parts.is_empty() {
            let phase = if left > 0 { Phase::Data } else { Phase::AfterData };
            let after = self.waits.within(phase);
            let written = tokio::time::timeout(after, self.stream.write_vectored(parts)).await;
            let count = match written {
                Ok(Ok(0)) => return Err(self.broken(phase, io::ErrorKind::WriteZero.into())),
                Ok(Ok(count)) => count,
                Ok(Err(source)) => return Err(self.last_words(phase, source).await),
                Err(_) => return Err(self.silent(phase, after)),
            };
            left = left.saturating_sub(count);
            IoSlice::advance_slices(&mut parts, count);
        }
        Ok(())
    }

    /// Reads one reply, which has its time as a whole: a server may not hold us by a line now and then.
    pub(super) async fn reply(&mut self, phase: Phase) -> Result<Reply, SmtpError> {
        let mut lines = Lines::default();
        let after = self.waits.within(phase);
        let end = tokio::time::Instant::now() + after;
        for _ in 0..MOST_LINES {
            let line = match tokio::time::timeout_at(end, read_line(&mut self.stream, LONGEST_LINE)).await {
                Ok(Ok(Some(line))) => line,
                Ok(Ok(None)) => return Err(self.broken(phase, io::ErrorKind::UnexpectedEof.into())),
                Ok(Err(source)) => return Err(self.broken(phase, source)),
                Err(_) => return Err(self.silent(phase, after)),
            };
            match lines.push(&line) {
                Ok(Some(reply)) => return Ok(reply),
                Ok(None) => {}
                Err(_) => return Err(self.protocol(phase, "its answer is no SMTP reply")),
            }
        }
        Err(self.protocol(phase, "its answer has no end"))
    }

    /// Why we could not write: a server that closes in the middle of a message has often said the reason first.
    async fn last_words(&mut self, phase: Phase, source: io::Error) -> SmtpError {
        match tokio::time::timeout(LAST_WORDS, self.reply(phase)).await {
            Ok(Ok(reply)) if reply.code >= 400 => SmtpError::Refused {
                server: self.server.clone(),
                phase,
                reply,
            },
            _ => self.broken(phase, source),
        }
    }

    /// The reply if it has this code.
    pub(super) fn require(&self, phase: Phase, reply: Reply, code: u16) -> Result<Reply, SmtpError> {
        match reply.code == code {
            true => Ok(reply),
            false => Err(SmtpError::Refused {
                server: self.server.clone(),
                phase,
                reply,
            }),
        }
    }

    /// The reply if it is 2yz.
    pub(super) fn require_positive(&self, phase: Phase, reply: Reply) -> Result<Reply, SmtpError> {
        match reply.is_positive() {
            true => Ok(reply),
            false => Err(SmtpError::Refused {
                server: self.server.clone(),
                phase,
                reply,
            }),
        }
    }

    pub(super) fn missing(&self, phase: Phase, extension: &'static str) -> SmtpError {
        SmtpError::Missing {
            server: self.server.clone(),
            phase,
            extension,
        }
    }

    pub(super) fn broken(&self, phase: Phase, source: io::Error) -> SmtpError {
        SmtpError::Io {
            server: self.server.clone(),
            phase,
            source,
        }
    }

    fn silent(&self, phase: Phase, after: Duration) -> SmtpError {
        SmtpError::Timeout {
            server: self.server.clone(),
            phase,
            after,
        }
    }

    fn protocol(&self, phase: Phase, what: &str) -> SmtpError {
        SmtpError::Protocol {
            server: self.server.clone(),
            phase,
            what: what.to_owned(),
        }
    }
}
