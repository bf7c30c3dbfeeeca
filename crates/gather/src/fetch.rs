//! One fetch from the first address to the document.

use std::sync::Arc;

use reqwest::{
    Client, RequestBuilder, Response, StatusCode,
    header::{
        ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, COOKIE, ETAG, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
        LAST_MODIFIED,
    },
};
use reveille_model::{CanonicalUrl, Clock, Credential, Secret};
use tokio::{
    sync::OwnedMutexGuard,
    time::{Instant, timeout_at},
};
use url::{Host, Position, Url, form_urlencoded};

use crate::{
    Accept, Document, FetchError, Fetched, Limits, Lookup, Options, Request, Robots, SetUpError, Unchanged,
    body::{self, Overflow},
    cause::{self, Peer},
    client::{PRODUCT, accepts, client},
    header,
    lane::{Lane, Lanes},
    link::links,
    network::Guard,
    redirect::{Way, redirects, target},
    resolve, robots,
    rules::{Sites, Verdict},
    unpack,
};

/// The HTTP client with all it knows of hosts. A clone shares both.
#[derive(Debug, Clone)]
pub struct Gatherer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    checks_certificates: bool,
    guard: Guard,
    lookup: Lookup,
    clock: Clock,
    limits: Limits,
    lanes: Lanes,
    sites: Sites,
    /// The proxy's host, where there is one.
    proxy: Option<String>,
}

