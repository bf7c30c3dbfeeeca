//! What stands in a paragraph before its first sentence: the headline again, a dateline, a label, a heading.

use reveille_model::Language;

use crate::{abbreviations::Abbreviations, furniture::is_byline};

/// How far down a dateline's dash may stand, in characters.
const DATELINE_MAX: usize = 70;

/// The paragraph behind the headline, where it says that again before its first sentence: `Harbour closed: The port …`.
pub(crate) fn after_headline<'a>(paragraph: &'a str, headline: &str) -> &'a str {
    let rest = paragraph.strip_prefix(headline.trim()).unwrap_or(paragraph);
    let behind = [": ", " – ", " — ", " - ", " | "]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark));
    behind
        .filter(|_| !headline.trim().is_empty())
        .unwrap_or(paragraph)
}

/// The paragraph behind a dateline such as `BAGHDAD (AP) —`, `Berlin (dpa) -`, `Berlin dpa —`, `LINDI:` or `【東京＝山田】`,
/// or behind a label without its space: `Abstract:The …`.
pub(crate) fn after_dateline<'a>(paragraph: &'a str, language: Option<&Language>) -> &'a str {
    let bare = after_label(paragraph).or_else(|| after_capitals(paragraph));
    let bare = bare.or_else(|| after_bare_place(paragraph, language));
    if let Some(body) = bare.or_else(|| after_bare_name(paragraph, language)) {
        return body;
    }
    const ENDS: [&str; 8] = [" — ", " – ", " - ", " -- ", "— ", "– ", ": ", "】"];
    let end = ENDS
        .iter()
        .filter_map(|end| paragraph.find(end).map(|at| (at, at + end.len())))
        .min();
    let Some((end, start)) = end else {
        return paragraph;
    };
    let (head, body) = (paragraph[..end].trim(), paragraph[start..].trim_start());
    let goes_on = body.starts_with(char::is_lowercase) || body.is_empty();
    if head.chars().count() > DATELINE_MAX || goes_on || !is_dateline(head) {
        return paragraph;
    }
    body
}

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
        // An arrow or a dot is no word.
        count += usize::from(word.chars().any(char::is_alphabetic));
        body = rest;
    }
    let mut next = body.chars();
    let opens = next.next().is_some_and(char::is_uppercase);
    (count >= 3 && opens && next.next().is_some_and(|c| c.is_lowercase() || c == ' ')).then_some(body)
}

/// What stands behind one or two names of a place, or behind the writer's, that nothing parts from the sentence, as German
/// papers print it: `Musterstadt Die Brücke …`, `Von Ann Beispiel Die Brücke …`. Within a sentence German writes what
/// opens it with a small letter.
fn after_bare_place<'a>(paragraph: &'a str, language: Option<&Language>) -> Option<&'a str> {
    let german = language.filter(|language| language.as_str() == "de")?;
    let abbreviations = Abbreviations::of(Some(german));
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word.chars().count() > 3
            && (word.chars().all(|c| c.is_alphabetic() || c == '-' || c == '/') || is_code(word))
            && !abbreviations.is_opener(word)
    };
    let mut body = paragraph.strip_prefix("Von ").unwrap_or(paragraph);
    for _ in 0..2 {
        let (word, rest) = body.split_once(' ')?;
        if !is_name(word) {
            return None;
        }
        body = rest;
        let next = rest.split(' ').next()?;
        // "Kommen Sie": whoever is spoken to has a capital within a sentence too.
        if abbreviations.is_opener(next) && !["Sie", "Ihr"].contains(&next) {
            return Some(rest);
        }
    }
    None
}

/// `ABC-19/20`: capitals and numbers.
fn is_code(word: &str) -> bool {
    word.chars()
        .all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '-' || c == '/')
}

/// What stands behind a name that heads its paragraph in bold, as catalogues print it: `Water Lily This plant …`. Within
/// a name English writes these words small, and a small word behind them shows that the name ended there.
fn after_bare_name<'a>(paragraph: &'a str, language: Option<&Language>) -> Option<&'a str> {
    const OPENERS: [&str; 8] = ["This", "These", "There", "It", "If", "When", "You", "We"];
    language.filter(|language| language.as_str() == "en")?;
    let abbreviations = Abbreviations::of(language);
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(char::is_alphabetic)
            && !abbreviations.is_opener(word)
    };
    let mut body = paragraph;
    for _ in 0..3 {
        let (word, rest) = body.split_once(' ')?;
        if !is_name(word) {
            return None;
        }
        body = rest;
        let (next, behind) = rest.split_once(' ')?;
        // "Formula One", "Air Force One": a name may end in this word.
        let opens = OPENERS.contains(&next) || next == "One" && behind.starts_with("of ");
        if opens && behind.starts_with(char::is_lowercase) {
            return Some(rest);
        }
    }
    None
}

