//! What a person may mean by the address of a source.

use reveille_model::{CanonicalUrl, Uri, UrlError};
use url::{Host, Url};

use super::local::local;

/// The addresses on the web that a text may mean, likeliest first: `example.org` will do, and `feed:` is what browsers once
/// handed to feed readers. Where nothing says how a site is asked, HTTPS comes first; plain HTTP is thought of where it was
/// all that `feed:` knew, and for what has a port of its own or is on this machine.
///
/// # Errors
/// Where it is no address on the web.
pub(super) fn on_the_web(text: &str) -> Result<Vec<CanonicalUrl>, UrlError> {
    let text = text.trim();
    let (rest, is_feed) = match text.strip_prefix("feed:") {
        Some(rest) => (rest.strip_prefix("//").unwrap_or(rest), true),
        None => (text, false),
    };
    if rest.contains("://") {
        return Ok(vec![rest.parse()?]);
    }
    let encrypted: CanonicalUrl = format!("https://{rest}").parse()?;
    let may_be_plain = is_feed || encrypted.url().port().is_some() || is_here(&encrypted);
    let plain = may_be_plain
        .then(|| format!("http://{rest}").parse())
        .transpose()?;
    Ok([Some(encrypted), plain].into_iter().flatten().collect())
}

fn is_here(url: &CanonicalUrl) -> bool {
    match url.url().host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The addresses and names under which a source may be listed that is called so.
pub(super) fn listed(place: &str) -> Vec<Uri> {
    match local(place) {
        Ok(Some(found)) => vec![found.url],
        // What is gone from its path is still listed under it.
        Err(_) => Url::from_file_path(place).map(Uri::Other).into_iter().collect(),
        Ok(None) => {
            let named = place.parse().ok();
            let meant = on_the_web(place).unwrap_or_default();
            named
                .into_iter()
                .chain(meant.into_iter().map(Uri::from))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_an_address() {
        for (typed, meant) in [
            ("example.org", &["https://example.org/"][..]),
            ("http://example.org/feed", &["http://example.org/feed"]),
            (
                "example.org:8443/feed",
                &["https://example.org:8443/feed", "http://example.org:8443/feed"],
            ),
            (
                "localhost/feed",
                &["https://localhost/feed", "http://localhost/feed"],
            ),
            ("[::1]/feed", &["https://[::1]/feed", "http://[::1]/feed"]),
            (
                "feed://example.org/rss",
                &["https://example.org/rss", "http://example.org/rss"],
            ),
            ("feed:http://example.org/rss", &["http://example.org/rss"]),
            ("feed:https://example.org/rss", &["https://example.org/rss"]),
        ] {
            let read = on_the_web(typed).unwrap();
            let read: Vec<_> = read.iter().map(|url| url.url().as_str()).collect();
            assert_eq!(read, meant, "{typed}");
        }
        for wrong in ["", "feed:", "ftp://example.org/feed", "two words"] {
            assert!(on_the_web(wrong).is_err(), "{wrong}");
        }
    }
}
