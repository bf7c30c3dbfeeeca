//! Servers and clients that do not keep to the protocol.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use proptest::prelude::*;
use reveille_mail::{
    catcher::{Catcher, CatcherOptions, list},
    smtp::{Connection, Options, Parcel, Phase, SmtpError, Text, Tls},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

const MESSAGE: &[u8] = b"Subject: x\r\n\r\ntext\r\n";

/// Says each part in turn, after having read a line where the part's first half says so; then closes.
async fn server(script: Vec<(bool, Vec<u8>)>) -> Options {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        for (wait, says) in script {
            if wait {
                let mut line = Vec::new();
                stream.read_until(b'\n', &mut line).await.unwrap();
            }
            stream.write_all(&says).await.unwrap();
        }
    });
    Options {
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::None,
        account: None,
        hello: "reveille.localhost".to_owned(),
        timeout: Some(Duration::from_secs(20)),
        patience: Some(Duration::from_secs(20)),
        root: None,
    }
}

/// `>` in a line stands for what the server reads first.
fn script(lines: &[&str]) -> Vec<(bool, Vec<u8>)> {
    let part = |line: &&str| match line.strip_prefix('>') {
        Some(says) => (true, says.as_bytes().to_vec()),
        None => (false, line.as_bytes().to_vec()),
    };
    lines.iter().map(part).collect()
}

async fn send(options: &Options, message: &[u8]) -> Result<String, SmtpError> {
    let mut connection = Connection::connect(options).await?;
    let parcel = Parcel {
        from: &"brief@example.org".parse().unwrap(),
        to: &"ann@example.org".parse().unwrap(),
        message: &Text::new(message.to_vec()),
        id: None,
    };
    let accepted = connection.send(parcel).await;
    connection.quit().await;
    Ok(accepted?.reply)
}

