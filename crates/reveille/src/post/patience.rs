//! Since when nothing gets through, and how long that has lasted. Pure.
//!
//! That no connection can be had is known of the mail servers, whichever mailing tried. That messages are put off is known of their
//! own mailing only: a mail server that has no room for large ones now (452; RFC 1870, section 6.1) takes another mailing's small
//! ones meanwhile. What is put off is tried again a minute later, by another run of its mailing, so all this outlives a run.

use std::collections::HashMap;

use reveille_model::{DeliveryId, UnixMillis};
use reveille_store::deliveries::Mailing;

/// What was last seen so long ago says nothing of now, in milliseconds. Whatever is put off is tried again within a minute, and a
/// pause of the mail server's may add half of one.
const FORGOTTEN: i64 = 180_000;

/// When a message is tried again that the mail server did not want to hear of yet, or that was lost with its connection, in
/// milliseconds: nobody was asked to wait for half an hour then.
pub(crate) const AGAIN_MILLIS: i64 = 60_000;
/// So often a mail server may be busy with one message, or refuse it in words that may speak of us, a minute after the other and while
/// it takes others, before its reader counts as the reason.
const MOST: u32 = 5;
/// So many readers of a mailing whom a mail server does not know may stand in a row behind others that it took: more of them are its own
/// affair, most likely.
const LONGEST_ROW: u32 = 100;
/// For so long, in milliseconds, that a mail server took something shows that it does not refuse all: longer than so many tries take,
/// and no longer than a mailing rests, so that what was taken before a rest shows nothing after it.
const SHOWS: i64 = 600_000;
/// After so long, in milliseconds, a message is given up that may be refused for a reason of ours all the same: two days, as long as any
/// is tried.
const LONGEST: i64 = 2 * 86_400_000;
/// So many messages are remembered at least before any is forgotten.
const FEW: usize = 1_000;
/// For so long that is remembered of a message, in milliseconds: longer than so many tries take with two rests between them.
const REMEMBERED: i64 = 3_600_000;

/// What has waited, and how long so far.
#[derive(Default)]
pub(super) struct Patience {
    /// For a connection.
    servers: Option<Waiting>,
    /// For a mail server that takes their messages.
    mailings: Vec<(Mailing, Waiting)>,
    /// Messages that a mail server did not take once it had heard of the reader, perhaps for a reason of ours or of its own.
    doubted: Tries,
    /// When something was last taken of each mailing.
    taken: Vec<(Mailing, UnixMillis)>,
}

/// Messages that were not taken again and again.
#[derive(Default)]
struct Tries {
    of: HashMap<(Mailing, DeliveryId), Tried>,
    /// Beyond so many those are looked for that say nothing any more.
    most: usize,
}

struct Tried {
    /// How many tries say something of its reader.
    times: u32,
    since: UnixMillis,
    seen: UnixMillis,
}

/// What a mail server said of a message that it did not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// That nobody has the reader's address.
    Unknown,
    /// All else.
    Else,
}

/// Whom an answer speaks of that may have us, or the mail server itself, as its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Its reader or message: it was so again and again while others were taken.
    Other,
    /// Nobody knows: it was so again and again, and others were taken before it alone.
    Open,
    /// Those most likely, since others are taken.
    Perhaps,
    /// One or the other: it is the only message that was tried of late. So it has been for so long, in milliseconds.
    Alone(i64),
    /// Us, or the mail server, as far as can be told: nothing else was taken for so long, in milliseconds.
    Us(i64),
}

impl Doubt {
    /// After how many milliseconds the message is tried again. What is tried alone waits for twice as long each time, and no longer than
    /// what is taken meanwhile shows whom it speaks of.
    pub(crate) fn pause(self) -> i64 {
        match self {
            Self::Alone(waited) => waited.clamp(AGAIN_MILLIS, SHOWS - 2 * AGAIN_MILLIS),
            _ => AGAIN_MILLIS,
        }
    }
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
    /// Of how many messages it was seen that nobody has their readers' addresses.
    unknown: u32,
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

