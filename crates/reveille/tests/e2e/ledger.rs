//! Killed in mid-mailing, again and again: every reader stands in one named state, nobody is lost, and whoever may
//! have got it twice is listed.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use reveille_mail::catcher::{Act, Catcher, CatcherOptions, Fault};
use reveille_mail::smtp::Phase;
use reveille_testkit::postgres;
use tokio::runtime::Runtime;

use crate::{
    mailing::Mailing,
    program::{Folder, Running, Said, said},
};

pub(crate) const READERS: u32 = 60;
const CONNECTIONS: usize = 3;
const KILLS: u32 = 8;
/// Longer than a message may be on the wire, so that what a killed node had in hand is free by then.
const STEP_MINUTES: i64 = 16;

/// What `delivery show` says.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Shown {
    state: String,
    tally: BTreeMap<String, u32>,
    doubted: u64,
    pub(crate) deliveries: Vec<Row>,
}

#[derive(Debug, serde::Deserialize)]
pub(crate) struct Row {
    pub(crate) reader: String,
    pub(crate) state: String,
    doubts: u32,
    pub(crate) message_id: String,
}

impl Shown {
    pub(crate) fn count(&self, state: &str) -> u32 {
        self.tally.get(state).copied().unwrap_or(0)
    }
}

/// A folder, a mailing that is under way in it, and how many minutes of the morning have passed.
pub(crate) struct Scene {
    pub(crate) folder: Folder,
    mailing: Mailing,
    pub(crate) catcher: Catcher,
    pub(crate) minute: i64,
    /// What every command is told besides.
    pub(crate) settings: Vec<String>,
    /// The catcher lives in it.
    _runtime: Runtime,
}

impl Scene {
    pub(crate) fn new(url: impl FnOnce(&Folder) -> String, faults: Vec<Fault>) -> Self {
        let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
        let url = url(&folder);
        let options = CatcherOptions {
            faults,
            ..CatcherOptions::default()
        };
        let catcher = runtime.block_on(folder.catcher(options));
        let size = (READERS, 3, CONNECTIONS);
        let mailing = runtime.block_on(Mailing::prepare(&url, catcher.address().port(), size));
        Self {
            folder,
            mailing,
            catcher,
            minute: 0,
            settings: Vec::new(),
            _runtime: runtime,
        }
    }

