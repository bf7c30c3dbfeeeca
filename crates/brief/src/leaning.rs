//! Sentences that do not stand alone: what points back at the sentence before, or joins it.

use unicode_segmentation::UnicodeSegmentation;

/// Words that open a sentence which goes on from the one before, by pointing at it or by joining it: "He", "This", "But",
/// in the languages of most briefs.
const LEANING: &str = "he she it they his her its their this that these those but and or so yet however instead both such \
    moreover furthermore therefore thus hence nevertheless nonetheless otherwise additionally similarly likewise them \
    er sie das die sein seine seinen dies diese dieser dieses dann damit dabei dafür dazu daher darum somit doch aber und oder zudem \
    außerdem dennoch trotzdem denn stattdessen beide so gemeint seither seitdem danach daraufhin \
    il elle ils elles ce cet cette ces cela ça mais et ou donc alors aussi ainsi pourtant son sa ses leur \
    él ella ellos ellas esto este esta estos estas eso ese esa pero y o así también además entonces su sus \
    lui lei loro questo questa questi queste ma e così anche inoltre poi suo sua ele ela eles elas isso isto mas \
    também hij zij ze dit dat deze maar en ook toen dus ona ta te ale też jego jej он она оно они это но и а также его \
    її він вона воно вони це але та також його";

/// Words that open a sentence in which whoever writes speaks of the page, or of themselves.
const SPEAKING: &str = "we i you my our here there let wir ich wer hier da es dort nous je on voici nosotros yo aquí noi io ecco nós eu \
    aqui wij ik hier my ja oto мы я вот ми ось";

/// What a page calls itself.
const PAGES: &str = "article post guide list page blog video story piece tutorial review course report episode series \
    artikel beitrag text ratgeber leitfaden liste seite artículo guía articolo guida artigo guia";

/// Whether a sentence opens with one of these words.
fn opens_with(sentence: &str, words: &str) -> bool {
    let opening = sentence.unicode_words().next().unwrap_or_default().to_lowercase();
    // "That's"; but "it's" points at nothing in "It's important that".
    let bare = opening
        .split(['\'', '’'])
        .next()
        .filter(|&bare| bare != "it")
        .unwrap_or(&opening);
    words.split_whitespace().any(|word| word == bare)
}

/// Whether a sentence goes on from the one before it.
pub(crate) fn leans(sentence: &str) -> bool {
    let mut words = sentence.unicode_words();
    let (first, next) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    // "Die Feuerwehr": an article before its noun; "this guide": the page itself. Nobody is pointed at.
    let is_article = ["Die", "Das"].contains(&first) && next.starts_with(char::is_uppercase);
    let is_page = PAGES.split_whitespace().any(|page| page == next.to_lowercase());
    let behind = sentence
        .strip_prefix(first)
        .and_then(|rest| rest.strip_prefix(", "));
    let points = |word| ["that", "those", "these", "them"].contains(&word);
    let goes_on = opens_with(sentence, LEANING)
        || behind.is_some_and(|rest| opens_with(rest, LEANING))
        || sentence.unicode_words().skip(1).take(2).any(points);
    goes_on && !is_article && !is_page
}

/// Whether a sentence goes on from another wherever it stands: "And sends them to me."
pub(crate) fn joins(sentence: &str) -> bool {
    opens_with(sentence, "and or und oder et ou y e")
}

/// Whether whoever writes speaks of the page, or of themselves.
pub(crate) fn speaks_itself(sentence: &str) -> bool {
    opens_with(sentence, SPEAKING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_points_back_is_told_from_what_stands_alone() {
        for (sentence, is) in [
            ("It had closed the ferry line.", true),
            ("That’s why the port closed.", true),
            ("Some of those ropes are old.", true),
            ("Nun, sie sind alle am Hafen.", true),
            ("Die gelten als sicher.", true),
            ("Seither ruht der Verkehr.", true),
            ("Die Feuerwehr rückte aus.", false),
            ("It’s raining in the harbour.", false),
            ("This guide covers ropes.", false),
            ("The port closed its gates.", false),
            ("", false),
        ] {
            assert_eq!(leans(sentence), is, "{sentence}");
        }
        assert!(speaks_itself("We’ve tested ropes.") && !speaks_itself("Ropes were tested."));
    }
}
