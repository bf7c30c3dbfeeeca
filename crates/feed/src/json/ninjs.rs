//! ninjs 1 to 3 (iptc.org): one message of a news agency, or an array of them.
//!
//! Its versions differ in spelling: `versioncreated` and `versionCreated`, `headline` and `headlines`, `body_text`
//! and `bodies`. All are read in any message.

use serde_json::Value;
use url::Url;

use super::{Object, absolute, plain_text, surplus, value_text};
use crate::{
    Limits,
    date::parse_date,
    document::{Document, Format, Link, Media, Person, Picture, Record, Tag, Text},
    markup::{looks_like_html, normalise, plain},
    wire::{Wire, bare_code, split_code},
};

/// Whether this is a message: `uri` is the one member that must be there, and is too common a name to be enough.
pub(super) fn is_message(value: &Value) -> bool {
    let Some(object) = value.as_object() else {
        return false;
    };
    object.get("uri").is_some_and(Value::is_string)
        && [
            "versioncreated",
            "pubstatus",
            "type",
            "headline",
            "headlines",
            "descriptions",
        ]
        .iter()
        .any(|name| member(object, name).is_some())
}

/// The messages of a document; none if it is something else.
pub(super) fn messages(value: &Value) -> Vec<&Object> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        Value::Object(object) if !is_message(value) => items(object, "items"),
        message => std::slice::from_ref(message),
    };
    let messages = list.iter().filter(|value| is_message(value));
    messages.filter_map(Value::as_object).collect()
}

pub(super) fn read(messages: &[&Object], base: Option<&Url>, limits: Limits) -> Document {
    Document {
        format: Format::Ninjs,
        feed: Record::default(),
        entries: messages
            .iter()
            .take(limits.entries)
            .map(|message| record(message, base))
            .collect(),
        parts: Vec::new(),
        is_cut: false,
        faults: surplus(messages.len(), limits).into_iter().collect(),
    }
}

fn record(message: &Object, base: Option<&Url>) -> Record {
    let mut links = Vec::new();
    let mut image = None;
    files(message, base, &mut links, &mut image);
    for association in values(member(message, "associations")).filter_map(Value::as_object) {
        files(association, base, &mut links, &mut image);
    }
    let subjects: Vec<Tag> = items(message, "subjects")
        .iter()
        .chain(items(message, "subject"))
        .filter_map(Value::as_object)
        .map(subject)
        .collect();
    let date = |name: &str| text(message, name).and_then(|text| parse_date(&text));
    let people = |name: &str| -> Vec<Person> {
        let named = items(message, name).iter().filter_map(Value::as_object);
        named
            .map(|person| Person {
                name: text(person, "name"),
                ..Person::default()
            })
            .collect()
    };
    let mut authors = people("creators");
    let mut wire = wire(message);
    wire.settle_byline(&mut authors);
    wire.subjects = subjects
        .iter()
        .filter(|tag| tag.term.is_some())
        .cloned()
        .collect();
    wire.embargo = date("embargoed");
    Record {
        title: roled(message, "headline", &["main"])
            .or_else(|| text(message, "title"))
            .map(plain_text),
        summary: roled(
            message,
            "description",
            &["main", "summary", "text", "caption", "xhtml"],
        )
        .map(|text| plain_text(plain(&text))),
        contents: bodies(message, base),
        id: text(message, "uri"),
        links,
        published: date("firstcreated"),
        updated: date("versioncreated"),
        created: date("contentcreated"),
        authors,
        contributors: people("infosources"),
        rights: text(message, "copyrightnotice").map(plain_text),
        tags: subjects.into_iter().filter(|tag| tag.label.is_some()).collect(),
        language: text(message, "language"),
        image,
        wire: Some(Box::new(wire)),
        ..Record::default()
    }
}

fn wire(message: &Object) -> Wire {
    let number = |name: &str| text(message, name).and_then(|text| text.parse().ok());
    let signals = ["signal", "signals"]
        .iter()
        .flat_map(|name| match member(message, name) {
            Some(Value::Array(list)) => list.as_slice(),
            Some(single) => std::slice::from_ref(single),
            None => &[],
        });
    Wire {
        version: number("version"),
        status: text(message, "pubstatus").map(|code| bare_code(&code)),
        signals: signals
            .filter_map(|signal| match signal {
                Value::Object(signal) => ["literal", "code", "uri", "name"]
                    .iter()
                    .find_map(|name| text(signal, name)),
                signal => value_text(signal),
            })
            .map(|code| bare_code(&code))
            .collect(),
        urgency: number("urgency").and_then(|urgency| u8::try_from(urgency).ok()),
        class: text(message, "type"),
        byline: text(message, "by").or_else(|| text(message, "byline")),
        dateline: text(message, "dateline").or_else(|| text(message, "located")),
        credit: text(message, "creditline").or_else(|| roled(message, "description", &["creditline"])),
        slugline: text(message, "slugline"),
        note: text(message, "ednote"),
        ..Wire::default()
    }
}

