//! Whole conversations over loopback between the client and the catcher.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accepted;
mod broken;
mod extensions;
mod pipelined;
mod refused;
mod trust;

use std::{io, path::Path, sync::Arc, time::Duration};

use reveille_mail::{
    Body, Message, Proof, build,
    catcher::{Account, Act, Catcher, CatcherOptions, Certificate, Dialect, Fault, Tally, list},
    smtp::{Connection, Options, Parcel, Phase, SmtpError, Text, Tls, Unfit},
};
use reveille_model::{EmailAddress, UnixMillis};
use tokio::net::TcpListener;

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

fn message(number: u32) -> Text {
    build(&Message {
        from: ("The Morning Brief".to_owned(), address("brief@example.org")),
        return_path: None,
        reply_to: None,
        to: address("ann@example.org"),
        subject: format!("Edition {number}"),
        body: Arc::new(Body::new("One\n.\n..two\n", "<p>One</p>\n")),
        word: String::new(),
        message_id: format!("{number}@example.org"),
        date: UnixMillis(1_773_118_800_000),
        list_unsubscribe: None,
        list_id: None,
        auto_submitted: None,
        headers: Vec::new(),
    })
}

fn text(raw: &[u8]) -> Text {
    Text::new(raw.to_vec())
}

async fn catcher(dir: &Path, options: CatcherOptions) -> Catcher {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    Catcher::start(listener, dir, options).unwrap()
}

/// Sends lines that begin with dots, and looks whether they arrive as they were.
async fn dots_arrive(options: CatcherOptions) {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), options).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let raw = b"Subject: dots\r\n\r\n.\r\n..\r\n.a\r\n\r\n.\r\n";
    send(&mut connection, "ann@example.org", &text(raw))
        .await
        .unwrap();
    assert_eq!(list(dir.path()).unwrap()[0].raw, raw);
}

fn plain(catcher: &Catcher) -> Options {
    Options {
        host: "127.0.0.1".to_owned(),
        port: catcher.address().port(),
        tls: Tls::None,
        account: None,
        hello: "reveille.localhost".to_owned(),
        timeout: None,
        patience: None,
        root: None,
    }
}

fn encrypted(catcher: &Catcher, tls: Tls, root: &str) -> Options {
    Options {
        host: "localhost".to_owned(),
        tls,
        root: Some(root.to_owned()),
        ..plain(catcher)
    }
}

fn signing_in(options: Options, password: &str) -> Options {
    Options {
        account: Some(reveille_mail::Account {
            user: "ann".to_owned(),
            proof: Proof::Password(password.to_owned()),
        }),
        ..options
    }
}

fn certificate(implicit: bool) -> Certificate {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    Certificate {
        chain: made.cert.pem(),
        key: made.signing_key.serialize_pem(),
        implicit,
    }
}

fn account(mechanisms: &str) -> Option<Account> {
    Some(Account {
        user: "ann".to_owned(),
        password: "päss word".to_owned(),
        mechanisms: mechanisms.to_owned(),
    })
}

fn fault(at: Phase, act: Act) -> Fault {
    Fault {
        at,
        recipient: None,
        times: 1,
        act,
    }
}

fn failing(at: Phase, act: Act) -> CatcherOptions {
    CatcherOptions {
        faults: vec![fault(at, act)],
        ..CatcherOptions::default()
    }
}

async fn send(connection: &mut Connection, to: &str, message: &Text) -> Result<String, SmtpError> {
    let parcel = Parcel {
        from: &address("bounce@example.org"),
        to: &address(to),
        message,
        id: Some("1@example.org"),
    };
    Ok(connection.send(parcel).await?.reply)
}

async fn send_one(options: &Options) -> Result<String, SmtpError> {
    let mut connection = Connection::connect(options).await?;
    let reply = send(&mut connection, "ann@example.org", &message(1)).await?;
    connection.quit().await;
    Ok(reply)
}

async fn refused_connection(options: &Options) -> SmtpError {
    match Connection::connect(options).await {
        Ok(_) => panic!("connected"),
        Err(error) => error,
    }
}
