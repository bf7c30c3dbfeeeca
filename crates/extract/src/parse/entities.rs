//! Character references (HTML Standard, 13.2.5.72 to 13.2.5.80), decoded only where text is read.

use std::sync::LazyLock;

use memchr::memchr;
use rustc_hash::FxHashMap;

/// Names and values of the standard's table, one a line; a name that needs its semicolon has it.
static NAMED: &str = include_str!("entities.tsv");

/// The longest name in [`NAMED`], with its semicolon.
const LONGEST: usize = 32;

/// What the numbers 0x80 to 0x9F mean in the wild: windows-1252, as the standard has it.
const C1: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2C6}',
    '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}', '\u{90}', '\u{2018}',
    '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2DC}', '\u{2122}', '\u{161}',
    '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
];

/// Appends `source` with its character references decoded. In an attribute a reference without a semicolon is
/// left alone before `=` and letters, so that query strings survive.
pub fn decode_into(source: &str, in_attribute: bool, out: &mut String) {
    let mut rest = source;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        match reference(after, in_attribute) {
            Some((length, value)) => {
                value.push_to(out);
                rest = &after[length..];
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
}

/// What a reference stands for.
enum Value {
    Char(char),
    Text(&'static str),
}

impl Value {
    fn push_to(self, out: &mut String) {
        match self {
            Self::Char(c) => out.push(c),
            Self::Text(text) => out.push_str(text),
        }
    }
}

/// Reads the reference at the start of `after`, which follows an ampersand: its length in bytes and its value.
fn reference(after: &str, in_attribute: bool) -> Option<(usize, Value)> {
    if let Some(number) = after.strip_prefix('#') {
        return numeric(number).map(|(length, value)| (length + 1, Value::Char(value)));
    }
    let bytes = after.as_bytes();
    let letters = bytes
        .iter()
        .take(LONGEST)
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    if letters == 0 {
        return None;
    }
    if bytes.get(letters) == Some(&b';')
        && let Some(value) = named(&after[..=letters])
    {
        return Some((letters + 1, Value::Text(value)));
    }
    // Without a semicolon only the old names count; none is longer than six letters.
    let (length, value) = (2..=letters.min(6))
        .rev()
        .find_map(|n| named(&after[..n]).map(|v| (n, v)))?;
    let next = bytes.get(length);
    if in_attribute && next.is_some_and(|b| *b == b'=' || b.is_ascii_alphanumeric()) {
        return None;
    }
    Some((length, Value::Text(value)))
}

/// The digits of `&#1234;` or `&#x4D2;`, after the number sign.
fn numeric(text: &str) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let (skip, radix) = match bytes.first() {
        Some(b'x' | b'X') => (1, 16),
        _ => (0, 10),
    };
    let digits = bytes[skip..]
        .iter()
        .take_while(|b| char::from(**b).is_digit(radix))
        .count();
    if digits == 0 {
        return None;
    }
    let code = bytes[skip..skip + digits].iter().fold(0_u32, |code, b| {
        code.saturating_mul(radix)
            .saturating_add(char::from(*b).to_digit(radix).unwrap_or(0))
    });
    let value = match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9F => C1[code as usize - 0x80],
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    let semicolon = usize::from(bytes.get(skip + digits) == Some(&b';'));
    Some((skip + digits + semicolon, value))
}

/// The value of a name.
fn named(name: &str) -> Option<&'static str> {
    static VALUES: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
        let values = NAMED.lines().filter_map(|line| line.split_once('\t'));
        let escaped = |value| match value {
            "\\n" => "\n",
            "\\t" => "\t",
            value => value,
        };
        values.map(|(name, value)| (name, escaped(value))).collect()
    });
    VALUES.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(source: &str, in_attribute: bool) -> String {
        let mut out = String::new();
        decode_into(source, in_attribute, &mut out);
        out
    }

    #[test]
    fn references_of_every_kind_are_decoded() {
        for (source, expected) in [
            ("Fish &amp; chips", "Fish & chips"),
            ("&Aacute;&zwnj;&CounterClockwiseContourIntegral;", "Á\u{200c}∳"),
            ("&#8217;&#x2014;&#150;&#0;", "’—–\u{fffd}"),
            ("AT&T &nosuch; & &; &#;", "AT&T &nosuch; & &; &#;"),
            ("&copy2026 &ampamp;", "©2026 &amp;"),
            ("&NewLine;&Tab;|", "\n\t|"),
            ("&notin; &notit;", "∉ ¬it;"),
        ] {
            assert_eq!(decode(source, false), expected, "{source}");
        }
    }

    #[test]
    fn query_strings_survive_in_attributes() {
        assert_eq!(decode("?a=1&copy=2&amp;b=3", true), "?a=1&copy=2&b=3");
    }

    #[test]
    fn every_line_of_the_table_is_found() {
        for line in NAMED.lines() {
            let (name, value) = line.split_once('\t').unwrap();
            assert_eq!(
                named(name)
                    .map(|v| v.replace('\n', "\\n").replace('\t', "\\t"))
                    .as_deref(),
                Some(value),
                "{name}"
            );
        }
    }
}