    /// A command about the mailing, at this minute of the morning.
    fn command(&self, words: &[&str]) -> Command {
        let mut words = self.mailing.command(words, self.minute);
        words.extend(
            self.settings
                .iter()
                .flat_map(|set| ["--set".to_owned(), set.clone()]),
        );
        self.folder
            .command(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub(crate) fn run(&self, words: &[&str]) -> Said {
        said(self.command(words).output().unwrap())
    }

    fn start(&self, words: &[&str]) -> Running {
        let mut command = self.command(words);
        Running::start(command.stdout(Stdio::null()).stderr(Stdio::null()))
    }

    pub(crate) fn ok(&self, words: &[&str]) -> String {
        let said = self.run(words);
        assert_eq!(said.code, Some(0), "{words:?}: {}", said.err);
        said.out
    }

    /// Sends what is due. It fails where somebody must look at what came of it.
    pub(crate) fn send(&self) {
        let said = self.run(&["edition", "send"]);
        assert!(matches!(said.code, Some(0 | 1)), "{}", said.err);
    }

    /// Says again what was said before; what is unknown yet counts as a failure.
    fn send_correction(&self, correct: &[&str]) {
        let said = self.run(correct);
        assert!(
            said.out.contains("states this already"),
            "{}{}",
            said.out,
            said.err
        );
    }

    fn handed_over(&self) -> u64 {
        let tally = self.catcher.tally();
        tally.stored + tally.repeated
    }

    /// Sends, and kills the sender once `more` messages have come through.
    fn kill_after(&self, more: u64) {
        self.kill_command_after(&["edition", "send"], more);
    }

    fn kill_command_after(&self, words: &[&str], more: u64) {
        let goal = self.handed_over() + more;
        let mut sender = self.start(words);
        while self.handed_over() < goal && sender.child().try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        drop(sender);
    }

    pub(crate) fn show(&self) -> Shown {
        let out = self.ok(&[
            "delivery",
            "show",
            "--doubted",
            "--limit",
            "99",
            "--format",
            "json",
        ]);
        serde_json::from_str(&out).unwrap()
    }

    /// Sends until nothing more happens by itself, then what is held too.
    fn finish(&mut self) -> Shown {
        for _ in 0..20 {
            self.send();
            let shown = self.show();
            if shown.count("sent") == READERS {
                return shown;
            }
            if shown.state == "sent" {
                self.ok(&["delivery", "resend"]);
            }
            self.minute += STEP_MINUTES;
        }
        panic!("it never ends: {:?}", self.show());
    }

    /// Each reader has the message once; the catcher knew every repeat by its Message-ID, and the ledger lists it.
    fn check_end(&self, shown: &Shown) {
        let boxes = self.folder.mailboxes();
        assert_eq!(boxes.len(), READERS as usize, "{boxes:?}");
        assert!(boxes.iter().all(|(_, messages)| *messages == 1), "{boxes:?}");
        let repeats = self.catcher.tally().repeated;
        let doubts: u32 = shown.deliveries.iter().map(|row| row.doubts).sum();
        assert!(
            repeats <= u64::from(doubts),
            "{repeats} repeats, and listed are {shown:?}"
        );
        assert_eq!(shown.deliveries.len() as u64, shown.doubted);
        let names: BTreeSet<_> = shown.deliveries.iter().map(|row| &row.message_id).collect();
        assert_eq!(
            names.len(),
            shown.deliveries.len(),
            "each mail has its name: {shown:?}"
        );
        let tells_nothing = |name: &&String| name.find('@') == Some(32) && !name.contains("morning");
        assert!(names.iter().all(tells_nothing), "{names:?}");
    }
}

pub(crate) fn store_in(folder: &Folder) -> String {
    format!("sqlite:{}", folder.path().join("store").display())
}

#[test]
fn killed_again_and_again_every_reader_stands_in_one_state_and_repeats_are_listed() {
    let mut scene = Scene::new(store_in, Vec::new());
    let mut doubted = 0;
    for kill in 0..KILLS {
        scene.kill_after(u64::from(kill % 4) + 2);
        let shown = scene.show();
        assert_eq!(shown.tally.values().sum::<u32>(), READERS, "{shown:?}");
        assert_eq!(
            shown.count("wire") + shown.count("sending"),
            0,
            "nobody has them: {shown:?}"
        );
        let doubts: u32 = shown.deliveries.iter().map(|row| row.doubts).sum();
        assert!(
            doubts - doubted <= 2 * CONNECTIONS as u32,
            "more than one on the wire and one announced for each connection: {shown:?}"
        );
        doubted = doubts;
        scene.minute += STEP_MINUTES;
    }
    let shown = scene.finish();
    scene.check_end(&shown);
    let repeats = scene.catcher.tally().repeated;
    assert!(
        repeats <= u64::from(KILLS) * CONNECTIONS as u64,
        "more than one message of each connection had arrived unknown to the ledger: {repeats}"
    );
}

#[test]
fn a_node_that_is_killed_on_postgresql_leaves_nobody_behind() {
    let server = postgres::url().unwrap();
    let url = postgres::create_database(server, &format!("ledger_{}", std::process::id())).unwrap();
    let mut scene = Scene::new(|_| url.clone(), Vec::new());
    for kill in 0..3 {
        scene.kill_after(kill + 2);
        scene.minute += STEP_MINUTES;
    }
    let shown = scene.finish();
    scene.check_end(&shown);
    postgres::drop_database(&url);
}

#[test]
fn an_answer_that_is_lost_is_waited_out_and_the_message_sent_once_more() {
    let lost = |act, times| Fault {
        at: Phase::AfterData,
        recipient: None,
        times,
        act,
    };
    let mut scene = Scene::new(store_in, vec![lost(Act::StoreThenDrop, 2), lost(Act::Drop, 2)]);
    scene.send();
    let shown = scene.show();
    assert_eq!(
        (shown.count("unknown"), shown.count("sent")),
        (4, READERS - 4),
        "{shown:?}"
    );
    // Before the ten minutes are over, nothing goes out.
    scene.minute = 9;
    scene.send();
    assert_eq!(scene.show().count("unknown"), 4);
    scene.minute = 11;
    let shown = scene.finish();
    assert_eq!((shown.state.as_str(), shown.doubted), ("sent", 4), "{shown:?}");
    assert_eq!(scene.catcher.tally().repeated, 2);
    scene.check_end(&shown);
}

/// A scene whose mail server says this so often at that point, of one reader or of all.
fn refusing(at: Phase, recipient: Option<&str>, says: &str, times: u32) -> Scene {
    let fault = Fault {
        at,
        recipient: recipient.map(|address| address.parse().unwrap()),
        times,
        act: Act::Reply(says.to_owned()),
    };
    Scene::new(store_in, vec![fault])
}

/// Sends until the mailing rests for what the mail server says, and shows how it stands then.
fn sent_until_it_rests(scene: &Scene, says: &str) -> Shown {
    let said = scene.run(&["edition", "send"]);
    assert_eq!(said.code, Some(1), "{says}: {}", said.err);
    assert!(
        said.out.contains("rests until") && said.out.contains(says),
        "{}",
        said.out
    );
    assert!(said.err.contains("the mailing rests"), "{}", said.err);
    scene.show()
}

#[test]
fn a_server_that_refuses_the_sender_costs_no_reader_their_edition() {
    for (at, says) in [
        (Phase::MailFrom, "554 5.7.1 relay denied"),
        (Phase::RcptTo, "550 5.7.1 relaying denied, sign in first"),
        (
            Phase::RcptTo,
            "550 5.1.0 Sender address rejected: User unknown in local recipient table",
        ),
    ] {
        let scene = refusing(at, None, says, 1_000);
        let shown = sent_until_it_rests(&scene, says);
        assert_eq!(shown.count("queued"), READERS, "{says}: {shown:?}");
    }
    let scene = refusing(Phase::MailFrom, None, "550 5.7.1 wait a little", 5);
    scene.ok(&["edition", "send"]);
    assert_eq!(scene.show().count("sent"), READERS);
    // An address that is not in ASCII is none of this reader's, and theirs waits until it is another.
    let scene = refusing(Phase::MailFrom, None, "553 5.6.7 no UTF-8 here", 1);
    scene.send();
    let shown = scene.show();
    assert_eq!(
        (shown.count("queued"), shown.count("sent")),
        (1, READERS - 1),
        "{shown:?}"
    );
}

#[test]
fn a_server_that_refuses_one_reader_after_another_for_no_fault_of_theirs_is_not_asked_for_all() {
    let says = "550 your domain sends too much today";
    let scene = refusing(Phase::RcptTo, None, says, 1_000);
    let shown = sent_until_it_rests(&scene, says);
    let (refused, queued) = (shown.count("refused"), shown.count("queued"));
    assert_eq!(refused + queued, READERS, "{shown:?}");
    assert!(queued >= READERS / 2, "{shown:?}");
}

#[test]
fn an_address_that_is_none_by_the_servers_answer_gets_no_more_mail() {
    for (says, state) in [("550 5.1.1 nobody", "bounced"), ("552 5.2.2 full", "active")] {
        let scene = refusing(Phase::RcptTo, Some("reader7@example.org"), says, 1);
        scene.send();
        assert_eq!(scene.show().count("refused"), 1);
        let listed = scene.ok(&["subscribers", "list"]);
        let line = listed.lines().find(|line| line.contains("reader7@")).unwrap();
        assert!(line.contains(state), "{says}: {line}");
    }
}

#[test]
fn a_correction_reaches_each_reader_once_over_few_connections_and_through_a_kill() {
    let mut scene = Scene::new(store_in, Vec::new());
    scene.ok(&["edition", "send"]);
    let before = scene.catcher.tally().connections;
    let correct = ["edition", "correct", "1", "It was the pond.", "--send"];
    scene.kill_command_after(&correct, 10);
    scene.minute = STEP_MINUTES;
    scene.send_correction(&correct);
    scene.minute *= 2;
    scene.send_correction(&correct);
    let boxes = scene.folder.mailboxes();
    assert_eq!(boxes.len(), READERS as usize);
    assert!(boxes.iter().all(|(_, messages)| *messages == 2), "{boxes:?}");
    let connections = scene.catcher.tally().connections - before;
    assert!(connections <= 4 * CONNECTIONS as u64, "{connections} connections");
    let shown = scene.show();
    assert_eq!(
        (shown.count("sent"), shown.doubted),
        (READERS, 0),
        "the edition's own ledger: {shown:?}"
    );
    let printed = scene.ok(&["edition", "show"]);
    assert_eq!(printed.matches("It was the pond.").count(), 1, "{printed}");
}

#[test]
fn a_correction_that_is_stopped_says_how_it_goes_on() {
    let mut scene = Scene::new(store_in, Vec::new());
    scene.send();
    let goal = scene.handed_over() + 3;
    let correct = ["edition", "correct", "1", "It was the pond.", "--send"];
    let mut words = scene.mailing.command(&correct, scene.minute);
    // Slow enough to be stopped on the way.
    words.extend(["--set", "mail.rates=example.org=5"].map(str::to_owned));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut command = scene.folder.command(&words);
    let mut sender = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    while scene.handed_over() < goal && sender.child().try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(1));
    }
    if sender.child().try_wait().unwrap().is_none() {
        sender.signal("-INT");
    }
    let said = sender.said();
    assert!(
        said.out.contains(" queued") && said.out.contains("to go on with the rest, run the same again"),
        "{}{}",
        said.out,
        said.err
    );
    // The clock of a rehearsal begins anew: before what was due, if it began at the same minute.
    scene.minute += 1;
    let again = scene.ok(&correct);
    assert!(
        again.contains("Mails to readers who have entry 1 wrong: 60 sent."),
        "{again}"
    );
    assert!(
        scene
            .folder
            .mailboxes()
            .iter()
            .all(|(_, messages)| *messages == 2)
    );
}
