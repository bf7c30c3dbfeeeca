//! A sentence that is too long for a brief, without its last clauses.

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    summary::SUMMARY_MAX,
    torn::{is_whole, tears},
    verb::{Verb, main_verb},
};

/// What a reader takes in at a glance, in words.
const WORDS_MAX: usize = 40;

/// Fewer words rarely say what happened.
const WORDS_MIN: usize = 12;

/// A cut leaves at least so many characters, where a script does not part its words.
const CHARS_MIN: usize = 120;

/// Marks at which a clause ends.
const MARKS: [&str; 10] = [", ", "; ", ": ", " – ", " — ", " - ", " -- ", "、", "，", "；"];

/// The sentence up to the last clause end that leaves it short enough, and behind it who says so, where the sentence
/// ended in that; else "…". `None` where it is short enough as it is, or no clause end would do.
///
/// Nothing is cut inside quotation marks or brackets, nothing off that would turn what is said ("unless …"), and nothing
/// before the statement has its verb; where commas part clauses, what is cut off opens as a clause does.
pub(crate) fn shorten(text: &str, language: Option<&Language>) -> Option<String> {
    let chars = text.chars().count();
    // "Whether you sail, row, or swim, …": its commas part what waits for the statement.
    let waits = text.starts_with("Whether ");
    if waits || text.unicode_words().count() <= WORDS_MAX && chars <= SUMMARY_MAX {
        return None;
    }
    let said = attribution(text);
    let room = WORDS_MAX.saturating_sub(said.unicode_words().count());
    let fits = |end: &usize| {
        let (head, rest) = text.split_at(*end);
        let words = head.unicode_words().count();
        let dense = words * 3 > head.chars().count();
        let long_enough = if dense {
            head.chars().count() >= CHARS_MIN
        } else {
            words >= WORDS_MIN
        };
        let short_enough =
            words <= room && head.chars().count() <= SUMMARY_MAX.saturating_sub(said.chars().count() + 3);
        long_enough
            && (short_enough || dense && head.chars().count() <= SUMMARY_MAX)
            && (dense || opens_clause(head, rest, language))
            && !tears(head, rest, language)
            && main_verb(head, language) == Verb::Main
    };
    // A mark further down than the longest summary leaves no head that fits.
    let reach = text
        .char_indices()
        .nth(SUMMARY_MAX + 1)
        .map_or(text.len(), |(at, _)| at);
    let body = &text[..reach.min(text.len() - said.len())];
    let ends = body.char_indices().map(|(at, _)| at);
    let mut ends = ends.filter(|at| MARKS.iter().any(|mark| text[*at..].starts_with(mark)));
    let end = ends.rfind(fits);
    let end = end?;
    Some(if said.is_empty() {
        format!("{}…", &text[..end])
    } else {
        format!("{}{said}", &text[..end])
    })
}

/// Whether what follows a mark is a clause that the rest can do without: one behind a stronger mark than a comma, or one
/// that opens with a word that joins clauses. Behind a comma may else stand what the verb is about; and where a language
/// sets a comma before each relative clause, that clause may be what tells things apart.
fn opens_clause(head: &str, rest: &str, language: Option<&Language>) -> bool {
    const JOINING: &str = " which who whom whose where when while as after before because since with including following so \
        wobei wo während nachdem weil da damit um wie wodurch womit qui que dont où tandis alors après avant \
        selon lorsque car afin notamment quien quienes donde mientras cuando según tras después luego cuyo \
        cuya porque onde enquanto quando segundo após depois che dove mentre secondo dopo perché dat waar \
        waarbij terwijl toen omdat volgens nadat gdzie gdy podczas ponieważ aby где когда пока потому чтобы \
        де коли щоб тому som där när medan eftersom hvor når mens fordi ";
    const ADDING: &str = " and or und oder et ou y o e und en och og i и і та ";
    let Some(clause) = rest.strip_prefix(", ") else {
        return true;
    };
    let (word, behind) = clause.split_once(' ').unwrap_or((clause, ""));
    // "Am Sa, dem 31. Januar".
    if behind.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    // ", raising fears that the port is lost", and not "a living, breathing port".
    let is_english = language.is_some_and(|language| language.as_str() == "en");
    if is_english && is_participle(word) {
        let mut last = head.unicode_words().rev();
        return !(last.next().is_some_and(is_participle) && last.next().is_some_and(is_article));
    }
    let word = format!(" {} ", word.to_lowercase());
    JOINING.contains(&word) || ADDING.contains(&word) && main_verb(behind, language) == Verb::Main
}

/// Whether an English word may be a participle that opens a clause: "raising".
fn is_participle(word: &str) -> bool {
    word.len() > 5 && word.ends_with("ing") && word.starts_with(char::is_lowercase)
}

fn is_article(word: &str) -> bool {
    ["a", "an", "the"].contains(&word)
}

