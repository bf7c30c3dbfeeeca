//! Texts on one line.

use std::borrow::Cow;

/// White space of any kind and length as one space; none at the ends.
pub(crate) fn fold<'a>(text: impl Into<Cow<'a, str>>) -> String {
    let text = text.into();
    if is_even(text.as_bytes()) && !text.starts_with(' ') && !text.ends_with(' ') {
        return text.into_owned();
    }
    let mut out = String::with_capacity(text.len());
    fold_onto(&text, &mut out);
    out.truncate(out.trim_end().len());
    out
}

/// Appends a text folded, with one space for the white space at its ends and none behind another.
pub(crate) fn fold_onto(text: &str, out: &mut String) {
    let even = is_even(text.as_bytes());
    let mut rest = text;
    loop {
        let words = rest.trim_start_matches(is_space);
        if words.len() < rest.len() {
            space_onto(out);
        }
        let Some(end) = (!even).then(|| gap(words)).flatten() else {
            out.push_str(words);
            return;
        };
        out.push_str(&words[..end]);
        rest = &words[end..];
    }
}

/// Appends a space, unless one stands there or nothing does.
pub(crate) fn space_onto(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

/// Whether single spaces are all the white space that an ASCII text has, as in most texts. Asked of every byte
/// without a branch, which the compiler turns into vector instructions.
fn is_even(text: &[u8]) -> bool {
    let odd = |b: u8| (b < b' ') | !b.is_ascii();
    let pairs = text.iter().zip(text.get(1..).unwrap_or_default());
    !pairs.fold(false, |any, (&a, &b)| {
        any | odd(a) | odd(b) | ((a == b' ') & (b == b' '))
    }) && !text.last().is_some_and(|b| odd(*b))
}

/// Where the first white space stands that is not a single space between two words.
fn gap(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let found = bytes[from..].iter().position(|b| MAY_BE_SPACE[usize::from(*b)])?;
        let at = from + found;
        from = match (bytes[at], bytes.get(at + 1)) {
            (b' ', Some(next)) if !MAY_BE_SPACE[usize::from(*next)] => at + 2,
            _ => {
                let c = text[at..].chars().next()?;
                let next = at + c.len_utf8();
                if is_space(c) && (c != ' ' || text[next..].chars().next().is_none_or(is_space)) {
                    return Some(at);
                }
                next
            }
        }
    }
}

/// The bytes that a white space character of Unicode may begin with.
const MAY_BE_SPACE: [bool; 256] = {
    let mut table = [false; 256];
    let starts = [9, 10, 11, 12, 13, b' ', 0xc2, 0xe1, 0xe2, 0xe3, 0xef];
    let mut at = 0;
    while at < starts.len() {
        table[starts[at] as usize] = true;
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{fold, is_space};

    proptest! {
        #[test]
        fn words_are_parted_by_one_space(text in "[a é’ \u{a0}\u{1680}\u{2009}\u{200b}\u{3000}\u{feff}\t\n\u{1}]{0,40}") {
            let words: Vec<&str> = text.split(is_space).filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(fold(text.as_str()), words.join(" "));
        }
    }
}
