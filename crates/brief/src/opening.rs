//! What stands in a paragraph before its first sentence: a dateline, a label, a heading.

use reveille_model::Language;

use crate::{
    abbreviations::Abbreviations,
    furniture::is_byline,
    sentence::first_word,
    verb::{Verb, main_verb},
};

/// How far down a dateline's dash may stand, in characters.
const DATELINE_MAX: usize = 70;

/// The paragraph behind the place that its article's dateline names, where that lost its dash: `BAGHDAD Talks began.`.
pub(crate) fn after_place<'a>(paragraph: &'a str, place: Option<&str>) -> &'a str {
    let place = place.filter(|place| !place.is_empty());
    let body = place.and_then(|place| paragraph.strip_prefix(place)?.strip_prefix(' '));
    body.filter(|body| body.starts_with(char::is_uppercase))
        .unwrap_or(paragraph)
}

/// The paragraph behind a dateline such as `BAGHDAD (AP) —`, `Berlin (dpa) -`, `Berlin dpa —`, `LINDI:` or `【東京＝山田】`,
/// or behind a label without its space: `Abstract:The …`.
pub(crate) fn after_dateline(paragraph: &str) -> &str {
    let paragraph = after_brackets(paragraph);
    if let Some(body) = after_label(paragraph).or_else(|| after_capitals(paragraph)) {
        return body;
    }
    match parted(paragraph) {
        // "5.12.2022 | OSLO (AP) — …"
        Some((head, body)) if ends_in_year(head) => parted(body).map_or(body, |(_, body)| body),
        Some((_, body)) => body,
        None => paragraph,
    }
}

/// A dateline and what stands behind it.
fn parted(paragraph: &str) -> Option<(&str, &str)> {
    const ENDS: [&str; 13] = [
        " — ", " – ", " - ", " -- ", "— ", "– ", "—", ".-", ".–", ".—", ": ", " | ", "】",
    ];
    let ends = ENDS
        .iter()
        .filter_map(|end| paragraph.find(end).map(|at| (at, at + end.len())));
    let (end, start) = ends.min()?;
    let (head, body) = (paragraph[..end].trim(), paragraph[start..].trim_start());
    let goes_on = body.starts_with(char::is_lowercase) || body.is_empty();
    let is_marked = paragraph[end..].starts_with('.') && is_place(head);
    let is_one = head.chars().count() <= DATELINE_MAX && !goes_on && (is_marked || is_dateline(head));
    is_one.then_some((head, body))
}

/// What stands behind a note in brackets or a button's word that opens a paragraph: `[Music] As …`, `(AP) As …`,
/// `WATCH As …`.
fn after_brackets(paragraph: &str) -> &str {
    const BUTTONS: [&str; 6] = [
        "Buy Photo ",
        "SHARE ",
        "WATCH ",
        "LISTEN ",
        "PLAY ",
        "ADVERTISEMENT ",
    ];
    let square = || paragraph.strip_prefix('[')?.split_once("] ");
    let round = || {
        let (note, body) = paragraph.strip_prefix('(')?.split_once(") ")?;
        (note.len() <= NOTE_BYTES).then_some((note, body))
    };
    let noted = square().or_else(round).map(|(_, body)| body);
    let behind = noted
        .or_else(|| signed(paragraph))
        .or_else(|| BUTTONS.iter().find_map(|button| paragraph.strip_prefix(button)));
    behind
        .filter(|body| body.starts_with(|c: char| c.is_uppercase() || "“\"".contains(c)))
        .unwrap_or(paragraph)
}

/// What stands behind a place and an agency that no dash parts from the sentence: `Oslo (AP) It …`.
fn signed(paragraph: &str) -> Option<&str> {
    let (place, rest) = paragraph.split_once(" (")?;
    let (agency, body) = rest.split_once(") ")?;
    let is_name = |word: &str| word.starts_with(char::is_uppercase) || PARTICLES.contains(&word);
    let is_place = place.starts_with(char::is_uppercase)
        && place.split(' ').count() <= 4
        && place.split(' ').all(is_name);
    (is_place && AGENCIES.contains(&&*agency.to_lowercase())).then_some(body)
}

