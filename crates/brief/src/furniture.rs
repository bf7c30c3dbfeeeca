//! Lines around a report that name its people and pictures: bylines, captions, notes on the author, addresses.

use std::ops::RangeInclusive;

use unicode_segmentation::UnicodeSegmentation;

use crate::{boilerplate::is_title, word_list, words::Dates};

/// Bylines, captions, time stamps, addresses, spoilt text and introductions of a list.
pub(crate) fn is_furniture(sentence: &str) -> bool {
    const OPENINGS: [&str; 15] = [
        "file -",
        "file –",
        "file —",
        "photo:",
        "photo by",
        "image:",
        "foto:",
        "video:",
        "updated ",
        "last updated",
        "published ",
        "posted ",
        "copyright",
        "©",
        "stand:",
    ];
    let lower: String = sentence.chars().take(20).flat_map(char::to_lowercase).collect();
    sentence.ends_with(':')
        || (sentence.starts_with(['(', '[']) && sentence.ends_with([')', ']']))
        || OPENINGS.iter().any(|opening| lower.starts_with(opening))
        || sentence.contains(char::REPLACEMENT_CHARACTER)
        || is_trail(sentence)
        || is_share(sentence)
        || is_credit(sentence)
        || is_dated_caption(sentence)
        || is_byline(sentence)
        || is_address(sentence)
}

/// Whether a picture's credit runs into it: "| AP Photo The harbour is closed.", "Ann Example/AFP The harbour is closed."
fn is_credit(sentence: &str) -> bool {
    const CREDITS: [&str; 8] = [
        "(Photo: ", "/Getty", "| Getty", "/AP ", "| AP ", "/AFP", "/Reuters", "REUTERS/",
    ];
    sentence.starts_with('|') || CREDITS.iter().any(|credit| sentence.contains(credit))
}

/// Whether a sentence ends in a whole date, as English captions do: "Boats leave the harbour on May 4, 2024."
pub(crate) fn is_dated(sentence: &str) -> bool {
    let mut words = sentence.trim_end_matches('.').rsplit(' ');
    let is_number = |word: &str, digits| word.len() <= digits && word.bytes().all(|b| b.is_ascii_digit());
    let mut next = || words.next().unwrap_or_default();
    is_number(next(), 4)
        && next().strip_suffix(',').is_some_and(|day| is_number(day, 2))
        && next().starts_with(char::is_uppercase)
        && ["on", "in"].contains(&next())
}

