//! Mail servers that take few connections, none for now, or no message such as ours: the mailing goes over what there is, and no
//! reader pays for it.

use std::{
    io::Read,
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use reveille_mail::{
    catcher::{Act, Catcher, CatcherOptions, Fault},
    smtp::Phase,
};
use tokio::runtime::Runtime;

use crate::{
    ledger::Shown,
    mailing::Mailing,
    program::{Folder, Said},
};

/// A mailing to so many readers over so many connections.
struct Scene {
    folder: Folder,
    mailing: Mailing,
    catcher: Catcher,
    /// What every command is told besides.
    settings: Vec<String>,
    /// The catcher lives in it.
    _runtime: Runtime,
}

impl Scene {
    fn new(readers: u32, connections: usize, options: CatcherOptions) -> Self {
        let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
        let url = format!("sqlite:{}", folder.path().join("store").display());
        let catcher = runtime.block_on(folder.catcher(options));
        let size = (readers, 3, connections);
        let mailing = runtime.block_on(Mailing::prepare(&url, catcher.address().port(), size));
        Self {
            folder,
            mailing,
            catcher,
            settings: Vec::new(),
            _runtime: runtime,
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

    fn at(&self, minute: i64, words: &[&str]) -> Said {
        let mut words = self.mailing.command(words, minute);
        let settings = self
            .settings
            .iter()
            .flat_map(|set| ["--set".to_owned(), set.clone()]);
        words.extend(settings);
        self.folder
            .run(&words.iter().map(String::as_str).collect::<Vec<_>>())
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

#[test]
fn a_message_that_the_server_can_never_take_has_the_mailing_rest_at_once() {
    let small = CatcherOptions {
        largest: Some(2_000),
        ..CatcherOptions::default()
    };
    let silent = CatcherOptions {
        faults: vec![Fault {
            at: Phase::MailFrom,
            recipient: None,
            times: 1_000,
            act: Act::Reply("552 5.3.4 too large".to_owned()),
        }],
        ..CatcherOptions::default()
    };
    for (options, says) in [(small, "takes 2000"), (silent, "552 5.3.4 too large")] {
        let scene = Scene::new(60, 3, options);
        let said = scene.at(0, &["edition", "send"]);
        assert_eq!(said.code, Some(1), "{says}: {}{}", said.out, said.err);
        assert!(
            said.out.contains("The mailing rests until") && said.out.contains(says),
            "{}",
            said.out
        );
        let (shown, json) = scene.shown(0);
        assert_eq!(shown.count("queued"), 60, "{says}: {json}");
        assert!(
            json["deferred"]["readers"]
                .as_u64()
                .is_none_or(|put_off| put_off == 0),
            "{json}"
        );
    }
}
