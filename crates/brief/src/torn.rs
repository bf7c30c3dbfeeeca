//! What a cut does to a sentence: whether it tears what belongs together, or leaves something that waits for the rest.

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

use crate::verb::{Verb, main_verb};

/// Whether a cut between these two parts of a sentence would tear a quotation, a title, an aside or a list, take off what turns the
/// meaning, or leave a clause without its statement.
pub(crate) fn tears(head: &str, rest: &str, language: Option<&Language>) -> bool {
    !is_whole(head)
        || parts_apposition(head, rest)
        || turns(rest)
        || parts_aside(head, rest)
        || parts_list(head, rest, language)
        || leaves_open(head, language)
}

/// Whether every quotation mark and bracket that is opened in a text is closed in it.
pub(crate) fn is_whole(text: &str) -> bool {
    let count = |marks: &[char]| text.chars().filter(|c| marks.contains(c)).count();
    count(&['"']) % 2 == 0
        && count(&['“', '„', '«', '»', '”']) % 2 == 0
        && count(&['(', '[']) == count(&[')', ']'])
}

/// Whether a cut would fall before or behind a title between quotation marks that commas set off: what it belongs to
/// goes on behind it, as in `In her book, "On Harbours", she writes`.
fn parts_apposition(head: &str, rest: &str) -> bool {
    let quotes = ['"', '“', '”', '„', '«', '»'];
    let ends = head
        .strip_suffix(quotes)
        .and_then(|inner| Some(inner[..inner.rfind(quotes)?].ends_with(", ")));
    let opens = rest
        .strip_prefix(", ")
        .and_then(|rest| rest.strip_prefix(quotes))
        .and_then(|inner| {
            Some(
                inner[inner.find(quotes)?..]
                    .trim_start_matches(quotes)
                    .starts_with(", "),
            )
        });
    ends == Some(true) || opens == Some(true)
}

/// Whether the clause that follows an end takes back or limits what stands before it.
fn turns(rest: &str) -> bool {
    const TURNING: &str = " but unless if except without although though not nor until only aber wenn falls außer ohne \
        obwohl sondern nicht mais sauf si sans bien pas pero salvo sin aunque sino no ma se senza tranne mas exceto maar \
        tenzij als behalve zonder ale jeśli bez chyba но если кроме але якщо крім ";
    let word = rest.unicode_words().next().unwrap_or_default().to_lowercase();
    TURNING.contains(&format!(" {word} "))
}

/// Whether a text ends in a clause that waits for its statement: `The basin closes, and when the gates are out`.
fn leaves_open(head: &str, language: Option<&Language>) -> bool {
    const LINKS: &str = " and but or so und aber oder et mais ou y pero o e ma mas ";
    const WAITING: &str = " if when while after before once since because although as without despite unless wenn als weil \
        nachdem bevor obwohl während falls ohne trotz si quand lorsque après avant sans malgré cuando después antes sin ";
    const LINKED: &str =
        " whereby that which who when if dass ob que qui che quien który która które что що ";
    const DANGLING: &str = " particular particularly especially notably namely including example instance not could would can will \
        insbesondere etwa notamment ";
    let last = head.unicode_words().next_back().unwrap_or_default();
    // "The vote is a choice between two: a future".
    let said = [" said ", " says ", " say "]
        .iter()
        .find_map(|said| Some(head.rsplit_once(said)?.1));
    if DANGLING.contains(&format!(" {} ", last.to_lowercase())) {
        return true;
    }
    let waits = |clause: &str| {
        let mut opening = clause.unicode_words().take(OPENING_WORDS).map(str::to_lowercase);
        opening.any(|word| WAITING.contains(&format!(" {word} "))) && !states_behind(clause, language)
    };
    let is_begun = |(_, clause): (&str, &str)| names_subject(clause) && is_unsaid(clause, language);
    if waits(head)
        || head.contains(" not only ") && !head.contains(" but ")
        || said.is_some_and(|said| waits(said) || is_unsaid(said, language))
        || head.rsplit_once(" that ").is_some_and(is_begun)
    {
        return true;
    }
    let is_begun = |(_, list): (&str, &str)| list.unicode_words().count() < 5;
    if LINKED.contains(&format!(" {} ", last.to_lowercase())) || head.rsplit_once(": ").is_some_and(is_begun)
    {
        return true;
    }
    let Some((_, clause)) = head.rsplit_once(", ") else {
        return false;
    };
    // "The gates are lost, but the ropes": of the ropes something was said.
    let is_bare = ["but ", "while "].iter().any(|link| {
        clause
            .strip_prefix(link)
            .is_some_and(|clause| is_unsaid(clause, language))
    });
    if is_bare {
        return true;
    }
    let mut words = clause
        .unicode_words()
        .map(|word| format!(" {} ", word.to_lowercase()));
    let linked = words.next().is_some_and(|word| LINKS.contains(&word));
    linked && words.next().is_some_and(|word| WAITING.contains(&word))
}

/// Whether a text has its statement behind a comma: `When the gates are out, the basin closes`.
fn states_behind(head: &str, language: Option<&Language>) -> bool {
    head.match_indices(", ")
        .any(|(at, comma)| main_verb(&head[at + comma.len()..], language) == Verb::Main)
}

/// Whether what somebody said is cut before its verb: `that its oldest crane, the Lady Ann`.
fn is_unsaid(said: &str, language: Option<&Language>) -> bool {
    said.split(' ').count() > 2 && main_verb(said, language) < Verb::Perhaps
}

/// Whether a clause opens with what it is about: "the line to Fairhaven".
fn names_subject(clause: &str) -> bool {
    const OPENERS: [&str; 7] = ["the", "a", "an", "its", "his", "her", "their"];
    let first = clause.split(' ').next().unwrap_or_default();
    OPENERS.contains(&first) || first.starts_with(char::is_uppercase)
}

