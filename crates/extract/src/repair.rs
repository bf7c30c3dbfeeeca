//! Text that was damaged on its way: repaired where only one reading is possible, and every repair recorded.

use reveille_model::{Block, Repair};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::text;

/// Contractions that are no words without their apostrophe.
const CONTRACTIONS: &[(&str, &str)] = &[
    ("dont", "don't"),
    ("didnt", "didn't"),
    ("doesnt", "doesn't"),
    ("isnt", "isn't"),
    ("wasnt", "wasn't"),
    ("arent", "aren't"),
    ("werent", "weren't"),
    ("hasnt", "hasn't"),
    ("havent", "haven't"),
    ("hadnt", "hadn't"),
    ("couldnt", "couldn't"),
    ("wouldnt", "wouldn't"),
    ("shouldnt", "shouldn't"),
    ("mustnt", "mustn't"),
    ("youre", "you're"),
    ("theyre", "they're"),
    ("youve", "you've"),
    ("theyve", "they've"),
    ("weve", "we've"),
    ("thats", "that's"),
    ("theres", "there's"),
];

/// Words that may follow a plural, so that a name before them need be no genitive.
const AFTER_PLURAL: &[&str] = &[
    "a",
    "about",
    "across",
    "after",
    "against",
    "all",
    "also",
    "among",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "been",
    "before",
    "but",
    "by",
    "came",
    "can",
    "could",
    "did",
    "do",
    "during",
    "for",
    "from",
    "go",
    "got",
    "had",
    "has",
    "have",
    "he",
    "here",
    "if",
    "in",
    "into",
    "is",
    "it",
    "made",
    "may",
    "might",
    "more",
    "must",
    "not",
    "of",
    "on",
    "only",
    "or",
    "over",
    "said",
    "say",
    "says",
    "she",
    "should",
    "since",
    "so",
    "still",
    "than",
    "that",
    "the",
    "their",
    "then",
    "there",
    "they",
    "this",
    "through",
    "to",
    "today",
    "under",
    "until",
    "up",
    "vs",
    "was",
    "we",
    "went",
    "were",
    "when",
    "where",
    "which",
    "while",
    "who",
    "will",
    "with",
    "won",
    "would",
    "yesterday",
    "you",
];

/// Words before a name that stands by itself: "ambassador to Norland".
const BEFORE_NAME: &[&str] = &[
    "against", "between", "by", "for", "from", "in", "into", "near", "of", "over", "to", "toward", "towards",
    "under", "with",
];

/// Words before what is no name: "the Minister", "two Ministers".
const BEFORE_NOUN: &[&str] = &[
    "a", "all", "an", "any", "both", "each", "every", "few", "many", "most", "no", "other", "several",
    "some", "that", "the", "these", "this", "those", "three", "two",
];

/// What follows a name that is the sentence's subject or has a clause of its own.
const AFTER_NAME: &[&str] = &[
    "did", "didnt", "does", "had", "has", "is", "was", "who", "whose", "which", "will",
];

/// How words for members of a people, trade or party end: their plural is a word, so that one sign is not enough.
const NOUN_ENDINGS: &[&str] = &[
    "al", "an", "ant", "ee", "eer", "ent", "er", "ese", "ic", "ish", "ist", "ite", "or",
];

/// A text shorter than this does not prove that apostrophes were lost, in words.
const PROOF: usize = 80;

/// So many words that certainly lost an apostrophe, and none that has one, prove that a text lost them all.
const SIGNS: usize = 2;

/// Repairs an article's title and body in place.
pub(crate) fn repair(title: &mut String, body: &mut [Block], english: bool) -> Vec<Repair> {
    let mut repairs = Vec::new();
    let mut texts: Vec<&mut String> = std::iter::once(title)
        .chain(body.iter_mut().map(|block| &mut block.text))
        .collect();
    let misread = misread_characters(&texts);
    for text in &mut texts {
        mojibake(text, &misread, &mut repairs);
        if english {
            replacement_characters(text, &mut repairs);
        }
    }
    let has_apostrophe = texts
        .iter()
        .skip(1)
        .any(|text| text.contains(['\'', '’', '‘', '`', '´']));
    let enough = || text::words_up_to(texts.iter().map(|text| text.as_str()), PROOF) >= PROOF;
    if english && !has_apostrophe && enough() {
        lost_apostrophes(&mut texts, &mut repairs);
    }
    repairs
}

