//! The tree builder: the rules of HTML Standard, 13.2.6, that bear on the text of real pages.
//!
//! Nodes stand in the order of the source and each knows where its subtree ends, so a subtree is a slice and a
//! walk is a loop. Content is never moved: where the standard re-parents (misnested formatting, stray content in
//! tables) the text keeps its place in the source, which is its place on the screen but for a few oddities.

use super::{
    Document, MAX_DEPTH, MAX_NODES, Node,
    tag::{Inside, Tag},
    tokens::{self, Span, Token},
};
use crate::scan;

/// An element whose end tag has not come yet.
#[derive(Debug, Clone, Copy)]
struct Open {
    tag: Tag,
    node: u32,
}

struct Builder<'a> {
    source: &'a str,
    nodes: Vec<Node>,
    /// Attributes; those of a start tag are the last when its element is added.
    attributes: Vec<Span>,
    stack: Vec<Open>,
    /// Open `svg` and `math` elements.
    foreign: u32,
    /// Open `select` elements.
    selects: u32,
    /// Open paragraphs.
    paragraphs: u32,
    seen_body: bool,
}

/// Parses a page. Never fails; time and memory are linear in its length.
pub(super) fn parse(source: &str) -> Document<'_> {
    let mut builder = Builder {
        source,
        // Pages have a node for each twenty bytes or so.
        nodes: Vec::with_capacity((source.len() / 20 + 16).min(MAX_NODES)),
        attributes: Vec::with_capacity(source.len() / 80),
        stack: Vec::with_capacity(64),
        foreign: 0,
        selects: 0,
        paragraphs: 0,
        seen_body: false,
    };
    builder.push(Tag::Html, 0, 0);
    builder.run();
    builder.close_from(0);
    Document {
        source,
        nodes: builder.nodes,
        attributes: builder.attributes,
    }
}

