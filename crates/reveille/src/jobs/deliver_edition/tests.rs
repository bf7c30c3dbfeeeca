//! The runs of mailings on one node, by a clock that is set forward from one to the next.

use std::time::Duration;

use reveille_desk::Right;
use reveille_mail::{
    catcher::{self, Act, Catcher, CatcherOptions, Dialect, Fault},
    smtp::Phase,
};
use reveille_model::{AlertKind, Clock, Consent, ConsentKind, DeliveryState, Home, MailFormat, Means, Zone};
use reveille_store::{
    Store, alerts, briefs,
    deliveries::{next_due, tally},
    editions::{self, StoredEdition},
    subscribers::{self, Listed},
};
use tempfile::TempDir;
use tokio::net::TcpListener;

use self::mailing::MORNING;
use crate::{
    app::App,
    clock::Settable,
    config::{Config, Sources},
    jobs::{
        Kind,
        correct_edition::{Statement, correct},
    },
    letters,
    progress::Progress,
    worker,
};

mod busy;
mod connections;
mod refusals;

#[path = "../../../tests/e2e/mailing.rs"]
#[expect(dead_code, reason = "others run the binary with it")]
mod mailing;

/// A node with a mail server and one or two mailings, whose briefs have an editor.
struct Node {
    app: App,
    clock: Settable,
    mailing: mailing::Mailing,
    catchers: Vec<Catcher>,
    folder: TempDir,
}

impl Node {
    /// A mailing to so many readers, beside one to so many others some milliseconds later.
    async fn new(readers: u32, other: Option<(u32, i64)>, options: CatcherOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("store").display());
        let size = (readers, 20, 1);
        let mailing = mailing::Mailing::prepare_at(&url, 0, size, |_| "example.org", other).await;
        name_editor(&Store::open(&url).await.unwrap()).await;
        Self::at(mailing, folder, options, &[]).await
    }

    /// A mailing to so many readers by several mail servers, each with what `mail.relays` says of it besides.
    async fn by(readers: u32, servers: &[(CatcherOptions, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("store").display());
        let size = (readers, 3, 2);
        let mailing = mailing::Mailing::prepare_at(&url, 0, size, |_| "example.org", None).await;
        name_editor(&Store::open(&url).await.unwrap()).await;
        Self::at(mailing, folder, CatcherOptions::default(), servers).await
    }

    /// Another node of the same mailing, with a mail server of its own.
    async fn beside(&self, options: CatcherOptions) -> Self {
        Self::at(self.mailing.clone(), tempfile::tempdir().unwrap(), options, &[]).await
    }

    async fn at(
        mailing: mailing::Mailing,
        folder: TempDir,
        options: CatcherOptions,
        servers: &[(CatcherOptions, &str)],
    ) -> Self {
        Self::with(mailing, folder, options, servers, &[]).await
    }

    /// The same, where these settings are made besides.
    async fn with(
        mut mailing: mailing::Mailing,
        folder: TempDir,
        options: CatcherOptions,
        servers: &[(CatcherOptions, &str)],
        besides: &[&str],
    ) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let (mut catchers, mut relays) = (Vec::new(), Vec::new());
        let alone = [(options, "")];
        for (options, share) in if servers.is_empty() { &alone } else { servers } {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mailbox = folder.path().join("mailbox");
            let catcher = Catcher::start(listener, &mailbox, options.clone()).unwrap();
            relays.push(format!("smtp+clear://{}{share}", catcher.address()));
            catchers.push(catcher);
        }
        mailing.port = catchers[0].address().port();
        let mut settings = mailing.command_of_today(&[]);
        settings.extend(besides.iter().map(|setting| (*setting).to_owned()));
        if !servers.is_empty() {
            settings.push("mail.smtp.host=localhost".to_owned());
            settings.push(format!("mail.relays={}", relays.join(",")));
        }
        let flags = settings.iter().filter_map(|word| word.split_once('='));
        let config = Config::load(&Sources {
            flags: flags
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
            ..Sources::default()
        });
        let store = Store::open(&mailing.url).await.unwrap();
        let clock = Settable::starting_at(MORNING);
        Self {
            app: App::open(store, config.unwrap(), clock.clock()).await.unwrap(),
            clock,
            mailing,
            catchers,
            folder,
        }
    }

    /// Does what is due so many seconds after the morning's hour.
    async fn run_at(&self, second: i64) {
        self.clock.forward(MORNING.plus(second * 1_000));
        worker::drain(&self.app, &Kind::DELIVERING, &Progress::silent())
            .await
            .unwrap();
    }

    /// How many of a brief's mailing are in a state.
    async fn count(&self, slug: &str, state: DeliveryState) -> u64 {
        let edition = edition(&self.app.store, slug).await;
        let tally = tally(&self.app.store, edition.id).await.unwrap();
        tally.get(&state).copied().unwrap_or(0)
    }

    /// How many of a brief's mailing were sent, and whether it rests.
    async fn stands(&self, slug: &str) -> (u64, bool) {
        let edition = edition(&self.app.store, slug).await;
        (
            self.count(slug, DeliveryState::Sent).await,
            edition.paused_until.is_some_and(|until| until > self.app.now()),
        )
    }

    /// How many mails have come in.
    fn received(&self) -> usize {
        let boxes = std::fs::read_dir(self.folder.path().join("mailbox")).unwrap();
        boxes
            .map(|mailbox| std::fs::read_dir(mailbox.unwrap().path()).unwrap().count())
            .sum()
    }

    /// Has corrections of the other edition's entry stated and mailed, all at one time.
    async fn correct(&self, all: &[&str]) {
        let now = self.app.now();
        let mut app = self.app.clone();
        app.clock = Clock::new(move || now);
        for words in all {
            let edition = edition(&app.store, "other").await;
            let statement = Statement {
                number: 1,
                right: &Right::parse(words, None, None).unwrap(),
                by: "the desk",
                seen: None,
            };
            correct(&app, &edition, &statement, true).await.unwrap();
        }
    }

    /// What editors are to be told, of the edition of which brief and in which words.
    async fn told(&self) -> Vec<(String, AlertKind, String)> {
        let store = &self.app.store;
        let mut told = Vec::new();
        for id in alerts::due(store, self.app.now(), 99).await.unwrap() {
            let alert = alerts::find(store, id).await.unwrap().unwrap();
            let edition = editions::find(store, alert.edition).await.unwrap().unwrap();
            let slug = edition.edition.slug.to_string();
            told.push((slug, alert.kind, alert.words.unwrap_or_default()));
        }
        told
    }
}

