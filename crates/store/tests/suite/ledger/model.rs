//! The model: a delivery as the ledger ought to have it.

use reveille_model::{DeliveryId, DeliveryState, IfUnknown, UnixMillis};
use reveille_store::deliveries::{Claim, Outcome};

use super::LEASE;

/// What one delivery's row ought to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) id: DeliveryId,
    /// At which of its reader's addresses it is.
    pub(super) place: usize,
    pub(super) state: DeliveryState,
    pub(super) attempts: u32,
    pub(super) tries: u32,
    pub(super) doubts: u32,
    pub(super) due: UnixMillis,
    pub(super) lease: UnixMillis,
    pub(super) late: Option<UnixMillis>,
    /// Whether its reader left, or pauses.
    pub(super) is_unwanted: bool,
}

impl Row {
    pub(super) fn is_held_by(&self, claim: Claim) -> bool {
        let in_hand = [DeliveryState::Sending, DeliveryState::Wire].contains(&self.state);
        in_hand && (self.id, self.attempts) == (claim.id, claim.attempts)
    }

    /// Whether a mail server has the message, or may have it.
    pub(super) fn is_reached(&self) -> bool {
        use DeliveryState::{Sent, Unknown, Wire};
        self.doubts > 0 || [Wire, Sent, Unknown].contains(&self.state)
    }

    pub(super) fn release(&mut self, now: UnixMillis) {
        match self.state {
            DeliveryState::Sending => self.state = DeliveryState::Queued,
            DeliveryState::Wire => self.doubt(now),
            _ => {}
        }
    }

    pub(super) fn doubt(&mut self, now: UnixMillis) {
        self.state = DeliveryState::Unknown;
        self.doubts += 1;
        self.due = now.plus(IfUnknown::PAUSE_MILLIS);
    }

    /// Whether it is unknown, and was not claimed again since.
    pub(super) fn is_doubted_as(&self, claim: Claim) -> bool {
        self.state == DeliveryState::Unknown && (self.id, self.attempts) == (claim.id, claim.attempts)
    }

    /// Its holder knows that nothing was sent.
    pub(super) fn trust(&mut self, now: UnixMillis) {
        self.state = DeliveryState::Queued;
        self.doubts -= 1;
        self.due = now;
    }

    pub(super) fn is_due(&self, rule: IfUnknown, now: UnixMillis) -> bool {
        self.due <= now
            && match self.state {
                DeliveryState::Queued => true,
                DeliveryState::Unknown => self.doubts <= rule.resends(),
                _ => false,
            }
    }

    /// Whether its reader wants it no more, or it is too late.
    pub(super) fn is_over(&self, now: UnixMillis) -> bool {
        self.is_unwanted || self.late.is_some_and(|late| late <= now)
    }

    /// Takes it in hand, or on the wire, unless its reader wants it no more or it is too late.
    pub(super) fn take(&mut self, to: DeliveryState, now: UnixMillis) -> bool {
        // What goes on the wire is held under the lease of its claim.
        if to == DeliveryState::Sending {
            self.lease = now.plus(LEASE);
        }
        let is_late = self.late.is_some_and(|late| late <= now);
        match is_late {
            _ if self.is_unwanted => self.state = DeliveryState::Withdrawn,
            true => self.miss(),
            false => self.state = to,
        }
        self.state == to
    }

    /// It is too late. Nobody misses what they may have: it waits for the operator's word.
    fn miss(&mut self) {
        if self.doubts > 0 {
            self.doubts += 1;
            self.state = DeliveryState::Unknown;
        } else {
            self.state = DeliveryState::Missed;
        }
    }

    pub(super) fn record(&mut self, claim: Claim, outcome: &Outcome, now: UnixMillis) {
        use DeliveryState::{Failed, Queued, Refused, Sending, Sent, Unknown, Wire, Withdrawn};
        let may_have_arrived = self.state == Withdrawn && self.doubts > 0;
        let open = may_have_arrived || [Queued, Sending, Wire, Unknown].contains(&self.state);
        match outcome {
            Outcome::Sent(_) if open => self.state = Sent,
            _ if !self.is_held_by(claim) => {}
            Outcome::Sent(_) => {}
            Outcome::Refused(..) => self.state = Refused,
            Outcome::Failed(_) => self.state = Failed,
            Outcome::Missed(_) => self.miss(),
            Outcome::Unknown(_) => self.doubt(now),
            Outcome::Deferred(due, _) => {
                self.state = Queued;
                self.tries += 1;
                self.due = self.due.max(*due);
            }
        }
    }
}
