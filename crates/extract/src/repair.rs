//! Text that was damaged on its way: repaired where only one reading is possible, and every repair recorded.

use reveille_model::{Block, Repair};

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

/// A text shorter than this does not prove that apostrophes were lost, in words.
const PROOF: usize = 80;

/// Repairs an article's title and body in place.
pub(crate) fn repair(title: &mut String, body: &mut [Block], english: bool) -> Vec<Repair> {
    let mut repairs = Vec::new();
    let mut texts: Vec<&mut String> = std::iter::once(title)
        .chain(body.iter_mut().map(|block| &mut block.text))
        .collect();
    for text in &mut texts {
        mojibake(text, &mut repairs);
        if english {
            replacement_characters(text, &mut repairs);
        }
    }
    let has_apostrophe = texts
        .iter()
        .skip(1)
        .any(|text| text.contains(['\'', '’', '‘', '`', '´']));
    let words: usize = texts.iter().map(|text| text::words(text)).sum();
    if english && !has_apostrophe && words >= PROOF {
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

/// UTF-8 that was read as windows-1252 ("donâ€™t"): runs of such characters whose bytes are valid UTF-8.
fn mojibake(text: &mut String, repairs: &mut Vec<Repair>) {
    let lead = |c: char| matches!(c, 'Â' | 'Ã' | 'Å' | 'Ä' | 'â' | 'Ð' | 'Ñ' | 'ð' | 'Ø' | 'Ù' | 'ã');
    if !text.contains(lead) {
        return;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(lead) {
        out.push_str(&rest[..at]);
        let run = &rest[at..];
        match misread(run) {
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

/// In an English text of some length without a single apostrophe they were lost. Put back are those of
/// contractions, and of names that the text also has without their s, before a word that follows no plural.
fn lost_apostrophes(texts: &mut [&mut String], repairs: &mut Vec<Repair>) {
    let mut names: Vec<String> = Vec::new();
    for text in texts.iter() {
        names.extend(
            text.split(|c: char| !c.is_alphanumeric())
                .filter(|word| is_name(word))
                .map(str::to_owned),
        );
    }
    for text in texts.iter_mut() {
        let mut out = String::with_capacity(text.len() + 8);
        let words: Vec<&str> = text.split(' ').collect();
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                out.push(' ');
            }
            let next = words.get(at + 1).copied().unwrap_or_default();
            let previous = if at > 0 { words[at - 1] } else { "" };
            match mended(word, previous, next, &names) {
                Some(mended) => {
                    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
                    note(&bare(word), &bare(&mended), repairs);
                    out.push_str(&mended);
                }
                None => out.push_str(word),
            }
        }
        **text = out;
    }
}

fn is_name(word: &str) -> bool {
    word.len() > 2
        && word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().skip(1).all(char::is_lowercase)
}

/// A word with its apostrophe, where it certainly lost one.
fn mended(word: &str, previous: &str, next: &str, names: &[String]) -> Option<String> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if let Some((_, whole)) = CONTRACTIONS
        .iter()
        .find(|(lost, _)| bare.eq_ignore_ascii_case(lost))
    {
        let first = if bare.starts_with(char::is_uppercase) {
            whole[..1].to_uppercase()
        } else {
            whole[..1].to_owned()
        };
        return Some(word.replace(bare, &format!("{first}{}", &whole[1..])));
    }
    // A genitive stands right before its noun, without a comma between them, and not after "the".
    if word != bare
        || next.is_empty()
        || matches!(
            previous.to_lowercase().as_str(),
            "the" | "two" | "three" | "many" | "these" | "those"
        )
    {
        return None;
    }
    let base = bare
        .strip_suffix('s')
        .filter(|base| is_name(base) && !base.ends_with('s'))?;
    let plural_too = AFTER_PLURAL.contains(
        &next
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
            .as_str(),
    );
    let noun_follows = next.starts_with(char::is_lowercase);
    (noun_follows && !plural_too && names.iter().any(|name| name == base)).then(|| format!("{base}'s"))
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
        assert_eq!(run("SÃO PAULO, Århus, château").0, "SÃO PAULO, Århus, château");
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
        // One apostrophe shows that none were lost.
        assert!(
            run(&format!("It's Norland. Norlands government fell. {filler}"))
                .1
                .is_empty()
        );
    }
}
