//! Lists of words, written as one text.

/// Whether a word stands in a list whose words are parted by spaces.
pub(crate) fn holds(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn a_part_of_a_word_is_none_and_nor_is_nothing() {
        assert!(
            ["one", "two", "three"]
                .iter()
                .all(|word| holds("one two three", word))
        );
        assert!(
            !["on", "", " ", "one two"]
                .iter()
                .any(|word| holds("one two three", word))
        );
    }
}
