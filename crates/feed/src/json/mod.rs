//! JSON documents: JSON Feed, and the messages of news agencies in ninjs.
//!
//! Members of the wrong type count as missing; numbers stand for strings.

mod feed;
mod ninjs;

use serde_json::{Map, Value};
use url::Url;

use crate::{
    FeedError, Limits,
    document::{Document, Media, Picture, Text},
    markup::is_absolute,
};

type Object = Map<String, Value>;

/// Reads a JSON document.
pub(crate) fn read(text: &str, base: Option<&Url>, limits: Limits) -> Result<Document, FeedError> {
    let (value, fault) = match serde_json::from_str::<Value>(text) {
        Ok(value) => (value, None),
        Err(error) => {
            let whole = whole_items(text).and_then(|text| serde_json::from_str(&text).ok());
            let fault = format!("the JSON is damaged or cut off ({error}); its whole entries were read");
            let reason = error.to_string();
            (whole.ok_or(FeedError::BrokenJson { reason })?, Some(fault))
        }
    };
    let messages = ninjs::messages(&value);
    let mut document = match (&value, &fault) {
        // A single message that is cut off is no whole entry.
        (Value::Object(_), Some(_)) if ninjs::is_message(&value) => {
            return Err(FeedError::BrokenJson {
                reason: "the message is damaged or cut off".to_owned(),
            });
        }
        _ if !messages.is_empty() => ninjs::read(&messages, base, limits),
        (Value::Object(feed), _) => feed::read(feed, base, limits)?,
        _ => return Err(FeedError::OtherJson),
    };
    document.is_cut = fault.is_some();
    document.faults.extend(fault);
    Ok(document)
}

/// How many entries are left out, in words.
fn surplus(found: usize, limits: Limits) -> Option<String> {
    (found > limits.entries).then(|| format!("entries left out beyond the limit: {}", found - limits.entries))
}

fn picture(href: Option<String>, base: Option<&Url>) -> Option<Picture> {
    href.map(|href| Picture {
        href: Some(absolute(&href, base)),
        ..Picture::default()
    })
}

fn list<'v>(object: &'v Object, key: &str) -> impl Iterator<Item = &'v Object> {
    object
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
}

fn text_of(object: &Object, key: &str) -> Option<String> {
    value_text(object.get(key)?)
}

fn value_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn plain_text(value: String) -> Text {
    Text {
        media: Media::Plain,
        language: None,
        value,
    }
}

fn absolute(reference: &str, base: Option<&Url>) -> String {
    if is_absolute(reference) {
        return reference.to_owned();
    }
    base.and_then(|base| base.join(reference).ok())
        .map_or_else(|| reference.to_owned(), String::from)
}

/// The document up to the last whole object that stands in an array of its outermost object, brought to an end.
fn whole_items(text: &str) -> Option<String> {
    let (mut depth, mut quoted, mut escaped) = (Vec::new(), false, false);
    let mut cut = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth.push(byte),
            b'}' | b']' => {
                depth.pop()?;
                if byte == b'}' && depth == [b'{', b'['] {
                    cut = Some(at + 1);
                }
            }
            _ => {}
        }
    }
    cut.map(|cut| format!("{}]}}", &text[..cut]))
}
