//! Of whom an answer speaks that is no, once the server has heard of the reader. Pure.
//!
//! The first line that is true of an answer decides:
//!
//! | the answer | of whom | why |
//! |---|---|---|
//! | "sender address rejected", X.1.7, X.1.8 | us | what it says of an address is then said of our own |
//! | X.6.7 at RCPT TO; X.3.4 from DATA on; both 5yz | the message | another server may take it |
//! | 5yz in words of a sender | us | some have no other code for an account of ours that is closed, or has sent enough |
//! | X.1.1 to X.1.6, X.1.10, X.2.1 to X.2.4 | the reader | these name an address or a box |
//! | any other words of a relay, a sender, a client host or a greeting | us | some put off until RCPT TO what they have against us |
//! | 4yz: X.1, X.2 | the reader | they hang on an address or a box, whatever its words |
//! | 4yz: 421, its own room or rate | the server | it takes the message a little later, whoever the reader |
//! | 4yz: "service unavailable" | us, or the server | what looks at messages for it is down, and another server may take them |
//! | 4yz: all else | the way to the reader | most often somebody on it asks us to wait |
//! | 5yz: no code or X.1, X.2, and words that nobody has the address | the reader | all else, of quotas, limits and accounts, is said of our own, too |
//! | 5yz: all else | us, perhaps | where we are on a list or sent too much, servers use the codes of any policy |
//!
//! What is said of the reader ends their delivery, or costs it a try; of the message, has it go by another server or wait alone; of
//! us, has it go by another server or wait, until what becomes of others shows that it is the reader after all; of the server, has
//! it wait; of the way, costs a try and slows the domain down.

use super::{Phase, Reply, SmtpError};
use crate::bounce;

/// Of whom an answer speaks, once the server has heard of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// This reader's address or box.
    Reader,
    /// What this message, or its reader's address, needs of a server.
    Message,
    /// Us, or that may be so: our address, machine, account or standing.
    Us,
    /// The server itself, which has no room or time now.
    Server,
    /// Whoever is on the way to the reader, such as their domain.
    Way,
}

/// What is said of whoever connected, and of how much they sent.
const CLIENT: [&str; 6] = [
    "client host",
    "helo command",
    "ehlo command",
    "too many recipients from",
    "too many mails from",
    "too many messages from",
];

/// That something is out of order with a server, and not on the way to the reader.
const OUT_OF_ORDER: [&str; 2] = ["service unavailable", "service not available"];

impl SmtpError {
    /// Of whom the server's answer speaks; `None` without one, and before it has heard of the reader.
    #[must_use]
    pub fn blame(&self) -> Option<Blame> {
        let (phase, reply) = (self.phase(), self.reply()?);
        (phase >= Phase::RcptTo).then(|| of(phase, reply))
    }
}

fn of(phase: Phase, reply: &Reply) -> Blame {
    let detail = reply.enhanced.map(|(_, subject, detail)| (subject, detail));
    let is_final = (500..600).contains(&reply.code);
    let text = reply.text.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    match detail {
        Some((1, 7 | 8)) => return Blame::Us,
        _ if bounce::blames_sender(&reply.text) => return Blame::Us,
        Some((6, 7)) if is_final && phase == Phase::RcptTo => return Blame::Message,
        Some((3, 4)) if is_final && phase > Phase::RcptTo => return Blame::Message,
        _ if is_final && bounce::speaks_of_sender(&reply.text) => return Blame::Us,
        Some((1, 1..=6 | 10) | (2, 1..=4)) => return Blame::Reader,
        _ if is_of_relaying(&reply.text) || says(&CLIENT) || bounce::speaks_of_sender(&reply.text) => {
            return Blame::Us;
        }
        _ => {}
    }
    if is_final {
        let is_readers = matches!(detail, None | Some((1 | 2, _))) && is_readers_by_words(phase, reply);
        return if is_readers { Blame::Reader } else { Blame::Us };
    }
    match detail {
        Some((1 | 2, _)) => Blame::Reader,
        _ if reply.code == 421 => Blame::Server,
        Some((3, 1 | 2) | (4, 5)) => Blame::Server,
        // At RCPT TO a server also says by the others that it cannot look something up of a reader.
        Some((3, _)) if phase > Phase::RcptTo => Blame::Server,
        // As Amazon SES says it.
        None if reply.code == 454 && says(&["throttl"]) => Blame::Server,
        _ if says(&OUT_OF_ORDER) => Blame::Us,
        _ => Blame::Way,
    }
}

/// Whether a server says that it passes no mail on for us, most often since nobody signed in. What an address or a host is called
/// proves nothing.
fn is_of_relaying(text: &str) -> bool {
    let around = |c: char| c.is_ascii_punctuation() && c != '@';
    let mut words = text.split_whitespace().map(|word| word.trim_matches(around));
    words.any(|word| matches!(word.to_lowercase().as_str(), "relay" | "relayed" | "relaying"))
}

/// Whether a refusal whose code does not tell says that nobody has the address; after the text only where it has a code.
fn is_readers_by_words(phase: Phase, reply: &Reply) -> bool {
    let at_recipient = phase == Phase::RcptTo;
    (at_recipient || reply.enhanced.is_some())
        && bounce::reason_of(&reply.to_string(), at_recipient).is_hard()
}
