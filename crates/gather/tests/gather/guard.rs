//! Ways into a closed network, all of them barred: listeners stand where each of them leads and see nobody.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use axum::{
    Router,
    extract::RawQuery,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use reveille_gather::{Accept, FetchError, Gatherer, Lookup, Options};
use reveille_model::CanonicalUrl;
use tokio::net::TcpListener;

use crate::server::{gatherer, options};

/// The only address that the operator opened. A site stands there that sends readers wherever the query says.
const OPEN: &str = "127.77.0.1";

/// Notations of a host that lead, or might lead, to this machine or the network that it stands in. `PORT` is where the
/// listeners are. Names end in the addresses that the name server of this test gives.
const ATTEMPTS: &[&str] = &[
    // Loopback, plainly.
    "http://127.0.0.1:PORT/",
    "http://127.0.0.2:PORT/",
    "http://127.255.255.254:PORT/",
    "http://localhost:PORT/",
    "http://LOCALHOST:PORT/",
    "http://localhost.:PORT/",
    "http://news.localhost:PORT/",
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[0000::0001]:PORT/",
    // Unspecified: the system takes it for loopback.
    "http://0.0.0.0:PORT/",
    "http://0:PORT/",
    "http://[::]:PORT/",
    // Decimal, octal, hexadecimal, short and mixed.
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0X7F.0.0.1:PORT/",
    "http://0x7f.1:PORT/",
    "http://017700000001:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0177.0x0.1:PORT/",
    "http://00000177.0.0.1:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://4294967297:PORT/",
    "http://127.0.0.256:PORT/",
    // Written with other characters: full-width digits, circled digits, an ideographic stop, percent signs.
    "http://１２７.０.０.１:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://127。0。0。1:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/",
    // IPv4 inside IPv6: mapped, compatible, NAT64, 6to4, Teredo, ISATAP.
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[::7f00:1]:PORT/",
    "http://[::ffff:0:127.0.0.1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b:1::127.0.0.1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2002:c0a8:101::1]:PORT/",
    "http://[2001:0:7f00:1::]:PORT/",
    "http://[fe80::5efe:127.0.0.1]:PORT/",
    "http://[::ffff:169.254.169.254]:PORT/",
    // Private, link-local, shared, reserved and multicast ranges.
    "http://10.0.0.1:PORT/",
    "http://10.255.255.255:PORT/",
    "http://172.16.0.1:PORT/",
    "http://172.31.255.255:PORT/",
    "http://192.168.0.1:PORT/",
    "http://100.64.0.1:PORT/",
    "http://100.127.255.254:PORT/",
    "http://169.254.0.1:PORT/",
    "http://192.0.0.8:PORT/",
    "http://192.0.2.1:PORT/",
    "http://198.18.0.1:PORT/",
    "http://198.51.100.1:PORT/",
    "http://203.0.113.1:PORT/",
    "http://224.0.0.1:PORT/",
    "http://239.255.255.250:PORT/",
    "http://240.0.0.1:PORT/",
    "http://255.255.255.255:PORT/",
    "http://[fc00::1]:PORT/",
    "http://[fd00:ec2::254]:PORT/",
    "http://[fe80::1]:PORT/",
    "http://[fe80::1%25lo]:PORT/",
    "http://[fec0::1]:PORT/",
    "http://[ff02::1]:PORT/",
    "http://[100::1]:PORT/",
    "http://[2001:db8::1]:PORT/",
    // The metadata services of cloud machines.
    "http://169.254.169.254:PORT/latest/meta-data/",
    "http://0xa9fea9fe:PORT/latest/meta-data/",
    "http://169.254.170.2:PORT/v2/credentials/",
    "http://192.0.0.192:PORT/opc/v1/instance/",
    "http://100.100.100.200:PORT/latest/meta-data/",
    "http://metadata.169.254.169.254.example:PORT/",
    // User names and marks that look like hosts.
    "http://news.example@127.0.0.1:PORT/",
    "http://news.example:80@127.0.0.1:PORT/",
    "http://news.example%40127.0.0.1:PORT/",
    "http://127.0.0.1:PORT#@news.example/",
    "http://127.0.0.1:PORT?@news.example/",
    "http://127.0.0.1:PORT\\@news.example/",
    "http:\\\\127.0.0.1:PORT/",
    "http:127.0.0.1:PORT/",
    "http:///127.0.0.1:PORT/",
    "\thttp://127.0.0.1:PORT/\n",
    "http://127.0.0\t.1:PORT/",
    "https://127.0.0.1:PORT/",
    // Other schemes.
    "file:///etc/passwd",
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/_x",
    "data:text/html,<rss>",
    "unix:///run/docker.sock",
    // Names whose address lies inside.
    "http://a.127.0.0.1.example:PORT/",
    "http://a.10.0.0.1.example:PORT/",
    "http://a.--1.example:PORT/",
    "http://a.--ffff-127.0.0.1.example:PORT/",
    "http://a.0.0.0.0.example:PORT/",
    // One inside among others that are closed too.
    "http://a.127.0.0.1.and.10.0.0.1.example:PORT/",
];

