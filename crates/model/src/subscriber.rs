//! Readers and the proof that they asked for it.

use serde::{Deserialize, Serialize};

use crate::{UnixMillis, state::words};

words! {
    /// Whether a reader gets the brief.
    SubscriberState as "subscriber state" {
        /// Asked for it and has not yet confirmed by the mailed link.
        Pending = "pending",
        /// Gets every edition.
        Active = "active",
        /// Gets none until a day that they named.
        Paused = "paused",
        /// Left by their own act.
        Left = "left",
        /// Their mail host refuses them for good.
        Bounced = "bounced",
    }
}

impl SubscriberState {
    /// The state after the reader followed the mailed link. A reader who left comes back only by signing up anew.
    #[must_use]
    pub const fn confirmed(self) -> Self {
        match self {
            Self::Pending => Self::Active,
            other => other,
        }
    }

    /// Whether the reader is on the brief's list, be it that they pause.
    #[must_use]
    pub const fn is_listed(self) -> bool {
        matches!(self, Self::Active | Self::Paused)
    }
}

words! {
    /// What a line of the consent record proves.
    ConsentKind as "consent kind" {
        /// The reader filled in the sign-up form and saw the sentence.
        Asked = "asked",
        /// The mail that asks whether they mean it was handed to their mail host.
        Mailed = "mailed",
        /// The reader followed the mailed link.
        Confirmed = "confirmed",
        /// An editor entered the reader and vouches for their consent.
        Entered = "entered",
        /// Where the reader lives, in which form they get editions, or until when they want none, was changed.
        Changed = "changed",
        /// The reader left.
        Left = "left",
    }
}

words! {
    /// What a mail that came back means for its reader.
    ReturnKind as "kind of a returned mail" {
        /// The address is none: no more mail goes there.
        Hard = "hard",
        /// This message did not arrive; the next one may.
        Soft = "soft",
        /// The reader complained of it, and has left by that.
        Complaint = "complaint",
        /// The reader asked to be taken off the list, and has left by that.
        Exit = "exit",
        /// The reader wrote something else, for a person to read.
        Answer = "answer",
    }
}

words! {
    /// In which form a reader gets editions.
    MailFormat as "mail format" {
        /// HTML with the same in text beside it, of which the mail program shows what it likes.
        Html = "html",
        /// Text alone.
        Text = "text",
    }
}

words! {
    /// What a link does that was mailed for one act and is good once.
    LinkPurpose as "purpose of a link" {
        /// It confirms that the reader asked for the brief.
        Confirm = "confirm",
        /// It hands out everything that is kept about the reader.
        Download = "download",
        /// It erases all of that.
        Erase = "erase",
        /// It asks to which other address the brief is to go.
        Move = "move",
    }
}

impl LinkPurpose {
    /// How long such a link is good, in milliseconds: two weeks in which to confirm; a day for what lays a reader's data
    /// open, ends them, or hands their brief to another address.
    #[must_use]
    pub const fn good_millis(self) -> i64 {
        const DAY: i64 = 86_400_000;
        match self {
            Self::Confirm => 14 * DAY,
            Self::Download | Self::Erase | Self::Move => DAY,
        }
    }
}

/// One line of a subscriber's consent record. Lines are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What happened.
    pub kind: ConsentKind,
    /// When.
    pub at: UnixMillis,
    /// The sentence that the reader was shown, the note of who vouches for them, or what was changed.
    pub sentence: String,
    /// By what means.
    pub means: Means,
}

impl Consent {
    /// The line as others read it: its time as text, where the record itself has milliseconds.
    #[must_use]
    pub fn told(&self) -> impl Serialize {
        #[derive(Serialize)]
        struct Told<'a> {
            kind: ConsentKind,
            #[serde(serialize_with = "UnixMillis::as_text")]
            at: UnixMillis,
            sentence: &'a str,
            means: &'a Means,
        }
        Told {
            kind: self.kind,
            at: self.at,
            sentence: &self.sentence,
            means: &self.means,
        }
    }
}

/// By what means a line of the consent record came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// A sign-up form.
    Form(Visit),
    /// The page, or the mail program's button, behind a link of a mail.
    Link(Visit),
    /// A mail of ours.
    Mail {
        /// Its Message-ID, without angle brackets.
        message_id: String,
    },
    /// An editor's command.
    Editor,
    /// A report of their mail host (RFC 5965).
    Complaint,
    /// A mail of theirs to the return path of their own mails.
    Letter {
        /// Its Message-ID, without angle brackets; empty where it had none.
        message_id: String,
    },
    /// A program that vouches for having shown the sentence.
    Program {
        /// The name of its token.
        name: String,
    },
    /// A file of readers.
    Import {
        /// SHA-256 of its bytes, in hexadecimal digits.
        sha256: String,
    },
}

/// A request as the web server saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The network address that it came from.
    pub address: String,
    /// The address of the page; not known of lines written before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What the browser or mail program calls itself (`User-Agent`, RFC 9110, section 10.1.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

impl Means {
    /// The request, where it came over the web.
    #[must_use]
    pub const fn visit(&self) -> Option<&Visit> {
        match self {
            Self::Form(visit) | Self::Link(visit) => Some(visit),
            Self::Mail { .. }
            | Self::Editor
            | Self::Complaint
            | Self::Letter { .. }
            | Self::Program { .. }
            | Self::Import { .. } => None,
        }
    }
}
