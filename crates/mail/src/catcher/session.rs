//! One conversation, from the server's side (RFC 5321, section 4).

use std::{io, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use reveille_model::EmailAddress;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::{Account, Dialect, Shared, letter, mailbox::Stored, script::Act};
use crate::{
    smtp::Phase,
    wire::{Buffered, Stream, read_line},
};

/// How long a client may be silent (RFC 5321, section 4.5.3.2.7).
const PATIENCE: Duration = Duration::from_secs(300);

/// The longest command line, with room for a long AUTH answer (RFC 4954, section 4).
const LONGEST_COMMAND: usize = 12_288;

/// The most recipients of one message (RFC 5321, section 4.5.3.1.8 asks for at least 100).
const MOST_RECIPIENTS: usize = 100;

/// How long is looked for what came with a message's end.
const MOMENT: Duration = Duration::from_millis(50);

const DONE: &str = "250 2.0.0 OK";
const OUT_OF_ORDER: &str = "503 5.5.1 not now";

/// A conversation under way.
pub(super) struct Session<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) stream: Buffered,
    /// Written when the client waits for them, so that pipelined commands are answered in one segment.
    replies: Vec<u8>,
    encrypted: bool,
    greeted: bool,
    signed_in: bool,
    envelope: Option<Envelope>,
}

/// What MAIL FROM and RCPT TO have said.
#[derive(Default)]
pub(super) struct Envelope {
    pub(super) eight_bit: bool,
    pub(super) recipients: Vec<EmailAddress>,
}

/// Leads one conversation to its end.
///
/// # Errors
/// The connection's; a connection that is closed on purpose counts as broken.
pub(super) async fn serve(tcp: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    let mut session = Session {
        shared,
        stream: BufReader::new(Box::new(tcp)),
        replies: Vec::new(),
        encrypted: false,
        greeted: false,
        signed_in: false,
        envelope: None,
    };
    if shared.tls.as_ref().is_some_and(|(_, implicit)| *implicit) {
        session = session.encrypt().await?;
    }
    if !session.stumbles(Phase::Connect).await? {
        session.say("220 catcher.localhost ESMTP");
    }
    while let Some(line) = session.line(LONGEST_COMMAND).await? {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "QUIT" => {
                session.say("221 2.0.0 bye");
                return session.flush().await;
            }
            "STARTTLS" if session.may_encrypt() => {
                session.say("220 2.0.0 go on");
                session.flush().await?;
                session = session.encrypt().await?;
            }
            verb => session.command(verb, rest.trim()).await?,
        }
    }
    Ok(())
}

/// Says that there are too many conversations, and ends this one.
///
/// # Errors
/// The connection's.
pub(super) async fn turn_away(mut tcp: TcpStream) -> io::Result<()> {
    tcp.write_all(b"421 4.7.0 too many connections\r\n").await?;
    tcp.shutdown().await
}

