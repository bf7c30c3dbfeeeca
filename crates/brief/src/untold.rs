//! What a sentence says that its source does not: numbers, names and quotations.
//!
//! A sentence that the desk wrote may use other words than the article, but not other facts. Facts that can be compared
//! without understanding are compared; what is left is for a person to read.

use std::collections::HashSet;

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

use crate::{abbreviations::Abbreviations, sentence::sentences, told::tidy, word_list};

/// Something that the source does not hold, as the sentence has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Untold {
    /// A number, in digits or as a word.
    Number(String),
    /// A name, or another word with a capital.
    Name(String),
    /// The same, where a capital may have another cause: it opens a sentence, or the language capitalises its nouns.
    PerhapsName(String),
    /// Words between quotation marks.
    Quotation(String),
}

/// Everything of this kind in a sentence, in order; empty where the source holds it all.
pub(crate) fn untold(sentence: &str, source: &str, language: Option<&Language>) -> Vec<Untold> {
    let (sentence, source) = (plain(sentence), plain(source));
    // Where words end is not agreed on ("U.S.Army") and hangs on what stands around them, so every way of parting them
    // counts, that of the sentences included.
    let parts = source.split(|c: char| !c.is_alphanumeric());
    let within = sentences(&source, language)
        .into_iter()
        .flat_map(UnicodeSegmentation::split_word_bounds);
    let words: HashSet<String> = source
        .unicode_words()
        .chain(parts)
        .chain(within)
        .map(stem)
        .collect();
    let holds = |name: &str| {
        let mut parts = name.split(|c: char| !c.is_alphanumeric());
        words.contains(&stem(name)) || parts.all(|part| words.contains(&stem(part)))
    };
    let in_digits = numbers(&source).map(|(_, number)| number);
    let numbers: HashSet<String> = in_digits
        .chain(source.unicode_words().filter_map(digits))
        .collect();
    let mut found = Vec::new();
    for (said, number) in self::numbers(&sentence) {
        if !numbers.contains(&number) {
            found.push(Untold::Number(said.to_owned()));
        }
    }
    for word in sentence.unicode_words().filter(|word| is_number_word(word)) {
        let is_told = words.contains(&stem(word)) || digits(word).is_some_and(|word| numbers.contains(&word));
        if !is_told {
            found.push(Untold::Number(word.to_owned()));
        }
    }
    let names = names(&sentence, language).filter(|(name, _)| !holds(name) && !is_number_word(name));
    found.extend(names.map(|(name, sure)| match sure {
        true => Untold::Name(name.to_owned()),
        false => Untold::PerhapsName(name.to_owned()),
    }));
    for quotation in quotations(&sentence) {
        let bare = |text: &str| text.to_lowercase();
        if !bare(&source).contains(&bare(quotation)) {
            found.push(Untold::Quotation(quotation.to_owned()));
        }
    }
    found
}

/// As an edition prints it, with one sign for each kind of quotation mark, apostrophe and dash.
pub(crate) fn plain(text: &str) -> String {
    tidy(text)
        .chars()
        .map(|c| match c {
            '“' | '”' | '„' | '«' | '»' | '‟' => '"',
            '‘' | '’' | '‚' | '‹' | '›' | 'ʼ' => '\'',
            '–' | '—' | '‑' => '-',
            c => c,
        })
        .collect()
}

/// A word as it is compared: small letters, without the ending of a genitive.
pub(crate) fn stem(word: &str) -> String {
    let word = word.trim_end_matches("'s").trim_end_matches('\'');
    word.to_lowercase()
}

/// Numbers in digits, as written and as they are compared: without marks between thousands, and without a closing stop.
fn numbers(text: &str) -> impl Iterator<Item = (&str, String)> {
    let inner = |c: char| c.is_numeric() || matches!(c, '.' | ',' | ':' | '\'');
    let runs = text.split(move |c| !inner(c));
    let runs = runs.map(|run| run.trim_matches(|c: char| !c.is_numeric()));
    runs.filter(|run| run.contains(char::is_numeric))
        .map(|run| (run, value(run)))
}

