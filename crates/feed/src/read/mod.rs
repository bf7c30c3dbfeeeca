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

use url::Url;

use crate::{
    Limits,
    document::{Document, Format, Person, Picture, Record, Source},
    vocabulary::{Element, Role, element},
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
                Token::Text(text) if self.wants_text() => decode_onto(text, &mut self.text),
                Token::Cdata(text) if self.wants_text() => self.text.push_str(text),
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
        Some(Document {
            format,
            feed: self.feed.finish(),
            entries: self.entries,
            parts: self.parts,
            faults: self.faults.list(),
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
        self.scopes.enter(tag.name, tag.attributes);
        let (namespace, local) = self.scopes.resolve(tag.name);
        let element = element(namespace, &local.to_ascii_lowercase());
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
        self.scopes.enter(tag.name, tag.attributes);
        let (namespace, local) = self.scopes.resolve(tag.name);
        let local = local.to_ascii_lowercase();
        let format = match element(namespace, &local) {
            Element::Root(format) => Some(format),
            Element::Channel => Some(Format::Cdf),
            // A document of a single entry (RFC 4287, section 2).
            Element::Entry if local == "entry" && tag.attributes.raw().contains("xmlns") => {
                Some(Format::Atom)
            }
            _ => None,
        };
        let certain =
            !self.page || tag.attributes.get("version").is_some() || tag.attributes.raw().contains("xmlns");
        let Some(format) = format.filter(|_| certain) else {
            self.page |= matches!(local.as_str(), "html" | "body" | "head");
            self.scopes.leave(mark);
            self.scopes.uproot();
            if matches!(local.as_str(), "script" | "style") && !tag.empty {
                self.reader.raw_text(&local);
            }
            return;
        };
        self.format = Some(format);
        let uri = self
            .scopes
            .uri(tag.name.split_once(':').map_or("", |(prefix, _)| prefix))
            .unwrap_or_default();
        self.atom_03 = format == Format::Atom && !uri.contains("2005");
        if let Some(language) = self.scopes.language().map(str::to_owned) {
            self.feed.language(language, Rank::Weak);
        }
        let context = if local == "entry" {
            Context::Entry
        } else {
            Context::Feed
        };
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
            (Context::Feed, Element::Channel | Element::Root(_)) => Context::Feed,
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
