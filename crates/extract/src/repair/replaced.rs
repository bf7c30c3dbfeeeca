//! U+FFFD, which stands where a character could not be read.

use reveille_model::Repair;

use super::note;

const LOST: char = '\u{FFFD}';
/// What is shown of a damaged word, in bytes up to its ending: longer ones are none.
const SHOWN: usize = 100;

/// U+FFFD between a word and the endings that only an apostrophe parts from it.
pub(super) fn mend(text: &mut String, repairs: &mut Vec<Repair>) {
    if !text.contains(LOST) {
        return;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(LOST) {
        out.push_str(before);
        match ending(after).filter(|_| out.ends_with(char::is_alphabetic)) {
            Some(ending) => {
                let shown = &out[out.ceil_char_boundary(out.len().saturating_sub(SHOWN))..];
                let word = shown.rsplit(' ').next().unwrap_or_default();
                note(
                    &format!("{word}{LOST}{ending}"),
                    &format!("{word}'{ending}"),
                    repairs,
                );
                out.push('\'');
            }
            None => out.push(LOST),
        }
        rest = after;
    }
    out.push_str(rest);
    *text = out;
}

/// The ending that a text begins with.
fn ending(text: &str) -> Option<&'static str> {
    ["s", "t", "re", "ve", "ll", "d", "m"].into_iter().find(|ending| {
        text.strip_prefix(ending)
            .is_some_and(|after| !after.starts_with(char::is_alphanumeric))
    })
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

    #[test]
    fn what_is_told_of_a_line_without_a_space_stays_short() {
        let (_, body, repairs) = mended("", &"a\u{FFFD}s,b\u{FFFD}t,".repeat(2_000));
        assert!(!body.contains('\u{FFFD}'));
        assert!(repairs.len() <= 1_000, "{}", repairs.len());
        assert!(repairs.iter().all(|repair| repair.found.len() < 110));
    }
}
