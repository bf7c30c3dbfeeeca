//! One message's bytes: header, text and HTML.
//!
//! The result is the same for the same input, byte for byte, so a message that is built again after a crash is
//! the message that may already have gone out.

use std::sync::Arc;

use reveille_model::{EmailAddress, UnixMillis};

use crate::{
    Body,
    dkim::{DkimError, Signer},
    header,
    smtp::Text,
};

/// A message to one reader. Every string may hold anything: what a field cannot carry is encoded or left out.
#[derive(Debug, Clone)]
pub struct Message {
    /// The display name, which may be empty, and the address of the From field.
    pub from: (String, EmailAddress),
    /// Where mails about it come back to: the envelope's sender (RFC 5321, section 4.4). From's address where there is
    /// none. No part of the message's bytes.
    pub return_path: Option<EmailAddress>,
    /// The reader.
    pub to: EmailAddress,
    /// Where answers go, where that is not the sender.
    pub reply_to: Option<EmailAddress>,
    /// Plain text of any length.
    pub subject: String,
    /// Its text and HTML forms, which other messages may share.
    pub body: Arc<Body>,
    /// What stands in the body's slots.
    pub word: String,
    /// `left@right`, without the angle brackets (RFC 5322, section 3.6.4).
    pub message_id: String,
    /// For the Date field, which is written in UTC.
    pub date: UnixMillis,
    /// The absolute `https:` URL at which a POST unsubscribes this reader (RFC 2369, RFC 8058): ASCII, and at
    /// most 900 characters, which is what one line can hold. Where the message has a return path, a letter there is named as
    /// the other way.
    pub list_unsubscribe: Option<String>,
    /// The list's identifier, such as `morning.example.org` (RFC 2919).
    pub list_id: Option<String>,
    /// Whether the message says that no person wrote it, so that no vacation notice answers (RFC 3834).
    pub auto_submitted: Option<AutoSubmitted>,
    /// Further fields of free text. A name that RFC 5322 does not allow, that is over 70 characters long or that
    /// this builder writes itself is left out.
    pub headers: Vec<(String, String)>,
}

/// Values of the Auto-Submitted field (RFC 3834, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoSubmitted {
    /// Sent by a process on its own.
    Generated,
    /// Sent in answer to something that a person did, such as a sign-up.
    Replied,
}

/// Fields that [`build`] writes and no further header may repeat.
const OWN: [&str; 14] = [
    "date",
    "from",
    "to",
    "reply-to",
    "subject",
    "message-id",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "auto-submitted",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "dkim-signature",
];

/// The message as RFC 5322 and RFC 2045 write it: CRLF line ends, no line over 76 characters but for single
/// words that cannot be broken (and none over 998), and ASCII alone unless an address itself has a UTF-8 local
/// part (RFC 6532).
#[must_use]
pub fn build(message: &Message) -> Text {
    assembled(String::new(), &head(message), message)
}

/// The message as [`build`] makes it, with a signature by each key.
///
/// # Errors
/// Where a key fails its own check.
pub fn build_signed(message: &Message, signers: &[Signer]) -> Result<Text, DkimError> {
    if signers.is_empty() {
        return Ok(build(message));
    }
    let (head, body) = (head(message), message.body.hash(&message.word));
    let mut signatures = String::new();
    for signer in signers {
        signatures.push_str(&signer.sign(head.as_bytes(), &body, message.date)?);
    }
    Ok(assembled(signatures, &head, message))
}

fn assembled(signatures: String, head: &str, message: &Message) -> Text {
    let mut out = signatures.into_bytes();
    out.reserve_exact(head.len() + 2 + message.body.room(&message.word));
    out.extend_from_slice(head.as_bytes());
    let header = out.len();
    out.extend_from_slice(b"\r\n");
    message.body.write(&mut out, &message.word);
    Text::built(out, header)
}

fn head(message: &Message) -> String {
    let mut out = String::with_capacity(1024);
    header::folded(&mut out, "Date", date(message.date).split(' '));
    header::mailbox(&mut out, "From", &message.from.0, message.from.1.as_str());
    header::mailbox(&mut out, "To", "", message.to.as_str());
    if let Some(address) = &message.reply_to {
        header::mailbox(&mut out, "Reply-To", "", address.as_str());
    }
    header::unstructured(&mut out, "Subject", &message.subject);
    header::folded(&mut out, "Message-ID", [in_brackets(&message.message_id)]);
    if let Some(id) = &message.list_id {
        header::folded(&mut out, "List-Id", [in_brackets(id)]);
    }
    if let Some(url) = &message.list_unsubscribe {
        let ways = match message.return_path.as_ref().and_then(exit_by_mail) {
            Some(by_mail) => vec![in_brackets(url) + ",", by_mail],
            None => vec![in_brackets(url)],
        };
        header::folded(&mut out, "List-Unsubscribe", ways);
        out.push_str("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }
    match message.auto_submitted {
        Some(AutoSubmitted::Generated) => out.push_str("Auto-Submitted: auto-generated\r\n"),
        Some(AutoSubmitted::Replied) => out.push_str("Auto-Submitted: auto-replied\r\n"),
        None => {}
    }
    for (name, value) in message.headers.iter().filter(|(name, _)| is_further(name)) {
        header::unstructured(&mut out, name, value);
    }
    out.push_str("MIME-Version: 1.0\r\n");
    out.push_str(message.body.fields());
    out
}

/// RFC 5322, section 3.3.
fn date(at: UnixMillis) -> String {
    at.timestamp().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// The way out for mail programs that post nothing: a letter to the reader's own return path (RFC 2369, section 3.2). `None`
/// where an address would have to be encoded for it (RFC 6068), which few of them undo.
fn exit_by_mail(path: &EmailAddress) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._@".contains(&byte);
    let address = path.as_str();
    address
        .bytes()
        .all(is_plain)
        .then(|| format!("<mailto:{address}?subject=unsubscribe>"))
}

fn in_brackets(value: &str) -> String {
    format!("<{}>", header::token(value))
}

fn is_further(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_graphic() && b != b':';
    (1..=70).contains(&name.len())
        && name.bytes().all(allowed)
        && !OWN.iter().any(|own| own.eq_ignore_ascii_case(name))
}