/// "Boats leave the harbour of Exampleton, May 4, 2024.": English captions end in a whole date or a year behind a comma.
fn is_dated_caption(sentence: &str) -> bool {
    let is_number = |text: &str, digits: RangeInclusive<usize>| {
        digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    let dated = || {
        let (rest, year) = sentence.strip_suffix('.')?.rsplit_once(", ")?;
        if year
            .strip_prefix("in ")
            .is_some_and(|year| is_number(year, 4..=4))
        {
            return Some(());
        }
        let (rest, day) = rest.rsplit_once(' ')?;
        let (rest, month) = rest.rsplit_once(' ')?;
        let is_date = is_number(year, 4..=4) && is_number(day, 1..=2) && is_day_name(month);
        let (before, weekday) = rest.strip_suffix(',')?.rsplit_once(' ')?;
        (is_date && (!is_day_name(weekday) || before.ends_with(','))).then_some(())
    };
    dated().is_some()
}

/// `Ann Example Ann Maria ExamplePort opens`: what a page shows of a person on a click was read as text behind the name.
pub(crate) fn has_glued_name(sentence: &str) -> bool {
    let words: Vec<&str> = sentence.split(' ').collect();
    // The button below.
    if words.contains(&"MORE") && !is_title(sentence) {
        return true;
    }
    let is_name = |word: &str| word.starts_with(char::is_uppercase) && word.ends_with(char::is_alphanumeric);
    let is_glued = |at: usize| {
        let mut inner = words[at]
            .char_indices()
            .skip(2)
            .filter(|(_, c)| c.is_uppercase() || c.is_ascii_digit());
        inner.any(|(end, _)| words[..at].contains(&&words[at][..end])) && is_name(words[at - 1])
    };
    (1..words.len()).any(is_glued)
}

fn is_day_name(word: &str) -> bool {
    Dates::name(&word.trim_end_matches('.').to_lowercase())
}

/// "Forum > Boats > Which rope?": the way to a page.
fn is_trail(sentence: &str) -> bool {
    let steps = sentence.split(['>', '›', '|']);
    steps.filter(|step| step.contains(char::is_alphabetic)).count() > 2
}

/// "By Ann Example and Bo Sample, Northern Wire.": a preposition and little but names, of which the first is no day.
pub(crate) fn is_byline(sentence: &str) -> bool {
    const BY: [&str; 9] = ["By", "Von", "Par", "Por", "Di", "Door", "Av", "Af", "BY"];
    let mut words = sentence.split_whitespace();
    if !words.next().is_some_and(|word| BY.contains(&word)) {
        return false;
    }
    let is_name = |word: &str| word.starts_with(char::is_uppercase) && !Dates::name(word);
    if !words.clone().next().is_some_and(is_name) {
        return false;
    }
    let (mut names, mut others) = (0, 0);
    for word in words {
        if word.starts_with(char::is_uppercase) {
            names += 1;
        } else {
            others += 1;
        }
    }
    names >= 2 && others <= 2 && names + others <= 14
}

/// "Harbour Office, Quay 1, Tel: 0100 200": where to write or ring, or a name and an office without a sentence.
fn is_address(sentence: &str) -> bool {
    const SIGNS: [&str; 6] = [" tel: ", " tel.: ", " tel. ", " fax: ", " telefon: ", " phone: "];
    let lower = format!(" {} ", sentence.to_lowercase());
    // "Per Fax an das Amt" is said in a report.
    let is_fax = lower
        .split(" fax ")
        .skip(1)
        .any(|behind| behind.starts_with(|c: char| c.is_ascii_digit() || "+(".contains(c)));
    SIGNS.iter().any(|sign| lower.contains(sign))
        || sentence.split_whitespace().any(is_mail_address)
        || is_fax
        || ["e.V.", "e. V.", "GmbH", "Inc.", "Ltd."]
            .iter()
            .any(|firm| sentence.ends_with(firm))
            && is_title(sentence)
}

fn is_mail_address(word: &str) -> bool {
    let parts = word.split_once('@');
    parts.is_some_and(|(name, host)| name.ends_with(char::is_alphanumeric) && host.contains('.'))
}

/// Whether these sentences of one paragraph are a caption: the last says whose picture it is.
pub(crate) fn is_captioned(sentences: &[&str]) -> bool {
    const CREDITS: [&str; 16] = [
        "Photo:",
        "Photo by",
        "Photograph:",
        "Picture:",
        "Image:",
        "Foto:",
        "Bild:",
        "Photo :",
        "Crédit:",
        "Crédit :",
        "Crédits:",
        "Crédits :",
        "Crédit photo",
        "Foto ©",
        "©",
        "Photo courtesy",
    ];
    let credited = |last: &&str| {
        let is_open = !last.ends_with(['.', '!', '?', '”', '"']);
        last.starts_with('|')
            || CREDITS.iter().any(|credit| last.starts_with(credit))
            || is_open && (is_credit(last) || last.ends_with("Getty Images"))
    };
    // "(Ann Example/Northern Wire)", "(Wire photo: Bo Sample)"
    let bracketed = |last: &&str| {
        let inner = last
            .strip_prefix('(')
            .and_then(|rest| rest.trim_end_matches('.').strip_suffix(')'));
        inner.is_some_and(|inner| {
            inner.split(' ').count() <= 8
                && [
                    "/",
                    "photo",
                    "Photo",
                    "Reuters",
                    "AP",
                    "AFP",
                    "Getty",
                    "Associated Press",
                ]
                .iter()
                .any(|sign| inner.contains(sign))
        })
    };
    (2..=4).contains(&sentences.len())
        && sentences
            .last()
            .is_some_and(|last| credited(last) || bracketed(last))
}

/// "Not decided: 61 percent.": a line of a table.
fn is_share(sentence: &str) -> bool {
    let value = sentence.rsplit_once(": ").map_or("", |(_, value)| value);
    let (number, unit) = value.trim_end_matches('.').split_once(' ').unwrap_or((value, ""));
    number.starts_with(|c: char| c.is_ascii_digit()) && ["percent", "per", ""].contains(&unit)
}

/// "Dear readers!": nothing but a greeting.
pub(crate) fn is_greeting(line: &str) -> bool {
    const GREETINGS: &str = "dear hello hi liebe lieber liebes hallo geehrte geehrter cher chère chers chères bonjour estimado \
        estimada estimados queridos queridas hola caro cara cari care gentili prezados beste geachte lieve drodzy szanowni \
        дорогие уважаемые дорогі шановні";
    let mut opening = line.unicode_words().take(2).map(str::to_lowercase);
    line.trim_end().ends_with('!') && opening.any(|word| word_list::holds(GREETINGS, &word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_spoilt_text_are_no_sentence() {
        for line in [
            "Harbour Office, Quay 1, Exampleton, Tel: 0100 200, open on Mondays.",
            "Hafenamt, Kai 1, Musterstadt, Fax 0100 200.",
            "Dr. Ann Example Abteilung Presse Gesellschaft Musterhafen e.V.",
            "The \u{FFFD}\u{FFFD} harbour \u{FFFD} closed.",
            "By Ann Example and Bo Sample, Northern Wire.",
            "Forum>Boats>Which rope for a quay?",
            "Send your rope to ann@harbour.example before noon.",
            "| Bo Sample The harbour is closed.",
            "Bo Sample/AFP The harbour is closed.",
            "Boats leave the harbour of Exampleton, May 4, 2024.",
            "Boats leave the harbour of Exampleton, Monday, May 4, 2024.",
            "Boats lie in the harbour of Exampleton, in 2015.",
            "Not satisfied with the harbour: 61 percent.",
        ] {
            assert!(is_furniture(line), "{line}");
        }
        for line in [
            "Mayor Ann Example Ann Maria ExamplePort opens its gates said that it rained.",
            "Mayor Ann McExample Ann Maria McExamplePort opens its gates said that it rained.",
            "Mayor Ann Example Ann Maria Example2024 ports opened said that it rained.",
            "Ten ports to see MORE said on Monday that it rained.",
        ] {
            assert!(has_glued_name(line), "{line}");
        }
        for line in [
            "The harbour is run by Musterhafen e.V.",
            "The telephone rang at the harbour office all day.",
            "Das Gesundheitsamt meldet die Zahlen noch per Fax an das RKI.",
            "By Monday the harbour had closed.",
            "The harbour of Exampleton opens on May 4, 2024.",
            "The harbour of Exampleton opens on Monday, May 4, 2024.",
            "The plan of Mayor Example, ExampleCare, was dropped.",
            "By Friday the Kremlin agreed.",
            "The harbour has lost a third: 61 percent of its boats.",
            "By May Exampleton had lost two ports.",
            "The harbour had closed (more on the harbour >>>).",
        ] {
            assert!(!is_furniture(line) && !has_glued_name(line), "{line}");
        }
    }

    #[test]
    fn a_paragraph_that_ends_in_a_credit_is_a_caption() {
        assert!(is_captioned(&[
            "The mayor speaks at the quay on Monday.",
            "Photo: Northern Wire"
        ]));
        assert!(is_captioned(&[
            "Le maire parle au port.",
            "Crédit photo : Fil du Nord"
        ]));
        assert!(!is_captioned(&[
            "La banque ferme trois agences.",
            "Crédit Agricole a refusé de commenter."
        ]));
        for credit in [
            "(Bo Sample/Northern Wire)",
            "(Wire photo: Bo Sample)",
            "Bo Sample/AFP",
        ] {
            assert!(
                is_captioned(&["The mayor speaks at the quay on Monday.", credit]),
                "{credit}"
            );
        }
        assert!(!is_captioned(&[
            "The quay is dry.",
            "(It had rained for a week.)"
        ]));
        assert!(!is_captioned(&["Photo: Northern Wire"]));
        assert!(!is_captioned(&["The quay is dry.", "Photographs show how."]));
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
