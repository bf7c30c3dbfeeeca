//! A sentence that is too long for a brief, without its last clauses.

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    summary::SUMMARY_MAX,
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
            && is_whole(head)
            && !parts_apposition(head, rest)
            && !turns(rest)
            && !parts_aside(head, rest)
            && !parts_list(head, rest, language)
            && (dense || opens_clause(head, rest, language))
            && !leaves_open(head, language)
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

/// Whether every quotation mark and bracket that is opened in a text is closed in it.
fn is_whole(text: &str) -> bool {
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
    fn no_cut_falls_in_an_aside_and_one_before_a_participle_does() {
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
        let raising = ", raising fears that nobody will come";
        assert!(opens_clause("The line is lost", raising, english().as_ref()));
        assert!(!opens_clause("The line is lost", raising, None));
        assert!(!opens_clause(
            "The line is a living",
            ", breathing thing",
            english().as_ref()
        ));
    }

    #[test]
    fn what_is_short_stays() {
        assert_eq!(shorten("The port closes, the harbour master said.", None), None);
    }
}
