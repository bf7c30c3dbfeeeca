//! `reveille serve`: the schedule and the web pages, until told to stop.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    outlet::Outlet,
    program::{Folder, Running},
    spam,
};

/// A running `serve`, and where it listens.
pub(crate) struct Server {
    program: Running,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(folder: &Folder) -> Self {
        Self::with(folder, &[])
    }

    pub(crate) fn with(folder: &Folder, settings: &[&str]) -> Self {
        let mut command = folder.command(&["serve", "--set", "web.listen=127.0.0.1:0"]);
        command.args(settings.iter().flat_map(|setting| ["--set", setting]));
        Self::by(command)
    }

    /// Started by a command of one's own.
    pub(crate) fn by(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = Running::start(&mut command);
        let mut line = String::new();
        BufReader::new(program.child().stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .split_once(" on ")
            .and_then(|(_, rest)| rest.split_once(". Stop"));
        let address = address.unwrap_or_else(|| panic!("{line}")).0.to_owned();
        Self { program, address }
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path}"), "", "")
    }

    /// Sends a form, its fields encoded already.
    pub(crate) fn post(&self, path: &str, form: &str) -> String {
        self.ask(&format!("POST {path}"), "", form)
    }

    pub(crate) fn ask(&self, what: &str, headers: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{what} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Example/1.0\r\nConnection: close\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.address,
            form.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    pub(crate) fn pid(&mut self) -> u32 {
        self.program.child().id()
    }

    /// Ends it as a service manager would.
    pub(crate) fn stop(mut self) -> Option<i32> {
        self.program.signal("-TERM");
        self.program.child().wait().unwrap().code()
    }
}

#[test]
fn it_serves_the_pages_and_ends_well_when_told_to() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let server = Server::start(&folder);
    assert!(server.get("/healthz").ends_with("ok\n"));
    assert!(server.get("/the-morning-brief").contains("Get it every morning"));
    assert!(server.get("/nothing/here").starts_with("HTTP/1.1 404"));
    // Commands work beside it, on the same store.
    folder.ok(&[
        "subscribers",
        "add",
        "ann@example.org",
        "--country",
        "Norway",
        "--consent",
        "by letter",
    ]);
    assert!(folder.ok(&["subscribers", "list"]).contains("Europe/Oslo"));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn it_ends_when_told_to_at_any_moment_of_its_start() {
    let folder = Folder::new();
    for millis in [0, 1, 2, 5, 10, 20, 50, 100] {
        let server = Server::start(&folder);
        std::thread::sleep(Duration::from_millis(millis));
        assert_eq!(server.stop(), Some(0), "after {millis} ms");
    }
}

#[test]
fn a_request_that_never_ends_keeps_it_from_its_end_for_some_seconds_only() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut endless = TcpStream::connect(&server.address).unwrap();
    endless.write_all(b"GET / HTTP/1.1\r\nHost: half.a.head").unwrap();
    assert!(server.get("/healthz").ends_with("ok\n"));
    let since = Instant::now();
    assert_eq!(server.stop(), Some(0));
    assert!(since.elapsed() < Duration::from_secs(60), "{:?}", since.elapsed());
}

#[test]
fn an_edition_that_nobody_approved_by_its_hour_is_told_once() {
    let folder = Folder::new();
    folder.ok(&[
        "brief",
        "add",
        "The Morning Brief",
        "--zone",
        "UTC",
        "--send-at",
        "06:00",
    ]);
    folder.ok(&["--now", "2026-03-10T05:30:00Z", "edition", "compile"]);
    let log = folder.path().join("log");
    let mut command = folder.command(&["serve", "--roles", "deliver", "--now", "2026-03-10T06:00:00Z"]);
    let node = Running::start(command.stderr(fs::File::create(&log).unwrap()));
    let told = || {
        let log = fs::read_to_string(&log).unwrap();
        log.matches("nobody has approved it").count()
    };
    let since = Instant::now();
    while told() == 0 {
        assert!(since.elapsed() < Duration::from_secs(300));
        std::thread::sleep(Duration::from_millis(100));
    }
    // Two more looks at the schedule.
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(told(), 1);
    drop(node);
}

