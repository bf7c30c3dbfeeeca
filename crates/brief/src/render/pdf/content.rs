//! What is printed: the index, the sections with their entries, the corrections.

use krilla::tagging::{ListNumbering, Tag};
use reveille_model::{Entry, Numbering, Section, Sponsor, Uri};

use super::{
    super::{
        also_by, also_in, changes, corrected, corrections, date, direction, greeting, headline, label,
        length, marks_line, sponsored,
    },
    pages::{Block, Ornament, Row},
    paper::Lead,
    setter::{
        FOLIOS, HEADING, HEADLINE, INDEXED, LABEL, MARKED, MASTHEAD, NOTE, RULE, SUBHEAD, Setter, TEXT,
        heading, whole,
    },
    tags::NodeId,
};

/// The first pages, and where in them the page of each entry is to be told: the block, and the element.
pub(super) struct Index {
    pub(super) blocks: Vec<Block>,
    pub(super) folios: Vec<(usize, NodeId)>,
}

/// The other pages, and which blocks begin a section or an entry.
pub(super) struct Body {
    pub(super) blocks: Vec<Block>,
    pub(super) sections: Vec<usize>,
    pub(super) entries: Vec<usize>,
}

impl Setter<'_> {
    pub(super) fn index(&mut self) -> Index {
        let edition = self.edition;
        let part = self.tags.add(None, Tag::Part);
        let title = self.tags.add(Some(part), heading(1, &edition.name));
        let about = self.tags.add(Some(part), Tag::P);
        let name = self.run(&edition.name, MASTHEAD);
        let day = self.run(
            &format!("{} · {}", date(edition, self.words), length::line(edition)),
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
        let changes = changes(edition);
        let changes = changes.iter().map(ToString::to_string);
        for text in greeting(edition).into_iter().chain(changes) {
            let block = self.paragraph(&text, Some(part), 8.0);
            index.blocks.push(block);
        }
        let list = self.tags.add(Some(part), Tag::TOC);
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
        for (number, entry) in section.numbered() {
            let item = self.tags.add(Some(part), Tag::TOCI);
            let number = number.map(|number| (number, self.tags.add(Some(item), Tag::Lbl)));
            let reference = self
                .tags
                .add(Some(item), Tag::Reference.with_lang(language(entry)));
            let link = self.tags.add(Some(reference), Tag::Link);
            self.leads.insert(link, Lead::Entry(index.folios.len()));
            let mut runs = vec![
                self.run(&headline(entry), INDEXED),
                self.run(&format!("({})", entry.credit), NOTE),
            ];
            runs.extend(label(entry, self.words).map(|label| self.run(label, NOTE)));
            let column = self.beside(is_right_to_left(entry), FOLIOS, 13.0);
            let mut rows = self.rows(&runs, column, link);
            if let (Some(first), Some((number, label))) = (rows.first_mut(), number) {
                self.push_end(first, &number.to_string(), label, true, true);
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

    pub(super) fn body(&mut self) -> Body {
        let mut body = Body {
            blocks: Vec::new(),
            sections: Vec::new(),
            entries: Vec::new(),
        };
        let front = &self.edition.front;
        let mut sponsor = front.sponsor.as_ref();
        for section in &self.edition.sections {
            body.sections.push(body.blocks.len());
            let part = self.open_section(&section.name, &mut body.blocks);
            let numbering = match section.numbering {
                Numbering::Continuous | Numbering::Own => ListNumbering::Decimal,
                Numbering::None => ListNumbering::None,
            };
            let list = self.tags.add(Some(part), Tag::L(numbering));
            for (number, entry) in section.numbered() {
                body.entries.push(body.blocks.len());
                let rows = self.entry(number, entry, list);
                body.blocks.push(Block {
                    before: 12.0,
                    rows,
                    leads: false,
                });
            }
            if let Some(sponsor) = sponsor.take() {
                let block = self.sponsor(sponsor);
                body.blocks.push(block);
            }
        }
        self.corrections(&mut body.blocks);
        for note in &front.notes {
            let block = self.paragraph(note, None, 16.0);
            body.blocks.push(block);
        }
        body
    }

    /// A paragraph beside no number.
    fn paragraph(&mut self, text: &str, part: Option<NodeId>, before: f32) -> Block {
        let node = self.tags.add(part, Tag::P);
        let text = self.run(text, TEXT);
        Block {
            before,
            rows: self.rows(&[text], whole(self.right_to_left, 15.5), node),
            leads: false,
        }
    }

    fn sponsor(&mut self, sponsor: &Sponsor) -> Block {
        let mut block = self.paragraph(&sponsored(sponsor, self.words), None, 20.0);
        if let Some(link) = sponsor.link.as_ref().and_then(Uri::web) {
            let paragraph = self.tags.add(None, Tag::P);
            let node = self.tags.add(Some(paragraph), Tag::Link);
            self.leads.insert(node, Lead::Web(link.to_string()));
            let host = self.run(link.host(), NOTE);
            block
                .rows
                .extend(self.rows(&[host], whole(self.right_to_left, 13.5), node));
        }
        block.rows.insert(0, RULE);
        block
    }

    /// Sets a section's heading, which stays with what follows it, and gives back the section's element.
    fn open_section(&mut self, name: &str, blocks: &mut Vec<Block>) -> NodeId {
        let part = self.tags.add(None, Tag::Section);
        let head = self.tags.add(Some(part), heading(2, name));
        let name = self.run(name, HEADING);
        let mut rows = self.rows(&[name], whole(self.right_to_left, 22.0), head);
        rows.push(RULE);
        blocks.push(Block {
            before: 26.0,
            rows,
            leads: true,
        });
        part
    }

    /// What earlier editions had wrong.
    fn corrections(&mut self, blocks: &mut Vec<Block>) {
        let edition = self.edition;
        if edition.corrections.is_empty() {
            return;
        }
        let part = self.open_section(&self.words.edition.corrections, blocks);
        for correction in &edition.corrections {
            let block = self.paragraph(&corrected(correction, self.words), Some(part), 12.0);
            blocks.push(block);
        }
    }

    fn entry(&mut self, number: Option<usize>, entry: &Entry, list: NodeId) -> Vec<Row> {
        let item = self.tags.add(Some(list), Tag::LI);
        let number = number.map(|number| (number, self.tags.add(Some(item), Tag::Lbl)));
        let told = self.tags.add(Some(item), Tag::LBody.with_lang(language(entry)));
        let head = self.tags.add(Some(told), heading(3, &entry.headline));
        let leading_link = entry.link.web().map(|link| {
            let node = self.tags.add(Some(head), Tag::Link);
            self.leads.insert(node, Lead::Web(link.to_string()));
            node
        });
        let [wide, middle, narrow] =
            [18.0, 15.5, 13.5].map(|leading| self.beside(is_right_to_left(entry), 0.0, leading));
        let headline = self.run(&headline(entry), HEADLINE);
        let mut rows = self.rows(&[headline], wide, leading_link.unwrap_or(head));
        if let (Some(first), Some((number, label))) = (rows.first_mut(), number) {
            self.push_end(first, &number.to_string(), label, true, true);
        }
        let mut summary = vec![self.run(&format!("({})", entry.credit), NOTE)];
        summary.extend(marks_line(entry, self.words).map(|marks| self.run(&marks, MARKED)));
        summary.extend((!entry.summary.is_empty()).then(|| self.run(&entry.summary, TEXT)));
        let node = self.tags.add(Some(told), Tag::P);
        rows.extend(self.rows(&summary, middle, node));
        for notice in corrections(entry) {
            let runs = [
                self.run(&self.words.edition.correction, LABEL),
                self.run(notice, INDEXED),
            ];
            let node = self.tags.add(Some(told), Tag::P);
            rows.extend(self.rows(&runs, narrow, node));
        }
        let host = entry.link.web().map(|link| link.host().to_owned());
        let beneath: Vec<String> = host
            .into_iter()
            .chain(also_in(entry, self.words))
            .chain(also_by(entry, self.words))
            .collect();
        if !beneath.is_empty() {
            let beneath = self.run(&beneath.join(" · "), NOTE);
            let node = self.tags.add(Some(told), Tag::P);
            rows.extend(self.rows(&[beneath], narrow, node));
        }
        rows
    }
}

fn is_right_to_left(entry: &Entry) -> bool {
    direction::of_entry(entry) == "rtl"
}

fn language(entry: &Entry) -> Option<String> {
    entry.language.as_ref().map(ToString::to_string)
}
