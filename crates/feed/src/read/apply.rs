//! What each element does to the record that it stands in.

use super::{Builder, Context, Source, draft::Rank};
use crate::{
    date::parse_date,
    document::{self, Format, Generator, Link},
    markup::plain,
    vocabulary::{Element, Namespace},
    xml::Tag,
};

/// The scheme of podcast categories that name none.
const ITUNES: &str = "http://www.itunes.com/";
/// The scheme of media categories that name none (Media RSS 1.5.1, `media:category`).
const MEDIA: &str = "http://search.yahoo.com/mrss/category_schema";

fn rank(namespace: Namespace) -> Rank {
    match namespace {
        Namespace::Core | Namespace::News | Namespace::Content | Namespace::Xhtml => Rank::Own,
        Namespace::DublinCore | Namespace::Terms | Namespace::Wire => Rank::General,
        _ => Rank::Module,
    }
}

impl<'a> Builder<'a> {
    /// Reads an element that opens no context of its own.
    pub(super) fn apply(&mut self, element: Element, namespace: Namespace, tag: Tag<'a>) {
        match self.context() {
            Context::Image => self.apply_to_picture(element, tag),
            Context::Person(_) => self.apply_to_person(element, tag),
            Context::Source => self.apply_to_source(element, tag),
            Context::Concept(_) => {
                let line = self.line(tag).filter(|_| element == Element::Name);
                // Of names in several languages the first counts.
                self.concept.label = self.concept.label.take().or(line);
            }
            Context::Publication => match element {
                Element::Name => {
                    let title = self.line(tag);
                    self.draft().record.source = title.map(|title| Source {
                        title: Some(title),
                        href: None,
                    });
                }
                Element::Language => self.language(tag, Rank::Own),
                _ => drop(self.line(tag)),
            },
            _ => self.apply_to_record(element, namespace, tag),
        }
    }

    fn apply_to_record(&mut self, element: Element, namespace: Namespace, tag: Tag<'a>) {
        let rank = rank(namespace);
        match element {
            Element::Title => {
                if let Some(text) = self.construct(tag, element) {
                    self.draft().title(text, rank);
                }
            }
            Element::Description | Element::Summary => {
                if let Some(text) = self.construct(tag, element) {
                    self.draft().summary(text, rank);
                }
            }
            Element::Content | Element::Body => {
                if let Some(text) = self.construct(tag, element)
                    && !self.draft().aside
                {
                    self.draft().record.contents.push(text);
                }
            }
            Element::Rights => {
                if let Some(text) = self.construct(tag, element) {
                    self.draft().record.rights.get_or_insert(text);
                }
            }
            Element::Link => self.link(tag),
            Element::Id => self.id(tag),
            Element::Published | Element::Date | Element::Updated | Element::Created => {
                self.date(element, rank, tag);
            }
            Element::Category => self.category(namespace, tag),
            Element::TagList => self.tag_list(tag),
            Element::Language => self.language(tag, rank),
            Element::Generator => self.generator(tag),
            Element::Enclosure | Element::Thumbnail => self.file(element, tag),
            Element::OriginalLink => self.draft_line(tag, |record, line| record.original_link = Some(line)),
            Element::Ttl => self.draft_line(tag, |record, line| record.ttl = Some(line)),
            Element::UpdatePeriod => {
                self.draft_line(tag, |record, line| {
                    record.update_period = Some(line.to_ascii_lowercase());
                });
            }
            Element::UpdateFrequency => {
                self.draft_line(tag, |record, line| record.update_frequency = line.parse().ok());
            }
            Element::CommentCount => self.draft_line(tag, |record, line| record.comments = line.parse().ok()),
            Element::Point | Element::Latitude | Element::Longitude => self.location_of(element, tag),
            Element::Icon => self.reference(tag, |record, url| record.icon = Some(url)),
            Element::Logo => self.reference(tag, |record, url| record.logo = Some(url)),
            Element::Location => self.location(tag),
            Element::Wire(field) => self.wire_field(field, tag),
            _ => drop(self.line(tag)),
        }
    }

