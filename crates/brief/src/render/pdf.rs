//! An edition for print: an index as the printed morning briefs had it, then the entries in one column.
//!
//! The document is tagged (PDF/UA-1, ISO 14289-1), its fonts are embedded, and its bytes depend on nothing but the
//! edition and the faces.

mod content;
mod fonts;
mod lines;
mod pages;
mod paper;
mod setter;
mod tags;

use std::collections::BTreeSet;

use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, ConfigurationBuilder},
    metadata::{DateTime, Metadata, TextDirection},
    outline::{Outline, OutlineNode},
};
use reveille_model::{Edition, UnixMillis, Zone};

pub use self::fonts::Face;
use self::{
    content::{Body, Index},
    fonts::Fonts,
    lines::lines,
    pages::{Block, Page, Place, Row, paginate},
    paper::{BOTTOM, Paper, TOP, destination},
    setter::{MEASURE, NOTE, Setter},
};
use super::headline;
use crate::words::{Words, fill};

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

impl Setter<'_> {
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
        let title = super::title(self.edition);
        let short = self.run(&title, NOTE);
        let named = lines(&[short], self.right_to_left, MEASURE * 0.8, self.fonts)
            .into_iter()
            .next();
        let page = &self.words.edition.page;
        let folio = |number: usize, count: usize| {
            fill(
                page,
                &[("number", &number.to_string()), ("count", &count.to_string())],
            )
        };
        let leads = std::mem::take(&mut self.leads);
        let paper = Paper {
            edition: self.edition,
            leads: &leads,
            entries,
            right_to_left: self.right_to_left,
        };
        for (number, page) in (1..).zip(pages) {
            let folio = self.run(&folio(number, pages.len()), NOTE);
            let folio = lines(&[folio], false, MEASURE, self.fonts).into_iter().next();
            if let (Some(named), Some(folio)) = (&named, &folio) {
                paper.draw(&mut document, page, [named, folio], &mut self.tags);
            }
        }
        document.set_outline(outline(self.edition, sections, entries));
        document.set_metadata(metadata(self.edition, title, self.right_to_left));
        document.set_tag_tree(self.tags.tree(self.edition.language.as_str()));
        let bytes = document.finish().map_err(|error| format!("{error:?}"))?;
        Ok(Pdf {
            bytes,
            unset: self.unset,
        })
    }
}

/// What a reader shows beside the pages.
fn outline(edition: &Edition, sections: &[Place], entries: &[Place]) -> Outline {
    let words = Words::of(&edition.language);
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(
        words.edition.index.clone(),
        destination((0, TOP)),
    ));
    let mut places = entries.iter();
    for (section, place) in edition.sections.iter().zip(sections) {
        let mut node = OutlineNode::new(section.name.clone(), destination(*place));
        for ((number, entry), place) in section.numbered().zip(places.by_ref()) {
            node.push_child(OutlineNode::new(
                match number {
                    Some(number) => format!("{number} {}", headline(entry)),
                    None => headline(entry).into_owned(),
                },
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
        .language(edition.language.to_string())
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