/// Listeners on loopback that count who comes.
struct Trap {
    port: u16,
    seen: Arc<AtomicUsize>,
}

impl Trap {
    async fn set() -> Self {
        let seen = Arc::new(AtomicUsize::new(0));
        let first = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = first.local_addr().unwrap().port();
        let mut listeners = vec![first];
        for address in ["127.0.0.2", "127.255.255.254", "::1"] {
            let address: IpAddr = address.parse().unwrap();
            // A machine without IPv6 cannot be reached by it.
            listeners.extend(TcpListener::bind((address, port)).await);
        }
        for listener in listeners {
            let seen = seen.clone();
            tokio::spawn(async move {
                while listener.accept().await.is_ok() {
                    seen.fetch_add(1, SeqCst);
                }
            });
        }
        Self { port, seen }
    }

    fn seen(&self) -> usize {
        self.seen.load(SeqCst)
    }
}

/// A name server for `LABEL.ADDRESS[.and.ADDRESS].example`, with `-` for the colons of IPv6.
fn named(name: &str) -> Vec<IpAddr> {
    let inner = name.trim_end_matches('.').trim_end_matches(".example");
    let addresses = inner.split_once('.').map_or("", |(_, addresses)| addresses);
    let addresses = addresses.split(".and.");
    addresses
        .filter_map(|address| address.replace('-', ":").parse().ok())
        .collect()
}

fn guarded() -> Options {
    Options {
        allow: vec![OPEN.parse().unwrap()],
        lookup: Lookup::new(|name| async move { Ok(named(&name)) }),
        ..options()
    }
}

/// Fetches as feed and as page; both must be refused for what the address is.
async fn refused(gatherer: &Gatherer, url: &str, attempt: &str) {
    let Ok(url) = url.parse::<CanonicalUrl>() else {
        return;
    };
    for accept in [Accept::Feed, Accept::Page] {
        let error = gatherer.read(url.clone(), accept).await.unwrap_err();
        let why = match &error {
            FetchError::RobotsUnknown { why, .. } => why,
            error => error,
        };
        let barred = matches!(
            why,
            FetchError::ClosedAddress { .. } | FetchError::NoSuchHost { .. } | FetchError::BadRedirect { .. }
        );
        assert!(barred, "{attempt} as {accept:?}: {error:?}");
    }
}

#[tokio::test]
async fn no_notation_of_an_address_leads_inside() {
    let trap = Trap::set().await;
    assert!(ATTEMPTS.len() >= 50);
    let closed = gatherer(&guarded());
    for attempt in ATTEMPTS {
        refused(&closed, &attempt.replace("PORT", &trap.port.to_string()), attempt).await;
    }
    assert_eq!(trap.seen(), 0);
    // The trap works: one whose network is open is caught.
    let open = Options {
        allow: vec!["127.0.0.0/8".parse().unwrap()],
        ..guarded()
    };
    let (gatherer, url) = (gatherer(&open), format!("http://127.1:{}/", trap.port));
    let fetch = gatherer.read(url.parse().unwrap(), Accept::Feed);
    // The trap closes each connection, which ends the fetch.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(30), fetch).await;
    assert_eq!(trap.seen(), 1);
}

