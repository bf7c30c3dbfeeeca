//! Conversations that end too early.

use super::*;

#[tokio::test]
async fn a_connection_dropped_before_the_message_concerns_none() {
    for phase in [Phase::Connect, Phase::Hello] {
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
                patience: Some(Duration::from_secs(3)),
                ..plain(&catcher)
            };
            let error = send_one(&options).await.unwrap_err();
            let SmtpError::Timeout { after, .. } = error else {
                panic!("{error}");
            };
            let expected = if phase == Phase::AfterData { 3 } else { 2 };
            assert_eq!(after.as_secs(), expected, "{error}");
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
    let dir = tempfile::tempdir().unwrap();
    let catcher = catcher(dir.path(), CatcherOptions::default()).await;
    // No test is given this port; one that was just closed may be another's by now.
    let options = Options {
        port: 1,
        ..plain(&catcher)
    };
    let error = refused_connection(&options).await;
    assert_eq!(error.phase(), Phase::Connect);
    let source = std::error::Error::source(&error).unwrap();
    let kind = source.downcast_ref::<io::Error>().unwrap().kind();
    assert_eq!(kind, io::ErrorKind::ConnectionRefused);
}
