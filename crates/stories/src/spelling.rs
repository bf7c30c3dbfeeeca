//! A word's hash in the making: eight letters at a time, each as the bytes of its code point.

/// The ASCII letters and digits of a text in small letters, each at its place; all else is zero.
#[derive(Debug)]
pub(crate) struct Letters(Vec<u8>);

/// One to eight letters that follow one another: the last one in the lowest byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Few {
    bytes: u64,
    /// One to eight.
    pub(crate) count: u32,
}

impl Letters {
    /// Looks at the whole text beforehand: so simple a loop takes many bytes at a step.
    pub(crate) fn of(text: &str) -> Self {
        // Digits have the bit that tells small letters from capitals.
        let small = |&byte: &u8| {
            if byte.is_ascii_alphanumeric() {
                byte | 0x20
            } else {
                0
            }
        };
        let mut letters = Vec::with_capacity(text.len() + 8);
        letters.extend(text.as_bytes().iter().map(small));
        letters.resize(text.len() + 8, 0);
        Self(letters)
    }

    /// The letters from a place of the text on, if there are any.
    pub(crate) fn from(&self, at: usize) -> Option<Few> {
        let eight = u64::from_le_bytes(*self.0[at..].first_chunk()?);
        if eight & 0xff == 0 {
            return None;
        }
        // Sets the highest bit of the first zero byte, and maybe of some behind it: letters are below 0x80.
        let zeros = eight.wrapping_sub(each(0x01)) & each(0x80);
        let count = zeros.trailing_zeros() / 8;
        Some(Few {
            bytes: eight.swap_bytes() >> (64 - 8 * count),
            count,
        })
    }
}

/// A byte, eight times.
const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// A hash, and what is not yet mixed into it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spelling {
    hash: u64,
    latest: u64,
    /// Bytes in `latest`, fewer than eight.
    filled: u32,
}

impl Spelling {
    /// Of no letters.
    pub(crate) const NONE: Self = Self {
        hash: 0xcbf2_9ce4_8422_2325,
        latest: 0,
        filled: 0,
    };

    /// Adds eight letters to a word of eights.
    pub(crate) const fn add_eight(&mut self, eight: Few) {
        self.hash = mix(self.hash ^ eight.bytes);
    }

    /// Adds the last letters, fewer than eight, to a word of eights.
    pub(crate) const fn add_last(&mut self, few: Few) {
        self.latest = few.bytes;
        self.filled = few.count;
    }

    pub(crate) fn add(&mut self, few: Few) {
        let Few { bytes, count } = few;
        let filled = self.filled + count;
        if filled < 8 {
            self.latest = self.latest << (8 * count) | bytes;
            self.filled = filled;
            return;
        }
        let left = 8 * (filled - 8);
        let shifted = self.latest.checked_shl(8 * (8 - self.filled)).unwrap_or(0);
        self.hash = mix(self.hash ^ (shifted | bytes >> left));
        self.latest = bytes & ((1 << left) - 1);
        self.filled = filled - 8;
    }

    pub(crate) fn add_char(&mut self, c: char) {
        let code = u32::from(c);
        let count = (u32::BITS - code.leading_zeros()).div_ceil(8);
        self.add(Few {
            bytes: u64::from(code),
            count,
        });
    }

    /// The hash so far.
    pub(crate) const fn id(self) -> u32 {
        (mix(self.hash ^ self.latest) >> 32) as u32
    }
}

const fn mix(hash: u64) -> u64 {
    let hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash ^ hash >> 32).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_end_at_everything_else() {
        for (text, count) in [
            ("Word, and", 4),
            ("", 0),
            ("a", 1),
            ("1990s-style", 5),
            ("café", 3),
            ("eighteen", 8),
            ("@[`{/:", 0),
            ("\u{10}\u{19}", 0),
        ] {
            let few = Letters::of(text).from(0);
            assert_eq!(few.map_or(0, |few| few.count), count, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_word_is_the_same_however_it_is_cut(word in "[a-z0-9]{1,40}") {
            let letters = Letters::of(&word);
            let mut whole = Spelling::NONE;
            let mut at = 0;
            while let Some(few) = letters.from(at) {
                at += few.count as usize;
                whole.add(few);
            }
            let mut single = Spelling::NONE;
            word.chars().for_each(|c| single.add_char(c));
            proptest::prop_assert_eq!(whole.id(), single.id());
        }
    }
}
