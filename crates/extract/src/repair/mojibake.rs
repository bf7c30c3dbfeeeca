//! UTF-8 that was read as windows-1252: "donâ€™t".

use reveille_model::Repair;
use rustc_hash::FxHashMap;

use super::note;

/// Whether a character is a lead byte of UTF-8, read as windows-1252.
fn is_lead(c: char) -> bool {
    matches!(c, 'Â' | 'Ã' | 'Å' | 'Ä' | 'â' | 'Ð' | 'Ñ' | 'ð' | 'Ø' | 'Ù' | 'ã')
}

/// Whether a text may hold one: the UTF-8 of each begins with the same byte, which English texts hardly have.
fn may_hold(text: &str) -> bool {
    memchr::memchr(0xC3, text.as_bytes()).is_some()
}

/// The characters that the texts hold as misread UTF-8 more often than whole: a text about such damage shows both.
pub(super) fn misread_characters(texts: &[&mut String]) -> Vec<char> {
    let mut counts: FxHashMap<char, isize> = FxHashMap::default();
    for text in texts.iter().filter(|text| may_hold(text)) {
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
pub(super) fn mend(text: &mut String, damaged: &[char], repairs: &mut Vec<Repair>) {
    if damaged.is_empty() || !may_hold(text) {
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

#[cfg(test)]
mod tests {
    use crate::repair::mended;

    #[test]
    fn misread_utf8_is_read_again() {
        assert_eq!(
            mended("", "Itâ€™s a cafÃ© â€“ â€œopenâ€\u{9d}").1,
            "It’s a café – “open”"
        );
    }

    #[test]
    fn letters_that_are_no_damage_stay() {
        for whole in [
            "SÃO PAULO, Århus, château",
            "I often saw \"Ã¤\" instead of \"ä\".",
        ] {
            assert_eq!(mended("", whole).1, whole);
            assert_eq!(mended("", whole).2, []);
        }
    }
}