/// Small words within the names of places: "Rio de Janeiro".
const PARTICLES: [&str; 10] = ["de", "da", "do", "del", "la", "of", "am", "an", "der", "sur"];

/// The longest note in round brackets that is no sentence's, in bytes.
const NOTE_BYTES: usize = 40;

/// What stands behind a word of some length whose colon a capital follows at once: in a sentence a space would.
fn after_label(paragraph: &str) -> Option<&str> {
    let (label, body) = paragraph.split_once(':')?;
    let is_label = (4..=20).contains(&label.chars().count()) && label.chars().all(char::is_alphabetic);
    (is_label && body.starts_with(char::is_uppercase)).then_some(body)
}

/// What stands behind three words or more in capitals that nothing parts from the sentence, as headings are set:
/// `WHERE WE MEET The quay …`. Where the sentence goes on from them, as behind a name, the next word is small.
fn after_capitals(paragraph: &str) -> Option<&str> {
    let shouted = |word: &str| !word.chars().any(|c| c.is_lowercase() || c.is_ascii_digit());
    let mut body = paragraph;
    let mut count = 0;
    while let Some((word, rest)) = body.split_once(' ')
        && shouted(word)
    {
        // "A" and "I" open a sentence, and are no part of a heading that ends here.
        if count >= 3 && ["A", "I"].contains(&word) {
            break;
        }
        // "ALDERPORT, Northland (AP)": a place, and no heading.
        if word.ends_with(',') {
            return None;
        }
        // An arrow or a dot is no word.
        count += usize::from(word.chars().any(char::is_alphabetic));
        body = rest;
    }
    let mut next = body.chars();
    let opens = next.next().is_some_and(char::is_uppercase);
    (count >= 3 && opens && next.next().is_some_and(|c| c.is_lowercase() || c == ' ')).then_some(body)
}

/// What stands behind a heading, a place or a writer's name that nothing parts from the sentence on the page: `Water Lily
/// This plant …`, `Musterstadt Die Brücke …`, `… of ropes Ropes are …`, `15:30 UhrAm …`. It begins where a word has a
/// capital that it would not have within a sentence; what stands before it has no verb, and the rest has one.
pub(crate) fn after_heading<'a>(sentence: &'a str, language: Option<&Language>) -> &'a str {
    let whole = sentence.strip_prefix("Von ").unwrap_or(sentence);
    let abbreviations = Abbreviations::of(language);
    // As many boundaries again may stand within words.
    for (at, is_glued) in boundaries(whole).take(2 * HEADING_WORDS) {
        let (head, body) = (whole[..at].trim_end(), &whole[at..]);
        if head.split(' ').count() > HEADING_WORDS {
            break;
        }
        let before = head.rsplit(' ').next().unwrap_or_default();
        let mut words = body.split(' ');
        let (word, next) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if !word.starts_with(char::is_uppercase) {
            continue;
        }
        let is_again = word == before && word.chars().count() >= 5;
        let is_found = match is_glued {
            // "LinkedIn", "AddOn": a name.
            true => {
                let opener = first_word(word);
                abbreviations.is_opener(opener) && !["In", "On", "It", "Up"].contains(&opener)
            }
            false => {
                (is_again || begins(before, word, next, language)) && is_heading(head, language)
                    || is_second_headline(head, word, next, language)
            }
        };
        if is_found && main_verb(body, language) == Verb::Main {
            return body;
        }
    }
    sentence
}

/// A headline with a verb of its own has more words.
const HEADLINE_WORDS: usize = 5;

/// Whether "The" opens a sentence behind a headline with a verb of its own: within a sentence a name would go on from it.
fn is_second_headline(head: &str, word: &str, next: &str, language: Option<&Language>) -> bool {
    language.is_some_and(|language| language.as_str() == "en")
        && word == "The"
        && next.starts_with(char::is_lowercase)
        && head.split(' ').count() > HEADLINE_WORDS
        && head.ends_with(char::is_alphanumeric)
}

