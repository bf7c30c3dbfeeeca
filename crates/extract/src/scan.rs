//! Searches through bytes, eight at a time: most of what a parser looks for is near, and found so before a search of
//! many more bytes at a time has been set up.

use memchr::memchr;

/// A byte in each byte of a word.
const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The highest bits of those bytes of a word that are zero; above the lowest of them perhaps of a one as well.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(each(1)) & !word & each(0x80)
}

/// Where a byte stands first.
pub(crate) fn find(byte: u8, bytes: &[u8]) -> Option<usize> {
    /// Eights of bytes that are near.
    const NEAR: usize = 6;
    let mut at = 0;
    for eight in bytes.as_chunks::<8>().0.iter().take(NEAR) {
        let found = zeros(u64::from_le_bytes(*eight) ^ each(byte));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    memchr(byte, &bytes[at..]).map(|far| at + far)
}

/// Whether nothing of some bytes is drawn: white space and control characters of ASCII.
pub(crate) fn is_blank(bytes: &[u8]) -> bool {
    let (eights, rest) = bytes.as_chunks::<8>();
    eights.iter().all(|eight| {
        let word = u64::from_le_bytes(*eight);
        // The highest bit of each byte that is more than a space.
        let drawn = ((word & each(0x7F)) + each(0x7F - b' ')) | word;
        drawn & each(0x80) == 0
    }) && rest.iter().all(|byte| *byte <= b' ')
}

/// How many bytes at the start are certainly letters or stand for them: those from `@` to DEL, and the like of them
/// above.
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
        fn bytes_are_found_where_they_stand(text in "[a<\u{81}é]{0,70}") {
            let bytes = text.as_bytes();
            prop_assert_eq!(find(b'<', bytes), bytes.iter().position(|byte| *byte == b'<'));
        }

        #[test]
        fn blanks_are_no_more_than_spaces(text in "[ \n\t!a\u{7f}é\u{a0}]{0,3} {0,20}[ !é]{0,2}") {
            prop_assert_eq!(is_blank(text.as_bytes()), text.bytes().all(|byte| byte <= b' '));
        }

        #[test]
        fn letters_have_their_bit(text in "[a-zA-Z_é=\\-]{0,40}") {
            let bytes = text.as_bytes();
            let length = letters(bytes);
            prop_assert!(bytes[..length].iter().all(|byte| byte & 0x40 != 0));
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
