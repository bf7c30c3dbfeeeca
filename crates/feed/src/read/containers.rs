//! What the starts and ends of containers say: entries, persons, pictures, sources.

use std::mem::take;

use super::{
    Builder, Context, Frame,
    draft::{Draft, Rank},
    wire::concept,
};
use crate::{
    date::parse_date,
    document::{Format, Link, Person, Picture, Source},
    markup::plain,
    person,
    vocabulary::Role,
    xml::Tag,
};

impl<'a> Builder<'a> {
    /// What the start of a container says.
    pub(super) fn open(&mut self, context: Context, tag: Tag<'a>) {
        let attributes = tag.attributes;
        match context {
            Context::Entry => self.open_entry(tag),
            Context::Feed if self.format == Some(Format::NewsMlG2) => self.open_item(tag),
            Context::Feed => self.channel_definition(tag),
            Context::Concept(_) => self.concept = concept(attributes),
            Context::Wrapper if matches!(self.context(), Context::Concept(_)) => {
                self.concept = concept(attributes);
            }
            Context::Wrapper if self.is_wire() => self.open_part(tag),
            Context::Wrapper => self.media_file(tag),
            Context::Image => {
                self.text.clear();
                let [href, url] = attributes.texts(["href", "url"]);
                self.picture = Picture {
                    href: href.or(url).map(|url| self.scopes.absolute(url)),
                    ..Picture::default()
                };
            }
            Context::Person(_) => {
                self.text.clear();
                self.person = Person::default();
            }
            Context::Source => {
                self.text.clear();
                let href = attributes.text("url").map(|url| self.scopes.absolute(url));
                self.source = Source { title: None, href };
            }
            Context::Publication | Context::Opaque => {}
        }
    }

    fn open_entry(&mut self, tag: Tag<'a>) {
        // A new entry inside one means that the old one was left unclosed.
        if let Some(at) = self
            .stack
            .iter()
            .rposition(|frame| frame.context == Context::Entry)
        {
            self.faults.unclosed += 1;
            self.close_to(at);
        }
        self.entry = Some(Draft::default());
        if let Some(about) = tag.attributes.text("about") {
            self.draft().id(about, Rank::Weak);
        }
        if let Some(language) = tag.attributes.text("xml:lang") {
            self.draft().language(language.replace('_', "-"), Rank::Weak);
        }
        self.channel_definition(tag);
        if self.is_wire() {
            self.open_item(tag);
        }
    }

    /// A file of Media RSS: one that is a picture stands for the record.
    fn media_file(&mut self, tag: Tag<'a>) {
        let attributes = tag.attributes;
        let is_picture = attributes.get("medium").is_some_and(|medium| medium == "image")
            || attributes
                .get("type")
                .is_some_and(|kind| kind.starts_with("image/"));
        if let Some(url) = attributes.text("url").filter(|_| is_picture) {
            let url = self.scopes.absolute(url);
            self.draft().thumbnail(url);
        }
    }

    /// CDF says in attributes what others say in elements.
    fn channel_definition(&mut self, tag: Tag<'a>) {
        if self.format != Some(Format::Cdf) {
            return;
        }
        let base = tag
            .attributes
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("base"));
        if let Some((_, base)) = base {
            self.scopes.enter_base(base);
        }
        if let Some(href) = tag.attributes.text("href") {
            let href = self.scopes.absolute(href);
            self.draft().link(Link {
                href,
                ..Link::default()
            });
        }
        if let Some(at) = tag.attributes.get("lastmod").and_then(|text| parse_date(&text)) {
            self.draft().updated(at, Rank::Own);
        }
    }

    /// What the end of a container says.
    pub(super) fn close(&mut self, frame: &Frame<'a>) {
        self.scopes.leave(frame.mark);
        match frame.context {
            Context::Entry => {
                let Some(draft) = self.entry.take() else { return };
                if self.entries.len() < self.limits.entries {
                    self.entries.push(draft.finish());
                } else {
                    self.faults.surplus += 1;
                }
            }
            Context::Image => {
                let mut picture = take(&mut self.picture);
                let text = self.text.trim();
                if picture.href.is_none() && !text.is_empty() {
                    picture.href = Some(self.scopes.absolute(text.to_owned()));
                }
                if picture != Picture::default() {
                    self.draft().image(picture);
                }
            }
            Context::Person(role) => self.close_person(role),
            Context::Concept(kind) => self.close_concept(kind),
            Context::Source => {
                let mut source = take(&mut self.source);
                let text = plain(&self.text);
                if source.title.is_none() && !text.is_empty() {
                    source.title = Some(text);
                }
                if source != Source::default() {
                    self.draft().record.source = Some(source);
                }
            }
            Context::Feed | Context::Publication | Context::Wrapper | Context::Opaque => {}
        }
    }

    fn close_person(&mut self, role: Role) {
        let mut person = take(&mut self.person);
        let line = person::person(&self.text);
        person.name = person.name.or(line.name);
        person.email = person.email.or(line.email);
        if person == Person::default() {
            return;
        }
        match role {
            Role::Author => self.draft().author(person),
            Role::Contributor => self.draft().record.contributors.push(person),
            Role::Fallback => self.draft().fallback_author(person),
        }
    }
}
