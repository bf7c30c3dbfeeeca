//! Random histories of two nodes that claim, send, stall, die and come back, of an edition that is taken back now and then and
//! readers who leave, pause, go on, or move to another address or zone, each step beside a small model of what the ledger ought to say.

mod checks;
mod homes;
mod model;
mod moves;
mod nodes;
mod recall;

use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicU32, Ordering},
};

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use reveille_model::{
    Brief, BriefId, ConsentKind, DeliveryState, EditionId, IfUnknown, ReturnKind, SubscriberId, UnixMillis,
    Zone,
};
use reveille_store::{
    Store, briefs,
    deliveries::{self, Claim, Delivery, Leaving, Outcome, Stuck},
    subscribers,
};
use reveille_testkit::postgres_database;

use self::model::Row;
use crate::{
    deliveries::leaving,
    fixture::{MINUTE, MORNING, consent, edition, new_brief, new_subscriber, refusal},
};

const READERS: usize = 4;
const LEASE: i64 = MINUTE;
/// Where readers live: the edition's hour there is past, and its day ends at another time.
const ZONES: [&str; 3] = ["Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo"];

/// What happens next.
#[derive(Debug, Clone, Copy)]
enum Step {
    Claim(usize, u32),
    Wire(usize),
    HandOver(usize, Answer),
    Record(usize),
    PutBack(usize),
    /// Holds on to what it has, and takes what others let go.
    Beat(usize),
    Die(usize),
    /// Both die, and the next process knows that it is alone.
    Restart,
    Wait(i64),
    Leave(usize),
    /// A reader has the brief sent to another address.
    Move(usize),
    /// They live in the zone of this number now.
    Home(usize, usize),
    Pause(usize),
    GoOn(usize),
    /// The operator sends what is unknown once more.
    Resend,
    /// An editor takes the edition back, …
    Recall,
    /// … and lets it go out with another text.
    Approve,
}

/// What a mail server makes of a message.
#[derive(Debug, Clone, Copy)]
enum Answer {
    Taken,
    Refused,
    Deferred,
    /// None; whether it took the message all the same.
    Silence(bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let node = 0..2_usize;
    let answer = prop_oneof![
        4 => Just(Answer::Taken),
        1 => Just(Answer::Refused),
        1 => Just(Answer::Deferred),
        1 => any::<bool>().prop_map(Answer::Silence),
    ];
    let step = prop_oneof![
        4 => (node.clone(), 1..4_u32).prop_map(|(node, most)| Step::Claim(node, most)),
        4 => node.clone().prop_map(Step::Wire),
        6 => (node.clone(), answer).prop_map(|(node, answer)| Step::HandOver(node, answer)),
        3 => node.clone().prop_map(Step::Record),
        1 => node.clone().prop_map(Step::PutBack),
        2 => node.clone().prop_map(Step::Beat),
        2 => node.prop_map(Step::Die),
        1 => Just(Step::Restart),
        3 => prop_oneof![Just(1), Just(10), 1..30_i64].prop_map(Step::Wait),
        1 => (0..READERS).prop_map(Step::Leave),
        2 => (0..READERS).prop_map(Step::Move),
        2 => (0..READERS, 0..ZONES.len()).prop_map(|(reader, zone)| Step::Home(reader, zone)),
        1 => (0..READERS).prop_map(Step::Pause),
        1 => (0..READERS).prop_map(Step::GoOn),
        1 => Just(Step::Resend),
        2 => Just(Step::Recall),
        2 => Just(Step::Approve),
    ];
    prop::collection::vec(step, 10..50)
}

/// What a node has in its memory, all of which goes when it dies.
#[derive(Default)]
struct Node {
    claimed: Vec<Delivery>,
    wired: Vec<Delivery>,
    answers: Vec<(SubscriberId, Claim, Outcome)>,
}

/// The ledger, the model, and what really happened.
struct World<'a> {
    store: &'a Store,
    /// Which history it is.
    number: u32,
    brief: (BriefId, Brief),
    edition: EditionId,
    rule: IfUnknown,
    readers: Vec<SubscriberId>,
    /// For the links of each reader's last address.
    tokens: Vec<String>,
    /// Each reader's addresses, the first of which names them here.
    addresses: HashMap<SubscriberId, Vec<SubscriberId>>,
    now: UnixMillis,
    nodes: [Node; 2],
    rows: HashMap<SubscriberId, Row>,
    /// The Message-ID under which each was first on the wire.
    names: HashMap<SubscriberId, String>,
    /// Who left.
    left: HashSet<SubscriberId>,
    /// Who wants no edition before the next day's.
    paused: HashSet<SubscriberId>,
    /// Who ever did.
    has_paused: HashSet<SubscriberId>,
    zones: HashMap<SubscriberId, Zone>,
    /// How often it was taken back; each time it gets another text.
    recalls: u32,
    /// With which text each claim was printed.
    texts: HashMap<Claim, u32>,
    /// How often a mail server took the message.
    taken: HashMap<SubscriberId, u32>,
    /// Who was on the wire when a node died or stalled, or got no answer.
    in_doubt: HashSet<SubscriberId>,
}

