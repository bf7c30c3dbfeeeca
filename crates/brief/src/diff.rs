//! What changed between two texts, word by word, for a person to read.

use reveille_model::Article;
use similar::{Algorithm, ChangeTag, DiffTag, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// How words stand to the other text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// In both texts.
    Kept,
    /// In the old one only.
    Removed,
    /// In the new one only.
    Added,
}

/// Words that follow one another and share their fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Their fate.
    pub change: Change,
    /// The words, with the white space between them.
    pub text: String,
}

/// One line of a difference between articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A block, or the headline, that was changed.
    Changed(Vec<Span>),
    /// So many blocks that stayed.
    Kept(usize),
}

/// The difference of two versions: the headline first, then block by block what changed, the correction notices last.
#[must_use]
pub fn diff(old: &Article, new: &Article) -> Vec<Line> {
    let (old, new) = (lines(old), lines(new));
    let mut out = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        let (tag, gone, come) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            out.push(Line::Kept(gone.len()));
            continue;
        }
        // Side by side as far as both go: a changed paragraph mostly stays in its place.
        let (gone, come) = (&old[gone], &new[come]);
        for at in 0..gone.len().max(come.len()) {
            let (gone, come) = (gone.get(at).unwrap_or(&""), come.get(at).unwrap_or(&""));
            out.push(Line::Changed(words(gone, come)));
        }
    }
    out
}

fn lines(article: &Article) -> Vec<&str> {
    let blocks = article.body.iter().map(|block| block.text.as_str());
    let notices = article.corrections.iter().map(String::as_str);
    std::iter::once(article.title.as_str())
        .chain(blocks)
        .chain(notices)
        .collect()
}

/// The difference of two lines of text. A change is told in whole words; where a script writes no spaces, in the words
/// of Unicode Standard Annex 29.
#[must_use]
pub fn words(old: &str, new: &str) -> Vec<Span> {
    let old: Vec<&str> = old.split_word_bounds().collect();
    let new: Vec<&str> = new.split_word_bounds().collect();
    let mut run = Run::default();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        for (tag, words) in op.iter_slices(&old, &new) {
            let text = words.concat();
            match tag {
                ChangeTag::Equal => run.keep(&text),
                ChangeTag::Delete => run.change(&text, ""),
                ChangeTag::Insert => run.change("", &text),
            }
        }
    }
    run.flush();
    run.spans
}

/// A run of changes that is being gathered. White space alone between two changes is part of both, so that a changed
/// phrase reads as one.
#[derive(Default)]
struct Run {
    spans: Vec<Span>,
    removed: String,
    added: String,
    gap: String,
}

impl Run {
    fn change(&mut self, removed: &str, added: &str) {
        let gap = std::mem::take(&mut self.gap);
        self.removed += &gap;
        self.added += &gap;
        self.removed += removed;
        self.added += added;
    }

    fn keep(&mut self, text: &str) {
        let is_open = !(self.removed.is_empty() && self.added.is_empty());
        if is_open && text.trim().is_empty() {
            self.gap += text;
        } else {
            self.flush();
            self.push(Change::Kept, text.to_owned());
        }
    }

    fn flush(&mut self) {
        for (change, text) in [
            (Change::Removed, std::mem::take(&mut self.removed)),
            (Change::Added, std::mem::take(&mut self.added)),
            (Change::Kept, std::mem::take(&mut self.gap)),
        ] {
            self.push(change, text);
        }
    }

    fn push(&mut self, change: Change, text: String) {
        match self.spans.last_mut() {
            Some(last) if last.change == change => last.text += &text,
            _ if text.is_empty() => {}
            _ => self.spans.push(Span { change, text }),
        }
    }
}

/// In plain text: `The ferry [-sank-]{+ran aground+} on Monday.`
#[must_use]
pub fn marked(spans: &[Span]) -> String {
    let mark = |span: &Span| match span.change {
        Change::Kept => span.text.clone(),
        Change::Removed => format!("[-{}-]", span.text),
        Change::Added => format!("{{+{}+}}", span.text),
    };
    spans.iter().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn changed_words_are_marked_and_a_changed_phrase_reads_as_one() {
        for (old, new, told) in [
            ("It sank.", "It sank.", "It sank."),
            (
                "The ferry sank on Monday.",
                "The ferry ran aground on Monday.",
                "The ferry [-sank-]{+ran aground+} on Monday.",
            ),
            (
                "Two men died.",
                "Three boys died.",
                "[-Two men-]{+Three boys+} died.",
            ),
            (
                "Two died.",
                "Two died, police said.",
                "Two died{+, police said+}.",
            ),
            ("", "New.", "{+New.+}"),
            ("渡船周一沉没", "渡船周二沉没", "渡船周[-一-]{+二+}沉没"),
        ] {
            assert_eq!(marked(&words(old, new)), told);
        }
    }

    proptest! {
        #[test]
        fn either_text_can_be_read_off_its_difference(old in "[ab .,\n]{0,40}", new in "[ab .,\n]{0,40}") {
            let spans = words(&old, &new);
            let read = |without: Change| -> String {
                spans.iter().filter(|span| span.change != without).map(|span| &*span.text).collect()
            };
            prop_assert_eq!(read(Change::Added), old);
            prop_assert_eq!(read(Change::Removed), new);
        }
    }
}
