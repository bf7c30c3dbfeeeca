//! What templates are given: an edition with everything said in its language, and nothing escaped yet.

use std::borrow::Cow;

use reveille_model::{Edition, Entry, EntryKind, Front, Language, Section, Sponsor, Uri};
use serde::Serialize;

use super::{
    Links, Missed, also_in, by, consent, corrected, corrections, date, direction, first_few, headline, label,
    length, marks_line, numbers, one_line, sponsor_name, title,
};
use crate::words::{Words, fill};

/// What an inbox shows behind the subject, in characters.
const PREHEADER_MAX: usize = 160;

/// A whole edition; what has no value is missing, or `none` in the language of templates.
#[derive(Serialize)]
pub(super) struct View<'a> {
    slug: &'a str,
    /// The masthead.
    name: &'a str,
    language: &'a str,
    /// `2026-03-10`.
    day: String,
    /// "Tuesday, 10 March 2026 · No. 214".
    date: String,
    front: &'a Front,
    sponsor: Option<SponsorView<'a>>,
    /// Masthead and date.
    title: String,
    /// `ltr` or `rtl`: that of most entries.
    direction: &'static str,
    /// The side at which lines begin, since Outlook aligns by attribute only: `left` or `right`.
    side: &'static str,
    /// "23 stories, about 4 minutes"; where a calendar tells times, by whose clock.
    length: String,
    /// What an inbox shows behind the subject.
    preheader: String,
    sections: Vec<SectionView<'a>>,
    /// What earlier editions had wrong, in whole sentences.
    corrections: Vec<String>,
    /// Why a reader gets the mail.
    consent: String,
    /// The catalogue of the edition's language.
    words: &'static Words,
    /// What is one reader's own; nothing on a page.
    links: Option<&'a Links>,
    /// Word of the editions that this reader missed.
    missed: Vec<MissedView<'a>>,
}

#[derive(Serialize)]
struct MissedView<'a> {
    /// "The edition of Monday, 9 March 2026 came too late for your morning."
    said: String,
    /// Where it is to be read; empty where it is not.
    link: &'a str,
}

#[derive(Serialize)]
struct SectionView<'a> {
    name: &'a str,
    /// `standing`, `event`, `sponsored`, `opinion` or `calendar`.
    kind: &'a str,
    /// `continuous`, `own` or `none`.
    numbering: &'a str,
    /// "1–5"; `none` where no number is printed.
    numbers: Option<String>,
    entries: Vec<EntryView<'a>>,
}

#[derive(Serialize)]
struct EntryView<'a> {
    /// By what it is known in addresses: `#entry-3`.
    number: usize,
    /// The number to be printed before it, if any.
    printed: Option<usize>,
    /// `news`, `opinion`, `sponsored`, `appointment` or `note`.
    kind: &'a str,
    /// What it is called where its headline stands alone: "Sponsored".
    label: Option<&'a str>,
    /// Whether somebody paid for it.
    paid: bool,
    /// "14:30".
    at: Option<String>,
    place: Option<&'a str>,
    /// Behind the time at which it takes place, where it has one.
    headline: Cow<'a, str>,
    /// "Carrier · Original".
    credit: String,
    summary: &'a str,
    /// Where to read on, in a mail past the brief's counter if it has one; `none` for a wire message that stands nowhere on
    /// the web.
    link: Option<String>,
    /// Where that leads in the end: to be said with a link that counts.
    target: Option<String>,
    host: Option<String>,
    language: Option<&'a str>,
    direction: &'static str,
    side: &'static str,
    /// Whether it runs against the page around it.
    turned: bool,
    /// "Opinion, Subscribers only."
    marks: Option<String>,
    corrections: Vec<&'a str>,
    /// "Also in Courier, Herald, Tribune and 4 more".
    also_in: Option<String>,
    also_by: Option<AlsoBy<'a>>,
    /// What a screen reader says of the number, which is a link to it.
    link_to: Option<String>,
}

