//! XML feeds of every dialect to a [`Document`], in one pass.
//!
//! What an element means follows from its name and from what it stands in, not from the kind of its root: Atom
//! elements in RSS, RSS elements in Atom and modules anywhere are read alike. Elements that nobody knows hide what
//! is inside them. An entry that the document ends in the middle of is left out; the next fetch brings it whole.

mod apply;
mod capture;
mod construct;
mod containers;
mod draft;
mod faults;
mod scope;
mod wire;

use std::collections::HashSet;

use url::Url;

use crate::{
    Limits,
    document::{self, Document, Format, Person, Picture, Record, Source},
    vocabulary::{Concept, Element, Namespace, Role, element},
    xml::{Reader, Tag, Token, decode_onto},
};
use draft::{Draft, Rank};
use faults::Faults;
use scope::{Mark, Scopes};

/// Deeper elements are read as if they stood at this depth.
const DEPTH: usize = 256;

/// What an open element is to those inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    Feed,
    Entry,
    Image,
    Person(Role),
    Source,
    Publication,
    Concept(Concept),
    /// Changes nothing: what is inside belongs to the element around it.
    Wrapper,
    /// Hides what is inside it.
    Opaque,
}

struct Frame<'a> {
    name: &'a str,
    context: Context,
    mark: Mark,
}

struct Builder<'a> {
    reader: Reader<'a>,
    scopes: Scopes<'a>,
    stack: Vec<Frame<'a>>,
    limits: Limits,
    format: Option<Format>,
    /// Atom 0.3: other defaults for text.
    atom_03: bool,
    /// A web page was begun, so that only an unmistakable root opens a feed.
    page: bool,
    feed: Draft,
    entry: Option<Draft>,
    entries: Vec<Record>,
    parts: Vec<Url>,
    faults: Faults,
    /// The element of [`Context::Image`], [`Context::Person`] or [`Context::Source`] that is open.
    picture: Picture,
    person: Person,
    source: Source,
    concept: document::Tag,
    /// The text directly inside it.
    text: String,
}

/// Reads the document; `None` if there is no feed in it.
pub(crate) fn read(text: &str, base: Option<&Url>, limits: Limits) -> Option<Document> {
    let mut builder = Builder {
        reader: Reader::new(text),
        scopes: Scopes::new(base),
        stack: Vec::new(),
        limits,
        format: None,
        atom_03: false,
        page: false,
        feed: Draft::default(),
        entry: None,
        entries: Vec::new(),
        parts: Vec::new(),
        faults: Faults::default(),
        picture: Picture::default(),
        person: Person::default(),
        source: Source::default(),
        concept: document::Tag::default(),
        text: String::new(),
    };
    builder.run();
    builder.finish()
}

impl<'a> Builder<'a> {
    fn run(&mut self) {
        while let Some(token) = self.reader.next() {
            match token {
                Token::Start(tag) => self.start(tag),
                Token::End(name) => self.end(name),
                Token::Text(text) if self.wants_text() => {
                    self.faults.bare_ampersands += decode_onto(text, &mut self.text);
                }
                Token::Cdata(text) if self.wants_text() => self.text.push_str(text),
                Token::Text(text) if self.stack.is_empty() => {
                    self.faults.is_surrounded |= !text.trim().is_empty();
                }
                Token::Text(_) | Token::Cdata(_) => {}
            }
        }
    }

    fn finish(mut self) -> Option<Document> {
        let format = self.format?;
        self.faults.ends_early |= !self.stack.is_empty();
        while let Some(frame) = self.stack.pop() {
            if frame.context == Context::Entry {
                self.faults.cut_entry = true;
                self.entry = None;
            } else {
                self.close(&frame);
            }
        }
        drop_references(&mut self.entries);
        Some(Document {
            format,
            feed: self.feed.finish(),
            entries: self.entries,
            parts: self.parts,
            is_cut: self.faults.ends_early || self.faults.cut_entry,
            faults: self
                .faults
                .list(self.reader.bare_angles(), self.scopes.undeclared()),
        })
    }

    /// What the next element stands in.
    fn context(&self) -> Context {
        let inner = self
            .stack
            .iter()
            .rev()
            .map(|frame| frame.context)
            .find(|context| *context != Context::Wrapper);
        // Behind an end tag too many the feed goes on.
        inner.unwrap_or(Context::Feed)
    }

    fn wants_text(&self) -> bool {
        self.stack.last().is_some_and(|frame| {
            matches!(
                frame.context,
                Context::Image | Context::Person(_) | Context::Source
            )
        })
    }

    fn is_open(&self, name: &str) -> bool {
        self.stack
            .iter()
            .any(|frame| frame.name.eq_ignore_ascii_case(name))
    }

    /// The record that elements now speak of.
    fn draft(&mut self) -> &mut Draft {
        self.entry.as_mut().unwrap_or(&mut self.feed)
    }

    fn start(&mut self, tag: Tag<'a>) {
        if self.format.is_none() {
            self.start_outside(tag);
            return;
        }
        let mark = self.scopes.mark();
        let (namespace, local) = self.scopes.enter(tag.name, tag.attributes);
        let element = match element(namespace, local) {
            // The one element of CDF that elsewhere is part of a text.
            Element::Unknown if self.format == Some(Format::Cdf) && local.eq_ignore_ascii_case("a") => {
                Element::Link
            }
            element => element,
        };
        match self.place(element) {
            Some(Context::Opaque) if !tag.empty && matches!(local, "script" | "style") => {
                self.reader.raw_text(local);
                self.scopes.leave(mark);
            }
            Some(context) => {
                self.open(context, tag);
                self.push(context, tag, mark);
            }
            None => {
                self.apply(element, namespace, tag);
                self.scopes.leave(mark);
            }
        }
    }

