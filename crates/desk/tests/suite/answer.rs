//! What the site answers, which can be asked.

use axum::http::{HeaderMap, StatusCode};
use scraper::{Html, Selector};

/// A response.
pub(crate) struct Answer {
    /// Which database it came from, for messages.
    pub(crate) of: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) html: Html,
}

impl Answer {
    /// Fails unless the status is this; the message shows the page.
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.of, self.text);
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The texts of all elements that match, white space folded.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html
            .select(&selector)
            .map(|element| {
                let text: String = element.text().collect();
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    /// The text of the only element that matches.
    pub(crate) fn one(&self, selector: &str) -> String {
        let mut texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "{}: {selector} in {}", self.of, self.text);
        texts.remove(0)
    }

    /// An attribute of every element that matches.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html
            .select(&selector)
            .map(|element| element.attr(name).unwrap_or_default().to_owned())
            .collect()
    }

    pub(crate) fn has(&self, selector: &str) -> bool {
        self.html
            .select(&Selector::parse(selector).unwrap())
            .next()
            .is_some()
    }
}