impl Session<'_> {
    async fn command(&mut self, verb: &str, rest: &str) -> io::Result<()> {
        let old = self.shared.options.dialect == Dialect::Old;
        match verb {
            "EHLO" if !old => return self.hello(true).await,
            "HELO" => return self.hello(false).await,
            "AUTH" | "MAIL" | "RCPT" | "DATA" | "BDAT" if !self.greeted => {
                self.say("503 5.5.1 say hello first");
            }
            "AUTH" if !old => return self.auth(rest).await,
            "MAIL" => return self.mail(rest).await,
            "RCPT" => return self.rcpt(rest).await,
            "DATA" => return self.data().await,
            "BDAT" if self.shared.options.dialect == Dialect::Chunking => return self.chunk(rest).await,
            "RSET" => {
                self.envelope = None;
                self.say(DONE);
            }
            "NOOP" => self.say(DONE),
            _ => self.say("500 5.5.2 unknown command"),
        }
        Ok(())
    }

    async fn hello(&mut self, extended: bool) -> io::Result<()> {
        self.envelope = None;
        if self.stumbles(Phase::Hello).await? {
            return Ok(());
        }
        self.greeted = true;
        if !extended {
            self.say("250 catcher.localhost");
            return Ok(());
        }
        let mut lines = vec![
            "catcher.localhost".to_owned(),
            format!("SIZE {}", self.shared.largest()),
        ];
        if matches!(
            self.shared.options.dialect,
            Dialect::Full | Dialect::Chunking | Dialect::Proxy
        ) {
            let full = ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
            lines.extend(full.map(str::to_owned));
        }
        if self.shared.options.dialect == Dialect::EightBit {
            lines.push("8BITMIME".to_owned());
        }
        if matches!(self.shared.options.dialect, Dialect::Chunking | Dialect::Proxy) {
            lines.extend(["CHUNKING", "DSN"].map(str::to_owned));
        }
        if self.may_encrypt() {
            lines.push("STARTTLS".to_owned());
        }
        if let Some(account) = self.shared.options.auth.as_ref().filter(|_| self.may_sign_in()) {
            lines.push(format!("AUTH {}", account.mechanisms));
        }
        let last = lines.len() - 1;
        for (index, line) in lines.iter().enumerate() {
            let mark = if index == last { ' ' } else { '-' };
            self.say(&format!("250{mark}{line}"));
        }
        Ok(())
    }

    async fn auth(&mut self, rest: &str) -> io::Result<()> {
        let Some(account) = self.shared.options.auth.as_ref().filter(|_| self.may_sign_in()) else {
            self.say(OUT_OF_ORDER);
            return Ok(());
        };
        if self.stumbles(Phase::Auth).await? {
            return Ok(());
        }
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let mechanism = mechanism.to_ascii_uppercase();
        let offered = account.mechanisms.split(' ').any(|offered| offered == mechanism);
        let given = match mechanism.as_str() {
            "PLAIN" if offered && !initial.is_empty() => decoded(initial),
            "PLAIN" if offered => self.ask("").await?,
            "LOGIN" if offered => {
                let user = self.ask("User Name").await?;
                let password = self.ask("Password").await?;
                [b"\0".as_slice(), &user, b"\0", &password].concat()
            }
            "XOAUTH2" if offered => return self.bearer(initial).await,
            _ => {
                self.say("504 5.5.4 no such mechanism");
                return Ok(());
            }
        };
        self.signed_in = given == format!("\0{}\0{}", account.user, account.password).into_bytes();
        self.say(match self.signed_in {
            true => "235 2.7.0 welcome",
            false => "535 5.7.8 wrong user name or password",
        });
        Ok(())
    }

    /// Signs in by an access token. One that is not good is told in an answer of its own, before the refusal.
    async fn bearer(&mut self, initial: &str) -> io::Result<()> {
        let account = self.shared.options.auth.as_ref();
        let good = account.map(|Account { user, password, .. }| {
            format!("user={user}\x01auth=Bearer {password}\x01\x01").into_bytes()
        });
        self.signed_in = Some(decoded(initial)) == good;
        if !self.signed_in {
            self.ask("{\"status\":\"401\"}").await?;
        }
        self.say(match self.signed_in {
            true => "235 2.7.0 welcome",
            false => "535 5.7.8 the token is not good",
        });
        Ok(())
    }

    async fn mail(&mut self, rest: &str) -> io::Result<()> {
        let may_send = self.shared.options.auth.is_none() || self.signed_in;
        let parsed = path(rest, "FROM:");
        let reply = match &parsed {
            _ if !may_send => "530 5.7.0 sign in first",
            _ if self.envelope.is_some() => OUT_OF_ORDER,
            Some((from, _)) if from.is_empty() || from.parse::<EmailAddress>().is_ok() => DONE,
            _ => "501 5.1.7 no sender address",
        };
        let size = parsed.as_ref().and_then(|(_, parameters)| size_of(parameters));
        if reply != DONE || size.is_some_and(|size| size > self.shared.largest()) {
            self.say(if reply == DONE {
                "552 5.3.4 too large"
            } else {
                reply
            });
            return Ok(());
        }
        let room = self.shared.options.room;
        if size.is_some_and(|size| room.is_some_and(|room| size > room)) {
            self.say("452 4.3.1 no room for so much now");
            return Ok(());
        }
        if self.stumbles(Phase::MailFrom).await? {
            return Ok(());
        }
        let eight_bit = parsed.is_some_and(|(_, parameters)| parameters.contains("BODY=8BITMIME"));
        self.envelope = Some(Envelope {
            eight_bit,
            recipients: Vec::new(),
        });
        self.say(DONE);
        Ok(())
    }

    async fn rcpt(&mut self, rest: &str) -> io::Result<()> {
        let to = path(rest, "TO:").and_then(|(to, _)| to.parse::<EmailAddress>().ok());
        let reply = match (&self.envelope, &to) {
            (None, _) => OUT_OF_ORDER,
            (Some(envelope), _) if envelope.recipients.len() >= MOST_RECIPIENTS => {
                "452 4.5.3 too many readers"
            }
            (_, None) => "501 5.1.3 no recipient address",
            _ => DONE,
        };
        if reply == DONE && self.stumbles_for(Phase::RcptTo, to.as_slice()).await? {
            return Ok(());
        }
        if let (DONE, Some(envelope), Some(to)) = (reply, &mut self.envelope, to) {
            envelope.recipients.push(to);
        }
        self.say(reply);
        Ok(())
    }

    async fn data(&mut self) -> io::Result<()> {
        let Some(envelope) = self.envelope.take() else {
            self.say(OUT_OF_ORDER);
            return Ok(());
        };
        if envelope.recipients.is_empty() {
            self.say("554 5.5.1 no valid recipients");
            return Ok(());
        }
        if self.stumbles_for(Phase::Data, &envelope.recipients).await? {
            return Ok(());
        }
        self.say("354 go on");
        let text = letter::receive(self).await?;
        self.take(envelope, text).await
    }

    /// A message's text in one chunk (RFC 3030); more of them are not taken.
    async fn chunk(&mut self, rest: &str) -> io::Result<()> {
        let size = rest.strip_suffix(" LAST").and_then(|size| size.parse().ok());
        let Some(size) = size.filter(|size| *size <= self.shared.largest()) else {
            self.say("501 5.5.4 one chunk, of a size that is taken");
            return Err(closed_on_purpose());
        };
        let mut text = vec![0; size];
        self.stream.read_exact(&mut text).await?;
        let envelope = self
            .envelope
            .take()
            .filter(|envelope| !envelope.recipients.is_empty());
        let Some(envelope) = envelope else {
            self.say(OUT_OF_ORDER);
            return Ok(());
        };
        if self.stumbles_for(Phase::Data, &envelope.recipients).await? {
            return Ok(());
        }
        self.take(envelope, text).await
    }

    async fn take(&mut self, envelope: Envelope, text: Vec<u8>) -> io::Result<()> {
        if let Some(objection) = letter::objection(&text, envelope.eight_bit) {
            self.say(objection);
            return Ok(());
        }
        let act = self.shared.script.next(Phase::AfterData, &envelope.recipients);
        let is_stored = matches!(
            act,
            Some(Act::StoreThenDrop | Act::StoreThenClose(_) | Act::StoreThenForget)
        );
        if !is_stored && self.carry_out(act.clone()).await? {
            return Ok(());
        }
        let stored = self.shared.store(envelope.recipients, text).await?;
        if act == Some(Act::StoreThenDrop) {
            return Err(closed_on_purpose());
        }
        self.say(match stored.iter().all(|stored| *stored == Stored::Again) {
            true => "250 2.0.0 held already",
            false => "250 2.0.0 stored",
        });
        match act {
            Some(Act::StoreThenClose(line)) => {
                self.line(LONGEST_COMMAND).await?;
                self.say(&line);
                self.flush().await?;
                Err(closed_on_purpose())
            }
            Some(Act::StoreThenForget) => self.forget().await,
            _ => Ok(()),
        }
    }

    /// Throws away what the client has sent by now.
    async fn forget(&mut self) -> io::Result<()> {
        let mut thrown = [0; 4096];
        while let Ok(read) = tokio::time::timeout(MOMENT, self.stream.read(&mut thrown)).await {
            if read? == 0 {
                break;
            }
        }
        Ok(())
    }

    fn may_encrypt(&self) -> bool {
        self.shared.tls.is_some() && !self.encrypted && self.shared.options.dialect != Dialect::Old
    }

    /// Where encryption can be had, no password is taken without it.
    fn may_sign_in(&self) -> bool {
        !self.signed_in && (self.encrypted || self.shared.tls.is_none())
    }

    async fn encrypt(mut self) -> io::Result<Self> {
        self.stumbles(Phase::Tls).await?;
        let Some((acceptor, _)) = &self.shared.tls else {
            return Ok(self);
        };
        let stream = acceptor.accept(self.stream.into_inner()).await?;
        let stream: Box<dyn Stream> = Box::new(stream);
        Ok(Self {
            stream: BufReader::new(stream),
            encrypted: true,
            greeted: false,
            envelope: None,
            signed_in: false,
            ..self
        })
    }

    /// Asks for one more answer of AUTH.
    async fn ask(&mut self, question: &str) -> io::Result<Vec<u8>> {
        self.say(&format!("334 {}", STANDARD.encode(question)));
        let answer = self.line(LONGEST_COMMAND).await?.unwrap_or_default();
        Ok(decoded(String::from_utf8_lossy(&answer).trim()))
    }

    /// Whether the script has something else in mind for this phase, which is then done.
    async fn stumbles(&mut self, at: Phase) -> io::Result<bool> {
        self.stumbles_for(at, &[]).await
    }

    async fn stumbles_for(&mut self, at: Phase, recipients: &[EmailAddress]) -> io::Result<bool> {
        let act = self.shared.script.next(at, recipients);
        self.carry_out(act).await
    }

    async fn carry_out(&mut self, act: Option<Act>) -> io::Result<bool> {
        match act {
            None => Ok(false),
            Some(Act::Reply(line)) => {
                self.say(&line);
                if line.starts_with("421") {
                    // The code announces the end of the connection (RFC 5321, section 3.8).
                    self.flush().await?;
                    return Err(closed_on_purpose());
                }
                Ok(true)
            }
            Some(Act::Drop | Act::StoreThenDrop | Act::StoreThenClose(_) | Act::StoreThenForget) => {
                self.flush().await?;
                Err(closed_on_purpose())
            }
            Some(Act::Wait(time)) => {
                self.flush().await?;
                tokio::time::sleep(time).await;
                Ok(false)
            }
            Some(Act::Stall) => {
                self.flush().await?;
                std::future::pending().await
            }
        }
    }

    fn say(&mut self, line: &str) {
        self.replies.extend_from_slice(line.as_bytes());
        self.replies.extend_from_slice(b"\r\n");
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.replies).await?;
        self.replies.clear();
        self.stream.flush().await
    }

    /// The client's next line, after it got every answer that it may wait for.
    pub(super) async fn line(&mut self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        if !self.replies.is_empty() && !self.stream.buffer().contains(&b'\n') {
            self.flush().await?;
        }
        let line = tokio::time::timeout(PATIENCE, read_line(&mut self.stream, limit)).await;
        line.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// `FROM:<address> PARAMETERS` as the address and the parameters in upper case.
fn path<'a>(rest: &'a str, keyword: &str) -> Option<(&'a str, String)> {
    let (head, rest) = rest.split_at_checked(keyword.len())?;
    let rest = rest.trim_start().strip_prefix('<')?;
    let (address, parameters) = rest.split_once('>')?;
    head.eq_ignore_ascii_case(keyword)
        .then(|| (address, parameters.to_ascii_uppercase()))
}

fn size_of(parameters: &str) -> Option<usize> {
    let value = parameters
        .split(' ')
        .find_map(|word| word.strip_prefix("SIZE="))?;
    value.parse().ok()
}

fn decoded(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap_or_default()
}

fn closed_on_purpose() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "closed as the script says")
}
