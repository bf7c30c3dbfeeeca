//! An SMTP client (RFC 5321) for handing messages to one mail server, several over one connection.
//!
//! It pipelines where the server lets it (RFC 2920) and sends without Nagle's delay, so a message costs two round
//! trips. It never retries: the caller knows the delivery's state, this module only tells what became of it.

mod auth;
mod error;
mod reply;
mod stuffing;
mod talk;
mod tls;

use std::time::Duration;

use reveille_model::EmailAddress;
use tokio::net::TcpStream;

pub use error::{Phase, SmtpError};
pub use reply::Reply;
use talk::Talk;

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: for a server on the same machine.
    None,
    /// By STARTTLS, which the server must then offer (RFC 3207). Usual on ports 587 and 25.
    StartTls,
    /// From the first byte (RFC 8314). Usual on port 465.
    Implicit,
}

/// The mail server and how to talk to it.
#[derive(Clone)]
pub struct Options {
    /// Host name or address; its certificate must name it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Encryption.
    pub tls: Tls,
    /// User name for AUTH; none, and the password is not used.
    pub user: Option<String>,
    /// Password for AUTH.
    pub password: Option<String>,
    /// The name we greet with: our own host name, or an address literal such as `[192.0.2.1]`.
    pub hello: String,
    /// The longest wait in any phase, below what [`Phase::timeout`] allows; `None` for those times themselves.
    pub timeout: Option<Duration>,
    /// Root certificates in PEM, trusted in place of the system's.
    pub root: Option<String>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            host,
            port,
            tls,
            user,
            ..
        } = self;
        write!(f, "Options({host}:{port}, {tls:?}, user {user:?})")
    }
}

/// The server has taken responsibility for the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Its answer, which often holds the name under which it queued the message.
    pub reply: String,
}

/// What the server said it can do, in its answer to EHLO.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Extensions {
    pipelining: bool,
    start_tls: bool,
    eight_bit: bool,
    utf8: bool,
    /// SIZE is offered; the limit in bytes where one is told (RFC 1870).
    size: Option<Option<usize>>,
    auth: Vec<String>,
}

/// A connection past its greeting, ready for messages.
pub struct Connection {
    talk: Talk,
    extensions: Extensions,
    ready: bool,
}

impl Connection {
    /// Connects, encrypts, greets and signs in, as the options say.
    ///
    /// # Errors
    /// [`SmtpError`] of a phase before [`Phase::MailFrom`]: no message was concerned.
    pub async fn connect(options: &Options) -> Result<Self, SmtpError> {
        talk::check_hello(&options.hello)?;
        let mut talk = Talk::dial(options).await?;
        let address = talk.peer_is_loopback();
        if options.tls == Tls::Implicit {
            talk = talk.encrypt(options).await?;
        }
        let greeting = talk.reply(Phase::Connect).await?;
        talk.require(Phase::Connect, greeting, 220)?;
        let mut extensions = talk.hello(&options.hello).await?;
        if options.tls == Tls::StartTls {
            if !extensions.start_tls {
                return Err(talk.missing(Phase::Tls, "STARTTLS"));
            }
            talk = talk.start_tls(options).await?;
            // What was said before encryption is void (RFC 3207, section 4.2).
            extensions = talk.hello(&options.hello).await?;
        }
        if let Some(user) = &options.user {
            if options.tls == Tls::None && !address {
                return Err(SmtpError::ClearPassword {
                    server: talk.server().to_owned(),
                });
            }
            let password = options.password.as_deref().unwrap_or_default();
            auth::sign_in(&mut talk, &extensions.auth, user, password).await?;
        }
        Ok(Self {
            talk,
            extensions,
            ready: true,
        })
    }

