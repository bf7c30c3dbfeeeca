//! A lenient HTML parser: an index arena over the page's text, made for reading news pages quickly.
//!
//! It keeps offsets only: character references and attributes are decoded where somebody asks for them. It
//! builds no DOM that could be changed and knows nothing of articles.

mod entities;
mod tag;
mod tokens;
mod tree;

use std::{borrow::Cow, ops::Range};

pub use entities::decode_into;
pub use tag::Tag;
pub use tokens::Attribute;

/// Elements nested deeper than this become siblings, as in browsers.
pub const MAX_DEPTH: usize = 512;

/// A page is read up to this many nodes, twice as many as the largest pages of the press have.
pub const MAX_NODES: usize = 1 << 16;

/// A page is read up to this many attributes, ten times as many as the largest pages of the press have.
pub const MAX_ATTRIBUTES: usize = 1 << 17;

/// A page is read up to this many bytes, twice as many as the largest pages of the press have.
pub const MAX_BYTES: usize = 4 << 20;

/// An element or a run of text.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// What it is.
    pub tag: Tag,
    /// How many attributes an element has.
    attributes: u16,
    /// Where a text starts in the source; where the name of an element ends.
    start: u32,
    /// Where a text stops in the source; which is the first of an element's attributes.
    stop: u32,
    /// The element it stands in; the root's is itself.
    pub parent: u32,
    /// The node after the last of its subtree.
    pub end: u32,
}

/// A parsed page. Node 0 is the root; nodes stand in the order of the source. White space before and right behind the
/// start tag of a block is not drawn and leaves no node.
///
/// ```
/// use reveille_extract::parse::{Document, Tag};
/// let page = Document::parse("<ul><li>Tide <b>&amp;</b> wind<li class=last>Fog");
/// let items: Vec<usize> = page.subtree(0).filter(|at| page.node(*at).tag == Tag::Li).collect();
/// assert_eq!(page.text(items[0]), "Tide & wind");
/// assert_eq!(page.attribute(items[1], "class").as_deref(), Some("last"));
/// ```
#[derive(Debug)]
pub struct Document<'a> {
    source: &'a str,
    nodes: Vec<Node>,
    /// The attributes of all elements, in the order of the source.
    attributes: Vec<tokens::Span>,
}

impl<'a> Document<'a> {
    /// Parses a page, up to [`MAX_BYTES`] of it. Never fails.
    #[must_use]
    pub fn parse(page: &'a str) -> Self {
        let mut cut = page.len().min(MAX_BYTES);
        while !page.is_char_boundary(cut) {
            cut -= 1;
        }
        tree::parse(&page[..cut])
    }

    /// All nodes.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// One node; the root where there is no such node.
    #[must_use]
    pub fn node(&self, at: usize) -> &Node {
        &self.nodes[if at < self.nodes.len() { at } else { 0 }]
    }

    /// The places of a node's subtree, itself first.
    #[must_use]
    pub fn subtree(&self, at: usize) -> Range<usize> {
        at..self.node(at).end as usize
    }

    /// The places of a node's children.
    pub fn children(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.node(at).end as usize;
        let mut next = at + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = next;
                next = self.node(child).end as usize;
                child
            })
        })
    }

    /// The places of the nodes after this one in its parent.
    pub fn following_siblings(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.node(self.node(at).parent as usize).end as usize;
        let next = move |place: usize| Some(self.node(place).end as usize).filter(|next| *next < end);
        std::iter::successors(next(at), move |place| next(*place))
    }

    /// The places of a node's ancestors, nearest first, the root last.
    pub fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let mut here = at;
        std::iter::from_fn(move || {
            (here != 0).then(|| {
                here = self.node(here).parent as usize;
                here
            })
        })
    }

    /// The source of a text node, character references and white space as they stand; empty for elements.
    #[must_use]
    pub fn raw_text(&self, at: usize) -> &'a str {
        let node = self.node(at);
        if node.tag.is_text() {
            &self.source[node.start as usize..node.stop as usize]
        } else {
            ""
        }
    }

    /// The name of an element, as written; empty for text.
    #[must_use]
    pub fn name(&self, at: usize) -> &'a str {
        let node = self.node(at);
        if node.tag.is_text() {
            return "";
        }
        let before = &self.source[..node.start as usize];
        &before[before
            .rfind(['<', '/'])
            .map_or(before.len(), |bracket| bracket + 1)..]
    }

    /// The attributes of an element.
    pub fn attributes(&self, at: usize) -> impl Iterator<Item = Attribute<'a>> + use<'a, '_> {
        let node = self.node(at);
        let spans = if node.attributes == 0 {
            &[]
        } else {
            &self.attributes[node.stop as usize..][..usize::from(node.attributes)]
        };
        let source = self.source;
        spans.iter().map(move |span| Attribute { source, span: *span })
    }

    /// The value of an attribute by its name in lower case.
    #[must_use]
    pub fn attribute(&self, at: usize, name: &str) -> Option<Cow<'a, str>> {
        self.attributes(at)
            .find(|attribute| attribute.is(name))
            .map(|attribute| attribute.value())
    }

    /// The text of a subtree with white space folded; scripts and styles left out.
    #[must_use]
    pub fn text(&self, at: usize) -> String {
        let mut text = String::new();
        self.text_into(at, &mut text);
        text
    }

    /// Appends the text of a subtree, white space folded.
    pub fn text_into(&self, at: usize, out: &mut String) {
        let from = out.len();
        for place in self.subtree(at) {
            match self.nodes[place].tag {
                Tag::Text => crate::text::append_folded(self.raw_text(place), out, from),
                tag if tag.breaks_line() || tag == Tag::Br => crate::text::append_folded(" ", out, from),
                _ => {}
            }
        }
        crate::text::trim_end(out, from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_before_and_behind_start_tags_of_blocks_leaves_no_node() {
        let page = Document::parse("<div>\n <p>a</p>\n <p><b>b</b> <i>c</i></div> <ul> <li>d </li> <li> e");
        let texts = (0..page.nodes().len()).filter(|at| page.node(*at).tag == Tag::Text);
        let texts: Vec<&str> = texts.map(|at| page.raw_text(at)).collect();
        assert_eq!(texts, ["a", "b", " ", "c", "d ", " e"]);
    }

    #[test]
    fn control_characters_are_text() {
        let page = Document::parse("\u{1}");
        assert_eq!(page.raw_text(page.nodes().len() - 1), "\u{1}");
    }
}
