//! Header fields: folding (RFC 5322, section 2.2.3) and encoded-words (RFC 2047).
//!
//! Every value passes [`one_line`] or [`token`] first, so no field can carry a line break into the header.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};

/// Lines end before this column. RFC 5322 recommends 78; RFC 2047, section 2 demands 76 where an encoded-word
/// stands, so one limit serves both.
const WIDTH: usize = 76;

/// An encoded-word's `=?utf-8?Q?` and `?=`.
const WRAPPING: usize = 12;

/// The longest encoded-word (RFC 2047, section 2).
const LONGEST_WORD: usize = 75;

/// Text as a header field can hold it: every run of white space and control characters becomes one space.
pub(crate) fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, ' ' | '\u{2028}' | '\u{2029}');
    let words: Vec<&str> = text.split(breaks).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A value without spaces, such as a Message-ID: what is not visible ASCII, and the angle brackets that the
/// field adds, are left out; so is what would break the hard limit of a line.
pub(crate) fn token(text: &str) -> String {
    let held = |c: &char| c.is_ascii_graphic() && !matches!(c, '<' | '>');
    text.chars().filter(held).take(900).collect()
}

/// Writes a field of free text (RFC 5322, section 3.6.5), such as a subject.
pub(crate) fn unstructured(out: &mut String, name: &str, text: &str) {
    let text = one_line(text);
    if is_plain(&text) {
        folded(out, name, text.split(' '));
    } else {
        folded(out, name, encoded_words(&text, room_after(name)));
    }
}

/// Writes an address field such as From: a display name, which may be empty, and the address.
pub(crate) fn mailbox(out: &mut String, name: &str, display: &str, address: &str) {
    let display = one_line(display);
    let mut words = phrase(&display, room_after(name));
    let address = match words.is_empty() {
        true => address.to_owned(),
        false => format!("<{address}>"),
    };
    words.push(Cow::Owned(address));
    folded(out, name, words);
}

/// Writes a field word by word, with a fold before each word that would pass the right edge. A word itself is
/// never broken.
pub(crate) fn folded<W: AsRef<str>>(out: &mut String, name: &str, words: impl IntoIterator<Item = W>) {
    out.push_str(name);
    out.push(':');
    let mut column = name.len() + 1;
    for word in words {
        let word = word.as_ref();
        if column + 1 + word.len() > WIDTH {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(word);
        column += 1 + word.len();
    }
    out.push_str("\r\n");
}

/// A display name as RFC 5322's `phrase`: atoms where that is enough, else a quoted string, else encoded-words.
fn phrase(text: &str, room: usize) -> Vec<Cow<'_, str>> {
    if text.is_empty() {
        return Vec::new();
    }
    let atext = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~ ".contains(&b);
    if is_plain(text) && text.bytes().all(atext) {
        return text.split(' ').map(Cow::Borrowed).collect();
    }
    let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    if is_plain(text) && quoted.len() < WIDTH {
        return vec![Cow::Owned(quoted)];
    }
    encoded_words(text, room).into_iter().map(Cow::Owned).collect()
}

/// Whether the text can stand as it is: ASCII, nothing that reads as an encoded-word, no word too long to fold.
fn is_plain(text: &str) -> bool {
    text.is_ascii() && !text.contains("=?") && text.split(' ').all(|word| word.len() <= LONGEST_WORD)
}

/// Columns left for the first word after `Name: `; a whole line where that is too little to be of use.
fn room_after(name: &str) -> usize {
    match WIDTH.saturating_sub(name.len() + 2) {
        room if room < 24 => LONGEST_WORD,
        room => room,
    }
}

/// The text as encoded-words in the shorter of both encodings, broken between characters. Readers drop the
/// white space between neighbouring encoded-words, so nothing is added to the text.
fn encoded_words(text: &str, first_room: usize) -> Vec<String> {
    let q_length: usize = text.bytes().map(q_byte_length).sum();
    let q = q_length <= text.len().div_ceil(3) * 4;
    let length = |part: &str| match q {
        true => part.bytes().map(q_byte_length).sum(),
        false => part.len().div_ceil(3) * 4,
    };
    let mut words = Vec::new();
    let (mut start, mut room) = (0, first_room.min(LONGEST_WORD) - WRAPPING);
    for (at, c) in text.char_indices() {
        if length(&text[start..at + c.len_utf8()]) > room {
            words.push(encoded_word(&text[start..at], q));
            (start, room) = (at, LONGEST_WORD - WRAPPING);
        }
    }
    words.push(encoded_word(&text[start..], q));
    words
}

fn encoded_word(part: &str, q: bool) -> String {
    if !q {
        return format!("=?utf-8?B?{}?=", STANDARD.encode(part));
    }
    let mut word = String::from("=?utf-8?Q?");
    for byte in part.bytes() {
        match byte {
            b' ' => word.push('_'),
            byte if q_byte_length(byte) == 1 => word.push(char::from(byte)),
            byte => word.push_str(&format!("={byte:02X}")),
        }
    }
    word.push_str("?=");
    word
}

/// What a byte takes in the Q encoding. The set is that of RFC 2047, section 5, rule 3, which holds in a phrase
/// and so everywhere.
fn q_byte_length(byte: u8) -> usize {
    match byte {
        b' ' | b'!' | b'*' | b'+' | b'-' | b'/' => 1,
        byte if byte.is_ascii_alphanumeric() => 1,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(text: &str) -> String {
        let mut out = String::new();
        unstructured(&mut out, "Subject", text);
        out
    }

    #[test]
    fn plain_text_stays_readable_and_folds_at_spaces() {
        assert_eq!(subject("The Morning Brief"), "Subject: The Morning Brief\r\n");
        let long = subject(&"seven77 ".repeat(20));
        assert_eq!(long.lines().next().unwrap().len(), 72);
        assert!(long.lines().skip(1).all(|line| line.starts_with(" seven77")));
    }

    #[test]
    fn other_text_becomes_encoded_words_in_the_shorter_form() {
        assert_eq!(
            subject("Café closes"),
            "Subject: =?utf-8?Q?Caf=C3=A9_closes?=\r\n"
        );
        assert_eq!(
            subject("朝のニュース"),
            "Subject: =?utf-8?B?5pyd44Gu44OL44Ol44O844K5?=\r\n"
        );
        assert_eq!(
            subject("=?utf-8?Q?a?="),
            "Subject: =?utf-8?B?PT91dGYtOD9RP2E/PQ==?=\r\n"
        );
    }

    #[test]
    fn a_display_name_is_quoted_only_where_it_must_be() {
        let from = |name| {
            let mut out = String::new();
            mailbox(&mut out, "From", name, "a@example.org");
            out
        };
        assert_eq!(from("Morning Brief"), "From: Morning Brief <a@example.org>\r\n");
        assert_eq!(
            from("Brief, \"The\""),
            "From: \"Brief, \\\"The\\\"\" <a@example.org>\r\n"
        );
        assert_eq!(
            from("Küche heute"),
            "From: =?utf-8?Q?K=C3=BCche_heute?= <a@example.org>\r\n"
        );
        assert_eq!(from(""), "From: a@example.org\r\n");
    }

    #[test]
    fn line_breaks_of_every_kind_become_spaces() {
        assert_eq!(one_line(" a\r\nBcc: b\u{85}c\u{2028}d\0 "), "a Bcc: b c d");
        assert_eq!(token("<a b\r\n@example.org>"), "ab@example.org");
    }
}