impl Builder<'_> {
    fn run(&mut self) {
        let bytes = self.source.as_bytes();
        let (mut at, mut text_from) = (0, 0);
        while self.nodes.len() < MAX_NODES {
            let Some(start) = tokens::next_markup(bytes, at) else {
                break;
            };
            let first = self.attributes.len();
            let token = tokens::markup(bytes, start, self.foreign > 0, &mut self.attributes);
            let Some((token, end)) = token else {
                at = start + 1;
                continue;
            };
            if text_from < start {
                let next = match token {
                    Token::Open { tag, .. } => Some(tag),
                    _ => None,
                };
                self.text(text_from, start, next);
            }
            at = match token {
                Token::Open {
                    tag,
                    name_end,
                    closes_itself,
                } => self.open(tag, name_end, first, end, closes_itself),
                Token::Close { tag } => {
                    self.close(tag, end);
                    end
                }
                Token::Nothing => end,
            };
            text_from = at;
        }
        if self.nodes.len() < MAX_NODES && text_from < bytes.len() {
            self.text(text_from, bytes.len(), None);
        }
    }

    fn top(&self) -> Tag {
        self.stack.last().map_or(Tag::Html, |open| open.tag)
    }

    fn add_text(&mut self, tag: Tag, start: usize, stop: usize) {
        self.add_node(tag, 0, start, stop);
    }

    /// Adds the element whose name ends at `name_end` and whose attributes are those from `first` on.
    fn add(&mut self, tag: Tag, name_end: usize, first: usize) -> u32 {
        self.add_node(tag, self.attributes.len() - first, name_end, first)
    }

    fn add_node(&mut self, tag: Tag, attributes: usize, start: usize, stop: usize) -> u32 {
        // Numbers fit: pages are cut at MAX_BYTES, nodes at MAX_NODES, the attributes of an element at some hundreds.
        let node = self.nodes.len() as u32;
        self.nodes.push(Node {
            tag,
            attributes: attributes as u16,
            start: start as u32,
            stop: stop as u32,
            parent: self.stack.last().map_or(0, |open| open.node),
            end: node + 1,
        });
        node
    }

    fn push(&mut self, tag: Tag, name_end: usize, first: usize) {
        let node = self.add(tag, name_end, first);
        if self.stack.len() < MAX_DEPTH {
            self.stack.push(Open { tag, node });
            self.count(tag, 1);
        }
    }

    /// Keeps the counts that spare most searches of the stack.
    fn count(&mut self, tag: Tag, by: i32) {
        match tag {
            Tag::Svg | Tag::Math => self.foreign = self.foreign.saturating_add_signed(by),
            Tag::Select => self.selects = self.selects.saturating_add_signed(by),
            Tag::P => self.paragraphs = self.paragraphs.saturating_add_signed(by),
            _ => {}
        }
    }

    /// Closes the open elements from this place of the stack on.
    fn close_from(&mut self, at: usize) {
        let end = self.nodes.len() as u32;
        while self.stack.len() > at {
            let Some(open) = self.stack.pop() else { return };
            self.count(open.tag, -1);
            self.nodes[open.node as usize].end = end;
        }
    }

    /// The place on the stack of the nearest open element that `wanted` accepts, not looking across `bounds`.
    fn find(&self, wanted: impl Fn(Tag) -> bool, bounds: impl Fn(Tag) -> bool) -> Option<usize> {
        for (at, open) in self.stack.iter().enumerate().skip(1).rev() {
            if wanted(open.tag) {
                return Some(at);
            }
            if bounds(open.tag) {
                return None;
            }
        }
        None
    }

    fn close_if_open(&mut self, wanted: impl Fn(Tag) -> bool, bounds: impl Fn(Tag) -> bool) -> bool {
        let found = self.find(wanted, bounds);
        if let Some(at) = found {
            self.close_from(at);
        }
        found.is_some()
    }

    fn close_paragraph(&mut self) -> bool {
        self.paragraphs > 0
            && self.close_if_open(
                |tag| tag == Tag::P,
                |tag| tag.bounds_scope() || tag == Tag::Button,
            )
    }

    /// Adds text that stands before the start tag of `next`, if it is before one.
    fn text(&mut self, start: usize, stop: usize, next: Option<Tag>) {
        if scan::is_blank(&self.source.as_bytes()[start..stop]) && self.is_never_drawn(next) {
            return;
        }
        if self.top() == Tag::Head {
            self.close_from(self.stack.len() - 1);
        }
        self.add_text(Tag::Text, start, stop);
    }

    /// Whether white space is not drawn here: outside the body, and at the edges of blocks.
    fn is_never_drawn(&self, next: Option<Tag>) -> bool {
        let top = self.stack.last().filter(|_| self.stack.len() > 1);
        top.is_none_or(|open| {
            let first = open.node as usize + 1 == self.nodes.len();
            open.tag == Tag::Head || first && open.tag.closes_paragraph()
        }) || next.is_some_and(|tag| tag.closes_paragraph() || tag == Tag::Li)
    }

    /// Handles a start tag that ends at `end`; returns where the tokenizer goes on.
    fn open(&mut self, tag: Tag, name_end: usize, first: usize, end: usize, closes_itself: bool) -> usize {
        if self.foreign > 0 && self.open_foreign(tag, name_end, first, closes_itself) {
            return end;
        }
        match tag {
            Tag::Html => {
                // A page has one; its attributes belong to the root.
                let root = &mut self.nodes[0];
                if root.start == 0 {
                    root.attributes = (self.attributes.len() - first) as u16;
                    (root.start, root.stop) = (name_end as u32, first as u32);
                }
                return end;
            }
            Tag::Body if self.seen_body => return end,
            Tag::Head if self.seen_body || self.stack.len() > 1 => return end,
            _ => {}
        }
        if !self.make_room(tag) {
            return end;
        }
        if tag.is_void() {
            self.add(tag, name_end, first);
            return end;
        }
        self.push(tag, name_end, first);
        match tag.inside() {
            Inside::Markup => {
                if closes_itself && matches!(tag, Tag::Svg | Tag::Math) {
                    self.close_from(self.stack.len() - 1);
                }
                end
            }
            inside => self.raw(tag, inside, end),
        }
    }

    /// Reads raw text after the start tag of the element on top; returns the offset of its end tag.
    fn raw(&mut self, tag: Tag, inside: Inside, from: usize) -> usize {
        let name: &[u8] = match tag {
            Tag::Style => b"style",
            Tag::Title => b"title",
            Tag::Textarea => b"textarea",
            Tag::Iframe => b"iframe",
            Tag::Noembed => b"noembed",
            Tag::Noframes => b"noframes",
            _ => b"xmp",
        };
        let stop = match tag {
            Tag::Script => tokens::script_end(self.source.as_bytes(), from),
            _ => tokens::raw_text_end(self.source.as_bytes(), from, name),
        };
        if stop > from {
            let kind = if inside == Inside::Raw {
                Tag::Raw
            } else {
                Tag::Text
            };
            self.add_text(kind, from, stop);
        }
        // At the depth cap the element was not pushed, and closing would hit its parent.
        if self.top() == tag {
            self.close_from(self.stack.len() - 1);
        }
        if stop == self.source.len() {
            return stop;
        }
        tokens::end_tag(self.source.as_bytes(), stop).1
    }

    /// Inside `svg` and `math` self-closing tags count, and HTML's block elements break out. True where the tag
    /// has been dealt with.
    fn open_foreign(&mut self, tag: Tag, name_end: usize, first: usize, closes_itself: bool) -> bool {
        let foreign = |tag| matches!(tag, Tag::Svg | Tag::Math);
        let Some(outer) = self.find(foreign, |tag| tag == Tag::ForeignObject) else {
            return false;
        };
        if tag.closes_paragraph()
            || matches!(
                tag,
                Tag::Img | Tag::Span | Tag::Body | Tag::Head | Tag::Meta | Tag::Br
            )
        {
            self.close_from(outer);
            return false;
        }
        if closes_itself {
            self.add(tag, name_end, first);
            return true;
        }
        if matches!(tag, Tag::Script | Tag::Style | Tag::Title) {
            return false;
        }
        self.push(tag, name_end, first);
        true
    }

    /// Closes what the start tag of `tag` implies to be closed. False where the tag is to be ignored.
    fn make_room(&mut self, tag: Tag) -> bool {
        use Tag::*;
        if self.top() == Head && !tag.may_stand_in_head() {
            self.close_from(self.stack.len() - 1);
        }
        let in_select = if self.selects > 0 {
            self.find(|tag| tag == Select, Tag::bounds_scope)
        } else {
            None
        };
        if let Some(select) = in_select {
            match tag {
                Option | Optgroup | Hr | Script | Template => {}
                Input | Textarea | Select => self.close_from(select),
                // A select without end tag must not swallow the page.
                _ if tag.closes_paragraph() => self.close_from(select),
                _ => return false,
            }
        }
        if tag.closes_paragraph() {
            self.close_paragraph();
        }
        let item_bounds = |tag: Tag| tag.is_special() && !matches!(tag, Address | Div | P);
        match tag {
            Body => self.seen_body = true,
            H1 | H2 | H3 | H4 | H5 | H6 if self.top().is_heading() => self.close_from(self.stack.len() - 1),
            Li => {
                self.close_if_open(|tag| tag == Li, item_bounds);
                self.close_paragraph();
            }
            Dd | Dt => {
                self.close_if_open(|tag| matches!(tag, Dd | Dt), item_bounds);
                self.close_paragraph();
            }
            A => {
                self.close_if_open(|tag| tag == A, Tag::is_special);
            }
            Nobr => {
                self.close_if_open(|tag| tag == Nobr, Tag::is_special);
            }
            Button => {
                self.close_if_open(|tag| tag == Button, Tag::bounds_scope);
            }
            Form => return self.find(|tag| tag == Form, |tag| tag == Template).is_none(),
            Option if self.top() == Option => self.close_from(self.stack.len() - 1),
            Optgroup => {
                self.close_if_open(|tag| matches!(tag, Option | Optgroup), |tag| tag == Select);
            }
            Table if matches!(self.top(), Table | Tbody | Thead | Tfoot | Tr) => {
                self.close_if_open(|tag| tag == Table, |_| false);
            }
            Caption | Colgroup | Col | Tbody | Thead | Tfoot | Tr | Td | Th => {
                return self.make_room_in_table(tag);
            }
            _ => {}
        }
        true
    }

    fn make_room_in_table(&mut self, tag: Tag) -> bool {
        use Tag::*;
        let Some(table) = self.find(|tag| tag == Table, |tag| matches!(tag, Template | Html)) else {
            return false;
        };
        let ends: fn(Tag) -> bool = match tag {
            Td | Th => |tag| matches!(tag, Td | Th | Caption | Colgroup),
            Tr => |tag| matches!(tag, Tr | Caption | Colgroup),
            _ => |tag| matches!(tag, Tbody | Thead | Tfoot | Caption | Colgroup),
        };
        let first = (table + 1..self.stack.len()).find(|at| ends(self.stack[*at].tag));
        let first = match (first, tag) {
            (None, Caption | Colgroup | Tbody | Thead | Tfoot) => Some(table + 1),
            // A row that was opened straight under the table.
            (None, Tr) => (table + 1..self.stack.len()).find(|at| matches!(self.stack[*at].tag, Td | Th)),
            (first, _) => first,
        };
        if let Some(at) = first.filter(|at| *at < self.stack.len()) {
            self.close_from(at);
        }
        true
    }

    fn close(&mut self, tag: Tag, end: usize) {
        use Tag::*;
        match tag {
            Html | Body => {}
            Head => {
                if self.top() == Head {
                    self.close_from(self.stack.len() - 1);
                }
            }
            Br => {
                self.add(Br, end, self.attributes.len());
            }
            P => {
                if !self.close_paragraph() && self.selects == 0 {
                    self.add(P, end, self.attributes.len());
                }
            }
            Li => {
                self.close_if_open(
                    |tag| tag == Li,
                    |tag| tag.bounds_scope() || matches!(tag, Ol | Ul | Menu | Dir),
                );
            }
            Form => self.close_form(),
            Table | Tbody | Thead | Tfoot | Tr | Td | Th | Caption | Colgroup | Template | Select => {
                self.close_if_open(
                    |open| open == tag,
                    |open| tag != Table && matches!(open, Table | Template),
                );
            }
            _ if tag.is_heading() => {
                self.close_if_open(Tag::is_heading, Tag::bounds_scope);
            }
            Other | Svg | Math | ForeignObject if self.foreign > 0 => {
                self.close_if_open(|open| open == tag, Tag::is_special);
            }
            _ if tag.is_special() => {
                self.close_if_open(|open| open == tag, |open| open.bounds_scope() || open == Select);
            }
            _ => {
                self.close_if_open(|open| open == tag, Tag::is_special);
            }
        }
    }

    /// The end tag of a form that is not on top takes it off the stack without closing what is open inside.
    fn close_form(&mut self) {
        let Some(at) = self.find(|tag| tag == Tag::Form, Tag::bounds_scope) else {
            return;
        };
        let implied = |tag: Tag| {
            matches!(
                tag,
                Tag::P | Tag::Li | Tag::Dd | Tag::Dt | Tag::Option | Tag::Optgroup
            )
        };
        if self.stack[at + 1..]
            .iter()
            .all(|open| implied(open.tag) || !open.tag.is_special())
        {
            self.close_from(at);
        } else {
            self.stack[at].tag = Tag::Other;
        }
    }
}
