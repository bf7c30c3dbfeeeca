//! How a page sets its lines: by the name and class of the box that they stand in.

use std::hash::{BuildHasher, Hasher};

use crate::parse::{Document, Tag};

/// Tells how lines are set, remembering the last box that it looked at.
#[derive(Default)]
pub(super) struct Styles {
    last: Option<(usize, u64)>,
}

impl Styles {
    /// The way in which the lines of an element are set: equal for boxes of the same name and class.
    pub(super) fn of(&mut self, page: &Document<'_>, node: usize) -> u64 {
        let place = std::iter::once(node)
            .chain(page.ancestors(node))
            .find(|node| !is_of_text(page.node(*node).tag))
            .unwrap_or(0);
        match self.last {
            Some((last, style)) if last == place => style,
            _ => {
                let style = style(page, place);
                self.last = Some((place, style));
                style
            }
        }
    }
}

/// Elements in which text is set inside a box.
fn is_of_text(tag: Tag) -> bool {
    tag.is_heading()
        || matches!(
            tag,
            Tag::P
                | Tag::Ul
                | Tag::Ol
                | Tag::Li
                | Tag::Blockquote
                | Tag::Table
                | Tag::Tbody
                | Tag::Thead
                | Tag::Tr
                | Tag::Td
                | Tag::Th
                | Tag::Pre
        )
}

fn style(page: &Document<'_>, node: usize) -> u64 {
    let mut hasher = rustc_hash::FxBuildHasher.build_hasher();
    hasher.write(page.name(node).as_bytes());
    let class = page.attributes(node).find(|attribute| attribute.is("class"));
    // Names with numbers tell one box from the next.
    let names = class
        .iter()
        .flat_map(|class| class.raw().split_ascii_whitespace());
    for name in names.filter(|name| !name.bytes().any(|b| b.is_ascii_digit())) {
        hasher.write(name.as_bytes());
    }
    hasher.finish()
}
