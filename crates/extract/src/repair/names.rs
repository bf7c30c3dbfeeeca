//! Words that are certainly the names of single persons or places.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{bare, listed};

/// Words before a name that stands by itself: "ambassador to Norland".
const BEFORE_NAME: &str = "against between by for from in into near of over to toward towards under with";

/// Words before what is no name: "the Minister", "two Ministers".
pub(super) const BEFORE_NOUN: &str =
    "a all an any both each every few many most no other several some that the these this those three two";

/// What follows a name that is the sentence's subject or has a clause of its own.
const AFTER_NAME: &str = "did didnt does had has is was who whose which will";

/// How words for members of a people, trade or party end: their plural is a word, so that one sign is not enough.
const NOUN_ENDINGS: &[&str] = &[
    "al", "an", "ant", "ee", "eer", "ent", "er", "ese", "ic", "ish", "ist", "ite", "or",
];

/// Whether a word is written as names are: a capital, then small letters.
pub(super) fn has_capital_form(word: &str) -> bool {
    word.len() > 2
        && word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().skip(1).all(char::is_lowercase)
}

/// What a text shows about a word with a capital.
#[derive(Debug, Default, Clone, Copy)]
struct Uses {
    /// It stood as a name does.
    name: usize,
    /// It stood before a clause or a verb of its own, as only names without an article do.
    subject: usize,
    /// It stood as other nouns do.
    noun: usize,
}

/// The words that are certainly names of single persons or places: in the text they stand as such, never behind an
/// article, and never in small letters.
pub(super) fn names(texts: &[&mut String]) -> FxHashSet<String> {
    let mut uses: FxHashMap<&str, Uses> = FxHashMap::default();
    let mut small: FxHashSet<&str> = FxHashSet::default();
    for text in texts {
        let words: Vec<&str> = text.split(' ').collect();
        for (at, word) in words.iter().enumerate() {
            let name = bare(word);
            if !has_capital_form(name) {
                small.insert(name);
                continue;
            }
            let before = if at > 0 { words[at - 1] } else { "" };
            let after = words.get(at + 1).copied().unwrap_or_default();
            let stops = !word.ends_with(char::is_alphanumeric);
            let opens = before.is_empty() || before.ends_with(['.', '!', '?', ':', '"', '”']);
            let previous = bare(before).to_lowercase();
            let uses = uses.entry(name).or_default();
            if listed(BEFORE_NOUN, &previous) {
                uses.noun += 1;
            } else if listed(AFTER_NAME, bare(after))
                && (opens || stops || !before.starts_with(char::is_uppercase))
            {
                uses.subject += 1;
            } else if listed(BEFORE_NAME, &previous) && (stops || !after.starts_with(char::is_uppercase)) {
                uses.name += 1;
            }
        }
    }
    let certain = |(name, uses): &(&str, Uses)| {
        let noun_like = NOUN_ENDINGS.iter().any(|ending| name.ends_with(ending));
        uses.noun == 0
            && (uses.subject > 0 || (uses.name > 0 && !noun_like))
            && !small.contains(name.to_lowercase().as_str())
    };
    uses.into_iter()
        .filter(certain)
        .map(|(name, _)| name.to_owned())
        .collect()
}
