//! An edition in every form in which it leaves the house.
//!
//! One wording for all of them: headline, credit, one sentence, link, and a number to quote. Gathered text is
//! escaped by each form's own rules; none of it is trusted to be harmless.

mod changes;
mod direction;
mod epub;
mod json;
mod length;
mod linked;
mod markdown;
mod pdf;
mod remarks;
mod templates;
mod text;
mod view;

use std::borrow::Cow;

use reveille_model::{Correction, Day, Edition, Entry, EntryKind, Front, Section, Sponsor};
use serde::Serialize;

use crate::words::{Words, fill};

pub use self::{
    changes::{ChangeLine, changes, changes_heading},
    epub::epub,
    json::{JsonError, from_json, json},
    length::length,
    linked::json_ld,
    markdown::markdown,
    pdf::{Face, Pdf, PdfError, pdf},
    remarks::{Remarks, corrected as correction_line, corrections_heading, remarks},
    templates::{Form, TemplateError, Templates, html_mail, web},
    text::{WIDTH, correction, text, text_mail, withdrawal},
};

/// The mark: a thin line that rises over a horizon. SVG for inline use, in the colour of the text around it.
pub const MARK: &str = "<svg class=\"mark\" viewBox=\"0 0 48 24\" width=\"48\" height=\"24\" fill=\"none\" \
    stroke=\"currentColor\" stroke-width=\"1.5\" stroke-linecap=\"round\" aria-hidden=\"true\">\
    <path d=\"M2 20h44\"/><path d=\"M8 20C18 19 26 14 38 4\"/></svg>";

/// The longest subject, in characters: what a phone and a desktop inbox show, with something to spare.
const SUBJECT_MAX: usize = 110;

/// What the foot of one reader's mail says. Addresses are absolute URLs; a line whose field is empty is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Links {
    /// The edition on the web.
    pub edition: String,
    /// Where this reader leaves the brief by one click (RFC 8058).
    pub unsubscribe: String,
    /// Where this reader changes their zone, or pauses.
    pub settings: String,
    /// The brief's own page: past editions and sign-up, for whoever gets the mail passed on.
    pub brief: String,
    /// Where to tell the editors something: an address of mail, which answers to the mail reach, too.
    pub tips: String,
    /// Who sends it, with a postal address where the law asks for one.
    pub identity: String,
    /// The editions right before that this reader missed, the oldest first.
    pub missed: Vec<Missed>,
    /// Whether entries are linked past the brief's counter, below the edition on the web. The address is the same for every
    /// reader, and the entry's own is said beside it.
    pub counts_clicks: bool,
}

impl Links {
    /// Where to read on of an entry: at its own address, or past the counter.
    fn to(&self, entry: &Entry) -> Option<String> {
        let web = entry.link.web()?;
        Some(match self.counts_clicks {
            true => format!("{}/{}/go", self.edition, entry.number),
            false => web.to_string(),
        })
    }
}

/// An edition that was ready too late for a reader's morning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// Its day.
    pub day: Day,
    /// Where it stands on the web; empty where it does not.
    pub link: String,
}

impl Missed {
    /// "The edition of Monday, 9 March 2026 came too late for your morning."
    fn said(&self, words: &Words) -> String {
        let day = words.dates.long(&self.day);
        fill(&words.mail.missed, &[("date", &day)])
    }
}

/// Masthead and day: what the whole is called.
fn title(edition: &Edition) -> String {
    let day = Words::of(&edition.language).dates.long(&edition.day);
    format!("{}, {day}", edition.name)
}

/// The subject line: masthead, day and first headline, on one line.
#[must_use]
pub fn subject(edition: &Edition) -> String {
    let day = Words::of(&edition.language).dates.short(&edition.day);
    let head = format!("{}, {day}", edition.name);
    let line = match edition.telling().next() {
        Some(first) => format!("{head}: {}", first.headline),
        None => head,
    };
    one_line(&line, SUBJECT_MAX)
}