/// Agencies as they sign, in capitals or small letters.
const AGENCIES: [&str; 22] = [
    "afp", "ansa", "anp", "ap", "apa", "ats", "belga", "cna", "dpa", "efe", "epd", "kna", "ntb", "pap",
    "reuters", "ritzau", "sda", "sid", "tass", "tt", "upi", "xinhua",
];

/// What opens as a byline does, and names a day or a month.
const DAYS: &str = " monday tuesday wednesday thursday friday saturday sunday january february march april may june july \
    august september october november december montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag \
    januar februar märz mai juni juli oktober dezember ";

/// `By Ann Example`, and neither `By Friday Northland` nor `By noon the Northern Wire`.
fn is_writer(head: &str) -> bool {
    let small = head
        .split_whitespace()
        .filter(|word| word.starts_with(char::is_lowercase));
    let behind = head.split_whitespace().nth(1).unwrap_or_default().to_lowercase();
    is_byline(head) && small.count() <= 1 && !DAYS.contains(&format!(" {behind} "))
}

/// A place in capitals, or a place with an agency behind it or in brackets, or a date behind a comma.
fn is_dateline(head: &str) -> bool {
    let is_bracketed = head.starts_with('(') && head.find(')') == Some(head.len() - 1);
    if head.starts_with('【') || is_bracketed || is_writer(head) {
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
            ("NATO — the alliance — met.", "NATO — the alliance — met."),
            (
                "The vote - It was close - is over.",
                "The vote - It was close - is over.",
            ),
            ("Oslo is calm.", "Oslo is calm."),
            ("LINDI: It rained.", "It rained."),
            ("Vaduz, 27.6.2025 – Es regnete.", "Es regnete."),
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
            ("Musterstadt Die Brücke ist zu.", "Musterstadt Die Brücke ist zu."),
        ] {
            assert_eq!(after_dateline(paragraph, None), body);
        }
        let german = "de".parse().ok();
        for (paragraph, body) in [
            ("Musterstadt Die Brücke ist zu.", "Die Brücke ist zu."),
            (
                "Musterstadt/Neuhafen Am Montag regnete es.",
                "Am Montag regnete es.",
            ),
            ("Laut Der Zeitung regnete es.", "Laut Der Zeitung regnete es."),
            ("ABC-2/XYZ-19 Die Häfen öffnen.", "Die Häfen öffnen."),
            ("Von Anna Beispiel Die Brücke ist zu.", "Die Brücke ist zu."),
            (
                "Von Montag an ist Die Brücke zu.",
                "Von Montag an ist Die Brücke zu.",
            ),
            ("Kommen Sie ans Meer.", "Kommen Sie ans Meer."),
            (
                "Musterstadt liegt am Meer. Die Brücke ist zu.",
                "Musterstadt liegt am Meer. Die Brücke ist zu.",
            ),
        ] {
            assert_eq!(after_dateline(paragraph, german.as_ref()), body);
        }
    }

    #[test]
    fn a_name_that_heads_its_paragraph_comes_off() {
        let english = "en".parse().ok();
        for (paragraph, body) in [
            (
                "Harbour Lily One of the easiest plants.",
                "One of the easiest plants.",
            ),
            ("Harbour Lily This plant likes salt.", "This plant likes salt."),
            ("Sailors say This is so.", "Sailors say This is so."),
            ("Harbour One Quay opens.", "Harbour One Quay opens."),
            (
                "Formula One drivers return to Exampleton.",
                "Formula One drivers return to Exampleton.",
            ),
            (
                "Air Force One landed in Exampleton.",
                "Air Force One landed in Exampleton.",
            ),
        ] {
            assert_eq!(after_dateline(paragraph, english.as_ref()), body);
        }
        assert_eq!(after_dateline("Harbour This is.", None), "Harbour This is.");
    }

    #[test]
    fn a_headline_that_is_said_again_before_the_sentence_comes_off() {
        let headline = "„Kleiner“ Hafen gesperrt";
        let again = format!("{headline}: Der Hafen bleibt bis Mai zu.");
        assert_eq!(after_headline(&again, headline), "Der Hafen bleibt bis Mai zu.");
        assert_eq!(
            after_headline("Der Hafen: Was nun?", "Der"),
            "Der Hafen: Was nun?"
        );
        assert_eq!(after_headline(": Nun ja.", ""), ": Nun ja.");
    }
}