impl World<'_> {
    async fn take(&mut self, step: Step) {
        match step {
            Step::Claim(node, most) => self.claim(node, most).await,
            Step::Wire(node) => self.wire(node).await,
            Step::HandOver(node, answer) => self.hand_over(node, answer),
            Step::Record(node) => self.record(node).await,
            Step::PutBack(node) => self.put_back(node).await,
            Step::Beat(node) => self.beat(node).await,
            Step::Die(node) => self.die(node),
            Step::Restart => self.restart().await,
            Step::Wait(minutes) => self.now = self.now.plus(minutes * MINUTE),
            Step::Leave(reader) => self.leave(reader).await,
            Step::Move(reader) => self.change_address(reader).await,
            Step::Home(reader, zone) => self.change_zone(reader, ZONES[zone]).await,
            Step::Pause(reader) => self.pause(reader).await,
            Step::GoOn(reader) => self.go_on(reader).await,
            Step::Resend => self.resend().await,
            Step::Recall => self.recall().await,
            Step::Approve => self.approve().await,
        }
    }

    async fn claim(&mut self, node: usize, most: u32) {
        let (edition, rule, now) = (self.edition, self.rule, self.now);
        let mut claimed = deliveries::claim(self.store, edition, rule, most, LEASE, now)
            .await
            .unwrap();
        for one in &mut claimed {
            one.subscriber = self.person(one.subscriber);
        }
        for row in self.rows.values_mut().filter(|row| row.lease <= now) {
            row.release(now);
        }
        let expected = self.expect_claim(most as usize);
        let given: Vec<_> = claimed
            .iter()
            .map(|one| (one.subscriber, one.claim.attempts))
            .collect();
        assert_eq!(given, expected, "what a claim gives");
        self.texts
            .extend(claimed.iter().map(|one| (one.claim, self.recalls)));
        self.nodes[node].claimed.extend(claimed);
    }

    fn expect_claim(&mut self, most: usize) -> Vec<(SubscriberId, u32)> {
        let (rule, now, mut look) = (self.rule, self.now, most);
        loop {
            let mut due: Vec<_> = self
                .rows
                .iter_mut()
                .filter(|(_, row)| row.is_due(rule, now))
                .collect();
            due.sort_by_key(|(_, row)| (row.due, row.id));
            due.truncate(look);
            let (mut given, mut moved, is_over) = (Vec::new(), Vec::new(), due.is_empty());
            for (reader, row) in &mut due {
                if row.place + 1 < self.addresses[reader].len() {
                    moved.push(**reader);
                } else if (given.len() < most || row.is_over(now)) && row.take(DeliveryState::Sending, now) {
                    row.attempts += 1;
                    given.push((**reader, row.attempts));
                }
            }
            for reader in moved {
                self.follow(reader);
            }
            if !given.is_empty() || is_over {
                return given;
            }
            look *= 4;
        }
    }

    async fn wire(&mut self, node: usize) {
        let claimed = std::mem::take(&mut self.nodes[node].claimed);
        let leaving = leaving(&claimed);
        let mut tx = self.store.begin().await.unwrap();
        let wired = deliveries::wire(&mut tx, self.edition, &leaving, self.now)
            .await
            .unwrap();
        // Once more, as where it was not heard that the first one lasted.
        let again = deliveries::wire(&mut tx, self.edition, &leaving, self.now)
            .await
            .unwrap();
        assert!(again.is_empty(), "two may send");
        tx.commit().await.unwrap();
        for (delivery, Leaving { message_id, .. }) in claimed.into_iter().zip(leaving) {
            let row = self
                .rows
                .get_mut(&delivery.subscriber)
                .filter(|row| row.state == DeliveryState::Sending && row.is_held_by(delivery.claim));
            let granted = row.is_some_and(|row| row.take(DeliveryState::Wire, self.now));
            assert_eq!(wired.contains(&delivery.claim), granted, "who may send");
            if granted {
                let first = self
                    .names
                    .entry(delivery.subscriber)
                    .or_insert_with(|| message_id.clone());
                assert_eq!(*first, message_id, "the Message-ID of another try");
                self.nodes[node].wired.push(delivery);
            }
        }
    }

    fn hand_over(&mut self, node: usize, answer: Answer) {
        let Some(Delivery {
            subscriber, claim, ..
        }) = self.nodes[node].wired.pop()
        else {
            return;
        };
        assert_eq!(
            self.texts[&claim], self.recalls,
            "a text that was taken back leaves"
        );
        if !self.rows[&subscriber].is_held_by(claim) {
            self.in_doubt.insert(subscriber);
        }
        if matches!(answer, Answer::Taken | Answer::Silence(true)) {
            *self.taken.entry(subscriber).or_default() += 1;
        }
        let later = self.now.plus(MINUTE);
        let too_late = self.rows[&subscriber].late.is_some_and(|late| late <= later);
        let outcome = match answer {
            Answer::Taken => Outcome::Sent("250 ok".to_owned()),
            Answer::Refused => Outcome::Refused("550 full".to_owned(), refusal(ReturnKind::Soft)),
            Answer::Deferred if too_late => Outcome::Missed("451 later".to_owned()),
            Answer::Deferred => Outcome::Deferred(later, "451 later".to_owned()),
            Answer::Silence(_) => {
                self.in_doubt.insert(subscriber);
                Outcome::Unknown("silence".to_owned())
            }
        };
        self.nodes[node].answers.push((subscriber, claim, outcome));
    }

    async fn record(&mut self, node: usize) {
        let answers = std::mem::take(&mut self.nodes[node].answers);
        let outcomes: Vec<_> = answers
            .iter()
            .map(|(_, claim, outcome)| (*claim, outcome.clone()))
            .collect();
        let mut tx = self.store.begin().await.unwrap();
        deliveries::record(&mut tx, self.edition, &outcomes, self.now)
            .await
            .unwrap();
        let again = deliveries::record(&mut tx, self.edition, &outcomes, self.now).await;
        assert_eq!(again.unwrap(), 0, "what is recorded already is no news");
        tx.commit().await.unwrap();
        // As the ledger does: of two answers about one delivery, that the server took it counts first.
        let is_sent = |(_, _, outcome): &(_, _, Outcome)| matches!(outcome, Outcome::Sent(_));
        let (sent, others): (Vec<_>, Vec<_>) = answers.into_iter().partition(is_sent);
        for (reader, claim, outcome) in sent.into_iter().chain(others) {
            let row = self.rows.get_mut(&reader).unwrap();
            if !row.is_held_by(claim) {
                self.in_doubt.insert(reader);
            }
            row.record(claim, &outcome, self.now);
        }
    }

    async fn leave(&mut self, reader: usize) {
        let mut tx = self.store.begin().await.unwrap();
        let line = consent(ConsentKind::Left, self.now);
        subscribers::leave(&mut tx, &self.tokens[reader], &line)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.left.insert(self.readers[reader]);
        if let Some(row) = self.rows.get_mut(&self.readers[reader]) {
            row.is_unwanted = true;
        }
    }

    async fn resend(&mut self) {
        let mut tx = self.store.begin().await.unwrap();
        deliveries::resend(&mut tx, self.edition, Stuck::Unknown, None, self.now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let unknown = self
            .rows
            .values_mut()
            .filter(|row| row.state == DeliveryState::Unknown);
        for row in unknown {
            row.state = DeliveryState::Queued;
            row.due = self.now;
            row.late = None;
            row.tries = 0;
        }
    }

    /// A healthy node works off what is left.
    async fn finish(&mut self) {
        self.die(1);
        self.record(0).await;
        self.approve().await;
        loop {
            self.take(Step::Claim(0, 99)).await;
            self.take(Step::Wire(0)).await;
            while !self.nodes[0].wired.is_empty() {
                self.hand_over(0, Answer::Taken);
            }
            self.record(0).await;
            let next = deliveries::next_due(self.store, self.edition, self.rule, self.now)
                .await
                .unwrap();
            let Some(next) = next else { return };
            self.now = self.now.max(next);
        }
    }
}

