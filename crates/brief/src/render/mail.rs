//! An edition as HTML mail.
//!
//! Mail clients are the oldest browsers in use: tables for layout, styles inline, a `<style>` only for dark
//! colours and small screens, no images, no script. The whole stays under 102 KB, where Gmail clips a message.

use askama::Template;
use reveille_model::{Edition, Entry};

use super::{Links, Missed, also_in, corrected, corrections, direction, length, marks, numbers, one_line};
use crate::words::{Words, fill};

/// What an inbox shows behind the subject, in characters.
const PREHEADER_MAX: usize = 160;

#[derive(Template)]
#[template(path = "mail.html")]
struct Mail<'a> {
    edition: &'a Edition,
    links: &'a Links,
    direction: &'static str,
    preheader: String,
    length: String,
    words: &'static Words,
}

/// The edition as a complete HTML document for one reader's mail.
#[must_use]
pub fn html_mail(edition: &Edition, links: &Links) -> String {
    let mail = Mail {
        edition,
        links,
        direction: direction::of_edition(edition),
        preheader: preheader(edition),
        length: length::line(edition),
        words: Words::of(&edition.language),
    };
    let mut html = String::new();
    // Writing to a string cannot fail, and no value of the template has a failing `Display`.
    let _ = mail.render_into(&mut html);
    html
}

/// The headlines after the first, which the subject has already; of a lone entry its summary.
fn preheader(edition: &Edition) -> String {
    let headlines = edition.entries().map(|entry| entry.headline.as_str());
    let others: Vec<&str> = headlines.skip(1).take(4).collect();
    let words = match (others.as_slice(), edition.entries().next()) {
        ([], Some(only)) => only.summary.clone(),
        (others, _) => others.join(" · "),
    };
    one_line(&words, PREHEADER_MAX)
}

impl Mail<'_> {
    /// Word of an edition that came too late.
    fn missed(&self, missed: &Missed) -> String {
        let day = self.words.dates.long(&missed.day);
        fill(&self.words.mail.missed, &[("date", &day)])
    }

    /// Whether an entry runs against the page around it.
    fn is_turned(&self, entry: &Entry) -> bool {
        direction::of_entry(entry) != self.direction
    }

    fn turned(&self) -> &'static str {
        if self.direction == "rtl" { "ltr" } else { "rtl" }
    }
}

/// Outlook aligns by attribute only.
fn side(direction: &str) -> &'static str {
    if direction == "rtl" { "right" } else { "left" }
}
