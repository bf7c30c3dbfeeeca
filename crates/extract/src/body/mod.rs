//! The article's body: which lines of the page belong to it, and why the others do not.

mod beside;
mod blurb;
mod credits;
mod embedded;
mod ends;
mod filter;
pub(crate) mod leaves;
pub(crate) mod notes;
pub(crate) mod phrases;
mod prune;
mod root;
pub(crate) mod signup;
mod stamp;
mod style;
mod trace;
pub(crate) mod vocabulary;

use std::fmt;

pub use trace::Verdict;

use reveille_model::{Block, BlockKind};

use crate::{
    byline,
    origin::Line,
    parse::Document,
    survey::{self, Survey},
    text,
};
use leaves::{Leaf, Leaves};

/// Why a block was kept or dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Kept: part of the body.
    Body,
    /// Kept: the summary between headline and body.
    Deck,
    /// It repeats the headline.
    Headline,
    /// It names the author or tells of them.
    Byline,
    /// Dates, tags, reading times.
    Meta,
    /// It links to other articles.
    Related,
    /// A newsletter or subscription box.
    Newsletter,
    /// Buttons for sharing and following.
    Social,
    /// An advertisement.
    Ad,
    /// Menus, breadcrumbs, lists of sections.
    Navigation,
    /// The foot of the page.
    Footer,
    /// A side column.
    Sidebar,
    /// Readers' comments.
    Comments,
    /// A consent notice or dialog.
    Consent,
    /// A form, or the list of a form's choices.
    Form,
    /// Not drawn.
    Hidden,
    /// A gallery or player.
    Media,
    /// It stands apart from the body.
    Outside,
    /// It is nearly all links.
    Links,
    /// A stock phrase of templates.
    Phrase,
    /// It repeats what stands elsewhere.
    Repeated,
    /// A heading with nothing of the body under it.
    EmptySection,
    /// A notice of correction, kept apart.
    Correction,
    /// A credit line, kept as evidence of origin.
    Credit,
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Reason {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Deck => "deck",
            Self::Headline => "headline",
            Self::Byline => "byline",
            Self::Meta => "meta",
            Self::Related => "related",
            Self::Newsletter => "newsletter",
            Self::Social => "social",
            Self::Ad => "advertisement",
            Self::Navigation => "navigation",
            Self::Footer => "footer",
            Self::Sidebar => "sidebar",
            Self::Comments => "comments",
            Self::Consent => "consent",
            Self::Form => "form",
            Self::Hidden => "hidden",
            Self::Media => "media",
            Self::Outside => "outside",
            Self::Links => "links",
            Self::Phrase => "phrase",
            Self::Repeated => "repeated",
            Self::EmptySection => "empty section",
            Self::Correction => "correction",
            Self::Credit => "credit",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What the metadata says that helps to find the body.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Hints<'a> {
    /// The headline.
    pub(crate) title: &'a str,
    /// The page's own summary of the article.
    pub(crate) description: &'a str,
    /// The body as JSON-LD has it.
    pub(crate) article_body: &'a str,
    /// Whether a trace is asked for.
    pub(crate) traced: bool,
}

/// A body that was found.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) blocks: Vec<Block>,
    pub(crate) trace: Vec<Verdict>,
    /// Lines outside the body that may tell who wrote it: its foot and what was dropped as credit.
    pub(crate) credits: Vec<Line>,
    /// Addresses inside the body at which its publisher may count its readers.
    pub(crate) counters: Vec<String>,
    /// What the bylines print, in runs of text.
    pub(crate) signatures: Vec<String>,
    /// Lines that read like bylines.
    pub(crate) bylines: Vec<String>,
    /// Notices of correction.
    pub(crate) corrections: Vec<String>,
}

/// Less prose than this after a strict reading calls for a lenient one, in bytes.
const FEW: usize = 250;

/// Finds the body of a page.
pub(crate) fn find(page: &Document<'_>, survey: &Survey, hints: Hints<'_>) -> Body {
    let strict = read(page, survey, hints, true);
    if kept_bytes(&strict) >= FEW {
        return finish(page, &strict, hints.traced);
    }
    let lenient = read(page, survey, hints, false);
    let better = if kept_bytes(&lenient) > 2 * kept_bytes(&strict) {
        lenient
    } else {
        strict
    };
    let body = finish(page, &better, hints.traced);
    if kept_bytes(&better) >= FEW {
        body
    } else {
        from_data(page, hints, body)
    }
}

