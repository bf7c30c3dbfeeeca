//! An edition as the main part of a web page.
//!
//! Semantic HTML with class names and no styles: the page around it brings the stylesheet, and its content
//! security policy allows nothing inline.

use askama::Template;
use reveille_model::{Edition, Entry, Language, Section};

use super::{also_in, corrected, corrections, direction, length, marks, numbers};
use crate::words::{Words, fill};

/// The mark: a thin line that rises over a horizon. SVG for inline use, in the colour of the text around it.
pub const MARK: &str = "<svg class=\"mark\" viewBox=\"0 0 48 24\" width=\"48\" height=\"24\" fill=\"none\" \
    stroke=\"currentColor\" stroke-width=\"1.5\" stroke-linecap=\"round\" aria-hidden=\"true\">\
    <path d=\"M2 20h44\"/><path d=\"M8 20C18 19 26 14 38 4\"/></svg>";

#[derive(Template)]
#[template(path = "web.html")]
struct Web<'a> {
    edition: &'a Edition,
    direction: &'static str,
    length: String,
    words: &'static Words,
}

/// The edition as a `<main>` element. Section ids are `section-1` …, entry ids `entry-1` …, so that "item 14" can
/// be linked.
///
/// Classes: `edition`, `masthead`, `mark`, `day`, `length`, `contents`, `section`, `entries`, `entry`, `number`,
/// `headline`, `marks`, `credit`, `summary`, `correction`, `also`, `reasons`, `link`.
#[must_use]
pub fn web(edition: &Edition) -> String {
    let web = Web {
        edition,
        direction: direction::of_edition(edition),
        length: length::line(edition),
        words: Words::of(&edition.language),
    };
    let mut html = String::new();
    // Writing to a string cannot fail, and no value of the template has a failing `Display`.
    let _ = web.render_into(&mut html);
    html
}

impl Web<'_> {
    fn link_to(&self, entry: &Entry) -> String {
        fill(
            &self.words.edition.link_to,
            &[("number", &entry.number.to_string())],
        )
    }

    /// Reasons are kept in the editors' words, which are English.
    fn tells_reasons(&self) -> bool {
        self.edition.language == Language::english()
    }
}

fn first_number(section: &Section) -> usize {
    section.entries.first().map_or(1, |entry| entry.number)
}

/// "9 newsrooms · first 04:12 · rising".
fn reasons(entry: &Entry) -> String {
    let printed = entry.reasons.iter().filter(|reason| !reason.inside);
    let texts: Vec<&str> = printed.map(|reason| reason.text.as_str()).collect();
    texts.join(" · ")
}