fn note(found: &str, became: &str, repairs: &mut Vec<Repair>) {
    let repair = Repair {
        found: found.to_owned(),
        became: became.to_owned(),
    };
    if !repairs.contains(&repair) {
        repairs.push(repair);
    }
}

/// Whether a character is a lead byte of UTF-8, read as windows-1252.
fn is_lead(c: char) -> bool {
    matches!(c, 'Â' | 'Ã' | 'Å' | 'Ä' | 'â' | 'Ð' | 'Ñ' | 'ð' | 'Ø' | 'Ù' | 'ã')
}

/// The characters that the texts hold as misread UTF-8 more often than whole: a text about such damage shows both.
fn misread_characters(texts: &[&mut String]) -> Vec<char> {
    let mut counts: FxHashMap<char, isize> = FxHashMap::default();
    for text in texts.iter().filter(|text| text.contains(is_lead)) {
        let mut rest = text.as_str();
        while let Some(at) = rest.find(is_lead) {
            rest = &rest[at..];
            let lead = rest.chars().next().map_or(1, char::len_utf8);
            let length = misread(rest).map_or(lead, |(length, value)| {
                *counts.entry(value).or_default() += 1;
                length
            });
            rest = &rest[length..];
        }
    }
    if counts.is_empty() {
        return Vec::new();
    }
    for text in texts {
        let mut rest = text.as_str();
        while let Some(c) = rest.chars().next() {
            let length = misread(rest).map_or(c.len_utf8(), |(length, _)| length);
            if let Some(count) = counts.get_mut(&c).filter(|_| length == c.len_utf8()) {
                *count -= 1;
            }
            rest = &rest[length..];
        }
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(value, _)| value)
        .collect()
}

/// UTF-8 that was read as windows-1252 ("donâ€™t"): runs of such characters whose bytes are valid UTF-8.
fn mojibake(text: &mut String, damaged: &[char], repairs: &mut Vec<Repair>) {
    if damaged.is_empty() || !text.contains(is_lead) {
        return;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(is_lead) {
        out.push_str(&rest[..at]);
        let run = &rest[at..];
        match misread(run).filter(|(_, value)| damaged.contains(value)) {
            Some((length, value)) => {
                note(&run[..length], &value.to_string(), repairs);
                out.push(value);
                rest = &run[length..];
            }
            None => {
                let width = run.chars().next().map_or(1, char::len_utf8);
                out.push_str(&run[..width]);
                rest = &run[width..];
            }
        }
    }
    out.push_str(rest);
    *text = out;
}

/// The character whose UTF-8 bytes, read as windows-1252, stand at the start of `run`.
fn misread(run: &str) -> Option<(usize, char)> {
    if !run.starts_with(is_lead) {
        return None;
    }
    let mut bytes = Vec::with_capacity(4);
    let mut length = 0;
    for c in run.chars().take(4) {
        bytes.push(windows_1252(c)?);
        length += c.len_utf8();
        let whole = std::str::from_utf8(&bytes)
            .ok()
            .and_then(|text| text.chars().next());
        if let Some(value) = whole.filter(|_| bytes.len() > 1) {
            // A capital letter beside a sign is in no word; what comes out must be one that texts hold.
            return value
                .is_alphabetic()
                .then_some((length, value))
                .or_else(|| ("’‘“”–—…•€©®°·«»\u{a0}\u{ad}§½¼£".contains(value)).then_some((length, value)));
        }
    }
    None
}

fn windows_1252(c: char) -> Option<u8> {
    if (c as u32) < 0x100 {
        return u8::try_from(c as u32).ok();
    }
    let mut utf8 = [0; 4];
    let (bytes, _, faults) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut utf8));
    (!faults && bytes.len() == 1).then(|| bytes[0])
}

