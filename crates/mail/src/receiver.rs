//! A small SMTP server for mail that comes back (RFC 5321): it takes what is for us and hands it over before it says so.
//!
//! It relays nothing, signs nobody in and offers no encryption: what mail hosts send to a return path says little, and
//! stands in front of everybody who passes it on. A mail host that speaks TLS only is for a mail server before it.

mod places;

use std::{future::Future, io, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use crate::wire::{Buffered, read_line};
use places::Places;

/// How long a client may be silent (RFC 5321, section 4.5.3.2.7).
const PATIENCE: Duration = Duration::from_secs(300);
/// How long one conversation may take in all: nobody has so much to bring back.
const LONGEST: Duration = Duration::from_secs(1_800);
/// The longest command line (RFC 5321, section 4.5.3.1.4), with room for parameters.
const LONGEST_COMMAND: usize = 2_048;
/// The longest line of a mail that is read.
const LONGEST_LINE: usize = 64 * 1024;
/// The largest mail that is taken, in bytes: notices return a message at most, which are a tenth of it.
const LARGEST: usize = 4 << 20;
/// Recipients of one mail. A notice is for one.
const RECIPIENTS: usize = 10;

/// Where mail goes.
pub trait Inbox: Send + Sync + 'static {
    /// Whether mail to this address is taken.
    fn is_ours(&self, recipient: &str) -> bool;

    /// Keeps a mail for these recipients. `false`: it cannot be kept now, and the sender is to try again.
    fn keep(&self, recipients: Vec<String>, mail: Vec<u8>) -> impl Future<Output = bool> + Send;
}

/// Takes mail from the listener until dropped, greeting as `name`.
///
/// # Errors
/// None of a client; those of the listener.
pub async fn receive(listener: TcpListener, name: &str, inbox: Arc<impl Inbox>) -> io::Result<()> {
    let places = Places::default();
    loop {
        let (mut stream, client) = match listener.accept().await {
            Ok(accepted) => accepted,
            // Out of file descriptors, or a client that is gone already: neither ends the service.
            Err(error) => {
                tracing::warn!(%error, "a connection with returned mail could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Some(place) = places.take(client.ip()) else {
            // Whether it is heard is the client's affair.
            let _ = stream.write_all(b"421 4.3.2 too many connections\r\n").await;
            continue;
        };
        let (name, inbox) = (name.to_owned(), Arc::clone(&inbox));
        tokio::spawn(async move {
            let _place = place;
            match timeout(LONGEST, converse(stream, &name, &*inbox)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::debug!(%error, "a connection with returned mail broke"),
                Err(_) => tracing::debug!("a connection with returned mail took too long"),
            }
        });
    }
}

/// What the client has said so far.
#[derive(Default)]
struct Envelope {
    begun: bool,
    recipients: Vec<String>,
}

async fn converse(stream: TcpStream, name: &str, inbox: &impl Inbox) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream: Buffered = BufReader::new(Box::new(stream));
    let mut envelope = Envelope::default();
    let hello = format!("250-{name}\r\n250-SIZE {LARGEST}\r\n250-8BITMIME\r\n250 PIPELINING");
    say(&mut stream, &format!("220 {name} ESMTP")).await?;
    while let Some(line) = line(&mut stream, LONGEST_COMMAND).await? {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let reply: &str = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                envelope = Envelope::default();
                &hello
            }
            "HELO" => "250 hello",
            "MAIL" if path(rest, "FROM:").is_some() => {
                envelope = Envelope {
                    begun: true,
                    ..Envelope::default()
                };
                "250 2.1.0 go on"
            }
            "RCPT" if envelope.begun => add(&mut envelope, path(rest, "TO:"), inbox),
            "DATA" if !envelope.recipients.is_empty() => {
                say(&mut stream, "354 go on").await?;
                let recipients = std::mem::take(&mut envelope).recipients;
                match text(&mut stream).await? {
                    None => "552 5.3.4 too large",
                    Some(mail) => match inbox.keep(recipients, mail).await {
                        true => "250 2.0.0 taken",
                        false => "451 4.3.0 try again later",
                    },
                }
            }
            "RSET" => {
                envelope = Envelope::default();
                "250 2.0.0 go on"
            }
            "NOOP" => "250 2.0.0 go on",
            "QUIT" => return say(&mut stream, "221 2.0.0 bye").await,
            "MAIL" | "RCPT" | "DATA" => "503 5.5.1 not now",
            _ => "500 5.5.2 unknown command",
        };
        say(&mut stream, reply).await?;
    }
    Ok(())
}

fn add(envelope: &mut Envelope, recipient: Option<&str>, inbox: &impl Inbox) -> &'static str {
    match recipient {
        None => "501 5.1.3 no recipient address",
        Some(_) if envelope.recipients.len() >= RECIPIENTS => "452 4.5.3 too many recipients",
        Some(recipient) if inbox.is_ours(recipient) => {
            envelope.recipients.push(recipient.to_owned());
            "250 2.1.5 go on"
        }
        Some(_) => "550 5.1.1 nobody here",
    }
}

/// A mail's text up to the final dot, without the dots that were put before lines; none where it is too large.
async fn text(stream: &mut Buffered) -> io::Result<Option<Vec<u8>>> {
    let (mut text, mut size) = (Vec::new(), 0);
    loop {
        let line = line(stream, LONGEST_LINE)
            .await?
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        // Only CRLF.CRLF ends the text: where the line before ended otherwise, a dot is a dot.
        if line == b".\r\n" && (text.is_empty() || text.ends_with(b"\r\n")) {
            return Ok(Some(text).filter(|_| size <= LARGEST));
        }
        size += line.len();
        if size > LARGEST {
            // No more is kept than tells where it ends.
            text.clear();
        }
        text.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

async fn line(stream: &mut Buffered, longest: usize) -> io::Result<Option<Vec<u8>>> {
    timeout(PATIENCE, read_line(stream, longest))
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn say(stream: &mut Buffered, reply: &str) -> io::Result<()> {
    let said = async {
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        stream.flush().await
    };
    timeout(PATIENCE, said)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// The address in `FROM:<address> PARAMETERS`; an empty one is that of notices.
fn path<'a>(rest: &'a str, keyword: &str) -> Option<&'a str> {
    let (head, rest) = rest.split_at_checked(keyword.len())?;
    let (address, _) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    head.eq_ignore_ascii_case(keyword).then_some(address)
}
