//! One pass over a parsed page: what each element's attributes say of it, and how much text lies where.

use crate::{
    body::vocabulary::{Marks, Names},
    parse::{Document, Node, Tag},
    text::AnyOf,
};

/// Amounts of text before a node, in bytes without surrounding white space; differences give those of a subtree.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Amount {
    /// All of it.
    pub(crate) text: u32,
    /// Inside links.
    pub(crate) link: u32,
    /// Inside paragraphs, outside links.
    pub(crate) prose: u32,
    /// Fields of forms, in number.
    pub(crate) fields: u32,
}

/// So many candidates of a kind are looked at; the richest pages of the press have a few hundred.
pub(crate) const MOST: usize = 1000;

/// What one pass over the page found, of each kind no more than [`MOST`].
#[derive(Debug, Default)]
pub(crate) struct Survey {
    marks: Vec<Marks>,
    amounts: Vec<Amount>,
    /// `meta` elements.
    pub(crate) metas: Vec<u32>,
    /// `link` elements.
    pub(crate) links: Vec<u32>,
    /// JSON-LD scripts.
    pub(crate) jsonld: Vec<u32>,
    /// The page's `title` elements.
    pub(crate) titles: Vec<u32>,
    /// `h1` elements.
    pub(crate) h1s: Vec<u32>,
    /// Elements other than `h1` that say they are the headline.
    pub(crate) headlines: Vec<u32>,
    /// `time` elements.
    pub(crate) times: Vec<u32>,
    /// Elements with an `itemprop`, and its value's first word.
    pub(crate) properties: Vec<(u32, String)>,
    /// Elements that say they name an author.
    pub(crate) bylines: Vec<u32>,
    /// `article` elements.
    pub(crate) articles: Vec<u32>,
}

impl Survey {
    /// Surveys a page.
    pub(crate) fn of(page: &Document<'_>) -> Self {
        let nodes = page.nodes();
        let mut survey = Self {
            marks: vec![Marks::NONE; nodes.len()],
            amounts: Vec::with_capacity(nodes.len() + 1),
            ..Self::default()
        };
        let mut names = Names::default();
        let mut sum = Amount::default();
        let (mut link_end, mut prose_end, mut silent_end, mut inner_end) = (0, 0, 0, 0);
        for (at, node) in nodes.iter().enumerate() {
            survey.amounts.push(sum);
            match node.tag {
                Tag::Text => {
                    if at >= silent_end {
                        let length = page.raw_text(at).trim_ascii().len() as u32;
                        sum.text += length;
                        if at < link_end {
                            sum.link += length;
                        } else if at < prose_end {
                            sum.prose += length;
                        }
                    }
                    continue;
                }
                Tag::Textarea | Tag::Select => sum.fields += 1,
                Tag::Input if is_typed_into(page, at) => sum.fields += 1,
                Tag::A => link_end = link_end.max(node.end as usize),
                Tag::P | Tag::Blockquote => prose_end = prose_end.max(node.end as usize),
                tag if is_silent(tag) => silent_end = silent_end.max(node.end as usize),
                _ => {}
            }
            if at < inner_end {
                continue;
            }
            if matches!(node.tag, Tag::Svg | Tag::Select) {
                // The parts of drawings and lists of choices say nothing of the article.
                inner_end = node.end as usize;
                continue;
            }
            survey.element(page, at, &mut names);
        }
        survey.amounts.push(sum);
        survey.truncate();
        survey
    }

    fn truncate(&mut self) {
        for list in [
            &mut self.metas,
            &mut self.links,
            &mut self.jsonld,
            &mut self.titles,
            &mut self.h1s,
            &mut self.headlines,
            &mut self.times,
            &mut self.bylines,
            &mut self.articles,
        ] {
            list.truncate(MOST);
        }
        self.properties.truncate(MOST);
    }

    fn element(&mut self, page: &Document<'_>, at: usize, names: &mut Names) {
        let (place, tag) = (at as u32, page.node(at).tag);
        if !self.list(page, at, tag) {
            return;
        }
        let marks = self.marks_of(page, at, names);
        if marks.any(Marks::HEADLINE)
            && tag != Tag::H1
            && (tag.is_heading() || matches!(tag, Tag::Div | Tag::Span | Tag::P))
        {
            self.headlines.push(place);
        }
        if marks.any(Marks::AUTHOR) && !matches!(tag, Tag::Body | Tag::Html | Tag::Article) {
            self.bylines.push(place);
        }
        self.marks[at] = marks;
    }

    /// Notes an element by its tag, and says whether its attributes may say more.
    fn list(&mut self, page: &Document<'_>, at: usize, tag: Tag) -> bool {
        let place = at as u32;
        match tag {
            Tag::Meta => self.metas.push(place),
            Tag::Link => self.links.push(place),
            Tag::Script => {
                let is_data = page.attributes(at).any(|attribute| {
                    attribute.is("type") && attribute.raw().to_ascii_lowercase().contains("ld+json")
                });
                if is_data {
                    self.jsonld.push(place);
                }
            }
            Tag::Title => self.titles.push(place),
            Tag::H1 => self.h1s.push(place),
            Tag::Time => self.times.push(place),
            Tag::Article => self.articles.push(place),
            _ => {}
        }
        !matches!(
            tag,
            Tag::Raw
                | Tag::Br
                | Tag::Style
                | Tag::Img
                | Tag::Wbr
                | Tag::B
                | Tag::I
                | Tag::Source
                | Tag::Picture
                | Tag::Link
                | Tag::Script
                | Tag::Title
        )
    }