#[tokio::test]
async fn no_redirect_leads_inside() {
    let trap = Trap::set().await;
    let site = Router::new().fallback(get(|query: RawQuery| async move {
        let to = query.0.unwrap_or_default();
        (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response()
    }));
    let site = serve_at(OPEN, 0, site).await;
    let closed = gatherer(&guarded());
    for attempt in ATTEMPTS {
        let to = attempt.replace("PORT", &trap.port.to_string());
        // What no header may hold cannot be sent; what a query may not hold is percent-encoded by the parser.
        let to = to.trim().replace('\t', "").replace('#', "?");
        refused(&closed, &format!("http://{site}/?{to}"), attempt).await;
    }
    assert_eq!(trap.seen(), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_address_gains_nothing() {
    let trap = Trap::set().await;
    // On the same port as the trap, and ending the connection each time, so that each fetch looks the name up again.
    let site = Router::new().fallback(|| async { ([(header::CONNECTION, "close")], "news") });
    serve_at(OPEN, trap.port, site).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let lookup = Lookup::new(move |_| {
        let turn = count.fetch_add(1, SeqCst);
        let address = if turn.is_multiple_of(2) { OPEN } else { "127.0.0.1" };
        async move { Ok(vec![address.parse().unwrap()]) }
    });
    let gatherer = gatherer(&Options { lookup, ..guarded() });
    let url: CanonicalUrl = format!("http://rebinding.example:{}/", trap.port)
        .parse()
        .unwrap();
    for turn in 0..6 {
        let fetched = gatherer.read(url.clone(), Accept::Feed).await;
        match turn % 2 {
            0 => assert!(fetched.is_ok(), "{turn}: {fetched:?}"),
            _ => assert!(
                matches!(fetched, Err(FetchError::ClosedAddress { .. })),
                "{turn}: {fetched:?}"
            ),
        }
    }
    assert_eq!((asked.load(SeqCst), trap.seen()), (6, 0));
}

#[tokio::test]
async fn of_a_names_addresses_only_the_open_ones_are_called() {
    let trap = Trap::set().await;
    serve_at(OPEN, trap.port, Router::new().fallback(|| async { "news" })).await;
    let url = format!("http://a.127.0.0.1.and.{OPEN}.and.--1.example:{}/", trap.port);
    let gatherer = gatherer(&guarded());
    gatherer.read(url.parse().unwrap(), Accept::Feed).await.unwrap();
    assert_eq!(trap.seen(), 0);
}

#[tokio::test]
async fn a_proxy_is_not_asked_for_what_lies_inside() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let proxy = Router::new().fallback(move || async move {
        count.fetch_add(1, SeqCst);
        "news"
    });
    let proxy = serve_at("127.0.0.1", 0, proxy).await;
    let trap = Trap::set().await;
    let options = Options {
        proxy: Some(format!("http://{proxy}").parse().unwrap()),
        ..guarded()
    };
    let gatherer = gatherer(&options);
    for attempt in ATTEMPTS {
        refused(
            &gatherer,
            &attempt.replace("PORT", &trap.port.to_string()),
            attempt,
        )
        .await;
    }
    assert_eq!((asked.load(SeqCst), trap.seen()), (0, 0));
    let outside = "http://a.8.8.8.8.example/".parse().unwrap();
    gatherer.read(outside, Accept::Feed).await.unwrap();
    assert_eq!(asked.load(SeqCst), 1);
}

async fn serve_at(address: &str, port: u16, site: Router) -> SocketAddr {
    let address: IpAddr = address.parse().unwrap();
    let listener = TcpListener::bind((address, port)).await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, site).await });
    at
}
