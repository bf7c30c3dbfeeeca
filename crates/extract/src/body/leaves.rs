//! The page's text in lines as a browser would draw them, each with what is known of it: a leaf.

use std::ops::Range;

use reveille_model::BlockKind;

use crate::{
    body::{Reason, prune::Pruner},
    parse::{Document, Tag},
    survey::{self, Survey},
    text,
};

/// A page is read up to so much text, in bytes: that of several books' chapters.
const MAX_TEXT: usize = 512 << 10;

/// A page is read up to so many lines, three times as many as the largest pages of the press have.
const MAX_LINES: usize = 5_000;

/// A line of text: the text between two breaks of line.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// The innermost element that breaks lines around it.
    pub(crate) node: usize,
    /// The place of its first text, by which leaves are in order.
    pub(crate) start: usize,
    /// Its text in [`Leaves::text`].
    pub(crate) text: Range<usize>,
    /// Bytes of it inside links.
    pub(crate) link: usize,
    /// How many links it holds.
    pub(crate) links: usize,
    pub(crate) kind: BlockKind,
    /// Whether it stands in a `p`.
    pub(crate) paragraph: bool,
    /// Whether a sign-up form that lost its markup stands in it.
    pub(crate) holds_form: bool,
    /// Why it is no part of the body; `None` where it is.
    pub(crate) dropped: Option<Reason>,
}

/// All leaves of a page.
#[derive(Debug, Default)]
pub(crate) struct Leaves {
    pub(crate) text: String,
    pub(crate) list: Vec<Leaf>,
    /// Subtrees that were left out, and why.
    pub(crate) pruned: Vec<(usize, Reason)>,
}

impl Leaves {
    /// A leaf's text.
    pub(crate) fn text_of(&self, leaf: &Leaf) -> &str {
        &self.text[leaf.text.clone()]
    }
}

/// An open element that matters to the leaves inside.
struct Open {
    end: usize,
    node: usize,
    kind: Option<BlockKind>,
    breaks: bool,
}

struct Collector<'a, 'p> {
    page: &'a Document<'p>,
    pruner: Pruner<'a, 'p>,
    leaves: Leaves,
    open: Vec<Open>,
    /// What stands before this place is inside a link.
    link_end: usize,
    /// Where the line being built begins in the text.
    from: usize,
    line_start: Option<usize>,
    line_links: usize,
    line_link_bytes: usize,
}

/// Collects the leaves of a page, without the subtrees that [`Pruner::verdict`] leaves out.
pub(crate) fn collect(page: &Document<'_>, survey: &Survey, strict: bool) -> Leaves {
    let length = survey.amount(page.subtree(0)).text as usize;
    let mut collector = Collector {
        page,
        pruner: Pruner::new(page, survey, strict),
        leaves: Leaves {
            text: String::with_capacity(length.min(MAX_TEXT)),
            ..Leaves::default()
        },
        open: vec![Open {
            end: page.nodes().len(),
            node: 0,
            kind: None,
            breaks: true,
        }],
        link_end: 0,
        from: 0,
        line_start: None,
        line_links: 0,
        line_link_bytes: 0,
    };
    let mut at = 0;
    while at < page.nodes().len() && !collector.is_full() {
        collector.leave_ended(at);
        let node = page.node(at);
        match node.tag {
            Tag::Text => collector.append(at),
            Tag::Br => collector.line_break(at),
            tag if collector.leaves_out(at, tag) => {
                if tag.breaks_line() {
                    collector.end_line();
                }
                at = node.end as usize;
                continue;
            }
            tag => collector.enter(at, tag),
        }
        at += 1;
    }
    collector.end_line();
    collector.leaves
}

impl Collector<'_, '_> {
    fn is_full(&self) -> bool {
        self.leaves.text.len() >= MAX_TEXT || self.leaves.list.len() >= MAX_LINES
    }

    /// Leaves the elements that end before this place.
    fn leave_ended(&mut self, at: usize) {
        while self.open.len() > 1 && self.open.last().is_some_and(|open| open.end <= at) {
            // The line belongs to the element that ends here.
            if self.open.last().is_some_and(|open| open.breaks) {
                self.end_line();
            }
            self.open.pop();
        }
    }