/// `1,200` and `1.200` are 1200, `3.5` and `3,5` are 3.5, `06:30` stays.
fn value(number: &str) -> String {
    let groups: Vec<&str> = number.split(['.', ',', '\'']).collect();
    let thousands = groups.len() > 1
        && (1..=3).contains(&groups[0].chars().count())
        && groups[1..].iter().all(|group| group.chars().count() == 3);
    groups.join(if thousands { "" } else { "." })
}

/// Small numbers as words, in the languages of most briefs; "one" and its kin say more than a number.
pub(crate) fn is_number_word(word: &str) -> bool {
    const WORDS: &str = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
        seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million \
        billion dozen half twice zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig \
        fünfzig hundert tausend million millionen milliarde milliarden deux trois quatre cinq six sept huit neuf dix \
        onze douze vingt trente quarante cinquante cent cents mille million millions milliard milliards dos tres cuatro \
        cinco seis siete ocho nueve diez once doce veinte treinta cien mil millón millones";
    word_list::holds(WORDS, &word.to_lowercase())
}

/// The digits of a number that is written as a word, up to twelve; without the Spanish "once", which is English too.
pub(crate) fn digits(word: &str) -> Option<String> {
    const WORDS: [&str; 12] = [
        "one ein eine einen einem einer un une uno una",
        "two zwei deux dos",
        "three drei trois tres",
        "four vier quatre cuatro",
        "five fünf cinq cinco",
        "six sechs seis",
        "seven sieben sept siete",
        "eight acht huit ocho",
        "nine neun neuf nueve",
        "ten zehn dix diez",
        "eleven elf onze",
        "twelve zwölf douze doce",
    ];
    let word = word.to_lowercase();
    let place = WORDS.iter().position(|words| word_list::holds(words, &word));
    place.map(|place| (place + 1).to_string())
}

/// Words with a capital, and whether that makes them a name.
pub(crate) fn names<'a>(
    text: &'a str,
    language: Option<&'a Language>,
) -> impl Iterator<Item = (&'a str, bool)> {
    let nouns = language.is_some_and(|language| matches!(language.as_str(), "de" | "lb"));
    let abbreviations = Abbreviations::of(language);
    sentences(text, language).into_iter().flat_map(move |sentence| {
        let mut after_quote = false;
        let mut words = Vec::new();
        for (place, segment) in sentence.split_word_bounds().enumerate() {
            if segment.starts_with(char::is_alphabetic) {
                let opens = place == 0 || after_quote || words.is_empty();
                words.push((segment, opens));
                after_quote = false;
            } else if segment.contains(['"', ':']) {
                after_quote = true;
            }
        }
        let named = move |(word, opens): (&'a str, bool)| {
            let capital = word.starts_with(char::is_uppercase) && word.chars().count() > 1;
            let common = opens && abbreviations.is_opener(word);
            (capital && !common).then_some((word, !opens && !nouns))
        };
        words.into_iter().filter_map(named)
    })
}