/// U+FFFD between a word and the endings that only an apostrophe parts from it.
fn replacement_characters(text: &mut String, repairs: &mut Vec<Repair>) {
    const LOST: char = '\u{FFFD}';
    if !text.contains(LOST) {
        return;
    }
    for ending in ["s", "t", "re", "ve", "ll", "d", "m"] {
        let found = format!("{LOST}{ending}");
        let mut from = 0;
        while let Some(at) = text[from..].find(&found).map(|at| from + at) {
            let before = text[..at].chars().next_back().is_some_and(char::is_alphabetic);
            let after = text[at + found.len()..]
                .chars()
                .next()
                .is_none_or(|c| !c.is_alphanumeric());
            if before && after {
                let start = text[..at].rfind(' ').map_or(0, |space| space + 1);
                let damaged = text[start..at + found.len()].to_owned();
                note(&damaged, &damaged.replace(LOST, "'"), repairs);
                text.replace_range(at..at + LOST.len_utf8(), "'");
            }
            from = at + 1;
            while !text.is_char_boundary(from) {
                from += 1;
            }
        }
    }
}

/// In an English text of some length without a single apostrophe, but with several words that certainly lost one,
/// all were lost. Put back are those of contractions, and of names that the text also has without their s, before a
/// word that follows no plural. The title only follows the body: headlines leave out articles, and so prove nothing.
fn lost_apostrophes(texts: &mut [&mut String], repairs: &mut Vec<Repair>) {
    let (title, body) = texts.split_at_mut(1);
    let names = names(body);
    let mut signs: Vec<Repair> = Vec::new();
    let mut count = 0;
    let rewritten: Vec<String> = body
        .iter()
        .map(|text| {
            rewrite(text, |word, previous, next| {
                let mended = mended(word, previous, next, &names)?;
                count += 1;
                note(bare(word), bare(&mended), &mut signs);
                Some(mended)
            })
        })
        .collect();
    if count < SIGNS {
        return;
    }
    for text in title.iter_mut() {
        **text = rewrite(text, |word, previous, next| {
            mended(word, previous, next, &names).filter(|mended| {
                signs
                    .iter()
                    .any(|sign| sign.found == bare(word) && sign.became == bare(mended))
            })
        });
    }
    for (text, whole) in body.iter_mut().zip(rewritten) {
        **text = whole;
    }
    for sign in signs {
        note(&sign.found, &sign.became, repairs);
    }
}

/// A text with some words replaced; `replace` sees each word, the one before and the one after it.
fn rewrite(text: &str, mut replace: impl FnMut(&str, &str, &str) -> Option<String>) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let previous = if at > 0 { words[at - 1] } else { "" };
        let next = words.get(at + 1).copied().unwrap_or_default();
        match replace(word, previous, next) {
            Some(replaced) => out.push_str(&replaced),
            None => out.push_str(word),
        }
    }
    out
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn has_capital_form(word: &str) -> bool {
    word.len() > 2
        && word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().skip(1).all(char::is_lowercase)
}

/// What a text shows about a word with a capital.
#[derive(Debug, Default, Clone, Copy)]
struct Uses {
    /// It stood as a name does.
    name: usize,
    /// It stood before a clause or a verb of its own, as only names without an article do.
    subject: usize,
    /// It stood as other nouns do.
    noun: usize,
}