#[tokio::test]
async fn text_slipped_in_before_encryption_is_not_taken_for_the_servers() {
    let options = server(script(&[
        "220 hello\r\n",
        ">250-hello\r\n250 STARTTLS\r\n",
        ">220 go on\r\n250-hello\r\n250 AUTH PLAIN\r\n",
    ]))
    .await;
    let error = send(
        &Options {
            tls: Tls::StartTls,
            ..options
        },
        MESSAGE,
    )
    .await
    .unwrap_err();
    assert!(
        matches!(
            error,
            SmtpError::Protocol {
                phase: Phase::Tls,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_wants_the_text_for_nobody_gets_an_empty_one() {
    let options = server(script(&[
        "220 hello\r\n",
        ">250-hello\r\n250 PIPELINING\r\n",
        ">250 ok\r\n",
        ">550 5.1.1 nobody\r\n",
        ">354 go on\r\n",
        // Exactly one line was read since: the dot.
        ">554 nobody to write to\r\n",
        ">250 reset\r\n",
        ">250 ok\r\n",
    ]))
    .await;
    let error = send(&options, MESSAGE).await.unwrap_err();
    assert!(error.is_recipient_refused(), "{error}");
}

#[tokio::test]
async fn a_reason_given_before_a_close_is_not_lost() {
    let options = server(script(&[
        "220 hello\r\n",
        ">250-hello\r\n250 PIPELINING\r\n",
        ">250 ok\r\n",
        ">250 ok\r\n",
        ">354 go on\r\n552 5.3.4 more than I take\r\n",
    ]))
    .await;
    let large = b"0123456789abcdef0123456789abcdef0123456789\r\n".repeat(300_000);
    let error = send(&options, &large).await.unwrap_err();
    assert_eq!(
        (error.code(), error.is_permanent(), error.may_be_accepted()),
        (Some(552), true, false),
        "{error}"
    );
}

#[tokio::test]
async fn a_reply_without_an_end_is_given_up() {
    for (part, times) in [("250-more\r\n", 1000), ("x", 100_000)] {
        let endless = part.repeat(times).into_bytes();
        let options = server(vec![(false, b"220 hello\r\n".to_vec()), (true, endless)]).await;
        let error = send(&options, MESSAGE).await.unwrap_err();
        assert!(
            error.phase() == Phase::Hello && error.code().is_none(),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn an_odd_answer_to_the_text_is_no_acceptance() {
    for (answer, doubtful) in [
        ("354 more\r\n", false),
        ("HTTP/1.1 200 OK\r\n", true),
        ("25", true),
    ] {
        let options = server(script(&[
            "220 hello\r\n",
            ">250 hello\r\n",
            ">250 ok\r\n",
            ">250 ok\r\n",
            ">354 go on\r\n",
            ">",
            ">",
            ">",
            ">",
            answer,
        ]))
        .await;
        let error = send(&options, MESSAGE).await.unwrap_err();
        assert_eq!(
            (error.phase(), error.may_be_accepted()),
            (Phase::AfterData, doubtful),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_connection_lost_within_the_text_leaves_no_doubt() {
    // More than the kernel holds for a server that reads one line of it.
    let message = b"a line of a long text\r\n".repeat(2_000_000);
    let offers = |offer: &str| format!(">250-hello\r\n250 {offer}\r\n");
    for (offers, go_on) in [(offers("8BITMIME"), ">354 go on\r\n"), (offers("CHUNKING"), ">")] {
        let before = ["220 hello\r\n", &offers, ">250 ok\r\n", ">250 ok\r\n", go_on, ">"];
        let options = server(script(&before)).await;
        let error = send(&options, &message).await.unwrap_err();
        assert_eq!(
            (error.phase(), error.may_be_accepted()),
            (Phase::Data, false),
            "{offers}: {error:?}"
        );
    }
}

/// Says all of it to a catcher, and returns its answers and how many messages it holds afterwards.
async fn to_catcher(says: &[u8]) -> (String, usize) {
    let dir = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let catcher = Catcher::start(listener, dir.path(), CatcherOptions::default()).unwrap();
    let mut stream = TcpStream::connect(catcher.address()).await.unwrap();
    // The catcher may close before it has read all.
    let _ = stream.write_all(says).await;
    let _ = stream.shutdown().await;
    let mut answers = Vec::new();
    let _ = stream.read_to_end(&mut answers).await;
    (
        String::from_utf8_lossy(&answers).into_owned(),
        list(dir.path()).unwrap().len(),
    )
}

#[tokio::test]
async fn the_catcher_takes_nothing_that_other_servers_would_not() {
    let envelope = "EHLO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n";
    let long = format!("{}\r\n", "x".repeat(999));
    for (text, wanted) in [
        ("a\r\n.\r\n", "250 2.0.0 stored"),
        ("..\r\n.\r\n", "250 2.0.0 stored"),
        ("a\n.\r\n.\r\n", "554 5.6.0"),
        ("a\rb\r\n.\r\n", "554 5.6.0"),
        ("\u{e5}\r\n.\r\n", "554 5.6.1"),
        (&format!("{long}.\r\n"), "554 5.6.0"),
    ] {
        let (answers, held) = to_catcher(format!("{envelope}{text}QUIT\r\n").as_bytes()).await;
        assert!(
            answers.contains(wanted) && answers.ends_with("221 2.0.0 bye\r\n"),
            "{text:?}: {answers}"
        );
        assert_eq!(held, usize::from(wanted.starts_with("250")), "{text:?}");
    }
}

#[tokio::test]
async fn the_catcher_keeps_to_the_order_of_commands() {
    for (says, wanted) in [
        ("MAIL FROM:<a@example.org>\r\n", "503"),
        ("EHLO x\r\nRCPT TO:<b@example.org>\r\n", "503"),
        ("EHLO x\r\nDATA\r\n", "503"),
        ("EHLO x\r\nMAIL FROM:<a@example.org>\r\nDATA\r\n", "554"),
        (
            "EHLO x\r\nMAIL FROM:<a@example.org>\r\nMAIL FROM:<a@example.org>\r\n",
            "503",
        ),
        ("EHLO x\r\nMAIL FROM:<a@example.org> SIZE=999999999\r\n", "552"),
        ("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<../../b>\r\n", "501"),
        ("EHLO x\r\nAUTH PLAIN AAAA\r\n", "503"),
        ("EHLO x\r\nSTARTTLS\r\n", "500"),
    ] {
        let (answers, held) = to_catcher(says.as_bytes()).await;
        assert!(
            answers.lines().last().unwrap().starts_with(wanted),
            "{says:?}: {answers}"
        );
        assert_eq!(held, 0);
    }
}

proptest! {
    /// Records of the DNS are whatever their domains wrote.
    #[test]
    fn no_record_makes_the_reader_panic(
        terms in proptest::collection::vec("(v=spf1|[-+~?]?(a|mx|ip4|ip6|include|exists|ptr|redirect|all)|\\PC{0,8})[:=/]{0,2}\\PC{0,12}", 0..6),
        tags in "(v=DMARC1|v=DKIM1|p=none)?([; ]{0,2}[a-z]{0,6}=?\\PC{0,8}){0,6}",
        domain in "[a-zé.]{0,40}",
    ) {
        use reveille_mail::records::{dkim, dmarc, spf};
        let spf = format!("v=spf1 {}", terms.join(" ")).parse::<spf::Spf>();
        if let Ok(spf) = spf {
            prop_assert!(spf.directives.len() <= terms.join(" ").split(' ').count());
        }
        let _ = dkim::check(&tags, "v=DKIM1; k=rsa; p=MIIB");
        let policy = "v=DMARC1; p=none; psd=y".parse::<dmarc::Policy>().unwrap();
        let _ = tags.parse::<dmarc::Policy>();
        let found: Vec<_> = dmarc::walk(&domain).skip(1).take(1).map(|at| (at, policy.clone())).collect();
        prop_assert!(domain.ends_with(dmarc::organisation(&domain, &found)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_server_makes_the_client_panic_or_believe(
        says in proptest::collection::vec(("[0-9 -]{0,5}|220 |250[ -]|354 ", "\\PC{0,20}"), 0..12),
    ) {
        let says = says.into_iter().map(|(code, text)| (false, format!("{code}{text}\r\n").into_bytes()));
        let result = runtime().block_on(async {
            send(&server(says.collect()).await, MESSAGE).await
        });
        if let Ok(reply) = result {
            prop_assert!(reply.starts_with('2'));
        }
    }

    #[test]
    fn no_client_makes_the_catcher_hang(
        says in proptest::collection::vec(
            "(EHLO x|MAIL FROM:<a@example.org>|RCPT TO:<b@example.org>|DATA|\\.|RSET|AUTH PLAIN|\\PC{0,9}|\r|\0)(\r\n|\n)?",
            0..30,
        ),
    ) {
        let says = says.concat();
        let (answers, _) = runtime().block_on(to_catcher(says.as_bytes()));
        prop_assert!(answers.starts_with("220 "));
    }
}
