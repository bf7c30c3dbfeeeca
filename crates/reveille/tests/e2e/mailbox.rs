//! Newsletters out of a mailbox on an IMAP server, over TLS.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, pem::PemObject},
};

use crate::program::{Folder, Said, said};

const LETTER: &str = "From: Ann Example <ann@letters.example>\r\nMessage-ID: <1@letters.example>\r\n\
    Subject: Harbour reopens\r\nDate: Tue, 10 Mar 2026 02:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
    The harbour of Northport reopened on Monday after a storm had closed it for two weeks, its master said in a letter \
    to the shipping lines.\r\n\r\nFerries to the islands sail again from Tuesday, at the hours of the winter.\r\n";

/// Signs ann in with the token `tide-7`.
const BEARER: &str = "AUTHENTICATE XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgdGlkZS03AQE=";

/// A server on loopback with these letters; its port and its certificate.
pub(crate) fn server(letters: Vec<String>) -> (u16, String) {
    let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from_pem_slice(issued.signing_key.serialize_pem().as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![issued.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(config.clone()).unwrap();
            // A client that does not trust the certificate hangs up.
            let _ = converse(StreamOwned::new(connection, stream), &letters);
        }
    });
    (port, issued.cert.pem())
}

fn converse(mut stream: StreamOwned<ServerConnection, TcpStream>, letters: &[String]) -> io::Result<()> {
    stream.write_all(b"* OK ready\r\n")?;
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or_default();
        let fetched = command.strip_prefix("UID FETCH ");
        let listed = fetched.and_then(|rest| rest.strip_suffix(":* (UID RFC822.SIZE)"));
        let opened = fetched.and_then(|rest| rest.strip_suffix(" (UID BODY.PEEK[])"));
        let (told, done) = match (command, listed, opened) {
            ("LOGIN \"ann\" \"tide-7\"" | "LOGOUT", ..) => (String::new(), "OK done"),
            (command, ..) if command == BEARER => (String::new(), "OK done"),
            (command, ..) if command.starts_with("AUTHENTICATE XOAUTH2 ") => {
                // What is wrong with a token is told by a question.
                stream.get_mut().write_all(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")?;
                let mut nothing = String::new();
                stream.read_line(&mut nothing)?;
                assert_eq!(nothing, "\r\n");
                (String::new(), "NO [AUTHENTICATIONFAILED] the token is stale")
            }
            ("EXAMINE \"INBOX\"", ..) => ("* OK [UIDVALIDITY 7] valid\r\n".to_owned(), "OK open"),
            (_, Some(from), _) => (list(letters, from.parse().unwrap()), "OK done"),
            (_, _, Some(uid)) => {
                let letter = &letters[uid.parse::<usize>().unwrap() - 1];
                let size = letter.len();
                let fetched = format!("* {uid} FETCH (UID {uid} BODY[] {{{size}}}\r\n{letter})\r\n");
                (fetched, "OK done")
            }
            _ => (String::new(), "NO not understood"),
        };
        let answer = format!("{told}{tag} {done}\r\n");
        stream.get_mut().write_all(answer.as_bytes())?;
    }
}

/// The letters from this UID on, and the last one in any case.
fn list(letters: &[String], from: usize) -> String {
    let sizes = letters.iter().map(String::len);
    (1..)
        .zip(sizes)
        .filter(|(uid, _)| *uid >= from.min(letters.len()))
        .map(|(uid, size)| format!("* {uid} FETCH (UID {uid} RFC822.SIZE {size})\r\n"))
        .collect()
}

#[test]
fn a_mailbox_is_read_over_a_connection_that_is_proved() {
    let folder = Folder::new();
    let (port, certificate) = server(vec![LETTER.to_owned()]);
    let trusted = folder.write("ca.pem", &certificate);
    let password = folder.write("password.txt", "tide-7\n");
    let run = |minute: u32, arguments: &[&str], password: &std::path::Path| -> Said {
        let now = format!("2026-03-10T04:{minute:02}:00Z");
        let mut command = folder.command(&[&["--now", &now][..], arguments].concat());
        command.env("REVEILLE__GATHER__IMAP_PASSWORD_FILE", password);
        said(command.env("SSL_CERT_FILE", &trusted).output().unwrap())
    };
    let address = format!("imaps://ann@localhost:{port}/INBOX");
    let open = address.replace("ann@", "ann:tide-7@");
    let refused = run(0, &["sources", "add", &open], &password);
    assert!(refused.err.contains("leave it out"), "{}", refused.err);
    run(
        0,
        &["sources", "add", &address, "--carrier", "Letters"],
        &password,
    );
    let gathered = run(0, &["gather", "--all"], &password);
    assert!(
        gathered.out.contains("1 new article"),
        "{} {}",
        gathered.out,
        gathered.err
    );
    let shown = folder.ok(&["articles", "show", "mid:1@letters.example"]);
    assert!(shown.contains("Ferries to the islands"), "{shown}");
    let gathered = run(10, &["gather", "--all"], &password);
    assert!(gathered.out.contains("0 new articles"), "{}", gathered.out);

    // A password of its own goes before the one that is set for all.
    folder.ok(&[
        "sources",
        "sign-in",
        &address,
        "--user",
        "ann",
        "--secret-file",
        "password.txt",
    ]);
    let own = run(15, &["sources", "check", &address], &trusted);
    assert!(own.out.contains("well, 1 letter"), "{}", own.out);
    let cookie = [
        "sources",
        "sign-in",
        &address,
        "--cookie",
        "--secret-file",
        "password.txt",
    ];
    let refused = folder.run(&cookie);
    assert!(refused.err.contains("give `--user`"), "{}", refused.err);
    folder.ok(&["sources", "sign-out", &address]);

    folder.write("token", "tide-7\n");
    let by_token = |more: &[&str]| {
        let set = ["--set", "gather.imap_token_file=token"];
        let words = ["sources", "check", address.as_str()];
        let mut command = folder.command(&[&set[..], more, &words].concat());
        said(command.env("SSL_CERT_FILE", &trusted).output().unwrap())
    };
    let asked = by_token(&[]);
    assert!(asked.out.contains("well, 1 letter"), "{}{}", asked.out, asked.err);
    let both = by_token(&["--set", "gather.imap_password=tide-7"]);
    assert!(both.err.contains("give one of the two"), "{}", both.err);

    let wrong = run(20, &["sources", "check", &address], &trusted);
    assert!(wrong.out.contains("refused to sign in"), "{}", wrong.out);
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    folder.write("ca.pem", &other.cert.pem());
    let unproved = run(30, &["sources", "check", &address], &password);
    assert!(unproved.out.contains("certificate"), "{}", unproved.out);
    assert!(!unproved.out.contains("tide-7"), "{}", unproved.out);
}
