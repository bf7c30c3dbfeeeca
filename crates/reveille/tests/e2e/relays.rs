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
    time::{Duration, Instant},
};

use reveille_mail::{
    catcher::{Act, Catcher, CatcherOptions, Dialect, Fault},
    smtp::Phase,
};
use tokio::runtime::Runtime;

use crate::{
    ledger::Shown,
    mailing::Mailing,
    program::{Folder, Running, Said},
};

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

    /// How many readers of the other mailing have theirs, and how many of the first one.
    fn mailboxes_of_two(&self) -> (usize, usize) {
        // They come to be meanwhile.
        let boxes = fs::read_dir(self.folder.path().join("mailbox"));
        let names = boxes.into_iter().flatten().flatten().map(|one| one.file_name());
        let (others, first): (Vec<_>, Vec<_>) =
            names.partition(|name| name.to_string_lossy().ends_with("@other.example"));
        (others.len(), first.len())
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
        ..CatcherOptions::default()
    };
    // Once the first one is on its way.
    let scene = Scene::beside(Some((OTHERS as u32, 2_000)), READERS, 3, few);
    let node = scene.serve();
    let since = Instant::now();
    let (others, first) = loop {
        let (others, first) = scene.mailboxes_of_two();
        if others == OTHERS || first == READERS as usize {
            break (others, first);
        }
        assert!(since.elapsed() < Duration::from_secs(120), "{first}");
        thread::sleep(Duration::from_millis(100));
    };
    assert!(
        others == OTHERS && first < READERS as usize,
        "{others} while the first one had {first}"
    );
    assert!(first > OTHERS, "it was on its way: {first}");
    drop(node);
}

#[test]
fn a_mailing_whose_readers_are_all_refused_lets_another_one_have_the_only_connection_too() {
    const READERS: u32 = 4_000;
    const OTHERS: u32 = 50;
    let fault = Fault {
        at: Phase::RcptTo,
        recipient: None,
        times: READERS + OTHERS,
        act: Act::Reply("550 5.1.1 nobody".to_owned()),
    };
    let few = CatcherOptions {
        places: Some(1),
        faults: vec![fault],
        ..CatcherOptions::default()
    };
    let scene = Scene::beside(Some((OTHERS, 1_000)), READERS, 3, few);
    let node = scene.serve();
    let refused = |slug| {
        let shown = scene.at(0, &["delivery", "show", slug, "--format", "json"]).out;
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        shown["tally"]["refused"].as_u64().unwrap_or(0)
    };
    let since = Instant::now();
    let first = loop {
        let (others, first) = (refused("other"), refused("morning"));
        if others == u64::from(OTHERS) {
            break first;
        }
        assert!(since.elapsed() < Duration::from_secs(120), "{others} and {first}");
        thread::sleep(Duration::from_millis(100));
    };
    assert!(
        (1..u64::from(READERS)).contains(&first),
        "{first} of the first one"
    );
    drop(node);
}

