//! An edition for print: an index as the printed morning briefs had it, then the entries in one column.
//!
//! The document is tagged (PDF/UA-1, ISO 14289-1), its fonts are embedded, and its bytes depend on nothing but the
//! edition and the faces.

mod fonts;
mod lines;
mod pages;
mod paper;
mod tags;

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU16,
};

use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, ConfigurationBuilder},
    metadata::{DateTime, Metadata, TextDirection},
    outline::{Outline, OutlineNode},
    tagging::{ListNumbering, Tag, TagKind},
};
use reveille_model::{Edition, Entry, Section, UnixMillis, Zone};

pub use self::fonts::Face;
use self::{
    fonts::{Fonts, Role},
    lines::{Ink, Line, Run, Style, lines},
    pages::{Block, Cell, Ornament, Page, Place, Row, paginate},
    paper::{BOTTOM, Lead, Paper, SIDE, TOP, WIDTH, destination},
    tags::{NodeId, Tags},
};
use super::{also_in, corrected, corrections, direction, length, marks};

/// The width of all columns together, in points; so for all that follows.
const MEASURE: f32 = WIDTH - 2.0 * SIDE;
/// The column of the numbers.
const NUMBERS: f32 = 30.0;
/// The column of the page numbers in the index, with the space before it.
const FOLIOS: f32 = 36.0;

const fn style(role: Role, size: f32, ink: Ink) -> Style {
    Style { role, size, ink }
}

const MASTHEAD: Style = style(Role::Heading, 21.0, Ink::Black);
const HEADING: Style = style(Role::Heading, 16.5, Ink::Black);
const HEADLINE: Style = style(Role::Heading, 13.5, Ink::Black);
const SUBHEAD: Style = style(Role::Heading, 10.5, Ink::Black);
const TEXT: Style = style(Role::Text, 10.5, Ink::Black);
const NOTE: Style = style(Role::Text, 9.0, Ink::Muted);
const INDEXED: Style = style(Role::Text, 9.0, Ink::Black);
const LABEL: Style = style(Role::Label, 9.0, Ink::Black);
const MARKED: Style = style(Role::Label, 9.0, Ink::Muted);

/// The hairline beneath a heading.
const RULE: Row = Row {
    height: 4.0,
    cells: Vec::new(),
    ornament: Some(Ornament::Rule),
};

/// An edition that could not be printed.
#[derive(Debug, thiserror::Error)]
#[error("the edition of {day} could not be set as a PDF: {reason}")]
pub struct PdfError {
    day: reveille_model::Day,
    reason: String,
}

/// An edition as a document for print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Signs for which no face has a glyph; "[…]" stands in their place.
    pub unset: BTreeSet<char>,
}

/// Sets the edition on A4. Latin, Greek, Cyrillic, Arabic and Hebrew are set in faces of our own; for signs that they
/// lack, `others` is asked once for faces that may have them, the fittest first.
///
/// # Errors
/// Where a face turns out to be damaged, or may not be embedded.
pub fn pdf(edition: &Edition, others: impl FnOnce(&BTreeSet<char>) -> Vec<Face>) -> Result<Pdf, PdfError> {
    let pdf = set(edition, &[])?;
    if pdf.unset.is_empty() {
        return Ok(pdf);
    }
    match others(&pdf.unset).as_slice() {
        [] => Ok(pdf),
        others => set(edition, others),
    }
}

fn set(edition: &Edition, others: &[Face]) -> Result<Pdf, PdfError> {
    let mut setter = Setter::new(edition, Fonts::with(others));
    let index = setter.index();
    let body = setter.body();
    setter.print(index, body).map_err(|reason| PdfError {
        day: edition.day,
        reason,
    })
}

/// Builds the blocks of the document and, beside them, its structure.
struct Setter<'a> {
    edition: &'a Edition,
    fonts: Fonts<'a>,
    right_to_left: bool,
    tags: Tags,
    leads: BTreeMap<NodeId, Lead>,
    unset: BTreeSet<char>,
}

/// The first pages, and where in them the page of each entry is to be told: the block, and the element.
struct Index {
    blocks: Vec<Block>,
    folios: Vec<(usize, NodeId)>,
}

