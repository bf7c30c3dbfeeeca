//! Sentences in which somebody speaks instead of reporting: whoever writes, to the reader or of what they wrote.

use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation;

use crate::{
    leaning::opens_with,
    unresolved::outside_quotes,
    verb::{List, list},
};

/// Words that open a sentence in which whoever writes speaks of the page, or of themselves.
static SPEAKING: LazyLock<List> = LazyLock::new(|| {
    list(
        "we i you my our here there let wir ich wer hier da es dort nous je on voici nosotros yo aquí noi io ecco nós eu \
         aqui wij ik hier my ja oto мы я вот ми ось",
    )
});

/// Whether a sentence opens with what its speaker or its sense is called: "Ann: The port is lost.", "The problem: the port".
pub(crate) fn is_labelled(sentence: &str) -> bool {
    let label = sentence.split_once(": ").map_or("", |(label, _)| label);
    !label.is_empty() && label.split(' ').count() <= LABEL_WORDS
}

/// The longest label, in words.
const LABEL_WORDS: usize = 2;

/// Whether whoever writes tells of what they wrote, or what they go on to write: "On Monday, we looked at the old ropes.",
/// "My last column was on ropes.", "Here are four knots."
pub(crate) fn tells_of_writing(sentence: &str) -> bool {
    const TOLD: &str = "we examined|we looked|we reported|we wrote|we noted|we discussed|we argued|we mentioned|we covered|we described|\
        we explained|i noted|i mentioned|i argued|i described|my last column|my last article|my last post|my previous column|\
        my previous article|my previous post|last week's column";
    let said = outside_quotes(sentence).to_lowercase().replace('’', "'");
    let words = format!(" {} ", said.unicode_words().collect::<Vec<_>>().join(" "));
    let is_told = |told: &str| words.contains(&format!(" {told} "));
    // "As Ann pointed out": somebody whom the readers of the page know.
    let of_colleague = said.strip_prefix("as ").and_then(|said| said.split_once(' '));
    let of_colleague = of_colleague.is_some_and(|(_, said)| {
        [
            "pointed out",
            "noted",
            "wrote",
            "reported",
            "mentioned",
            "has been writing",
        ]
        .iter()
        .any(|told| said.starts_with(told))
    });
    // "Ann's fine column"
    let mut opening = said
        .split(' ')
        .map(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric()));
    let is_owned = opening.by_ref().take(3).any(|word| word.ends_with("'s"));
    let of_page = is_owned
        && opening
            .take(2)
            .any(|word| ["column", "post", "piece", "essay"].contains(&word));
    of_colleague
        || of_page
        || TOLD.split('|').any(is_told)
        || ["here are ", "here is ", "here's "]
            .iter()
            .any(|opening| said.starts_with(opening))
}

/// Whether an English sentence speaks to the reader, outside of quotation marks.
pub(crate) fn speaks_to_reader(sentence: &str) -> bool {
    let said = outside_quotes(sentence);
    said.unicode_words()
        .any(|word| ["you", "your", "You", "Your"].contains(&word))
}

/// Whether whoever writes speaks of the page, or of themselves.
pub(crate) fn speaks_itself(sentence: &str) -> bool {
    opens_with(sentence, &SPEAKING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_speaks_is_told_from_what_is_reported() {
        assert!(is_labelled("Ann: The port is lost.") && is_labelled("The problem: the port is lost."));
        assert!(!is_labelled("The port has a problem: it is lost.") && !is_labelled("The port is lost."));
        for (sentence, is) in [
            ("On Monday, we looked at the old ropes.", true),
            ("My last column was on ropes.", true),
            ("Here are four knots.", true),
            ("Ann’s fine column on ropes raises a question.", true),
            ("Ann’s fine boat raises a sail.", false),
            ("The mayor’s post-storm plan raises a question.", false),
            ("As Ann pointed out on Monday, the port is lost.", true),
            ("As Ann sailed out on Monday, the port was lost.", false),
            ("The mayor said: “We looked at the ropes.”", false),
            ("The port looked at the old ropes.", false),
        ] {
            assert_eq!(tells_of_writing(sentence), is, "{sentence}");
        }
        assert!(speaks_to_reader("The rope that you need is here."));
        assert!(!speaks_to_reader("The mayor said: “You need a rope.”"));
        assert!(speaks_itself("We’ve tested ropes.") && !speaks_itself("Ropes were tested."));
    }
}