    /// Takes note that a mail server was busy with a message although it had heard of its reader, or refused it in words that may speak
    /// of us or of the server, and says whom that speaks of. What is taken of the mailing after the message was not shows that others
    /// are; so does what was taken a moment before, as long as it is so with this message alone, or with few whose readers nobody
    /// knows.
    pub(super) fn doubt(
        &mut self,
        mailing: Mailing,
        (delivery, said): (DeliveryId, Said),
        now: UnixMillis,
    ) -> Doubt {
        let mut taken = self.taken.iter().filter(|(of, _)| *of == mailing);
        let taken = taken.next().map(|(_, at)| *at);
        let taken = taken.filter(|at| *at <= now && now.since(*at) < SHOWS);
        let since = self.doubted.again((mailing, delivery), now).since;
        let is_shown = since != now && taken.is_some_and(|at| at >= since);
        let end = match is_shown || said == Said::Else {
            true => Doubt::Other,
            false => Doubt::Open,
        };
        if now.since(since) >= LONGEST {
            return end;
        }
        if !is_shown {
            let waiting = self.wait(mailing, Some(delivery), now);
            waiting.unknown += u32::from(said == Said::Unknown && since == now);
            let are_few = said == Said::Unknown && waiting.unknown <= LONGEST_ROW;
            if taken.is_none() || waiting.only.is_none() && !are_few {
                return match waiting.only {
                    Some(_) => Doubt::Alone(now.since(since)),
                    None => Doubt::Us(now.since(waiting.since)),
                };
            }
        }
        let tried = self.doubted.again((mailing, delivery), now);
        tried.times += 1;
        match tried.times > MOST {
            true => end,
            false => Doubt::Perhaps,
        }
    }

