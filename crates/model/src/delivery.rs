//! One edition on its way to one subscriber.

use crate::state::words;

words! {
    /// Where a delivery stands. A row is in exactly one state.
    DeliveryState as "delivery state" {
        /// Waits for the reader's morning, or for the next try.
        Queued = "queued",
        /// A node has taken it in hand; nothing of it has left. If the node dies, it is queued again.
        Sending = "sending",
        /// Being handed to the mail server. If the node dies, it is unknown.
        Wire = "wire",
        /// The mail server took responsibility for it (SMTP reply 2yz to the end of data).
        Sent = "sent",
        /// The mail server refused this reader for good (5yz).
        Refused = "refused",
        /// Given up after the last try; the error says why.
        Failed = "failed",
        /// Handed over without an answer: nobody can know whether the mail server has it.
        Unknown = "unknown",
        /// The reader left before it was sent.
        Withdrawn = "withdrawn",
        /// The edition's day was over where the reader lives, or its brief's last hour, before the mail server took it.
        Missed = "missed",
    }
}

impl DeliveryState {
    /// Whether the reader may have the edition, or is about to get it as it is.
    #[must_use]
    pub const fn is_reached(self) -> bool {
        matches!(self, Self::Sending | Self::Wire | Self::Sent | Self::Unknown)
    }
}

words! {
    /// What becomes of a delivery of which nobody can know whether the mail server has it.
    #[derive(Default)]
    IfUnknown as "rule for unknown deliveries" {
        #[default]
        /// It goes out once more by itself, under the same Message-ID, by which mail hosts tell repeats. RFC 5321,
        /// section 6.1 prefers a repeat to a loss.
        Resend = "resend",
        /// It waits for the operator's word.
        Hold = "hold",
        /// The mail server's log is asked: what it shows as taken was sent, anything else goes out once more.
        Reconcile = "reconcile",
    }
}

impl IfUnknown {
    /// A delivery rests so long, in milliseconds, before it goes out once more: a mail server that lost its
    /// connection to us in mid-answer should have taken up its queue again.
    pub const PAUSE_MILLIS: i64 = 600_000;

    /// How often a delivery may have become unknown and still go out by itself, or once its mail server was asked.
    #[must_use]
    pub const fn resends(self) -> u32 {
        match self {
            Self::Resend | Self::Reconcile => 1,
            Self::Hold => 0,
        }
    }
}
