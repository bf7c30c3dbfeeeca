//! Lines that are no sentence although they end as one: what stands above a report in place of one has no finite verb.
//!
//! Each language is judged by what it shows on its surface, and in doubt a line is a sentence.

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

/// German words that are never a finite verb, nor part of one.
const GERMAN: &str = " der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines mein \
    meine meinen dein deine sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unseren \
    unserer euer eure dieser diese dieses diesen diesem jeder jede jedes jeden jedem alle allen aller viele vielen vieler \
    einige einigen mehrere mehreren beide beiden wenige wenigen und oder sowie sowohl als wie in im ins an am ans auf aus \
    außer bei beim bis durch für gegen gegenüber hinter mit nach neben ohne seit samt statt trotz über um unter von vom vor \
    während wegen zu zum zur zwischen ab je pro per via dank laut nicht nur noch auch so sehr mehr rund etwa fast bereits \
    zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend ";

/// English words that are, or may be, a finite verb without showing it by their ending.
const ENGLISH: &str = " is are was were am be has have had do does did will would can could may might must shall should say \
    said make made take took go went come came get got give gave find found think thought know knew see saw want let keep \
    kept begin began run ran hold held bring brought write wrote sit sat stand stood lose lost pay paid meet met set sell \
    sold build built fall fell cut rise rose hit win won lead led spend spent grow grew speak spoke leave left feel felt \
    become became show need use try ask work call plan help turn start become mean meant tell told put send sent draw drew \
    break broke choose chose drive drove fly flew throw threw wear wore catch caught teach taught buy bought fight fought ";

/// Whether a line has no finite verb, as far as that can be seen.
pub(crate) fn is_verbless(line: &str, language: Option<&Language>) -> bool {
    let words: Vec<&str> = line.unicode_words().collect();
    match language.map(Language::as_str) {
        Some("de") => is_german_phrase(&words),
        Some("en") => is_gerund_phrase(&words),
        _ => false,
    }
}

/// Of the words that German writes small, all are function words, or adjectives between one of them and a noun; and the
/// first word is no verb that opens a request or a question.
fn is_german_phrase(words: &[&str]) -> bool {
    let is_function = |word: &str| GERMAN.contains(&format!(" {} ", word.to_lowercase()));
    let declined = |word: &str| {
        ["e", "en", "er", "es", "em"]
            .iter()
            .any(|ending| word.ends_with(ending))
    };
    let small = |word: &str| word.starts_with(char::is_lowercase);
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    let may_be_verb = ["t", "en", "ern", "eln"]
        .iter()
        .any(|ending| first.ends_with(ending))
        && !is_function(first);
    let mut before = *first;
    for (place, word) in rest.iter().enumerate() {
        let follows = rest.get(place + 1).copied().unwrap_or_default();
        let after_function = is_function(before) || before.starts_with(char::is_numeric);
        let attributive = declined(word) && after_function && follows.starts_with(char::is_uppercase);
        if small(word) && !is_function(word) && !attributive {
            return false;
        }
        before = word;
    }
    !may_be_verb && !small(first)
}

/// "Winning trust in a small town.": a form in -ing that no verb follows.
fn is_gerund_phrase(words: &[&str]) -> bool {
    let may_be_verb = |word: &&str| {
        let bare = word.trim_end_matches(['\'', '’']);
        let ends = bare.ends_with('s') && !bare.ends_with("ss")
            || bare.ends_with("ed")
            || word.contains(['\'', '’']);
        word.starts_with(char::is_lowercase) && (ends || ENGLISH.contains(&format!(" {word} ")))
    };
    words
        .first()
        .is_some_and(|first| first.len() > 5 && first.ends_with("ing"))
        && !words.iter().any(may_be_verb)
}

/// "Dear readers!": nothing but a greeting.
pub(crate) fn is_greeting(line: &str) -> bool {
    const GREETINGS: &str = " dear hello hi liebe lieber liebes hallo geehrte geehrter cher chère chers chères bonjour estimado \
        estimada estimados queridos queridas hola caro cara cari care gentili prezados beste geachte lieve drodzy szanowni \
        дорогие уважаемые дорогі шановні ";
    let mut opening = line.unicode_words().take(2).map(str::to_lowercase);
    line.trim_end().ends_with('!') && opening.any(|word| GREETINGS.contains(&format!(" {word} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_told_from_sentences() {
        for (language, line, is_phrase) in [
            ("de", "Ein Blick in die letzten Tage der Hafenzeitung.", true),
            (
                "de",
                "Musterpokal vom 5. bis 11. Februar in der Halle am Hafen / Turnier mit 19 kleinen Vereinen.",
                true,
            ),
            ("de", "Bauern fordern im Februar mehr Geld.", false),
            ("de", "Am Montag fordern Bauern mehr Geld.", false),
            ("de", "Der Hafen ist zu.", false),
            ("de", "Tauchen Sie ein in die Welt der Häfen.", false),
            ("de", "Kommt der Winter?", false),
            (
                "de",
                "Der Bürgermeister, der das Amt seit Mai innehat, tritt zurück.",
                false,
            ),
            ("en", "Winning trust and attention in a small harbour town.", true),
            ("en", "Winning readers is hard work.", false),
            ("en", "Winning readers takes time.", false),
            ("en", "Police warn of ice.", false),
            ("fr", "Un regard sur le port.", false),
        ] {
            assert_eq!(
                is_verbless(line, language.parse().ok().as_ref()),
                is_phrase,
                "{line}"
            );
        }
        assert!(!is_verbless("Ein Blick.", None) && !is_verbless("", "de".parse().ok().as_ref()));
    }

    #[test]
    fn greetings_are_told_from_news() {
        for (line, is) in [
            ("Liebe Menschen am Hafen, wo auch immer Ihr lebt!", true),
            ("Sehr geehrte Damen und Herren!", true),
            ("Dear readers, our ferry sails again.", false),
            ("The ferry sails again!", false),
        ] {
            assert_eq!(is_greeting(line), is, "{line}");
        }
    }
}
