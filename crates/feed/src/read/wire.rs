//! What the elements of NITF and NewsML say.

use reveille_model::UnixMillis;

use super::{Builder, draft::Rank};
use crate::{
    date::parse_date,
    document::{self, Format, Link, Media, Source, Text},
    fold::fold,
    markup::plain,
    vocabulary::{Concept, Element, Field},
    wire::{Wire, bare_code, split_code},
    xml::{Attributes, Tag},
};

/// The code that an element carries: a qualified code, a URI, or the name of a NewsML 1 vocabulary.
fn code(attributes: Attributes<'_>) -> Option<String> {
    ["qcode", "uri", "literal", "FormalName"]
        .iter()
        .find_map(|name| attributes.text(name))
}

/// The concept that an element names by its code.
pub(super) fn concept(attributes: Attributes<'_>) -> document::Tag {
    let Some(code) = code(attributes) else {
        return document::Tag::default();
    };
    let (scheme, term) = split_code(&code);
    document::Tag {
        term: Some(term.to_owned()),
        scheme: scheme.map(str::to_owned),
        label: None,
    }
}

impl<'a> Builder<'a> {
    pub(super) fn is_wire(&self) -> bool {
        matches!(
            self.format,
            Some(Format::Nitf | Format::NewsMlG2 | Format::NewsMl)
        )
    }

    /// What the start tag of an item, of a package or of a reference to an item says.
    pub(super) fn open_item(&mut self, tag: Tag<'a>) {
        let attributes = tag.attributes;
        if self.entry.is_some() {
            self.draft().wire();
        }
        if self.format != Some(Format::NewsMlG2) {
            return;
        }
        if let Some(version) = attributes.text("version") {
            self.draft().wire().version = version.parse().ok();
        }
        if let Some(id) = attributes.text("guid") {
            self.draft().id(id, Rank::Own);
        } else if let Some(id) = attributes.text("residref") {
            self.draft().wire().is_reference = true;
            self.draft().id(id, Rank::Own);
        }
        if let Some(href) = attributes.text("href") {
            let href = self.scopes.absolute(href);
            self.draft().link(Link {
                href,
                ..Link::default()
            });
        }
    }

    /// What the start tag of a part of an item says.
    pub(super) fn open_part(&mut self, tag: Tag<'a>) {
        let attributes = tag.attributes;
        if let Some(status) = attributes.text("management-status") {
            self.draft().wire().status = Some(status);
        }
        if let Some(other) = attributes.text("management-doc-idref") {
            let wire = self.draft().wire();
            wire.replaces = Some(other);
            // To cancel the other message is all that such a message is for.
            wire.signals.extend(
                attributes
                    .text("management-idref-status")
                    .filter(|status| status == "canceled"),
            );
        }
    }

    /// What the end of a concept comes to.
    pub(super) fn close_concept(&mut self, kind: Concept) {
        let tag = std::mem::take(&mut self.concept);
        match kind {
            Concept::Subject => {
                if tag.label.is_some() {
                    self.draft().tag(tag.clone());
                }
                if tag.term.is_some() {
                    self.draft().wire().subjects.push(tag);
                }
            }
            Concept::Place => self.draft().place = tag.label,
            Concept::Provider => {
                let page = tag.scheme.filter(|scheme| scheme.contains("://"));
                self.draft().record.source = Some(match page {
                    Some(page) => Source {
                        title: tag.label,
                        href: tag.term.map(|end| format!("{page}/{end}")),
                    },
                    None => Source {
                        title: tag.label.or(tag.term),
                        href: None,
                    },
                });
            }
        }
    }

    /// Reads a field that only wire messages have.
    pub(super) fn wire_field(&mut self, field: Field, tag: Tag<'a>) {
        let attributes = tag.attributes;
        match field {
            Field::Headline => self.headline(tag),
            Field::Byline => self.first_words(tag, |wire| &mut wire.byline),
            Field::Dateline => self.first_words(tag, |wire| &mut wire.dateline),
            Field::Credit => self.first_words(tag, |wire| &mut wire.credit),
            Field::Slugline => self.draft().wire().slugline = self.words(tag),
            Field::Note => self.draft().wire().note = self.attribute_or_words("info", tag),
            Field::Urgency => {
                let urgency = attributes.text("ed-urg").or_else(|| self.code_or_words(tag));
                self.draft().wire().urgency = urgency.and_then(|urgency| urgency.parse().ok());
            }
            Field::Version => {
                let version = self.attribute_or_words("version", tag);
                self.draft().wire().version = version.and_then(|version| version.parse().ok());
            }
            Field::Status => self.draft().wire().status = self.code_or_words(tag),
            Field::Class => self.draft().wire().class = self.code_or_words(tag),
            Field::Signal => {
                let signal = self.code_or_words(tag);
                self.draft().wire().signals.extend(signal);
            }
            Field::Correction => self.correction(attributes),
            Field::Embargo => {
                let line = self.words(tag);
                self.draft().wire().embargo = self.instant(line);
            }
            Field::ReleaseDate => self.draft().wire().embargo = self.instant(attributes.text("norm")),
            Field::IssueDate => {
                if let Some(at) = self.instant(attributes.text("norm")) {
                    self.draft().published(at, Rank::General);
                }
            }
            Field::Language => self.wire_language(tag),
            Field::Rendition => self.rendition(attributes),
            Field::PublicIdentifier => self.public_identifier(tag),
            Field::Role => {
                let role = code(attributes).unwrap_or_default().to_ascii_lowercase();
                self.draft().aside = !(role.contains("body") || role.contains("main"));
            }
            Field::DocId => {
                if let Some(id) = attributes.text("id-string") {
                    self.draft().id(id, Rank::Own);
                }
            }
            Field::Copyright => self.copyright(attributes),
            Field::Keyword => self.keyword(tag),
            Field::NitfSubject => self.nitf_subject(attributes),
        }
    }

