//! When the article was published and changed, by the strongest witness on the page.

use jiff::civil::Date;

use crate::{
    body::vocabulary::Marks,
    date::{self, Order, Stamp},
    meta::{
        Facts,
        place::{headline, stands_on_card, stands_outside},
    },
    parse::{Document, Tag},
    survey::{MOST, Survey, is_silent},
    text,
};

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "datepublished",
    "article.published",
    "article:published",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "dc.date.created",
    "parsely-pub-date",
    "sailthru.date",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "published_time",
    "publication_date",
    "publication-date",
    "date",
    "article_date_original",
    "originalpublicationdate",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "bt:pubdate",
    "rnews:datepublished",
    "citation_publication_date",
    "citation_online_date",
    "created",
    "date_published",
    "last-modified-date",
    "displaydate",
    "og:article:published_time",
    "release_date",
    "article:create",
    "ptime",
    "weibo: article:create_at",
    "shareaholic:article_published_time",
    "timestamp",
    "article.created",
    "firstpublished",
];

const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "article.updated",
    "modified",
    "revision_date",
    "updated_time",
    "article:modified",
];

/// Day order of numeric dates, by the page's language.
fn order(facts: &Facts<'_>, host: &str) -> Order {
    let american = host.ends_with(".com") || host.ends_with(".us") || host.ends_with(".gov");
    let english = facts
        .declared_language()
        .is_none_or(|language| language.as_str() == "en");
    if american && english {
        Order::MonthFirst
    } else {
        Order::DayFirst
    }
}

/// Published and modified.
pub(crate) fn find(
    page: &Document<'_>,
    survey: &Survey,
    facts: &Facts<'_>,
    host: &str,
    path: &str,
) -> (Option<Stamp>, Option<Stamp>) {
    let order = order(facts, host);
    let read = |text: &str| {
        let (stamp, other) = (date::parse(text, order)?, date::parse(text, order.other())?);
        if stamp == other {
            return Some(stamp);
        }
        let evidence = certain(page, survey, facts, path);
        Some(settle(stamp, other, &evidence))
    };
    let meta = |names: &[&str]| names.iter().find_map(|name| facts.all(name).find_map(read));
    let published = || {
        read(&facts.jsonld.published)
            .or_else(|| meta(PUBLISHED))
            .or_else(|| microdata(page, survey, "datePublished", order))
            .or_else(|| times(page, survey, order))
            .or_else(|| printed(page, survey, order))
            .or_else(|| in_path(path))
    };
    let modified = || {
        read(&facts.jsonld.modified)
            .or_else(|| meta(MODIFIED))
            .or_else(|| microdata(page, survey, "dateModified", order))
    };
    (published().or_else(modified), modified())
}

/// The days on the page that no order of day and month makes uncertain.
fn certain(page: &Document<'_>, survey: &Survey, facts: &Facts<'_>, path: &str) -> Vec<Date> {
    let metas = PUBLISHED.iter().chain(MODIFIED).flat_map(|name| facts.all(name));
    let stated = [facts.jsonld.published.as_str(), &facts.jsonld.modified]
        .into_iter()
        .chain(metas)
        .filter_map(|text| {
            let stamp = date::parse(text, Order::DayFirst)?;
            (date::parse(text, Order::MonthFirst)? == stamp).then_some(stamp)
        });
    let shown = printed(page, survey, Order::DayFirst)
        .filter(|stamp| printed(page, survey, Order::MonthFirst) == Some(*stamp));
    stated
        .chain(shown)
        .chain(in_path(path))
        .map(|stamp| stamp.date)
        .collect()
}

/// The reading of "03/09/2026" that other dates on the page bear out.
fn settle(stamp: Stamp, other: Stamp, certain: &[Date]) -> Stamp {
    let borne_out = |stamp: Stamp| certain.contains(&stamp.date);
    let last = certain.iter().max();
    // Nothing is published after it was changed.
    let too_late = last.is_some_and(|last| stamp.date > *last && other.date <= *last);
    if !borne_out(stamp) && (borne_out(other) || too_late) {
        other
    } else {
        stamp
    }
}

