//! English sentences with a word that stands for somebody or something of which they do not speak before.

use unicode_segmentation::UnicodeSegmentation;

use crate::{
    leaning::{NEAR, PAGES, TIMES},
    words::Dates,
};

/// Whether a word within an English sentence stands for somebody or something that it does not name before: "The fear is that
/// he will sail", "The storm led him to stay", "Ann Example is a case of this kind", "The port is also closed".
pub(crate) fn is_unresolved(sentence: &str) -> bool {
    let said = outside_quotes(sentence);
    let words: Vec<&str> = said.unicode_words().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut people = 0;
    for (at, word) in lower.iter().enumerate() {
        let next = lower.get(at + 1).map_or("", String::as_str);
        let is_left_open = match &**word {
            "he" | "she" | "his" | "himself" | "herself" => people == 0,
            // Whoever does something does it to somebody else.
            "him" => people < 2,
            "they" | "their" | "them" => at < NEAR - 1,
            // "The reason for such a storm".
            "such" if next == "a" || next == "an" => at > 0 && PREPOSITIONS.contains(&&*lower[at - 1]),
            "this" | "these" | "such" => at > 0 && (points_at(next) || next.is_empty()),
            "those" => at > 0 && points_at(next) && !CHOOSING.contains(&next) && !next.ends_with("ing"),
            "derart" | "derartige" | "derartigen" | "ebenfalls" => true,
            "er" | "sie" => at == 2 && GERMAN_VERBS.contains(&&*lower[1]),
            "also" => at < ALSO_NEAR && at > 0 && lower[at - 1] != "but",
            // "The answer to that question".
            "that" => {
                at > 0
                    && PREPOSITIONS.contains(&&*lower[at - 1])
                    && is_pointed_at(next)
                    && !lower[..at].iter().any(|word| word == next)
            }
            // "As the chart shows (see above)".
            "above" | "below" => at + 1 == lower.len() && said.contains(')'),
            "same" => at > 0 && lower[at - 1] == "the" && (at < 2 || lower[at - 2] != "at"),
            "later" => at < LATER_NEAR && at > 0 && SPANS.contains(&&*lower[at - 1]),
            _ => false,
        };
        if is_left_open {
            return true;
        }
        let is_name = words[at].starts_with(char::is_uppercase) && at > 0;
        let goes_on = words
            .get(at + 1)
            .is_some_and(|next| next.starts_with(char::is_uppercase));
        // "Northian sailors"
        let is_adjective = words[at].starts_with(char::is_uppercase) && word.ends_with("ian") && !goes_on;
        people += usize::from(
            is_name && !goes_on || is_person(word) && !is_adjective || at == 0 && is_name_of_one(word, next),
        );
    }
    false
}

/// What stands behind "those" where it points at nobody before: "those who sail".
const CHOOSING: [&str; 10] = [
    "who", "whose", "in", "of", "with", "on", "at", "from", "under", "for",
];

/// Behind these "that" points at what it is said of, where it does not open a clause.
const PREPOSITIONS: [&str; 9] = ["of", "to", "for", "from", "with", "about", "on", "under", "by"];

/// Whether a word behind "of that" is the thing pointed at: none that opens a clause, nor a name.
fn is_pointed_at(next: &str) -> bool {
    const OPENING: [&str; 22] = [
        "the", "a", "an", "he", "she", "it", "they", "we", "you", "i", "his", "her", "its", "their", "our",
        "is", "was", "has", "which", "would", "will", "could",
    ];
    points_at(next) && !OPENING.contains(&next)
}

/// Between an adverb and a pronoun, as in "Noch ist er zu.", they show that nobody is named before it.
const GERMAN_VERBS: [&str; 12] = [
    "ist", "sind", "war", "waren", "hat", "haben", "wird", "werden", "soll", "sollen", "kann", "bleibt",
];

/// How far down "also" adds what a sentence says to the one before.
const ALSO_NEAR: usize = 7;

/// How far down "days later" counts from what the sentence before tells.
const LATER_NEAR: usize = 9;

/// What "later" counts.
const SPANS: [&str; 12] = [
    "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years", "decades",
];

/// What stands outside of quotation marks: within them somebody else speaks.
pub(crate) fn outside_quotes(sentence: &str) -> String {
    let parts = sentence.split(['“', '”', '"']);
    parts.step_by(2).collect::<Vec<_>>().join(" ")
}

/// Whether "this" or "such" before this word points at something: not "this week", nor "such as".
fn points_at(next: &str) -> bool {
    const GENERAL: [&str; 10] = [
        "as", "a", "country", "nation", "world", "far", "much", "time", "one", "century",
    ];
    !next.is_empty()
        && !TIMES.contains(next)
        && !PAGES.contains(next)
        && !GENERAL.contains(&next)
        && !Dates::name(next)
}

