//! Since when nothing gets through, and how long that has lasted. Pure.
//!
//! That no connection can be had is known of the mail servers, whichever mailing tried. That messages are put off is known of their
//! own mailing only: a mail server that has no room for large ones now (452; RFC 1870, section 6.1) takes another mailing's small
//! ones meanwhile. What is put off is tried again a minute later, by another run of its mailing, so all this outlives a run.

use reveille_model::{DeliveryId, UnixMillis};
use reveille_store::deliveries::Mailing;

/// What was last seen so long ago says nothing of now, in milliseconds. Whatever is put off is tried again within a minute, and a
/// pause of the mail server's may add half of one.
const FORGOTTEN: i64 = 180_000;

/// So often a mail server may be busy with one message, a minute after the other, before its reader counts as the reason.
const MOST_BUSY: u32 = 5;
/// For so long that is remembered of a message, in milliseconds: longer than so many tries take with two rests between them.
const REMEMBERED: i64 = 3_600_000;

/// What has waited, and how long so far.
#[derive(Default)]
pub(super) struct Patience {
    /// For a connection.
    servers: Option<Waiting>,
    /// For a mail server that takes their messages.
    mailings: Vec<(Mailing, Waiting)>,
    /// Messages with which a mail server was busy.
    busy: Vec<Busy>,
}

/// A message with which a mail server was busy: so often, and when last.
struct Busy {
    message: (Mailing, DeliveryId),
    times: u32,
    seen: UnixMillis,
}

#[derive(Clone, Copy)]
struct Waiting {
    since: UnixMillis,
    /// When that was last seen.
    seen: UnixMillis,
    /// How many were sent of the mailing when it began, by whatever node, once that is known.
    sent: Option<u64>,
    /// The message that is the only one of which all this was seen, where there is one.
    only: Option<DeliveryId>,
}

impl Patience {
    /// Takes note that no connection can be had, as a try has shown that began then, and says how long that has lasted, in
    /// milliseconds.
    pub(super) fn out_of_reach(&mut self, began: UnixMillis, now: UnixMillis) -> i64 {
        let before = self.servers.filter(|before| before.is_fresh(began, now));
        let waiting = Waiting::on(before, None, now);
        self.servers = Some(waiting);
        now.since(waiting.since)
    }

    /// Takes note that one could be had.
    pub(super) fn reached(&mut self) {
        self.servers = None;
    }

    /// Takes note that a mailing's message is put off, and says how long nothing of it was taken, in milliseconds.
    pub(super) fn put_off(&mut self, mailing: Mailing, now: UnixMillis) -> i64 {
        let waiting = self.wait(mailing, None, now);
        now.since(waiting.since)
    }

    /// Takes note that a mail server was busy with a message although it had heard of its reader, and says how long nothing of its
    /// mailing was taken, in milliseconds. That is no time at all as long as it is so with this message alone; `None`: it was so that
    /// often that the reader counts as the reason.
    pub(super) fn busy(&mut self, mailing: Mailing, delivery: DeliveryId, now: UnixMillis) -> Option<i64> {
        self.busy
            .retain(|busy| busy.seen <= now && now.since(busy.seen) < REMEMBERED);
        let message = (mailing, delivery);
        let before = self.busy.iter().position(|busy| busy.message == message);
        let times = 1 + before.map_or(0, |place| self.busy.swap_remove(place).times);
        let seen = now;
        self.busy.push(Busy { message, times, seen });
        if times > MOST_BUSY {
            return None;
        }
        let waiting = self.wait(mailing, Some(delivery), now);
        Some(waiting.only.map_or(now.since(waiting.since), |_alone| 0))
    }

    fn wait(&mut self, mailing: Mailing, delivery: Option<DeliveryId>, now: UnixMillis) -> Waiting {
        // Also what is over by itself, and would be kept for ever.
        self.mailings.retain(|(_, waiting)| waiting.is_fresh(now, now));
        let before = self.mailings.iter().position(|(waits, _)| *waits == mailing);
        let before = before.map(|place| self.mailings.swap_remove(place).1);
        let waiting = Waiting::on(before, delivery, now);
        self.mailings.push((mailing, waiting));
        waiting
    }

    /// Takes note of how many were sent of a mailing, by whatever node, where its messages are put off. The first such note counts.
    pub(super) fn note_sent(&mut self, mailing: Mailing, sent: u64) {
        if let Some((_, waiting)) = self.mailings.iter_mut().find(|(waits, _)| *waits == mailing) {
            waiting.sent.get_or_insert(sent);
        }
    }

    /// How many that were when nothing of it was taken any more, where it still waits.
    pub(super) fn sent_when_put_off(&self, mailing: Mailing, now: UnixMillis) -> Option<u64> {
        let waiting = self.mailings.iter().find(|(waits, _)| *waits == mailing);
        waiting.and_then(|(_, waiting)| waiting.sent.filter(|_| waiting.is_fresh(now, now)))
    }

    /// Takes note that a mail server, which so can be reached, took one or answered about its reader.
    pub(super) fn heard(&mut self, mailing: Mailing) {
        self.reached();
        self.mailings.retain(|(waits, _)| *waits != mailing);
    }
}