    /// Before the root: everything but a root is passed over, such as a server's warnings in HTML.
    fn start_outside(&mut self, tag: Tag<'a>) {
        let mark = self.scopes.mark();
        let (namespace, local) = self.scopes.enter(tag.name, tag.attributes);
        let local = local.to_ascii_lowercase();
        let opened = root(namespace, &local, tag);
        let certain =
            !self.page || tag.attributes.get("version").is_some() || tag.attributes.raw().contains("xmlns");
        let Some((format, context)) = opened.filter(|_| certain) else {
            self.page |= matches!(local.as_str(), "html" | "body" | "head");
            self.faults.is_surrounded = true;
            self.scopes.leave(mark);
            self.scopes.uproot();
            if matches!(local.as_str(), "script" | "style") && !tag.empty {
                self.reader.raw_text(&local);
            }
            return;
        };
        self.format = Some(format);
        if self.is_wire() {
            self.scopes.unnamed = Namespace::Wire;
        }
        let uri = self
            .scopes
            .uri(tag.name.split_once(':').map_or("", |(prefix, _)| prefix))
            .unwrap_or_default();
        self.atom_03 = format == Format::Atom && !uri.contains("2005");
        if let Some(language) = self.scopes.language().map(str::to_owned) {
            self.feed.language(language, Rank::Weak);
        }
        self.open(context, tag);
        self.push(context, tag, mark);
    }

    /// The context that this element opens, or `None` for one that is read at once.
    fn place(&self, element: Element) -> Option<Context> {
        let around = self.context();
        let opens = match (around, element) {
            (Context::Feed, Element::PictureUrl) if self.format == Some(Format::Sitemap) => Context::Entry,
            (Context::Feed | Context::Entry, Element::Entry) => Context::Entry,
            (Context::Opaque, Element::Entry) if self.entry.is_none() => Context::Entry,
            (Context::Feed, Element::Channel | Element::Package | Element::Root(_)) => Context::Feed,
            (Context::Entry, Element::Root(Format::Nitf)) => Context::Wrapper,
            (Context::Feed | Context::Entry, Element::Concept(kind)) => Context::Concept(kind),
            (Context::Concept(_), Element::Wrapper) => Context::Wrapper,
            (Context::Feed | Context::Entry, Element::ContentMeta) => Context::Wrapper,
            (Context::Feed | Context::Entry, Element::Image) => Context::Image,
            (Context::Feed | Context::Entry, Element::Person(role)) => Context::Person(role),
            (Context::Entry, Element::Source) => Context::Source,
            (Context::Entry, Element::Publication) => Context::Publication,
            (Context::Feed | Context::Entry, Element::Wrapper | Element::MediaFile) => Context::Wrapper,
            (Context::Opaque, _) | (_, Element::Unknown | Element::Aside) => Context::Opaque,
            (_, Element::Channel | Element::Root(_) | Element::Entry | Element::Publication) => {
                Context::Opaque
            }
            (_, Element::Image | Element::Person(_) | Element::Source) => Context::Opaque,
            (_, Element::Package | Element::ContentMeta | Element::Concept(_)) => Context::Opaque,
            _ => return None,
        };
        Some(opens)
    }

    fn push(&mut self, context: Context, tag: Tag<'a>, mark: Mark) {
        let frame = Frame {
            name: tag.name,
            context,
            mark,
        };
        if tag.empty || self.stack.len() >= DEPTH {
            self.close(&frame);
        } else {
            self.stack.push(frame);
        }
    }

    fn end(&mut self, name: &str) {
        let Some(at) = self
            .stack
            .iter()
            .rposition(|frame| frame.name.eq_ignore_ascii_case(name))
        else {
            return;
        };
        self.close_to(at);
    }

    fn close_to(&mut self, depth: usize) {
        while self.stack.len() > depth {
            if let Some(frame) = self.stack.pop() {
                self.close(&frame);
            }
        }
    }
}

/// The format of a document with this root, and what the root is to those inside it.
fn root(namespace: Namespace, local: &str, tag: Tag<'_>) -> Option<(Format, Context)> {
    let mut found = element(namespace, local);
    // NITF and NewsML 1 have no namespace.
    if namespace == Namespace::Core && found == Element::Unknown {
        found = element(Namespace::Wire, local);
    }
    Some(match found {
        Element::Root(Format::Nitf) => (Format::Nitf, Context::Entry),
        Element::Root(format) => (format, Context::Feed),
        Element::Channel => (Format::Cdf, Context::Feed),
        Element::Package => (Format::NewsMlG2, Context::Feed),
        // Metadata cut out of its item, as the standard prints it.
        Element::ContentMeta => (Format::NewsMlG2, Context::Entry),
        // A document of a single entry (RFC 4287, section 2).
        Element::Entry if local == "entry" && tag.attributes.raw().contains("xmlns") => {
            (Format::Atom, Context::Entry)
        }
        Element::Entry if local.len() > "item".len() && local.ends_with("item") => {
            (Format::NewsMlG2, Context::Entry)
        }
        _ => return None,
    })
}

/// Leaves out what a package only names, where the message brings the item itself.
fn drop_references(entries: &mut Vec<Record>) {
    let is_reference = |record: &Record| record.wire.as_ref().is_some_and(|wire| wire.is_reference);
    if !entries.iter().any(is_reference) {
        return;
    }
    let whole: HashSet<String> = entries
        .iter()
        .filter(|record| !is_reference(record))
        .filter_map(|record| record.id.clone())
        .collect();
    entries.retain(|record| !is_reference(record) || record.id.as_ref().is_none_or(|id| !whole.contains(id)));
}
