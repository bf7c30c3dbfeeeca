//! An edition for search engines: JSON-LD in the vocabulary of schema.org.

use reveille_model::{Edition, Entry, EntryKind, Published};
use serde_json::{Value, json};

/// The edition as an article of its own and an `ItemList` of the articles that it tells of, for a
/// `<script type="application/ld+json">` of the page at this absolute address. It can stand there as it is: no text in it
/// ends the element or opens a comment.
#[must_use]
pub fn json_ld(edition: &Edition, url: &str) -> String {
    let items: Vec<Value> = edition
        .entries()
        .zip(1..)
        .map(|(entry, place)| item(entry, place, url))
        .collect();
    let document = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "inLanguage": edition.language.as_str(),
        "headline": super::title(edition),
        "datePublished": edition.compiled.to_string(),
        "dateModified": edition.modified().to_string(),
        "isPartOf": { "@type": "Periodical", "name": edition.name },
        "mainEntity": {
            "@type": "ItemList",
            "itemListOrder": "https://schema.org/ItemListOrderAscending",
            "numberOfItems": items.len(),
            "itemListElement": items,
        },
    });
    in_html(&document.to_string())
}

fn item(entry: &Entry, place: usize, url: &str) -> Value {
    let mut article = json!({
        "@type": kind(entry.kind),
        "headline": entry.headline,
        "publisher": { "@type": "Organization", "name": entry.credit.carrier },
    });
    let published = entry.published.map(|published| match published {
        Published::Instant(at) => at.to_string(),
        Published::Day(day) => day.to_string(),
    });
    let known = [
        ("url", entry.link.web().map(ToString::to_string)),
        (
            "abstract",
            Some(entry.summary.clone()).filter(|summary| !summary.is_empty()),
        ),
        ("sourceOrganization", entry.credit.original.clone()),
        ("inLanguage", entry.language.as_ref().map(ToString::to_string)),
        ("datePublished", published),
    ];
    for (name, value) in known {
        if let Some(value) = value {
            article[name] = Value::String(value);
        }
    }
    if let Some(name) = article.get_mut("sourceOrganization") {
        *name = json!({ "@type": "Organization", "name": name });
    }
    json!({
        "@type": "ListItem",
        "position": place,
        "url": format!("{url}#entry-{}", entry.number),
        "item": article,
    })
}

/// What the vocabulary calls an entry.
const fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::News => "NewsArticle",
        EntryKind::Opinion => "OpinionNewsArticle",
        EntryKind::Sponsored => "AdvertiserContentArticle",
        EntryKind::Appointment | EntryKind::Note => "Article",
    }
}

/// JSON that is the same to a parser of JSON and holds nothing that a parser of HTML looks for (HTML, section 4.12.1.3).
fn in_html(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}
