//! Spares the house a page that it made just now, and a visitor the page that they have already (RFC 9110, section 13.1.2).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use aws_lc_rs::digest;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use reveille_model::hex;

/// Pages that are kept at most, and the largest of them, in bytes: 64 MB.
const MOST: usize = 256;
const LARGEST: usize = 256 << 10;

/// A text of a page that is another one each time and yet says nothing new, such as the stamp of a form. A page that holds one
/// is told from others without it, by a weak tag.
#[derive(Debug, Clone)]
pub(crate) struct Passing(pub(crate) String);

/// A page that is the same for everybody.
#[derive(Debug)]
struct Page {
    headers: HeaderMap,
    body: Bytes,
    tag: String,
}

/// Those that were made just now, by address.
#[derive(Debug)]
pub(crate) struct Pages {
    kept_for: Duration,
    pages: Mutex<HashMap<String, (Instant, Arc<Page>)>>,
}

impl Pages {
    pub(crate) fn new(kept_for: Duration) -> Self {
        let pages = Mutex::default();
        Self { kept_for, pages }
    }

    fn find(&self, address: &str) -> Option<Arc<Page>> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let (made, page) = pages.get(address)?;
        (made.elapsed() < self.kept_for).then(|| Arc::clone(page))
    }

    fn keep(&self, address: String, page: &Arc<Page>) {
        if self.kept_for.is_zero() || page.body.len() > LARGEST || page.headers.contains_key(header::VARY) {
            return;
        }
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= MOST {
            pages.retain(|_, (made, _)| made.elapsed() < self.kept_for);
        }
        if pages.len() < MOST {
            pages.insert(address, (Instant::now(), Arc::clone(page)));
        }
    }
}

/// Gives every page that caches may keep a tag that changes with its content, and answers whoever has that content that
/// nothing changed.
pub(crate) async fn answer(State(pages): State<Arc<Pages>>, request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let held = request.headers().get(header::IF_NONE_MATCH).cloned();
    let address = request.uri().to_string();
    if let Some(page) = pages.find(&address) {
        return page.answer(held.as_ref());
    }
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || !may_be_kept(response.headers()) {
        return response;
    }
    let Some(page) = Page::of(response).await.map(Arc::new) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    pages.keep(address, &page);
    page.answer(held.as_ref())
}

impl Page {
    /// Pages are made in memory here, so reading one again cannot fail.
    async fn of(response: Response) -> Option<Self> {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.ok()?;
        let tag = |content: &[u8]| {
            let digest = digest::digest(&digest::SHA256, content);
            format!("\"{}\"", hex(&digest.as_ref()[..12]))
        };
        let tag = match parts.extensions.get::<Passing>() {
            Some(Passing(text)) => {
                let lasting = String::from_utf8_lossy(&body).replace(text, "");
                format!("W/{}", tag(lasting.as_bytes()))
            }
            None => tag(&body),
        };
        let mut headers = parts.headers;
        headers.insert(header::ETAG, HeaderValue::from_str(&tag).ok()?);
        Some(Self { headers, body, tag })
    }

    fn answer(&self, held: Option<&HeaderValue>) -> Response {
        let known = held.is_some_and(|held| holds(held, &self.tag));
        let (status, body) = match known {
            true => (StatusCode::NOT_MODIFIED, Body::empty()),
            false => (StatusCode::OK, Body::from(self.body.clone())),
        };
        let mut response = (status, body).into_response();
        *response.headers_mut() = self.headers.clone();
        if known {
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        response
    }
}

fn may_be_kept(headers: &HeaderMap) -> bool {
    let how = headers.get(header::CACHE_CONTROL);
    how.is_some_and(|how| how.as_bytes().starts_with(b"public"))
}

/// Whether a list of tags names this one, or any. They are compared weakly (RFC 9110, section 8.8.3.2): caches that packed a
/// page mark its tag as weak.
fn holds(held: &HeaderValue, tag: &str) -> bool {
    let Ok(held) = held.to_str() else { return false };
    let tag = tag.trim_start_matches("W/");
    held.split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list_weak_or_not() {
        for tag in ["\"a1\"", "W/\"a1\""] {
            let holds = |held: &str| holds(&held.parse().unwrap(), tag);
            for held in ["\"a1\"", "W/\"a1\"", "\"b2\", W/\"a1\"", "*"] {
                assert!(holds(held), "{held}");
            }
            for other in ["", "\"a\"", "a1", "\"a1b\""] {
                assert!(!holds(other), "{other}");
            }
        }
    }

    #[test]
    fn a_page_is_handed_out_again_for_as_long_as_it_is_kept() {
        let page = || {
            Arc::new(Page {
                headers: HeaderMap::new(),
                body: Bytes::from_static(b"a"),
                tag: String::new(),
            })
        };
        let kept = Pages::new(Duration::from_secs(600));
        kept.keep("/a".to_owned(), &page());
        assert!(kept.find("/a").is_some() && kept.find("/b").is_none());
        let mut varied = HeaderMap::new();
        varied.insert(header::VARY, HeaderValue::from_static("accept-language"));
        let varied = Page {
            headers: varied,
            body: Bytes::new(),
            tag: String::new(),
        };
        kept.keep("/b".to_owned(), &Arc::new(varied));
        assert!(kept.find("/b").is_none(), "it is not the same for everybody");
        for number in 0..2 * MOST {
            kept.keep(format!("/{number}"), &page());
        }
        assert_eq!(kept.pages.lock().unwrap().len(), MOST);
        let none = Pages::new(Duration::ZERO);
        none.keep("/a".to_owned(), &page());
        assert!(none.find("/a").is_none());
    }
}
