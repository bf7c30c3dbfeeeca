//! Messages that are begun with the end of the one before.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// Hands over messages to these readers in one go, each begun with the end of the one before; what became of each.
async fn send_all(connection: &mut Connection, readers: &[&str]) -> Vec<Result<String, SmtpError>> {
    let from = address("bounce@example.org");
    let letters: Vec<_> = (1..).map(message).take(readers.len()).collect();
    let readers: Vec<_> = readers.iter().map(|reader| address(reader)).collect();
    let parcel = |index: usize| {
        let (to, message) = (readers.get(index)?, letters.get(index)?);
        Some(Parcel {
            from: &from,
            to,
            message,
            id: None,
        })
    };
    let mut sent = Vec::new();
    for index in 0..readers.len() {
        let this = parcel(index).unwrap();
        let begun = connection.begin(this).await;
        sent.push(match begun {
            Ok(()) => connection
                .finish(this, parcel(index + 1))
                .await
                .map(|accepted| accepted.reply),
            Err(error) => Err(error),
        });
    }
    sent
}

const READERS: [&str; 4] = [
    "ann@example.org",
    "bob@example.org",
    "cy@example.org",
    "di@example.org",
];

#[tokio::test]
async fn a_refusal_of_one_leaves_its_neighbours_alone() {
    for (at, reply) in [
        (Phase::MailFrom, "451 4.3.0 later"),
        (Phase::RcptTo, "550 5.1.1 nobody"),
        (Phase::Data, "452 4.3.1 full"),
        (Phase::AfterData, "554 5.6.0 no"),
    ] {
        for dialect in [Dialect::Full, Dialect::Chunking, Dialect::Sober] {
            let dir = tempfile::tempdir().unwrap();
            let refusal = Fault {
                recipient: Some(address("bob@example.org")).filter(|_| at > Phase::MailFrom),
                ..fault(at, Act::Reply(reply.to_owned()))
            };
            let options = CatcherOptions {
                dialect,
                faults: vec![refusal],
                ..CatcherOptions::default()
            };
            let catcher = catcher(dir.path(), options).await;
            let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
            let sent = send_all(&mut connection, &READERS).await;
            let refused: Vec<_> = sent.iter().filter_map(|sent| sent.as_ref().err()).collect();
            assert_eq!(refused.len(), 1, "{sent:?}");
            // A chunk is answered once, when all of it is there.
            let told = match (dialect, at) {
                (Dialect::Chunking, Phase::Data) => Phase::AfterData,
                _ => at,
            };
            assert_eq!(refused[0].phase(), told, "{sent:?}");
            assert!(connection.is_ready() && !connection.is_begun());
            assert_eq!((catcher.tally().stored, catcher.tally().connections), (3, 1));
        }
    }
}

/// A server that takes one message, throws away what came with its end, and so long later says that it was idle, and closes.
async fn forgetful(idle: Duration) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 65_536];
        for answer in [
            "220 mail.example\r\n",
            "250-mail.example\r\n250 PIPELINING\r\n",
            "250 ok\r\n250 ok\r\n354 go on\r\n",
        ] {
            stream.write_all(answer.as_bytes()).await.unwrap();
            assert!(stream.read(&mut bytes).await.unwrap() > 0);
        }
        let (taken, closed) = ("250 ok\r\n", "421 4.4.2 idle for too long\r\n");
        // In one piece where it is not idle, so that nothing can come between.
        if idle.is_zero() {
            return stream
                .write_all([taken, closed].concat().as_bytes())
                .await
                .unwrap();
        }
        stream.write_all(taken.as_bytes()).await.unwrap();
        tokio::time::sleep(idle).await;
        stream.write_all(closed.as_bytes()).await.unwrap();
    });
    at
}

#[tokio::test]
async fn a_server_that_waits_for_the_envelope_that_it_threw_away_gets_none_in_haste_again() {
    for (idle, is_known) in [(5_000, true), (0, false)] {
        let at = forgetful(Duration::from_millis(idle)).await;
        let options = Options {
            host: at.ip().to_string(),
            port: at.port(),
            tls: Tls::None,
            account: None,
            hello: "reveille.localhost".to_owned(),
            timeout: None,
            patience: None,
            root: None,
        };
        let mut connection = Connection::connect(&options).await.unwrap();
        let sent = send_all(&mut connection, &READERS[..2]).await;
        let error = sent[1].as_ref().unwrap_err();
        assert!(sent[0].is_ok() && connection.is_worn(error), "{error}");
        assert_eq!(connection.without().haste, is_known, "{error}");
    }
}

#[tokio::test]
async fn a_server_that_takes_so_many_readers_over_a_connection_has_had_enough() {
    for reply in [
        "452 4.5.3 Too many recipients in this session",
        "452 Too many recipients received this session",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let enough = Fault {
            recipient: Some(address("bob@example.org")),
            ..fault(Phase::RcptTo, Act::Reply(reply.to_owned()))
        };
        let options = CatcherOptions {
            faults: vec![enough],
            ..CatcherOptions::default()
        };
        let catcher = catcher(dir.path(), options).await;
        let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
        let sent = send_all(&mut connection, &READERS[..2]).await;
        let error = sent[1].as_ref().unwrap_err();
        assert!(connection.is_worn(error) && !connection.is_ready(), "{error}");
        let mut fresh = Connection::connect(&plain(&catcher)).await.unwrap();
        let sent = send(&mut fresh, "bob@example.org", &message(1)).await;
        assert!(sent.is_ok(), "{sent:?}");
    }
}

#[tokio::test]
async fn a_server_that_has_had_enough_is_told_from_one_that_refuses() {
    let dir = tempfile::tempdir().unwrap();
    let enough = Fault {
        recipient: Some(address("cy@example.org")),
        ..fault(
            Phase::AfterData,
            Act::Reply("421 4.7.0 enough for now".to_owned()),
        )
    };
    let options = CatcherOptions {
        faults: vec![enough],
        ..CatcherOptions::default()
    };
    let catcher = catcher(dir.path(), options).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let sent = send_all(&mut connection, &READERS).await;
    assert_eq!(sent.iter().filter(|sent| sent.is_ok()).count(), 2, "{sent:?}");
    assert_eq!(sent[2].as_ref().unwrap_err().code(), Some(421));
    // Its envelope had left, and nothing of its text.
    assert_eq!(sent[3].as_ref().unwrap_err().phase(), Phase::Connect);
    assert!(!connection.is_ready());

    let closing = failing(Phase::MailFrom, Act::Reply("421 4.7.0 closing".to_owned()));
    let catcher = super::catcher(dir.path(), closing).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let error = send_all(&mut connection, &READERS[..1])
        .await
        .remove(0)
        .unwrap_err();
    assert!(!connection.is_worn(&error), "a fresh one is not worn: {error}");
}