/// The edition of this brief.
async fn edition(store: &Store, slug: &str) -> StoredEdition {
    let brief = briefs::find_by_slug(store, &slug.parse().unwrap()).await;
    let day = "2026-03-10".parse().unwrap();
    let edition = editions::find_by_day(store, brief.unwrap().unwrap().id, day).await;
    edition.unwrap().unwrap()
}

async fn name_editor(store: &Store) {
    let mut tx = store.begin().await.unwrap();
    for stored in briefs::list(store).await.unwrap() {
        let mut named = stored.brief.clone();
        named.editors = vec!["ed@desk.example".parse().unwrap()];
        assert!(
            briefs::update(&mut tx, stored.id, &stored.brief, &named, MORNING)
                .await
                .unwrap()
        );
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_mailing_that_is_put_off_rests_whatever_becomes_of_another_one() {
    let options = CatcherOptions {
        // For the other one's messages, of a single entry.
        room: Some(10_000),
        ..CatcherOptions::default()
    };
    let node = Node::new(3, Some((5, 30_000)), options).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (0, false), "it may pass");
    node.run_at(31).await;
    assert_eq!(node.stands("other").await, (5, false));
    node.run_at(75).await;
    assert_eq!(node.stands("morning").await, (0, true));
    // It is tried again, and again in vain.
    for second in [700, 775] {
        node.run_at(second).await;
    }
    assert_eq!(node.stands("morning").await, (0, true));
    assert_eq!(node.stands("other").await, (5, false));
    let told = node.told().await;
    let [(slug, AlertKind::Rests, words)] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(slug, "morning");
    assert!(words.contains("452 4.3.1 no room"), "{words}");
}

#[tokio::test]
async fn a_few_messages_that_the_mail_server_still_does_not_want_are_told_of_at_their_second_try() {
    const READERS: u32 = 3;
    let fault = Fault {
        at: Phase::MailFrom,
        recipient: None,
        // All of them, and the first one a minute later.
        times: READERS + 1,
        act: Act::Reply("451 4.3.0 not now".to_owned()),
    };
    let options = CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    };
    let node = Node::new(READERS, None, options).await;
    node.run_at(0).await;
    assert_eq!(
        (node.stands("morning").await, node.told().await.len()),
        ((0, false), 0)
    );
    node.run_at(75).await;
    assert_eq!(node.stands("morning").await, (0, true));
    let told = node.told().await;
    assert!(
        told.len() == 1 && told[0].2.contains("451 4.3.0 not now"),
        "{told:?}"
    );
    node.run_at(720).await;
    assert_eq!(node.stands("morning").await, (u64::from(READERS), false));
}

#[tokio::test]
async fn corrections_that_are_stated_in_the_same_millisecond_are_mails_of_their_own() {
    let node = Node::new(1, Some((3, 1_000)), CatcherOptions::default()).await;
    node.run_at(1).await;
    node.correct(&["It did not sink.", "It left on Monday."]).await;
    node.run_at(2).await;
    // Whoever has a mail of this name already, as the catcher, takes no second one.
    assert_eq!(node.received(), 1 + 3 + 2 * 3);
}