/// The body that the page holds as data, where that is longer than the one in its markup.
fn from_data(page: &Document<'_>, hints: Hints<'_>, body: Body) -> Body {
    let length = |body: &Body| -> usize { body.blocks.iter().map(|block| block.text.len()).sum() };
    for markup in embedded::markup(page) {
        let inner = Document::parse(&markup);
        let mut leaves = read(&inner, &Survey::of(&inner), hints, true);
        // Around the markup stands the data that held it.
        for leaf in leaves
            .list
            .iter_mut()
            .filter(|leaf| leaf.kind == BlockKind::Paragraph && !leaf.paragraph)
        {
            leaf.dropped = Some(Reason::Outside);
        }
        if kept_bytes(&leaves) > FEW.max(2 * length(&body)) {
            return finish(&inner, &leaves, hints.traced);
        }
    }
    if hints.article_body.len() > FEW.max(2 * length(&body)) {
        let blocks = hints
            .article_body
            .lines()
            .map(text::folded)
            .filter(|line| !line.is_empty());
        let mut blocks = blocks
            .map(|text| Block {
                kind: BlockKind::Paragraph,
                text,
            })
            .collect();
        signup::cut(&mut blocks);
        return Body { blocks, ..body };
    }
    body
}

fn read(page: &Document<'_>, survey: &Survey, hints: Hints<'_>, strict: bool) -> Leaves {
    let mut leaves = leaves::collect(page, survey, strict);
    let root = root::choose(page, survey, &leaves);
    filter::apply(page, survey, &mut leaves, root, hints);
    leaves
}

fn kept_bytes(leaves: &Leaves) -> usize {
    leaves.list.iter().map(Leaf::kept_bytes).sum()
}

fn finish(page: &Document<'_>, leaves: &Leaves, traced: bool) -> Body {
    let mut body = Body {
        credits: credits::find(page, leaves),
        counters: credits::counters(page, leaves),
        signatures: credits::signatures(page, leaves),
        trace: if traced {
            trace::of(page, leaves)
        } else {
            Vec::new()
        },
        ..Body::default()
    };
    for leaf in &leaves.list {
        let text = leaves.text_of(leaf);
        match leaf.dropped {
            None => {
                let without_form = leaf.holds_form.then(|| signup::without_form(text)).flatten();
                body.blocks.push(Block {
                    kind: leaf.kind,
                    text: without_form.unwrap_or_else(|| text.to_owned()),
                });
            }
            Some(Reason::Byline) if body.bylines.len() < survey::MOST => body.bylines.push(text.to_owned()),
            Some(Reason::Correction) => body.corrections.push(text.to_owned()),
            Some(_) => {}
        }
    }
    // A box of dates and buttons may hold the byline too.
    let signs = |run: &&String| run.len() < LONGEST_BYLINE && byline::opens_with_a_name(run);
    body.bylines.extend(body.signatures.iter().filter(signs).cloned());
    body
}

/// A longer run of text is no byline, in bytes.
const LONGEST_BYLINE: usize = 80;

impl Leaf {
    /// How much text it adds to the body, in bytes.
    pub(crate) fn kept_bytes(&self) -> usize {
        if self.dropped.is_none() {
            self.text.len()
        } else {
            0
        }
    }

    /// Whether most of its text is links.
    pub(crate) fn is_links(&self) -> bool {
        self.link * 2 > self.text.len()
    }

    /// Whether it reads like running text: long enough, few links.
    pub(crate) fn is_prose(&self, text: &str) -> bool {
        matches!(
            self.kind,
            BlockKind::Paragraph | BlockKind::Quote | BlockKind::ListItem | BlockKind::Embed
        ) && self.link * 3 < self.text.len()
            && (self.text.len() >= 100
                || (self.paragraph && self.text.len() >= 40)
                || (self.text.len() >= 60 && ends_sentence(text)))
    }
}

/// Whether a text ends as sentences do.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '“', '’', '»', '«', ')', ']', '\'', '」', '』', '›', '‹'])
        .ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', ':', '۔', '։'])
}
