//! Following redirects: where they lead, and when to stop.

use std::time::Duration;

use reqwest::{Response, StatusCode, header::LOCATION};
use reveille_model::CanonicalUrl;
use url::Url;

use crate::{FetchError, Limits, Request, header};

/// Where a fetch has come to.
pub(crate) struct Way {
    pub(crate) url: Url,
    passed: Vec<Url>,
    most: usize,
    permanent: bool,
    /// Time on the network that is left.
    pub(crate) left: Duration,
}

impl Way {
    pub(crate) fn new(request: &Request, limits: &Limits) -> Self {
        Self {
            url: request.url.url().clone(),
            passed: Vec::new(),
            most: limits.redirects,
            permanent: true,
            left: limits.total,
        }
    }

    /// Goes where a redirect points.
    pub(crate) fn turn(&mut self, to: Url, permanent: bool) -> Result<(), FetchError> {
        self.passed.push(std::mem::replace(&mut self.url, to));
        self.permanent &= permanent;
        if self.passed.contains(&self.url) {
            return Err(FetchError::RedirectLoop {
                url: self.url.to_string(),
            });
        }
        if self.passed.len() > self.most {
            return Err(FetchError::TooManyRedirects { limit: self.most });
        }
        Ok(())
    }

    /// The address to ask next time, where the way here was made of permanent redirects only.
    pub(crate) fn moved_from(&self, request: &Request) -> Result<Option<CanonicalUrl>, FetchError> {
        let here = self.canonical()?;
        Ok((self.permanent && here != request.url).then_some(here))
    }

    /// The address at which we are, as the rest of the product writes it.
    pub(crate) fn canonical(&self) -> Result<CanonicalUrl, FetchError> {
        CanonicalUrl::try_from(self.url.clone()).map_err(|_not_web| bad_redirect(self.url.as_str()))
    }
}

/// `Some(permanent)` for the statuses that send a reader elsewhere (RFC 9110, section 15.4).
pub(crate) fn redirects(status: StatusCode) -> Option<bool> {
    match status.as_u16() {
        301 | 308 => Some(true),
        302 | 303 | 307 => Some(false),
        _ => None,
    }
}

/// Where a redirect leads.
pub(crate) fn target(from: &Url, response: &Response) -> Result<Url, FetchError> {
    let location = header::text(response.headers(), LOCATION).unwrap_or_default();
    let target = from.join(&location).ok().filter(|_| !location.is_empty());
    match target {
        Some(mut url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            url.set_fragment(None);
            // A page must not make us sign in anywhere. The setters only fail for URLs without a host.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            Ok(url)
        }
        _ => Err(bad_redirect(&location)),
    }
}

fn bad_redirect(location: &str) -> FetchError {
    FetchError::BadRedirect {
        location: location.chars().take(200).collect(),
    }
}