impl Waiting {
    /// What goes on, or begins now, as is seen of this message, or of all.
    fn on(before: Option<Self>, delivery: Option<DeliveryId>, now: UnixMillis) -> Self {
        Self {
            since: before.map_or(now, |before| before.since),
            seen: now,
            sent: before.and_then(|before| before.sent),
            only: match before {
                Some(before) => before.only.filter(|only| Some(*only) == delivery),
                None => delivery,
            },
        }
    }

    /// Whether it still says something of a try that began then. It does not where the clock was set back since.
    fn is_fresh(&self, began: UnixMillis, now: UnixMillis) -> bool {
        self.seen <= now && began.since(self.seen) < FORGOTTEN
    }
}

#[cfg(test)]
mod tests {
    use reveille_model::{EditionId, NoticeId};

    use super::*;

    const ONE: Mailing = Mailing::Edition(EditionId(1));
    const OTHER: Mailing = Mailing::Correction(NoticeId(1));
    const START: UnixMillis = UnixMillis(1_773_122_400_000);

    fn after(seconds: i64) -> UnixMillis {
        START.plus(1_000 * seconds)
    }

    #[test]
    fn only_time_makes_a_failure_of_waiting() {
        let mut patience = Patience::default();
        for _ in 0..1_000 {
            assert_eq!(patience.out_of_reach(START, START), 0);
            assert_eq!(patience.put_off(ONE, START), 0);
        }
        assert_eq!(patience.out_of_reach(after(2), after(3)), 3_000);
        assert_eq!(patience.put_off(ONE, after(3)), 3_000);
    }

    #[test]
    fn what_waits_a_minute_for_its_next_try_has_waited_all_the_time() {
        let mut patience = Patience::default();
        for minute in 0..100 {
            assert_eq!(patience.put_off(ONE, after(60 * minute)), 60_000 * minute);
        }
    }

    #[test]
    fn only_several_messages_in_a_row_show_that_a_server_is_busy_with_all() {
        let mut patience = Patience::default();
        let [ann, bob] = [DeliveryId(1), DeliveryId(2)];
        for minute in 0..5 {
            assert_eq!(patience.busy(ONE, ann, after(60 * minute)), Some(0));
            if minute == 2 {
                patience.heard(ONE);
            }
        }
        assert_eq!(patience.busy(ONE, ann, after(300)), None, "it is the reader");
        assert_eq!(
            patience.busy(OTHER, ann, after(300)),
            Some(0),
            "of another mailing"
        );
        assert_eq!(
            patience.busy(ONE, bob, after(301)),
            Some(121_000),
            "since it was heard"
        );
        patience.heard(ONE);
        assert_eq!(patience.busy(ONE, bob, after(361)), Some(0));
        assert_eq!(patience.put_off(ONE, after(421)), 60_000);
        assert_eq!(patience.busy(ONE, bob, after(422)), Some(61_000));
        assert_eq!(patience.busy(ONE, ann, after(300 + 3_600)), Some(0), "long after");
    }

    #[test]
    fn it_begins_anew_with_what_was_heard_and_when_it_is_forgotten() {
        let mut patience = Patience::default();
        patience.put_off(ONE, START);
        patience.heard(ONE);
        assert_eq!(patience.put_off(ONE, after(60)), 0);
        assert_eq!(
            patience.put_off(ONE, after(240)),
            0,
            "once each, long after one another"
        );
        assert_eq!(patience.put_off(ONE, after(270)), 30_000);
        patience.out_of_reach(START, START);
        patience.reached();
        assert_eq!(patience.out_of_reach(after(60), after(60)), 0);
        assert_eq!(patience.out_of_reach(after(240), after(240)), 0);
        assert_eq!(
            patience.out_of_reach(after(200), after(200)),
            0,
            "the clock was set back"
        );
    }

    #[test]
    fn what_another_mailing_hears_says_nothing_of_this_one() {
        let mut patience = Patience::default();
        patience.put_off(ONE, START);
        patience.put_off(OTHER, after(20));
        patience.heard(OTHER);
        assert_eq!(patience.put_off(ONE, after(30)), 30_000);
        assert_eq!(patience.put_off(OTHER, after(30)), 0);
        patience.put_off(OTHER, after(210));
        assert_eq!(patience.mailings.len(), 1, "the first one is forgotten");
    }

    #[test]
    fn how_many_were_sent_of_a_mailing_is_that_of_when_it_began_to_wait() {
        let mut patience = Patience::default();
        patience.note_sent(ONE, 5);
        assert_eq!(patience.sent_when_put_off(ONE, START), None, "it does not wait");
        patience.put_off(ONE, START);
        patience.note_sent(ONE, 5);
        patience.put_off(ONE, after(60));
        patience.note_sent(ONE, 7);
        assert_eq!(patience.sent_when_put_off(ONE, after(60)), Some(5));
        assert_eq!(patience.sent_when_put_off(OTHER, after(60)), None);
        assert_eq!(
            patience.sent_when_put_off(ONE, after(240)),
            None,
            "it is forgotten"
        );
        patience.heard(ONE);
        patience.put_off(ONE, after(240));
        assert_eq!(patience.sent_when_put_off(ONE, after(240)), None);
    }

    #[test]
    fn a_mail_server_that_says_nothing_is_waited_for_from_one_try_to_the_next() {
        let mut patience = Patience::default();
        assert_eq!(patience.out_of_reach(START, after(600)), 0);
        assert_eq!(patience.out_of_reach(after(601), after(1_201)), 601_000);
    }
}
