//! People whom a text names in full: what it says of them further down by the last name alone needs what stands before.

use std::collections::HashSet;

use crate::{boilerplate::is_title, words::Dates};

/// The last names of everybody whom a text has named in full so far.
#[derive(Default)]
pub(crate) struct Introduced<'a>(HashSet<&'a str>);

impl<'a> Introduced<'a> {
    /// Takes in whom the next part of the text names: "Ann Example", and not "President Example", whom everybody knows.
    pub(crate) fn read(&mut self, text: &'a str) {
        // In a heading every word has a capital.
        if is_title(text) {
            return;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        for (at, pair) in words.windows(2).enumerate() {
            let [first, last] = pair else { continue };
            let is_known = *first == "President" || at > 0 && words[at - 1] == "President";
            let is_day = Dates::name(&bare(last).to_lowercase());
            if !is_day
                && (is_name(first) || is_initial(first))
                && !is_known
                && is_name(bare(last))
                && ![*first, bare(last)].iter().any(|word| OPENERS.contains(word))
            {
                self.0.insert(bare(last));
            }
        }
    }

    /// Whether a sentence is about one of them, or ends in their word, by the last name alone: "Example was lost.", "Ms.
    /// Example's boat", "“It is lost,” Example said."
    pub(crate) fn are_meant(&self, sentence: &str) -> bool {
        let mut words = sentence.split_whitespace();
        let first = words.next().unwrap_or_default();
        let subject = match TITLES.contains(&first) {
            true => words.next().unwrap_or_default(),
            false => first,
        };
        let goes_on = words
            .next()
            .is_some_and(|next| next.starts_with(char::is_uppercase));
        let is_subject = !goes_on && self.0.contains(bare(subject));
        is_subject || self.0.contains(speaker(sentence))
    }
}

/// Whose word a sentence says at its end that it is, where that is one word.
fn speaker(sentence: &str) -> &str {
    let said = [" said.", " says."]
        .iter()
        .find_map(|said| sentence.strip_suffix(said));
    let parts = said.and_then(|said| said.rsplit_once(' '));
    match parts {
        Some((before, name)) if before.ends_with([',', '”', '"', '.']) => name,
        _ => "",
    }
}

/// Words with a capital that open a sentence, or stand before a last name.
const OPENERS: [&str; 39] = [
    "The",
    "A",
    "An",
    "In",
    "On",
    "At",
    "By",
    "But",
    "And",
    "As",
    "If",
    "When",
    "While",
    "After",
    "Before",
    "For",
    "From",
    "With",
    "Since",
    "Mr",
    "Ms",
    "Mrs",
    "Dr",
    "Sen",
    "Rep",
    "Gov",
    "Like",
    "To",
    "Of",
    "Republican",
    "Democratic",
    "American",
    "White",
    "House",
    "New",
    "North",
    "South",
    "United",
    "National",
];

const TITLES: [&str; 7] = ["Mr.", "Ms.", "Mrs.", "Dr.", "Sen.", "Rep.", "Gov."];

/// A word without the marks behind it, and without the ending that says whose something is.
fn bare(word: &str) -> &str {
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    word.strip_suffix("'s")
        .or_else(|| word.strip_suffix("’s"))
        .unwrap_or(word)
}

/// "Ann B. Example"
fn is_initial(word: &str) -> bool {
    word.len() == 2 && word.ends_with('.') && word.starts_with(char::is_uppercase)
}

/// Whether a word is written as a name is: a capital, small letters, no mark.
fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.clone().any(char::is_lowercase)
        && letters.all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_named_in_full_is_meant_by_the_last_name_alone() {
        let mut people = Introduced::default();
        people.read("The port was lost, Ann B. Example and Bo Sample’s crew said. In Alderport, President Cy Proben slept.");
        for (sentence, are) in [
            ("Example was lost.", true),
            ("Ms. Sample’s boat was lost.", true),
            ("“The port is lost,” Example said.", true),
            ("Ann Example was lost.", false),
            ("Example Harbour was lost.", false),
            ("Alderport was lost.", false),
            ("Proben was lost.", false),
            ("“The port is lost,” Ann Example said.", false),
            ("The port of Example was lost.", false),
        ] {
            assert_eq!(people.are_meant(sentence), are, "{sentence}");
        }
    }
}
