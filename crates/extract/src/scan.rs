//! Searches through bytes, eight or sixteen at a time: most of what a parser looks for is near, and found so before a
//! search of many more bytes at a time has been set up.

use memchr::memchr;

/// A byte in each byte of a word.
pub(crate) const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The highest bits of those bytes of a word that are zero; above the lowest of them perhaps of a one as well.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(each(1)) & !word & each(0x80)
}

/// Where a byte stands first. The parser's two searches are worth a copy each.
#[inline(always)]
pub(crate) fn find(byte: u8, bytes: &[u8]) -> Option<usize> {
    /// Sixteens of bytes that are near.
    const NEAR: usize = 8;
    let mut at = 0;
    for sixteen in bytes.as_chunks::<16>().0.iter().take(NEAR) {
        // Without a way out of the loop all sixteen are compared at once.
        if sixteen.iter().fold(false, |any, here| any | (*here == byte)) {
            let (eights, _) = sixteen.as_chunks::<8>();
            let [low, high] = [0, 1].map(|eight| zeros(u64::from_le_bytes(eights[eight]) ^ each(byte)));
            let bit = if low == 0 {
                64 + high.trailing_zeros()
            } else {
                low.trailing_zeros()
            };
            return Some(at + bit as usize / 8);
        }
        at += 16;
    }
    memchr(byte, &bytes[at..]).map(|far| at + far)
}

/// Whether some bytes are nothing but what HTML calls white space.
pub(crate) fn is_blank(bytes: &[u8]) -> bool {
    // Without a branch, so that eight are compared at once: a space, or from tab to carriage return but the vertical tab.
    let blank = |byte: &u8| (*byte == b' ') | (byte.wrapping_sub(b'\t') < 5) & (*byte != 0x0B);
    let (eights, rest) = bytes.as_chunks::<8>();
    let all_blank = |eight: &[u8; 8]| eight.iter().fold(true, |all, byte| all & blank(byte));
    eights.iter().all(all_blank) && rest.iter().all(blank)
}

/// How many bytes at the start are more than a space.
pub(crate) fn drawn(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        let blanks = word.wrapping_sub(each(b' ' + 1)) & !word & each(0x80);
        if blanks != 0 {
            return at + blanks.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = &bytes[at..];
    at + rest.iter().position(|byte| *byte <= b' ').unwrap_or(rest.len())
}

/// How many bytes at the start are certainly letters or stand for them: those from `@` to DEL, and the like of them
/// above.
#[inline]
pub(crate) fn letters(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        let others = !u64::from_le_bytes(*eight) & each(0x40);
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at
}

/// Letters in lower case. Of other bytes only those stay what they are that have the bit set by which the cases differ.
#[inline]
pub(crate) fn lower(eight: [u8; 8]) -> [u8; 8] {
    (u64::from_le_bytes(eight) | each(0x20)).to_le_bytes()
}

/// Eight bytes at the start, or as many as there are and zeros, the first of them lowest.
#[inline]
pub(crate) fn eight(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => bytes
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// How many of eight bytes are the letters of one word, which ends before a capital after a small letter. `after_small`
/// is whether a small letter stands before them.
#[inline]
pub(crate) fn word(eight: u64, after_small: bool) -> usize {
    let low = (eight | each(0x20)) & each(0x7F);
    let letters = (low + each(0x80 - b'a')) & !(low + each(0x7F - b'z')) & !eight & each(0x80);
    let small = letters & eight << 2;
    let capitals_after_small = letters & !small & (small << 8 | u64::from(after_small) << 7);
    let ends = !letters & each(0x80) | capitals_after_small;
    ends.trailing_zeros() as usize / 8
}

/// How many bytes of a text, which does not begin with a space, are certainly printed ASCII with lone spaces between.
pub(crate) fn plain(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        let spaces = zeros(word ^ each(b' '));
        let controls = word.wrapping_sub(each(b' ')) & each(0x80);
        if word & each(0x80) != 0 || controls != 0 || spaces & (spaces << 8) != 0 {
            break;
        }
        // A space at the end is looked at again, with what comes after it.
        at += 8 - (spaces >> 63) as usize;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_are_found_where_they_stand(text in "[a<\u{81}é]{0,20}[a=\u{81}é]{0,150}[a<é]{0,40}") {
            let bytes = text.as_bytes();
            prop_assert_eq!(find(b'<', bytes), bytes.iter().position(|byte| *byte == b'<'));
        }

        #[test]
        fn blanks_are_white_space(text in "[ \n\t\r\u{b}\u{c}!\u{1}\u{7f}é\u{a0}]{0,3} {0,20}[ \n!é]{0,2}") {
            prop_assert_eq!(is_blank(text.as_bytes()), text.bytes().all(|byte| byte.is_ascii_whitespace()));
        }

        #[test]
        fn drawn_bytes_end_at_a_blank(text in "[a-c\u{7f}é\u{a0}]{0,20}[ \n!]{0,2}[é ]{0,10}") {
            let bytes = text.as_bytes();
            let blank = bytes.iter().position(|byte| *byte <= b' ');
            prop_assert_eq!(drawn(bytes), blank.unwrap_or(bytes.len()));
        }

        #[test]
        fn letters_have_their_bit(text in "[a-zA-Z_é=\\-]{0,40}") {
            let bytes = text.as_bytes();
            let length = letters(bytes);
            prop_assert!(bytes[..length].iter().all(|byte| byte & 0x40 != 0));
        }

        #[test]
        fn words_end_where_their_case_says(name in "[a-zA-Z@\\[`{0é-]{0,12}", after_small: bool) {
            let mut before = if after_small { 'a' } else { '-' };
            let ends = |byte: &u8| {
                let before = std::mem::replace(&mut before, char::from(*byte));
                !byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() && before.is_ascii_lowercase()
            };
            let bytes = &name.as_bytes()[..name.len().min(8)];
            let expected = bytes.iter().position(ends).unwrap_or(bytes.len());
            prop_assert_eq!(word(eight(bytes), after_small), expected);
        }

        #[test]
        fn plain_text_has_lone_spaces(text in "[a-c!\u{1f} \u{a0}]{0,40}") {
            let plain = &text.as_bytes()[..plain(text.as_bytes())];
            prop_assert!(plain.iter().all(|byte| (b' '..=0x7F).contains(byte)));
            prop_assert!(!plain.windows(2).any(|two| two == b"  ") && !plain.ends_with(b" "));
        }
    }

    #[test]
    fn plain_text_is_passed_over() {
        assert_eq!(plain(b"The harbour reopened on Tuesday.  It"), 31);
    }
}
