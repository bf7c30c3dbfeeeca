//! Several nodes at one mailing on PostgreSQL: they share it, and take over from one that dies or is paused.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use reveille_mail::{
    catcher::{Act, Catcher, CatcherOptions, Fault},
    smtp::Phase,
};
use reveille_testkit::postgres;
use tokio::runtime::Runtime;

use crate::{
    mailing::Mailing,
    program::{Folder, Running, Said},
};

/// How long nothing may move of what is waited for, on a machine with other things to do. A lease runs out within it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Starts a node.
pub(crate) fn start(folder: &Folder, arguments: &[String]) -> Running {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut command = folder.command(&arguments);
    Running::start(command.stdout(Stdio::piped()).stderr(Stdio::null()))
}

/// Sends at the morning's hour by a mail server that is none: then the mailing rests.
pub(crate) fn send_nowhere(mailing: &Mailing, folder: &Folder) -> Said {
    let mut words = mailing.command(&["edition", "send"], 0);
    words.extend(["--set", "mail.smtp.port=1"].map(str::to_owned));
    folder.run(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A mailing on PostgreSQL, and the mail servers that it may go to.
struct Scene<const SERVERS: usize> {
    folder: Folder,
    url: String,
    mailing: Mailing,
    catchers: [Catcher; SERVERS],
    /// What every node is told besides.
    settings: Vec<String>,
    /// The catchers live in it.
    _runtime: Runtime,
}

impl<const SERVERS: usize> Scene<SERVERS> {
    fn new(name: &str, readers: u32, connections: usize, discard: bool) -> Self {
        let options = CatcherOptions {
            discard,
            ..CatcherOptions::default()
        };
        Self::with(name, readers, connections, &options)
    }

    /// A mailing to a few readers that takes ten seconds: long enough to do something to its node amid it, on a machine with other
    /// things to do.
    fn unhurried(name: &str, discard: bool) -> Self {
        let fault = Fault {
            at: Phase::AfterData,
            recipient: None,
            times: u32::MAX,
            act: Act::Wait(Duration::from_millis(20)),
        };
        let options = CatcherOptions {
            faults: vec![fault],
            discard,
            ..CatcherOptions::default()
        };
        Self::with(name, FEW, CONNECTIONS, &options)
    }

    /// The same to mail servers of this kind.
    fn with(name: &str, readers: u32, connections: usize, options: &CatcherOptions) -> Self {
        let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
        let server = postgres::url().unwrap();
        let url = postgres::create_database(server, &format!("{name}_{}", std::process::id())).unwrap();
        let catchers = std::array::from_fn(|_| runtime.block_on(folder.catcher(options.clone())));
        let port = Catcher::address(&catchers[0]).port();
        let mailing = runtime.block_on(Mailing::prepare(&url, port, (readers, 3, connections)));
        // Planned in a rehearsal of that morning, which reaches no mail server, and rests: by the machine's clock, which
        // the nodes follow, its time has come.
        let said = send_nowhere(&mailing, &folder).out;
        assert!(said.contains("rests until"), "{said}");
        Self {
            folder,
            url,
            mailing,
            catchers,
            settings: Vec::new(),
            _runtime: runtime,
        }
    }

    /// A node that delivers to the mail server of this number.
    fn start(&self, server: usize) -> Running {
        let port = self.catchers[server].address().port();
        let mut words = self.mailing.command_of_today(&["serve", "--roles", "deliver"]);
        words.extend(["--set".to_owned(), format!("mail.smtp.port={port}")]);
        words.extend(self.settings.iter().cloned());
        start(&self.folder, &words)
    }

    /// What each mail server has.
    fn stored(&self) -> [u64; SERVERS] {
        std::array::from_fn(|server| self.catchers[server].tally().stored)
    }

    /// What `delivery show` counts.
    fn tally(&self) -> BTreeMap<String, u64> {
        serde_json::from_value(self.shown()["tally"].clone()).unwrap()
    }

    fn shown(&self) -> serde_json::Value {
        let words =
            self.mailing
                .command_of_today(&["delivery", "show", "--day", "2026-03-10", "--format", "json"]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        serde_json::from_str(&self.folder.ok(&words)).unwrap()
    }

    /// Waits until so many deliveries are in these states.
    fn wait_for_tally(&self, states: &[&str], deliveries: u32) -> BTreeMap<String, u64> {
        let count = |tally: &BTreeMap<String, u64>| -> u64 {
            states.iter().filter_map(|state| tally.get(*state)).sum()
        };
        wait(
            || self.tally(),
            |tally| u64::from(deliveries) == count(tally),
            Duration::from_millis(200),
        )
    }

    /// Waits until the mail servers have so many messages.
    fn wait_for_mail(&self, messages: u64) {
        let is_there = |stored: &[u64; SERVERS]| stored.iter().sum::<u64>() >= messages;
        wait(|| self.stored(), is_there, Duration::from_millis(1));
    }

    /// Waits until what was on the wire has come, and nothing more for five seconds: a disk may be slow. What each mail server has then.
    fn wait_for_rest(&self) -> [u64; SERVERS] {
        let since = Instant::now();
        let (mut stored, mut last) = (self.stored(), Instant::now());
        while last.elapsed() < Duration::from_secs(5) {
            assert!(since.elapsed() < PATIENCE, "{stored:?}");
            thread::sleep(Duration::from_millis(20));
            let now = self.stored();
            if now != stored {
                (stored, last) = (now, Instant::now());
            }
        }
        stored
    }
}

impl<const SERVERS: usize> Drop for Scene<SERVERS> {
    fn drop(&mut self) {
        // Whatever node a failed test left keeps it, until the server is thrown away.
        postgres::drop_database(&self.url);
    }
}

/// Looks again and again until what is looked at is so.
///
/// # Panics
/// Where it stays as it is for too long.
pub(crate) fn wait<T: PartialEq + Debug>(
    look: impl Fn() -> T,
    is_so: impl Fn(&T) -> bool,
    pause: Duration,
) -> T {
    let (mut last, mut moved) = (look(), Instant::now());
    while !is_so(&last) {
        assert!(moved.elapsed() < PATIENCE, "{last:?}");
        thread::sleep(pause);
        let now = look();
        if now != last {
            (last, moved) = (now, Instant::now());
        }
    }
    last
}

#[test]
fn nodes_share_a_mailing_and_nobody_gets_it_twice() {
    const READERS: u32 = 8_000;
    // Each node has a mail server of its own, which tells what it sent.
    let scene: Scene<3> = Scene::new("sharing", READERS, 2, true);
    let nodes = [0, 1, 2].map(|server| scene.start(server));
    scene.wait_for_tally(&["sent"], READERS);
    let stored = scene.stored();
    assert!(
        stored.iter().filter(|by_one| **by_one > 0).count() >= 2,
        "{stored:?}"
    );
    assert_eq!(stored.iter().sum::<u64>(), u64::from(READERS), "{stored:?}");
    drop(nodes);
}

#[test]
fn nodes_together_keep_to_the_rate_of_a_domain() {
    const READERS: u32 = 2_400;
    let mut scene: Scene<2> = Scene::new("rates", READERS, 4, true);
    scene.settings = vec!["--set".to_owned(), "mail.rates=example.org=200".to_owned()];
    // From before the first message, which may have left long before it is seen here.
    let since = Instant::now();
    let nodes = [0, 1].map(|server| scene.start(server));
    scene.wait_for_mail(u64::from(READERS));
    // Twelve seconds at the rate; two nodes that do not know of each other take six.
    assert!(since.elapsed() > Duration::from_secs(11), "{:?}", since.elapsed());
    let stored = scene.stored();
    assert!(stored.iter().all(|by_one| *by_one > 0), "{stored:?}");
    drop(nodes);
}

#[test]
fn a_message_whose_turn_it_is_waits_for_no_other() {
    let mut scene: Scene<1> = Scene::new("slow", 10, 1, true);
    // The next one has its turn after a hundred seconds.
    scene.settings = vec!["--set".to_owned(), "mail.rates=example.org=0.01".to_owned()];
    let since = Instant::now();
    let node = scene.start(0);
    scene.wait_for_mail(1);
    assert!(since.elapsed() < Duration::from_secs(60), "{:?}", since.elapsed());
    drop(node);
}

#[test]
fn a_node_that_cannot_reach_the_mail_server_has_no_mailing_rest_that_another_one_sends() {
    const READERS: u32 = 4_000;
    let mut scene: Scene<1> = Scene::new("places", READERS, 4, true);
    let set = |what: &str| ["--set".to_owned(), what.to_owned()];
    // Forty seconds.
    scene.settings.extend(set("mail.rates=example.org=100"));
    let first = scene.start(0);
    scene.wait_for_mail(20);
    scene.settings.extend(set("mail.smtp.port=1"));
    let mut second = scene.start(0);
    // It tries for three seconds, and again a quarter of a minute later. Whoever is alone with the last ones rests.
    thread::sleep(Duration::from_secs(22));
    second.signal("-TERM");
    assert!(second.child().wait().unwrap().success());
    scene.wait_for_tally(&["sent"], READERS);
    // It has rested since the rehearsal, until somebody sends.
    let is_awake = |shown: &serde_json::Value| shown["paused_until"].is_null();
    wait(|| scene.shown(), is_awake, Duration::from_millis(200));
    drop(first);
}

/// So few that no other node is asked to help.
const FEW: u32 = 1_900;
const CONNECTIONS: usize = 4;
/// What can be on the wire: for each connection one message under way and one announced.
const MOST_IN_DOUBT: u64 = 2 * CONNECTIONS as u64;

#[test]
fn a_node_takes_over_soon_after_anothers_death() {
    let scene: Scene<1> = Scene::unhurried("takeover", true);
    let first = scene.start(0);
    scene.wait_for_mail(20);
    let second = scene.start(0);
    drop(first);
    let since = Instant::now();
    let [before] = scene.stored();
    // What was on the wire may come yet, or never.
    let by_the_second = before + MOST_IN_DOUBT + 1;
    assert!(
        by_the_second + MOST_IN_DOUBT <= u64::from(FEW),
        "the second has nothing to do: {before}"
    );
    // A lease of 24 seconds runs out, for which the second looks each second. A machine to itself needs less than half a minute for
    // that; here other tests run beside it.
    scene.wait_for_mail(by_the_second);
    assert!(since.elapsed() < Duration::from_secs(45), "{:?}", since.elapsed());
    let tally = scene.wait_for_tally(&["sent", "unknown"], FEW);
    let unknown = tally.get("unknown").copied().unwrap_or(0);
    assert!(unknown <= MOST_IN_DOUBT, "{tally:?}");
    drop(second);
}

#[test]
fn a_node_that_is_stopped_leaves_its_work_to_the_next_at_once() {
    let scene: Scene<1> = Scene::unhurried("stopped", true);
    let mut first = scene.start(0);
    scene.wait_for_mail(20);
    first.signal("-TERM");
    assert!(first.child().wait().unwrap().success());
    let [before] = scene.stored();
    assert!(before < u64::from(FEW), "it had nothing to do any more");

    let port = scene.catchers[0].address().port();
    let mut words = scene
        .mailing
        .command_of_today(&["edition", "send", "--day", "2026-03-10"]);
    words.extend(["--set".to_owned(), format!("mail.smtp.port={port}")]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = scene.folder.ok(&words);
    assert!(said.contains(&format!("{FEW} sent")), "{said}");
    assert_eq!(scene.stored(), [u64::from(FEW)]);
}

#[test]
fn a_node_whose_database_is_away_for_a_while_stops_sending_and_goes_on_with_its_mailing() {
    let scene: Scene<1> = Scene::unhurried("away", false);
    let server = postgres::url().unwrap();
    let (head, _) = scene.url.split_once('?').unwrap_or((&scene.url, ""));
    let name = head.rsplit('/').next().unwrap();
    let lets_in = |whether: bool| {
        let statement = format!("alter database {name} with allow_connections {whether}");
        postgres::execute(server, &statement).unwrap();
    };
    let mut node = scene.start(0);
    scene.wait_for_mail(20);
    lets_in(false);
    let cut = format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
    postgres::execute(server, &cut).unwrap();
    let [before] = scene.wait_for_rest();
    thread::sleep(Duration::from_secs(3));
    assert_eq!(
        scene.stored(),
        [before],
        "nothing leaves without its line in the ledger"
    );
    assert!(before < u64::from(FEW), "it went on to its end");
    lets_in(true);
    let tally = scene.wait_for_tally(&["sent", "unknown"], FEW);
    let unknown = tally.get("unknown").copied().unwrap_or(0);
    assert!(unknown <= MOST_IN_DOUBT, "{tally:?}");
    assert_eq!(node.child().try_wait().unwrap(), None, "it is the same node");
    assert_eq!(scene.catchers[0].tally().repeated, 0, "nobody was sent it twice");
}

#[test]
fn a_node_that_was_paused_sends_nothing_that_another_one_took_over() {
    let scene: Scene<1> = Scene::new("paused", FEW, CONNECTIONS, false);
    let mut first = scene.start(0);
    scene.wait_for_mail(20);
    first.signal("-STOP");
    let second = scene.start(0);
    let tally = scene.wait_for_tally(&["sent", "unknown"], FEW);
    let unknown = tally.get("unknown").copied().unwrap_or(0);
    assert!(unknown <= MOST_IN_DOUBT, "{tally:?}");
    let [others] = scene.stored();
    assert!(others > u64::from(FEW) / 2, "the first had sent most: {others}");

    first.signal("-CONT");
    // What was on the wire when it was paused is the first's to end, and nobody sends it again within ten minutes.
    scene.wait_for_tally(&["sent"], FEW);
    first.signal("-TERM");
    first.child().wait().unwrap();
    drop(second);
    let boxes = scene.folder.mailboxes();
    assert_eq!(boxes.len(), FEW as usize);
    assert!(boxes.iter().all(|(_, messages)| *messages == 1), "{boxes:?}");
    assert_eq!(scene.catchers[0].tally().repeated, 0, "nobody was sent it twice");
}
