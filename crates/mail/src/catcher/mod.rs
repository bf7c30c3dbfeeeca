//! A small real SMTP server that keeps every message in a folder, for the demo and for tests.
//!
//! It is stricter than servers in use (no bare line feeds, no line over 998 bytes, no 8-bit text that was not
//! announced), so that what passes here passes elsewhere. It relays nothing, and is meant for loopback.

mod letter;
mod mailbox;
mod script;
mod session;

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use reveille_model::EmailAddress;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_rustls::TlsAcceptor;

pub use mailbox::{Mail, list, read};
pub use script::{Act, Fault};

/// So long after the end of a conversation its place is free, as with servers that have processes of their own count them.
const LAG: Duration = Duration::from_millis(100);

/// How the catcher behaves. The default takes everything in plain text.
#[derive(Debug, Clone, Default)]
pub struct CatcherOptions {
    /// Encryption; none without it.
    pub tls: Option<Certificate>,
    /// The account that must sign in before it may send.
    pub auth: Option<Account>,
    /// The server's manners.
    pub dialect: Dialect,
    /// What goes wrong, for tests. The first fault that fits is acted upon.
    pub faults: Vec<Fault>,
    /// Whether messages are counted and thrown away, to measure who sends them.
    pub discard: bool,
    /// Conversations at the same time, of which it says at the greeting when there are more; any number without it.
    pub places: Option<u64>,
    /// The largest message that it offers to take (SIZE), in bytes, where that is less than 25 MiB.
    pub largest: Option<usize>,
    /// The largest message for which it has room for now, in bytes: whoever announces a larger one is to come again (452; RFC 1870,
    /// section 6.1).
    pub room: Option<usize>,
}

/// A certificate chain and its key, and how they are used.
#[derive(Clone)]
pub struct Certificate {
    /// The chain in PEM.
    pub chain: String,
    /// The private key in PEM.
    pub key: String,
    /// TLS from the first byte, in place of STARTTLS.
    pub implicit: bool,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate(implicit: {})", self.implicit)
    }
}

/// Who may send.
#[derive(Clone)]
pub struct Account {
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
    /// What is offered after AUTH, such as `PLAIN LOGIN`.
    pub mechanisms: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({}, {})", self.user, self.mechanisms)
    }
}

/// What kind of server the catcher plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Every extension that it knows but for those of the next.
    #[default]
    Full,
    /// Messages in one chunk and notices of failure on top.
    Chunking,
    /// The same of a proxy that passes on what the server behind it offers, and itself knows of no chunks.
    Proxy,
    /// 8BITMIME, and neither PIPELINING nor SMTPUTF8.
    EightBit,
    /// ESMTP without PIPELINING, 8BITMIME and SMTPUTF8.
    Sober,
    /// HELO only, as before 1995.
    Old,
}

/// The largest message that is taken, in bytes.
const LARGEST: usize = 25 * 1024 * 1024;

/// What every session of one catcher shares.
struct Shared {
    dir: PathBuf,
    tls: Option<(TlsAcceptor, bool)>,
    options: CatcherOptions,
    script: script::Script,
    turns: [Mutex<()>; 16],
    stored: AtomicU64,
    repeated: AtomicU64,
    connections: AtomicU64,
    open: AtomicU64,
}

impl Shared {
    fn largest(&self) -> usize {
        self.options.largest.unwrap_or(LARGEST)
    }

    /// Stores one message for every recipient before the client is told so.
    async fn store(
        self: &Arc<Self>,
        recipients: Vec<EmailAddress>,
        text: Vec<u8>,
    ) -> io::Result<Vec<mailbox::Stored>> {
        if self.options.discard {
            self.stored.fetch_add(recipients.len() as u64, Ordering::Relaxed);
            return Ok(vec![mailbox::Stored::New; recipients.len()]);
        }
        let shared = Arc::clone(self);
        let work = move || {
            let store = |to: &EmailAddress| {
                let _turn = shared.turn(to).lock().unwrap_or_else(PoisonError::into_inner);
                mailbox::store(&shared.dir, to, &text)
            };
            recipients.iter().map(store).collect()
        };
        let stored: Result<Vec<_>, _> = tokio::task::spawn_blocking(work)
            .await
            .map_err(io::Error::other)?;
        let stored = stored.map_err(io::Error::other)?;
        for outcome in &stored {
            let count = match outcome {
                mailbox::Stored::New => &self.stored,
                mailbox::Stored::Again => &self.repeated,
            };
            count.fetch_add(1, Ordering::Relaxed);
        }
        Ok(stored)
    }

    /// Who holds it may look into the mailbox and store: two copies of one message that come at once must not
    /// both find the mailbox without it. Mailboxes share turns, so that a few do for any number.
    fn turn(&self, to: &EmailAddress) -> &Mutex<()> {
        let sum = to
            .key()
            .bytes()
            .fold(0, |sum: usize, byte| sum.wrapping_add(usize::from(byte)));
        &self.turns[sum % self.turns.len()]
    }
}

/// A running catcher. Dropping it closes the door; conversations under way go on to their end.
pub struct Catcher {
    address: SocketAddr,
    shared: Arc<Shared>,
    door: JoinHandle<()>,
}

/// What a catcher did since it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Messages stored: one for each recipient.
    pub stored: u64,
    /// Messages acknowledged but not stored, since the mailbox held their Message-ID.
    pub repeated: u64,
    /// Connections taken, those among them that were turned away.
    pub connections: u64,
}

impl Catcher {
    /// Takes connections from the listener until dropped, and stores under `dir`: `dir/<recipient>/<name>.eml`.
    /// Must be called within a tokio runtime.
    ///
    /// # Errors
    /// A listener without an address, or a certificate that cannot be used.
    pub fn start(listener: TcpListener, dir: &Path, options: CatcherOptions) -> io::Result<Self> {
        let tls = match &options.tls {
            Some(certificate) => Some((acceptor(certificate)?, certificate.implicit)),
            None => None,
        };
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            dir: dir.to_owned(),
            tls,
            script: script::Script::new(options.faults.clone()),
            options,
            turns: Default::default(),
            stored: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            open: AtomicU64::new(0),
        });
        let door = tokio::spawn(take_connections(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            door,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it did so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally {
            stored: self.shared.stored.load(Ordering::Relaxed),
            repeated: self.shared.repeated.load(Ordering::Relaxed),
            connections: self.shared.connections.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        self.door.abort();
    }
}

async fn take_connections(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                let shared = Arc::clone(&shared);
                let before = shared.open.fetch_add(1, Ordering::Relaxed);
                let has_place = shared.options.places.is_none_or(|places| before < places);
                tokio::spawn(async move {
                    let served = match has_place {
                        true => session::serve(stream, &shared).await,
                        false => session::turn_away(stream).await,
                    };
                    if shared.options.places.is_some() {
                        tokio::time::sleep(LAG).await;
                    }
                    shared.open.fetch_sub(1, Ordering::Relaxed);
                    if let Err(error) = served {
                        tracing::debug!(%error, "a connection to the catcher broke");
                    }
                });
            }
            Err(error) => {
                // Out of file descriptors, most likely: give the open connections time to end.
                tracing::warn!(%error, "the catcher could not take a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn acceptor(certificate: &Certificate) -> io::Result<TlsAcceptor> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate.chain.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(io::Error::other)?;
    let key = PrivateKeyDer::from_pem_slice(certificate.key.as_bytes()).map_err(io::Error::other)?;
    let config = ServerConfig::builder_with_provider(rustls::crypto::aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(io::Error::other)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