/// Whether this could be a heading, and not the beginning of a sentence.
fn is_heading(head: &str, language: Option<&Language>) -> bool {
    let opening = head.split(' ').next().unwrap_or_default();
    // "Ropes for small harbours": a plural, which may be a verb; within a sentence English writes no such word as follows
    // with a capital.
    let is_english = language.is_some_and(|language| language.as_str() == "en");
    let most = match is_english && head.split(' ').count() >= 4 {
        true => Verb::Perhaps,
        false => Verb::None,
    };
    head.ends_with(char::is_alphanumeric)
        && !head.starts_with(char::is_lowercase)
        && !Abbreviations::of(language).is_opener(opening)
        && main_verb(head, language) <= most
}

/// Whether a word with a capital opens a sentence, by the words around it.
fn begins(before: &str, word: &str, next: &str, language: Option<&Language>) -> bool {
    let abbreviations = Abbreviations::of(language);
    match language.map(Language::as_str) {
        // Whoever is spoken to has a capital within a sentence too.
        Some("de") if word == "Sie" => {
            ["ist", "sind", "hat", "haben", "wird", "werden", "war"].contains(&next)
        }
        Some("de") => {
            abbreviations.is_opener(word)
                && !abbreviations.is_opener(before)
                && !["Sie", "Ihr", "Ihre"].contains(&word)
        }
        // Within a name English writes these words small, and a small word behind them shows that the name ended there.
        Some("en") => {
            let is_opener = ENGLISH_OPENERS.contains(&word) || word == "One" && next == "of";
            is_opener && next.starts_with(char::is_lowercase)
        }
        _ => false,
    }
}

/// Where a word begins in a line, but for the first, and whether it lost the space before it: `UhrAm`.
fn boundaries(line: &str) -> impl Iterator<Item = (usize, bool)> {
    let mut before = [' ', ' '];
    line.char_indices().filter_map(move |(at, c)| {
        let closes = before.iter().all(|c| c.is_lowercase()) || before.iter().all(char::is_ascii_digit);
        let is_glued = closes && c.is_uppercase();
        let begins = before[1] == ' ' && c != ' ' && at > 0;
        before = [before[1], c];
        (is_glued || begins).then_some((at, is_glued))
    })
}

/// The longest heading, in words.
const HEADING_WORDS: usize = 14;

/// Words that open an English sentence, and stand in few names before a small letter.
const ENGLISH_OPENERS: [&str; 12] = [
    "The", "This", "These", "There", "It", "If", "When", "You", "We", "He", "They", "Everyone",
];

/// Agencies as they sign, in capitals or small letters.
const AGENCIES: [&str; 23] = [
    "afp", "ansa", "anp", "ap", "apa", "ats", "belga", "cna", "cnn", "dpa", "efe", "epd", "kna", "ntb",
    "pap", "reuters", "ritzau", "sda", "sid", "tass", "tt", "upi", "xinhua",
];

/// `Puerto Ejemplo`, `Ejemplo, Norte`, and not `U.S`, which a dash joins to what follows.
fn is_place(head: &str) -> bool {
    let is_name =
        |word: &str| word.starts_with(char::is_uppercase) || ["de", "del", "la", "da", "do"].contains(&word);
    let last = head.rsplit(' ').next().unwrap_or_default();
    !head.contains('.')
        && last.chars().count() >= 4
        && head.split_whitespace().all(is_name)
        && head.split(' ').count() <= 5
}

/// `29.11.2022`, `Mitteilung vom 25. Januar 2022`.
fn ends_in_year(head: &str) -> bool {
    let last = head.rsplit(' ').next().unwrap_or_default();
    let is_date = last.len() >= 4 && last.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_date && !head.contains('(')
}