/// The subject line of the mail by which editors see an edition before its readers do.
#[must_use]
pub fn proof_subject(edition: &Edition) -> String {
    let words = Words::of(&edition.language);
    fill(&words.mail.proof_subject, &[("subject", &subject(edition))])
}

/// The subject line of the mail that tells readers what this edition had wrong.
#[must_use]
pub fn correction_subject(edition: &Edition) -> String {
    let words = Words::of(&edition.language);
    let day = words.dates.short(&edition.day);
    let line = fill(
        &words.mail.correction_subject,
        &[("brief", &edition.name), ("date", &day)],
    );
    one_line(&line, SUBJECT_MAX)
}

/// Why a reader gets the mail.
fn consent(edition: &Edition) -> String {
    let words = Words::of(&edition.language);
    fill(&words.mail.consent, &[("brief", &edition.name)])
}

/// A text on one line without control characters, cut where it is too long: after a word, or, in scripts that
/// write no spaces, anywhere.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let folded = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = folded.char_indices().nth(most) else {
        return folded;
    };
    let head = &folded[..end];
    let end = head.rfind(' ').filter(|&at| at * 2 > end).unwrap_or(end);
    format!(
        "{}…",
        head[..end].trim_end_matches([',', ';', ':', '–', '—', '-', ' '])
    )
}

/// The correction notices of an entry, each without its own "Correction:", which every form prints.
pub fn corrections(entry: &Entry) -> impl Iterator<Item = &str> {
    entry.corrections.iter().map(|notice| {
        let notice = notice.trim();
        let after = notice
            .split_once([':', '—', '–'])
            .filter(|(word, _)| is_correction(word.trim()));
        after.map_or(notice, |(_, rest)| rest.trim_start())
    })
}

/// Whether this is the word that a correction notice opens with, in any language of the catalogue.
fn is_correction(word: &str) -> bool {
    Words::in_all(|words| &words.marks.correction).any(|known| known.to_lowercase() == word.to_lowercase())
}

/// What an earlier edition had wrong: "Tuesday, 10 March 2026, entry 3, “Lake drained”: It was the pond." Where no reader could
/// tell the entry by that number, it is left out.
fn corrected(correction: &Correction, words: &Words) -> String {
    let Correction {
        day,
        number,
        by_headline,
        headline,
        text,
    } = correction;
    fill(
        match by_headline {
            true => &words.edition.corrected_headline,
            false => &words.edition.corrected,
        },
        &[
            ("date", &words.dates.long(day)),
            ("number", &number.to_string()),
            ("headline", headline),
            ("text", text),
        ],
    )
}

/// "Tuesday, 10 March 2026 · No. 214".
fn date(edition: &Edition, words: &Words) -> String {
    let day = words.dates.long(&edition.day);
    match edition.issue {
        Some(issue) => format!(
            "{day} · {}",
            fill(&words.edition.issue, &[("number", &issue.to_string())])
        ),
        None => day,
    }
}

/// The greeting with whoever signs it: "Good morning. — Ann Example".
fn greeting(edition: &Edition) -> Option<String> {
    let Front { greeting, editor, .. } = &edition.front;
    match (greeting, editor) {
        (Some(greeting), Some(editor)) => Some(format!("{greeting} — {editor}")),
        (greeting, editor) => greeting.clone().or_else(|| editor.clone()),
    }
}

/// A full stop comes behind it.
fn sponsor_name(sponsor: &Sponsor) -> &str {
    sponsor.name.trim_end_matches('.')
}

/// What a sponsor says, as such: "Sponsored: Quay Bank. Accounts for skippers."
fn sponsored(sponsor: &Sponsor, words: &Words) -> String {
    format!(
        "{}: {}. {}",
        words.marks.sponsored,
        sponsor_name(sponsor),
        sponsor.text
    )
}

/// "1–5", or "6" for a section of one; nothing where none is printed.
fn numbers(section: &Section) -> Option<String> {
    let mut printed = section.numbered().filter_map(|(number, _)| number);
    let first = printed.next()?;
    Some(match printed.last() {
        Some(last) => format!("{first}–{last}"),
        None => first.to_string(),
    })
}

