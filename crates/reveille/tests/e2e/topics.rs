//! Amazon SES, which tells by a topic of Amazon SNS: `serve` fetches the certificate, and answers the topic's question. The
//! way there leads through a proxy that is Amazon.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::RSA_PKCS1_SHA256,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use reveille_model::UnixMillis;
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::aws_lc_rs::default_provider,
    pki_types::{PrivateKeyDer, pem::PemObject},
};
use serde_json::{Value, json};

use crate::{
    returns::{sent, state},
    services::seconds,
    serving::Server,
};

const ARN: &str = "arn:aws:sns:eu-west-1:123456789012:bounces";
const HOST: &str = "sns.eu-west-1.amazonaws.com";

/// Its port, its certificate for connections, and the paths that it is asked for. It answers with `certificate`.
fn amazon(certificate: String) -> (u16, String, Receiver<String>) {
    let issued = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
    let key = PrivateKeyDer::from_pem_slice(issued.signing_key.serialize_pem().as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![issued.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (asked, paths) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(config.clone()).unwrap();
            let _ = answer(stream, connection, &certificate, &asked);
        }
    });
    (port, issued.cert.pem(), paths)
}

fn answer(
    mut stream: TcpStream,
    connection: ServerConnection,
    certificate: &str,
    asked: &Sender<String>,
) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    assert!(head.starts_with(format!("CONNECT {HOST}:443").as_bytes()));
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    let mut first = String::new();
    stream.read_line(&mut first)?;
    let mut line = first.clone();
    while !line.trim().is_empty() {
        line.clear();
        stream.read_line(&mut line)?;
    }
    asked.send(first.split(' ').nth(1).unwrap().to_owned()).unwrap();
    let length = certificate.len();
    let stream = stream.get_mut();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{certificate}"
    )?;
    stream.flush()
}

/// A key as Amazon signs with, and its certificate.
fn signer() -> (KeyPair, String) {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let pkcs8 = AsDer::as_der(&key).unwrap().as_ref().to_vec();
    let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8.into(), &rcgen::PKCS_RSA_SHA256);
    let parameters = rcgen::CertificateParams::new(["sns.amazonaws.com".to_owned()]).unwrap();
    let certificate = parameters.self_signed(&pair.unwrap()).unwrap().pem();
    (key, certificate)
}

/// A message of the topic, with these fields beside those that all have.
fn message(key: &KeyPair, kind: &str, fields: &[(&str, &str)]) -> String {
    let at = UnixMillis(seconds().parse::<i64>().unwrap() * 1_000).to_string();
    let mut told = json!({
        "Type": kind, "MessageId": "m1", "TopicArn": ARN, "Timestamp": at, "SignatureVersion": "2",
        "SigningCertURL": format!("https://{HOST}/SimpleNotificationService-0.pem"),
    });
    for (name, value) in fields {
        told[*name] = Value::from(*value);
    }
    let signed = [
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ]
    .iter()
    .filter_map(|name| Some(format!("{name}\n{}\n", told[*name].as_str()?)))
    .collect::<String>();
    let mut tag = vec![0; key.public_modulus_len()];
    let random = SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut tag)
        .unwrap();
    told["Signature"] = BASE64_STANDARD.encode(tag).into();
    told.to_string()
}

#[test]
fn a_topic_is_answered_and_tells_of_bounces() {
    let (folder, reader) = sent();
    let (key, certificate) = signer();
    let (port, trusted, paths) = amazon(certificate);
    let trusted = folder.write("ca.pem", &trusted);
    let mut command = folder.command(&["serve"]);
    for setting in [
        "web.listen=127.0.0.1:0".to_owned(),
        "gather.allow_networks=127.0.0.0/8".to_owned(),
        format!("gather.proxy=http://127.0.0.1:{port}"),
        format!("mail.services.ses_topic={ARN}"),
    ] {
        command.args(["--set", &setting]);
    }
    command.env("SSL_CERT_FILE", &trusted);
    let server = Server::by(command);
    let post = |body: &str| server.post("/returns/ses", body);
    let path = || paths.recv_timeout(Duration::from_secs(10)).unwrap();

    let page = format!("https://{HOST}/?Action=ConfirmSubscription&Token=t1");
    let fields = [("Message", "Wanted?"), ("Token", "t1"), ("SubscribeURL", &page)];
    let answer = post(&message(&key, "SubscriptionConfirmation", &fields));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(path(), "/SimpleNotificationService-0.pem");
    assert_eq!(path(), "/?Action=ConfirmSubscription&Token=t1");

    let bounce = json!({
        "notificationType": "Bounce", "mail": {"source": format!("bounce+{reader}@brief.example")},
        "bounce": {
            "feedbackId": "f1", "bounceType": "Permanent", "bounceSubType": "General",
            "bouncedRecipients": [{
                "emailAddress": "ann@example.org", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown",
            }],
        },
    });
    let told = message(&key, "Notification", &[("Message", &bounce.to_string())]);
    let altered = post(&told.replace("f1", "f2"));
    assert!(altered.starts_with("HTTP/1.1 403"), "{altered}");
    assert!(state(&folder).contains("active"));
    let answer = post(&told);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(state(&folder).contains("bounced"));
    assert!(paths.try_recv().is_err(), "the certificate is remembered");
    server.stop();
}
