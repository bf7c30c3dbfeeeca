//! What the section of an event is called: the phrase that most of its headlines share. An editor may know better.

use std::collections::{HashMap, HashSet};

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

use crate::{abbreviations::Abbreviations, render::one_line, told::tidy};

/// What a headline's phrase of so many words weighs for each further headline that has it: two or three words name an event
/// better than one, and a fourth adds little. Set by hand over headlines of the development sets.
const WEIGHTS: [usize; 4] = [1, 3, 5, 5];

/// A phrase that fewer headlines share does not name what they are about: one in so many.
const SHARED_BY: usize = 4;

/// A word that opens or ends a name is in at most one in so many of the other stories' headlines: those in more, such as
/// "of" or "says", name nothing.
const RARE: usize = 20;

/// The longest heading, in characters.
const LONGEST: usize = 60;

/// What to call an event by the headlines of its story, of which the first stands for it, and by those of other stories, which
/// tell what words are common. `language` is the first one's.
#[must_use]
pub fn event_name<'a>(
    headlines: &[String],
    others: impl IntoIterator<Item = &'a str>,
    language: Option<&Language>,
) -> String {
    let own: HashSet<String> = headlines.iter().map(|headline| tidy(headline)).collect();
    let common = Common::of(others.into_iter(), language);
    let first = headlines
        .first()
        .map_or_else(String::new, |headline| tidy(headline));
    let name = shared(&own, &common).unwrap_or_else(|| opening(&first));
    let opens_small = name
        .split(' ')
        .next()
        .is_some_and(|word| word.chars().all(char::is_lowercase));
    one_line(&if opens_small { capital(&name) } else { name }, LONGEST)
}

/// The phrase that says most for how many of the headlines have it; `None` where they share none.
fn shared(headlines: &HashSet<String>, common: &Common<'_>) -> Option<String> {
    let mut phrases: HashMap<String, (usize, usize, &str)> = HashMap::new();
    for headline in headlines {
        let found: HashMap<String, (usize, &str)> = phrases_of(headline, common).collect();
        for (key, (words, phrase)) in found {
            let (count, _, kept) = phrases.entry(key).or_insert((0, words, phrase));
            *count += 1;
            // Small letters sort last: they are as the language has it, and capitals may be a headline's.
            *kept = phrase.max(kept);
        }
    }
    let enough = |count: usize| count > 1 && count * SHARED_BY >= headlines.len();
    // One word alone, such as "attack", is no name where it is written small.
    let is_name = |words: usize, phrase: &str| words > 1 || phrase.contains(|c: char| !c.is_lowercase());
    phrases
        .into_values()
        .filter(|(count, words, phrase)| enough(*count) && is_name(*words, phrase))
        .max_by_key(|(count, words, phrase)| ((count - 1) * WEIGHTS[words - 1], *words, *phrase))
        .map(|(_, _, phrase)| phrase.to_owned())
}

/// The phrases of a headline that could name an event, each with the words by which it is compared and their number.
fn phrases_of<'a>(
    headline: &'a str,
    common: &'a Common<'_>,
) -> impl Iterator<Item = (String, (usize, &'a str))> {
    let words: Vec<(usize, &str)> = headline
        .unicode_word_indices()
        .map(|(at, word)| (at, bare(word)))
        .collect();
    // Whatever stands between two words but space and hyphens parts phrases.
    let joined: Vec<bool> = words
        .windows(2)
        .map(|pair| {
            let between = &headline[pair[0].0 + pair[0].1.len()..pair[1].0];
            between.chars().all(|c| c.is_whitespace() || c == '-')
        })
        .collect();
    let starts = 0..words.len();
    starts.flat_map(move |start| {
        let joins = joined[start.min(joined.len())..]
            .iter()
            .take_while(|joined| **joined)
            .count();
        let longest = (joins + 1).min(WEIGHTS.len());
        let of = |count: usize| {
            let (first, last) = (words[start], words[start + count - 1]);
            let names = common.names(first.1) && common.names(last.1);
            let key = words[start..start + count]
                .iter()
                .map(|(_, word)| word.to_lowercase());
            names.then(|| {
                (
                    key.collect::<Vec<_>>().join(" "),
                    (count, &headline[first.0..last.0 + last.1.len()]),
                )
            })
        };
        (1..=longest).filter_map(of).collect::<Vec<_>>()
    })
}

/// Without the ending of a genitive.
fn bare(word: &str) -> &str {
    word.strip_suffix("'s")
        .or_else(|| word.strip_suffix("’s"))
        .unwrap_or(word)
}

/// What words are common to headlines of all kinds.
struct Common<'a> {
    headlines: usize,
    counts: HashMap<String, usize>,
    abbreviations: Abbreviations<'a>,
}

