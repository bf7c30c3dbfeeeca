//! What is known of each site's `robots.txt`, and for how long.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Mutex as Turn, time::Instant};

use crate::{FetchError, Robots, kept::Kept};

/// How long what is known holds (RFC 9309, section 2.4).
const HOLD: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a site whose file could not be read is left alone before it is asked again. Without this, each of its
/// pages would wait for the same failure anew.
const UNKNOWN_HOLDS: Duration = Duration::from_secs(60);
/// How long a file that cannot be reached closes the site. Then it counts as unavailable, which opens it
/// (section 2.3.1.4: "a reasonably long period of time, for example, 30 days").
const UNREACHABLE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// The rules of so many sites at least are known, those that were asked for last.
const MANY: usize = 4_096;

/// What a site's `robots.txt` says, or why that is not known.
pub(crate) type Verdict = Result<Arc<Robots>, Arc<FetchError>>;

/// What is known of one site's file. The lock is held while the file is fetched, so that it is fetched once.
#[derive(Debug, Default)]
pub(crate) struct Site(Turn<Option<Known>>);

#[derive(Debug, Clone)]
struct Known {
    until: Instant,
    verdict: Verdict,
    /// The last rules that were read, which hold on while the file cannot be reached.
    last: Option<Arc<Robots>>,
    unreachable_since: Option<Instant>,
}

impl Site {
    /// What the file says; `fetch` is called where that is not known or no longer holds.
    pub(crate) async fn ask(&self, fetch: impl Future<Output = Verdict>) -> Verdict {
        let mut known = self.0.lock().await;
        if let Some(known) = &*known
            && Instant::now() < known.until
        {
            return known.verdict.clone();
        }
        let verdict = fetch.await;
        let now = Instant::now();
        let before = known.take();
        let last = verdict.clone().ok().or_else(|| before.as_ref()?.last.clone());
        let unreachable_since = match &verdict {
            Ok(_) => None,
            Err(_) => before.and_then(|known| known.unreachable_since).or(Some(now)),
        };
        let for_long = unreachable_since.is_some_and(|since| now.duration_since(since) >= UNREACHABLE);
        let verdict = match (verdict, &last) {
            (Err(_), Some(last)) => Ok(last.clone()),
            (Err(_), None) if for_long => Ok(Arc::default()),
            (verdict, _) => verdict,
        };
        let holds = if unreachable_since.is_some() {
            UNKNOWN_HOLDS
        } else {
            HOLD
        };
        *known = Some(Known {
            until: now + holds,
            verdict: verdict.clone(),
            last,
            unreachable_since,
        });
        verdict
    }
}

/// The sites whose pages are being read, by scheme, name and port (section 2.3).
#[derive(Debug)]
pub(crate) struct Sites(Kept<Site>);

impl Default for Sites {
    fn default() -> Self {
        Self(Kept::new(MANY))
    }
}

impl Sites {
    pub(crate) fn of(&self, url: &url::Url) -> Arc<Site> {
        let origin = url.origin().ascii_serialization();
        self.0.get(&origin, Site::default, |_| true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(status: u16) -> impl Future<Output = Verdict> {
        std::future::ready(Err(Arc::new(FetchError::Status {
            status,
            retry_after: None,
        })))
    }

    fn says(file: &str) -> impl Future<Output = Verdict> {
        std::future::ready(Ok(Arc::new(Robots::parse(file.as_bytes(), "Reveille"))))
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_is_asked_for_once_a_day() {
        let site = Site::default();
        site.ask(says("")).await.unwrap();
        site.ask(async { panic!("asked twice") }).await.unwrap();
        tokio::time::advance(HOLD).await;
        let closed = site.ask(says("User-agent: *\nDisallow: /")).await.unwrap();
        assert!(!closed.permits("/a"));
    }

    #[tokio::test(start_paused = true)]
    async fn an_unreadable_file_closes_the_site_and_is_tried_again() {
        let site = Site::default();
        let status = |verdict: Verdict| verdict.unwrap_err().status();
        assert_eq!(status(site.ask(fails(503)).await), Some(503));
        assert_eq!(status(site.ask(fails(500)).await), Some(503));
        tokio::time::advance(UNKNOWN_HOLDS).await;
        assert_eq!(status(site.ask(fails(500)).await), Some(500));
        tokio::time::advance(UNREACHABLE).await;
        assert!(site.ask(fails(500)).await.unwrap().permits("/a"));
    }

    #[tokio::test(start_paused = true)]
    async fn known_rules_hold_on_while_the_file_cannot_be_reached() {
        let site = Site::default();
        site.ask(says("User-agent: *\nDisallow: /a")).await.unwrap();
        for _ in 0..3 {
            tokio::time::advance(HOLD).await;
            let kept = site.ask(fails(500)).await.unwrap();
            assert!(kept.permits("/b") && !kept.permits("/a"));
        }
        tokio::time::advance(UNKNOWN_HOLDS).await;
        assert!(site.ask(says("")).await.unwrap().permits("/a"));
    }
}