/// A place in capitals, or a place with an agency behind it or in brackets, or a date.
fn is_dateline(head: &str) -> bool {
    let is_bracketed = head.starts_with('(') && head.find(')') == Some(head.len() - 1);
    // "Update, 10 p.m. ET"
    let is_update = head
        .get(..6)
        .is_some_and(|word| word.eq_ignore_ascii_case("update"))
        && head.contains(|c: char| c.is_ascii_digit());
    if head.starts_with('【') || is_bracketed || is_update || is_byline(head) || ends_in_year(head) {
        return true;
    }
    let place = head.split(['(', ',', '/']).next().unwrap_or_default().trim();
    let shouted =
        place.chars().filter(|c| c.is_alphabetic()).count() >= 3 && place.chars().all(|c| !c.is_lowercase());
    let signed = head
        .rsplit_once(' ')
        .is_some_and(|(_, last)| AGENCIES.contains(&&*last.to_lowercase()));
    let agency = signed || head.ends_with(')') && head.contains(" (");
    let dated = head.contains(", ") && head.ends_with(|c: char| c.is_ascii_digit());
    let names = place
        .split_whitespace()
        .all(|word| word.starts_with(|c: char| !c.is_lowercase()) || AGENCIES.contains(&word));
    (shouted || agency || dated) && names && !place.is_empty() && place.split_whitespace().count() <= 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_come_off_and_dashes_inside_a_sentence_stay() {
        for (paragraph, body) in [
            ("BAGHDAD (AP) — Talks began.", "Talks began."),
            ("PARIS, 3 mars (Exemple) - Le vote suit.", "Le vote suit."),
            ("NEW YORK – It rained.", "It rained."),
            ("OLD QUAY POINT, Northl. (AP) - It rained.", "It rained."),
            ("QUAY CITY, Northland—It rained.", "It rained."),
            ("The quay—It is old—is dry.", "The quay—It is old—is dry."),
            ("NATO — the alliance — met.", "NATO — the alliance — met."),
            (
                "The vote - It was close - is over.",
                "The vote - It was close - is over.",
            ),
            ("Oslo is calm.", "Oslo is calm."),
            ("COMMENTARY | Oslo is calm.", "Oslo is calm."),
            ("LINDI: It rained.", "It rained."),
            ("Vaduz, 27.6.2025 – Es regnete.", "Es regnete."),
            ("29.11.2022 – Es regnete.", "Es regnete."),
            ("Mitteilung vom 25. Januar 2022 | Es regnete.", "Es regnete."),
            ("5.12.2022 | Vaduz (Muster) - Es regnete.", "Es regnete."),
            ("【東京＝見本】雨が降った。", "雨が降った。"),
            ("Oslo: It rained.", "Oslo: It rained."),
            ("Oslo/West ntb — It rained.", "It rained."),
            ("The vote — it was close.", "The vote — it was close."),
            ("Abstract:It rained.", "It rained."),
            ("Re:Play opens.", "Re:Play opens."),
            ("WHERE WE MEET The quay is dry.", "The quay is dry."),
            ("WHERE WE MEET A quay is dry.", "A quay is dry."),
            (
                "THE HARBOUR OFFICE of Oslo met.",
                "THE HARBOUR OFFICE of Oslo met.",
            ),
            ("NATO and EU met.", "NATO and EU met."),
            ("GO TO THE LIST ⤵ The quay is dry.", "The quay is dry."),
            ("By Ann Example: The quay is dry.", "The quay is dry."),
            (
                "By Ann Example and Bo Sample: The quay is dry.",
                "The quay is dry.",
            ),
            (
                "By Friday the Kremlin said: “We are ready.”",
                "By Friday the Kremlin said: “We are ready.”",
            ),
            (
                "By May Exampleton said: “We are ready.”",
                "By May Exampleton said: “We are ready.”",
            ),
            (
                "By noon in Exampleton the Council said: “We are ready.”",
                "By noon in Exampleton the Council said: “We are ready.”",
            ),
            ("(harbour.example) - The quay is dry.", "The quay is dry."),
            ("PUERTO EJEMPLO, NORTE.- La lluvia sigue.", "La lluvia sigue."),
            ("Ejemplo.- La lluvia sigue.", "La lluvia sigue."),
            ("The U.S.-China talks began.", "The U.S.-China talks began."),
            ("[Music] As it rained, they sang.", "As it rained, they sang."),
            ("(CNN) It rained.", "It rained."),
            ("(Some say that it rained.) It did.", "It did."),
            (
                "(Some say that it rained, and that all of it fell at night.) It did.",
                "(Some say that it rained, and that all of it fell at night.) It did.",
            ),
            ("Oslo (AP) It rained.", "It rained."),
            ("Update, 10 p.m. ET: It rained.", "It rained."),
            ("UPDATE May 4: It rained.", "It rained."),
            ("Updates are late: It rained.", "Updates are late: It rained."),
            ("Puerto de Ejemplo (AP) It rained.", "It rained."),
            (
                "Harbour Office (HO) Director Ann Example left.",
                "Harbour Office (HO) Director Ann Example left.",
            ),
            ("WATCH The quay is dry.", "The quay is dry."),
            ("CLOSE to the quay it is dry.", "CLOSE to the quay it is dry."),
        ] {
            assert_eq!(after_dateline(paragraph), body);
        }
    }

    #[test]
    fn a_place_or_a_heading_without_a_stop_comes_off() {
        let german = "de".parse().ok();
        for (paragraph, body) in [
            ("Musterstadt Die Brücke ist zu.", "Die Brücke ist zu."),
            (
                "Musterstadt/Neuhafen Am Montag regnete es.",
                "Am Montag regnete es.",
            ),
            ("Laut Der Zeitung regnete es.", "Laut Der Zeitung regnete es."),
            ("ABC-2/XYZ-19 Die Häfen sind zu.", "Die Häfen sind zu."),
            ("Von Anna Beispiel Die Brücke ist zu.", "Die Brücke ist zu."),
            (
                "Von Montag an ist Die Brücke zu.",
                "Von Montag an ist Die Brücke zu.",
            ),
            ("Kommen Sie ans Meer.", "Kommen Sie ans Meer."),
            ("Von Anna Beispiel Sie ist zu.", "Sie ist zu."),
            (
                "Neues Boot aus Holzfasern Holzfasern gelten als Stoff der Zukunft.",
                "Holzfasern gelten als Stoff der Zukunft.",
            ),
            (
                "Auf LinkedIn teilte der Hafen es mit.",
                "Auf LinkedIn teilte der Hafen es mit.",
            ),
            ("15:30 UhrAm Kai regnet es.", "Am Kai regnet es."),
            ("Stand: 4. Mai 2024Am Kai regnet es.", "Am Kai regnet es."),
            (
                "Das Magazin Der Hafen berichtet davon.",
                "Das Magazin Der Hafen berichtet davon.",
            ),
            (
                "Musterstadt liegt am Meer. Die Brücke ist zu.",
                "Musterstadt liegt am Meer. Die Brücke ist zu.",
            ),
        ] {
            assert_eq!(after_heading(paragraph, german.as_ref()), body);
        }
    }

    #[test]
    fn a_name_that_heads_its_paragraph_comes_off() {
        let english = "en".parse().ok();
        for (paragraph, body) in [
            (
                "Ropes for small harbours Everyone has a right to them.",
                "Everyone has a right to them.",
            ),
            (
                "Harbour Lily One of the easiest plants is here.",
                "One of the easiest plants is here.",
            ),
            ("Harbour Lily This plant likes salt.", "This plant likes salt."),
            ("Sailors say This is so.", "Sailors say This is so."),
            ("Harbour One Quay opens.", "Harbour One Quay opens."),
            (
                "Harbour master creates two rival ports The mayor has promised a contest.",
                "The mayor has promised a contest.",
            ),
            (
                "Ann told the crew of The Exampleton Times.",
                "Ann told the crew of The Exampleton Times.",
            ),
            (
                "Formula One drivers return to Exampleton.",
                "Formula One drivers return to Exampleton.",
            ),
            (
                "Air Force One landed in Exampleton.",
                "Air Force One landed in Exampleton.",
            ),
        ] {
            assert_eq!(after_heading(paragraph, english.as_ref()), body);
        }
        assert_eq!(after_heading("Harbour This is.", None), "Harbour This is.");
        let french = "fr".parse().ok();
        for (paragraph, body) in [
            ("CultureL'Opéra du port ferme.", "L'Opéra du port ferme."),
            ("La France Le Port ferme.", "La France Le Port ferme."),
        ] {
            assert_eq!(after_heading(paragraph, french.as_ref()), body);
        }
    }
}