#[test]
fn a_mailing_that_waits_for_a_slow_domain_keeps_no_place_from_another_one() {
    const READERS: usize = 2_000;
    let few = CatcherOptions {
        places: Some(1),
        ..CatcherOptions::default()
    };
    let mut scene = Scene::beside(Some((5, 1_000)), READERS as u32, 3, few);
    // The first of the others has its turn at once, and the next one after a hundred seconds.
    scene.settings = vec!["mail.rates=other.example=0.01".to_owned()];
    let node = scene.serve();
    let since = Instant::now();
    let (mut others, mut first, mut before) = (0, 0, None);
    while first < READERS {
        if others > 0 {
            before.get_or_insert(first);
        }
        assert!(since.elapsed() < Duration::from_secs(90), "{others} and {first}");
        thread::sleep(Duration::from_millis(100));
        (others, first) = scene.mailboxes_of_two();
    }
    assert!(before.is_some_and(|before| before < READERS), "{before:?}");
    assert_eq!(others, 1);
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
    let said = scene.at(0, &["edition", "send"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(scene.catcher.tally().stored, u64::from(READERS));
    let dialled = dialled.load(Ordering::Relaxed);
    assert!(
        dialled <= 2,
        "{dialled} connections to a server that says nothing"
    );
}

#[test]
fn a_server_that_wants_to_hear_of_no_sender_yet_costs_no_reader_a_try() {
    for says in ["451 4.3.0 not now", "421 4.7.0 you send too fast"] {
        let later = Fault {
            at: Phase::MailFrom,
            recipient: None,
            times: 7,
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
        assert_eq!((shown.count("sent"), shown.count("queued")), (53, 7), "{says}");
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

/// The mailing's messages have more bytes than this where they are in HTML, and fewer where they are texts.
const BETWEEN: usize = 4_000;

#[test]
fn a_message_that_is_too_large_waits_and_all_others_go_out() {
    let small = CatcherOptions {
        largest: Some(BETWEEN),
        ..CatcherOptions::default()
    };
    let scene = Scene::new(20, 3, small);
    scene.add_texts("UTC");
    for minute in [0, 11] {
        let said = scene.at(minute, &["edition", "send"]);
        assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
        assert!(said.out.contains("20 queued, 5 sent"), "{}", said.out);
        let why = format!("takes no message of more than {BETWEEN} bytes");
        assert!(said.out.contains(&why), "{}", said.out);
        assert!(!said.out.contains("rests"), "{}", said.out);
        let (shown, json) = scene.shown(minute);
        assert_eq!((shown.count("queued"), shown.count("sent")), (20, 5), "{json}");
        assert_eq!(json["waiting"]["readers"], 20, "{json}");
        assert_eq!(json["deferred"]["readers"], 0, "it cost no try: {json}");
        assert!(json["paused_until"].is_null(), "{json}");
    }
    let mut boxes = scene.folder.mailboxes();
    boxes.sort();
    let expected: Vec<_> = (0..5)
        .map(|number| (format!("text{number}@example.org"), 1))
        .collect();
    assert_eq!(boxes, expected);
    let listed = scene.at(11, &["delivery", "show", "--state", "queued"]).out;
    let why = "due at 2026-03-10T06:21:0";
    assert!(
        listed.contains(why) && listed.contains("; waits, since mail server"),
        "{listed}"
    );
}

#[test]
fn who_can_have_theirs_later_gets_it_at_their_hour_where_nobody_could_before() {
    let small = CatcherOptions {
        largest: Some(BETWEEN),
        ..CatcherOptions::default()
    };
    let mut scene = Scene::new(40, 3, small);
    scene.add_texts("Atlantic/Azores");
    for (minute, stands) in [(0, "45 queued"), (55, "45 queued"), (60, "40 queued, 5 sent")] {
        let said = scene.at(minute, &["edition", "send"]);
        assert!(
            said.out.contains(stands) && !said.out.contains("rests"),
            "{minute}: {}",
            said.out
        );
        let (_, json) = scene.shown(minute);
        assert_eq!(json["waiting"]["readers"], 40, "{json}");
    }
    let other = scene.folder.catcher(CatcherOptions::default());
    let other = scene.runtime.block_on(other);
    scene.settings = relays([(&other, "")]);
    let said = scene.at(71, &["edition", "send"]);
    assert!(said.out.contains("45 sent."), "{}{}", said.out, said.err);
}

#[test]
fn where_the_mail_server_takes_none_of_those_that_wait_not_all_of_them_are_tried() {
    const READERS: u32 = 800;
    let fault = Fault {
        at: Phase::MailFrom,
        recipient: None,
        // Everybody's, and more than are in hand at the next try.
        times: READERS + 600,
        act: Act::Reply("552 5.3.4 too large".to_owned()),
    };
    let options = CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    };
    let mut scene = Scene::new(READERS, 3, options);
    for minute in [0, 11] {
        let said = scene.at(minute, &["edition", "send"]);
        assert!(said.out.contains("800 queued"), "{}{}", said.out, said.err);
        let (_, json) = scene.shown(minute);
        assert_eq!(json["waiting"]["readers"], READERS, "{json}");
    }
    let other = scene.folder.catcher(CatcherOptions::default());
    let other = scene.runtime.block_on(other);
    scene.settings = relays([(&other, "")]);
    let said = scene.at(22, &["edition", "send"]);
    assert!(said.out.contains("800 sent."), "{}{}", said.out, said.err);
}

#[test]
fn a_message_that_a_server_calls_too_large_only_when_it_is_announced_waits_too() {
    let fault = Fault {
        at: Phase::MailFrom,
        recipient: None,
        times: 7,
        act: Act::Reply("552 5.3.4 too large".to_owned()),
    };
    let options = CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    };
    let scene = Scene::new(60, 3, options);
    let said = scene.at(0, &["edition", "send"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains("552 5.3.4 too large"), "{}", said.out);
    let (shown, json) = scene.shown(0);
    assert_eq!((shown.count("sent"), shown.count("queued")), (53, 7), "{json}");
    let said = scene.at(11, &["edition", "send"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("60 sent."), "{}", said.out);
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
fn a_message_that_is_too_large_for_one_server_goes_by_another() {
    const READERS: u32 = 200;
    // The other one has as many places as are wanted, or few, or is used only where it must be.
    for (places, share) in [(None, ""), (Some(1), ""), (None, "?reserve")] {
        let small = CatcherOptions {
            largest: Some(BETWEEN),
            ..CatcherOptions::default()
        };
        let large = CatcherOptions {
            places,
            ..CatcherOptions::default()
        };
        let mut scene = Scene::new(READERS, 6, large);
        let other = scene.runtime.block_on(scene.folder.catcher(small));
        scene.settings = relays([(&other, ""), (&scene.catcher, share)]);
        let said = scene.at(0, &["edition", "send"]);
        assert_eq!(said.code, Some(0), "{places:?}{share}: {}{}", said.out, said.err);
        assert!(said.out.contains("200 sent."), "{places:?}{share}: {}", said.out);
        assert_eq!(scene.catcher.tally().stored, u64::from(READERS));
        assert!(other.tally().connections > 0, "it was asked as well");
    }
}

#[test]
fn a_message_that_is_too_large_for_one_server_waits_a_little_for_another_that_is_down() {
    let small = CatcherOptions {
        largest: Some(BETWEEN),
        ..CatcherOptions::default()
    };
    let mut scene = Scene::new(5, 1, small);
    let down = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = down.local_addr().unwrap().port();
    drop(down);
    scene.settings = relays([(&scene.catcher, "")]);
    scene.settings[1].push_str(&format!(",smtp+clear://127.0.0.1:{port}"));
    let said = scene.at(0, &["edition", "send"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let (_, json) = scene.shown(0);
    assert_eq!(json["tally"]["queued"], 5, "{json}");
    assert_eq!(json["waiting"]["readers"], 0, "it may be taken yet: {json}");
}

#[test]
fn a_server_without_extensions_takes_all_but_what_is_for_an_address_that_needs_one() {
    let sober = CatcherOptions {
        dialect: Dialect::Sober,
        ..CatcherOptions::default()
    };
    let scene = Scene::new(10, 3, sober);
    // More than those failures in a row that have a mailing rest.
    scene.add(25, |number| format!("jürgen{number}@example.org,html,UTC"));
    let said = scene.at(0, &["edition", "send"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("10 sent, 25 failed"), "{}", said.out);
    assert!(!said.out.contains("rests"), "{}", said.out);
    let shown = scene.at(0, &["delivery", "show"]).out;
    assert!(shown.contains("does not offer SMTPUTF8"), "{shown}");
}

#[test]
fn what_is_for_an_address_that_one_server_does_not_know_goes_by_another() {
    for share in ["", "?reserve"] {
        let sober = CatcherOptions {
            dialect: Dialect::EightBit,
            ..CatcherOptions::default()
        };
        let mut scene = Scene::new(10, 2, CatcherOptions::default());
        let other = scene.runtime.block_on(scene.folder.catcher(sober));
        scene.add(3, |number| format!("jürgen{number}@example.org,html,UTC"));
        scene.settings = relays([(&other, ""), (&scene.catcher, share)]);
        let said = scene.at(0, &["edition", "send"]);
        assert_eq!(said.code, Some(0), "{share}: {}{}", said.out, said.err);
        assert!(said.out.contains("13 sent."), "{share}: {}", said.out);
        assert!(other.tally().connections > 0, "{share}: it was asked as well");
    }
}

#[test]
fn an_address_of_our_own_that_the_server_does_not_know_loses_no_reader() {
    let eight_bit = CatcherOptions {
        dialect: Dialect::EightBit,
        ..CatcherOptions::default()
    };
    let mut scene = Scene::new(25, 3, eight_bit);
    scene.settings = vec!["mail.return_address=rücklauf@example.org".to_owned()];
    let said = scene.at(0, &["edition", "send"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains("25 queued"), "{}", said.out);
    let listed = scene.at(0, &["delivery", "show", "--state", "queued"]).out;
    assert!(listed.contains("does not offer SMTPUTF8"), "{listed}");
    let (_, json) = scene.shown(0);
    assert_eq!(json["waiting"]["readers"], 25, "{json}");
    scene.settings.clear();
    let said = scene.at(11, &["edition", "send"]);
    assert!(said.out.contains("25 sent."), "{}{}", said.out, said.err);
}
