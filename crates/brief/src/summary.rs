//! One sentence for a story, as a desk writes it: the lead's own.

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    boilerplate::{boilerplate, is_title},
    sentence::{is_complete, is_question, sentences},
};

/// The longest summary, in characters. A lead sentence of a wire story has 150 to 250.
pub const SUMMARY_MAX: usize = 320;

/// A sentence shorter than this, in characters, rarely tells the news ("That changed on Monday.").
const ENOUGH_CHARS: usize = 30;

/// The same for scripts that write a word in one or two signs.
const ENOUGH_DENSE_CHARS: usize = 14;

/// A cut leaves at least so many characters.
const CUT_MIN: usize = 120;

/// How many paragraphs that hold a usable sentence count as the lead.
const LEAD_PARAGRAPHS: usize = 3;

/// How far down a text is looked at; what stands behind is no lead however bad the start was.
const PARAGRAPHS_MAX: usize = 60;

/// How far down a dateline's dash may stand, in characters.
const DATELINE_MAX: usize = 70;

/// One whole sentence of a text, by which its story is told.
///
/// The first of the lead's sentences that informs: no dateline, byline, caption, form or notice, preferably no
/// question and no half of a quotation. White space is folded. Only where no sentence of the lead is short enough
/// (see [`SUMMARY_MAX`]) is one cut at a clause, and then it ends in "…". Text that ends without a full stop gets
/// one. Empty where the text holds no sentence that could stand for it.
#[must_use]
pub fn summarize(text: &str, language: Option<&Language>) -> String {
    let mut best: Option<(Fitness, &str)> = None;
    let mut usable = 0;
    let paragraphs = text.lines().map(str::trim).filter(|line| !line.is_empty());
    for paragraph in paragraphs.take(PARAGRAPHS_MAX) {
        let found = best_sentence(paragraph, language);
        usable += usize::from(found.is_some_and(|(fitness, _)| fitness <= Fitness::Awkward));
        if let Some(found) = found
            && best.is_none_or(|(fitness, _)| found.0 < fitness)
        {
            best = Some(found);
        }
        if usable == LEAD_PARAGRAPHS || best.is_some_and(|(fitness, _)| fitness == Fitness::Good) {
            break;
        }
    }
    best.map(|(_, sentence)| finish(sentence)).unwrap_or_default()
}

/// How well a sentence can stand for its story, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fitness {
    /// A whole statement of the right length.
    Good,
    /// A whole statement that must be cut.
    Long,
    /// A question, or part of a quotation.
    Awkward,
    /// Whole, but saying little, or a heading.
    Short,
    /// A line that does not end as a sentence does.
    Open,
}

fn best_sentence<'a>(paragraph: &'a str, language: Option<&Language>) -> Option<(Fitness, &'a str)> {
    // A form fills its paragraph: no sentence of one is worth having.
    if boilerplate(paragraph).is_some() && sentences(paragraph, language).len() <= 2 {
        return None;
    }
    sentences(after_dateline(paragraph), language)
        .into_iter()
        .map(|sentence| sentence.trim_start_matches(['•', '*', '·', '-', '–', '—', '■', '▪', ' ']))
        .filter_map(|sentence| Some((fitness(sentence, language)?, sentence)))
        .min_by_key(|(fitness, _)| *fitness)
}

/// How well this sentence would do, `None` where it cannot.
fn fitness(sentence: &str, language: Option<&Language>) -> Option<Fitness> {
    if is_furniture(sentence) || boilerplate(sentence).is_some() {
        return None;
    }
    let chars = sentence.chars().count();
    let dense = sentence.chars().filter(|&c| is_dense(c)).count() * 2 > chars;
    let enough = chars >= if dense { ENOUGH_DENSE_CHARS } else { ENOUGH_CHARS };
    if !is_complete(sentence) {
        return (enough && !is_title(sentence)).then_some(Fitness::Open);
    }
    // English alone writes its headings with capitals and, at times, a full stop.
    let english = language.is_some_and(|language| language.as_str() == "en");
    if !enough || (english && is_title(sentence)) {
        return (dense || sentence.unicode_words().nth(2).is_some()).then_some(Fitness::Short);
    }
    Some(if is_question(sentence) || is_half_quoted(sentence) {
        Fitness::Awkward
    } else if chars > SUMMARY_MAX {
        Fitness::Long
    } else {
        Fitness::Good
    })
}

/// Chinese, Japanese and Korean signs.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}')
}

/// Bylines, captions, time stamps and introductions of a list.
fn is_furniture(sentence: &str) -> bool {
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
        || is_byline(sentence)
}

