//! A word's hash in the making: eight letters at a time, each as the bytes of its code point.

/// The letters and digits with which a text begins, in small letters: the last one in the lowest byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Letters {
    bytes: u64,
    /// At most eight.
    pub(crate) count: u32,
}

impl Letters {
    /// Looks at eight bytes at once, as one number: most words are shorter.
    pub(crate) fn leading(text: &[u8]) -> Self {
        let chunk = match text.first_chunk() {
            Some(chunk) => *chunk,
            None => std::array::from_fn(|at| text.get(at).copied().unwrap_or(0)),
        };
        let chunk = u64::from_be_bytes(chunk);
        // Sets a capital's bit for small letters; digits have it.
        let low = chunk | each(0x20);
        let alphanumeric = between(low, b'a', b'z') | between(chunk, b'0', b'9');
        let count = (!(alphanumeric & !chunk) & each(0x80)).leading_zeros() / 8;
        Self {
            bytes: low.checked_shr(64 - 8 * count).unwrap_or(0),
            count,
        }
    }
}

/// A byte, eight times.
const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Of each byte the highest bit, if the other seven lie between those of two ASCII characters.
const fn between(bytes: u64, first: u8, last: u8) -> u64 {
    let ascii = bytes & each(0x7f);
    // Neither sum reaches the next byte, and what exceeds the last reaches the first.
    (ascii + each(0x80 - first)) ^ (ascii + each(0x7f - last))
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

    /// The hash of a word of fewer than eight letters.
    pub(crate) const fn of(letters: Letters) -> u32 {
        (mix(Self::NONE.hash ^ letters.bytes) >> 32) as u32
    }

    pub(crate) fn add(&mut self, letters: Letters) {
        let Letters { bytes, count } = letters;
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
        self.add(Letters {
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
            assert_eq!(Letters::leading(text.as_bytes()).count, count, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_word_is_the_same_however_it_is_cut(word in "[a-z0-9]{1,40}") {
            let mut whole = Spelling::NONE;
            let mut at = 0;
            while at < word.len() {
                let letters = Letters::leading(&word.as_bytes()[at..]);
                at += letters.count as usize;
                whole.add(letters);
            }
            let mut single = Spelling::NONE;
            word.chars().for_each(|c| single.add_char(c));
            proptest::prop_assert_eq!(whole.id(), single.id());
        }
    }
}
