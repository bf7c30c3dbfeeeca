//! Text that was damaged on its way: repaired where only one reading is possible, and every repair recorded.

mod apostrophes;
mod mojibake;
mod names;
mod replaced;

use reveille_model::{Block, Repair};

use crate::text;

/// A text shorter than this does not prove that apostrophes were lost, in words.
const PROOF: usize = 80;

/// Longer texts are no articles, and are left as they came, in bytes.
const LONGEST: usize = 128 << 10;

/// Repairs an article's title and body in place.
pub(crate) fn repair(title: &mut String, body: &mut [Block], english: bool) -> Vec<Repair> {
    let mut repairs = Vec::new();
    if body.iter().map(|block| block.text.len()).sum::<usize>() > LONGEST {
        return repairs;
    }
    let mut texts: Vec<&mut String> = std::iter::once(title)
        .chain(body.iter_mut().map(|block| &mut block.text))
        .collect();
    let misread = mojibake::misread_characters(&texts);
    for text in &mut texts {
        mojibake::mend(text, &misread, &mut repairs);
        if english {
            replaced::mend(text, &mut repairs);
        }
    }
    let has_apostrophe = || {
        let mut body = texts.iter().skip(1);
        body.any(|text| text.contains(['\'', '’', '‘', '`', '´']))
    };
    let enough = || text::words_up_to(texts.iter().map(|text| text.as_str()), PROOF) >= PROOF;
    if english && !has_apostrophe() && enough() {
        apostrophes::mend(&mut texts, &mut repairs);
    }
    repairs
}

/// Of more repairs, each of which is looked up among them, the first will do to tell an editor.
const MOST: usize = 1_000;

fn note(found: &str, became: &str, repairs: &mut Vec<Repair>) {
    let repair = Repair {
        found: found.to_owned(),
        became: became.to_owned(),
    };
    if repairs.len() < MOST && !repairs.contains(&repair) {
        repairs.push(repair);
    }
}
/// Whether a word stands in a list of words parted by spaces.
fn listed(words: &str, word: &str) -> bool {
    // Few words stand in the list at all, be it as a part of another word.
    words.contains(word) && words.split(' ').any(|listed| listed == word)
}

/// A word without what stands around its letters.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
fn mended(title: &str, body: &str) -> (String, String, Vec<Repair>) {
    let mut title = title.to_owned();
    let mut body = [Block {
        kind: reveille_model::BlockKind::Paragraph,
        text: body.to_owned(),
    }];
    let repairs = repair(&mut title, &mut body, true);
    let [body] = body;
    (title, body.text, repairs)
}