    fn apply_to_picture(&mut self, element: Element, tag: Tag<'a>) {
        let line = self.line(tag);
        let absolute = |url: String| self.scopes.absolute(url);
        match element {
            Element::PictureUrl | Element::Location => self.picture.href = line.map(absolute),
            Element::Link => self.picture.link = line.map(absolute),
            Element::Title => self.picture.title = line,
            Element::Description => self.picture.description = line,
            Element::Width => self.picture.width = line.and_then(|line| line.parse().ok()),
            Element::Height => self.picture.height = line.and_then(|line| line.parse().ok()),
            _ => {}
        }
    }

    fn apply_to_person(&mut self, element: Element, tag: Tag<'a>) {
        let line = self.line(tag);
        match element {
            Element::Name => self.person.name = line,
            Element::Email => self.person.email = line,
            Element::Uri | Element::PictureUrl => {
                self.person.href = line.map(|url| self.scopes.absolute(url));
            }
            _ => {}
        }
    }

    fn apply_to_source(&mut self, element: Element, tag: Tag<'a>) {
        match element {
            Element::Title => {
                self.source.title = self.construct(tag, element).map(|text| plain(&text.value));
            }
            Element::Link => {
                let page = tag.attributes.get("rel").is_none_or(|rel| rel == "alternate");
                let href = tag.attributes.text("href");
                let href = self.line(tag).or(href).map(|url| self.scopes.absolute(url));
                if page || self.source.href.is_none() {
                    self.source.href = href;
                }
            }
            _ => drop(self.line(tag)),
        }
    }

    /// An element's text on one line; `None` if it has none.
    pub(super) fn line(&mut self, tag: Tag<'a>) -> Option<String> {
        let value = self.capture(tag, false, false).value;
        (!value.is_empty()).then_some(value)
    }

    fn draft_line(&mut self, tag: Tag<'a>, set: impl FnOnce(&mut document::Record, String)) {
        if let Some(line) = self.line(tag) {
            set(&mut self.draft().record, line);
        }
    }

    fn reference(&mut self, tag: Tag<'a>, set: impl FnOnce(&mut document::Record, String)) {
        if let Some(line) = tag.attributes.text("href").or_else(|| self.line(tag)) {
            let url = self.scopes.absolute(line);
            set(&mut self.draft().record, url);
        }
    }

    fn link(&mut self, tag: Tag<'a>) {
        let names = ["href", "resource", "rel", "type", "title", "length", "hreflang"];
        let [href, resource, rel, media_type, title, length, hreflang] = tag.attributes.texts(names);
        // With its address in an attribute it is usually empty, and often not closed.
        let Some(href) = href.or_else(|| self.line(tag)).or(resource) else {
            return;
        };
        let link = Link {
            href: self.scopes.absolute(href),
            rel,
            media_type,
            title,
            length,
            hreflang,
        };
        if link.rel.as_deref() == Some("next") && self.entry.is_none() {
            self.parts.extend(url::Url::parse(&link.href).ok());
        }
        self.draft().link(link);
    }

