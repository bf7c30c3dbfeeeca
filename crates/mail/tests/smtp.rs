//! Whole conversations over loopback between the client and the catcher.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{io, path::Path, time::Duration};

use reveille_mail::{
    Message, build,
    catcher::{Account, Act, Catcher, CatcherOptions, Certificate, Dialect, Fault, Tally, list},
    smtp::{Connection, Options, Phase, SmtpError, Tls},
};
use reveille_model::{EmailAddress, UnixMillis};
use tokio::net::TcpListener;

const PHASES_BEFORE_MAIL: [Phase; 2] = [Phase::Connect, Phase::Hello];

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

fn message(number: u32) -> Vec<u8> {
    build(&Message {
        from: ("The Morning Brief".to_owned(), address("brief@example.org")),
        to: address("ann@example.org"),
        subject: format!("Edition {number}"),
        text: "One\n.\n..two\n".to_owned(),
        html: "<p>One</p>\n".to_owned(),
        message_id: format!("{number}@example.org"),
        date: UnixMillis(1_773_118_800_000),
        list_unsubscribe: None,
        list_id: None,
        auto_submitted: None,
        headers: Vec::new(),
    })
}

async fn catcher(dir: &Path, options: CatcherOptions) -> Catcher {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    Catcher::start(listener, dir, options).unwrap()
}

