//! Pages to paper: the drawing itself, with links and tags.

use std::collections::BTreeMap;

use krilla::{
    Document,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    destination::XyzDestination,
    geom::{PathBuilder, Point, Quadrilateral, Rect, Transform},
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, LineCap, Paint, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, SpanTag},
};
use reveille_model::{Edition, Entry};

use super::{
    lines::{Ink, Line},
    pages::{Cell, Ornament, Page, Place, Row},
    tags::{NodeId, Tags},
};
use crate::words::{Words, fill};

/// ISO 216 A4, in points.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
/// The space to the left and right: it leaves lines of about 70 signs.
pub(super) const SIDE: f32 = 84.0;
pub(super) const TOP: f32 = 64.0;
pub(super) const BOTTOM: f32 = HEIGHT - 72.0;
/// Where the foot of a page stands.
const FOOT: f32 = HEIGHT - 44.0;
/// How far down its row a line of letters stands.
const BASELINE: f32 = 0.74;

const BLACK: (u8, u8, u8) = (0x1b, 0x1b, 0x1a);
const MUTED: (u8, u8, u8) = (0x5f, 0x5d, 0x58);
const HAIR: (u8, u8, u8) = (0xd9, 0xd6, 0xce);
const ACCENT: (u8, u8, u8) = (0x8a, 0x3b, 0x12);

/// Where the text of an element leads.
pub(super) enum Lead {
    /// To the web.
    Web(String),
    /// To an entry of the same document, by its place among all.
    Entry(usize),
}

/// What is the same on all pages.
pub(super) struct Paper<'a> {
    pub(super) edition: &'a Edition,
    pub(super) leads: &'a BTreeMap<NodeId, Lead>,
    /// Where each entry begins.
    pub(super) entries: &'a [Place],
    pub(super) right_to_left: bool,
}

impl Paper<'_> {
    /// Draws one page with its foot, and adds what was drawn to its elements.
    pub(super) fn draw(&self, document: &mut Document, page: &Page, foot: [&Line; 2], tags: &mut Tags) {
        let Some(settings) = PageSettings::from_wh(WIDTH, HEIGHT) else {
            return;
        };
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        let mut areas: BTreeMap<NodeId, Vec<Rect>> = BTreeMap::new();
        for (y, row) in page {
            ornament(&mut surface, *y, row, self.right_to_left);
            for cell in &row.cells {
                let content = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                write(&mut surface, &cell.line, cell.x, y + row.height * BASELINE);
                surface.end_tagged();
                tags.fill(cell.node, content);
                if self.leads.contains_key(&cell.node) {
                    areas
                        .entry(cell.node)
                        .or_default()
                        .extend(area(cell, *y, row.height));
                }
            }
        }
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
        let [start, end] = if self.right_to_left {
            [foot[1], foot[0]]
        } else {
            foot
        };
        write(&mut surface, start, SIDE, FOOT);
        write(&mut surface, end, WIDTH - SIDE - end.width, FOOT);
        surface.end_tagged();
        surface.finish();
        for (node, areas) in areas {
            let Some((target, words)) = self.leads.get(&node).and_then(|lead| self.target(lead)) else {
                continue;
            };
            let corners = areas.into_iter().map(Quadrilateral::from).collect();
            let link = LinkAnnotation::new_with_quad_points(corners, target);
            tags.fill(
                node,
                sheet.add_tagged_annotation(Annotation::new_link(link, Some(words))),
            );
        }
        sheet.finish();
    }

    /// "To entry 3"; the headline of one that no number tells.
    fn named(&self, entry: &Entry) -> String {
        let to_entry = &Words::of(&self.edition.language).edition.to_entry;
        match self.edition.is_quotable(entry.number) {
            true => fill(to_entry, &[("number", &entry.number.to_string())]),
            false => entry.headline.clone(),
        }
    }

    /// Where a lead goes, and what a screen reader says of it.
    fn target(&self, lead: &Lead) -> Option<(Target, String)> {
        Some(match lead {
            Lead::Web(link) => (
                Target::Action(Action::Link(LinkAction::new(link.clone()))),
                link.clone(),
            ),
            Lead::Entry(index) => {
                let place = destination(*self.entries.get(*index)?);
                (
                    Target::Destination(place.into()),
                    self.named(self.edition.entries().nth(*index)?),
                )
            }
        })
    }
}

/// The place as a destination of links.
pub(super) fn destination((page, y): Place) -> XyzDestination {
    XyzDestination::new(page, Point::from_xy(0.0, y))
}

fn area(cell: &Cell, y: f32, height: f32) -> Option<Rect> {
    Rect::from_ltrb(cell.x, y, cell.x + cell.line.width.max(1.0), y + height)
}

fn write(surface: &mut Surface<'_>, line: &Line, x: f32, baseline: f32) {
    for piece in &line.pieces {
        let colour = match piece.style.ink {
            Ink::Black => BLACK,
            Ink::Muted => MUTED,
        };
        surface.set_fill(Some(Fill {
            paint: paint(colour),
            ..Fill::default()
        }));
        let start = Point::from_xy(x + piece.x, baseline);
        surface.draw_glyphs(
            start,
            &piece.glyphs,
            piece.face.font(),
            &piece.text,
            piece.face.scaled(piece.style.size),
            false,
        );
    }
}

fn paint((red, green, blue): (u8, u8, u8)) -> Paint {
    rgb::Color::new(red, green, blue).into()
}

fn ornament(surface: &mut Surface<'_>, y: f32, row: &Row, right_to_left: bool) {
    let mut path = PathBuilder::new();
    let (colour, width) = match row.ornament {
        None => return,
        Some(Ornament::Rule) => {
            path.move_to(SIDE, y + row.height);
            path.line_to(WIDTH - SIDE, y + row.height);
            (HAIR, 0.75)
        }
        // As `MARK` has it in 48 by 24 pixels.
        Some(Ornament::Mark) => {
            path.move_to(2.0, 20.0);
            path.line_to(46.0, 20.0);
            path.move_to(8.0, 20.0);
            path.cubic_to(18.0, 19.0, 26.0, 14.0, 38.0, 4.0);
            (ACCENT, 1.5)
        }
    };
    let Some(path) = path.finish() else { return };
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: paint(colour),
        width,
        line_cap: LineCap::Round,
        opacity: NormalizedF32::ONE,
        ..Stroke::default()
    }));
    if row.ornament == Some(Ornament::Mark) {
        let x = if right_to_left {
            WIDTH - SIDE - 36.0
        } else {
            SIDE - 1.5
        };
        surface.push_transform(&Transform::from_row(0.75, 0.0, 0.0, 0.75, x, y));
        surface.draw_path(&path);
        surface.pop();
    } else {
        surface.draw_path(&path);
    }
    surface.set_stroke(None);
    surface.end_tagged();
}