#[test]
fn an_edition_whose_hour_passed_while_nobody_ran_tells_what_came_meanwhile() {
    let folder = Folder::new();
    let outlet = Outlet::named("herald");
    let feed = outlet.feed(&[(
        "/ferry",
        "Ferry stops at the old quay",
        "Tue, 10 Mar 2026 04:00:00 GMT",
    )]);
    outlet.report(
        "/ferry",
        "Ferry stops at the old quay",
        &["The ferry to Fairhaven stopped for good at the old quay of Alderport on Tuesday, the port said."],
    );
    let settings = "[gather]\nallow_networks = [\"127.0.0.0/8\"]\n";
    folder.write("reveille.toml", settings);
    folder.ok(&[
        "--now",
        "2026-03-09T20:00:00Z",
        "sources",
        "add",
        &feed,
        "--unseen",
        "--carrier",
        "Herald",
    ]);
    folder.ok(&[
        "brief",
        "add",
        "The Morning Brief",
        "--zone",
        "UTC",
        "--send-at",
        "06:00",
    ]);
    let node = Running::start(&mut folder.command(&[
        "serve",
        "--set",
        "web.listen=127.0.0.1:0",
        "--now",
        "2026-03-10T05:55:00Z",
    ]));
    wait_for(&folder, &["edition", "list"], "2026-03-10");
    let now = ["--now", "2026-03-10T05:56:00Z"];
    let edition = folder.ok(&[
        &now[..],
        &["edition", "show", "the-morning-brief", "--format", "text"],
    ]
    .concat());
    assert!(edition.contains("Ferry stops at the old quay"), "{edition}");
    drop(node);
}

#[test]
fn a_test_that_fails_leaves_no_server_behind() {
    let folder = Folder::new();
    let mut pid = 0;
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut server = Server::start(&folder);
        pid = server.pid();
        std::panic::resume_unwind(Box::new(()));
    }));
    // Its port may be another one's by now.
    let found = Command::new("kill").args(["-0", &pid.to_string()]).output();
    assert!(failed.is_err() && !found.unwrap().status.success());
}

#[test]
fn a_taken_port_is_told() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("web.listen={}", taken.local_addr().unwrap());
    let said = folder.run(&["serve", "--set", &listen]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("cannot listen on"), "{}", said.err);
}

#[test]
fn a_sign_up_is_confirmed_from_the_mail_and_proved_by_its_record() {
    let folder = Folder::new();
    folder.write(
        "reveille.toml",
        "mail.identity = \"The Herald, 1 Harbour Street, Newport\"\n",
    );
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let server = Server::start(&folder);
    let page = server.get("/the-morning-brief");
    let sentence = page.split("name=\"sentence\" value=\"").nth(1).unwrap();
    let sentence = sentence.split('"').next().unwrap().replace(' ', "+");
    let form = format!("email=ann%40example.org&country=NO&zone=&website=&sentence={sentence}");
    assert!(
        server
            .post("/the-morning-brief", &form)
            .starts_with("HTTP/1.1 200")
    );

    let proof = ["subscribers", "proof", "ann@example.org"];
    wait_for(&folder, &proof, "mailed");
    let mail = only_mail(&folder.path().join("outbox"));
    assert!(mail.contains("\nThe Herald, 1 Harbour Street"), "{mail}");
    let link = mail.split("/confirm/").nth(1).unwrap();
    let link = format!("/confirm/{}", link.split_whitespace().next().unwrap());
    let state = || folder.ok(&["subscribers", "list"]);
    // A mail scanner follows every link, twice.
    for _ in 0..2 {
        assert!(server.get(&link).contains("Yes, send it"));
        assert!(
            server
                .ask(&format!("HEAD {link}"), "", "")
                .starts_with("HTTP/1.1 200")
        );
    }
    assert!(state().contains("pending"));
    assert!(server.post(&link, "").contains("You are on the list"));
    assert!(state().contains("active"));

    let proof = folder.ok(&proof);
    let at = |part: &str| proof.find(part).unwrap_or_else(|| panic!("{part}: {proof}"));
    let message_id = mail
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: "))
        .unwrap();
    assert!(at("asked") < at("mailed") && at("mailed") < at("confirmed"));
    at(message_id.trim());
    at("from 127.0.0.1, with Example/1.0");
    at("The record is whole.");
    assert!(!proof.contains(&link), "whoever sees the proof learns no link");
    assert_eq!(server.stop(), Some(0));
    spam::finds_none(&folder);
}

/// Waits until a command's output holds this.
pub(crate) fn wait_for(folder: &Folder, command: &[&str], part: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !folder.ok(command).contains(part) {
        assert!(Instant::now() < deadline, "no `{part}` within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The only message in the folder.
pub(crate) fn only_mail(folder: &Path) -> String {
    let mut mails = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mail = fs::read_to_string(mails.next().unwrap()).unwrap();
    assert_eq!(mails.next(), None);
    mail
}
