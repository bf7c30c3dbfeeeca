//! Documents as JSON lines, for comparison with other feed readers and for pipes.
//!
//! A line in is `{"name", "xml_base64"}`, a line out `{"name", "format", "feed", "entries", "faults"}` or
//! `{"name", "error"}`. Records have the members that Python's feedparser has, as far as both say the same; those of
//! wire messages stand beside them.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use crate::{
    Hint, Limits,
    document::{Document, Link, Person, Picture, Record, Tag, Text, Wire},
    read,
};

/// What a line that should name a document is.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It is no JSON.
    #[error("the line is no JSON")]
    Json(#[from] serde_json::Error),
    /// It has no document.
    #[error("the line has no \"xml_base64\"")]
    NoDocument,
    /// The document is no base64.
    #[error("\"xml_base64\" is no base64")]
    Base64(#[from] base64::DecodeError),
}

/// The name and the bytes of a line in.
///
/// # Errors
/// Where the line names no document.
pub fn parse_line(line: &str) -> Result<(String, Vec<u8>), LineError> {
    let line: Value = serde_json::from_str(line)?;
    let name = line["name"].as_str().unwrap_or_default().to_owned();
    let bytes = line["xml_base64"].as_str().ok_or(LineError::NoDocument)?;
    Ok((name, STANDARD.decode(bytes.trim())?))
}

/// The line out for a line in, whatever is wrong with it.
#[must_use]
pub fn answer_line(line: &str) -> Value {
    match parse_line(line) {
        Ok((name, bytes)) => answer(&name, &bytes),
        Err(error) => json!({"name": null, "error": error.to_string()}),
    }
}

/// The line out for a document.
#[must_use]
pub fn answer(name: &str, bytes: &[u8]) -> Value {
    match read(bytes, &Hint::default(), Limits::default()) {
        Ok(document) => {
            let mut answer = json!({"name": name});
            let described = describe(&document);
            if let (Value::Object(answer), Value::Object(described)) = (&mut answer, described) {
                answer.extend(described);
            }
            answer
        }
        Err(error) => json!({"name": name, "error": error.to_string()}),
    }
}

/// What a document says, as one JSON value.
#[must_use]
pub fn describe(document: &Document) -> Value {
    json!({
        "format": document.format.name(),
        "feed": record(&document.feed, true),
        "entries": document.entries.iter().map(|entry| record(entry, false)).collect::<Vec<_>>(),
        "parts": document.parts.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "faults": document.faults,
    })
}

fn record(record: &Record, is_feed: bool) -> Value {
    let mut members = json!({
        "title": record.title.as_ref().map(|text| &text.value),
        (if is_feed { "subtitle" } else { "summary" }): record.summary.as_ref().map(|text| &text.value),
        "link": record.link,
        "id": record.id.as_ref().or(record.link.as_ref().filter(|_| !is_feed)),
        "updated": record.updated.map(|at| at.to_string()),
        "published": record.published.or(record.created).map(|at| at.to_string()),
        "author": record.authors.first().map(|p| p.name.clone().or(p.email.clone())),
        "authors": record.authors.iter().map(person).collect::<Vec<_>>(),
        "contributors": record.contributors.iter().map(person).collect::<Vec<_>>(),
        "rights": record.rights.as_ref().map(|text| &text.value),
        "language": record.language,
        "generator": record.generator.as_ref().map(|g| json!({"name": g.name, "href": g.href, "version": g.version})),
        "icon": record.icon,
        "logo": record.logo,
        "image": record.image.as_ref().map(image),
        "tags": record.tags.iter().map(tag).collect::<Vec<_>>(),
        "links": record.links.iter().map(link).collect::<Vec<_>>(),
        "content": record.contents.iter().map(text).collect::<Vec<_>>(),
        "ttl": record.ttl,
        "update_period": record.update_period,
        "update_frequency": record.update_frequency,
        "comments": record.comments,
        "location": record.location.map(|at| json!([at.latitude, at.longitude])),
        "source": record.source.as_ref().map(|source| json!({"title": source.title, "href": source.href})),
    });
    if let (Some(members), Some(wire)) = (members.as_object_mut(), &record.wire) {
        add_wire(wire, members);
    }
    without_gaps(members)
}

fn add_wire(wire: &Wire, members: &mut Map<String, Value>) {
    let added = json!({
        "version": wire.version,
        "pubstatus": wire.status,
        "signals": wire.signals,
        "action": wire.action().name(),
        "replaces": wire.replaces,
        "urgency": wire.urgency,
        "embargo": wire.embargo.map(|at| at.to_string()),
        "class": wire.class,
        "byline": wire.byline,
        "dateline": wire.dateline,
        "creditline": wire.credit,
        "slugline": wire.slugline,
        "ednote": wire.note,
        "subjects": wire.subjects.iter().map(tag).collect::<Vec<_>>(),
        "is_reference": wire.is_reference.then_some(true),
    });
    if let Value::Object(added) = added {
        members.extend(added);
    }
}

/// A field that a record lacks is left out.
fn without_gaps(mut members: Value) -> Value {
    if let Some(members) = members.as_object_mut() {
        members.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
    }
    members
}

fn person(person: &Person) -> Value {
    without_gaps(json!({"name": person.name, "email": person.email, "href": person.href}))
}

fn text(text: &Text) -> Value {
    without_gaps(json!({"type": text.media.as_str(), "value": text.value, "language": text.language}))
}

fn tag(tag: &Tag) -> Value {
    without_gaps(json!({"term": tag.term, "scheme": tag.scheme, "label": tag.label}))
}

fn image(image: &Picture) -> Value {
    without_gaps(
        json!({"href": image.href, "title": image.title, "link": image.link, "width": image.width,
        "height": image.height, "description": image.description}),
    )
}

fn link(link: &Link) -> Value {
    without_gaps(
        json!({"href": link.href, "rel": link.rel, "type": link.media_type, "title": link.title,
        "length": link.length, "hreflang": link.hreflang}),
    )
}