    /// Whether a subtree is left out. Why is kept, but for what is no text to begin with.
    fn leaves_out(&mut self, at: usize, tag: Tag) -> bool {
        // Some pages hold their text for readers without script only.
        let is_silent = survey::is_silent(tag) && (self.pruner.strict || tag != Tag::Noscript);
        if is_silent || survey::is_reading(self.page, at) {
            return true;
        }
        let Some(reason) = self.pruner.verdict(at) else {
            return false;
        };
        self.leaves.pruned.push((at, reason));
        true
    }

    /// Takes a text on to the line.
    fn append(&mut self, at: usize) {
        let before = self.leaves.text.len();
        let raw = self.page.raw_text(at);
        let raw = &raw[..raw.floor_char_boundary(MAX_TEXT)];
        text::append_folded(raw, &mut self.leaves.text, self.from);
        let added = self.leaves.text.len() - before;
        if added > 0 {
            self.line_start.get_or_insert(at);
        }
        if at < self.link_end {
            self.line_link_bytes += added;
        }
    }

    fn enter(&mut self, at: usize, tag: Tag) {
        let end = self.page.node(at).end as usize;
        if tag == Tag::A {
            self.link_end = self.link_end.max(end);
            self.line_links += 1;
        }
        let cell_of_row = matches!(tag, Tag::Td | Tag::Th)
            && self
                .open
                .iter()
                .rev()
                .any(|open| open.kind == Some(BlockKind::TableRow));
        if cell_of_row {
            if self.leaves.text.len() > self.from {
                text::trim_end(&mut self.leaves.text, self.from);
                self.leaves.text.push('\t');
            }
            return;
        }
        let kind = self.pruner.kind(at, tag);
        let breaks = tag.breaks_line();
        if breaks {
            self.end_line();
        }
        if breaks || kind.is_some() {
            self.open.push(Open {
                end,
                node: at,
                kind,
                breaks,
            });
        }
    }

    /// Two breaks in a row end a paragraph; one is white space.
    fn line_break(&mut self, at: usize) {
        let next = (at + 1..self.page.nodes().len()).find(|next| {
            let tag = self.page.node(*next).tag;
            !(tag == Tag::Text && self.page.raw_text(*next).trim_ascii().is_empty())
        });
        let doubled = next.is_some_and(|next| self.page.node(next).tag == Tag::Br);
        if doubled {
            self.end_line();
        } else {
            text::append_folded(" ", &mut self.leaves.text, self.from);
        }
    }

    fn end_line(&mut self) {
        if self.leaves.text.len() == self.from {
            // Deeply nested empty elements must cost nothing each.
            (self.line_links, self.line_link_bytes) = (0, 0);
            return;
        }
        let (node, kind, paragraph) = self.surroundings();
        self.push_line(node, kind, paragraph);
    }

    /// The innermost breaking element, the kind of block and whether a paragraph is open.
    fn surroundings(&self) -> (usize, BlockKind, bool) {
        let node = self
            .open
            .iter()
            .rev()
            .find(|open| open.breaks)
            .map_or(0, |open| open.node);
        // A caption stays one whatever is set inside it.
        let caption = self
            .open
            .iter()
            .any(|open| self.page.node(open.node).tag == Tag::Figcaption);
        let kind = self.open.iter().rev().find_map(|open| open.kind);
        let kind = if caption {
            BlockKind::Caption
        } else {
            kind.unwrap_or(BlockKind::Paragraph)
        };
        (node, kind, self.page.node(node).tag == Tag::P)
    }

    fn push_line(&mut self, node: usize, kind: BlockKind, paragraph: bool) {
        text::trim_end(&mut self.leaves.text, self.from);
        if kind == BlockKind::Caption && self.leaves.text[self.from..].contains('\t') {
            // What a table within it has in cells stands side by side.
            let line = self.leaves.text.split_off(self.from).replace('\t', " ");
            self.leaves.text.push_str(line.trim_end());
        }
        let range = self.from..self.leaves.text.len();
        if self.leaves.text[range.clone()].chars().any(char::is_alphanumeric) {
            self.leaves.list.push(Leaf {
                node,
                start: self.line_start.unwrap_or(node),
                link: self.line_link_bytes.min(range.len()),
                links: self.line_links,
                text: range,
                kind,
                paragraph,
                holds_form: false,
                dropped: None,
            });
        }
        self.from = self.leaves.text.len();
        self.line_start = None;
        (self.line_links, self.line_link_bytes) = (0, 0);
    }
}