#[tokio::test]
async fn a_mailing_that_is_put_off_goes_on_where_another_node_has_sent_of_it_since() {
    let deaf = CatcherOptions {
        room: Some(10_000),
        ..CatcherOptions::default()
    };
    let fault = Fault {
        at: Phase::MailFrom,
        recipient: None,
        times: 1,
        act: Act::Reply("451 4.3.0 not now".to_owned()),
    };
    let options = CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    };
    let node = Node::new(3, None, deaf).await;
    let other = node.beside(options).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (0, false));
    other.run_at(90).await;
    assert_eq!(node.stands("morning").await, (2, false));
    // Within the three minutes after which it is forgotten that it waits.
    node.run_at(165).await;
    assert_eq!(node.stands("morning").await, (2, false));
}

#[tokio::test]
async fn what_waits_for_a_connection_while_its_edition_changes_is_printed_anew() {
    let options = CatcherOptions {
        places: Some(1),
        ..CatcherOptions::default()
    };
    let node = Node::new(1, Some((3, 1_000)), options).await;
    let store = &node.app.store;
    // The mail server's only place is taken meanwhile.
    let way = node.app.post.open().await.unwrap();
    let changing = async {
        let edition = edition(store, "other").await;
        loop {
            let tally = tally(store, edition.id).await.unwrap();
            if tally.get(&DeliveryState::Sending) == Some(&3) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut changed = edition.edition.clone();
        changed.sections[0].entries[0].headline = "The ferry rests".to_owned();
        let act = editions::changes::Act {
            by: "the desk",
            what: "reworded",
            at: node.app.now(),
        };
        let mut tx = store.begin().await.unwrap();
        editions::update(&mut tx, edition.id, &changed, "[]", &act)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        node.clock.forward(node.app.now().plus(21_500));
        way.close().await;
    };
    tokio::join!(node.run_at(1), changing);
    let mails = catcher::list(&node.folder.path().join("mailbox")).unwrap();
    let others = mails.iter().filter(|mail| mail.to.contains("other.example"));
    let texts: Vec<_> = others.map(|mail| mail.text.clone().unwrap_or_default()).collect();
    assert_eq!(texts.len(), 3);
    assert!(
        texts.iter().all(|text| text.contains("The ferry rests")),
        "{texts:?}"
    );
}

/// A mail server that says so to these readers' messages, or to anybody's, so often.
fn saying(says: &str, at: Phase, recipient: Option<&str>, times: u32) -> CatcherOptions {
    let fault = Fault {
        at,
        recipient: recipient.map(|reader| reader.parse().unwrap()),
        times,
        act: Act::Reply(says.to_owned()),
    };
    CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    }
}

/// A mail server that closes each connection without a word. One that is gone would leave its port to others.
fn down() -> CatcherOptions {
    let fault = Fault {
        at: Phase::Connect,
        recipient: None,
        times: u32::MAX,
        act: Act::Drop,
    };
    CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    }
}

#[tokio::test]
async fn a_mail_to_one_is_refused_for_good_by_what_its_readers_address_needs_and_not_by_our_own() {
    let options = CatcherOptions {
        dialect: Dialect::EightBit,
        ..CatcherOptions::default()
    };
    let node = Node::new(1, None, options).await;
    let slug = "morning".parse().unwrap();
    let brief = briefs::find_by_slug(&node.app.store, &slug)
        .await
        .unwrap()
        .unwrap();
    let send = async |reader: &str, return_path: &str| {
        let (to, text) = (reader.parse().unwrap(), ("News".to_owned(), "None.".to_owned()));
        let mut letter = letters::alert(&node.app, &brief.brief, &to, text, "1@example.org".to_owned());
        letter.return_path = Some(return_path.parse().unwrap());
        node.app.post.send_alone(&letter).await.ok()
    };
    assert_eq!(send("ann@example.org", "back@example.org").await, Some(true));
    assert_eq!(send("jürgen@example.org", "back@example.org").await, Some(false));
    assert_eq!(
        send("ann@example.org", "rücklauf@example.org").await,
        None,
        "it is tried again"
    );
}

#[tokio::test]
async fn a_reader_whose_address_waits_for_a_server_that_is_down_keeps_nobody_else_waiting() {
    let eight_bit = CatcherOptions {
        dialect: Dialect::EightBit,
        ..CatcherOptions::default()
    };
    let node = Node::by(5, &[(eight_bit, ""), (down(), "")]).await;
    let brief = briefs::find_by_slug(&node.app.store, &"morning".parse().unwrap()).await;
    let consent = Consent {
        kind: ConsentKind::Entered,
        at: MORNING,
        sentence: "Yes.".to_owned(),
        means: Means::Editor,
    };
    let listed = Listed {
        email: "jürgen@example.org".parse().unwrap(),
        home: Home::of("", None, &Zone::UTC),
        format: MailFormat::Html,
        token: "7".repeat(32),
    };
    let mut tx = node.app.store.begin().await.unwrap();
    subscribers::insert_batch(&mut tx, brief.unwrap().unwrap().id, &[listed], &consent)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for minute in 0..=3 {
        node.run_at(90 * minute).await;
        assert_eq!(node.stands("morning").await, (5, false), "{minute}");
    }
    assert!(node.told().await.is_empty());
}
