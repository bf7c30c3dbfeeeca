//! The client's make-up: who it says it is, how it finds hosts, and which way it goes to them.

use reqwest::{Certificate, Client, ClientBuilder, header::HeaderValue};
use url::Url;

use crate::{
    Accept, Options, SetUpError,
    network::Guard,
    resolve::{is_here, resolver},
};

/// The name under which `robots.txt` may address us.
pub(crate) const PRODUCT: &str = "Reveille";

/// The client, and whether it can check certificates: a machine without the usual authorities, such as a slim
/// container, still reads what needs none.
pub(crate) fn client(options: &Options, guard: &Guard) -> Result<(Client, bool), SetUpError> {
    let own = Certificate::from_pem_bundle(&options.authorities).map_err(SetUpError::Authorities)?;
    if own.is_empty() && !options.authorities.is_empty() {
        return Err(SetUpError::NoAuthorities);
    }
    let trusts_own = !own.is_empty();
    match builder(options, guard)?.tls_certs_merge(own.clone()).build() {
        Ok(client) => Ok((client, true)),
        Err(_no_system_authorities) => {
            let client = builder(options, guard)?.tls_certs_only(own).build();
            Ok((client.map_err(SetUpError::Client)?, trusts_own))
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that makes an HTTP client"
)]
fn builder(options: &Options, guard: &Guard) -> Result<ClientBuilder, SetUpError> {
    let contact = options.contact.as_deref().map(|contact| format!(" (+{contact})"));
    let agent = format!(
        "{PRODUCT}/{}{}",
        env!("CARGO_PKG_VERSION"),
        contact.unwrap_or_default()
    );
    let agent = HeaderValue::from_str(&agent)
        .map_err(|_unprintable| SetUpError::Contact(options.contact.clone().unwrap_or_default()))?;
    let builder = Client::builder()
        .user_agent(agent)
        .dns_resolver(resolver(guard, options))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(options.limits.connect)
        // `unpack` does this within our limits.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .pool_max_idle_per_host(1);
    match &options.proxy {
        // The environment must not decide which way the press is read.
        None => Ok(builder.no_proxy()),
        Some(proxy) if proxy.scheme() == "http" && proxy.has_host() => {
            let proxy = proxy.clone();
            let through = move |url: &Url| (!is_here(url)).then(|| proxy.clone());
            Ok(builder.proxy(reqwest::Proxy::custom(through)))
        }
        Some(other) => Err(SetUpError::Proxy(without_password(other))),
    }
}

/// What is asked for, most wanted first.
pub(crate) fn accepts(accept: Accept) -> HeaderValue {
    HeaderValue::from_static(match accept {
        Accept::Feed => {
            "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
             application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
        }
        Accept::Page => "text/html, application/xhtml+xml, */*;q=0.1",
        Accept::Json => "application/json",
    })
}

fn without_password(url: &Url) -> String {
    let mut url = url.clone();
    // Only URLs without a host refuse this, and those hold no password.
    let _ = url.set_password(None);
    url.into()
}
