//! Mail that comes back, taken by the small server for it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::{Arc, Mutex};

use reveille_mail::{
    receiver::{Inbox, receive},
    smtp::{Connection, Options, Parcel, Phase, SmtpError, Text, Tls},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

type Mail = (Vec<String>, Vec<u8>);

/// An inbox that is full after so many mails.
struct Kept(usize, Mutex<Vec<Mail>>);

impl Inbox for Kept {
    fn is_ours(&self, recipient: &str) -> bool {
        recipient == "bounce+7@example.org"
    }

    async fn keep(&self, recipients: Vec<String>, mail: Vec<u8>) -> bool {
        let mut kept = self.1.lock().unwrap();
        let has_room = kept.len() < self.0;
        if has_room {
            kept.push((recipients, mail));
        }
        has_room
    }
}

/// A server with such an inbox, and its port.
async fn server(room: usize) -> (Arc<Kept>, u16) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let kept = Arc::new(Kept(room, Mutex::default()));
    let inbox = Arc::clone(&kept);
    tokio::spawn(async move { receive(listener, "mx.example.org", inbox).await });
    (kept, port)
}

async fn send(port: u16, to: &str, text: &Text) -> Result<String, SmtpError> {
    let options = Options {
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::None,
        account: None,
        hello: "elsewhere.example".to_owned(),
        timeout: None,
        patience: None,
        root: None,
    };
    let mut connection = Connection::connect(&options).await?;
    let parcel = Parcel {
        from: &"postmaster@elsewhere.example".parse().unwrap(),
        to: &to.parse().unwrap(),
        message: text,
        id: None,
    };
    let accepted = connection.send(parcel).await?;
    connection.quit().await;
    Ok(accepted.reply)
}

#[tokio::test]
async fn mail_for_us_is_kept_and_no_other() {
    let (kept, port) = server(1).await;
    let text = Text::new(b"Subject: undelivered\r\n\r\n.\r\n..x\r\n".to_vec());
    let error = send(port, "ann@example.org", &text).await.unwrap_err();
    assert!(error.is_recipient_refused(), "{error}");
    send(port, "bounce+7@example.org", &text).await.unwrap();
    let error = send(port, "bounce+7@example.org", &text).await.unwrap_err();
    assert_eq!((error.phase(), error.code()), (Phase::AfterData, Some(451)));
    let all = kept.1.lock().unwrap();
    assert_eq!(
        *all,
        [(vec!["bounce+7@example.org".to_owned()], text.bytes().to_vec())]
    );
}

/// What the server says to a client that says this and goes.
async fn says(port: u16, said: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(said).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn what_is_out_of_order_too_large_or_no_smtp_is_refused() {
    let (kept, port) = server(9).await;
    let hello = "HELO x\r\nMAIL FROM:<>\r\n";
    let ours = "RCPT TO:<bounce+7@example.org>\r\n";
    for (said, last) in [
        (ours.to_owned(), "503 5.5.1"),
        (format!("{hello}DATA\r\n"), "503 5.5.1"),
        (format!("{hello}RCPT bounce\r\n"), "501 5.1.3"),
        (format!("{hello}{}", ours.repeat(11)), "452 4.5.3"),
        ("GET / HTTP/1.1\r\n".to_owned(), "500 5.5.2"),
        (
            format!("{hello}{ours}DATA\r\n{}.\r\n", "x\r\n".repeat(1_500_000)),
            "552 5.3.4",
        ),
        // A dot that no CRLF stands before ends nothing.
        (format!("{hello}{ours}DATA\r\na\n.\r\n"), "354 go on"),
    ] {
        let answer = says(port, said.as_bytes()).await;
        let end = answer.lines().last().unwrap_or_default();
        assert!(end.starts_with(last), "{end} to {said:.80}");
    }
    assert_eq!(kept.1.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn who_takes_many_places_leaves_some_to_others() {
    let (_kept, port) = server(1).await;
    let greeting = async |from: [u8; 4]| {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        let mut stream = socket.connect(([127, 0, 0, 1], port).into()).await.unwrap();
        let mut code = [0; 3];
        stream.read_exact(&mut code).await.unwrap();
        (code, stream)
    };
    let mut taken = Vec::new();
    let turned_away = loop {
        let (code, stream) = greeting([127, 0, 0, 1]).await;
        match code == *b"220" {
            true => taken.push(stream),
            false => break code,
        }
        assert!(taken.len() < 64, "it takes all places");
    };
    assert_eq!(turned_away, *b"421");
    let (code, _stream) = greeting([127, 0, 0, 2]).await;
    assert_eq!(code, *b"220");
}
