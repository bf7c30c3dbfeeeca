//! A message on its way from the queue to a mail server.

use reveille_model::UnixMillis;
use reveille_store::deliveries::{Claim, Leaving};

use super::{super::claims::OLD_MILLIS, Ready};
use crate::{
    app::App,
    ledger::{Closed, Grant, Ledger},
    letters::Reader,
    post::{PostError, Sealed},
};

/// A claimed delivery with its message.
pub(super) struct Parcel {
    pub(super) ready: Ready,
    pub(super) message: Sealed,
    pub(super) mark: Mark,
    /// When that was asked for, if it was.
    asked_at: Option<UnixMillis>,
    /// The mail servers that can take no message such as this.
    pub(super) unfit_for: Vec<usize>,
}

/// How far the ledger is with a message's mark, without which its text must not leave.
pub(super) enum Mark {
    Unasked,
    Asked(Grant),
    Granted,
}

impl Parcel {
    /// A delivery with the message that was written for it.
    pub(super) fn new(ready: Ready, message: Sealed) -> Self {
        Self {
            ready,
            message,
            mark: Mark::Unasked,
            asked_at: None,
            unfit_for: Vec::new(),
        }
    }

    /// Whether a mail server has said that it can take no message such as this: another one may.
    pub(super) fn is_unfit_by(&self, error: &PostError) -> bool {
        let reader = &self.ready.delivery.email;
        error.unfit(reader).is_some() || error.is_address_unfit(reader)
    }

    /// Takes note that a mail server can take no message such as this. Another one is to have it at once, however slow this one was to
    /// say so: it may never be found again by a message that was given back.
    pub(super) fn note_unfit_for(&mut self, server: Option<usize>, now: UnixMillis) {
        if let Some(server) = server
            && !self.unfit_for.contains(&server)
        {
            self.unfit_for.push(server);
        }
        self.renew(now);
    }

    /// Has its permission count as new, where it is passed on.
    pub(super) fn renew(&mut self, now: UnixMillis) {
        if !self.unfit_for.is_empty() {
            self.asked_at = self.asked_at.map(|_| now);
        }
    }

    pub(super) fn claim(&self) -> Claim {
        self.ready.delivery.claim
    }

    /// Has the ledger put it on the wire, where that was not asked before.
    pub(super) async fn ask(&mut self, ledger: &Ledger, now: UnixMillis) -> Result<(), Closed> {
        if let Mark::Unasked = self.mark {
            let leaving = Leaving {
                claim: self.claim(),
                message_id: self.message.id().to_owned(),
                printed_at: self.ready.claimed_at,
            };
            self.mark = Mark::Asked(ledger.wire(leaving).await?);
            self.asked_at = Some(now);
        }
        Ok(())
    }

    /// Whether it has waited for so long behind another message that its reader may have left since its mark was given.
    pub(super) fn is_stale(&self, now: UnixMillis) -> bool {
        self.asked_at.is_some_and(|asked| now.since(asked) > OLD_MILLIS)
    }

    /// Whether its text may leave. `false`: another node took it over, its reader left, or it is too late.
    pub(super) async fn is_granted(&mut self) -> Result<bool, Closed> {
        if let Mark::Asked(grant) = &mut self.mark {
            if !grant.wait().await? {
                return Ok(false);
            }
            self.mark = Mark::Granted;
        }
        Ok(true)
    }
}

/// Writes the message of a delivery, and signs it.
///
/// # Errors
/// Where it cannot be signed.
pub(super) fn written(app: &App, ready: &Ready) -> Result<Sealed, PostError> {
    let delivery = &ready.delivery;
    let reader = Reader {
        email: delivery.email.clone(),
        format: delivery.format,
        token: delivery.token.clone(),
        message_id: ready.message_id.clone(),
    };
    app.post.seal(&ready.printed.to(app, &reader))
}
