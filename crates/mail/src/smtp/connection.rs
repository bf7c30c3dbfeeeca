//! A connection to a mail server and the messages that go over it.

use std::time::Duration;

use reveille_model::EmailAddress;
use tokio::time::Instant;

use super::{
    Accepted, Options, Phase, Reply, SmtpError, Text, Tls, auth, extensions::Extensions, talk::Talk,
};

/// How long the server's answer to QUIT is waited for, so that it has ended the connection in good order.
const GOODBYE: Duration = Duration::from_secs(5);

/// After so long a server that was sent a message's end and the next envelope together has not merely been busy with the first, whose
/// answer was there already.
const SILENCE: Duration = Duration::from_secs(2);

/// The longest ENVID (RFC 3461, section 5.4).
const LONGEST_ENVID: usize = 100;

/// A message for one reader.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    /// The envelope's sender.
    pub from: &'a EmailAddress,
    /// The reader.
    pub to: &'a EmailAddress,
    /// What is sent.
    pub message: &'a Text,
    /// What a notice of its failure names it by (ENVID, RFC 3461, section 4.4), such as its Message-ID.
    pub id: Option<&'a str>,
}

/// What is not used of all that a server offers, since it has shown that it does not carry it out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Without {
    /// A message's text in one chunk (RFC 3030), which a proxy may offer for the server behind it.
    pub chunks: bool,
    /// The next message's envelope with the end of the last one, which a server may throw away unread (RFC 2920, section 3.2, forbids
    /// it).
    pub haste: bool,
}

impl Without {
    /// The one and the other.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            chunks: self.chunks || other.chunks,
            haste: self.haste || other.haste,
        }
    }
}

/// A connection past its greeting, ready for messages.
pub struct Connection {
    talk: Talk,
    extensions: Extensions,
    ready: bool,
    /// Whether an envelope has left, whose answers and whose message are still to come.
    begun: bool,
    /// Whether the last envelope left with the end of the message before it.
    hasty: bool,
    /// Whether the first answer to the last envelope was long in coming.
    silent: bool,
    /// Messages that the server answered for.
    carried: u32,
    without: Without,
}

impl Connection {
    /// Connects, encrypts, greets and signs in, as the options say.
    ///
    /// # Errors
    /// [`SmtpError`] of a phase before [`Phase::MailFrom`]: no message was concerned.
    pub async fn connect(options: &Options) -> Result<Self, SmtpError> {
        check_hello(&options.hello)?;
        let mut talk = Talk::dial(options).await?;
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
        if let Some(account) = &options.account {
            if options.tls == Tls::None && !talk.peer_is_loopback() {
                return Err(SmtpError::ClearPassword {
                    server: talk.server().to_owned(),
                });
            }
            auth::sign_in(&mut talk, &extensions.auth, account).await?;
        }
        Ok(Self {
            talk,
            extensions,
            ready: true,
            begun: false,
            hasty: false,
            silent: false,
            carried: 0,
            without: Without::default(),
        })
    }

    /// The server's name and port.
    #[must_use]
    pub fn server(&self) -> &str {
        self.talk.server()
    }

    /// Does without what an earlier connection to this server has shown. To be said before the first message.
    pub fn go_without(&mut self, without: Without) {
        self.without = self.without.and(without);
        self.extensions.chunking &= !without.chunks;
    }

    /// What the server does not carry out, as far as is known by now.
    #[must_use]
    pub fn without(&self) -> Without {
        self.without
    }