/// `, the coastguard said.`: the last clause, where it only tells whose word it is.
fn attribution(text: &str) -> &str {
    const SAYING: &str = " said says told reported announced according added sagte sagt teilte berichtete zufolge laut \
        mitteilte dit déclaré annoncé selon affirmé dijo informó anunció según disse secondo segundo afirmou zei meldde \
        volgens powiedział podał według повідомив заявив сообщил заявил ";
    let Some(at) = text.rfind(", ") else { return "" };
    let clause = &text[at..];
    // ", flatly announced the end": no word on whose word it is.
    let first = clause.unicode_words().next().unwrap_or_default();
    let goes_on = first.ends_with("ly") || ["announced", "told", "reported"].contains(&first);
    let tells = !goes_on
        && clause.unicode_words().count() <= 10
        && clause
            .unicode_words()
            .any(|word| SAYING.contains(&format!(" {} ", word.to_lowercase())));
    if tells && is_whole(&text[..at]) {
        clause
    } else {
        ""
    }
}

/// So short a word seldom ends what is said.
const WAITING_CHARS: usize = 4;

/// As much as can be printed, up to a word's end.
pub(crate) fn at_a_word(text: &str) -> String {
    let most = text
        .char_indices()
        .nth(SUMMARY_MAX - 1)
        .map_or(text.len(), |(at, _)| at);
    let mut head = &text[..text[..most].rfind(' ').unwrap_or(most)];
    // A preposition or an article waits for what it belongs to.
    while let Some((before, last)) = head.rsplit_once(' ')
        && last.chars().count() <= WAITING_CHARS
        && last.starts_with(char::is_lowercase)
    {
        head = before;
    }
    format!("{}…", head.trim_end_matches([',', ';', ':', '–', '—', '-', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Option<Language> {
        "en".parse().ok()
    }

    #[test]
    fn a_long_sentence_ends_at_a_clause_and_keeps_whose_word_it_is() {
        let long = "The port of Alderport will close its eastern basin for four months from the first of May so that the \
            two old gates can be lifted out, which has not been done since the basin was dug by hand in the spring of 1911, \
            the harbour master said.";
        assert_eq!(
            shorten(long, english().as_ref()).unwrap(),
            "The port of Alderport will close its eastern basin for four months from the first of May so that the two old \
             gates can be lifted out, the harbour master said."
        );
        let bare = long.replace(", the harbour master said.", " and then never again.");
        assert!(
            shorten(&bare, english().as_ref())
                .unwrap()
                .ends_with("can be lifted out…")
        );
    }

    #[test]
    fn no_list_is_torn_and_what_was_announced_says_nobodys_word() {
        let list = "The port of Alderport will lift its two old gates out of the eastern basin on the first of May, mend the \
            northern quay with stones of the old mole, and sell what is left of the crane that has stood idle in the town since the \
            spring of 1911.";
        assert_eq!(shorten(list, english().as_ref()), None);
        let colon = "The crews of the ferries have many reasons to be glad of the new basin: the gates are high, the water is deep \
            at every quay, and the line to Fairhaven will sail every twenty minutes from the first of May on, as it did long ago.";
        assert_eq!(
            shorten(colon, english().as_ref()).unwrap(),
            "The crews of the ferries have many reasons to be glad of the new basin…"
        );
        let torn = "On the first of May in Alderport—the day after the crews of the ferries had met, as they do every year, to talk \
            about their pay and the gates of the basin—the port of the town closed its eastern basin to all of them for four months.";
        assert_eq!(shorten(torn, english().as_ref()), None);
        let unsaid = "The new basin of Alderport could be the finest thing that was built in the town since the spring of 1911, but \
            high-ranking pilots of the port, including two with some experience of its tides, say that the gates of the basin are far too \
            narrow for the ferries.";
        assert_eq!(shorten(unsaid, english().as_ref()), None);
        let dashes = "Watching the harbour master of Alderport take the wheel of the old ferry and leave the quay with her first few, simple \
            words – “We are here to sail, and we are late” — was like watching a pilot of some fame follow a whole row of gifted, but \
            tired amateurs.";
        assert_eq!(shorten(dashes, english().as_ref()), None);
        let announced = "The harbour master told the crews of the ferries on Monday that the eastern basin would be closed -- which came \
            four months after a dinner in the town hall at which the mayor of Alderport, flanked by her pilots, proudly announced its \
            opening.";
        assert_eq!(
            shorten(announced, english().as_ref()).unwrap(),
            "The harbour master told the crews of the ferries on Monday that the eastern basin would be closed…"
        );
    }

    #[test]
    fn nothing_is_cut_inside_a_quotation_nor_off_that_turns_the_meaning() {
        let quoted = "Mayor Ann Example told the council on Tuesday night that she would sign “every paper, every plan, every \
            promise and every last line of the long contract that this council has put before me in these nine months, \
            gladly and at once and with both hands”.";
        assert_eq!(shorten(quoted, None), None);
        let turned = "The council will sell the old gas works by the river to the young company from Fairhaven that wants to \
            build homes for nine hundred people on the ground there, unless the court in the capital finds that the ground \
            is still poisoned by what was left.";
        assert_eq!(shorten(turned, None), None);
    }

    #[test]
    fn what_is_short_stays() {
        assert_eq!(shorten("The port closes, the harbour master said.", None), None);
    }

    #[test]
    fn a_cut_falls_before_a_participle_that_opens_a_clause() {
        let raising = ", raising fears that nobody will come";
        assert!(opens_clause("The line is lost", raising, english().as_ref()));
        assert!(!opens_clause("The line is lost", raising, None));
        assert!(!opens_clause(
            "The line is a living",
            ", breathing thing",
            english().as_ref()
        ));
    }
}