/// How far down a clause shows that it waits for another: "Almost as soon as".
const OPENING_WORDS: usize = 3;

/// Whether a cut would fall before, inside or at the end of an aside between dashes, or before one between commas, so that what
/// the statement says is lost: "The gates — both of them old — are lost", "The line, while short, was loved".
fn parts_aside(head: &str, rest: &str) -> bool {
    const AUXILIARIES: [&str; 16] = [
        "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could", "did", "say",
        "says", "said", "to",
    ];
    const DASHES: [&str; 4] = [" – ", " — ", " - ", " -- "];
    let dashes = |text: &str| {
        DASHES
            .iter()
            .map(|dash| text.matches(dash).count())
            .sum::<usize>()
    };
    let after = DASHES.iter().find_map(|dash| rest.strip_prefix(dash));
    let dashed = dashes(head) % 2 == 1 && dashes(rest) > 0 || after.is_some_and(|after| dashes(after) > 0);
    let behind = rest.strip_prefix(", ").and_then(|aside| aside.split_once(", "));
    let goes_on = behind.and_then(|(_, behind)| behind.unicode_words().next());
    // "The gates—both of them old—are lost"
    let is_torn = head.matches('—').count() % 2 == 1 && rest.contains('—');
    dashed || is_torn || is_dash_open(head) || goes_on.is_some_and(|word| AUXILIARIES.contains(&word))
}

/// Whether a cut would fall into a list: before its last part, "ropes, knots, and so on", or behind a colon.
fn parts_list(head: &str, rest: &str, language: Option<&Language>) -> bool {
    const LAST: [&str; 6] = [", and ", ", or ", ", und ", ", et ", ", y ", ", o "];
    let is_comma = rest.starts_with(", ");
    if is_comma && head.contains(": ") {
        return true;
    }
    let last = head.rsplit_once(", ").map(|(_, last)| last);
    LAST.iter().any(|and| rest.starts_with(and))
        && last.is_some_and(|last| main_verb(last, language) < Verb::Main)
}

/// Whether a text ends inside an aside whose dashes cling to it: "El puerto trataba ayer -por quinto día".
fn is_dash_open(head: &str) -> bool {
    let dashes = ['-', '–', '—'];
    let behind = |(at, dash): (usize, &str)| {
        let clings = head[..at].ends_with(' ') && head[at + dash.len()..].starts_with(char::is_alphabetic);
        clings.then(|| &head[at + dash.len()..])
    };
    let aside = head.rmatch_indices(dashes).find_map(behind);
    aside.is_some_and(|aside| !aside.contains(dashes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Option<Language> {
        "en".parse().ok()
    }

    #[test]
    fn a_title_that_is_set_off_is_not_cut_from_what_it_stands_in() {
        assert!(parts_apposition(
            "In her book, \"On Harbours\"",
            ", she writes of tides."
        ));
        assert!(parts_apposition(
            "In ihrem Buch",
            ", „Vom Hafen“, schreibt sie von Gezeiten."
        ));
        assert!(!parts_apposition(
            "She called the plan \"a disgrace\"",
            ", and left."
        ));
        assert!(!parts_apposition(
            "He left the room",
            ", \"angry and tired\" as he was."
        ));
    }

    #[test]
    fn no_cut_leaves_a_clause_without_its_statement() {
        let leaves_open = |head| leaves_open(head, english().as_ref());
        assert!(leaves_open(
            "The basin closes on Monday, and when the gates are out"
        ));
        assert!(leaves_open("These are the boats, so without further ado"));
        assert!(!leaves_open("The basin closes on Monday, and nobody minds"));
        assert!(!leaves_open("The basin closes when the gates are out"));
        assert!(leaves_open("The vote is a choice between two ports: a future"));
        assert!(leaves_open(
            "While the basin was closing on Monday and the gates were out"
        ));
        assert!(!leaves_open(
            "While the basin was closing on Monday, the gates were out"
        ));
        assert!(leaves_open(
            "The mayor said that the oldest crane of the port, the Lady Ann"
        ));
        assert!(!leaves_open(
            "The mayor said that the oldest crane of the port was lost"
        ));
        assert!(leaves_open("The plan raised fears that the line to Fairhaven"));
        assert!(!leaves_open(
            "The plan raised fears that the line to Fairhaven is lost"
        ));
        assert!(leaves_open(
            "Almost as soon as the port had closed its old basin this May"
        ));
        assert!(leaves_open(
            "The closing of the old basin not only failed to please the crews"
        ));
        assert!(leaves_open(
            "The closing of the old basin is a trouble for the crews — and in particular"
        ));
        assert!(leaves_open("Crews say that if the port closes its old basin"));
    }

    #[test]
    fn no_cut_falls_in_an_aside() {
        assert!(parts_aside(
            "The two boats — one of them old",
            " — are lost, the port said."
        ));
        assert!(!parts_aside(
            "The two boats — one of them old — are lost",
            ", the port said."
        ));
        assert!(parts_aside(
            "The two boats",
            " — one of them old — are lost, the port said."
        ));
        assert!(!parts_aside(
            "The two boats are lost",
            " — one of them old, the port said."
        ));
        assert!(parts_aside(
            "The line to the old port",
            ", while short, was loved by its crews."
        ));
        assert!(!parts_aside(
            "The line is lost",
            ", while crews, who loved it, are at home."
        ));
        assert!(is_dash_open("El puerto trataba ayer -por quinto día consecutivo"));
        assert!(
            !is_dash_open("El puerto trataba ayer -por quinto día- de abrir")
                && !is_dash_open("The two-day closing")
        );
    }
}
