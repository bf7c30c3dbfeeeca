//! What the server, or the client before it, says no to.

use super::*;

#[tokio::test]
async fn a_refusal_tells_its_phase_and_leaves_the_connection_ready() {
    let cases = [
        (Phase::MailFrom, "451 4.3.0 later", false, false),
        (Phase::MailFrom, "554 5.7.1 relay denied", false, false),
        (Phase::MailFrom, "550 no", false, false),
        (Phase::MailFrom, "552 too large", true, false),
        (Phase::MailFrom, "552 5.2.2 over quota", false, false),
        (Phase::MailFrom, "552 5.7.0 not by our policy", false, false),
        (Phase::MailFrom, "552 5.2.3 too large", true, false),
        (Phase::MailFrom, "550 5.3.4 too large", true, false),
        (Phase::MailFrom, "553 5.6.7 no UTF-8 here", true, false),
        (Phase::RcptTo, "450 4.2.1 busy", false, false),
        (Phase::RcptTo, "550 5.1.1 nobody", true, true),
        (Phase::RcptTo, "550 user unknown", true, true),
        (Phase::RcptTo, "550 no", true, false),
        (Phase::RcptTo, "550 user <ann@relay.example> unknown", true, true),
        (Phase::RcptTo, "550 5.7.1 not by our policy", true, false),
        (
            Phase::RcptTo,
            "554 5.7.1 <ann@example.org>: Relay access denied",
            true,
            false,
        ),
        (Phase::RcptTo, "550 relay not permitted", true, false),
        (
            Phase::RcptTo,
            "550 No such user here (relay2.example.net)",
            true,
            true,
        ),
        (Phase::RcptTo, "550 5.1.8 bad sender", true, false),
        (
            Phase::RcptTo,
            "550 5.1.0 <bounce@news.example>: Sender address rejected: User unknown in local recipient table",
            true,
            false,
        ),
        (Phase::Data, "452 4.3.1 full", false, false),
        (Phase::Data, "554 5.5.1 no", true, false),
        (Phase::AfterData, "452 4.3.1 full", false, false),
        (Phase::AfterData, "554 5.6.0 no", true, false),
    ];
    for (phase, reply, permanent, recipient) in cases {
        let dir = tempfile::tempdir().unwrap();
        let catcher = catcher(dir.path(), failing(phase, Act::Reply(reply.to_owned()))).await;
        let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
        let error = send(&mut connection, "ann@example.org", &message(1))
            .await
            .unwrap_err();
        assert_eq!(
            (error.phase(), error.is_permanent()),
            (phase, permanent),
            "{error}"
        );
        assert_eq!(error.is_recipient_refused(), recipient, "{error}");
        let of_no_reader = phase == Phase::MailFrom;
        assert_eq!(
            error.is_put_off(),
            of_no_reader && reply.starts_with('4'),
            "{error}"
        );
        let of_message = of_no_reader && permanent;
        let unfit = error.unfit(&address("ann@example.org"));
        assert_eq!(unfit.is_some(), of_message, "{error}");
        assert!(
            !error.may_be_accepted() && error.to_string().ends_with(reply),
            "{error}"
        );
        let codes = reply.split(' ').next().unwrap();
        let bare = error.without_words().to_string();
        assert!(bare.contains(codes) && !bare.contains("example.org"), "{bare}");
        assert!(connection.is_ready());
        send(&mut connection, "ann@example.org", &message(2))
            .await
            .unwrap();
        assert_eq!(list(dir.path()).unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_is_busy_itself_is_told_from_what_it_says_of_a_reader() {
    let cases = [
        (
            Phase::AfterData,
            "454 Throttling failure: Maximum sending rate exceeded.",
            true,
        ),
        (
            Phase::AfterData,
            "454 4.7.1 Throttling this sender by our policy",
            false,
        ),
        (Phase::AfterData, "451 4.3.0 queue file write error", true),
        (Phase::AfterData, "451 4.7.1 try again later", false),
        (Phase::AfterData, "452 4.2.2 mailbox full", false),
        (Phase::AfterData, "451 later", false),
        (Phase::AfterData, "554 5.3.0 no", false),
        (Phase::Data, "421 4.3.2 shutting down", true),
        (Phase::RcptTo, "421 4.7.0 try again later", true),
        (Phase::RcptTo, "421 4.2.1 mailbox busy", false),
        (Phase::RcptTo, "452 4.3.1 insufficient system storage", true),
        (Phase::RcptTo, "451 4.4.5 congested", true),
        (Phase::RcptTo, "451 4.3.0 temporary lookup failure", false),
        (Phase::RcptTo, "450 4.7.1 greylisted", false),
        (Phase::MailFrom, "451 4.3.0 later", false),
    ];
    for (phase, reply, busy) in cases {
        let dir = tempfile::tempdir().unwrap();
        let catcher = catcher(dir.path(), failing(phase, Act::Reply(reply.to_owned()))).await;
        let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
        let error = send(&mut connection, "ann@example.org", &message(1))
            .await
            .unwrap_err();
        assert_eq!((error.phase(), error.is_busy()), (phase, busy), "{error}");
    }
}

#[tokio::test]
async fn what_may_be_said_of_us_is_told_from_what_is_said_of_a_reader() {
    let cases = [
        (Phase::MailFrom, "550 5.7.1 account suspended", false),
        (Phase::RcptTo, "550 5.1.1 nobody", false),
        (Phase::RcptTo, "550 no", true),
        (Phase::RcptTo, "550 no such user", false),
        (Phase::RcptTo, "550 Daily sending quota exceeded", true),
        (
            Phase::RcptTo,
            "550 5.2.1 Your account is disabled for sending",
            true,
        ),
        (Phase::RcptTo, "553 5.1.3 invalid sender", true),
        (
            Phase::RcptTo,
            "550 Account suspended for sending too much mail",
            true,
        ),
        (
            Phase::RcptTo,
            "550-It was not accepted.\r\n550 5.7.1 See our policy",
            true,
        ),
        (Phase::RcptTo, "552 5.2.2 full", false),
        (Phase::RcptTo, "553 5.6.7 no UTF-8 here", false),
        (Phase::RcptTo, "450 4.7.1 greylisted", false),
        (
            Phase::RcptTo,
            "450 4.2.0 <ann@example.org>: Greylisted by relay2.example.net",
            false,
        ),
        (
            Phase::RcptTo,
            "450 4.1.1 <ann@example.org>: unverified address",
            false,
        ),
        (
            Phase::RcptTo,
            "454 4.7.1 <ann@example.org>: Relay access denied",
            true,
        ),
        (Phase::RcptTo, "450 4.7.25 Client host rejected", true),
        (
            Phase::RcptTo,
            "450 4.1.8 <us@example.org>: Sender address rejected",
            true,
        ),
        (Phase::RcptTo, "530 SMTP authentication is required.", true),
        (Phase::RcptTo, "550 Sender verify failed", true),
        (Phase::RcptTo, "554 no such user here", false),
        (Phase::RcptTo, "550 5.1.0 Address rejected.", false),
        (
            Phase::RcptTo,
            "550 5.1.90 daily limit for message recipients reached",
            true,
        ),
        (Phase::RcptTo, "550 mailbox is full", true),
        (
            Phase::RcptTo,
            "554 5.7.1 <mx[192.0.2.1]>: Client host rejected: Access denied",
            true,
        ),
        (Phase::RcptTo, "554 Client host rejected: Access denied", true),
        (
            Phase::RcptTo,
            "504 5.5.2 <news>: Helo command rejected: need a full name",
            true,
        ),
        (Phase::RcptTo, "550 5.7.54 SMTP; Unable to relay recipient", true),
        (Phase::RcptTo, "550 5.1.8 bad sender", true),
        (Phase::Data, "554 no", true),
        (
            Phase::AfterData,
            "550 5.4.5 Daily user sending limit exceeded",
            true,
        ),
        (
            Phase::AfterData,
            "554 5.2.252 SendAsDenied; not allowed to send as",
            true,
        ),
        (Phase::AfterData, "554 Sending paused for this account.", true),
        (Phase::AfterData, "552 5.2.2 mailbox full", false),
        (Phase::AfterData, "554 5.1.0 Sender Denied", true),
        (
            Phase::AfterData,
            "451 4.7.1 Service unavailable - try again later",
            true,
        ),
        (
            Phase::AfterData,
            "554 5.2.0 SendAsDenied; Cannot submit message.",
            true,
        ),
        (Phase::AfterData, "552 5.2.0 mailbox full", true),
        (
            Phase::AfterData,
            "454 4.7.1 Throttling this sender by our policy",
            true,
        ),
        (Phase::AfterData, "550 5.1.1 nobody", false),
        (Phase::AfterData, "451 4.7.1 later", false),
    ];
    for (phase, reply, may) in cases {
        let dir = tempfile::tempdir().unwrap();
        let catcher = catcher(dir.path(), failing(phase, Act::Reply(reply.to_owned()))).await;
        let error = send_one(&plain(&catcher)).await.unwrap_err();
        assert_eq!((error.phase(), error.may_blame_us()), (phase, may), "{error}");
        if may {
            assert!(!error.is_recipient_refused(), "{error}");
        }
    }
    let large = Act::Reply("552 5.3.4 too large".to_owned());
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), failing(Phase::AfterData, large)).await;
    let error = send_one(&plain(&catcher)).await.unwrap_err();
    assert_eq!(error.unfit(&address("ann@example.org")), Some(Unfit::Size));
}

#[tokio::test]
async fn one_reader_is_refused_and_the_others_are_served() {
    let dir = tempfile::tempdir().unwrap();
    let refusal = Fault {
        recipient: Some(address("bob@example.org")),
        times: u32::MAX,
        ..fault(Phase::RcptTo, Act::Reply("550 5.1.1 nobody".to_owned()))
    };
    let catcher = catcher(
        dir.path(),
        CatcherOptions {
            faults: vec![refusal],
            ..CatcherOptions::default()
        },
    )
    .await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    for to in [
        "ann@example.org",
        "bob@example.org",
        "cy@example.org",
        "bob@example.org",
    ] {
        let sent = send(&mut connection, to, &message(1)).await;
        assert_eq!(sent.is_err(), to.starts_with("bob"));
    }
    assert_eq!(
        catcher.tally(),
        Tally {
            stored: 2,
            repeated: 0,
            connections: 1
        }
    );
}

#[tokio::test]
async fn a_server_that_closes_with_421_is_not_asked_again() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(
        dir.path(),
        failing(Phase::MailFrom, Act::Reply("421 4.3.2 closing".to_owned())),
    )
    .await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let error = send(&mut connection, "ann@example.org", &message(1))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.is_permanent(), connection.is_ready()),
        (Some(421), false, false)
    );
    let error = send(&mut connection, "ann@example.org", &message(1))
        .await
        .unwrap_err();
    assert_eq!(error.phase(), Phase::Connect);
}

#[tokio::test]
async fn a_message_over_the_announced_size_is_not_sent() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let large = text(&vec![b'x'; 26 * 1024 * 1024]);
    let error = send(&mut connection, "ann@example.org", &large)
        .await
        .unwrap_err();
    assert!(
        matches!(error, SmtpError::TooLarge { .. })
            && error.is_permanent()
            && error.unfit(&address("ann@example.org")) == Some(Unfit::Size),
        "{error}"
    );
    send(&mut connection, "ann@example.org", &message(1))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_greeting_that_is_another_command_is_not_sent() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    for hello in ["", "a b", "a\r\nMAIL FROM:<x@example.org>"] {
        let options = Options {
            hello: hello.to_owned(),
            ..plain(&catcher)
        };
        assert!(matches!(
            refused_connection(&options).await,
            SmtpError::Options(_)
        ));
    }
    assert_eq!(catcher.tally().connections, 0);
}
