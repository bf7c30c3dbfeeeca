//! One edition on its way to one subscriber.

use crate::state::words;

words! {
    /// Where a delivery stands. A row is in exactly one state.
    DeliveryState as "delivery state" {
        /// Waits for the reader's morning, or for the next try.
        Queued = "queued",
        /// Being handed to the mail server. After a crash the message goes out again under the same Message-ID.
        Sending = "sending",
        /// The mail server took responsibility for it (SMTP reply 2yz to the end of data).
        Sent = "sent",
        /// The mail server refused this reader for good (5yz).
        Refused = "refused",
        /// Given up after the last try; the error says why.
        Failed = "failed",
        /// The reader left before it was sent.
        Withdrawn = "withdrawn",
    }
}

impl DeliveryState {
    /// Whether nothing more will happen to the delivery.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Sending)
    }
}
