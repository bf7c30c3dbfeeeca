//! What servers offer beyond the usual: chunks, notices of failure, access tokens.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::*;

fn chunking(faults: Vec<Fault>) -> CatcherOptions {
    CatcherOptions {
        dialect: Dialect::Chunking,
        faults,
        ..CatcherOptions::default()
    }
}

#[tokio::test]
async fn a_chunk_arrives_byte_for_byte() {
    dots_arrive(chunking(Vec::new())).await;
}

#[tokio::test]
async fn a_lost_answer_to_a_chunk_leaves_it_open_whether_it_was_taken() {
    for (at, may_be) in [(Phase::RcptTo, false), (Phase::AfterData, true)] {
        let dir = tempfile::tempdir().unwrap();
        let catcher = catcher(dir.path(), chunking(vec![fault(at, Act::Drop)])).await;
        let error = send_one(&plain(&catcher)).await.unwrap_err();
        assert_eq!((error.phase(), error.may_be_accepted()), (at, may_be), "{error}");
    }
}

/// What a client says to a server that offers these and takes everything.
async fn heard(offers: &str, message: &Text) -> Vec<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let greeting = format!("250-taker\r\n250 {offers}\r\n");
    let server = tokio::spawn(async move {
        let mut stream = BufReader::new(listener.accept().await.unwrap().0);
        stream.write_all(b"220 taker\r\n").await.unwrap();
        let (mut heard, mut in_text) = (Vec::new(), false);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap() == 0 {
                return heard;
            }
            let line = line.trim_end().to_owned();
            let reply = match line.as_str() {
                "." => "250 taken\r\n",
                _ if in_text => "",
                "DATA" => "354 go on\r\n",
                line if line.starts_with("EHLO") => &greeting,
                _ => "250 ok\r\n",
            };
            in_text = (in_text || line == "DATA") && line != ".";
            stream.write_all(reply.as_bytes()).await.unwrap();
            heard.push(line);
        }
    });
    let options = Options {
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::None,
        account: None,
        hello: "reveille.localhost".to_owned(),
        timeout: None,
        patience: None,
        root: None,
    };
    let mut connection = Connection::connect(&options).await.unwrap();
    send(&mut connection, "ann+news=x@example.org", message)
        .await
        .unwrap();
    connection.quit().await;
    server.await.unwrap()
}

#[tokio::test]
async fn notices_are_asked_for_where_they_are_offered() {
    let message = text(b"Subject: x\r\n\r\nx\r\n");
    let said = heard("DSN", &message).await;
    assert_eq!(
        said[1..3],
        [
            "MAIL FROM:<bounce@example.org> RET=HDRS ENVID=1@example.org",
            "RCPT TO:<ann+news=x@example.org> NOTIFY=FAILURE ORCPT=rfc822;ann+2Bnews+3Dx@example.org",
        ]
    );
    let said = heard("8BITMIME", &message).await;
    assert_eq!(
        said[1..3],
        [
            "MAIL FROM:<bounce@example.org>",
            "RCPT TO:<ann+news=x@example.org>"
        ]
    );
}

#[tokio::test]
async fn an_access_token_is_read_anew_for_each_connection() {
    let dir = tempfile::tempdir().unwrap();
    let options = CatcherOptions {
        auth: account("PLAIN XOAUTH2"),
        ..CatcherOptions::default()
    };
    let catcher = catcher(&dir.path().join("mailbox"), options).await;
    let token = dir.path().join("token");
    let options = Options {
        account: Some(reveille_mail::Account {
            user: "ann".to_owned(),
            proof: Proof::TokenFile(token.clone()),
        }),
        ..plain(&catcher)
    };
    let error = refused_connection(&options).await;
    assert!(error.to_string().contains("token"), "{error}");
    std::fs::write(&token, "stale\n").unwrap();
    let error = refused_connection(&options).await;
    assert_eq!((error.phase(), error.code()), (Phase::Auth, Some(535)));
    std::fs::write(&token, "päss word\n").unwrap();
    assert_eq!(send_one(&options).await.unwrap(), "250 2.0.0 stored");
}
