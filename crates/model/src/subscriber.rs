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
}

words! {
    /// What a line of the consent record proves.
    ConsentKind as "consent kind" {
        /// The reader filled in the sign-up form and saw the sentence.
        Asked = "asked",
        /// The reader followed the mailed link.
        Confirmed = "confirmed",
        /// An editor entered the reader and vouches for their consent.
        Entered = "entered",
        /// The reader left.
        Left = "left",
    }
}

/// One line of a subscriber's consent record. Lines are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What happened.
    pub kind: ConsentKind,
    /// When.
    pub at: UnixMillis,
    /// The sentence that the reader was shown, or the note of who vouches for them.
    pub sentence: String,
    /// The network address that it came from, where it came over the web.
    pub from: Option<String>,
}
