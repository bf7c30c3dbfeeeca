//! A wire message as an article: its text is the message's own, there is no page to read.

use reveille_extract::{NOWHERE, escape_html, extract, extract_text};
use reveille_feed::{Action, Entry, Wire};
use reveille_model::{
    Article, ArticleState, CanonicalUrl, Evidence, EvidenceMark, Image, Origin, OriginClass, Published,
    Revision, Topics, Uri,
};
use reveille_store::articles::WireVersion;

/// A message, ready to be stored.
pub(super) struct Message {
    /// Its own name.
    pub(super) name: Uri,
    /// That of the message which it changes or withdraws under a name of its own.
    pub(super) replaces: Option<Uri>,
    pub(super) article: Article,
    pub(super) version: WireVersion,
}

/// Classes of items that bring a report; formats that know no classes name none.
const REPORTS: [&str; 3] = ["text", "composite", "news"];

/// What a message says; `None` where it is none, or only names another one, or brings no report: a picture, a video, a
/// list of codes. A message that withdraws or withholds needs no text.
pub(super) fn read(entry: &Entry, house: &str) -> Option<Message> {
    let wire = entry.wire.as_deref()?;
    let state = state(wire);
    if wire.is_reference || entry.id.is_empty() {
        return None;
    }
    let agency = entry.source.as_ref().map(|source| source.title.trim());
    let agency = agency.filter(|name| !name.is_empty()).unwrap_or(house);
    let article = article(entry, wire, agency);
    let class = wire.class.as_deref();
    let is_report = class.is_none_or(|class| REPORTS.contains(&class)) && !article.body.is_empty();
    if !is_report && state.may_be_printed() {
        return None;
    }
    Some(Message {
        name: Uri::of_message(&entry.id, agency),
        replaces: wire.replaces.as_deref().map(|id| Uri::of_message(id, agency)),
        article,
        version: WireVersion {
            revision: Revision {
                number: wire.version,
                at: entry.updated.or(entry.published),
            },
            state,
            note: wire.note.clone().filter(|_| !state.may_be_printed()),
            not_before: wire.embargo,
        },
    })
}

fn state(wire: &Wire) -> ArticleState {
    match wire.action() {
        Action::Kill => ArticleState::Withdrawn,
        Action::Withhold => ArticleState::Withheld,
        // Nobody can know when an embargo without an hour ends.
        _ if wire.status.as_deref() == Some("embargoed") && wire.embargo.is_none() => ArticleState::Withheld,
        Action::New | Action::Update | Action::Correction => ArticleState::Standing,
    }
}

fn article(entry: &Entry, wire: &Wire, agency: &str) -> Article {
    let read = body(entry);
    let mut origins = read.origins;
    origins.retain(|origin| origin.name != agency);
    let own = Origin {
        name: agency.to_owned(),
        class: OriginClass::Original,
        url: entry.url.clone(),
        evidence: vec![Evidence {
            mark: EvidenceMark::FeedSource,
            text: wire.credit.clone().unwrap_or_else(|| agency.to_owned()),
        }],
    };
    origins.insert(0, own);
    let slug = wire.slugline.clone().unwrap_or_else(|| entry.id.clone());
    Article {
        title: if entry.title.is_empty() {
            slug
        } else {
            entry.title.clone()
        },
        authors: authors(entry, agency),
        published: entry.published.or(entry.updated).map(Published::Instant),
        modified: entry.updated.map(Published::Instant),
        language: entry.language.clone().or(read.language),
        carrier: Some(agency.to_owned()),
        origins,
        canonical_url: entry.url.clone(),
        image: entry.image.clone().map(|url| Image { url }),
        topics: Topics::of(&entry.categories),
        ..read
    }
}

/// The people of the byline.
fn authors(entry: &Entry, agency: &str) -> Vec<String> {
    let named = entry.authors.iter().map(|name| name.trim());
    let people = named.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(agency));
    people.map(str::to_owned).collect()
}

/// The text, its dateline taken off. What a wire sends is all text; where it looks too little like a page for the
/// extraction, it is read as a clip.
fn body(entry: &Entry) -> Article {
    let html = entry.content_html.as_deref().unwrap_or_default();
    let Ok(nowhere) = NOWHERE.parse::<CanonicalUrl>() else {
        return extract_text(html).article;
    };
    let title = escape_html(&entry.title);
    let paragraphs = paragraphs(html);
    let page = format!("<title>{title}</title><body><article><h1>{title}</h1>{paragraphs}</article></body>");
    let found = extract(page.as_bytes(), &nowhere, Some("utf-8")).article;
    if !found.body.is_empty() {
        return found;
    }
    extract_text(&format!("{}\n\n{}", entry.title, entry.summary)).article
}

/// Plain text as paragraphs: parted by empty lines, or by line ends where there are no empty lines.
fn paragraphs(html: &str) -> String {
    if html.contains('<') {
        return html.to_owned();
    }
    let text = html.replace("\r\n", "\n");
    let parted = if text.contains("\n\n") { "\n\n" } else { "\n" };
    let parts = text.split(parted).filter(|part| !part.trim().is_empty());
    parts.map(|part| format!("<p>{part}</p>")).collect()
}