/// The text of a kind with one of these roles, the first role first: out of `headline`, `headline_main` or
/// `headlines: [{role, value}]`. Without such a role the plain one, then the first of the list.
fn roled(message: &Object, kind: &str, roles: &[&str]) -> Option<String> {
    let list = items(message, &format!("{kind}s"));
    let in_list = |role: &str| {
        let with_role = |value: &&Value| value.get("role").and_then(Value::as_str) == Some(role);
        text(list.iter().find(with_role)?.as_object()?, "value")
    };
    let by_role = roles
        .iter()
        .find_map(|role| text(message, &format!("{kind}_{role}")).or_else(|| in_list(role)));
    // A credit line or a caption writer's name is not what a description without role would be.
    let first = || text(list.first()?.as_object()?, "value");
    let any = roles.contains(&"main");
    by_role.or_else(|| any.then(|| text(message, kind).or_else(first)).flatten())
}

/// The full texts, markup before plain text.
fn bodies(message: &Object, base: Option<&Url>) -> Vec<Text> {
    let listed = items(message, "bodies")
        .iter()
        .filter_map(Value::as_object)
        .filter_map(|body| {
            let kind = text(body, "contenttype").or_else(|| text(body, "role"));
            Some((kind.unwrap_or_default(), text(body, "value")?))
        });
    let single = message
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("body_")?.to_owned(), value_text(value)?)));
    let mut bodies: Vec<Text> = listed
        .chain(single)
        .map(|(kind, value)| body(&kind, value, base))
        .collect();
    bodies.sort_by_key(|body| match body.media {
        Media::Html | Media::Xhtml => 0,
        Media::Plain => 1,
        Media::Other(_) => 2,
    });
    bodies
}

fn body(kind: &str, value: String, base: Option<&Url>) -> Text {
    let media = match kind {
        "text" | "text/plain" => Media::Plain,
        kind if kind.contains("html") => Media::Html,
        kind if kind.contains('/') => Media::Other(kind.to_owned()),
        _ if looks_like_html(&value) => Media::Html,
        _ => Media::Plain,
    };
    let value = if media == Media::Html {
        normalise(inside_body(&value).to_owned(), base)
    } else {
        value
    };
    Text {
        media,
        language: None,
        value,
    }
}

/// What stands inside `body`, where the text is a whole page.
fn inside_body(html: &str) -> &str {
    let inside = html
        .split_once("<body")
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or(html, |(_, inside)| inside);
    inside.split("</body").next().unwrap_or(inside)
}

/// The renditions of an item as links; the first picture stands for the message.
fn files(item: &Object, base: Option<&Url>, links: &mut Vec<Link>, image: &mut Option<Picture>) {
    for file in values(member(item, "renditions")).filter_map(Value::as_object) {
        let Some(href) = text(file, "href").map(|href| absolute(&href, base)) else {
            continue;
        };
        let media_type = text(file, "contenttype").or_else(|| text(file, "mimetype"));
        if image.is_none()
            && media_type
                .as_deref()
                .is_some_and(|kind| kind.starts_with("image/"))
        {
            *image = Some(Picture {
                href: Some(href.clone()),
                ..Picture::default()
            });
        }
        links.push(Link {
            href,
            rel: Some("enclosure".to_owned()),
            media_type,
            title: text(file, "title"),
            length: text(file, "sizeinbytes"),
            hreflang: None,
        });
    }
}

fn subject(subject: &Object) -> Tag {
    let label = text(subject, "name");
    if let (Some(scheme), Some(code)) = (text(subject, "scheme"), text(subject, "code")) {
        return Tag {
            term: Some(code),
            scheme: Some(scheme.trim_end_matches('/').to_owned()),
            label,
        };
    }
    let code = ["uri", "code", "literal"]
        .iter()
        .find_map(|name| text(subject, name));
    let parted = code.as_deref().map(split_code);
    Tag {
        term: parted.map(|(_, term)| term.to_owned()),
        scheme: parted.and_then(|(scheme, _)| scheme.map(str::to_owned)),
        label,
    }
}

/// A member, whatever the letter case of its name.
fn member<'v>(object: &'v Object, name: &str) -> Option<&'v Value> {
    object.get(name).or_else(|| {
        let mut members = object.iter();
        members
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

fn text(object: &Object, name: &str) -> Option<String> {
    value_text(member(object, name)?)
}

fn items<'v>(object: &'v Object, name: &str) -> &'v [Value] {
    member(object, name)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// The values of an array, those of an object's members, or a single value.
fn values(value: Option<&Value>) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Some(Value::Array(list)) => Box::new(list.iter()),
        Some(Value::Object(object)) => Box::new(object.values()),
        value => Box::new(value.into_iter()),
    }
}