    /// Whether another message can be sent. After an error that broke the conversation, or where a `send` was
    /// dropped midway, the answer is no and a new connection is needed.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready
    }

    /// Hands over one message, with CRLF line ends, for one reader.
    ///
    /// # Errors
    /// [`SmtpError`], which knows whether trying again is of use and whether the server can have taken the
    /// message; where the connection is not ready, an `Io` error of [`Phase::Connect`].
    pub async fn send(
        &mut self,
        from: &EmailAddress,
        to: &EmailAddress,
        message: &[u8],
    ) -> Result<Accepted, SmtpError> {
        if !self.ready {
            return Err(self
                .talk
                .broken(Phase::Connect, std::io::ErrorKind::NotConnected.into()));
        }
        let parameters = self.parameters(from, to, message)?;
        let commands = [
            (Phase::MailFrom, format!("MAIL FROM:<{from}>{parameters}\r\n")),
            (Phase::RcptTo, format!("RCPT TO:<{to}>\r\n")),
            (Phase::Data, "DATA\r\n".to_owned()),
        ];
        // Stays so if this future is dropped before its end.
        self.ready = false;
        match self.transact(&commands, message).await {
            Ok(reply) => {
                self.ready = true;
                Ok(Accepted {
                    reply: reply.to_string(),
                })
            }
            Err(error) => {
                self.ready = self.recover(&error).await;
                Err(error)
            }
        }
    }

    /// Says goodbye and closes. The server's answer is of no consequence, so a failure is not told.
    pub async fn quit(mut self) {
        if self.ready && self.talk.write(Phase::AfterData, b"QUIT\r\n").await.is_ok() {
            let _ = self.talk.reply(Phase::Hello).await;
        }
    }

    /// The parameters of MAIL FROM that this message needs.
    fn parameters(
        &self,
        from: &EmailAddress,
        to: &EmailAddress,
        message: &[u8],
    ) -> Result<String, SmtpError> {
        let mut parameters = String::new();
        if let Some(limit) = self.extensions.size {
            let size = message.len();
            if let Some(limit) = limit.filter(|limit| size > *limit) {
                return Err(SmtpError::TooLarge {
                    server: self.talk.server().to_owned(),
                    size,
                    limit,
                });
            }
            parameters.push_str(&format!(" SIZE={size}"));
        }
        if !message.is_ascii() {
            if !self.extensions.eight_bit {
                return Err(self.talk.missing(Phase::MailFrom, "8BITMIME"));
            }
            parameters.push_str(" BODY=8BITMIME");
        }
        let header_end = message.windows(4).position(|four| four == b"\r\n\r\n");
        let header = &message[..header_end.unwrap_or(message.len())];
        if !(from.as_str().is_ascii() && to.as_str().is_ascii() && header.is_ascii()) {
            if !self.extensions.utf8 {
                return Err(self.talk.missing(Phase::MailFrom, "SMTPUTF8"));
            }
            parameters.push_str(" SMTPUTF8");
        }
        Ok(parameters)
    }

    async fn transact(
        &mut self,
        commands: &[(Phase, String); 3],
        message: &[u8],
    ) -> Result<Reply, SmtpError> {
        self.envelope(commands).await?;
        self.talk.write(Phase::Data, &stuffing::stuffed(message)).await?;
        self.talk.write(Phase::AfterData, b".\r\n").await?;
        let reply = self.talk.reply(Phase::AfterData).await?;
        self.talk.require_positive(Phase::AfterData, reply)
    }

    /// Sends the envelope and reads the answers, all at once where the server pipelines.
    async fn envelope(&mut self, commands: &[(Phase, String); 3]) -> Result<(), SmtpError> {
        let pipelining = self.extensions.pipelining;
        if pipelining {
            let all: String = commands.iter().map(|(_, command)| command.as_str()).collect();
            self.talk.write(Phase::MailFrom, all.as_bytes()).await?;
        }
        let mut refused = None;
        for (phase, command) in commands {
            if !pipelining {
                self.talk.write(*phase, command.as_bytes()).await?;
            }
            let reply = match self.talk.reply(*phase).await {
                Ok(reply) => reply,
                // A server that closes after its refusal has still told the reason.
                Err(error) => return Err(refused.unwrap_or(error)),
            };
            let checked = match phase {
                Phase::Data => self.talk.require(*phase, reply, 354),
                _ => self.talk.require_positive(*phase, reply),
            };
            match (checked, refused.is_some()) {
                (Ok(_), false) => {}
                // The server waits for a text that it has nobody for: end it at once (RFC 2920, section 3.1).
                (Ok(_), true) if *phase == Phase::Data => {
                    self.talk.write(Phase::Data, b".\r\n").await?;
                    self.talk.reply(Phase::Data).await?;
                }
                (Err(error), false) if pipelining => refused = Some(error),
                (Err(error), false) => return Err(error),
                (_, true) => {}
            }
        }
        refused.map_or(Ok(()), Err)
    }

    /// Whether the connection can go on after an error, and brings it there.
    async fn recover(&mut self, error: &SmtpError) -> bool {
        match error {
            // 421: the server is about to close (RFC 5321, section 3.8).
            SmtpError::Refused { reply, .. } if reply.code == 421 => false,
            SmtpError::Refused {
                phase: Phase::AfterData,
                ..
            } => true,
            SmtpError::Refused { .. } => {
                self.talk.write(Phase::MailFrom, b"RSET\r\n").await.is_ok()
                    && self
                        .talk
                        .reply(Phase::MailFrom)
                        .await
                        .is_ok_and(|reply| reply.is_positive())
            }
            _ => false,
        }
    }
}

/// Dials without a delay for small segments: a message is many of them, and each would wait for the last one's
/// acknowledgement.
async fn dial(host: &str, port: u16) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