    /// Whether another message can be sent. After an error that broke the conversation, or where a `send` was
    /// dropped midway, the answer is no and a new connection is needed.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready
    }

    /// Whether [`Connection::begin`] was done for a message whose [`Connection::finish`] is still to come. The server may
    /// wait for its text, so that nothing but that can follow.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.begun
    }

    /// Whether an error says no more than that this connection has carried its fill: a server closes it between two messages, by 421,
    /// as one that was idle for too long (4yz with X.4.2), or without a word, or takes no more readers over it (X.5.3); or that it does
    /// not carry out what it offers, which [`Connection::without`] then tells. The message that it struck is to be sent over a new one at
    /// once.
    #[must_use]
    pub fn is_worn(&self, error: &SmtpError) -> bool {
        self.carried > 0 && (is_close(error) || has_enough(error)) || self.lack(error) != Without::default()
    }

    /// What an error shows that the server does not carry out.
    fn lack(&self, error: &SmtpError) -> Without {
        let is_unknown = error.code().is_some_and(|code| (500..=504).contains(&code));
        Without {
            // It answers as to a command that it does not know, and may take the text for commands, too.
            chunks: self.extensions.chunking && is_unknown && error.phase() >= Phase::Data,
            // It waits for what it threw away, and so do we, until one of us takes the other one for idle.
            haste: self.hasty
                && (error.phase() == Phase::MailFrom && matches!(error, SmtpError::Timeout { .. })
                    || self.silent && is_close(error)),
        }
    }

    /// Hands over one message.
    ///
    /// # Errors
    /// As those of [`Connection::finish`].
    pub async fn send(&mut self, parcel: Parcel<'_>) -> Result<Accepted, SmtpError> {
        self.begin(parcel).await?;
        self.finish(parcel, None).await
    }

    /// Sends a message's envelope, where the server lets it go without waiting for answers (RFC 2920); else, and where it
    /// went with the last message's end, does nothing. [`Connection::finish`] with the same message must follow.
    ///
    /// # Errors
    /// What the server cannot take, or the loss of the connection; where it is not ready, an `Io` error of
    /// [`Phase::Connect`].
    pub async fn begin(&mut self, parcel: Parcel<'_>) -> Result<(), SmtpError> {
        if !self.ready {
            return Err(self
                .talk
                .broken(Phase::Connect, std::io::ErrorKind::NotConnected.into()));
        }
        if self.begun {
            return Ok(());
        }
        self.hasty = false;
        let commands = self.commands(parcel)?;
        if self.extensions.pipelining {
            self.ready = false;
            self.talk
                .write(Phase::MailFrom, commands.concat().as_bytes())
                .await?;
            (self.ready, self.begun) = (true, true);
        }
        Ok(())
    }

    /// Hands over the message that was begun, and begins the `next` one with its end, which saves a wait
    /// (RFC 2920, section 3.1).
    ///
    /// # Errors
    /// [`SmtpError`], which knows whether trying again is of use and whether the server can have taken the message.
    pub async fn finish(
        &mut self,
        parcel: Parcel<'_>,
        next: Option<Parcel<'_>>,
    ) -> Result<Accepted, SmtpError> {
        // Stays so if this future is dropped before its end.
        self.ready = false;
        match self.transact(parcel, next).await {
            Ok(reply) => {
                self.ready = true;
                self.carried += 1;
                Ok(Accepted {
                    reply: reply.to_string(),
                })
            }
            Err(error) => {
                self.without = self.without.and(self.lack(&error));
                self.ready = self.recover(&error).await;
                Err(error)
            }
        }
    }

    /// Says goodbye and closes. The server's answer is of no consequence, so a failure is not told.
    pub async fn quit(mut self) {
        if !self.ready || self.begun {
            return;
        }
        let goodbye = async {
            self.talk.write(Phase::Hello, b"QUIT\r\n").await?;
            self.talk.reply(Phase::Hello).await
        };
        // Late or lost, its answer changes nothing.
        let _ = tokio::time::timeout(GOODBYE, goodbye).await;
    }

    /// MAIL FROM and RCPT TO, and DATA where the text does not go in a chunk.
    fn commands(&self, parcel: Parcel<'_>) -> Result<Vec<String>, SmtpError> {
        let Parcel { from, to, id, .. } = parcel;
        let mut parameters = self.parameters(parcel)?;
        let mut about_reader = String::new();
        if self.extensions.dsn {
            // Only of failures, and with no more of the message than its header.
            parameters.push_str(" RET=HDRS");
            if let Some(id) = id.map(xtext).filter(|id| id.len() <= LONGEST_ENVID) {
                parameters.push_str(&format!(" ENVID={id}"));
            }
            about_reader.push_str(" NOTIFY=FAILURE");
            if to.as_str().is_ascii() {
                about_reader.push_str(&format!(" ORCPT=rfc822;{}", xtext(to.as_str())));
            }
        }
        let mut commands = vec![
            format!("MAIL FROM:<{from}>{parameters}\r\n"),
            format!("RCPT TO:<{to}>{about_reader}\r\n"),
        ];
        if !self.extensions.chunking {
            commands.push("DATA\r\n".to_owned());
        }
        Ok(commands)
    }

    /// The parameters of MAIL FROM that this message needs.
    fn parameters(&self, parcel: Parcel<'_>) -> Result<String, SmtpError> {
        let Parcel {
            from, to, message, ..
        } = parcel;
        let mut parameters = String::new();
        if let Some(limit) = self.extensions.size {
            let size = message.bytes().len();
            if let Some(limit) = limit.filter(|limit| size > *limit) {
                return Err(SmtpError::TooLarge {
                    server: self.talk.server().to_owned(),
                    size,
                    limit,
                });
            }
            parameters.push_str(&format!(" SIZE={size}"));
        }
        // What only its reader's address needs is no fault of the message, whose header then is not in ASCII either.
        if !to.as_str().is_ascii() && !self.extensions.utf8 {
            return Err(self.talk.missing(Phase::MailFrom, "SMTPUTF8"));
        }
        if !message.is_ascii {
            if !self.extensions.eight_bit {
                return Err(self.talk.missing(Phase::MailFrom, "8BITMIME"));
            }
            parameters.push_str(" BODY=8BITMIME");
        }
        if !(from.as_str().is_ascii() && to.as_str().is_ascii() && message.has_ascii_header) {
            if !self.extensions.utf8 {
                return Err(self.talk.missing(Phase::MailFrom, "SMTPUTF8"));
            }
            parameters.push_str(" SMTPUTF8");
        }
        Ok(parameters)
    }

    async fn transact(&mut self, parcel: Parcel<'_>, next: Option<Parcel<'_>>) -> Result<Reply, SmtpError> {
        let commands = match std::mem::take(&mut self.begun) {
            true => None,
            false => Some(self.commands(parcel)?),
        };
        self.envelope(commands).await?;
        // What the server cannot take of the next one is told when that is begun.
        let next = next.filter(|_| self.extensions.pipelining && !self.without.haste);
        let next = next.and_then(|next| self.commands(next).ok());
        self.begun = next.is_some();
        self.hasty = self.begun;
        self.text(parcel.message, next.unwrap_or_default().concat())
            .await?;
        let reply = self.talk.reply(Phase::AfterData).await?;
        self.talk.require_positive(Phase::AfterData, reply)
    }

    /// Sends a message's text, its end and what follows that.
    async fn text(&mut self, message: &Text, next: String) -> Result<(), SmtpError> {
        if !self.extensions.chunking {
            let end = [".\r\n", &next].concat();
            return self
                .talk
                .write_message(&[&message.stuffed()], end.as_bytes())
                .await;
        }
        let bytes = message.bytes();
        let command = format!("BDAT {} LAST\r\n", bytes.len());
        // Without its last byte the server cannot take it.
        let (most, last) = bytes.split_at(bytes.len().saturating_sub(1));
        let end = [last, next.as_bytes()].concat();
        self.talk.write_message(&[command.as_bytes(), most], &end).await
    }

    /// Reads the answers to the envelope, whose commands are sent one by one unless they have left.
    async fn envelope(&mut self, commands: Option<Vec<String>>) -> Result<(), SmtpError> {
        let has_left = commands.is_none();
        let asked = Instant::now();
        self.silent = false;
        let mut commands = commands.into_iter().flatten();
        let mut refused = None;
        let data = Some(Phase::Data).filter(|_| !self.extensions.chunking);
        for phase in [Phase::MailFrom, Phase::RcptTo].into_iter().chain(data) {
            if let Some(command) = commands.next() {
                self.talk.write(phase, command.as_bytes()).await?;
            }
            let reply = self.talk.reply(phase).await;
            self.silent |= phase == Phase::MailFrom && asked.elapsed() >= SILENCE;
            let reply = match reply {
                Ok(reply) => reply,
                // A server that closes after its refusal has still told the reason.
                Err(error) => return Err(refused.unwrap_or(error)),
            };
            let checked = match phase {
                Phase::Data => self.talk.require(phase, reply, 354),
                _ => self.talk.require_positive(phase, reply),
            };
            match (checked, &refused) {
                (Err(error), None) if has_left => refused = Some(error),
                (Err(error), None) => return Err(error),
                (Ok(_), Some(_)) if phase == Phase::Data => self.end_for_nobody().await,
                _ => {}
            }
        }
        refused.map_or(Ok(()), Err)
    }

    /// The server waits for a text that it has nobody for, which is to be ended at once (RFC 2920, section 3.1).
    /// Should this fail, the RSET that follows fails too, and the connection counts as lost.
    async fn end_for_nobody(&mut self) {
        if self.talk.write(Phase::Data, b".\r\n").await.is_ok() {
            let _ = self.talk.reply(Phase::Data).await;
        }
    }

    /// Whether the connection can go on after an error, and brings it there.
    async fn recover(&mut self, error: &SmtpError) -> bool {
        match error {
            _ if self.is_worn(error) => false,
            // 421: the server is about to close (RFC 5321, section 3.8).
            SmtpError::Refused { reply, .. } if reply.code == 421 => false,
            SmtpError::Refused {
                phase: Phase::AfterData,
                ..
            } if !self.extensions.chunking => true,
            SmtpError::Refused { .. } => self.reset().await.is_ok_and(|reply| reply.is_positive()),
            _ => false,
        }
    }

    /// Ends a transaction that came to nothing; also, after a chunk that was refused, the one that was begun behind it,
    /// since what a refused chunk leaves is not known (RFC 3030, section 2).
    async fn reset(&mut self) -> Result<Reply, SmtpError> {
        if std::mem::take(&mut self.begun) {
            self.talk.reply(Phase::MailFrom).await?;
            self.talk.reply(Phase::RcptTo).await?;
        }
        self.talk.write(Phase::MailFrom, b"RSET\r\n").await?;
        self.talk.reply(Phase::MailFrom).await
    }
}

