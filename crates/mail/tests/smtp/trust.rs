//! Encryption and sign-in.

use super::*;

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
    for (tls, means) in [
        (Tls::StartTls, "from no authority that is trusted here"),
        // Before STARTTLS it speaks in plain words.
        (Tls::Implicit, "does not encrypt from the first byte on"),
    ] {
        let error = refused_connection(&encrypted(&catcher, tls, &another)).await;
        let SmtpError::Io {
            phase: Phase::Tls,
            source,
            ..
        } = error
        else {
            panic!("{error:?}")
        };
        assert!(source.to_string().contains(means), "{source}");
    }
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