async fn play(store: &Store, rule: IfUnknown, steps: &[Step]) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut tx = store.begin().await.unwrap();
    let plan = Brief {
        // Past, so that what ended at one address is not planned for the next.
        send_at: "03:00".parse().unwrap(),
        ..new_brief(&format!("history-{number}"))
    };
    let brief = briefs::insert(&mut tx, &plan, MORNING).await.unwrap().id();
    let edition = edition(&mut tx, brief, "2026-03-10").await;
    let mut tokens = Vec::new();
    for reader in 0..READERS {
        let active = reveille_model::SubscriberState::Active;
        let new = new_subscriber(brief, number * 1_000 + u32::try_from(reader).unwrap(), active);
        subscribers::insert(&mut tx, &new).await.unwrap();
        tokens.push(new.token);
    }
    tx.commit().await.unwrap();
    let readers = subscribers::list(store, brief, None, None, 9).await.unwrap();
    let readers: Vec<_> = readers.into_iter().map(|reader| reader.id).collect();
    let mut world = World {
        store,
        number,
        brief: (brief, plan),
        edition,
        rule,
        addresses: readers.iter().map(|reader| (*reader, vec![*reader])).collect(),
        readers,
        tokens,
        now: MORNING,
        nodes: Default::default(),
        rows: HashMap::new(),
        names: HashMap::new(),
        left: HashSet::new(),
        paused: HashSet::new(),
        has_paused: HashSet::new(),
        zones: HashMap::new(),
        recalls: 0,
        texts: HashMap::new(),
        taken: HashMap::new(),
        in_doubt: HashSet::new(),
    };
    world.approve().await;
    for step in steps {
        world.take(*step).await;
        world.agrees().await;
    }
    world.finish().await;
    world.agrees().await;
    world.check_end().await;
}

fn histories(runtime: &tokio::runtime::Runtime, store: &Store, cases: u32) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let rule = prop_oneof![Just(IfUnknown::Resend), Just(IfUnknown::Hold)];
    let outcome = TestRunner::new(config).run(&(rule, steps()), |(rule, steps)| {
        runtime.block_on(play(store, rule, &steps));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn no_history_on_sqlite_loses_a_reader_or_repeats_in_silence() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // In memory where the system has such a folder: it is the order of things that is tested, not the disk.
    let folder = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    let url = format!("sqlite:{}", folder.path().join("store").display());
    let store = runtime.block_on(Store::open(&url)).unwrap();
    runtime.block_on(store.migrate()).unwrap();
    histories(&runtime, &store, 1_500);
}

#[test]
fn no_history_on_postgresql_loses_a_reader_or_repeats_in_silence() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let db = runtime.block_on(postgres_database());
    histories(&runtime, &db.store, 60);
}