impl<'a> Common<'a> {
    fn of<'b>(headlines: impl Iterator<Item = &'b str>, language: Option<&'a Language>) -> Self {
        let mut common = Self {
            headlines: 0,
            counts: HashMap::new(),
            abbreviations: Abbreviations::of(language),
        };
        for headline in headlines {
            common.headlines += 1;
            let words: HashSet<String> = headline
                .unicode_words()
                .map(|word| bare(word).to_lowercase())
                .collect();
            for word in words {
                *common.counts.entry(word).or_default() += 1;
            }
        }
        common
    }

    /// Whether a word can open or end a name.
    fn names(&self, word: &str) -> bool {
        let count = self.counts.get(&word.to_lowercase()).copied().unwrap_or(0);
        // In scripts that write no spaces a word may be one sign.
        let is_sign = |c: char| !c.is_lowercase() && !c.is_uppercase();
        let is_word = (word.chars().count() > 1 || word.chars().all(is_sign))
            && word.chars().all(|c| c.is_alphabetic() || c == '.' || c == '\'');
        is_word && count * RARE <= self.headlines && !self.abbreviations.is_opener(&capital(word))
    }
}

/// What stands before a headline's first colon, where that is short as a kicker is; else all of it.
fn opening(headline: &str) -> String {
    let kicker = headline.split_once(": ").map(|(kicker, _)| kicker);
    let short = kicker.filter(|kicker| kicker.unicode_words().count() <= WEIGHTS.len());
    short.unwrap_or(headline).to_owned()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(headlines: &[&str], others: &[&str]) -> Option<String> {
        let english = "en".parse().ok();
        let headlines = headlines.iter().map(|&headline| headline.to_owned()).collect();
        shared(&headlines, &Common::of(others.iter().copied(), english.as_ref()))
    }

    #[test]
    fn a_name_is_what_most_headlines_share() {
        let harbour = [
            "Fire in Alderport harbour kills nine",
            "Nine dead as fire sweeps Alderport Harbour",
            "What we know about the Alderport harbour fire",
            "Alderport harbour’s night of fire",
            "“Like day”: witnesses tell of the blaze in Alderport",
        ];
        assert_eq!(name(&harbour, &[]).as_deref(), Some("Alderport harbour"));
    }

    #[test]
    fn words_of_all_headlines_name_nothing() {
        let some = [
            "Mayor says budget is late",
            "Mayor says no to the budget",
            "Budget: the mayor says sorry",
        ];
        let others = [
            "Bishop says roof leaks",
            "Coach says he will go",
            "Poet says nothing",
        ];
        assert_eq!(name(&some, &others), None);
        assert_eq!(name(&some, &[]).as_deref(), Some("mayor says"));
    }

    #[test]
    fn headlines_that_share_nothing_leave_the_lead_its_own() {
        assert_eq!(name(&["Harbour burns", "Night of fire"], &[]), None);
        assert_eq!(opening("Harbour fire: nine dead"), "Harbour fire");
        assert_eq!(
            opening("What became of the ship that sank: a report"),
            "What became of the ship that sank: a report"
        );
    }

    #[test]
    fn a_name_can_be_without_spaces() {
        assert_eq!(
            name(&["東港火災で九人死亡", "東港火災、原因は不明"], &[]).as_deref(),
            Some("東港火災")
        );
    }
}
