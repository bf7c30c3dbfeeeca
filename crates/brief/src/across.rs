//! What a sentence says that its source, which is in another language, does not.
//!
//! Words differ then, so only what languages share is compared: numbers in digits, with the marks of either language;
//! quotations, which are the source's words or none; and, as advice, names in the same script.

use std::collections::HashSet;

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    abbreviations::Abbreviations,
    sentence::sentences,
    untold::{Untold, digits, is_number_word, names, plain, quotations, stem},
};

/// Everything of this kind in a sentence, in order; empty where the source holds it all.
pub(crate) fn untold_across(sentence: &str, source: &str, language: &Language, of: &Language) -> Vec<Untold> {
    let (sentence, source) = (plain(sentence), plain(source));
    let mut held: HashSet<String> = numbers(&source).flat_map(|(_, readings)| readings).collect();
    held.extend(source.unicode_words().filter_map(digits));
    let counts_in_words = !matches!(of.as_str(), "en" | "de" | "fr" | "es");
    let is_told = |readings: &[String]| {
        readings.iter().any(|reading| {
            // Small numbers stand as words in texts, which are not known in every language.
            let is_small = reading.parse::<u32>().is_ok_and(|number| number <= 12);
            held.contains(reading) || counts_in_words && is_small
        })
    };
    let mut found: Vec<Untold> = numbers(&sentence)
        .filter(|(_, readings)| !is_told(readings))
        .map(|(said, _)| Untold::Number(said.to_owned()))
        .collect();
    let words: HashSet<String> = source.unicode_words().map(stem).collect();
    let is_written_alike = script(&sentence).is_some() && script(&sentence) == script(&source);
    let named = people(&sentence, language).filter(|name| {
        is_written_alike
            && !is_number_word(name)
            && !name
                .split(|c: char| !c.is_alphanumeric())
                .all(|part| words.contains(&stem(part)))
    });
    found.extend(named.map(|name| Untold::PerhapsName(name.to_owned())));
    for quotation in quotations(&sentence) {
        if !source.to_lowercase().contains(&quotation.to_lowercase()) {
            found.push(Untold::Quotation(quotation.to_owned()));
        }
    }
    found
}

/// What is a name for certain. German writes its nouns with a capital, too; there the names of persons come in pairs, whose
/// last word hardly ever is a noun.
fn people<'a>(sentence: &'a str, language: &'a Language) -> Box<dyn Iterator<Item = &'a str> + 'a> {
    if !matches!(language.as_str(), "de" | "lb") {
        return Box::new(
            names(sentence, Some(language))
                .filter(|(_, sure)| *sure)
                .map(|(name, _)| name),
        );
    }
    let openers = Abbreviations::of(Some(language));
    let pairs = sentences(sentence, Some(language))
        .into_iter()
        .flat_map(move |sentence| {
            let words: Vec<&str> = sentence.split_word_bounds().filter(|word| *word != " ").collect();
            let is_capital = |at: usize| {
                words
                    .get(at)
                    .is_some_and(|word| word.starts_with(char::is_uppercase))
            };
            let ends_pair = |at: &usize| {
                let opens_sentence = *at == 1 && openers.is_opener(words[0]);
                // What is counted is a noun: "Millionen Kronen", "5 Brücken Maut".
                let is_counted = is_number_word(words[at - 1])
                    || *at > 1 && words[at - 2].starts_with(|c: char| c.is_numeric());
                is_capital(*at) && is_capital(at - 1) && !is_capital(at + 1) && !opens_sentence && !is_counted
            };
            let ends: Vec<&str> = (1..words.len()).filter(ends_pair).map(|at| words[at]).collect();
            ends
        });
    Box::new(pairs)
}

/// Numbers in digits, as written and as they may be meant: "1.200" is 1200 to some and 1.2 to others.
fn numbers(text: &str) -> impl Iterator<Item = (&str, Vec<String>)> {
    let inner = |c: char| c.is_numeric() || is_mark(c);
    let runs = text.split(move |c| !inner(c));
    let runs = runs.map(|run| run.trim_matches(is_mark));
    runs.filter(|run| run.contains(char::is_numeric))
        .map(|run| (run, readings(run)))
}

/// What stands within a number: of thousands, of decimals, of hours.
const fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | ':' | '\'' | '\u{66b}' | '\u{66c}')
}

