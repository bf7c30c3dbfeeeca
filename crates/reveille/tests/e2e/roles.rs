//! Nodes that do a part of the work.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use reveille_mail::{
    catcher::CatcherOptions,
    smtp::{Connection, Options, Parcel, SmtpError, Text, Tls},
};
use reveille_testkit::postgres;
use tokio::runtime::Runtime;

use crate::{
    mailing::Mailing,
    program::Folder,
    returns::{bounce, sent, state},
};

/// A node, which ends with this.
struct Node(Child);

impl Node {
    fn start(folder: &Folder, arguments: &[String]) -> Self {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut command = folder.command(&arguments);
        Self(
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        )
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn bring_back(port: u16, to: &str, mail: &str) -> Result<(), SmtpError> {
    let options = Options {
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::None,
        account: None,
        hello: "mx.example".to_owned(),
        timeout: None,
        root: None,
    };
    let parcel = Parcel {
        from: &"mailer-daemon@mx.example".parse().unwrap(),
        to: &to.parse().unwrap(),
        message: &Text::new(mail.as_bytes().to_vec()),
        id: None,
    };
    Connection::connect(&options).await?.send(parcel).await.map(drop)
}

#[test]
fn mail_that_comes_back_is_taken_at_our_own_door() {
    let (folder, key) = sent();
    let words = "serve --roles bounce --set mail.returns_listen=127.0.0.1:0".split(' ');
    let words: Vec<String> = words.map(str::to_owned).collect();
    let mut node = Node::start(&folder, &words);
    let mut line = String::new();
    let mut said = BufReader::new(node.0.stdout.take().unwrap());
    said.read_line(&mut line).unwrap();
    let port = line.trim_end().trim_end_matches('.').rsplit(':').next().unwrap();
    let port = port.parse().unwrap();

    let runtime = Runtime::new().unwrap();
    let bring = |to: &str, mail: &str| runtime.block_on(bring_back(port, to, mail));
    let gone = |key: &str| bounce(key, "550 5.1.1 User unknown");
    let stranger = "0".repeat(32);
    for nobody in [
        "bounce@brief.example",
        "bounce+1@brief.example",
        "ann@example.org",
    ] {
        let error = bring(nobody, &gone(&key)).unwrap_err();
        assert!(error.is_recipient_refused(), "{nobody}: {error}");
    }
    // One that names another reader than its envelope does is believed of neither.
    bring(&format!("bounce+{stranger}@brief.example"), &gone(&key)).unwrap();
    bring(&format!("bounce+{key}@brief.example"), &gone(&stranger)).unwrap();
    assert!(state(&folder).contains("active"), "{}", state(&folder));
    // This one names nobody but in its envelope.
    let notice = gone(&key).replace(&format!("bounce+{key}@brief.example"), "you@brief.example");
    bring(&format!("BOUNCE+{key}@brief.example"), &notice).unwrap();
    assert!(state(&folder).contains("bounced"), "{}", state(&folder));
}

#[test]
fn nodes_share_a_mailing_and_nobody_gets_it_twice() {
    const READERS: u32 = 8_000;
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let server = postgres::url().unwrap();
    let url = postgres::create_database(server, &format!("sharing_{}", std::process::id())).unwrap();
    let catch = || {
        runtime.block_on(folder.catcher(CatcherOptions {
            discard: true,
            ..CatcherOptions::default()
        }))
    };
    // Each node has a mail server of its own, which tells what it sent.
    let catchers = [catch(), catch(), catch()];
    let ports = catchers.each_ref().map(|catcher| catcher.address().port());
    let mailing = runtime.block_on(Mailing::prepare(&url, ports[0], (READERS, 3, 2)));
    let nodes = ports.map(|port| {
        let own = format!("mail.smtp.port={port}");
        let mut words = mailing.command(&["serve", "--roles", "deliver"], 0);
        words.extend(["--set".to_owned(), own]);
        Node::start(&folder, &words)
    });
    let stored = || catchers.each_ref().map(|catcher| catcher.tally().stored);
    let since = Instant::now();
    while stored().iter().sum::<u64>() < u64::from(READERS) {
        assert!(since.elapsed() < Duration::from_secs(300), "{:?}", stored());
        thread::sleep(Duration::from_millis(20));
    }
    let busy = stored().iter().filter(|by_one| **by_one > 0).count();
    assert!(busy >= 2, "{:?}", stored());
    let tally = || {
        let words = mailing.command(&["delivery", "show", "--format", "json"], 0);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let shown: serde_json::Value = serde_json::from_str(&folder.ok(&words)).unwrap();
        shown["tally"]["sent"].as_u64().unwrap_or(0)
    };
    while tally() < u64::from(READERS) {
        assert!(since.elapsed() < Duration::from_secs(300), "{}", tally());
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(stored().iter().sum::<u64>(), u64::from(READERS), "{:?}", stored());
    drop(nodes);
}

#[test]
fn a_node_takes_over_within_half_a_minute_of_anothers_death() {
    // So few that no other node is asked to help.
    const READERS: u32 = 1_900;
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let server = postgres::url().unwrap();
    let url = postgres::create_database(server, &format!("takeover_{}", std::process::id())).unwrap();
    let catcher = runtime.block_on(folder.catcher(CatcherOptions {
        discard: true,
        ..CatcherOptions::default()
    }));
    let size = (READERS, 3, 4);
    let mailing = runtime.block_on(Mailing::prepare(&url, catcher.address().port(), size));
    let start = || Node::start(&folder, &mailing.command(&["serve", "--roles", "deliver"], 0));
    let wait_for = |more: u64, most: Duration| {
        let (goal, since) = (catcher.tally().stored + more, Instant::now());
        while catcher.tally().stored < goal {
            assert!(since.elapsed() < most, "{:?}", catcher.tally());
            thread::sleep(Duration::from_millis(1));
        }
    };
    let first = start();
    wait_for(20, Duration::from_secs(60));
    let second = start();
    drop(first);
    let before = catcher.tally().stored;
    assert!(
        before < u64::from(READERS) / 2,
        "it had little to do yet: {before}"
    );
    wait_for(1, Duration::from_secs(30));
    let shown = || {
        let words = mailing.command(&["delivery", "show", "--format", "json"], 0);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let shown: serde_json::Value = serde_json::from_str(&folder.ok(&words)).unwrap();
        let count = |state: &str| shown["tally"][state].as_u64().unwrap_or(0);
        (count("sent"), count("unknown"))
    };
    let since = Instant::now();
    let (sent, unknown) = loop {
        let (sent, unknown) = shown();
        if sent + unknown == u64::from(READERS) || since.elapsed() > Duration::from_secs(60) {
            break (sent, unknown);
        }
        thread::sleep(Duration::from_millis(200));
    };
    assert_eq!(
        sent + unknown,
        u64::from(READERS),
        "nobody waits but who is in doubt"
    );
    assert!(unknown <= 2 * 4, "two for each connection: {unknown}");
    drop(second);
    postgres::drop_database(&url).unwrap();
}