impl Gatherer {
    /// Sets up the client. No connection is made yet. The clock is asked only about servers that name a date and do not
    /// say what time it is with them.
    ///
    /// # Errors
    /// Where the process has no TLS provider, or an option cannot be used.
    pub fn new(options: &Options, clock: Clock) -> Result<Self, SetUpError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(SetUpError::NoTlsProvider);
        }
        let guard = Guard::new(&options.allow);
        let (client, checks_certificates) = client(options, &guard)?;
        Ok(Self(Arc::new(Inner {
            client,
            checks_certificates,
            guard,
            lookup: options.lookup.clone(),
            clock,
            limits: options.limits,
            lanes: Lanes::new(options.pace),
            sites: Sites::default(),
            proxy: options.proxy.as_ref().map(host_of),
        })))
    }

    /// Fetches a document, following redirects.
    ///
    /// Waits for the host's turn first, which may take long where many requests to one host are under way; dropping
    /// the future gives the turn up.
    ///
    /// # Errors
    /// Everything that can go wrong on the web; nothing is retried here.
    pub async fn fetch(&self, request: &Request) -> Result<Fetched, FetchError> {
        let mut way = Way::new(request, &self.0.limits);
        loop {
            match self.step(request, &mut way).await? {
                Step::Done(fetched) => return Ok(fetched),
                Step::Redirect { to, permanent } => way.turn(to, permanent)?,
            }
        }
    }

    /// Fetches a document of which no copy is at hand.
    ///
    /// # Errors
    /// As [`Self::fetch`].
    pub async fn read(&self, url: CanonicalUrl, accept: Accept) -> Result<Document, FetchError> {
        self.read_with(url, accept, None).await
    }

    /// Fetches a document of which no copy is at hand, with what its publisher issued to us.
    ///
    /// # Errors
    /// As [`Self::fetch`].
    pub async fn read_with(
        &self,
        url: CanonicalUrl,
        accept: Accept,
        credential: Option<Credential>,
    ) -> Result<Document, FetchError> {
        let request = Request {
            credential,
            ..Request::new(url, accept)
        };
        match self.fetch(&request).await? {
            Fetched::Document(document) => Ok(document),
            Fetched::NotModified(_) => Err(FetchError::Status {
                status: 304,
                retry_after: None,
            }),
        }
    }

    /// Posts a form to a service that a publisher named, such as a hub. Redirects are not followed.
    ///
    /// # Errors
    /// Where the service cannot be reached or does not accept the form.
    pub async fn post(&self, url: &CanonicalUrl, form: &[(&str, &str)]) -> Result<(), FetchError> {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let kind = [(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")];
        self.post_body(url, &kind, form).await
    }

    /// Posts a text to a service, with these headers. Redirects are not followed.
    ///
    /// # Errors
    /// Where the service cannot be reached or does not accept it.
    pub async fn post_body(
        &self,
        url: &CanonicalUrl,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<(), FetchError> {
        let (inner, url) = (&*self.0, url.url());
        let lane = inner.lanes.to(url);
        let _turn = enter(&lane, url).await?;
        let end = Instant::now() + inner.limits.total;
        inner.hand_in(&lane, url, headers, body, end).await.map(drop)
    }

    /// Posts a text to a service, with these headers, and gives its answer back. Redirects are not followed.
    ///
    /// # Errors
    /// Where the service cannot be reached, does not accept it, or answers more than the limits allow.
    pub async fn ask(
        &self,
        url: &CanonicalUrl,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<String, FetchError> {
        let (inner, url) = (&*self.0, url.url());
        let lane = inner.lanes.to(url);
        let _turn = enter(&lane, url).await?;
        let end = Instant::now() + inner.limits.total;
        let response = inner.hand_in(&lane, url, headers, body, end).await?;
        let bytes = body::read(response, inner.limits.body, Overflow::Refuse, &inner.limits, end).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// What the `robots.txt` of this address's site says.
    ///
    /// # Errors
    /// Why that is not known.
    pub async fn robots(&self, url: &CanonicalUrl) -> Result<Arc<Robots>, FetchError> {
        self.0.robots(url.url()).await
    }

    /// One request of the way, with everything that has to be asked before it.
    async fn step(&self, request: &Request, way: &mut Way) -> Result<Step, FetchError> {
        let inner = &*self.0;
        inner.check(&way.url).await?;
        if request.accept == Accept::Page {
            inner.ask_robots(&way.url).await?;
        }
        let lane = inner.lanes.to(&way.url);
        let _turn = enter(&lane, &way.url).await?;
        let started = Instant::now();
        let end = started + way.left;
        let response = inner.send(way.url.clone(), Some(request), end).await?;
        tracing::debug!(url = %way.url, status = response.status().as_u16(), "answered");
        let step = inner.receive(request, way, &lane, response, end).await;
        way.left = way.left.saturating_sub(started.elapsed());
        step
    }
}

/// What one request of the way led to.
#[expect(clippy::large_enum_variant, reason = "it lives for one turn of a loop")]
enum Step {
    Done(Fetched),
    Redirect { to: Url, permanent: bool },
}

impl Inner {
    /// Checks an address before it is asked. A host that is written as a number is checked here, since the client asks
    /// the resolver for names only; and a name that a proxy will look up, as far as it can be looked up here.
    async fn check(&self, url: &Url) -> Result<(), FetchError> {
        if url.scheme() == "https" && !self.checks_certificates {
            return Err(FetchError::NoAuthorities { host: host_of(url) });
        }
        let addresses = match url.host() {
            Some(Host::Ipv4(address)) => vec![address.into()],
            Some(Host::Ipv6(address)) => vec![address.into()],
            Some(Host::Domain(name)) if self.proxy.is_some() && !resolve::is_here(url) => {
                self.lookup.find(name).await.unwrap_or_default()
            }
            Some(Host::Domain(_)) | None => Vec::new(),
        };
        match addresses.iter().find(|address| !self.guard.permits(**address)) {
            Some(address) => Err(FetchError::ClosedAddress {
                host: host_of(url),
                address: *address,
            }),
            None => Ok(()),
        }
    }

    /// Asks for a document.
    async fn send(&self, url: Url, request: Option<&Request>, end: Instant) -> Result<Response, FetchError> {
        let credential = request.and_then(|request| request.credential.as_ref());
        let secret = credential.and_then(|credential| credential.secret_for(&url));
        let mut builder = self
            .client
            .get(url.clone())
            .header(ACCEPT_ENCODING, unpack::OFFERED);
        if let Some(secret) = secret {
            builder = signed(builder, secret);
        }
        if let Some(request) = request {
            builder = builder.header(ACCEPT, accepts(request.accept));
            for (name, value) in [
                (IF_NONE_MATCH, &request.etag),
                (IF_MODIFIED_SINCE, &request.last_modified),
            ] {
                // A validator that cannot be sent back is none.
                if let Some(Ok(value)) = value.as_deref().map(HeaderValue::from_str) {
                    builder = builder.header(name, value);
                }
            }
        }
        self.dispatch(builder, &url, end).await
    }

    /// Posts a text, and waits for the header of an answer that accepts it.
    async fn hand_in(
        &self,
        lane: &Lane,
        url: &Url,
        headers: &[(&str, &str)],
        body: String,
        end: Instant,
    ) -> Result<Response, FetchError> {
        self.check(url).await?;
        let mut request = self.client.post(url.clone()).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.dispatch(request, url, end).await?;
        match response.status().is_success() {
            true => Ok(response),
            false => Err(self.refused(lane, &response)),
        }
    }

    /// Sends what was built, and waits for the header of the answer.
    async fn dispatch(
        &self,
        builder: RequestBuilder,
        url: &Url,
        end: Instant,
    ) -> Result<Response, FetchError> {
        let peer = Peer {
            host: host_of(url),
            proxy: self.proxy.clone().filter(|_| !resolve::is_here(url)),
        };
        let header_end = Instant::now() + self.limits.header;
        match timeout_at(header_end.min(end), builder.send()).await {
            Ok(answer) => answer.map_err(|error| cause::of_request(error, peer, &self.limits)),
            Err(_) if end < header_end => Err(FetchError::TooSlow {
                after: self.limits.total,
            }),
            Err(_) => Err(FetchError::NoAnswer {
                after: self.limits.header,
            }),
        }
    }

    /// Turns an answer into a document, a redirect or an error.
    async fn receive(
        &self,
        request: &Request,
        way: &Way,
        lane: &Lane,
        response: Response,
        end: Instant,
    ) -> Result<Step, FetchError> {
        let status = response.status();
        let headers = response.headers();
        let conditional = request.etag.is_some() || request.last_modified.is_some();
        if status == StatusCode::NOT_MODIFIED && conditional {
            return Ok(Step::Done(Fetched::NotModified(Unchanged {
                moved_to: way.moved_from(request)?,
                keep: header::keep(headers, self.clock.now().timestamp()),
            })));
        }
        if let Some(permanent) = redirects(status) {
            return target(&way.url, &response).map(|to| Step::Redirect { to, permanent });
        }
        if !status.is_success() {
            return Err(self.refused(lane, &response));
        }
        let content_type = header::text(headers, CONTENT_TYPE);
        refuse_binary(content_type.as_deref(), request.accept)?;
        let mut document = Document {
            moved_to: way.moved_from(request)?,
            url: way.canonical()?,
            status: status.as_u16(),
            charset: content_type.as_deref().and_then(header::charset),
            content_type,
            body: Vec::new(),
            etag: header::text(headers, ETAG),
            last_modified: header::text(headers, LAST_MODIFIED),
            keep: header::keep(headers, self.clock.now().timestamp()),
            links: links(headers, &way.url),
        };
        document.body = body::read(response, self.limits.body, Overflow::Refuse, &self.limits, end).await?;
        Ok(Step::Done(Fetched::Document(document)))
    }

    /// The error that a status means. A server that is overloaded is left alone by everybody.
    fn refused(&self, lane: &Lane, response: &Response) -> FetchError {
        let status = response.status().as_u16();
        let retry_after = header::retry_after(response.headers(), self.clock.now().timestamp());
        if let (429 | 503, Some(wish)) = (status, retry_after) {
            lane.rest(wish);
        }
        FetchError::Status { status, retry_after }
    }

    /// Whether the site's `robots.txt` lets us read this page.
    async fn ask_robots(&self, url: &Url) -> Result<(), FetchError> {
        let rules = self.robots(url).await?;
        if let Some(delay) = rules.crawl_delay() {
            self.lanes.to(url).space(delay);
        }
        match rules.permits(&url[Position::BeforePath..Position::AfterQuery]) {
            true => Ok(()),
            false => Err(FetchError::Robots { host: host_of(url) }),
        }
    }

    /// What the `robots.txt` that governs an address says.
    async fn robots(&self, url: &Url) -> Result<Arc<Robots>, FetchError> {
        let verdict = self.sites.of(url).ask(self.fetch_robots(url)).await;
        verdict.map_err(|why| FetchError::RobotsUnknown {
            host: host_of(url),
            why,
        })
    }

    /// Fetches the `robots.txt` that governs an address, with at most five redirects (RFC 9309, section 2.3.1).
    async fn fetch_robots(&self, url: &Url) -> Verdict {
        const MOST_REDIRECTS: usize = 5;
        let mut url = url.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        for _ in 0..=MOST_REDIRECTS {
            self.check(&url).await?;
            let lane = self.lanes.to(&url);
            let _turn = enter(&lane, &url).await?;
            let end = Instant::now() + self.limits.total;
            let response = self.send(url.clone(), None, end).await?;
            let status = response.status();
            if redirects(status).is_some() {
                url = target(&url, &response)?;
                continue;
            }
            return match status.as_u16() {
                200..=299 => {
                    let most = robots::MOST_BYTES;
                    let bytes = body::read(response, most, Overflow::Cut, &self.limits, end).await?;
                    Ok(Arc::new(Robots::parse(&bytes, PRODUCT)))
                }
                // "Too many requests" says nothing about what may be read, unlike the rest of its class.
                429 | 500.. => Err(self.refused(&lane, &response).into()),
                _ => Ok(Arc::default()),
            };
        }
        Ok(Arc::default())
    }
}

/// The request with what the publisher issued to us, which no log of the client shows.
fn signed(builder: RequestBuilder, secret: &Secret) -> RequestBuilder {
    let (name, value) = match secret {
        Secret::Basic { user, password } => return builder.basic_auth(user, Some(password)),
        Secret::Header { name, value } => (name.as_str(), value),
        Secret::Cookie(value) => (COOKIE.as_str(), value),
    };
    match HeaderValue::from_bytes(value.as_bytes()) {
        Ok(mut value) => {
            value.set_sensitive(true);
            builder.header(name, value)
        }
        // `Credential::new` lets none of these through.
        Err(_unprintable) => builder,
    }
}

/// Waits for the host's turn.
async fn enter(lane: &Lane, url: &Url) -> Result<OwnedMutexGuard<()>, FetchError> {
    lane.enter().await.map_err(|left| FetchError::Resting {
        host: host_of(url),
        left,
    })
}

/// Refuses what cannot hold news before it is read. Whatever calls itself text, or nothing, is let through: feeds come
/// under every name.
fn refuse_binary(content_type: Option<&str>, accept: Accept) -> Result<(), FetchError> {
    let Some(media_type) = content_type.and_then(header::media_type) else {
        return Ok(());
    };
    let binary = match media_type.split_once('/') {
        Some(("image", subtype)) => !subtype.ends_with("+xml"),
        Some(("audio" | "video" | "font", _)) => true,
        // A packed sitemap.
        Some(("application", "gzip")) => accept != Accept::Feed,
        Some(("application", subtype)) => matches!(subtype, "pdf" | "zip" | "msword" | "epub+zip"),
        _ => false,
    };
    if binary {
        Err(FetchError::NotText { media_type })
    } else {
        Ok(())
    }
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