/// What stands between quotation marks, without the comma or stop that closes it for the sentence's sake.
pub(crate) fn quotations(text: &str) -> impl Iterator<Item = &str> {
    let parts: Vec<&str> = text.split('"').collect();
    let closed = parts.len() / 2;
    let inside = (0..closed).filter_map(move |pair| parts.get(2 * pair + 1).copied());
    inside
        .map(|quotation| quotation.trim().trim_end_matches([',', '.', '!', '?', ';']))
        .filter(|quotation| !quotation.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sentences that a desk could write of these articles.
    const WRITTEN: [(&str, &str, &str); 5] = [
        (
            "en",
            "The port of Alderport lost 1,200 jobs in three years, and Mayor Ann Example calls it “a slow goodbye”.",
            "Mayor Ann Example stood on the quay on Tuesday. “It is a slow goodbye,” she said of Alderport's harbour. \
             In three years 1200 jobs went; the port has 4.5 cranes for each ship now.",
        ),
        (
            "en",
            "Ferries stop at 06:30 from 12 March, said Northern Lines, whose fleet has five ships.",
            "Northern Lines will stop its ferries at 06:30 on weekdays from March 12. Its fleet of five ships is old.",
        ),
        (
            "de",
            "Der Stadtrat von Neuhafen gibt 3,5 Millionen Euro, sagt Bürgermeisterin Vera Muster.",
            "Für das Hafenbecken gibt der Stadtrat 3.5 Millionen Euro. Das sagte Vera Muster, Bürgermeisterin von Neuhafen.",
        ),
        (
            "fr",
            "Selon la préfecture, huit routes restent coupées près de Montclair, « faute de moyens ».",
            "Huit routes sont coupées autour de Montclair « faute de moyens », dit la préfecture.",
        ),
        (
            "es",
            "El Banco del Sur cerrará 40 oficinas, anunció Pilar Ejemplo.",
            "Pilar Ejemplo anunció que el Banco del Sur cerrará 40 oficinas antes de junio.",
        ),
    ];

    #[test]
    fn what_the_article_says_in_other_words_passes() {
        for (language, sentence, source) in WRITTEN {
            assert_eq!(
                untold(sentence, source, language.parse().ok().as_ref()),
                [],
                "{sentence}"
            );
        }
    }

    /// Every place of a sentence at which a number, a name or a quotation can be altered, with the altered sentence.
    fn altered(sentence: &str, seed: usize) -> Option<String> {
        let places: Vec<(usize, &str)> = sentence.split_word_bound_indices().collect();
        let (at, word) = places[seed % places.len()];
        let quoted = sentence[..at].matches(['“', '«']).count() > sentence[..at].matches(['”', '»']).count();
        let (before, after) = (&sentence[..at], &sentence[at + word.len()..]);
        let new = if word.starts_with(char::is_numeric) {
            word.replace(['1', '2', '3', '4', '5', '6'], "7")
                .replace('0', "8")
        } else if is_number_word(word) {
            ["eleven", "vierzig", "trente", "veinte"][seed % 4].to_owned()
        } else if word.starts_with(char::is_uppercase) && at > 0 {
            ["Fairhaven", "Okonkwo", "Lindqvist", "Belmonte"][seed % 4].to_owned()
        } else if quoted && word.starts_with(char::is_alphabetic) {
            ["never", "schnell", "jamais", "siempre"][seed % 4].to_owned()
        } else {
            return None;
        };
        (new != word).then(|| format!("{before}{new}{after}"))
    }

    #[test]
    fn a_thousand_altered_facts_are_found() {
        let mut tried = 0;
        for seed in 0.. {
            let (language, sentence, source) = WRITTEN[seed % WRITTEN.len()];
            let Some(altered) = altered(sentence, seed.wrapping_mul(2_654_435_761) >> 7) else {
                continue;
            };
            assert_ne!(
                untold(&altered, source, language.parse().ok().as_ref()),
                [],
                "{altered}"
            );
            tried += 1;
            if tried == 1_000 {
                break;
            }
        }
    }

    #[test]
    fn a_number_is_the_same_however_its_thousands_are_parted() {
        for (one, other) in [
            ("1,200", "1200"),
            ("1.200.000", "1200000"),
            ("3,5", "3.5"),
            ("06:30", "06:30"),
        ] {
            assert_eq!(value(one), value(other));
        }
        assert_ne!(value("1,20"), value("120"));
    }

    #[test]
    fn a_small_number_is_the_same_in_digits_and_as_a_word() {
        let english = "en".parse().ok();
        let german = "de".parse().ok();
        for (said, source, language) in [
            ("Two dead in Alderport", "In Alderport 2 people died.", &english),
            ("2 dead in Alderport", "In Alderport two people died.", &english),
            ("Zwölf Boote sinken", "Es sinken 12 Boote.", &german),
            ("1 Boot sinkt", "Es sinkt ein Boot.", &german),
        ] {
            assert_eq!(untold(said, source, language.as_ref()), [], "{said}");
        }
        let wrong = untold(
            "Three dead in Alderport",
            "In Alderport 2 people died.",
            english.as_ref(),
        );
        assert_eq!(wrong, [Untold::Number("Three".to_owned())]);
    }

    #[test]
    fn a_word_that_ends_elsewhere_within_its_sentence_is_the_same_word() {
        let text = "\u{2dc0}.\u{a81}A\u{113c2}";
        assert_eq!(untold(text, text, None), []);
    }

    proptest::proptest! {
        #[test]
        fn a_text_holds_whatever_it_says(text in r#"([A-Za-z0-9 .,:"“”«»'’-]{0,80}|\PC{0,40})"#) {
            let source = text.split_whitespace().collect::<Vec<_>>().join(" ");
            proptest::prop_assert_eq!(untold(&text, &source, None), vec![]);
        }
    }
}