fn microdata(page: &Document<'_>, survey: &Survey, name: &str, order: Order) -> Option<Stamp> {
    survey
        .properties
        .iter()
        .filter(|(at, property)| property == name && !stands_outside(page, survey, *at as usize))
        .find_map(|(at, _)| stated(page, *at as usize, order))
}

/// The date of an element by its attributes or its text.
fn stated(page: &Document<'_>, at: usize, order: Order) -> Option<Stamp> {
    ["datetime", "content", "data-datetime", "title"]
        .iter()
        .find_map(|name| {
            page.attribute(at, name)
                .and_then(|value| date::parse(&value, order))
        })
        .or_else(|| date::parse(&page.text(at), order))
}

/// `time` elements of the article: one that is called the day of publication, else the nearest to the headline.
fn times(page: &Document<'_>, survey: &Survey, order: Order) -> Option<Stamp> {
    let headline = headline(survey).unwrap_or(0);
    let mut places: Vec<(bool, usize, usize)> = survey
        .times
        .iter()
        .map(|at| *at as usize)
        .filter(|at| !stands_outside(page, survey, *at) && !stands_on_card(page, survey, *at))
        .map(|at| (!is_called_published(page, at), headline.abs_diff(at), at))
        .collect();
    places.sort_unstable();
    places.into_iter().find_map(|(_, _, at)| stated(page, at, order))
}

fn is_called_published(page: &Document<'_>, at: usize) -> bool {
    page.attributes(at).any(|attribute| {
        attribute.is("pubdate")
            || (attribute.is("class")
                && (attribute.raw().contains("publish") || attribute.raw().contains("entry-date")))
    })
}

/// A date printed near the headline: in an element that is called a date, else on a short line of its own.
fn printed(page: &Document<'_>, survey: &Survey, order: Order) -> Option<Stamp> {
    let called = |at: usize| {
        survey.marks(at).any(Marks::META.with(Marks::AUTHOR))
            && survey.amount(page.subtree(at)).text < 200
            && !stands_outside(page, survey, at)
    };
    let headline = headline(survey).unwrap_or(0);
    let places = || (headline..page.nodes().len()).chain(0..headline);
    places()
        .filter(|at| called(*at))
        .take(40)
        .find_map(|at| stated(page, at, order))
        .or_else(|| {
            let mut lines = places().filter_map(|at| dated_line(page, at)).take(MOST);
            lines.find_map(|line| date::parse(&line, order))
        })
}

/// A run of text that is short and may be a date: it holds a year or a date in numbers.
fn dated_line(page: &Document<'_>, at: usize) -> Option<String> {
    if page.node(at).tag != Tag::Text {
        return None;
    }
    let raw = page.raw_text(at).trim_ascii().trim();
    let digits = || raw.bytes().filter(u8::is_ascii_digit).count();
    if !(5..=90).contains(&raw.len()) || !(3..=16).contains(&digits()) {
        return None;
    }
    let future_or_notice =
        raw.contains(['©', '$', '€', '£', '%']) || raw.to_ascii_lowercase().contains("copyright");
    let inside_data = page
        .ancestors(at)
        .take(3)
        .any(|node| is_silent(page.node(node).tag));
    (!future_or_notice && !inside_data).then(|| text::folded(raw))
}

/// `/2026/03/10/` or `2026-03-10` in the page's address.
fn in_path(path: &str) -> Option<Stamp> {
    let spaced: String = path
        .chars()
        .map(|c| if c.is_ascii_digit() { c } else { '-' })
        .collect();
    let parts: Vec<&str> = spaced.split('-').filter(|part| !part.is_empty()).collect();
    parts.windows(3).find_map(|window| {
        let shaped = window[0].len() == 4 && window[1].len() <= 2 && window[2].len() <= 2;
        shaped.then(|| date::parse(&window.join("-"), Order::DayFirst))?
    })
}
