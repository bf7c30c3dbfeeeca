//! One conversation: commands out, replies in, each within its phase's time.

use std::{io, time::Duration};

use tokio::io::{AsyncWriteExt, BufReader};

use super::{Extensions, Options, Phase, Reply, SmtpError, dial, reply::Lines, tls};
use crate::wire::{Buffered, Stream, read_line};

/// The longest reply line that is read. RFC 5321, section 4.5.3.1.5 allows 512; some servers say more.
const LONGEST_LINE: usize = 4096;

/// The most lines of one reply.
const MOST_LINES: usize = 128;

pub(super) struct Talk {
    stream: Buffered,
    server: String,
    loopback: bool,
    timeout: Option<Duration>,
}

impl Talk {
    pub(super) async fn dial(options: &Options) -> Result<Self, SmtpError> {
        let server = format!("{}:{}", options.host, options.port);
        let broken = |source| SmtpError::Io {
            server: server.clone(),
            phase: Phase::Connect,
            source,
        };
        let after = within(Phase::Connect, options.timeout);
        let tcp = match tokio::time::timeout(after, dial(&options.host, options.port)).await {
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
            timeout: options.timeout,
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
        let (connector, name) = tls::connector(&options.host, options.root.as_deref())?;
        let Self {
            stream,
            server,
            loopback,
            timeout,
        } = self;
        let after = within(Phase::Tls, timeout);
        let shaken = tokio::time::timeout(after, connector.connect(name, stream.into_inner())).await;
        let encrypted = match shaken {
            Ok(Ok(encrypted)) => encrypted,
            Ok(Err(source)) => {
                return Err(SmtpError::Io {
                    server,
                    phase: Phase::Tls,
                    source,
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
            timeout,
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
        Ok(extensions(&reply))
    }

    /// Writes all of it; the time counts for each 64 KiB.
    pub(super) async fn write(&mut self, phase: Phase, bytes: &[u8]) -> Result<(), SmtpError> {
        let after = within(phase, self.timeout);
        for chunk in bytes.chunks(64 * 1024) {
            let written = async {
                self.stream.write_all(chunk).await?;
                self.stream.flush().await
            };
            match tokio::time::timeout(after, written).await {
                Ok(Ok(())) => {}
                Ok(Err(source)) => return Err(self.broken(phase, source)),
                Err(_) => return Err(self.silent(phase, after)),
            }
        }
        Ok(())
    }

    /// Reads one reply.
    pub(super) async fn reply(&mut self, phase: Phase) -> Result<Reply, SmtpError> {
        let mut lines = Lines::default();
        for _ in 0..MOST_LINES {
            let after = within(phase, self.timeout);
            let line = match tokio::time::timeout(after, read_line(&mut self.stream, LONGEST_LINE)).await {
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

fn within(phase: Phase, most: Option<Duration>) -> Duration {
    most.map_or(phase.timeout(), |most| most.min(phase.timeout()))
}

/// Reads what follows the first line of the answer to EHLO.
fn extensions(reply: &Reply) -> Extensions {
    let mut found = Extensions::default();
    for line in reply.text.lines().skip(1) {
        let mut words = line.split_ascii_whitespace();
        match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "PIPELINING" => found.pipelining = true,
            "STARTTLS" => found.start_tls = true,
            "8BITMIME" => found.eight_bit = true,
            "SMTPUTF8" => found.utf8 = true,
            // 0 means that no limit is told (RFC 1870, section 4).
            "SIZE" => found.size = Some(words.next().and_then(|n| n.parse().ok()).filter(|n| *n > 0)),
            "AUTH" => found.auth.extend(words.map(str::to_ascii_uppercase)),
            _ => {}
        }
    }
    found
}

/// The name we greet with must be one word, or it would be another command.
pub(super) fn check_hello(name: &str) -> Result<(), SmtpError> {
    match !name.is_empty() && name.len() <= 255 && name.bytes().all(|b| b.is_ascii_graphic()) {
        true => Ok(()),
        false => Err(SmtpError::Options(format!(
            "`{}` is no host name to greet with",
            name.escape_debug()
        ))),
    }
}
