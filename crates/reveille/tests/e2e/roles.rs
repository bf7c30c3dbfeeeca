//! A node that does a part of the work.

use std::io::{BufRead, BufReader};

use reveille_mail::smtp::{Connection, Options, Parcel, SmtpError, Text, Tls};
use tokio::runtime::Runtime;

use crate::{
    nodes::start,
    returns::{bounce, sent, state},
};

async fn bring_back(port: u16, to: &str, mail: &str) -> Result<(), SmtpError> {
    let options = Options {
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::None,
        account: None,
        hello: "mx.example".to_owned(),
        timeout: None,
        patience: None,
        root: None,
    };
    let parcel = Parcel {
        from: &"mailer-daemon@mx.example".parse().unwrap(),
        to: &to.parse().unwrap(),
        message: &Text::new(mail.as_bytes().to_vec()),
        id: None,
    };
    Connection::connect(&options).await?.send(parcel).await.map(drop)
}

#[test]
fn mail_that_comes_back_is_taken_at_our_own_door() {
    let (folder, key) = sent();
    let words = "serve --roles bounce --set mail.returns_listen=127.0.0.1:0".split(' ');
    let words: Vec<String> = words.map(str::to_owned).collect();
    let mut node = start(&folder, &words);
    let mut line = String::new();
    let mut said = BufReader::new(node.child().stdout.take().unwrap());
    said.read_line(&mut line).unwrap();
    let port = line.trim_end().trim_end_matches('.').rsplit(':').next().unwrap();
    let port = port.parse().unwrap();

    let runtime = Runtime::new().unwrap();
    let bring = |to: &str, mail: &str| runtime.block_on(bring_back(port, to, mail));
    let gone = |key: &str| bounce(key, "550 5.1.1 User unknown");
    let stranger = "0".repeat(32);
    for nobody in [
        "bounce@brief.example",
        "bounce+1@brief.example",
        "ann@example.org",
    ] {
        let error = bring(nobody, &gone(&key)).unwrap_err();
        assert!(error.is_recipient_refused(), "{nobody}: {error}");
    }
    // One that names another reader than its envelope does is believed of neither.
    bring(&format!("bounce+{stranger}@brief.example"), &gone(&key)).unwrap();
    bring(&format!("bounce+{key}@brief.example"), &gone(&stranger)).unwrap();
    assert!(state(&folder).contains("active"), "{}", state(&folder));
    // This one names nobody but in its envelope.
    let notice = gone(&key).replace(&format!("bounce+{key}@brief.example"), "you@brief.example");
    bring(&format!("BOUNCE+{key}@brief.example"), &notice).unwrap();
    assert!(state(&folder).contains("bounced"), "{}", state(&folder));
}
