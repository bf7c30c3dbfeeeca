//! Encrypted connections, and those that only look like it.

use std::{env, process::Command, sync::Arc, time::Duration};

use reveille_gather::{FetchError, Gatherer, Limits, Options, SetUpError};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::server::{clock, document, failure, limited, options, serve};

/// Starts an encrypted site whose certificate is for this name and signed by itself; its port and certificate.
async fn serve_tls(name: &str) -> (u16, String) {
    let issued = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(issued.signing_key.serialize_der()));
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![issued.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|read| read > 0)
            {
            }
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews")
                .await;
        }
    });
    (port, issued.cert.pem())
}

#[tokio::test]
async fn an_authority_of_the_operator_is_trusted() {
    let (port, certificate) = serve_tls("herald.localhost").await;
    let options = Options {
        authorities: certificate.into(),
        ..options()
    };
    let found = document(&options, &format!("https://herald.localhost:{port}/")).await;
    assert_eq!(found.body, b"news");
    let error = failure(&options, &format!("https://courier.localhost:{port}/")).await;
    let words = "the certificate is not valid for courier.localhost: it was issued for another name";
    assert_eq!(error.to_string(), words, "{error:?}");
}

#[tokio::test]
async fn a_certificate_that_signs_itself_proves_nothing() {
    let (port, _) = serve_tls("herald.localhost").await;
    let error = failure(&options(), &format!("https://herald.localhost:{port}/")).await;
    let words = "the certificate is not valid for herald.localhost: nobody who is trusted issued it";
    assert_eq!(error.to_string(), words, "{error:?}");
    assert!(!error.is_transient());
}

#[test]
fn authorities_that_are_none_are_refused() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let broken = "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n";
    for authorities in ["no PEM", broken] {
        let options = Options {
            authorities: authorities.into(),
            ..options()
        };
        let error = Gatherer::new(&options, clock()).unwrap_err();
        assert!(
            matches!(error, SetUpError::Authorities(_) | SetUpError::NoAuthorities),
            "{error:?}"
        );
    }
}

/// The system's authorities are found by environment variables, which only a process of its own can have otherwise.
#[test]
fn a_machine_without_authorities_reads_what_needs_none() {
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "certificates::without_authorities", "--ignored"])
        .envs([
            ("SSL_CERT_FILE", "/nonexistent"),
            ("SSL_CERT_DIR", "/nonexistent"),
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "run by the test above, in a process of its own"]
async fn without_authorities() {
    let at = serve(axum::Router::new().fallback(|| async { "news" })).await;
    assert_eq!(document(&options(), &format!("http://{at}/")).await.body, b"news");
    let (port, certificate) = serve_tls("herald.localhost").await;
    let url = format!("https://herald.localhost:{port}/");
    let error = failure(&options(), &url).await;
    assert!(matches!(error, FetchError::NoAuthorities { .. }), "{error:?}");
    let own = Options {
        authorities: certificate.into(),
        ..options()
    };
    assert_eq!(document(&own, &url).await.body, b"news");
}

#[tokio::test]
async fn a_port_that_speaks_no_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let error = failure(&options(), &format!("https://127.0.0.1:{port}/")).await;
    assert!(matches!(error, FetchError::Tls { .. }), "{error:?}");
}

#[tokio::test]
async fn a_port_that_keeps_silent() {
    // The system accepts for a listener that never does, so only TLS is left to wait for.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let connect = Duration::from_millis(60);
    let options = limited(Limits {
        connect,
        ..Limits::default()
    });
    let error = failure(&options, &format!("https://{at}/")).await;
    assert_eq!(
        error.to_string(),
        "127.0.0.1 did not accept a connection within 60 ms",
        "{error:?}"
    );
    assert!(error.is_transient());
}
