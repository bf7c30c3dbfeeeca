//! What the server takes responsibility for.

use super::*;

#[tokio::test]
async fn several_messages_go_over_one_connection_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    for number in 1..=20 {
        assert_eq!(
            send(&mut connection, "ann@example.org", &message(number))
                .await
                .unwrap(),
            "250 2.0.0 stored"
        );
    }
    connection.quit().await;
    assert_eq!(
        catcher.tally(),
        Tally {
            stored: 20,
            repeated: 0,
            connections: 1
        }
    );
    let mut held: Vec<_> = list(dir.path())
        .unwrap()
        .into_iter()
        .map(|mail| mail.raw)
        .collect();
    let mut sent: Vec<_> = (1..=20).map(|n| message(n).bytes().to_vec()).collect();
    held.sort();
    sent.sort();
    assert_eq!(held, sent);
}

#[tokio::test]
async fn lines_that_begin_with_dots_arrive_as_they_were() {
    dots_arrive(CatcherOptions::default()).await;
}

#[tokio::test]
async fn a_message_of_one_id_is_kept_once_for_each_mailbox() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    for to in [
        "ann@example.org",
        "ann@example.org",
        "Ann@example.org",
        "bo/b@example.org",
    ] {
        send(&mut connection, to, &message(1)).await.unwrap();
    }
    assert_eq!(
        catcher.tally(),
        Tally {
            stored: 2,
            repeated: 2,
            connections: 1
        }
    );
    let mails = list(dir.path()).unwrap();
    let mut mailboxes: Vec<_> = mails.iter().map(|mail| mail.to.as_str()).collect();
    mailboxes.sort_unstable();
    assert_eq!(mailboxes, ["ann@example.org", "bo/b@example.org"]);
    assert!(
        mails
            .iter()
            .all(|mail| mail.path.starts_with(dir.path()) && mail.subject == "Edition 1")
    );
}

#[tokio::test]
async fn copies_that_come_at_once_are_kept_once() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let options = plain(&catcher);
        senders.spawn(async move { send_one(&options).await.unwrap() });
    }
    senders.join_all().await;
    assert_eq!(
        catcher.tally(),
        Tally {
            stored: 1,
            repeated: 7,
            connections: 8
        }
    );
}

#[tokio::test]
async fn eight_bit_and_utf8_are_announced_where_they_are_needed() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let raw = "Subject: ö\r\n\r\nå\r\n".as_bytes();
    send(&mut connection, "jürgen@example.org", &text(raw))
        .await
        .unwrap();
    let mails = list(dir.path()).unwrap();
    assert_eq!(
        (mails[0].to.as_str(), mails[0].raw.as_slice()),
        ("jürgen@example.org", raw)
    );
}

#[tokio::test]
async fn servers_without_extensions_are_spoken_to_plainly() {
    for dialect in [Dialect::Sober, Dialect::Old] {
        let dir = tempfile::tempdir().unwrap();
        let options = CatcherOptions {
            dialect,
            faults: vec![fault(Phase::RcptTo, Act::Reply("550 5.1.1 nobody".to_owned()))],
            ..CatcherOptions::default()
        };
        let catcher = catcher(dir.path(), options).await;
        let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
        let error = send(&mut connection, "ann@example.org", &message(1))
            .await
            .unwrap_err();
        assert!(error.is_recipient_refused() && connection.is_ready(), "{error}");
        send(&mut connection, "ann@example.org", &message(1))
            .await
            .unwrap();
        let eight_bit = "Subject: x\r\n\r\nå\r\n".as_bytes();
        let error = send(&mut connection, "ann@example.org", &text(eight_bit))
            .await
            .unwrap_err();
        assert!(
            error.is_permanent() && error.unfit(&address("ann@example.org")) == Some(Unfit::Form),
            "{error}"
        );
        assert!(connection.is_ready());
        // The header of the second one names its reader.
        let named = text("To: jürgen@example.org\r\n\r\nx\r\n".as_bytes());
        for message in [message(1), named] {
            let error = send(&mut connection, "jürgen@example.org", &message)
                .await
                .unwrap_err();
            let reader = address("jürgen@example.org");
            let is_of_address = error.is_address_unfit(&reader) && error.unfit(&reader).is_none();
            assert!(error.is_permanent() && is_of_address, "{error}");
        }
    }
}

#[tokio::test]
async fn an_address_of_our_own_that_the_server_does_not_know_is_no_fault_of_the_reader() {
    let dir = tempfile::tempdir().unwrap();
    let options = CatcherOptions {
        dialect: Dialect::EightBit,
        ..CatcherOptions::default()
    };
    let catcher = catcher(dir.path(), options).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let tips = text("Reply-To: tipps-für-uns@example.org\r\n\r\nx\r\n".as_bytes());
    for (reader, unfit) in [
        ("ann@example.org", Some(Unfit::Form)),
        ("jürgen@example.org", None),
    ] {
        let error = send(&mut connection, reader, &tips).await.unwrap_err();
        let reader = address(reader);
        assert_eq!(error.unfit(&reader), unfit, "{error}");
        assert_eq!(error.is_address_unfit(&reader), unfit.is_none(), "{error}");
    }
    send(&mut connection, "ann@example.org", &message(1))
        .await
        .unwrap();
}