    /// What an element's attributes say of it. What is a property, or links its author, is noted as well.
    fn marks_of(&mut self, page: &Document<'_>, at: usize, names: &mut Names) -> Marks {
        let place = at as u32;
        let Node { tag, end, .. } = *page.node(at);
        // What holds nothing is part of nothing, whatever it is called.
        let holds = end > place + 1;
        let mut marks = Marks::NONE;
        for attribute in page.attributes(at) {
            // Most attributes are told apart by their first letter.
            match attribute.name_bytes()[0] | 0x20 {
                b'c' if holds && attribute.is("class") => marks = marks.with(names.marks(attribute.raw())),
                b'i' if holds && attribute.is("id") => marks = marks.with(names.marks(attribute.raw())),
                b'i' if attribute.is("itemprop") => {
                    let word = attribute
                        .raw()
                        .split_ascii_whitespace()
                        .next()
                        .unwrap_or_default();
                    marks = marks.with(property(word));
                    self.properties.push((place, word.to_owned()));
                }
                b'p' if attribute.is("property") && tag != Tag::Meta => {
                    let word = attribute.raw().rsplit(':').next().unwrap_or_default();
                    if matches!(
                        word,
                        "articleBody" | "text" | "author" | "datePublished" | "headline"
                    ) {
                        marks = marks.with(property(word));
                    }
                }
                b'r' if attribute.is("role") => marks = marks.with(role(attribute.raw())),
                b'r' if attribute.is("rel")
                    && tag == Tag::A
                    && attribute
                        .raw()
                        .split_ascii_whitespace()
                        .any(|rel| rel == "author") =>
                {
                    self.bylines.push(place);
                }
                // React streams content in hidden elements that its script puts in place.
                b'h' if attribute.is("hidden") && !is_streamed(page, at) => marks = marks.with(Marks::HIDDEN),
                b'a' if attribute.is("aria-hidden") && attribute.raw() == "true" && tag != Tag::Div => {
                    marks = marks.with(Marks::HIDDEN);
                }
                b's' if attribute.is("style") && is_hidden(attribute.raw()) => {
                    marks = marks.with(Marks::HIDDEN);
                }
                b'd' if is_name_of_part(attribute.name_bytes()) => {
                    marks = marks.with(names.marks(attribute.raw()));
                }
                _ => {}
            }
        }
        marks
    }

    /// What an element's attributes say of it.
    pub(crate) fn marks(&self, at: usize) -> Marks {
        self.marks.get(at).copied().unwrap_or_default()
    }

    /// How much text lies in a range of nodes.
    pub(crate) fn amount(&self, nodes: std::ops::Range<usize>) -> Amount {
        let last = self.amounts.len() - 1;
        let (from, to) = (
            self.amounts[nodes.start.min(last)],
            self.amounts[nodes.end.min(last)],
        );
        Amount {
            text: to.text - from.text,
            link: to.link - from.link,
            prose: to.prose - from.prose,
            fields: to.fields - from.fields,
        }
    }
}

/// Whether this says how the signs before it are read (ruby), above them only: where the page has brackets for it, it is
/// part of the text on paper, too.
pub(crate) fn is_reading(page: &Document<'_>, at: usize) -> bool {
    let before = || page.node(page.node(at.saturating_sub(1)).parent as usize);
    page.node(at).tag == Tag::Rt && before().tag != Tag::Rp
}

/// Elements whose text is not drawn as part of the page's text.
pub(crate) fn is_silent(tag: Tag) -> bool {
    use Tag::*;
    matches!(
        tag,
        Head | Script
            | Style
            | Noscript
            | Template
            | Select
            | Option
            | Textarea
            | Button
            | Svg
            | Iframe
            | Object
            | Title
            | Canvas
            | Audio
            | Video
            | Noframes
            | Noembed
            | Dialog
            | Applet
            | Input
    )
}

/// Whether a reader types into an input: an address, a name, a word to search for.
fn is_typed_into(page: &Document<'_>, at: usize) -> bool {
    page.attribute(at, "type")
        .is_none_or(|kind| matches!(kind.as_ref(), "text" | "email" | "tel" | "search" | "password"))
}

fn property(word: &str) -> Marks {
    match word {
        "articleBody" | "reviewBody" => Marks::BODY,
        "author" | "creator" => Marks::AUTHOR,
        "headline" => Marks::HEADLINE,
        "datePublished" | "dateModified" | "keywords" => Marks::META,
        "comment" => Marks::COMMENTS,
        "caption" => Marks::CAPTION,
        _ => Marks::NONE,
    }
}

fn role(value: &str) -> Marks {
    match value {
        "navigation" | "menu" | "menubar" | "tablist" => Marks::NAVIGATION,
        "complementary" => Marks::SIDEBAR,
        "contentinfo" => Marks::FOOTER,
        "search" | "form" => Marks::FORM,
        "dialog" | "alertdialog" => Marks::CONSENT,
        _ => Marks::NONE,
    }
}

fn is_hidden(style: &str) -> bool {
    static HIDDEN: AnyOf = AnyOf::of(&[
        "display:none",
        "display: none",
        "visibility:hidden",
        "visibility: hidden",
    ]);
    HIDDEN.stands_in(style)
}

fn is_streamed(page: &Document<'_>, at: usize) -> bool {
    page.attribute(at, "id").is_some_and(|id| id.starts_with("S:"))
}

/// Attributes in which component systems name a part of the page.
fn is_name_of_part(name: &[u8]) -> bool {
    matches!(
        name,
        b"data-testid"
            | b"data-component"
            | b"data-type"
            | b"data-module"
            | b"data-widget"
            | b"data-block"
            | b"data-qa"
            | b"data-widget-type"
            | b"data-component-name"
            | b"data-tb-region"
            | b"data-print-layout"
            | b"data-block-type"
    )
}
