//! An outlet under a name of its own, whose pages a test puts up, changes and takes down.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use reveille_testkit::web::{Web, answer};

/// What it answers, by path.
type Pages = BTreeMap<String, (&'static str, String)>;

pub(crate) struct Outlet {
    pub(crate) site: String,
    pages: Arc<Mutex<Pages>>,
}

impl Outlet {
    pub(crate) fn named(name: &str) -> Self {
        let pages: Arc<Mutex<Pages>> = Arc::default();
        let served = Arc::clone(&pages);
        let site = Web::start().site(name, "", move |request, stream| {
            let found = served.lock().unwrap().get(&request.path).cloned();
            match found {
                Some((kind, body)) => answer(
                    stream,
                    "200 OK",
                    &format!("Content-Type: {kind}\r\n"),
                    body.as_bytes(),
                ),
                None => answer(stream, "404 Not Found", "", b""),
            }
        });
        Self { site, pages }
    }

    /// Puts a page up, or another in its place.
    pub(crate) fn put(&self, path: &str, kind: &'static str, body: String) {
        self.pages.lock().unwrap().insert(path.to_owned(), (kind, body));
    }

    /// Takes a page down.
    pub(crate) fn remove(&self, path: &str) {
        self.pages.lock().unwrap().remove(path);
    }

    /// Puts up a report.
    pub(crate) fn report(&self, path: &str, headline: &str, paragraphs: &[&str]) {
        let text: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
        let page = format!("<title>{headline}</title><article><h1>{headline}</h1>{text}</article>");
        self.put(path, "text/html", page);
    }

    /// Puts up the feed, of reports by path, headline and date; its address.
    pub(crate) fn feed(&self, reports: &[(&str, &str, &str)]) -> String {
        let item = |(path, headline, published): &(&str, &str, &str)| {
            format!(
                "<item><title>{headline}</title><link>{}{path}</link><pubDate>{published}</pubDate></item>",
                self.site
            )
        };
        let items: String = reports.iter().map(item).collect();
        let feed = format!("<rss version=\"2.0\"><channel><title>Any</title>{items}</channel></rss>");
        self.put("/feed", "application/rss+xml", feed);
        format!("{}/feed", self.site)
    }
}