    fn headline(&mut self, tag: Tag<'a>) {
        if let Some(mut text) = self.construct(tag, Element::Title) {
            text.value = fold(text.value);
            self.draft().title(text, Rank::Own);
        }
    }

    /// Of several elements that say the same, the first with words in it counts.
    fn first_words(&mut self, tag: Tag<'a>, field: fn(&mut Wire) -> &mut Option<String>) {
        let words = self.words(tag);
        let field = field(self.draft().wire());
        *field = field.take().or(words);
    }

    /// What NITF's `correction` says of the message that it mends.
    fn correction(&mut self, attributes: Attributes<'a>) {
        let wire = self.draft().wire();
        wire.signals.push("correction".to_owned());
        wire.note = attributes.text("info").or(wire.note.take());
        wire.replaces = attributes.text("id-string").or(wire.replaces.take());
    }

    fn wire_language(&mut self, tag: Tag<'a>) {
        let [language, name] = tag.attributes.texts(["tag", "FormalName"]);
        if let Some(language) = language.or(name).or_else(|| self.line(tag)) {
            self.draft().language(language.replace('_', "-"), Rank::Own);
        }
    }

    /// The id without its last part, which is the revision and is told apart.
    fn public_identifier(&mut self, tag: Tag<'a>) {
        if let Some(line) = self.line(tag) {
            let id = line.rsplit_once(':').map_or(line.as_str(), |(id, _)| id);
            self.draft().id(id.to_owned(), Rank::Own);
        }
    }

    fn copyright(&mut self, attributes: Attributes<'a>) {
        let parts = attributes.texts(["year", "holder"]);
        let value = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.draft().record.rights.get_or_insert(Text {
            media: Media::Plain,
            language: None,
            value,
        });
    }

    fn keyword(&mut self, tag: Tag<'a>) {
        let term = self.attribute_or_words("key", tag);
        if term.is_some() {
            self.draft().tag(document::Tag {
                term,
                ..document::Tag::default()
            });
        }
    }

    /// The text inside an element on one line, its markup left out.
    fn words(&mut self, tag: Tag<'a>) -> Option<String> {
        let captured = self.capture(tag, false, false);
        let words = if captured.markup {
            plain(&captured.value)
        } else {
            fold(captured.value)
        };
        (!words.is_empty()).then_some(words)
    }

    fn attribute_or_words(&mut self, name: &str, tag: Tag<'a>) -> Option<String> {
        tag.attributes.text(name).or_else(|| self.words(tag))
    }

    fn code_or_words(&mut self, tag: Tag<'a>) -> Option<String> {
        code(tag.attributes)
            .map(|code| bare_code(&code).to_ascii_lowercase())
            .or_else(|| self.words(tag))
    }

    fn instant(&mut self, text: Option<String>) -> Option<UnixMillis> {
        let text = text?;
        let at = parse_date(&text);
        if at.is_none() {
            self.faults.date(&text);
        }
        at
    }

    /// A file that the item is carried by.
    fn rendition(&mut self, attributes: Attributes<'a>) {
        let Some(href) = attributes.text("href") else {
            return;
        };
        let href = self.scopes.absolute(href);
        let media_type = attributes.text("contenttype");
        if media_type
            .as_deref()
            .is_some_and(|kind| kind.starts_with("image/"))
        {
            self.draft().thumbnail(href.clone());
        }
        self.draft().link(Link {
            href,
            rel: Some("enclosure".to_owned()),
            media_type,
            length: attributes.text("size"),
            ..Link::default()
        });
    }

    fn nitf_subject(&mut self, attributes: Attributes<'a>) {
        let label = ["detail", "matter", "type"]
            .iter()
            .find_map(|part| attributes.text(&format!("tobject.subject.{part}")));
        let tag = document::Tag {
            term: attributes.text("tobject.subject.refnum"),
            scheme: attributes.text("tobject.subject.ipr"),
            label,
        };
        if tag.label.is_some() {
            self.draft().tag(tag.clone());
        }
        self.draft().wire().subjects.push(tag);
    }
}
