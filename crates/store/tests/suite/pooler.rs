//! Whether a pooler stands before the database, which gives each transaction whatever session is free.

use std::{
    io::{self, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
};

use reveille_store::shares_sessions;
use reveille_testkit::databases;

/// A message of PostgreSQL's protocol: its kind, and the rest with the length in front.
struct Message(u8, Vec<u8>);

fn lengthy(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut message = vec![0; 4];
    stream.read_exact(&mut message)?;
    let length = u32::from_be_bytes([message[0], message[1], message[2], message[3]]);
    message.resize(length as usize, 0);
    stream.read_exact(&mut message[4..])?;
    Ok(message)
}

impl Message {
    fn read(stream: &mut impl Read) -> io::Result<Self> {
        let mut kind = [0];
        stream.read_exact(&mut kind)?;
        Ok(Self(kind[0], lengthy(stream)?))
    }

    fn write(&self, stream: &mut impl Write) -> io::Result<()> {
        stream.write_all(&[self.0])?;
        stream.write_all(&self.1)
    }
}

/// Passes on what the server says until it waits for the next message. Whether it is in a transaction then.
fn answer(server: &mut UnixStream, client: &mut impl Write) -> io::Result<bool> {
    loop {
        let message = Message::read(server)?;
        message.write(client)?;
        if message.0 == b'Z' {
            return Ok(message.1[4] != b'I');
        }
    }
}

/// Has the only session, and the words with which it began, for a transaction after the other.
fn serve(
    client: &mut UnixStream,
    session: &Mutex<Option<(UnixStream, Vec<u8>)>>,
    server: &Path,
) -> io::Result<()> {
    let start = lengthy(client)?;
    {
        let mut session = session.lock().unwrap();
        if session.is_none() {
            let (mut stream, mut begun) = (UnixStream::connect(server)?, Vec::new());
            stream.write_all(&start)?;
            answer(&mut stream, &mut begun)?;
            *session = Some((stream, begun));
        }
        client.write_all(&session.as_ref().unwrap().1)?;
    }
    loop {
        let mut message = Message::read(client)?;
        let mut session = session.lock().unwrap();
        let (stream, _) = session.as_mut().unwrap();
        loop {
            if message.0 == b'X' {
                return Ok(());
            }
            message.write(stream)?;
            // What is asked in several messages is answered at their end.
            let is_asked = [b'Q', b'S'].contains(&message.0);
            if is_asked && !answer(stream, client)? {
                break;
            }
            message = Message::read(client)?;
        }
    }
}

/// A pooler with one session, on a socket in this folder.
fn start(folder: &Path, server: &Path) {
    let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
    let (session, server) = (Arc::default(), server.to_owned());
    thread::spawn(move || {
        for client in listener.incoming() {
            let (mut client, session, server) = (client.unwrap(), Arc::clone(&session), server.clone());
            thread::spawn(move || drop(serve(&mut client, &session, &server)));
        }
    });
}

#[tokio::test]
async fn a_pooler_that_gives_each_transaction_another_session_is_told() {
    for db in databases().await {
        assert!(!shares_sessions(&db.url).await.unwrap(), "{}", db.name);
        let Some((_, host)) = db.url.split_once("?host=") else {
            continue;
        };
        let host = host.split('&').next().unwrap();
        let folder = tempfile::tempdir().unwrap();
        start(folder.path(), &Path::new(host).join(".s.PGSQL.5432"));
        let pooled = db.url.replace(host, folder.path().to_str().unwrap()) + "&sslmode=disable";
        assert!(shares_sessions(&pooled).await.unwrap());
    }
    assert!(
        shares_sessions("postgres:///none?host=/nowhere/at/all")
            .await
            .is_err()
    );
}