/// Whether a sentence's first word is a name: no word in -s, which would be things, stands behind one that acts.
fn is_name_of_one(first: &str, next: &str) -> bool {
    const OPENERS: [&str; 24] = [
        "the", "a", "an", "in", "on", "at", "if", "when", "while", "as", "for", "after", "before", "but",
        "and", "with", "by", "since", "it", "there", "this", "that", "because", "to",
    ];
    let is_contracted = first.contains(['\'', '’']);
    // "Sitting in the kitchen, she reads".
    let is_participle = first.len() > 5 && first.ends_with("ing");
    !is_contracted
        && !is_participle
        && !OPENERS.contains(&first)
        && (!next.ends_with('s') || ["is", "was", "has", "says"].contains(&next))
}

/// Whether a word may name somebody by trade or kin: "president", "teacher", "wife".
fn is_person(word: &str) -> bool {
    const PEOPLE: [&str; 16] = [
        "man", "woman", "boy", "girl", "wife", "king", "queen", "pope", "chief", "judge", "coach", "child",
        "nobody", "everyone", "anyone", "someone",
    ];
    const ENDINGS: [&str; 12] = [
        "er", "or", "ist", "man", "woman", "ent", "ant", "ian", "ee", "ate", "son", "ive",
    ];
    PEOPLE.contains(&word) || word.len() >= 5 && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Whether a sentence opens with something as if it were known, of which the headline does not speak: "The letters were lost."
pub(crate) fn is_unintroduced(sentence: &str, is_told: impl Fn(&str) -> bool) -> bool {
    const VERBS: [&str; 20] = [
        "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could", "may", "might",
        "should", "do", "did", "does", "said", "says", "show",
    ];
    const KNOWN: [&str; 16] = [
        "president",
        "government",
        "police",
        "world",
        "economy",
        "country",
        "nation",
        "war",
        "pandemic",
        "public",
        "media",
        "election",
        "town",
        "city",
        "state",
        "court",
    ];
    let mut words = sentence.unicode_words();
    let (Some("The"), Some(what)) = (words.next(), words.next()) else {
        return false;
    };
    // "The letters clearly show"
    let verb = words.find(|word| !word.ends_with("ly")).unwrap_or_default();
    let is_verb = VERBS.contains(&verb) || verb.len() > 5 && verb.ends_with("ed");
    what.starts_with(char::is_lowercase) && is_verb && !KNOWN.contains(&what) && !is_told(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_stand_for_what_is_not_named_are_found() {
        for (sentence, is) in [
            ("The fear is that he will sail at night.", true),
            ("The storm led him to stay in the harbour.", true),
            ("Ann Example said that she would sail at night.", false),
            ("The mayor said on Monday that he would sail.", false),
            ("The port said: “He will sail.”", false),
            ("Ann Example is a fine case of this kind of sailor.", true),
            ("The harbour of Alderport closes for this week.", false),
            ("It’s why he will lose the boat.", true),
            ("The port closed between those storms.", true),
            ("The port closed to those who sail.", false),
            ("The port also lost two boats.", true),
            ("The reason for such a storm is the sea.", true),
            ("The port saw such a storm that it closed.", false),
            ("Ein Hafen liegt an einem derart breiten Fluss.", true),
            ("Noch ist er durch ein Tor versperrt.", true),
            ("Noch ist der Hafen durch ein Tor versperrt.", false),
            ("Northian sailors, she told the harbour, are lost.", true),
            ("The crews left the port days later.", true),
            ("The port lost the same boat.", true),
            ("The port lost two boats at the same time.", false),
            ("The old ropes are a case of this.", true),
            ("Ann Example has three answers to that question.", true),
            ("The port has an answer and stands by that answer.", false),
            ("The port asked for that the crews would not wait.", false),
            ("The port lost two boats (see the chart above).", true),
            ("Sitting in the wheelhouse, she reads the log.", true),
            ("The port lost not only ropes but also two boats.", false),
        ] {
            assert_eq!(is_unresolved(sentence), is, "{sentence}");
        }
    }

    #[test]
    fn what_is_spoken_of_as_known_without_being_so_is_found() {
        for (sentence, is) in [
            ("The letters were lost in the harbour.", true),
            ("The port was lost in the storm.", false),
            ("The letters of the mayor were lost.", false),
            ("The letters strongly suggested that it had rained.", true),
            ("The president was lost in the harbour.", false),
        ] {
            assert_eq!(is_unintroduced(sentence, |word| word == "port"), is, "{sentence}");
        }
    }
}
