//! `reveille serve`: the schedule and the web pages, until told to stop.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use crate::program::Folder;

/// A running `serve`, and where it listens.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Folder) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let address = format!("127.0.0.1:{port}");
        let listen = format!("web.listen={address}");
        let mut child = folder
            .command(&["serve", "--set", &listen])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(line.starts_with("Serving"), "{line}");
        Self { child, address }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Ends it as a service manager would.
    fn stop(mut self) -> Option<i32> {
        Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        self.child.wait().unwrap().code()
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
fn a_taken_port_is_told() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("web.listen={}", taken.local_addr().unwrap());
    let said = folder.run(&["serve", "--set", &listen]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("cannot listen on"), "{}", said.err);
}
