//! A connection to PostgreSQL that is lost when the server has committed and its answer is on the way, or on which nothing is heard
//! any more.

use std::{
    io::{Read as _, Write as _},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
};

use reveille_testkit::postgres::{self, Durability, Server};

use crate::ledger::{READERS, Scene};

/// The name of a socket at which PostgreSQL listens, in a folder that a URL names as its host.
const SOCKET: &str = ".s.PGSQL.5432";

/// What becomes of a connection whose answer was lost.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    Closes,
    /// As that of a machine which lost its power.
    IsSilent,
}

/// A way to a server that loses the answer to so many commits which put messages on the wire, one for each connection.
fn losing(server: PathBuf, at: &Path, losses: u32, then: Then) -> Arc<AtomicU32> {
    let listener = UnixListener::bind(at).unwrap();
    let left = Arc::new(AtomicU32::new(losses));
    let counter = Arc::clone(&left);
    // It ends with the process.
    thread::spawn(move || {
        for client in listener.incoming() {
            let upstream = UnixStream::connect(&server).unwrap();
            join(client.unwrap(), upstream, Arc::clone(&counter), then);
        }
    });
    left
}

fn join(client: UnixStream, server: UnixStream, left: Arc<AtomicU32>, then: Then) {
    let lose = Arc::new(AtomicBool::new(false));
    let (mut asks, mut asked) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let losing = Arc::clone(&lose);
    thread::spawn(move || {
        let mut wires = false;
        pass(&mut asks, &mut asked, then, |said| {
            wires |= holds(said, b"set state = 'wire', message_id = v.column3");
            if wires && holds(said, b"COMMIT") {
                let taken = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
                losing.store(taken.is_ok(), Ordering::SeqCst);
            }
            true
        });
    });
    let (mut answers, mut answered) = (server, client);
    thread::spawn(move || {
        pass(&mut answers, &mut answered, then, |_| {
            !lose.load(Ordering::SeqCst)
        });
    });
}

/// Hands on what comes, until either side closes or something must not pass where this closes it; then both are closed.
fn pass(from: &mut UnixStream, to: &mut UnixStream, then: Then, mut passes: impl FnMut(&[u8]) -> bool) {
    let mut room = [0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut room) {
        let said = &room[..length];
        let is_open = match passes(said) {
            true => to.write_all(said).is_ok(),
            false => then == Then::IsSilent,
        };
        if !is_open {
            break;
        }
    }
    for end in [from, to] {
        // The other side may have closed it.
        let _ = end.shutdown(Shutdown::Both);
    }
}

fn holds(said: &[u8], words: &[u8]) -> bool {
    said.windows(words.len()).any(|window| window == words)
}

/// Sends an edition where the answers to so many commits are lost.
fn send_in_spite_of(losses: u32, then: Then) {
    let server = Server::start(&Durability::None).unwrap();
    let url = postgres::create_database(server.url(), "lost").unwrap();
    let (_, host) = url.split_once("host=").unwrap();
    let socket = Path::new(host.split('&').next().unwrap()).join(SOCKET);
    let mut left = None;
    let scene = Scene::new(
        |folder| {
            left = Some(losing(socket, &folder.path().join(SOCKET), losses, then));
            format!("postgres:///lost?host={}&user=reveille", folder.path().display())
        },
        Vec::new(),
    );
    scene.ok(&["edition", "send"]);
    assert_eq!(left.unwrap().load(Ordering::SeqCst), 0, "they were lost");
    assert_eq!(scene.show().count("sent"), READERS);
    assert_eq!(scene.catcher.tally().stored, u64::from(READERS));
}

#[test]
fn what_was_put_on_the_wire_by_a_commit_whose_answer_is_lost_leaves_all_the_same() {
    send_in_spite_of(2, Then::Closes);
}

#[test]
fn what_was_put_on_the_wire_by_a_commit_of_which_nothing_is_heard_leaves_by_another_connection() {
    send_in_spite_of(1, Then::IsSilent);
}
