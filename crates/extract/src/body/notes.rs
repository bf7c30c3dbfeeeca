//! Notes about the author at the end of an article: "Ann Example is a reporter in Northport."

use reveille_model::{Block, BlockKind};

use crate::byline::Signatory;

/// How many of the last blocks may be such notes.
const LAST: usize = 4;

/// A longer block tells a story, in bytes.
const LONGEST: usize = 600;

/// An article with fewer blocks may be about the person.
const FEWEST: usize = 5;

/// Verbs that follow the name in a note.
const VERBS: &[&str] = &[
    " is ",
    " was ",
    " has ",
    " writes ",
    " covers ",
    " works ",
    " ist ",
    " schreibt ",
    " arbeitet ",
    " war ",
    " est ",
    " es ",
    " è ",
    " é ",
    " är ",
    " er ",
    ", is ",
];

/// Takes the notes off the end of a body.
pub(crate) fn cut(blocks: &mut Vec<Block>, signatories: &[Signatory]) {
    let about = |block: &Block| {
        block.kind == BlockKind::Paragraph
            && block.text.len() < LONGEST
            && signatories
                .iter()
                .filter(|signatory| !signatory.organization)
                .any(|signatory| {
                    let rest = block.text.strip_prefix(signatory.name.as_str());
                    rest.is_some_and(|rest| VERBS.iter().any(|verb| rest.starts_with(verb)))
                })
    };
    if blocks.len() < FEWEST {
        return;
    }
    let from = blocks.len().saturating_sub(LAST);
    if let Some(first) = blocks[from..].iter().position(about) {
        blocks.truncate(from + first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_go_and_the_last_word_stays() {
        let block = |text: &str| Block {
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
        };
        let mut blocks: Vec<Block> = [
            "One.",
            "Two.",
            "Three.",
            "Four.",
            "Ann Example was there.",
            "Ann Example is a reporter.",
        ]
        .map(block)
        .into();
        let ann = Signatory {
            name: "Ann Example".to_owned(),
            organization: false,
        };
        cut(&mut blocks, std::slice::from_ref(&ann));
        assert_eq!(blocks.len(), 4);
        let mut few = vec![block("Ann Example is a reporter.")];
        cut(&mut few, &[ann]);
        assert_eq!(few.len(), 1);
    }
}
