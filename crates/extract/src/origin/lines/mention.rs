//! "Spoke to The Associated Press on condition of anonymity": whoever writes so is probably of that agency.

use super::starts_with_word;
use crate::{
    origin::{agencies, wires},
    text::{self, AnyOf},
};

/// Verbs after which an agency that was spoken to is named, in lower case.
const SPOKEN_TO: &[&str] = &[
    "told",
    "spoke to",
    "spoke with",
    "speaking to",
    "said to",
    "seen by",
    "obtained by",
    "interview with",
    "sagte der",
    "a déclaré à l'",
    "a déclaré à l’",
    "a déclaré à",
];

/// So often a line may say so with one verb.
const MOST: usize = 8;

/// The agencies to which a line says that somebody spoke, each with the offset of the words that say so.
pub(super) fn spoken_to<'l>(line: &'l str, lower: &str) -> Vec<(&'l str, usize)> {
    static VERBS: AnyOf = AnyOf::of(SPOKEN_TO);
    static GERMAN: AnyOf = AnyOf::of(&["sagte"]);
    let mut found: Vec<(&str, usize)> = Vec::new();
    // German sets the speaker between the verb and whom they told.
    let german = GERMAN.stands_in(lower).then_some(" der ");
    if german.is_none() && !VERBS.stands_in(lower) {
        return found;
    }
    for verb in SPOKEN_TO.iter().copied().chain(german) {
        for (at, _) in lower.match_indices(verb).take(MOST) {
            let rest = lower[at + verb.len()..].trim_start();
            let rest = rest.strip_prefix("the ").unwrap_or(rest);
            let key = text::key(text::excerpt(rest, 60));
            let listed = agencies::AGENCIES
                .iter()
                .filter(|agency| !agency.marks.is_empty())
                .find(|agency| agency.names.iter().any(|name| starts_with_word(&key, name)));
            // Of an agency in no table only those "spoke" who spoke to the writer; others are "told" as well.
            let unlisted = || {
                let after = text::excerpt(&line[line.len() - rest.len()..], 60);
                wires::find(after, false)
                    .into_iter()
                    .find(|name| verb.starts_with("sp") && after.starts_with(name))
            };
            let name = listed.map(|agency| agency.name).or_else(unlisted);
            found.extend(
                name.filter(|name| !found.iter().any(|(known, _)| known == name))
                    .map(|name| (name, at)),
            );
        }
    }
    found
}

/// The sentence of `line` in which the offset lies.
pub(super) fn sentence_around(line: &str, at: usize) -> &str {
    let start = line[..at].rfind(". ").map_or(0, |stop| stop + 2);
    let end = line[at..].find(". ").map_or(line.len(), |stop| at + stop + 1);
    &line[start..end]
}
