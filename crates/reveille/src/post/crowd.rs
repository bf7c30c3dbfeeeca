//! Who waits for a place at the mail servers while other mailings have all of them. Pure.
//!
//! Who has nothing to send does not wait. Where nobody does, a connection is kept for as long as its mailing goes on. Where
//! somebody of another mailing waits, it is given up after a turn of messages, or once it has nothing to carry, and its mailing
//! asks for no other one until whoever waits has looked.

use std::time::Duration;

use reveille_store::deliveries::Mailing;
use tokio::time::Instant;

use super::relays::TURN;

/// How long a mailing that gave a place up leaves it to others: twice as long as it takes one that waits to look again.
const MOMENT: Duration = Duration::from_millis(100);

/// Who waits, and who gave way to them.
#[derive(Default)]
pub(super) struct Crowd {
    /// The mailing of each connection to be that has no place.
    waiting: Vec<Mailing>,
    /// Which mailings gave a place up, and when.
    gave_way: Vec<(Mailing, Instant)>,
}

impl Crowd {
    /// Takes note that one of a mailing's connections has no place.
    pub(super) fn wait(&mut self, mailing: Mailing) {
        self.waiting.push(mailing);
    }

    /// Takes note that it waits no longer.
    pub(super) fn leave(&mut self, mailing: Mailing) {
        if let Some(place) = self.waiting.iter().position(|waiting| *waiting == mailing) {
            self.waiting.swap_remove(place);
        }
    }

    /// Whether a connection of a mailing ends with its next message, over which so many were announced. What became of them is the
    /// same to whoever waits.
    pub(super) fn is_turn_over(&self, mailing: Mailing, announced: u32) -> bool {
        announced + 1 >= TURN && self.others_wait(mailing)
    }

    /// Takes note that a mailing has given a place up.
    pub(super) fn give_way(&mut self, mailing: Mailing, now: Instant) {
        if self.others_wait(mailing) {
            self.gave_way.push((mailing, now));
        }
    }

    /// Whether a mailing may ask for a place now.
    pub(super) fn may_ask(&mut self, mailing: Mailing, now: Instant) -> bool {
        self.gave_way
            .retain(|(_, since)| now.duration_since(*since) < MOMENT);
        let gave_way = self.gave_way.iter().any(|(gave, _)| *gave == mailing);
        !(gave_way && self.others_wait(mailing))
    }

    /// Whether anybody of another mailing waits.
    pub(super) fn others_wait(&self, mailing: Mailing) -> bool {
        self.waiting.iter().any(|waiting| *waiting != mailing)
    }
}

#[cfg(test)]
mod tests {
    use reveille_model::{EditionId, NoticeId};

    use super::*;

    const ONE: Mailing = Mailing::Edition(EditionId(1));
    const OTHER: Mailing = Mailing::Correction(NoticeId(1));

    #[test]
    fn where_nobody_of_another_mailing_waits_no_turn_ends() {
        let (mut crowd, now) = (Crowd::default(), Instant::now());
        assert!(!crowd.is_turn_over(ONE, 1_000_000));
        crowd.wait(ONE);
        assert!(!crowd.is_turn_over(ONE, 1_000_000), "it waits for itself");
        crowd.give_way(ONE, now);
        assert!(crowd.may_ask(ONE, now), "its server closed the connection");
    }

    #[test]
    fn who_has_had_a_turn_gives_way_for_a_moment() {
        let (mut crowd, now) = (Crowd::default(), Instant::now());
        crowd.wait(OTHER);
        crowd.wait(OTHER);
        assert!(!crowd.is_turn_over(ONE, TURN - 2) && crowd.is_turn_over(ONE, TURN - 1));
        crowd.give_way(ONE, now);
        assert!(!crowd.may_ask(ONE, now) && crowd.may_ask(OTHER, now));
        // It has the place, and another of its connections waits on.
        crowd.leave(OTHER);
        assert!(!crowd.may_ask(ONE, now));
        assert!(crowd.may_ask(ONE, now + MOMENT), "nobody took it");
        crowd.give_way(ONE, now + MOMENT);
        crowd.leave(OTHER);
        assert!(crowd.may_ask(ONE, now + MOMENT), "nobody waits any more");
    }

    #[test]
    fn two_mailings_share_a_single_place() {
        let (mut crowd, mut now) = (Crowd::default(), Instant::now());
        let (mut has, mut waits, mut sent) = (ONE, OTHER, [0, 0]);
        crowd.wait(waits);
        for _ in 0..10 {
            let mut carried = 0;
            while !crowd.is_turn_over(has, carried) {
                carried += 1;
            }
            sent[usize::from(has == OTHER)] += carried + 1;
            crowd.give_way(has, now);
            // Whoever looks first: the one that gave way does so at once.
            assert!(!crowd.may_ask(has, now) && crowd.may_ask(waits, now));
            crowd.leave(waits);
            crowd.wait(has);
            (has, waits) = (waits, has);
            now += Duration::from_secs(1);
        }
        assert_eq!(sent, [500, 500]);
    }
}