/// The words that are certainly names of single persons or places: in the text they stand as such, never behind an
/// article, and never in small letters.
fn names(texts: &[&mut String]) -> Vec<String> {
    let mut uses: FxHashMap<&str, Uses> = FxHashMap::default();
    let mut small: FxHashSet<&str> = FxHashSet::default();
    for text in texts {
        let words: Vec<&str> = text.split(' ').collect();
        for (at, word) in words.iter().enumerate() {
            let name = bare(word);
            if !has_capital_form(name) {
                small.insert(name);
                continue;
            }
            let before = if at > 0 { words[at - 1] } else { "" };
            let after = words.get(at + 1).copied().unwrap_or_default();
            let stops = !word.ends_with(char::is_alphanumeric);
            let opens = before.is_empty() || before.ends_with(['.', '!', '?', ':', '"', '”']);
            let previous = bare(before).to_lowercase();
            let uses = uses.entry(name).or_default();
            if BEFORE_NOUN.contains(&previous.as_str()) {
                uses.noun += 1;
            } else if AFTER_NAME.contains(&bare(after))
                && (opens || stops || !before.starts_with(char::is_uppercase))
            {
                uses.subject += 1;
            } else if BEFORE_NAME.contains(&previous.as_str())
                && (stops || !after.starts_with(char::is_uppercase))
            {
                uses.name += 1;
            }
        }
    }
    let certain = |(name, uses): &(&str, Uses)| {
        let noun_like = NOUN_ENDINGS.iter().any(|ending| name.ends_with(ending));
        uses.noun == 0
            && (uses.subject > 0 || (uses.name > 0 && !noun_like))
            && !small.contains(name.to_lowercase().as_str())
    };
    uses.into_iter()
        .filter(certain)
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// A word with its apostrophe, where it certainly lost one.
fn mended(word: &str, previous: &str, next: &str, names: &[String]) -> Option<String> {
    let bare_word = bare(word);
    if let Some((_, whole)) = CONTRACTIONS
        .iter()
        .find(|(lost, _)| bare_word.eq_ignore_ascii_case(lost))
    {
        let first = if bare_word.starts_with(char::is_uppercase) {
            whole[..1].to_uppercase()
        } else {
            whole[..1].to_owned()
        };
        return Some(word.replace(bare_word, &format!("{first}{}", &whole[1..])));
    }
    // A genitive stands right before its noun, without a comma between them, and not after "the".
    if word != bare_word || BEFORE_NOUN.contains(&bare(previous).to_lowercase().as_str()) {
        return None;
    }
    let base = bare_word
        .strip_suffix('s')
        .filter(|base| has_capital_form(base) && !base.ends_with('s'))?;
    let noun = bare(next);
    let is_noun = next.starts_with(char::is_lowercase)
        && !noun.ends_with("ed")
        && !AFTER_PLURAL.contains(&noun.to_lowercase().as_str());
    (is_noun && names.iter().any(|name| name == base)).then(|| format!("{base}'s"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reveille_model::BlockKind;

    fn run(text: &str) -> (String, Vec<Repair>) {
        let mut body = vec![Block {
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
        }];
        let repairs = repair(&mut String::new(), &mut body, true);
        (body.remove(0).text, repairs)
    }

    #[test]
    fn misread_utf8_is_read_again() {
        assert_eq!(
            run("Itâ€™s a cafÃ© â€“ â€œopenâ€\u{9d}").0,
            "It’s a café – “open”"
        );
        for whole in [
            "SÃO PAULO, Århus, château",
            "I often saw \"Ã¤\" instead of \"ä\".",
        ] {
            assert_eq!(run(whole), (whole.to_owned(), Vec::new()));
        }
        assert_eq!(
            run("The mayor\u{FFFD}s plan \u{FFFD} again").0,
            "The mayor's plan \u{FFFD} again"
        );
    }

    #[test]
    fn lost_apostrophes_come_back_only_where_certain() {
        let filler = "The council met in the old hall and spoke for hours about the harbour. ".repeat(8);
        let text = format!(
            "Norland is small. Norlands government didnt fall. The Norlands are cold. Parliaments northern bloc met. {filler}"
        );
        let (mended, repairs) = run(&text);
        assert!(mended.starts_with("Norland is small. Norland's government didn't fall. The Norlands are cold. Parliaments northern"), "{mended}");
        assert_eq!(repairs.len(), 2);
        for whole in [
            // One apostrophe shows that none were lost.
            "It's Norland, which is small. Norlands government fell. Norlands harbours froze.",
            // One sign is none.
            "The talks with Norland are over. Norlands government fell.",
            "Minister Ann Example said so. Ministers win close votes. Ministers face new questions.",
            "Troops led by American officers left. Americans abroad vote. Americans everywhere vote.",
            "Calls from Rover, the dog. The Rovers lost. Rovers scored twice. Rovers needed a third.",
        ] {
            assert_eq!(run(&format!("{whole} {filler}")).1, [], "{whole}");
        }
    }

    #[test]
    fn a_headline_is_repaired_only_after_its_body() {
        let filler = "The council met in the old hall and spoke for hours about the harbour. ".repeat(8);
        let run = |title: &str, text: &str| {
            let mut title = title.to_owned();
            let text = format!("{text} {filler}");
            repair(
                &mut title,
                &mut [Block {
                    kind: BlockKind::Paragraph,
                    text,
                }],
                true,
            );
            title
        };
        let damaged = "Norland has asked. Norlands government didnt wait. Norlands harbours froze.";
        assert_eq!(
            run("Norlands government asks", damaged),
            "Norland's government asks"
        );
        assert_eq!(run("Ministers win vote", damaged), "Ministers win vote");
        assert_eq!(
            run("Norlands government asks", "Norland has asked."),
            "Norlands government asks"
        );
    }
}
