//! Apostrophes that a whole text lost: "Norlands government didnt wait".

use reveille_model::Repair;
use rustc_hash::FxHashSet;

use super::{
    bare, listed,
    names::{self, has_capital_form},
    note,
};

/// Contractions that are no words without their apostrophe.
const CONTRACTIONS: &[(&str, &str)] = &[
    ("dont", "don't"),
    ("didnt", "didn't"),
    ("doesnt", "doesn't"),
    ("isnt", "isn't"),
    ("wasnt", "wasn't"),
    ("arent", "aren't"),
    ("werent", "weren't"),
    ("hasnt", "hasn't"),
    ("havent", "haven't"),
    ("hadnt", "hadn't"),
    ("couldnt", "couldn't"),
    ("wouldnt", "wouldn't"),
    ("shouldnt", "shouldn't"),
    ("mustnt", "mustn't"),
    ("youre", "you're"),
    ("theyre", "they're"),
    ("youve", "you've"),
    ("theyve", "they've"),
    ("weve", "we've"),
    ("thats", "that's"),
    ("theres", "there's"),
];

/// Words that may follow a plural, so that a name before them need be no genitive.
const AFTER_PLURAL: &str = "a about across after against all also among an and are as at be been before but by came can could \
    did do during for from go got had has have he here if in into is it made may might more must not of \
    on only or over said say says she should since so still than that the their then there they this \
    through to today under until up vs was we went were when where which while who will with won would \
    yesterday you";

/// So many words that certainly lost an apostrophe, and none that has one, prove that a text lost them all.
const SIGNS: usize = 2;

/// In an English text of some length without a single apostrophe, but with several words that certainly lost one,
/// all were lost. Put back are those of contractions, and of names that the text also has without their s, before a
/// word that follows no plural. The title only follows the body: headlines leave out articles, and so prove nothing.
pub(super) fn mend(texts: &mut [&mut String], repairs: &mut Vec<Repair>) {
    let (title, body) = texts.split_at_mut(1);
    let names = names::names(body);
    let mut signs: Vec<Repair> = Vec::new();
    let mut count = 0;
    let rewritten: Vec<String> = body
        .iter()
        .map(|text| {
            rewrite(text, |word, previous, next| {
                let mended = mended(word, previous, next, &names)?;
                count += 1;
                note(bare(word), bare(&mended), &mut signs);
                Some(mended)
            })
        })
        .collect();
    if count < SIGNS {
        return;
    }
    for text in title.iter_mut() {
        **text = rewrite(text, |word, previous, next| {
            mended(word, previous, next, &names).filter(|mended| {
                signs
                    .iter()
                    .any(|sign| sign.found == bare(word) && sign.became == bare(mended))
            })
        });
    }
    for (text, whole) in body.iter_mut().zip(rewritten) {
        **text = whole;
    }
    for sign in signs {
        note(&sign.found, &sign.became, repairs);
    }
}

/// A text with some words replaced; `replace` sees each word, the one before and the one after it.
fn rewrite(text: &str, mut replace: impl FnMut(&str, &str, &str) -> Option<String>) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let previous = if at > 0 { words[at - 1] } else { "" };
        let next = words.get(at + 1).copied().unwrap_or_default();
        match replace(word, previous, next) {
            Some(replaced) => out.push_str(&replaced),
            None => out.push_str(word),
        }
    }
    out
}

/// A word with its apostrophe, where it certainly lost one.
fn mended(word: &str, previous: &str, next: &str, names: &FxHashSet<String>) -> Option<String> {
    let bare_word = bare(word);
    if let Some((_, whole)) = CONTRACTIONS
        .iter()
        .find(|(lost, _)| bare_word.eq_ignore_ascii_case(lost))
    {
        let first = if bare_word.starts_with(char::is_uppercase) {
            whole[..1].to_uppercase()
        } else {
            whole[..1].to_owned()
        };
        return Some(word.replace(bare_word, &format!("{first}{}", &whole[1..])));
    }
    // A genitive stands right before its noun, without a comma between them, and not after "the".
    if word != bare_word || listed(names::BEFORE_NOUN, &bare(previous).to_lowercase()) {
        return None;
    }
    let base = bare_word
        .strip_suffix('s')
        .filter(|base| has_capital_form(base) && !base.ends_with('s'))?;
    let noun = bare(next);
    let is_noun = next.starts_with(char::is_lowercase)
        && !noun.ends_with("ed")
        && !listed(AFTER_PLURAL, &noun.to_lowercase());
    (is_noun && names.contains(base)).then(|| format!("{base}'s"))
}

#[cfg(test)]
mod tests {
    use crate::repair::mended;

    const FILLER: &str = "The council met in the old hall and spoke for hours about the harbour. ";

    fn among_other_sentences(text: &str) -> String {
        format!("{text} {}", FILLER.repeat(8))
    }

    #[test]
    fn lost_apostrophes_come_back_only_where_certain() {
        let text = among_other_sentences(
            "Norland is small. Norlands government didnt fall. The Norlands are cold. Parliaments northern bloc met.",
        );
        let (_, body, repairs) = mended("", &text);
        let right = "Norland is small. Norland's government didn't fall. The Norlands are cold. Parliaments northern bloc";
        assert!(body.starts_with(right), "{body}");
        assert_eq!(repairs.len(), 2);
        for whole in [
            // One apostrophe shows that none were lost.
            "It's Norland, which is small. Norlands government fell. Norlands harbours froze.",
            // One sign is none.
            "The talks with Norland are over. Norlands government fell.",
            "Minister Ann Example said so. Ministers win close votes. Ministers face new questions.",
            "Troops led by American officers left. Americans abroad vote. Americans everywhere vote.",
            "Calls from Rover, the dog. The Rovers lost. Rovers scored twice. Rovers needed a third.",
        ] {
            assert_eq!(mended("", &among_other_sentences(whole)).2, [], "{whole}");
        }
    }

    #[test]
    fn a_headline_is_repaired_only_after_its_body() {
        let title = |title: &str, text: &str| mended(title, &among_other_sentences(text)).0;
        let damaged = "Norland has asked. Norlands government didnt wait. Norlands harbours froze.";
        for (headline, body, right) in [
            ("Norlands government asks", damaged, "Norland's government asks"),
            ("Ministers win vote", damaged, "Ministers win vote"),
            (
                "Norlands government asks",
                "Norland has asked.",
                "Norlands government asks",
            ),
        ] {
            assert_eq!(title(headline, body), right);
        }
    }
}