/// "World 6–9", or the heading alone where no number is printed.
fn in_contents(section: &Section) -> String {
    match numbers(section) {
        Some(numbers) => format!("{} {numbers}", section.name),
        None => section.name.clone(),
    }
}

/// Who else carries the text, three of them by name: "Also in Courier, Herald, Tribune and 4 more".
fn also_in(entry: &Entry, words: &Words) -> Option<String> {
    let (named, more) = first_few(&entry.also_in)?;
    let words = &words.edition;
    let text = if more == 0 {
        &words.also_in
    } else {
        &words.also_in_more
    };
    let (names, count) = (named.join(", "), more.to_string());
    Some(fill(text, &[("names", &names), ("count", &count)]))
}

/// Who else reported the story, three of them by name: "Also reported by Courier, Herald, Tribune and 4 more".
fn also_by(entry: &Entry, words: &Words) -> Option<String> {
    let (named, more) = first_few(&entry.reports)?;
    let names: Vec<&str> = named.iter().map(|report| report.carrier.as_str()).collect();
    let (names, count) = (names.join(", "), more.to_string());
    Some(fill(by(more, words), &[("names", &names), ("count", &count)]))
}

/// In which words so many other newsrooms are named.
fn by(more: usize, words: &Words) -> &str {
    let words = &words.edition;
    if more == 0 {
        &words.also_by
    } else {
        &words.also_by_more
    }
}

/// The first of many, and how many are left.
fn first_few<T>(all: &[T]) -> Option<(&[T], usize)> {
    const NAMED: usize = 3;
    // One more name is no longer than "and 1 more".
    let named = if all.len() <= NAMED + 1 { all.len() } else { NAMED };
    (named > 0).then(|| (&all[..named], all.len() - named))
}

/// The headline of an entry as it is printed: behind the time at which it takes place, where it has one.
#[must_use]
pub fn headline(entry: &Entry) -> Cow<'_, str> {
    match entry.at {
        Some(at) => Cow::Owned(format!("{at} {}", entry.headline)),
        None => Cow::Borrowed(&entry.headline),
    }
}

/// The marks of an entry: what sort of line it is, where it takes place, its own ones, and whose its words are where no
/// person wrote them.
fn marks<'a>(entry: &'a Entry, words: &'a Words) -> impl Iterator<Item = &'a str> {
    let kind = label(entry, words).filter(|kind| !entry.marks.iter().any(|mark| mark == kind));
    let own = entry.place.iter().chain(&entry.marks).map(String::as_str);
    let proposed = entry.proposed.iter().map(|_| words.marks.proposed.as_str());
    kind.into_iter().chain(own).chain(proposed)
}

/// What an entry is labelled wherever its headline stands, in a list of contents, too. What has a time or a place is an
/// appointment without being called one.
fn label<'a>(entry: &Entry, words: &'a Words) -> Option<&'a str> {
    let is_told = entry.at.is_some() || entry.place.is_some();
    kind_label(entry.kind, words).filter(|_| entry.kind != EntryKind::Appointment || !is_told)
}

/// What an entry that is no news is labelled.
pub(crate) fn kind_label(kind: EntryKind, words: &Words) -> Option<&str> {
    let marks = &words.marks;
    match kind {
        EntryKind::News => None,
        EntryKind::Opinion => Some(&marks.opinion),
        EntryKind::Sponsored => Some(&marks.sponsored),
        EntryKind::Appointment => Some(&marks.appointment),
        EntryKind::Note => Some(&marks.note),
    }
}

/// The marks as they stand before a summary: "Opinion, Subscribers only."
fn marks_line(entry: &Entry, words: &Words) -> Option<String> {
    let marks: Vec<&str> = marks(entry, words).collect();
    (!marks.is_empty()).then(|| format!("{}.", marks.join(", ")))
}
