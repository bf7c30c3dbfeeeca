//! An outlet on an address of its own, whose pages a test puts up, changes and takes down.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

/// What it answers, by path.
type Pages = BTreeMap<String, (&'static str, String)>;

/// A small web server on a thread.
pub(crate) struct Outlet {
    pub(crate) site: String,
    pages: Arc<Mutex<Pages>>,
}

impl Outlet {
    pub(crate) fn at(address: &str) -> Self {
        let listener = TcpListener::bind((address, 0)).unwrap();
        let site = format!("http://{}", listener.local_addr().unwrap());
        let pages: Arc<Mutex<Pages>> = Arc::default();
        let served = Arc::clone(&pages);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                // Read to its end: a connection closed on unread bytes is reset, and the answer may be lost with it.
                let request = BufReader::new(&stream).lines().map_while(Result::ok);
                let lines: Vec<String> = request.take_while(|line| !line.is_empty()).collect();
                let path = lines.first().and_then(|line| line.split(' ').nth(1));
                let found = served.lock().unwrap().get(path.unwrap_or_default()).cloned();
                let (status, (kind, body)) = match found {
                    Some(page) => ("200 OK", page),
                    None => ("404 Not Found", ("text/plain", String::new())),
                };
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                );
                let _ = stream.write_all((head + &body).as_bytes());
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