/// Whether a server closes the connection where the next message begins.
fn is_close(error: &SmtpError) -> bool {
    error.phase() == Phase::MailFrom
        && match error {
            SmtpError::Io { .. } => true,
            SmtpError::Refused { reply, .. } => {
                let is_idle = matches!(reply.enhanced, Some((4, 4, 2)));
                reply.code == 421 || (400..500).contains(&reply.code) && is_idle
            }
            _ => false,
        }
}

/// Whether it takes no more readers over it (RFC 3463: X.5.3), as some say who count them over all messages of a connection.
fn has_enough(error: &SmtpError) -> bool {
    let of_many = error.reply().is_some_and(|reply| match reply.enhanced {
        Some(code) => matches!(code, (_, 5, 3)),
        None => reply.code == 452 && reply.text.to_lowercase().contains("too many recipients"),
    });
    of_many && error.phase() == Phase::RcptTo
}

/// Text as a parameter's value (RFC 3461, section 4).
fn xtext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'!'..=b'~' if !matches!(byte, b'+' | b'=') => out.push(char::from(byte)),
            _ => out.push_str(&format!("+{byte:02X}")),
        }
    }
    out
}

/// The name we greet with must be one word, or it would be another command.
fn check_hello(name: &str) -> Result<(), SmtpError> {
    match !name.is_empty() && name.len() <= 255 && name.bytes().all(|b| b.is_ascii_graphic()) {
        true => Ok(()),
        false => Err(SmtpError::Options(format!(
            "`{}` is no host name to greet with",
            name.escape_debug()
        ))),
    }
}
