//! Which subtrees are no part of an article by what their templates call them.

use reveille_model::BlockKind;

use crate::{
    body::{Reason, vocabulary::Marks},
    parse::{Document, Tag},
    survey::Survey,
};

/// More prose than this is no box beside the article, in bytes.
const BOX: u32 = 2500;

/// More text than this tells more than an author's life, in bytes.
const LIFE: u32 = 700;

/// More text than this is more than a form for a comment, in bytes.
const FORM: u32 = 1500;

/// Judges subtrees.
pub(crate) struct Pruner<'a, 'p> {
    page: &'a Document<'p>,
    survey: &'a Survey,
    /// Whether doubtful names count; off for a second try where the first left nothing.
    pub(crate) strict: bool,
    /// Prose of the whole page, in bytes.
    prose: u32,
    /// All text of the whole page, in bytes.
    text: u32,
    /// The place of the headline.
    headline: Option<usize>,
}

impl<'a, 'p> Pruner<'a, 'p> {
    pub(crate) fn new(page: &'a Document<'p>, survey: &'a Survey, strict: bool) -> Self {
        let all = survey.amount(page.subtree(0));
        Self {
            page,
            survey,
            strict,
            prose: all.prose,
            text: all.text,
            headline: survey.h1s.first().map(|at| *at as usize),
        }
    }

    /// Why a subtree is left out, or `None` where it may hold part of the article.
    pub(crate) fn verdict(&self, at: usize) -> Option<Reason> {
        let tag = self.page.node(at).tag;
        if matches!(tag, Tag::Html | Tag::Body | Tag::Main) {
            return None;
        }
        let marks = self.survey.marks(at);
        let amount = self.survey.amount(self.page.subtree(at));
        let box_of_form = amount.fields > 0 && amount.text < 500 && self.strict;
        let reason = by_tag(tag)
            .or_else(|| by_marks(marks))
            .or(box_of_form.then_some(Reason::Form))?;
        if amount.text == 0 {
            return None;
        }
        // A form for a comment may hold more prose than a short post.
        let form_of_comment =
            amount.fields > 0 && amount.text < FORM && marks.any(Marks::COMMENTS) && !self.has_headline(at);
        if form_of_comment {
            return Some(Reason::Comments);
        }
        if self.holds_the_article(at, amount.prose, amount.text) {
            return None;
        }
        if !tag.breaks_line() && tag != Tag::Other && reason != Reason::Hidden && self.is_inside_text(at) {
            return None;
        }
        match reason {
            Reason::Hidden => (!(tag.breaks_line() && self.is_folded(at))).then_some(reason),
            // A box is small: what a name like `newsletter-wrapper` holds beyond that is the page's own text.
            Reason::Newsletter | Reason::Social | Reason::Ad | Reason::Navigation
                if amount.prose > BOX && amount.prose * 5 > self.prose && amount.link * 4 < amount.text =>
            {
                None
            }
            // What points elsewhere has links, or at least no prose of its own.
            Reason::Related if amount.link == 0 && (amount.prose > 0 || marks.any(Marks::DECK)) => None,
            Reason::Byline | Reason::Meta => {
                let longest = if reason == Reason::Byline { LIFE } else { 400 };
                let short = amount.text < longest || amount.link * 3 > amount.text;
                (self.strict && short && !tag.is_heading() && !marks.any(Marks::DECK)).then_some(reason)
            }
            Reason::Media => (self.strict && amount.prose < 400).then_some(reason),
            _ if !self.strict => by_tag(tag).filter(|_| tag != Tag::Aside && tag != Tag::Form),
            _ if tag.is_heading() => None,
            _ => Some(reason),
        }
    }

    /// Whether something hidden shows when the reader opens it.
    fn is_folded(&self, at: usize) -> bool {
        std::iter::once(at)
            .chain(self.page.ancestors(at))
            .take(4)
            .any(|node| self.survey.marks(node).any(Marks::PART))
    }

    /// Whether an inline element stands in a line of text, where its name tells of its looks.
    fn is_inside_text(&self, at: usize) -> bool {
        let parent = self.page.node(self.page.node(at).parent as usize).tag;
        matches!(
            parent,
            Tag::P
                | Tag::Li
                | Tag::Pre
                | Tag::Code
                | Tag::Blockquote
                | Tag::Em
                | Tag::Strong
                | Tag::B
                | Tag::I
                | Tag::Td
                | Tag::Dd
        )
    }

