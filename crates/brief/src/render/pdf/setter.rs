//! Texts to rows, and beside them the structure of the document.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU16,
};

use krilla::tagging::{Tag, TagKind};
use reveille_model::Edition;

use super::{
    super::direction,
    fonts::{Fonts, Role},
    lines::{Ink, Line, Run, Style, lines},
    pages::{Cell, Ornament, Row},
    paper::{Lead, SIDE, WIDTH},
    tags::{NodeId, Tags},
};
use crate::words::Words;

/// The width of all columns together, in points; so for all that follows.
pub(super) const MEASURE: f32 = WIDTH - 2.0 * SIDE;
/// The column of the numbers.
pub(super) const NUMBERS: f32 = 30.0;
/// The column of the page numbers in the index, with the space before it.
pub(super) const FOLIOS: f32 = 36.0;

const fn style(role: Role, size: f32, ink: Ink) -> Style {
    Style { role, size, ink }
}

pub(super) const MASTHEAD: Style = style(Role::Heading, 21.0, Ink::Black);
pub(super) const HEADING: Style = style(Role::Heading, 16.5, Ink::Black);
pub(super) const HEADLINE: Style = style(Role::Heading, 13.5, Ink::Black);
pub(super) const SUBHEAD: Style = style(Role::Heading, 10.5, Ink::Black);
pub(super) const TEXT: Style = style(Role::Text, 10.5, Ink::Black);
pub(super) const NOTE: Style = style(Role::Text, 9.0, Ink::Muted);
pub(super) const INDEXED: Style = style(Role::Text, 9.0, Ink::Black);
pub(super) const LABEL: Style = style(Role::Label, 9.0, Ink::Black);
pub(super) const MARKED: Style = style(Role::Label, 9.0, Ink::Muted);

/// The hairline beneath a heading.
pub(super) const RULE: Row = Row {
    height: 4.0,
    cells: Vec::new(),
    ornament: Some(Ornament::Rule),
};

/// Builds the blocks of the document and, beside them, its structure.
pub(super) struct Setter<'a> {
    pub(super) edition: &'a Edition,
    pub(super) words: &'static Words,
    pub(super) fonts: Fonts<'a>,
    pub(super) right_to_left: bool,
    pub(super) tags: Tags,
    pub(super) leads: BTreeMap<NodeId, Lead>,
    pub(super) unset: BTreeSet<char>,
}

/// Where a paragraph stands.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) right_to_left: bool,
    /// The height of a line.
    pub(super) leading: f32,
}

impl<'a> Setter<'a> {
    pub(super) fn new(edition: &'a Edition, fonts: Fonts<'a>) -> Self {
        Self {
            edition,
            fonts,
            words: Words::of(&edition.language),
            right_to_left: direction::of_edition(edition) == "rtl",
            tags: Tags::default(),
            leads: BTreeMap::new(),
            unset: BTreeSet::new(),
        }
    }

    pub(super) fn run(&mut self, text: &str, style: Style) -> Run {
        Run::new(text, style, self.fonts, &mut self.unset)
    }

    /// A paragraph, one row a line.
    pub(super) fn rows(&mut self, runs: &[Run], column: Column, node: NodeId) -> Vec<Row> {
        let lines = lines(runs, column.right_to_left, column.width, self.fonts);
        if lines.iter().any(|line| line.is_mixed) {
            self.tags.speak(node, lines.iter().map(Line::text).collect());
        }
        let row = |line: Line| {
            let x = if column.right_to_left {
                column.x + column.width - line.width
            } else {
                column.x
            };
            Row {
                height: column.leading,
                cells: vec![Cell { x, line, node }],
                ornament: None,
            }
        };
        lines.into_iter().map(row).collect()
    }

    /// The column beside the numbers, `spare` narrower at its far end, for a text of that direction.
    pub(super) fn beside(&self, right_to_left: bool, spare: f32, leading: f32) -> Column {
        Column {
            x: if self.right_to_left {
                SIDE + spare
            } else {
                SIDE + NUMBERS
            },
            width: MEASURE - NUMBERS - spare,
            right_to_left,
            leading,
        }
    }

    /// Sets a short text at the near or the far end of a row.
    pub(super) fn push_end(&mut self, row: &mut Row, text: &str, node: NodeId, near: bool, before: bool) {
        let run = self.run(text, NOTE);
        let Some(line) = lines(&[run], false, MEASURE, self.fonts).into_iter().next() else {
            return;
        };
        let x = if near == self.right_to_left {
            SIDE + MEASURE - line.width
        } else {
            SIDE
        };
        let cell = Cell { x, line, node };
        if before {
            row.cells.insert(0, cell);
        } else {
            row.cells.push(cell);
        }
    }
}

/// The column over the whole measure.
pub(super) const fn whole(right_to_left: bool, leading: f32) -> Column {
    Column {
        x: SIDE,
        width: MEASURE,
        right_to_left,
        leading,
    }
}

/// A heading; PDF/UA wants a title for each, also where there is nothing to read.
pub(super) fn heading(level: u16, title: &str) -> TagKind {
    let title = if title.is_empty() { "–" } else { title };
    Tag::Hn(
        NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN),
        Some(title.to_owned()),
    )
    .into()
}
