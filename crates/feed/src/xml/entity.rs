//! Character references: XML's five, HTML's names, and numbers.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use super::entity_table::NAMES;

/// The text with its references decoded. A bare `&` and an unknown name stay as they are.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    decode_onto(text, &mut out);
    Cow::Owned(out)
}

/// Appends the decoded text, and says how many `&` opened no reference.
pub(crate) fn decode_onto(text: &str, out: &mut String) -> usize {
    out.reserve(text.len());
    let mut bare = 0;
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((decoded, length)) = reference(rest) {
            out.push(decoded);
            rest = &rest[length..];
        } else {
            bare += 1;
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    bare
}

/// Whether a reference that means something stands in the text.
pub(crate) fn has_reference(text: &str) -> bool {
    memchr_iter(b'&', text.as_bytes()).any(|at| reference(&text[at..]).is_some())
}

/// The character that the reference at the start of `text` stands for, and how many bytes the reference takes.
fn reference(text: &str) -> Option<(char, usize)> {
    let body = &text[1..];
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, skip) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits
            .bytes()
            .take(8)
            .take_while(|b| char::from(*b).is_digit(radix))
            .count();
        let code = u32::from_str_radix(&digits[..length], radix).ok()?;
        let semicolon = usize::from(digits.as_bytes().get(length) == Some(&b';'));
        return Some((character(code), skip + length + semicolon));
    }
    let length = body
        .bytes()
        .take(10)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    if body.as_bytes().get(length) != Some(&b';') {
        return None;
    }
    named(&body[..length]).map(|c| (c, length + 2))
}

fn named(name: &str) -> Option<char> {
    match name {
        "amp" | "AMP" => Some('&'),
        "lt" | "LT" => Some('<'),
        "gt" | "GT" => Some('>'),
        "quot" | "QUOT" => Some('"'),
        "apos" => Some('\''),
        _ => NAMES
            .binary_search_by(|(known, _)| (*known).cmp(name))
            .ok()
            .map(|at| NAMES[at].1),
    }
}

/// Numbers 128 to 159 are read as windows-1252, as HTML has it: their writers meant its quotes and dashes.
fn character(code: u32) -> char {
    const C1: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match code {
        0 => '\u{fffd}',
        128..=159 => C1[(code - 128) as usize],
        _ => char::from_u32(code).unwrap_or('\u{fffd}'),
    }
}

/// Appends text so that a markup reader reads it back: `&`, `<` and `>` escaped.
pub(crate) fn escape_text_onto(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr3(b'&', b'<', b'>', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Appends raw text in which only a `&` that opens no reference and a `<` are escaped.
pub(crate) fn escape_bare_onto(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr2(b'&', b'<', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = if rest.starts_with('<') {
            None
        } else {
            reference(rest).map(|(_, length)| length)
        };
        match length {
            Some(length) => out.push_str(&rest[..length]),
            None => out.push_str(if rest.starts_with('<') { "&lt;" } else { "&amp;" }),
        }
        rest = &rest[length.unwrap_or(1)..];
    }
    out.push_str(rest);
}

/// Appends text for a double-quoted attribute value.
pub(crate) fn escape_attribute_onto(text: &str, out: &mut String) {
    let mut parts = text.split('"');
    escape_text_onto(parts.next().unwrap_or_default(), out);
    for part in parts {
        out.push_str("&quot;");
        escape_text_onto(part, out);
    }
}