    fn wait(&mut self, mailing: Mailing, delivery: Option<DeliveryId>, now: UnixMillis) -> &mut Waiting {
        // Also what is over by itself, and would be kept for ever.
        self.mailings.retain(|(_, waiting)| waiting.is_fresh(now, now));
        let before = self.mailings.iter().position(|(waits, _)| *waits == mailing);
        let before = before.map(|place| self.mailings.swap_remove(place).1);
        let waiting = Waiting::on(before, delivery, now);
        self.mailings.push((mailing, waiting));
        let last = self.mailings.len() - 1;
        &mut self.mailings[last].1
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

    /// Takes note that a mail server took a message.
    pub(super) fn taken(&mut self, mailing: Mailing, now: UnixMillis) {
        self.taken
            .retain(|(of, at)| *of != mailing && now.since(*at) < SHOWS);
        self.taken.push((mailing, now));
    }

    /// Takes note that a mail server, which so can be reached, took one or answered about its reader.
    pub(super) fn heard(&mut self, mailing: Mailing) {
        self.reached();
        self.mailings.retain(|(waits, _)| *waits != mailing);
    }
}

impl Tries {
    /// The message, seen once more.
    fn again(&mut self, message: (Mailing, DeliveryId), now: UnixMillis) -> &mut Tried {
        let is_fresh = |tried: &Tried| tried.seen <= now && now.since(tried.seen) < REMEMBERED;
        if self.of.len() > self.most {
            self.of.retain(|_, tried| is_fresh(tried));
            self.most = FEW.max(2 * self.of.len());
        }
        let first = || Tried {
            times: 0,
            since: now,
            seen: now,
        };
        let tried = self.of.entry(message).or_insert_with(first);
        if !is_fresh(tried) {
            *tried = first();
        }
        tried.seen = now;
        tried
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
            unknown: before.map_or(0, |before| before.unknown),
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
    fn a_refusal_speaks_of_its_reader_only_where_others_are_taken() {
        let mut patience = Patience::default();
        let [ann, bob, cy] = [1, 2, 3].map(DeliveryId);
        assert_eq!(patience.doubt(ONE, (ann, Said::Else), START), Doubt::Alone(0));
        assert_eq!(patience.doubt(ONE, (bob, Said::Else), after(1)), Doubt::Us(1_000));
        assert_eq!(
            patience.doubt(ONE, (ann, Said::Else), after(60)),
            Doubt::Us(60_000)
        );
        patience.taken(OTHER, after(61));
        assert_eq!(
            patience.doubt(ONE, (ann, Said::Else), after(62)),
            Doubt::Us(62_000)
        );
        // After a rest the server takes all but these.
        patience.heard(ONE);
        patience.taken(ONE, after(700));
        for minute in 0..5 {
            let now = after(700 + 60 * minute);
            assert_eq!(
                patience.doubt(ONE, (ann, Said::Else), now),
                Doubt::Perhaps,
                "{minute}"
            );
            assert_eq!(
                patience.doubt(ONE, (bob, Said::Else), now),
                Doubt::Perhaps,
                "{minute}"
            );
        }
        assert_eq!(patience.doubt(ONE, (ann, Said::Else), after(1_000)), Doubt::Other);
        // A single one in the end, after which nothing is left to be taken.
        for minute in 0..5 {
            let now = after(1_001 + 60 * minute);
            assert_eq!(
                patience.doubt(ONE, (cy, Said::Else), now),
                Doubt::Perhaps,
                "{minute}"
            );
        }
        assert_eq!(
            patience.doubt(ONE, (cy, Said::Else), after(1_301)),
            Doubt::Alone(300_000),
            "it is long since that others were taken"
        );
    }

    #[test]
    fn readers_whom_nobody_knows_are_ended_only_where_others_are_taken_after_them() {
        let tried = |readers: i64, taken: &[i64]| {
            let mut patience = Patience::default();
            patience.taken(ONE, START);
            let mut said = Vec::new();
            for minute in 0..6 {
                let now = after(1 + 60 * minute);
                if taken.contains(&minute) {
                    patience.heard(ONE);
                    patience.taken(ONE, now);
                }
                let readers = (0..readers).map(DeliveryId);
                said = readers
                    .map(|reader| patience.doubt(ONE, (reader, Said::Unknown), now))
                    .collect();
            }
            said
        };
        assert_eq!(tried(50, &[1]), [Doubt::Other; 50]);
        assert_eq!(tried(50, &[]), [Doubt::Open; 50], "they may be anybody");
        let many = tried(200, &[]);
        assert!(
            many[100..].iter().all(|doubt| *doubt == Doubt::Us(300_000)),
            "{many:?}"
        );
        assert_eq!(tried(200, &[1, 2, 3, 4, 5])[..100], [Doubt::Other; 100]);
    }

    #[test]
    fn a_message_that_is_tried_alone_waits_longer_and_longer_until_others_show_whom_that_speaks_of() {
        let mut patience = Patience::default();
        let (mut now, mut pauses) = (START, Vec::new());
        for _ in 0..6 {
            let doubt = patience.doubt(ONE, (DeliveryId(1), Said::Else), now);
            assert_eq!(doubt, Doubt::Alone(now.since(START)));
            pauses.push(doubt.pause() / 60_000);
            now = now.plus(doubt.pause());
        }
        assert_eq!(pauses, [1, 1, 2, 4, 8, 8]);
        patience.taken(ONE, now);
        for _ in 0..5 {
            assert_eq!(
                patience.doubt(ONE, (DeliveryId(1), Said::Else), now),
                Doubt::Perhaps
            );
            now = now.plus(AGAIN_MILLIS);
        }
        assert_eq!(
            patience.doubt(ONE, (DeliveryId(1), Said::Else), now),
            Doubt::Other
        );
    }

    #[test]
    fn a_server_that_takes_nothing_all_day_costs_no_reader_a_try() {
        let mut patience = Patience::default();
        for minute in 0..600 {
            for reader in [1, 2].map(DeliveryId) {
                let doubt = patience.doubt(ONE, (reader, Said::Else), after(60 * minute));
                assert!(
                    matches!(doubt, Doubt::Us(_) | Doubt::Alone(0)),
                    "{minute}: {doubt:?}"
                );
            }
        }
        for minute in 600..=2_880 {
            patience.doubt(ONE, (DeliveryId(1), Said::Else), after(60 * minute));
        }
        let late = patience.doubt(ONE, (DeliveryId(1), Said::Else), after(60 * 2_881));
        assert_eq!(late, Doubt::Other, "but is not tried for ever");
    }

    #[test]
    fn what_was_taken_before_a_server_refuses_all_costs_nobody_who_comes_after() {
        let mut patience = Patience::default();
        let readers: Vec<_> = (0..20).map(DeliveryId).collect();
        patience.taken(ONE, START);
        for rest in 0..20 {
            for reader in &readers {
                let now = after(1 + 601 * rest);
                assert_ne!(
                    patience.doubt(ONE, (*reader, Said::Else), now),
                    Doubt::Other,
                    "{rest}"
                );
            }
        }
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
