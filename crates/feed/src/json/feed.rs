//! JSON Feed 1.0 and 1.1 (jsonfeed.org).

use serde_json::Value;
use url::Url;

use super::{Object, absolute, list, picture, plain_text, surplus, text_of};
use crate::{
    FeedError, Limits,
    date::parse_date,
    document::{Document, Format, Link, Media, Person, Record, Tag, Text},
    markup::normalise,
};

/// Reads a feed.
pub(super) fn read(feed: &Object, base: Option<&Url>, limits: Limits) -> Result<Document, FeedError> {
    let declared = text_of(feed, "version").is_some_and(|version| version.contains("jsonfeed.org"));
    let items = match feed.get("items") {
        Some(Value::Array(items)) => items.as_slice(),
        None if declared => &[],
        _ => return Err(FeedError::OtherJson),
    };
    let is_entry = |item: &Value| item.get("url").is_some() || item.get("id").is_some();
    if !declared && !items.iter().any(is_entry) {
        return Err(FeedError::OtherJson);
    }
    let entries: Vec<Record> = items
        .iter()
        .filter_map(Value::as_object)
        .take(limits.entries)
        .map(|item| entry(item, base))
        .collect();
    let parts = text_of(feed, "next_url").and_then(|url| Url::parse(&absolute(&url, base)).ok());
    Ok(Document {
        format: Format::Json,
        feed: channel(feed, base),
        entries,
        parts: parts.into_iter().collect(),
        is_cut: false,
        faults: surplus(items.len(), limits).into_iter().collect(),
    })
}

fn channel(feed: &Object, base: Option<&Url>) -> Record {
    let link = text_of(feed, "home_page_url").map(|url| absolute(&url, base));
    let mut links: Vec<Link> = link
        .iter()
        .map(|href| Link {
            href: href.clone(),
            ..Link::default()
        })
        .collect();
    let own = text_of(feed, "feed_url").map(|own| ("self", own));
    let hub = super::list(feed, "hubs").find_map(|hub| text_of(hub, "url"));
    for (rel, href) in own.into_iter().chain(hub.map(|hub| ("hub", hub))) {
        links.push(Link {
            href: absolute(&href, base),
            rel: Some(rel.to_owned()),
            ..Link::default()
        });
    }
    Record {
        title: text_of(feed, "title").map(plain_text),
        summary: text_of(feed, "description").map(plain_text),
        link,
        links,
        authors: authors(feed, base),
        language: text_of(feed, "language"),
        icon: text_of(feed, "favicon").map(|url| absolute(&url, base)),
        image: picture(text_of(feed, "icon"), base),
        ..Record::default()
    }
}

fn entry(item: &Object, base: Option<&Url>) -> Record {
    // `external_url` is the page that a link blog's entry is about; the entry's own page is `url`.
    let link = text_of(item, "url")
        .or_else(|| text_of(item, "external_url"))
        .map(|url| absolute(&url, base));
    let mut links: Vec<Link> = link
        .iter()
        .map(|href| Link {
            href: href.clone(),
            ..Link::default()
        })
        .collect();
    if let Some(related) = text_of(item, "external_url").filter(|_| item.contains_key("url")) {
        links.push(Link {
            href: absolute(&related, base),
            rel: Some("related".to_owned()),
            ..Link::default()
        });
    }
    links.extend(list(item, "attachments").filter_map(|file| {
        Some(Link {
            href: absolute(&text_of(file, "url")?, base),
            rel: Some("enclosure".to_owned()),
            media_type: text_of(file, "mime_type"),
            title: text_of(file, "title"),
            length: text_of(file, "size_in_bytes"),
            hreflang: None,
        })
    }));
    let language = text_of(item, "language");
    let html = text_of(item, "content_html").map(|value| Text {
        media: Media::Html,
        language: language.clone(),
        value: normalise(value, base),
    });
    let text = text_of(item, "content_text").map(plain_text);
    Record {
        title: text_of(item, "title").map(plain_text),
        summary: text_of(item, "summary").map(plain_text),
        contents: html.into_iter().chain(text).collect(),
        id: text_of(item, "id"),
        link,
        links,
        published: text_of(item, "date_published").and_then(|date| parse_date(&date)),
        updated: text_of(item, "date_modified").and_then(|date| parse_date(&date)),
        authors: authors(item, base),
        tags: tags(item),
        language,
        image: picture(
            text_of(item, "image").or_else(|| text_of(item, "banner_image")),
            base,
        ),
        ..Record::default()
    }
}

/// `authors` of 1.1, or `author` of 1.0.
fn authors(object: &Object, base: Option<&Url>) -> Vec<Person> {
    let one = object.get("author").and_then(Value::as_object);
    let mut persons: Vec<&Object> = list(object, "authors").collect();
    if persons.is_empty() {
        persons.extend(one);
    }
    let person = |person: &Object| Person {
        name: text_of(person, "name"),
        email: None,
        href: text_of(person, "url").map(|url| absolute(&url, base)),
    };
    persons
        .into_iter()
        .map(person)
        .filter(|person| *person != Person::default())
        .collect()
}

fn tags(item: &Object) -> Vec<Tag> {
    let tags = item
        .get("tags")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    tags.iter()
        .filter_map(Value::as_str)
        .map(|term| Tag {
            term: Some(term.to_owned()),
            ..Tag::default()
        })
        .collect()
}