    fn has_headline(&self, at: usize) -> bool {
        self.headline
            .is_some_and(|headline| self.page.subtree(at).contains(&headline))
    }

    /// Whether most of the page's prose lies in a subtree: then its name tells of something else.
    fn holds_the_article(&self, at: usize, prose: u32, text: u32) -> bool {
        // Where readers wrote more than the author, the headline tells which is the article.
        if self.has_headline(at) && prose * 6 > self.prose {
            return true;
        }
        if self.prose >= 400 {
            prose * 2 > self.prose
        } else {
            text * 2 > self.text
        }
    }

    /// What kind of block the text inside an element is, where the element decides that.
    pub(crate) fn kind(&self, at: usize, tag: Tag) -> Option<BlockKind> {
        let marks = self.survey.marks(at);
        match tag {
            _ if tag.is_heading() => Some(BlockKind::Heading),
            _ if marks.any(Marks::EMBED) && matches!(tag, Tag::Blockquote | Tag::Div | Tag::Figure) => {
                Some(BlockKind::Embed)
            }
            Tag::Blockquote => Some(BlockKind::Quote),
            Tag::Figcaption => Some(BlockKind::Caption),
            Tag::Li => Some(BlockKind::ListItem),
            Tag::Tr if self.is_data_row(at) => Some(BlockKind::TableRow),
            Tag::Figure => Some(BlockKind::Caption),
            _ if marks.any(Marks::CAPTION) && self.survey.amount(self.page.subtree(at)).text < 600 => {
                Some(BlockKind::Caption)
            }
            _ => None,
        }
    }

    /// A row of data has several short cells; a row that lays out the page has long ones.
    fn is_data_row(&self, at: usize) -> bool {
        let cells: Vec<usize> = self
            .page
            .children(at)
            .filter(|cell| matches!(self.page.node(*cell).tag, Tag::Td | Tag::Th))
            .collect();
        cells.len() > 1
            && cells
                .iter()
                .all(|cell| self.survey.amount(self.page.subtree(*cell)).text < 400)
    }
}

fn by_tag(tag: Tag) -> Option<Reason> {
    match tag {
        Tag::Nav | Tag::Menu => Some(Reason::Navigation),
        Tag::Footer => Some(Reason::Footer),
        Tag::Aside => Some(Reason::Sidebar),
        Tag::Form | Tag::Fieldset | Tag::Label | Tag::Search => Some(Reason::Form),
        _ => None,
    }
}

fn by_marks(marks: Marks) -> Option<Reason> {
    const ORDER: [(Marks, Reason); 14] = [
        (Marks::HIDDEN, Reason::Hidden),
        (Marks::COMMENTS, Reason::Comments),
        (Marks::NEWSLETTER, Reason::Newsletter),
        (Marks::RELATED, Reason::Related),
        (Marks::SOCIAL, Reason::Social),
        (Marks::AD, Reason::Ad),
        (Marks::NAVIGATION, Reason::Navigation),
        (Marks::FOOTER, Reason::Footer),
        (Marks::SIDEBAR, Reason::Sidebar),
        (Marks::CONSENT, Reason::Consent),
        (Marks::FORM, Reason::Form),
        (Marks::AUTHOR, Reason::Byline),
        (Marks::META, Reason::Meta),
        (Marks::MEDIA, Reason::Media),
    ];
    if marks.any(Marks::BODY) {
        return None;
    }
    if marks.any(Marks::CONTENTS) {
        return Some(Reason::Navigation);
    }
    if marks.any(Marks::PULLQUOTE) {
        return Some(Reason::Repeated);
    }
    ORDER
        .iter()
        .find(|(mark, _)| marks.any(*mark))
        .map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_box_on_a_large_part_is_the_articles() {
        let part = |name: &str, paragraphs: usize| {
            format!(
                "<section class={name}>{}</section>",
                format!("<p>{}</p>", "The harbour stays closed. ".repeat(10)).repeat(paragraphs)
            )
        };
        let page = part("first", 20) + &part("newsletter-wrapper", 12) + &part("newsletter-box", 1);
        let page = Document::parse(&page);
        let survey = Survey::of(&page);
        let pruner = Pruner::new(&page, &survey, true);
        let verdicts: Vec<_> = (0..page.nodes().len())
            .filter(|at| page.name(*at) == "section")
            .map(|at| pruner.verdict(at))
            .collect();
        assert_eq!(verdicts, [None, None, Some(Reason::Newsletter)]);
    }
}
