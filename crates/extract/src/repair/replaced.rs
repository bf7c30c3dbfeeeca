//! U+FFFD, which stands where a character could not be read.

use reveille_model::Repair;

use super::note;

/// U+FFFD between a word and the endings that only an apostrophe parts from it.
pub(super) fn mend(text: &mut String, repairs: &mut Vec<Repair>) {
    const LOST: char = '\u{FFFD}';
    if !text.contains(LOST) {
        return;
    }
    for ending in ["s", "t", "re", "ve", "ll", "d", "m"] {
        let found = format!("{LOST}{ending}");
        let mut from = 0;
        while let Some(at) = text[from..].find(&found).map(|at| from + at) {
            let before = text[..at].chars().next_back().is_some_and(char::is_alphabetic);
            let after = text[at + found.len()..]
                .chars()
                .next()
                .is_none_or(|c| !c.is_alphanumeric());
            if before && after {
                let start = text[..at].rfind(' ').map_or(0, |space| space + 1);
                let damaged = text[start..at + found.len()].to_owned();
                note(&damaged, &damaged.replace(LOST, "'"), repairs);
                text.replace_range(at..at + LOST.len_utf8(), "'");
            }
            from = at + 1;
            while !text.is_char_boundary(from) {
                from += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::mended;

    #[test]
    fn only_an_apostrophe_parts_a_word_from_its_s() {
        assert_eq!(
            mended("", "The mayor\u{FFFD}s plan \u{FFFD} again").1,
            "The mayor's plan \u{FFFD} again"
        );
    }
}