impl<'a> View<'a> {
    pub(super) fn of(edition: &'a Edition, links: Option<&'a Links>) -> Self {
        let words = Words::of(&edition.language);
        let direction = direction::of_edition(edition);
        let section = |section: &'a Section| SectionView {
            name: &section.name,
            kind: section.kind.as_str(),
            numbering: section.numbering.as_str(),
            numbers: numbers(section),
            entries: section
                .numbered()
                .map(|numbered| EntryView::of(numbered, edition, links, direction))
                .collect(),
        };
        let missed = |missed: &'a Missed| MissedView {
            said: missed.said(words),
            link: &missed.link,
        };
        Self {
            slug: edition.slug.as_str(),
            name: &edition.name,
            language: edition.language.as_str(),
            day: edition.day.to_string(),
            date: date(edition, words),
            front: &edition.front,
            sponsor: edition.front.sponsor.as_ref().map(SponsorView::of),
            title: title(edition),
            direction,
            side: side(direction),
            length: length::line(edition),
            preheader: preheader(edition),
            sections: edition.sections.iter().map(section).collect(),
            corrections: edition
                .corrections
                .iter()
                .map(|correction| corrected(correction, words))
                .collect(),
            consent: consent(edition),
            words,
            links,
            missed: links.map_or_else(Vec::new, |links| links.missed.iter().map(missed).collect()),
        }
    }
}

impl<'a> EntryView<'a> {
    fn of(
        (printed, entry): (Option<usize>, &'a Entry),
        edition: &Edition,
        links: Option<&Links>,
        around: &str,
    ) -> Self {
        let words = Words::of(&edition.language);
        let direction = direction::of_entry(entry);
        let web = entry.link.web();
        let target = web.map(ToString::to_string);
        Self {
            number: entry.number,
            printed,
            kind: entry.kind.as_str(),
            label: label(entry, words),
            paid: entry.kind == EntryKind::Sponsored,
            at: entry.at.map(|at| at.to_string()),
            place: entry.place.as_deref(),
            headline: headline(entry),
            credit: entry.credit.to_string(),
            summary: &entry.summary,
            link: links.map_or_else(|| target.clone(), |links| links.to(entry)),
            target,
            host: web.map(|link| link.host().to_owned()),
            language: entry.language.as_ref().map(Language::as_str),
            direction,
            side: side(direction),
            turned: direction != around,
            marks: marks_line(entry, words),
            corrections: corrections(entry).collect(),
            also_in: also_in(entry, words),
            also_by: AlsoBy::of(entry, words),
            link_to: printed.map(|printed| link_to(printed, entry, edition)),
        }
    }
}

#[derive(Serialize)]
struct SponsorView<'a> {
    name: &'a str,
    text: &'a str,
    link: Option<String>,
}

impl<'a> SponsorView<'a> {
    fn of(sponsor: &'a Sponsor) -> Self {
        let link = sponsor.link.as_ref().and_then(Uri::web);
        Self {
            name: sponsor_name(sponsor),
            text: &sponsor.text,
            link: link.map(ToString::to_string),
        }
    }
}

/// "Also reported by Courier, Herald, Tribune and 4 more", with a link from each name.
#[derive(Serialize)]
struct AlsoBy<'a> {
    before: String,
    reports: Vec<ReportView<'a>>,
    after: String,
}

#[derive(Serialize)]
struct ReportView<'a> {
    carrier: &'a str,
    link: Option<String>,
}

impl<'a> AlsoBy<'a> {
    fn of(entry: &'a Entry, words: &Words) -> Option<Self> {
        let (named, more) = first_few(&entry.reports)?;
        let text = fill(by(more, words), &[("count", &more.to_string())]);
        let (before, after) = text.split_once("{names}").unwrap_or((&text, ""));
        let reports = named.iter().map(|report| ReportView {
            carrier: &report.carrier,
            link: report.link.web().map(ToString::to_string),
        });
        Some(Self {
            before: before.to_owned(),
            reports: reports.collect(),
            after: after.to_owned(),
        })
    }
}

/// The headlines after the first, which the subject has already; of a lone entry its summary.
fn preheader(edition: &Edition) -> String {
    let headlines = edition.telling().map(|entry| entry.headline.as_str());
    let others: Vec<&str> = headlines.skip(1).take(4).collect();
    let words = match (others.as_slice(), edition.telling().next()) {
        ([], Some(only)) => only.summary.clone(),
        (others, _) => others.join(" · "),
    };
    one_line(&words, PREHEADER_MAX)
}

/// "Link to item 3"; with the headline, where other entries have that number, too.
fn link_to(printed: usize, entry: &Entry, edition: &Edition) -> String {
    let words = &Words::of(&edition.language).edition;
    let text = match edition.is_quotable(entry.number) {
        true => &words.link_to,
        false => &words.link_to_headline,
    };
    let number = printed.to_string();
    fill(text, &[("number", &number), ("headline", &entry.headline)])
}

fn side(direction: &str) -> &'static str {
    if direction == "rtl" { "right" } else { "left" }
}