fn readings(number: &str) -> Vec<String> {
    let number: String = number.chars().map(western).collect();
    let groups: Vec<&str> = number.split(is_mark).collect();
    let [first, others @ ..] = groups.as_slice() else {
        return Vec::new();
    };
    let are_thousands = |groups: &[&str]| groups.iter().all(|group| group.chars().count() == 3);
    let mut readings = Vec::new();
    if are_thousands(others) {
        readings.push(groups.concat());
    }
    let marks: Vec<char> = number.chars().filter(|c| is_mark(*c)).collect();
    if let [thousands @ .., decimals] = others
        && are_thousands(thousands)
        && (thousands.is_empty() || marks.first() != marks.last())
    {
        let whole = format!("{first}{}", thousands.concat());
        readings.push(match decimals.trim_end_matches('0') {
            "" => whole,
            decimals => format!("{whole}.{decimals}"),
        });
    }
    // "14.30" is an hour in German, and a date has as many parts.
    readings.push(groups.join(":"));
    readings
}

/// A decimal digit of another script as the one that means the same.
fn western(digit: char) -> char {
    /// Zeros of Arabic, Persian, Devanagari, Bengali, Thai and fullwidth digits (Unicode, `DerivedNumericType.txt`).
    const ZEROS: [u32; 6] = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];
    let value = ZEROS.into_iter().find_map(|zero| {
        let value = u32::from(digit).checked_sub(zero)?;
        (value < 10).then_some(value)
    });
    value
        .and_then(|value| char::from_digit(value, 10))
        .unwrap_or(digit)
}

/// In which alphabet most of a text is: a number for each that has capitals, and so names that can be told.
fn script(text: &str) -> Option<usize> {
    const ALPHABETS: [std::ops::RangeInclusive<char>; 3] =
        ['A'..='\u{24f}', '\u{370}'..='\u{3ff}', '\u{400}'..='\u{52f}'];
    let of = |range: &std::ops::RangeInclusive<char>| {
        text.chars()
            .filter(|c| c.is_alphabetic() && range.contains(c))
            .count()
    };
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    ALPHABETS.iter().position(|range| of(range) * 2 > letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sentence: &str, source: &str, language: &str, of: &str) -> Vec<Untold> {
        untold_across(sentence, source, &language.parse().unwrap(), &of.parse().unwrap())
    }

    #[test]
    fn a_line_in_german_may_tell_of_an_article_in_english() {
        let source = "The bank of Alderport cut its rate by 0.25 points to 3.5 percent, said governor Ann Example. The toll \
                      brings 1,200,000 crowns a year; five bridges are tolled from 14:30.";
        for line in [
            "Die Bank von Alderport senkt den Leitzins um 0,25 Punkte auf 3,5 Prozent, sagt Ann Example.",
            "Die Maut bringt 1.200.000 Kronen im Jahr, Millionen weniger als gedacht.",
            "Ab 14.30 Uhr kosten 5 Brücken Maut, sagt die Notenbankchefin Ann Example.",
        ] {
            assert_eq!(found(line, source, "de", "en"), [], "{line}");
        }
    }

    #[test]
    fn what_languages_share_is_compared_all_the_same() {
        let source = "Governor Ann Example cut the rate by 0.25 points. “A slow goodbye,” she said.";
        let wrong = found(
            "Ann Beispiel senkt den Zins um 0,35 Punkte: „ein langer Abschied“.",
            source,
            "de",
            "en",
        );
        assert_eq!(
            wrong,
            [
                Untold::Number("0,35".to_owned()),
                Untold::PerhapsName("Beispiel".to_owned()),
                Untold::Quotation("ein langer Abschied".to_owned()),
            ]
        );
        assert_eq!(
            found("Der Zins fällt um 25 Punkte", source, "de", "en"),
            [Untold::Number("25".to_owned())]
        );
    }

    #[test]
    fn an_article_in_arabic_has_digits_of_its_own_and_no_latin_names() {
        let source = "قال وزير النقل إن ١٬٢٠٠ سفينة عبرت القناة هذا العام بزيادة ٣٫٥ في المئة في أربعة موانئ";
        let line =
            "In vier Häfen, sagt Verkehrsminister Omar Muster, fuhren 1.200 Schiffe, 3,5 Prozent mehr.";
        assert_eq!(found(line, source, "de", "ar"), []);
        assert_eq!(
            found("4 Häfen, 1.300 Schiffe", source, "de", "ar"),
            [Untold::Number("1.300".to_owned())]
        );
    }
}
