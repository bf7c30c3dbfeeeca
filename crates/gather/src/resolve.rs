//! From host names to the addresses that may be connected to.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;
use url::{Host, Url};

use crate::{Options, network::Guard};

/// Why a host name led to no address.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResolveError {
    #[error("the name servers know no such host")]
    NoSuchHost,
    #[error("the name servers did not answer")]
    NoNameServer(#[source] io::Error),
    #[error("the host's address is {0}, which is not public")]
    Closed(IpAddr),
}

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// How a host name becomes addresses.
#[derive(Clone)]
pub struct Lookup(Arc<dyn Fn(String) -> Found + Send + Sync>);

impl Lookup {
    /// Looks names up by `find`: a test that plays a name server, or an office with its own.
    pub fn new<F>(find: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = io::Result<Vec<IpAddr>>> + Send + 'static,
    {
        Self(Arc::new(move |name| Box::pin(find(name))))
    }

    pub(crate) async fn find(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        (self.0)(name.to_owned()).await
    }
}

impl Default for Lookup {
    /// Asks the system.
    fn default() -> Self {
        Self::new(|name| async move {
            let found = lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lookup")
    }
}

/// A resolver that gives out permitted addresses only, so that what was checked is what is connected to: a name that
/// changes its address between check and connection gains nothing.
#[derive(Debug)]
pub(crate) struct Resolver {
    guard: Guard,
    lookup: Lookup,
    /// The operator's own proxy, which may stand in any network.
    proxy: Option<String>,
}

impl Resolver {
    async fn resolve(
        guard: &Guard,
        lookup: &Lookup,
        trusted: bool,
        name: &str,
    ) -> Result<Vec<IpAddr>, ResolveError> {
        let found = if is_localhost(name) {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        } else if is_below(name, "invalid") {
            Vec::new()
        } else {
            lookup.find(name).await.map_err(not_found)?
        };
        let (open, closed): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|address| trusted || guard.permits(*address));
        match (open.is_empty(), closed.first()) {
            (false, _) => Ok(open),
            (true, Some(address)) => Err(ResolveError::Closed(*address)),
            (true, None) => Err(ResolveError::NoSuchHost),
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let trusted = self.proxy.as_deref() == Some(&name);
        let (guard, lookup) = (self.guard.clone(), self.lookup.clone());
        Box::pin(async move {
            let addresses = Self::resolve(&guard, &lookup, trusted, &name).await?;
            // The client puts the port in.
            let sockets = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(sockets) as Addrs)
        })
    }
}

/// `localhost` and all names under it (RFC 6761, section 6.3).
fn is_localhost(name: &str) -> bool {
    is_below(name, "localhost")
}

/// Whether a name is this top-level name or ends in it. RFC 6761 answers some of them without any name server:
/// `localhost` with loopback, `invalid` (section 6.4) with nothing.
fn is_below(name: &str, top: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.strip_suffix(top)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether a URL leads to this machine by the very spelling of its host.
pub(crate) fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
        None => false,
    }
}

/// The system tells an unknown name from an unreachable name server only in the text of its error (`EAI_AGAIN`).
fn not_found(error: io::Error) -> ResolveError {
    if error.to_string().contains("emporary failure") {
        ResolveError::NoNameServer(error)
    } else {
        ResolveError::NoSuchHost
    }
}

/// The resolver in the form that the client takes.
pub(crate) fn resolver(guard: &Guard, options: &Options) -> Arc<Resolver> {
    Arc::new(Resolver {
        guard: guard.clone(),
        lookup: options.lookup.clone(),
        proxy: options
            .proxy
            .as_ref()
            .and_then(|url| url.host_str())
            .map(str::to_owned),
    })
}