fn plain(catcher: &Catcher) -> Options {
    Options {
        host: "127.0.0.1".to_owned(),
        port: catcher.address().port(),
        tls: Tls::None,
        user: None,
        password: None,
        hello: "reveille.localhost".to_owned(),
        timeout: None,
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
        user: Some("ann".to_owned()),
        password: Some(password.to_owned()),
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

async fn send(connection: &mut Connection, to: &str, message: &[u8]) -> Result<String, SmtpError> {
    let accepted = connection
        .send(&address("bounce@example.org"), &address(to), message)
        .await?;
    Ok(accepted.reply)
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
    let mut sent: Vec<_> = (1..=20).map(message).collect();
    held.sort();
    sent.sort();
    assert_eq!(held, sent);
}

#[tokio::test]
async fn lines_that_begin_with_dots_arrive_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let raw = b"Subject: dots\r\n\r\n.\r\n..\r\n.a\r\n\r\n.\r\n";
    send(&mut connection, "ann@example.org", raw).await.unwrap();
    assert_eq!(list(dir.path()).unwrap()[0].raw, raw);
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
async fn tls_by_either_way_and_either_sign_in() {
    for (tls, implicit) in [(Tls::StartTls, false), (Tls::Implicit, true)] {
        for mechanisms in ["PLAIN LOGIN", "LOGIN", "CRAM-MD5 PLAIN"] {
            let dir = tempfile::tempdir().unwrap();
            let certificate = certificate(implicit);
            let root = certificate.chain.clone();
            let options = CatcherOptions {
                tls: Some(certificate),
                auth: account(mechanisms),
                ..CatcherOptions::default()
            };
            let catcher = catcher(dir.path(), options).await;
            let options = signing_in(encrypted(&catcher, tls, &root), "päss word");
            assert_eq!(send_one(&options).await.unwrap(), "250 2.0.0 stored");
        }
    }
}

#[tokio::test]
async fn a_wrong_password_is_an_error_of_the_sign_in() {
    let dir = tempfile::tempdir().unwrap();
    let options = CatcherOptions {
        auth: account("PLAIN"),
        ..CatcherOptions::default()
    };
    let catcher = catcher(dir.path(), options).await;
    let error = refused_connection(&signing_in(plain(&catcher), "wrong")).await;
    assert_eq!(
        (error.phase(), error.code(), error.is_permanent()),
        (Phase::Auth, Some(535), false)
    );
    let error = send_one(&plain(&catcher)).await.unwrap_err();
    assert_eq!((error.phase(), error.code()), (Phase::MailFrom, Some(530)));
    assert!(!error.is_recipient_refused());
}

#[tokio::test]
async fn sign_in_needs_a_mechanism_we_know() {
    let dir = tempfile::tempdir().unwrap();
    let options = CatcherOptions {
        auth: account("CRAM-MD5"),
        ..CatcherOptions::default()
    };
    let catcher = catcher(dir.path(), options).await;
    let error = refused_connection(&signing_in(plain(&catcher), "x")).await;
    assert!(
        matches!(
            error,
            SmtpError::Missing {
                phase: Phase::Auth,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn encryption_that_cannot_be_trusted_is_no_encryption() {
    let dir = tempfile::tempdir().unwrap();
    let options = CatcherOptions {
        tls: Some(certificate(false)),
        ..CatcherOptions::default()
    };
    let catcher = catcher(dir.path(), options).await;
    let another = certificate(false).chain;
    let error = refused_connection(&encrypted(&catcher, Tls::StartTls, &another)).await;
    assert!(
        matches!(
            error,
            SmtpError::Io {
                phase: Phase::Tls,
                ..
            }
        ),
        "{error:?}"
    );
    let system = Options {
        root: None,
        ..encrypted(&catcher, Tls::StartTls, "")
    };
    // A machine may have no root certificates at all, which is told as such.
    let error = refused_connection(&system).await;
    assert!(
        matches!(
            error,
            SmtpError::Io {
                phase: Phase::Tls,
                ..
            } | SmtpError::Options(_)
        ),
        "{error:?}"
    );
    let nonsense = encrypted(&catcher, Tls::StartTls, "no certificate");
    assert!(matches!(
        refused_connection(&nonsense).await,
        SmtpError::Options(_)
    ));
}

#[tokio::test]
async fn a_certificate_must_name_the_host() {
    let dir = tempfile::tempdir().unwrap();
    let certificate = certificate(true);
    let root = certificate.chain.clone();
    let options = CatcherOptions {
        tls: Some(certificate),
        ..CatcherOptions::default()
    };
    let catcher = catcher(dir.path(), options).await;
    let by_number = Options {
        host: "127.0.0.1".to_owned(),
        ..encrypted(&catcher, Tls::Implicit, &root)
    };
    let error = refused_connection(&by_number).await;
    assert!(
        matches!(
            error,
            SmtpError::Io {
                phase: Phase::Tls,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_without_starttls_is_not_written_to_in_the_clear() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    let error = refused_connection(&encrypted(&catcher, Tls::StartTls, &certificate(false).chain)).await;
    assert!(
        matches!(
            error,
            SmtpError::Missing {
                extension: "STARTTLS",
                ..
            }
        ),
        "{error}"
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
        let error = send(&mut connection, "ann@example.org", eight_bit)
            .await
            .unwrap_err();
        assert!(error.is_permanent() && connection.is_ready(), "{error}");
    }
}

#[tokio::test]
async fn eight_bit_and_utf8_are_announced_where_they_are_needed() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let raw = "Subject: ö\r\n\r\nå\r\n".as_bytes();
    send(&mut connection, "jürgen@example.org", raw).await.unwrap();
    let mails = list(dir.path()).unwrap();
    assert_eq!(
        (mails[0].to.as_str(), mails[0].raw.as_slice()),
        ("jürgen@example.org", raw)
    );
}

#[tokio::test]
async fn a_refusal_tells_its_phase_and_leaves_the_connection_ready() {
    let cases = [
        (Phase::MailFrom, "451 4.3.0 later", false, false),
        (Phase::MailFrom, "550 5.7.1 no", true, false),
        (Phase::RcptTo, "450 4.2.1 busy", false, false),
        (Phase::RcptTo, "550 5.1.1 nobody", true, true),
        (Phase::RcptTo, "550 nobody", true, true),
        (Phase::RcptTo, "554 5.7.1 relaying denied", true, false),
        (Phase::RcptTo, "550 5.1.8 bad sender", true, false),
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
        assert!(
            !error.may_be_accepted() && error.to_string().ends_with(reply),
            "{error}"
        );
        assert!(connection.is_ready());
        send(&mut connection, "ann@example.org", &message(2))
            .await
            .unwrap();
        assert_eq!(list(dir.path()).unwrap().len(), 1);
    }
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
async fn a_connection_dropped_before_the_message_concerns_none() {
    for phase in PHASES_BEFORE_MAIL {
        for act in [Act::Drop, Act::Reply("554 5.3.2 no".to_owned())] {
            let dir = tempfile::tempdir().unwrap();
            let catcher = catcher(dir.path(), failing(phase, act)).await;
            let error = refused_connection(&plain(&catcher)).await;
            assert_eq!(error.phase(), phase, "{error}");
            assert!(!error.is_permanent() && !error.may_be_accepted(), "{error}");
        }
    }
}

#[tokio::test]
async fn a_connection_dropped_at_tls_or_sign_in_says_so() {
    for implicit in [false, true] {
        for phase in [Phase::Tls, Phase::Auth] {
            let dir = tempfile::tempdir().unwrap();
            let certificate = certificate(implicit);
            let root = certificate.chain.clone();
            let options = CatcherOptions {
                tls: Some(certificate),
                auth: account("PLAIN"),
                ..failing(phase, Act::Drop)
            };
            let catcher = catcher(dir.path(), options).await;
            let tls = if implicit { Tls::Implicit } else { Tls::StartTls };
            let error = refused_connection(&signing_in(encrypted(&catcher, tls, &root), "päss word")).await;
            assert_eq!(error.phase(), phase, "{error}");
        }
    }
}

#[tokio::test]
async fn only_an_unanswered_final_dot_leaves_a_doubt() {
    let cases = [
        (Phase::MailFrom, Act::Drop, 0),
        (Phase::RcptTo, Act::Drop, 0),
        (Phase::Data, Act::Drop, 0),
        (Phase::AfterData, Act::Drop, 0),
        (Phase::AfterData, Act::StoreThenDrop, 1),
    ];
    for (phase, act, held) in cases {
        let dir = tempfile::tempdir().unwrap();
        let catcher = catcher(dir.path(), failing(phase, act)).await;
        let error = send_one(&plain(&catcher)).await.unwrap_err();
        assert_eq!(error.phase(), phase, "{error}");
        assert_eq!(error.may_be_accepted(), phase == Phase::AfterData, "{error}");
        assert!(!error.is_permanent(), "{error}");
        assert_eq!(list(dir.path()).unwrap().len(), held);
        // The second try ends in one message either way.
        send_one(&plain(&catcher)).await.unwrap();
        assert_eq!(list(dir.path()).unwrap().len(), 1);
        assert_eq!(catcher.tally().repeated, held as u64);
    }
}

#[tokio::test]
async fn a_silent_server_is_given_up_in_the_phase_it_fell_silent() {
    let mut waits = tokio::task::JoinSet::new();
    for phase in [
        Phase::Connect,
        Phase::Hello,
        Phase::MailFrom,
        Phase::RcptTo,
        Phase::Data,
        Phase::AfterData,
    ] {
        waits.spawn(async move {
            let dir = tempfile::tempdir().unwrap();
            let catcher = catcher(dir.path(), failing(phase, Act::Stall)).await;
            let options = Options {
                timeout: Some(Duration::from_secs(2)),
                ..plain(&catcher)
            };
            let error = send_one(&options).await.unwrap_err();
            assert!(matches!(error, SmtpError::Timeout { .. }), "{error}");
            assert_eq!(error.phase(), phase, "{error}");
            assert_eq!(error.may_be_accepted(), phase == Phase::AfterData);
        });
    }
    while let Some(waited) = waits.join_next().await {
        waited.unwrap();
    }
}

#[tokio::test]
async fn a_send_dropped_midway_spoils_the_connection() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), failing(Phase::Data, Act::Stall)).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let letter = message(1);
    let sending = send(&mut connection, "ann@example.org", &letter);
    assert!(
        tokio::time::timeout(Duration::from_millis(50), sending)
            .await
            .is_err()
    );
    assert!(!connection.is_ready());
}

#[tokio::test]
async fn nobody_listening_is_a_failure_to_connect() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let catcher = Catcher::start(listener, dir.path(), CatcherOptions::default()).unwrap();
    let options = plain(&catcher);
    drop(catcher);
    tokio::task::yield_now().await;
    let error = refused_connection(&options).await;
    assert_eq!(error.phase(), Phase::Connect);
    let source = std::error::Error::source(&error).unwrap();
    let kind = source.downcast_ref::<io::Error>().unwrap().kind();
    assert_eq!(kind, io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn a_message_over_the_announced_size_is_not_sent() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    let mut connection = Connection::connect(&plain(&catcher)).await.unwrap();
    let large = vec![b'x'; 26 * 1024 * 1024];
    let error = send(&mut connection, "ann@example.org", &large)
        .await
        .unwrap_err();
    assert!(
        matches!(error, SmtpError::TooLarge { .. }) && error.is_permanent(),
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
