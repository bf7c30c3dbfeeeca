//! A record while it is being read: several elements may say the same thing, and the better one is kept.

use reveille_model::UnixMillis;

use crate::document::{Link, Person, Picture, Record, Tag, Text, Wire};

/// How much an element's word counts, by where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Rank {
    #[default]
    Unset,
    /// Inherited, or from an attribute.
    Weak,
    /// From a module that is about something else: media files, podcasts.
    Module,
    /// Dublin Core.
    General,
    /// The format's own element.
    Own,
}

/// As many persons and as many tags are kept of one record.
const MOST: usize = 256;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) record: Record,
    title: Rank,
    summary: Rank,
    published: Rank,
    updated: Rank,
    language: Rank,
    id: Rank,
    /// The link held is a page for people, so that no later one replaces it.
    has_page: bool,
    /// A guid that is also the page's address.
    permalink: Option<String>,
    /// Named by modules or around the entry.
    fallback_authors: Vec<Person>,
    /// Where a wire message says that it comes from.
    pub(super) place: Option<String>,
    /// The texts that follow are not the message's body.
    pub(super) aside: bool,
}

fn set<T>(slot: &mut Option<T>, held: &mut Rank, value: T, rank: Rank) {
    if rank > *held {
        *slot = Some(value);
        *held = rank;
    }
}

impl Draft {
    pub(super) fn title(&mut self, text: Text, rank: Rank) {
        set(&mut self.record.title, &mut self.title, text, rank);
    }

    /// A second summary of the same standing is the full text: feeds have both `description` and `summary`.
    pub(super) fn summary(&mut self, text: Text, rank: Rank) {
        if rank == Rank::Own && self.summary == Rank::Own {
            self.record.contents.push(text);
        } else {
            set(&mut self.record.summary, &mut self.summary, text, rank);
        }
    }

    pub(super) fn published(&mut self, at: UnixMillis, rank: Rank) {
        set(&mut self.record.published, &mut self.published, at, rank);
    }

    pub(super) fn updated(&mut self, at: UnixMillis, rank: Rank) {
        set(&mut self.record.updated, &mut self.updated, at, rank);
    }

    pub(super) fn language(&mut self, tag: String, rank: Rank) {
        set(&mut self.record.language, &mut self.language, tag, rank);
    }

    pub(super) fn id(&mut self, id: String, rank: Rank) {
        set(&mut self.record.id, &mut self.id, id, rank);
    }

    pub(super) fn permalink(&mut self, url: String) {
        self.permalink.get_or_insert(url);
    }

    pub(super) fn author(&mut self, person: Person) {
        if self.record.authors.len() < MOST && !self.record.authors.contains(&person) {
            self.record.authors.push(person);
        }
    }

    pub(super) fn fallback_author(&mut self, person: Person) {
        self.fallback_authors.push(person);
    }

    pub(super) fn tag(&mut self, tag: Tag) {
        if self.record.tags.len() < MOST && !self.record.tags.contains(&tag) {
            self.record.tags.push(tag);
        }
    }

    /// Adds a link, and takes it as the page's if it is one.
    pub(super) fn link(&mut self, link: Link) {
        let rel = link.rel.as_deref().unwrap_or("alternate");
        if rel.eq_ignore_ascii_case("alternate") {
            let is_page = link
                .media_type
                .as_deref()
                .is_none_or(|kind| kind.contains("html"));
            if self.record.link.is_none() || (is_page && !self.has_page) {
                self.record.link = Some(link.href.clone());
                self.has_page = is_page;
            }
        }
        self.record.links.push(link);
    }

    /// The part that only wire messages have.
    pub(super) fn wire(&mut self) -> &mut Wire {
        self.record.wire.get_or_insert_default()
    }

    /// The fullest picture stands.
    pub(super) fn image(&mut self, picture: Picture) {
        let fuller = self
            .record
            .image
            .as_ref()
            .is_none_or(|held| held.href.is_none() || held.title.is_none());
        if fuller && (picture.href.is_some() || self.record.image.is_none()) {
            self.record.image = Some(picture);
        }
    }

    pub(super) fn thumbnail(&mut self, href: String) {
        self.record.image.get_or_insert_default().href.get_or_insert(href);
    }

    /// The record, with what is only implied filled in.
    pub(super) fn finish(mut self) -> Record {
        if self.record.link.is_none() {
            self.record.link = self.permalink.filter(|url| url.starts_with("http"));
        }
        if self.record.authors.is_empty() {
            self.record.authors = self.fallback_authors;
        }
        if let Some(wire) = &mut self.record.wire {
            wire.dateline = wire.dateline.take().or(self.place);
            wire.settle_byline(&mut self.record.authors);
        }
        self.record
    }
}