/// "By Ann Example and Bo Sample, Northern Wire.": a preposition and little but names.
fn is_byline(sentence: &str) -> bool {
    const BY: [&str; 9] = ["By", "Von", "Par", "Por", "Di", "Door", "Av", "Af", "BY"];
    let mut words = sentence.split_whitespace();
    if !words.next().is_some_and(|word| BY.contains(&word)) {
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

/// Whether a quotation opens or closes outside of this sentence, or is all of it, so that nobody says it.
fn is_half_quoted(sentence: &str) -> bool {
    if sentence.starts_with(['“', '"', '„', '«', '»']) && sentence.ends_with(['“', '”', '"', '»', '«'])
    {
        return true;
    }
    let count = |mark: char| sentence.chars().filter(|&c| c == mark).count();
    let curly = if count('„') > 0 {
        count('„') != count('“') + count('”')
    } else {
        count('“') != count('”')
    };
    curly || count('"') % 2 == 1 || count('«') != count('»')
}

/// The paragraph behind a dateline such as `BAGHDAD (AP) —`, `Berlin (dpa) -`, `LINDI:` or `【東京＝山田】`.
fn after_dateline(paragraph: &str) -> &str {
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

/// A place in capitals, or a place with an agency in brackets or a date behind a comma.
fn is_dateline(head: &str) -> bool {
    if head.starts_with('【') {
        return true;
    }
    let place = head.split(['(', ',', '/']).next().unwrap_or_default().trim();
    let shouted =
        place.chars().filter(|c| c.is_alphabetic()).count() >= 3 && place.chars().all(|c| !c.is_lowercase());
    let agency = head.ends_with(')') && head.contains(" (");
    let dated = head.contains(", ") && head.ends_with(|c: char| c.is_ascii_digit());
    let names = place
        .split_whitespace()
        .all(|word| word.starts_with(|c: char| !c.is_lowercase()));
    (shouted || agency || dated) && names && !place.is_empty() && place.split_whitespace().count() <= 5
}

/// White space folded, a full stop at the end, cut where it must be.
fn finish(sentence: &str) -> String {
    let folded = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() > SUMMARY_MAX {
        return cut(&folded);
    }
    if is_complete(&folded) {
        return folded;
    }
    format!(
        "{}.",
        folded.trim_end_matches([',', ';', ':', '-', '–', '—', ' '])
    )
}

/// The text up to the last clause that fits, or the last word where no clause does, and "…".
fn cut(text: &str) -> String {
    let most = text
        .char_indices()
        .nth(SUMMARY_MAX - 1)
        .map_or(text.len(), |(at, _)| at);
    let least = text.char_indices().nth(CUT_MIN).map_or(0, |(at, _)| at);
    let head = &text[..most];
    let fits = |at: &usize| *at >= least;
    let clause = [", ", "; ", ": ", " – ", " — ", "、", "，", "，", "；"]
        .iter()
        .filter_map(|mark| head.rfind(mark))
        .max()
        .filter(fits);
    let end = clause.or_else(|| head.rfind(' ').filter(fits)).unwrap_or(most);
    format!(
        "{}…",
        text[..end].trim_end_matches([',', ';', ':', '–', '—', '-', ' '])
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cases() {
        for (name, language, input, expected) in crate::cases::all("summaries") {
            assert_eq!(
                summarize(&input, language.parse().ok().as_ref()),
                expected.trim_end(),
                "{name}"
            );
        }
    }

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
        ] {
            assert_eq!(after_dateline(paragraph), body);
        }
    }

    proptest! {
        #[test]
        fn a_summary_is_a_part_of_its_text(
            text in r#"([A-Za-zÀ-ž“”"„«»().,;:!?…—\- ]{0,200}\n?){0,6}|(\PC|\s){0,400}"#,
            language in prop::option::of("[a-z]{2}"),
        ) {
            let language = language.and_then(|code| code.parse().ok());
            let summary = summarize(&text, language.as_ref());
            let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let bare = summary.strip_suffix('…').filter(|_| !folded.contains(&summary)).unwrap_or(&summary);
            let bare = if folded.contains(bare) { bare } else { bare.strip_suffix('.').unwrap_or(bare) };
            prop_assert!(folded.contains(bare), "{summary:?} of {folded:?}");
            prop_assert!(summary.chars().count() <= SUMMARY_MAX + 1);
            prop_assert!(summary.is_empty() || is_complete(&summary));
            prop_assert!(boilerplate(&summary).is_none());
        }
    }
}
