//! Whether a line reads like a name, or like a byline.

use super::{
    lead::{BEFORE, strip_words},
    parts::strip_after,
};

/// Whether a line is a byline: "By Ann Example" and nothing after it.
pub(crate) fn opens_with_a_name(line: &str) -> bool {
    let line = line.trim_matches(|c: char| !c.is_alphanumeric());
    let rest = strip_words(line);
    rest.len() < line.len()
        && looks_like_a_name(strip_after(rest))
        && !ends_like_a_sentence(line)
        && rest
            .split_whitespace()
            .filter(|word| word.len() > 3)
            .all(|word| word.starts_with(char::is_uppercase))
        && rest.split_whitespace().count() >= 2
}

/// Whether a line is nothing but a person's name: two to four capitalised words.
pub(crate) fn is_bare_name(line: &str) -> bool {
    let words = line.split_whitespace().count();
    (2..=4).contains(&words)
        && line.len() < 40
        && line.split_whitespace().all(|word| {
            word.starts_with(char::is_uppercase)
                && word
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
        })
        && !ends_like_a_sentence(line)
        && looks_like_a_name(line)
}

fn ends_like_a_sentence(line: &str) -> bool {
    line.ends_with(['.', '!', '?', ':', '”', '"'])
}

/// What stands in bylines and boxes about authors and is no name.
const LABELS: &[&str] = &[
    "about",
    "about the author",
    "about the authors",
    "alle artikel",
    "alle beiträge",
    "all articles",
    "antworten",
    "auteurs",
    "author",
    "author bio",
    "authors",
    "autor",
    "autorin",
    "bio",
    "by",
    "comments",
    "contact",
    "contributor",
    "contributors",
    "e-mail",
    "email",
    "follow",
    "full bio",
    "gesponserte inhalte",
    "image",
    "insights from",
    "learn more",
    "more",
    "name",
    "no author",
    "posted",
    "profile",
    "publiziert am",
    "read more",
    "reply",
    "reviewed by",
    "see all",
    "share",
    "staff contributors",
    "the author",
    "view all posts",
    "view bio",
    "view profile",
    "von",
    "website",
    "written by",
    "zur artikelübersicht",
    "veröffentlicht am",
    "posted on",
];

/// A name that somebody goes by on a site: one word, letters before digits.
fn is_handle(name: &str) -> bool {
    name.starts_with(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && name.chars().filter(char::is_ascii_digit).count() < 5
}

/// Whether a printed text can be a name: a few words, no sentence.
pub(crate) fn looks_like_a_name(name: &str) -> bool {
    let words = name.split_whitespace().count();
    let lower = name.to_lowercase();
    // Of several words before a name the last one stands before names by itself too.
    let announces = lower
        .rsplit_once(' ')
        .is_some_and(|(_, last)| BEFORE.contains(&last));
    (1..=6).contains(&words)
        && name.len() >= 3
        && !name.contains(['?', '!', '@', '#', '=', '{', '<', '©'])
        && !name.starts_with('(')
        && !announces
        && (!name.contains(|c: char| c.is_ascii_digit()) || is_handle(name))
        && name
            .split_whitespace()
            .filter(|word| word.chars().count() > 3)
            .all(|word| !word.starts_with(char::is_lowercase) || words == 1)
        && crate::body::phrases::stock(name).is_none()
        && !LABELS.contains(&lower.as_str())
}
