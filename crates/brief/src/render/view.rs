//! What templates are given: an edition with everything said in its language, and nothing escaped yet.

use std::borrow::Cow;

use reveille_model::{Edition, Entry, EntryKind, Fact, Front, Language, Section, Sponsor, Uri};
use serde::Serialize;

use super::{
    Links, also_in, by, consent, corrected, corrections, date, direction, first_few, headline, label, length,
    marks_line, numbers, one_line, sponsor_name, title,
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
    /// "Times: Europe/Berlin", where entries tell any and `length` does not say it.
    times: Option<String>,
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
    /// Word of an edition that this reader missed.
    missed: Option<String>,
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
    /// "9 newsrooms · first 04:12 · rising".
    reasons: Option<String>,
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
            times: times(edition),
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
            missed: links
                .and_then(|links| links.missed.as_ref())
                .map(|missed| missed.said(words)),
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
            reasons: reasons(entry, edition),
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

/// What readers see of why an entry ranks where it does, in the edition's language. Editions that were stored before facts
/// were have the editors' words only, which are English.
fn reasons(entry: &Entry, edition: &Edition) -> Option<String> {
    let is_english = edition.language == Language::english();
    let words = Words::of(&edition.language);
    let printed = entry.reasons.iter().filter(|reason| !reason.inside);
    let texts: Vec<String> = printed
        .filter_map(|reason| match (&reason.fact, is_english) {
            (Some(fact), false) => Some(said(fact, words)),
            (_, true) => Some(reason.text.clone()),
            (None, false) => None,
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join(" · "))
}

/// By whose clock the reasons tell when something was first reported, where the length does not say it for a calendar.
fn times(edition: &Edition) -> Option<String> {
    let reasons = edition.entries().flat_map(|entry| &entry.reasons);
    let mut facts = reasons.filter_map(|reason| reason.fact.as_ref());
    let tells_first = facts.any(|fact| matches!(fact, Fact::First { .. }));
    length::times(edition).filter(|_| tells_first && !length::has_calendar(edition))
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

fn said(fact: &Fact, words: &Words) -> String {
    let (say, number) = (&words.reasons, |count: &usize| count.to_string());
    match fact {
        Fact::Newsrooms { count: 1 } => say.newsroom.clone(),
        Fact::Newsrooms { count } => fill(&say.newsrooms, &[("count", &number(count))]),
        Fact::Copies { count: 1 } => say.copy.clone(),
        Fact::Copies { count } => fill(&say.copies, &[("count", &number(count))]),
        Fact::First { time, day: None } => fill(&say.first, &[("time", time)]),
        Fact::First { time, day: Some(day) } => fill(
            &say.first_day,
            &[("time", time), ("weekday", words.dates.weekday(day))],
        ),
        Fact::Rising => say.rising.clone(),
    }
}

fn side(direction: &str) -> &'static str {
    if direction == "rtl" { "right" } else { "left" }
}