    fn id(&mut self, tag: Tag<'a>) {
        let is_guid = tag
            .name
            .rsplit(':')
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("guid"));
        let permanent = is_guid
            && tag
                .attributes
                .get("isPermaLink")
                .is_none_or(|value| !value.eq_ignore_ascii_case("false"));
        let Some(id) = self.line(tag) else { return };
        if permanent {
            let url = self.scopes.absolute(id.clone());
            self.draft().permalink(url);
        }
        self.draft().id(id, Rank::Own);
    }

    fn date(&mut self, element: Element, rank: Rank, tag: Tag<'a>) {
        let Some(line) = self.line(tag) else { return };
        let Some(at) = parse_date(&line) else {
            self.faults.date(&line);
            return;
        };
        let draft = self.draft();
        match element {
            Element::Updated => draft.updated(at, rank),
            Element::Created => draft.record.created = Some(at),
            _ => draft.published(at, rank),
        }
    }

    fn category(&mut self, namespace: Namespace, tag: Tag<'a>) {
        let names = ["scheme", "domain", "term", "text", "label"];
        let [scheme, domain, term, text, label] = tag.attributes.texts(names);
        let scheme = scheme.or(domain).or_else(|| match namespace {
            Namespace::Itunes => Some(ITUNES.to_owned()),
            Namespace::Media => Some(MEDIA.to_owned()),
            _ => None,
        });
        let term = term.or(text);
        // Podcast categories stand inside each other; what is inside is then read as a category of its own.
        let term = if namespace == Namespace::Itunes {
            term
        } else {
            self.line(tag).filter(|_| term.is_none()).or(term)
        };
        if term.is_some() || label.is_some() {
            self.draft().tag(document::Tag { term, scheme, label });
        }
    }

    fn tag_list(&mut self, tag: Tag<'a>) {
        let Some(line) = self.line(tag) else { return };
        for term in line.split(',').map(str::trim).filter(|term| !term.is_empty()) {
            self.draft().tag(document::Tag {
                term: Some(term.to_owned()),
                ..document::Tag::default()
            });
        }
    }

    fn language(&mut self, tag: Tag<'a>, rank: Rank) {
        if let Some(line) = self.line(tag) {
            self.draft().language(line.replace('_', "-"), rank);
        }
    }

    fn generator(&mut self, tag: Tag<'a>) {
        let href = tag.attributes.text("uri").or_else(|| tag.attributes.text("url"));
        let href = href.map(|url| self.scopes.absolute(url));
        let version = tag.attributes.text("version");
        let name = self.line(tag);
        self.draft().record.generator = Some(Generator { name, href, version });
    }

    /// An enclosure, or a picture given in attributes.
    fn file(&mut self, element: Element, tag: Tag<'a>) {
        let [url, href, rel, media_type, length] =
            tag.attributes.texts(["url", "href", "rel", "type", "length"]);
        let href = url.or(href).or_else(|| self.line(tag));
        let Some(href) = href.map(|href| self.scopes.absolute(href)) else {
            return;
        };
        if element == Element::Thumbnail {
            if rel.is_none_or(|rel| rel == "image") {
                self.draft().thumbnail(href);
            }
            return;
        }
        self.draft().link(Link {
            href,
            rel: Some("enclosure".to_owned()),
            media_type,
            length,
            ..Link::default()
        });
    }

    /// Where an entry happened: both degrees in one element, or one in each of two.
    fn location_of(&mut self, element: Element, tag: Tag<'a>) {
        let Some(line) = self.line(tag) else { return };
        let mut degrees = line
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter_map(|figures| figures.parse::<f64>().ok())
            .filter(|degrees| degrees.abs() <= 180.0);
        let (first, second) = (degrees.next(), degrees.next());
        let location = self.draft().record.location.get_or_insert_default();
        match (element, first, second) {
            (Element::Latitude, Some(latitude), _) => location.latitude = latitude,
            (Element::Longitude, Some(longitude), _) => location.longitude = longitude,
            (Element::Point, Some(latitude), Some(longitude)) => {
                *location = document::Location { latitude, longitude };
            }
            _ => {}
        }
    }

    /// A page of a sitemap, or a sitemap of an index.
    fn location(&mut self, tag: Tag<'a>) {
        let Some(line) = self.line(tag) else { return };
        let href = self.scopes.absolute(line);
        if self.entry.is_some() {
            self.draft().id(href.clone(), Rank::Own);
            self.draft().link(Link {
                href,
                ..Link::default()
            });
        } else if self.format == Some(Format::SitemapIndex) && self.parts.len() < self.limits.entries {
            self.parts.extend(url::Url::parse(&href).ok());
        }
    }
}
