//! Mail servers that take few connections, none for now, or no message such as ours: the mailing goes over what there is, and no
//! reader pays for it.

use std::{
    fs,
    io::Read,
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use reveille_mail::{
    catcher::{Act, Catcher, CatcherOptions, Dialect, Fault},
    smtp::Phase,
};
use reveille_store::{
    Store,
    jobs::{self, NewJob},
};
use tokio::runtime::Runtime;

use crate::{
    ledger::Shown,
    mailing::{MORNING, Mailing},
    nodes,
    program::{Folder, Running, Said},
};

mod unfit;

/// Much later than anything else happens, in milliseconds.
const LATER: i64 = 3_600_000;
/// What has a mailing take so long that another one can begin amid it, on a machine with other things to do.
const UNHURRIED: Fault = Fault {
    at: Phase::MailFrom,
    recipient: None,
    times: u32::MAX,
    act: Act::Wait(Duration::from_millis(5)),
};
/// From one look at it to the next.
const MOMENT: Duration = Duration::from_millis(50);

/// A mailing to so many readers over so many connections.
struct Scene {
    folder: Folder,
    mailing: Mailing,
    catcher: Catcher,
    /// What every command is told besides.
    settings: Vec<String>,
    /// The catcher lives in it.
    runtime: Runtime,
}

impl Scene {
    fn new(readers: u32, connections: usize, options: CatcherOptions) -> Self {
        Self::beside(None, readers, connections, options)
    }

    /// The same, beside a mailing to so many others, so many milliseconds later.
    fn beside(other: Option<(u32, i64)>, readers: u32, connections: usize, options: CatcherOptions) -> Self {
        let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
        let url = format!("sqlite:{}", folder.path().join("store").display());
        let catcher = runtime.block_on(folder.catcher(options));
        let size = (readers, 3, connections);
        let port = catcher.address().port();
        let mailing = Mailing::prepare_at(&url, port, size, |_| "example.org", other);
        let mailing = runtime.block_on(mailing);
        Self {
            folder,
            mailing,
            catcher,
            settings: Vec::new(),
            runtime,
        }
    }

    /// Twelve connections to a server that takes so many.
    fn with_places(places: u64, readers: u32) -> Self {
        let few = CatcherOptions {
            places: Some(places),
            ..CatcherOptions::default()
        };
        Self::new(readers, 12, few)
    }

    /// Sends to all, without asking the server again and again for more places than it has.
    fn sends_all_with_few_dials(&self, sent: &str) {
        let said = self.at(0, &["edition", "send"]);
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        assert!(said.out.contains(sent), "{}", said.out);
        let connections = self.catcher.tally().connections;
        assert!(connections <= 30, "{connections} connections");
    }

    fn words(&self, words: &[&str], minute: i64) -> Vec<String> {
        let mut words = self.mailing.command(words, minute);
        let settings = self
            .settings
            .iter()
            .flat_map(|set| ["--set".to_owned(), set.clone()]);
        words.extend(settings);
        words
    }

    fn at(&self, minute: i64, words: &[&str]) -> Said {
        let words = self.words(words, minute);
        self.folder
            .run(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// A node that delivers.
    fn serve(&self) -> Running {
        let words = self.words(&["serve", "--roles", "deliver"], 0);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Running::start(&mut self.folder.command(&words))
    }

    /// Has the other mailing begin, which is to begin much later.
    fn begin_other(&self) {
        let job = NewJob {
            kind: "plan_deliveries",
            key: "2@now".to_owned(),
            lane: String::new(),
            run_at: MORNING,
        };
        self.runtime.block_on(async {
            let store = Store::open(&self.mailing.url).await.unwrap();
            let mut tx = store.begin().await.unwrap();
            jobs::insert(&mut tx, &job, MORNING).await.unwrap();
            tx.commit().await.unwrap();
            store.close().await;
        });
    }

    /// How many readers of the other mailing have theirs, and how many of the first one.
    fn mailboxes_of_two(&self) -> (usize, usize) {
        // They come to be meanwhile.
        let boxes = fs::read_dir(self.folder.path().join("mailbox"));
        let names = boxes.into_iter().flatten().flatten().map(|one| one.file_name());
        let (others, first): (Vec<_>, Vec<_>) =
            names.partition(|name| name.to_string_lossy().ends_with("@other.example"));
        (others.len(), first.len())
    }

    /// When the last message came that anybody of this domain has.
    fn last_at(&self, domain: &str) -> SystemTime {
        let boxes = fs::read_dir(self.folder.path().join("mailbox")).unwrap();
        let boxes = boxes
            .map(Result::unwrap)
            .filter(|one| one.file_name().to_string_lossy().ends_with(domain));
        let changed = boxes.map(|one| one.metadata().unwrap().modified().unwrap());
        changed.max().unwrap()
    }

    /// Takes in five readers in this zone who want texts.
    fn add_texts(&self, zone: &str) {
        self.add(5, |number| format!("text{number}@example.org,text,{zone}"));
    }

    /// Takes in so many readers: their addresses, formats and zones.
    fn add(&self, count: u32, reader: impl Fn(u32) -> String) {
        let readers: Vec<_> = (0..count).map(reader).collect();
        let list = format!("email,format,zone\n{}\n", readers.join("\n"));
        let list = self.folder.write("list.csv", &list);
        let import = ["subscribers", "import", list.to_str().unwrap()];
        let said = self.at(-30, &[&import[..], &["--consent", "by letter"]].concat());
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    }

    fn shown(&self, minute: i64) -> (Shown, serde_json::Value) {
        let out = self.at(minute, &["delivery", "show", "--format", "json"]).out;
        let json = serde_json::from_str(&out).unwrap();
        (serde_json::from_str(&out).unwrap(), json)
    }
}

#[test]
fn a_server_that_takes_two_connections_gets_all_over_two() {
    let scene = Scene::with_places(2, 400);
    scene.sends_all_with_few_dials("400 sent.");
}

#[test]
fn a_server_without_a_place_for_us_is_asked_less_and_less_until_it_has_one() {
    let scene = Scene::with_places(2, 60);
    let others = [(); 2].map(|()| {
        let mut other = TcpStream::connect(scene.catcher.address()).unwrap();
        other.read_exact(&mut [0; 3]).unwrap();
        other
    });
    let leaving = thread::spawn(move || {
        thread::sleep(Duration::from_secs(3));
        drop(others);
    });
    scene.sends_all_with_few_dials("60 sent.");
    leaving.join().unwrap();
}

#[test]
fn a_mailing_that_has_the_only_connection_lets_another_one_have_it_in_turn() {
    const READERS: u32 = 3_000;
    const OTHERS: usize = 250;
    let few = CatcherOptions {
        places: Some(1),
        faults: vec![UNHURRIED],
        ..CatcherOptions::default()
    };
    let scene = Scene::beside(Some((OTHERS as u32, LATER)), READERS, 3, few);
    let node = scene.serve();
    let wait =
        |is_so: &dyn Fn(&(usize, usize)) -> bool| nodes::wait(|| scene.mailboxes_of_two(), is_so, MOMENT);
    wait(&|(_, first)| *first > 0);
    scene.begin_other();
    let (others, first) = wait(&|(others, first)| *others == OTHERS || *first == READERS as usize);
    assert!(
        others == OTHERS && first < READERS as usize,
        "{others} while the first one had {first}"
    );
    drop(node);
}

#[test]
fn a_mailing_whose_readers_are_mostly_refused_lets_another_one_have_the_only_connection_too() {
    const READERS: u32 = 2_000;
    const OTHERS: u32 = 50;
    // All but every eighth: a server that knows nobody at all would not be believed.
    let refused = (0..READERS).filter(|number| number % 8 != 0).map(|number| Fault {
        at: Phase::RcptTo,
        recipient: Some(format!("reader{number}@example.org").parse().unwrap()),
        times: 2,
        act: Act::Reply("550 5.1.1 nobody".to_owned()),
    });
    let few = CatcherOptions {
        places: Some(1),
        faults: refused.chain([UNHURRIED]).collect(),
        ..CatcherOptions::default()
    };
    let scene = Scene::beside(Some((OTHERS, LATER)), READERS, 3, few);
    let node = scene.serve();
    let ended = |slug| {
        let shown = scene.at(0, &["delivery", "show", slug, "--format", "json"]).out;
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let count = |state: &str| shown["tally"][state].as_u64().unwrap_or(0);
        count("refused") + count("sent")
    };
    let wait_for = |slug, many: u32| nodes::wait(|| ended(slug), |ended| *ended >= u64::from(many), MOMENT);
    wait_for("morning", 1);
    scene.begin_other();
    wait_for("other", OTHERS);
    let first = ended("morning");
    assert!(first < u64::from(READERS), "{first} of the first one");
    drop(node);
}

#[test]
fn a_mailing_that_waits_for_a_slow_domain_keeps_no_place_from_another_one() {
    const READERS: usize = 800;
    let few = CatcherOptions {
        places: Some(1),
        ..CatcherOptions::default()
    };
    let mut scene = Scene::beside(Some((5, 1)), READERS as u32, 3, few);
    // The first of the others has its turn at once, and the next one after a hundred seconds.
    scene.settings = vec!["mail.rates=other.example=0.01".to_owned()];
    let node = scene.serve();
    let since = Instant::now();
    let (mut others, mut first) = (0, 0);
    while first < READERS {
        assert!(since.elapsed() < Duration::from_secs(95), "{others} and {first}");
        thread::sleep(Duration::from_millis(100));
        (others, first) = scene.mailboxes_of_two();
    }
    assert_eq!(others, 1);
    let [other, last] = ["@other.example", "@example.org"].map(|domain| scene.last_at(domain));
    assert!(other < last, "it had its turn amid the first one");
    drop(node);
}

#[test]
fn a_silent_server_among_two_is_tried_by_one_connection_at_a_time() {
    const READERS: u32 = 3_000;
    let (listener, dialled) = (
        TcpListener::bind("127.0.0.1:0").unwrap(),
        Arc::new(AtomicUsize::new(0)),
    );
    let silent = listener.local_addr().unwrap().port();
    let count = Arc::clone(&dialled);
    thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            count.fetch_add(1, Ordering::Relaxed);
            open.push(stream);
        }
    });
    let mut scene = Scene::new(READERS, 6, CatcherOptions::default());
    let other = scene.catcher.address().port();
    scene.settings = vec![
        "mail.smtp.host=localhost".to_owned(),
        "mail.smtp.timeout_seconds=10".to_owned(),
        format!("mail.relays=smtp+clear://127.0.0.1:{silent},smtp+clear://127.0.0.1:{other}"),
    ];
    let since = Instant::now();
    let said = scene.at(0, &["edition", "send"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(scene.catcher.tally().stored, u64::from(READERS));
    let (dialled, took) = (dialled.load(Ordering::Relaxed), since.elapsed());
    // Each of them is given up after ten seconds, and another one may follow.
    assert!(
        dialled as u64 <= 2 + took.as_secs() / 10,
        "{dialled} connections in {took:?} to a server that says nothing"
    );
}

#[test]
fn a_server_that_wants_to_hear_of_no_sender_yet_costs_no_reader_a_try() {
    for says in ["451 4.3.0 not now", "421 4.7.0 you send too fast"] {
        let later = Fault {
            at: Phase::MailFrom,
            recipient: None,
            times: 4,
            act: Act::Reply(says.to_owned()),
        };
        let options = CatcherOptions {
            faults: vec![later],
            ..CatcherOptions::default()
        };
        let scene = Scene::new(60, 3, options);
        let said = scene.at(0, &["edition", "send"]);
        assert_eq!(said.code, Some(0), "{says}: {}{}", said.out, said.err);
        let (shown, json) = scene.shown(0);
        assert_eq!((shown.count("sent"), shown.count("queued")), (56, 4), "{says}");
        assert!(
            json["deferred"]["readers"]
                .as_u64()
                .is_none_or(|put_off| put_off == 0),
            "{json}"
        );
        let said = scene.at(2, &["edition", "send"]);
        assert!(said.out.contains("60 sent."), "{says}: {}", said.out);
    }
}

/// Settings by which messages go to these, each with what `mail.relays` says of it besides.
fn relays<const SERVERS: usize>(servers: [(&Catcher, &str); SERVERS]) -> Vec<String> {
    let relays = servers.map(|(server, share)| {
        let port = server.address().port();
        format!("smtp+clear://127.0.0.1:{port}{share}")
    });
    vec![
        "mail.smtp.host=localhost".to_owned(),
        format!("mail.relays={}", relays.join(",")),
    ]
}

#[test]
fn a_server_that_takes_nothing_while_another_one_takes_all_is_told_once() {
    // More than one turn of each connection, so that it is the other one's turn in any case.
    let mut scene = Scene::new(600, 3, CatcherOptions::default());
    // Nothing listens on that port.
    scene.settings = relays([(&scene.catcher, "")]);
    scene.settings[1].push_str(",smtp+clear://127.0.0.1:1");
    let said = scene.at(0, &["edition", "send"]);
    assert!(said.out.contains("600 sent."), "{}{}", said.out, said.err);
    let told = said.err.matches("goes by other mail servers").count();
    assert!(told == 1 && said.err.contains("127.0.0.1:1 "), "{}", said.err);
    let said = scene.at(0, &["doctor"]);
    let port = scene.catcher.address().port();
    let taking = format!("127.0.0.1:{port} takes mail");
    assert!(
        said.out.contains(&taking) && said.out.contains("127.0.0.1:1 "),
        "{}",
        said.out
    );
}
