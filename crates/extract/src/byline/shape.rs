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

/// Whether a printed text can be a name: a few words, no sentence.
pub(crate) fn looks_like_a_name(name: &str) -> bool {
    let words = name.split_whitespace().count();
    (1..=6).contains(&words)
        && name.chars().count() >= 3
        && !name.contains(['?', '!', '@', '#', '=', '{', '<', '©'])
        && !name.starts_with('(')
        && !BEFORE
            .iter()
            .any(|word| name.to_lowercase().ends_with(&format!(" {word}")))
        && !name.chars().any(|c| c.is_ascii_digit())
        && name
            .split_whitespace()
            .filter(|word| word.chars().count() > 3)
            .all(|word| !word.starts_with(char::is_lowercase) || name.split_whitespace().count() == 1)
        && crate::body::phrases::stock(name).is_none()
        && !matches!(
            name.to_lowercase().as_str(),
            "by" | "author"
                | "name"
                | "antworten"
                | "reply"
                | "posted"
                | "insights from"
                | "auteurs"
                | "the author"
                | "website"
                | "authors"
                | "about the author"
                | "autor"
                | "share"
                | "follow"
                | "more"
                | "von"
                | "image"
                | "profile"
                | "view all posts"
                | "comments"
                | "bio"
                | "about"
                | "contact"
                | "view profile"
                | "view bio"
                | "email"
                | "e-mail"
        )
}