/// The other pages, and which blocks begin a section or an entry.
struct Body {
    blocks: Vec<Block>,
    sections: Vec<usize>,
    entries: Vec<usize>,
}

/// Where a paragraph stands.
#[derive(Clone, Copy)]
struct Column {
    x: f32,
    width: f32,
    right_to_left: bool,
    /// The height of a line.
    leading: f32,
}

impl<'a> Setter<'a> {
    fn new(edition: &'a Edition, fonts: Fonts<'a>) -> Self {
        Self {
            edition,
            fonts,
            right_to_left: direction::of_edition(edition) == "rtl",
            tags: Tags::default(),
            leads: BTreeMap::new(),
            unset: BTreeSet::new(),
        }
    }

    fn run(&mut self, text: &str, style: Style) -> Run {
        Run::new(text, style, self.fonts, &mut self.unset)
    }

    /// A paragraph, one row a line.
    fn rows(&mut self, runs: &[Run], column: Column, node: NodeId) -> Vec<Row> {
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
    fn beside(&self, right_to_left: bool, spare: f32, leading: f32) -> Column {
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
    fn push_end(&mut self, row: &mut Row, text: &str, node: NodeId, near: bool, before: bool) {
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

    fn index(&mut self) -> Index {
        let edition = self.edition;
        let part = self.tags.add(None, Tag::Part);
        let title = self.tags.add(Some(part), heading(1, &edition.name));
        let about = self.tags.add(Some(part), Tag::P);
        let list = self.tags.add(Some(part), Tag::TOC);
        let name = self.run(&edition.name, MASTHEAD);
        let day = self.run(
            &format!("{} · {}", edition.day.long(), length::line(edition)),
            NOTE,
        );
        let mark = Row {
            height: 22.0,
            cells: Vec::new(),
            ornament: Some(Ornament::Mark),
        };
        let mut rows = vec![mark];
        rows.extend(self.rows(&[name], whole(self.right_to_left, 27.0), title));
        rows.extend(self.rows(&[day], whole(self.right_to_left, 16.0), about));
        let mut index = Index {
            blocks: vec![Block {
                before: 0.0,
                rows,
                leads: false,
            }],
            folios: Vec::new(),
        };
        for section in &edition.sections {
            self.index_section(&mut index, section, list);
        }
        index
    }

    fn index_section(&mut self, index: &mut Index, section: &Section, list: NodeId) {
        let part = self.tags.add(Some(list), Tag::TOC);
        let caption = self.tags.add(Some(part), Tag::Caption);
        let name = self.run(&section.name, SUBHEAD);
        let rows = self.rows(&[name], whole(self.right_to_left, 18.0), caption);
        index.blocks.push(Block {
            before: 10.0,
            rows,
            leads: true,
        });
        for entry in &section.entries {
            let item = self.tags.add(Some(part), Tag::TOCI);
            let number = self.tags.add(Some(item), Tag::Lbl);
            let reference = self
                .tags
                .add(Some(item), Tag::Reference.with_lang(language(entry)));
            let link = self.tags.add(Some(reference), Tag::Link);
            self.leads.insert(link, Lead::Entry(index.folios.len()));
            let headline = self.run(&entry.headline, INDEXED);
            let credit = self.run(&format!("({})", entry.credit), NOTE);
            let column = self.beside(is_right_to_left(entry), FOLIOS, 13.0);
            let mut rows = self.rows(&[headline, credit], column, link);
            if let Some(first) = rows.first_mut() {
                self.push_end(first, &entry.number.to_string(), number, true, true);
            }
            index
                .folios
                .push((index.blocks.len(), self.tags.add(Some(item), Tag::P)));
            index.blocks.push(Block {
                before: 2.0,
                rows,
                leads: false,
            });
        }
    }

    fn body(&mut self) -> Body {
        let mut body = Body {
            blocks: Vec::new(),
            sections: Vec::new(),
            entries: Vec::new(),
        };
        for section in &self.edition.sections {
            let part = self.tags.add(None, Tag::Section);
            let head = self.tags.add(Some(part), heading(2, &section.name));
            let list = self.tags.add(Some(part), Tag::L(ListNumbering::Decimal));
            let name = self.run(&section.name, HEADING);
            let mut rows = self.rows(&[name], whole(self.right_to_left, 22.0), head);
            rows.push(RULE);
            body.sections.push(body.blocks.len());
            body.blocks.push(Block {
                before: 26.0,
                rows,
                leads: true,
            });
            for entry in &section.entries {
                body.entries.push(body.blocks.len());
                let rows = self.entry(entry, list);
                body.blocks.push(Block {
                    before: 12.0,
                    rows,
                    leads: false,
                });
            }
        }
        self.corrections(&mut body.blocks);
        body
    }

    /// What earlier editions had wrong.
    fn corrections(&mut self, blocks: &mut Vec<Block>) {
        let edition = self.edition;
        if edition.corrections.is_empty() {
            return;
        }
        let part = self.tags.add(None, Tag::Section);
        let head = self.tags.add(Some(part), heading(2, "Corrections"));
        let name = self.run("Corrections", HEADING);
        let mut rows = self.rows(&[name], whole(self.right_to_left, 22.0), head);
        rows.push(RULE);
        blocks.push(Block {
            before: 26.0,
            rows,
            leads: true,
        });
        for correction in &edition.corrections {
            let node = self.tags.add(Some(part), Tag::P);
            let text = self.run(&corrected(correction), TEXT);
            let rows = self.rows(&[text], whole(self.right_to_left, 15.5), node);
            blocks.push(Block {
                before: 12.0,
                rows,
                leads: false,
            });
        }
    }

    fn entry(&mut self, entry: &Entry, list: NodeId) -> Vec<Row> {
        let item = self.tags.add(Some(list), Tag::LI);
        let number = self.tags.add(Some(item), Tag::Lbl);
        let told = self.tags.add(Some(item), Tag::LBody.with_lang(language(entry)));
        let head = self.tags.add(Some(told), heading(3, &entry.headline));
        let leading_link = entry.link.web().map(|link| {
            let node = self.tags.add(Some(head), Tag::Link);
            self.leads.insert(node, Lead::Web(link.to_string()));
            node
        });
        let [wide, middle, narrow] =
            [18.0, 15.5, 13.5].map(|leading| self.beside(is_right_to_left(entry), 0.0, leading));
        let headline = self.run(&entry.headline, HEADLINE);
        let mut rows = self.rows(&[headline], wide, leading_link.unwrap_or(head));
        if let Some(first) = rows.first_mut() {
            self.push_end(first, &entry.number.to_string(), number, true, true);
        }
        let mut summary = vec![self.run(&format!("({})", entry.credit), NOTE)];
        summary.extend(marks(entry).map(|marks| self.run(&marks, MARKED)));
        summary.push(self.run(&entry.summary, TEXT));
        let node = self.tags.add(Some(told), Tag::P);
        rows.extend(self.rows(&summary, middle, node));
        for notice in corrections(entry) {
            let runs = [self.run("Correction:", LABEL), self.run(notice, INDEXED)];
            let node = self.tags.add(Some(told), Tag::P);
            rows.extend(self.rows(&runs, narrow, node));
        }
        let host = entry.link.web().map(|link| link.host().to_owned());
        let beneath: Vec<String> = host.into_iter().chain(also_in(entry)).collect();
        let beneath = self.run(&beneath.join(" · "), NOTE);
        let node = self.tags.add(Some(told), Tag::P);
        rows.extend(self.rows(&[beneath], narrow, node));
        rows
    }

    /// Fills the pages and draws them; on failure, why.
    fn print(mut self, mut index: Index, body: Body) -> Result<Pdf, String> {
        // The index says on which pages the entries stand, and itself moves them back.
        let (mut pages, mut places) = paginate(body.blocks, TOP, BOTTOM);
        let folios = index.folios.clone();
        let before = self.length_of(&index.blocks);
        places.iter_mut().for_each(|place| place.0 += before);
        let at = |blocks: &[usize]| blocks.iter().map(|&block| places[block]).collect::<Vec<Place>>();
        let (sections, entries) = (at(&body.sections), at(&body.entries));
        for ((block, node), (page, _)) in folios.into_iter().zip(&entries) {
            if let Some(last) = index.blocks[block].rows.last_mut() {
                self.push_end(last, &(page + 1).to_string(), node, false, false);
            }
        }
        let (mut all, _) = paginate(index.blocks, TOP, BOTTOM);
        if pages.iter().any(|page| !page.is_empty()) {
            all.append(&mut pages);
        }
        self.draw(&all, &sections, &entries)
    }

    /// How many pages the blocks of the index take.
    fn length_of(&self, blocks: &[Block]) -> usize {
        let bare = |block: &Block| Block {
            before: block.before,
            leads: block.leads,
            rows: block
                .rows
                .iter()
                .map(|row| Row {
                    height: row.height,
                    cells: Vec::new(),
                    ornament: None,
                })
                .collect(),
        };
        paginate(blocks.iter().map(bare).collect(), TOP, BOTTOM).0.len()
    }

    fn draw(mut self, pages: &[Page], sections: &[Place], entries: &[Place]) -> Result<Pdf, String> {
        let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
        let mut document = Document::new_with(SerializeSettings {
            configuration: configuration.finish().map_err(|error| format!("{error:?}"))?,
            ..SerializeSettings::default()
        });
        let title = format!("{}, {}", self.edition.name, self.edition.day.long());
        let short = self.run(&title, NOTE);
        let named = lines(&[short], self.right_to_left, MEASURE * 0.8, self.fonts)
            .into_iter()
            .next();
        let leads = std::mem::take(&mut self.leads);
        let paper = Paper {
            leads: &leads,
            entries,
            right_to_left: self.right_to_left,
        };
        for (number, page) in (1..).zip(pages) {
            let folio = self.run(&format!("{number} of {}", pages.len()), NOTE);
            let folio = lines(&[folio], false, MEASURE, self.fonts).into_iter().next();
            if let (Some(named), Some(folio)) = (&named, &folio) {
                paper.draw(&mut document, page, [named, folio], &mut self.tags);
            }
        }
        document.set_outline(outline(self.edition, sections, entries));
        document.set_metadata(metadata(self.edition, title, self.right_to_left));
        document.set_tag_tree(self.tags.tree("en"));
        let bytes = document.finish().map_err(|error| format!("{error:?}"))?;
        Ok(Pdf {
            bytes,
            unset: self.unset,
        })
    }
}

/// The column over the whole measure.
const fn whole(right_to_left: bool, leading: f32) -> Column {
    Column {
        x: SIDE,
        width: MEASURE,
        right_to_left,
        leading,
    }
}

fn is_right_to_left(entry: &Entry) -> bool {
    direction::of_entry(entry) == "rtl"
}

fn language(entry: &Entry) -> Option<String> {
    entry.language.as_ref().map(ToString::to_string)
}

/// A heading; PDF/UA wants a title for each, also where there is nothing to read.
fn heading(level: u16, title: &str) -> TagKind {
    let title = if title.is_empty() { "–" } else { title };
    Tag::Hn(
        NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN),
        Some(title.to_owned()),
    )
    .into()
}

/// What a reader shows beside the pages.
fn outline(edition: &Edition, sections: &[Place], entries: &[Place]) -> Outline {
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new("Index".to_owned(), destination((0, TOP))));
    let mut places = entries.iter();
    for (section, place) in edition.sections.iter().zip(sections) {
        let mut node = OutlineNode::new(section.name.clone(), destination(*place));
        for (entry, place) in section.entries.iter().zip(places.by_ref()) {
            node.push_child(OutlineNode::new(
                format!("{} {}", entry.number, entry.headline),
                destination(*place),
            ));
        }
        outline.push_child(node);
    }
    outline
}

fn metadata(edition: &Edition, title: String, right_to_left: bool) -> Metadata {
    Metadata::new()
        .title(title)
        .language("en".to_owned())
        .creator("Reveille".to_owned())
        .creation_date(moment(edition.compiled))
        .text_direction(if right_to_left {
            TextDirection::RightToLeft
        } else {
            TextDirection::LeftToRight
        })
}

fn moment(at: UnixMillis) -> DateTime {
    let civil = at.civil(&Zone::UTC);
    let small = |part: i8| u8::try_from(part).unwrap_or_default();
    DateTime::new(u16::try_from(civil.year()).unwrap_or_default())
        .month(small(civil.month()))
        .day(small(civil.day()))
        .hour(small(civil.hour()))
        .minute(small(civil.minute()))
        .second(small(civil.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
