//! Text constructs: elements whose text has a kind, a language and an encoding.

use super::{Builder, capture::Captured};
use crate::{
    document::{Format, Media, Text},
    markup::{looks_like_html, normalise},
    vocabulary::Element,
    xml::Tag,
};

impl<'a> Builder<'a> {
    /// A text with its kind (RFC 4287, section 3.1; Atom 0.3, section 3.1). Where none is declared, what looks
    /// like HTML is HTML, and a content of RSS always is.
    pub(super) fn construct(&mut self, tag: Tag<'a>, element: Element) -> Option<Text> {
        let (kind, mode) = if self.is_wire() {
            ("contenttype", "encoding")
        } else {
            ("type", "mode")
        };
        let declared = tag.attributes.text(kind).map(|kind| kind.to_ascii_lowercase());
        let mode = tag.attributes.get(mode);
        let xhtml = matches!(declared.as_deref(), Some("xhtml" | "application/xhtml+xml"));
        let base64 = mode.as_deref().is_some_and(|mode| mode.ends_with("base64"))
            || declared.as_deref().is_some_and(is_encoded);
        let Captured {
            mut value,
            markup,
            xhtml,
        } = self.capture(
            tag,
            xhtml && mode.as_deref() != Some("escaped"),
            declared.as_deref() == Some("xhtml"),
        );
        if value.is_empty() {
            return None;
        }
        let decoded = if base64 { decode_base64(&value) } else { None };
        let is_file = base64 && decoded.is_none();
        value = decoded.unwrap_or(value);
        let media = match declared.as_deref() {
            _ if xhtml => Media::Xhtml,
            _ if markup => Media::Html,
            Some("html" | "text/html") => Media::Html,
            Some("text" | "text/plain" | "plain") => Media::Plain,
            Some(other) if !base64 && other.contains('/') => Media::Other(other.to_owned()),
            _ if looks_like_html(&value) => Media::Html,
            // A picture or the like, which is no text.
            Some(other) if is_file && other.contains('/') => Media::Other(other.to_owned()),
            _ if element == Element::Content && self.format != Some(Format::Atom) => Media::Html,
            _ => Media::Plain,
        };
        if media == Media::Html && !markup {
            value = normalise(value, self.scopes.base());
        }
        Some(Text {
            media,
            language: self.scopes.language().map(str::to_owned),
            value,
        })
    }
}

/// Whether content of this media type is base64 (RFC 4287, section 4.1.3.3, rule 6).
fn is_encoded(media_type: &str) -> bool {
    media_type.contains('/')
        && !media_type.starts_with("text/")
        && !media_type.ends_with("/xml")
        && !media_type.ends_with("+xml")
}

fn decode_base64(text: &str) -> Option<String> {
    use base64::Engine;
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(compact).ok()?;
    String::from_utf8(bytes).ok().map(|text| text.trim().to_owned())
}
