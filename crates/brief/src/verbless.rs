//! Lines that are no sentence although they end as one: what stands above a report in place of one has no finite verb.
//!
//! Each language is judged by what it shows on its surface, and in doubt a line is a sentence.

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

/// German words that are never a finite verb, nor part of one.
const GERMAN: &str = " der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines mein \
    meine meinen dein deine sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unseren \
    unserer euer eure dieser diese dieses diesen diesem jeder jede jedes jeden jedem alle allen aller viele vielen vieler \
    einige einigen mehrere mehreren beide beiden wenige wenigen und oder sowie sowohl als wie in im ins an am ans auf aus \
    außer bei beim bis durch für gegen gegenüber hinter mit nach neben ohne seit samt statt trotz über um unter von vom vor \
    während wegen zu zum zur zwischen ab je pro per via dank laut nicht nur noch auch so sehr mehr rund etwa fast bereits \
    zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend ";

/// English words that are, or may be, a finite verb without showing it by their ending.
const ENGLISH: &str = " is are was were am be has have had do does did will would can could may might must shall should say \
    said make made take took go went come came get got give gave find found think thought know knew see saw want let keep \
    kept begin began run ran hold held bring brought write wrote sit sat stand stood lose lost pay paid meet met set sell \
    sold build built fall fell cut rise rose hit win won lead led spend spent grow grew speak spoke leave left feel felt \
    become became show need use try ask work call plan help turn start become mean meant tell told put send sent draw drew \
    break broke choose chose drive drove fly flew throw threw wear wore catch caught teach taught buy bought fight fought \
    accuse agree allow announce appear arrive attack avoid ban believe block care carry claim consider continue \
    cover create decide defend demand deny die doubt eat end enjoy enter expect face fail fear file follow \
    gather grant happen hear hope increase insist join kill launch learn link listen live look love matter miss \
    move offer open oppose overturn play prefer prepare prove push raise reach read recommend reject release remain \
    remember report resign return reveal risk save search seek seem serve share shut skate sleep speak spread step stop \
    struggle suffer suggest support suspect talk tend threaten topple travel understand unveil urge vote wait walk warn \
    watch wish wonder worry ";

/// Past forms of English that show themselves by no ending. None opens a request or a question.
const ENGLISH_PAST: &str = " abode arose ate awoke beat befell begot beheld bent besought bet bid bled blew \
    bore bound bred burnt burst cast clung cost crept dealt dove drank dreamt dug dwelt fed fled flung forbade \
    forbore forecast foresaw foretold forgave forgot forsook froze ground heard hid hung hurt input knelt knit \
    laid lay leant leapt learnt lent lit misheard mislaid misread misspelt misspent mistook misunderstood mown \
    offset outbid outdid outfought outgrew outran outshone outsold overate overbid overcame overdid overdrew \
    overheard overhung overlaid overran overrode oversaw overshot overslept overspent overthrew overtook \
    partook quit rang rebuilt recast redid redrew regrew remade rent repaid reran resent reset resold rethought \
    retold retook rewon rewound rewrote rid rode sang sank shed shod shone shook shot shrank slain slept slew \
    slid slit slung slunk smelt smote snuck sought spat sped spelt spilt split spoilt sprang spun stank stole \
    strode strove struck strung stuck stung swam swept swore swung thrust tore trod underbid undercut underlay \
    undersold understood undertook underwent underwrote undid unwound upheld upset wept wet withdrew withheld \
    withstood woke wound wove wrung ";

/// Whether a line has no finite verb, as far as that can be seen.
pub(crate) fn is_verbless(line: &str, language: Option<&Language>) -> bool {
    let words: Vec<&str> = line.unicode_words().collect();
    match language.map(Language::as_str) {
        Some("de") => is_german_phrase(&words),
        Some("en") => is_bare_phrase(&words) || is_participle_phrase(&words) || is_named_aside(&words),
        _ => false,
    }
}

/// Of the words that German writes small, all are function words, or adjectives between one of them and a noun; and the
/// first word is no verb that opens a request or a question.
fn is_german_phrase(words: &[&str]) -> bool {
    let is_function = |word: &str| GERMAN.contains(&format!(" {} ", word.to_lowercase()));
    let declined = |word: &str| {
        ["e", "en", "er", "es", "em"]
            .iter()
            .any(|ending| word.ends_with(ending))
    };
    let small = |word: &str| word.starts_with(char::is_lowercase);
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    // A name before a name: of whoever is spoken to, only "Sie" and "Ihr" have a capital behind the verb.
    let is_named = rest.first().is_some_and(|next| {
        next.starts_with(char::is_uppercase) && !["Sie", "Ihr"].contains(next) && !is_function(next)
    });
    let may_be_verb = ["t", "en", "ern", "eln"]
        .iter()
        .any(|ending| first.ends_with(ending))
        && !is_function(first)
        && !is_named;
    let mut before = *first;
    for (place, word) in rest.iter().enumerate() {
        let follows = rest.get(place + 1).copied().unwrap_or_default();
        let after_function = is_function(before) || before.starts_with(char::is_numeric);
        let attributive = declined(word) && after_function && follows.starts_with(char::is_uppercase);
        if small(word) && !is_function(word) && !attributive {
            return false;
        }
        before = word;
    }
    !may_be_verb && !small(first)
}

/// "Winning trust in a small town.", "Cloud as a layer of its own.": no word that may be a verb, or the words of a title.
fn is_bare_phrase(words: &[&str]) -> bool {
    // A text may be in another language than its page says.
    let is_english = words
        .iter()
        .any(|word| ["the", "of", "and", "to", "for", "a"].contains(word));
    let may_ask = |first: &&str| ENGLISH.contains(&format!(" {} ", first.to_lowercase()));
    let has_verb = words.first().is_some_and(may_ask) || words.iter().any(|word| may_be_english_verb(word));
    is_english && !has_verb
        || words.starts_with(&["Everything", "you", "need", "to", "know"])
            && !words.iter().any(|word| is_plain_verb(word))
}

/// English words that a verb belongs to.
const SUBJECTS: [&str; 12] = [
    "I", "we", "We", "you", "You", "they", "They", "he", "He", "she", "She", "it",
];

/// Whether an English word is, or may be, a finite verb.
fn may_be_english_verb(word: &str) -> bool {
    let bare = word.trim_end_matches(['\'', '’']);
    // "They're", and what stands before or for a verb: "they".
    let is_pronoun = SUBJECTS.contains(&bare.split(['\'', '’']).next().unwrap_or_default());
    let ends = is_plural(bare) || bare.ends_with("ed") || word.contains(['\'', '’']);
    let is_listed = [ENGLISH, ENGLISH_PAST]
        .iter()
        .any(|verbs| verbs.contains(&format!(" {word} ")));
    is_pronoun || word.starts_with(char::is_lowercase) && (ends || is_listed)
}

/// A word in -s: a noun in the plural, or a verb; "as" and "this" are neither, nor are "focus" and "across".
fn is_plural(word: &str) -> bool {
    word.len() > 3
        && word.starts_with(char::is_lowercase)
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending))
}

/// "Six lessons learned at the harbour.", "Deals announced by two ports.": nouns in the plural, the participle that
/// goes with them and a preposition, and no other word that may be a verb.
fn is_participle_phrase(words: &[&str]) -> bool {
    const DETERMINERS: [&str; 7] = ["the", "these", "those", "this", "our", "your", "all"];
    const PREPOSITIONS: &str = " by at with in on from for of during under ";
    let participle = words.windows(3).position(|three| {
        is_plural(three[0]) && three[1].ends_with("ed") && PREPOSITIONS.contains(&format!(" {} ", three[2]))
    });
    // "Follow the steps shared by the port.": a request.
    let is_request = words.get(1).is_some_and(|second| DETERMINERS.contains(second));
    // Of people a form in -ed is as often what they did: "Officers arrived at noon."
    let Some(noun) =
        participle.filter(|&noun| !words[noun].ends_with("rs") && !words[noun].ends_with("ists"))
    else {
        return false;
    };
    if is_request {
        return false;
    }
    // The last word can be no verb that anything follows.
    let others = words.iter().enumerate().take(words.len() - 1);
    others
        .filter(|(place, _)| !(noun..noun + 2).contains(place))
        .all(|(_, word)| !may_be_english_verb(word))
}

/// "After Ann Example, a pilot who was lost at sea.": a preposition, and no verb but behind "who", "which" or "that",
/// or behind "where to".
fn is_named_aside(words: &[&str]) -> bool {
    const OPENINGS: [&str; 8] = ["After", "From", "In", "On", "For", "With", "At", "To"];
    const RELATIVES: [&str; 4] = ["who", "which", "that", "where"];
    if !words.first().is_some_and(|first| OPENINGS.contains(first)) {
        return false;
    }
    let Some(relative) = words.iter().position(|word| RELATIVES.contains(word)) else {
        return false;
    };
    let main = words.iter().enumerate().take(words.len() - 1);
    main.filter(|(place, _)| !(relative..relative + 3).contains(place))
        .all(|(_, word)| !may_be_english_verb(word))
}

/// "Why we only buy wooden toys.", "Which is where I found it.": what asks, or goes on from something else, without the
/// statement that it belongs to.
pub(crate) fn is_subordinate(line: &str, language: Option<&Language>) -> bool {
    let first = line.unicode_words().next().unwrap_or_default();
    match language.map(Language::as_str) {
        // German ends such a clause with its verb, and the statement behind it would begin with one.
        Some("de") => {
            ASKING_GERMAN.contains(&format!(" {first} "))
                && !line.contains(": ")
                && line.split(", ").skip(1).all(|clause| {
                    let opening = clause.unicode_words().next().unwrap_or_default().to_lowercase();
                    CLAUSES_GERMAN.contains(&format!(" {opening} "))
                })
        }
        Some("en") => {
            first == "Which" || (first == "How" || first == "Why") && !line.unicode_words().any(is_plain_verb)
        }
        _ => false,
    }
}

/// What asks in German.
const ASKING_GERMAN: &str = " Warum Weshalb Wieso Wie Wo Woher Wohin Wann Welche Welcher Welches Welchen ";

/// What opens one clause more of the same kind.
const CLAUSES_GERMAN: &str = " warum weshalb wieso wie wo woher wohin wann was wer welche welcher welches welchen und oder ob dass \
    der die das den dem wenn weil ";

/// Verbs that no clause after "how" or "why" lacks where it is part of a statement.
fn is_plain_verb(word: &str) -> bool {
    [
        "is", "are", "was", "were", "matters", "depends", "remains", "has", "have", "will", "can", "may",
        "said",
    ]
    .contains(&word)
}

/// "Dear readers!": nothing but a greeting.
pub(crate) fn is_greeting(line: &str) -> bool {
    const GREETINGS: &str = " dear hello hi liebe lieber liebes hallo geehrte geehrter cher chère chers chères bonjour estimado \
        estimada estimados queridos queridas hola caro cara cari care gentili prezados beste geachte lieve drodzy szanowni \
        дорогие уважаемые дорогі шановні ";
    let mut opening = line.unicode_words().take(2).map(str::to_lowercase);
    line.trim_end().ends_with('!') && opening.any(|word| GREETINGS.contains(&format!(" {word} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_told_from_sentences() {
        for (language, line, is_phrase) in [
            ("de", "Ein Blick in die letzten Tage der Hafenzeitung.", true),
            (
                "de",
                "Musterpokal vom 5. bis 11. Februar in der Halle am Hafen / Turnier mit 19 kleinen Vereinen.",
                true,
            ),
            ("de", "Bauern fordern im Februar mehr Geld.", false),
            ("de", "Am Montag fordern Bauern mehr Geld.", false),
            ("de", "Der Hafen ist zu.", false),
            ("de", "Tauchen Sie ein in die Welt der Häfen.", false),
            ("de", "Kommt der Winter?", false),
            (
                "de",
                "Der Bürgermeister, der das Amt seit Mai innehat, tritt zurück.",
                false,
            ),
            ("de", "Herbert Muster mit dringendem Appell an alte Häfen.", true),
            ("de", "Nutzen Sie die Fähre.", false),
            (
                "en",
                "Significant harbour deals announced by Exampleton, Alderport, and Fairhaven Technologies.",
                true,
            ),
            (
                "en",
                "6 harbour lessons learned at the school of hard knocks.",
                true,
            ),
            ("en", "Follow these steps shared by the harbour.", false),
            ("en", "The harbour was closed in May.", false),
            ("en", "Two officers arrived at the harbour.", false),
            ("en", "The deals signed by the port bring work.", false),
            (
                "en",
                "After Ann Example, a pilot who was lost in the harbour.",
                true,
            ),
            ("en", "In a close second, where to store ropes.", true),
            ("en", "On Monday the port that was closed opened again.", false),
            ("en", "Winning trust and attention in a small harbour town.", true),
            ("en", "A word on the general subject of harbour life.", true),
            (
                "en",
                "Everything you need to know about boats, helping you choose.",
                true,
            ),
            ("en", "Everything you need to know is in the harbour.", false),
            ("en", "Harbours as a layer of trade.", true),
            ("en", "Lead a boat in this game.", false),
            ("en", "Der Hafen liegt am Meer.", false),
            ("en", "Winning readers is hard work.", false),
            ("en", "Winning readers takes time.", false),
            ("en", "Police warn of ice.", false),
            (
                "en",
                "A gunman shot the mayor of Alderport in front of the town hall on Monday.",
                false,
            ),
            (
                "en",
                "A ferry with 200 people on board sank in the harbour of Exampleton.",
                false,
            ),
            (
                "en",
                "A storm swept over the coast of Northland on Sunday.",
                false,
            ),
            ("en", "A court in Exampleton upheld the fine for the port.", false),
            ("en", "The last crew of the ferry fled to Alderport.", false),
            ("en", "A train struck a lorry at the edge of the town.", false),
            ("en", "The mayor of Exampleton quit on Monday.", false),
            ("en", "Protesters topple a statue of the admiral.", false),
            ("en", "A history of the harbour in rope.", true),
            ("fr", "Un regard sur le port.", false),
        ] {
            assert_eq!(
                is_verbless(line, language.parse().ok().as_ref()),
                is_phrase,
                "{line}"
            );
        }
        assert!(!is_verbless("Ein Blick.", None) && !is_verbless("", "de".parse().ok().as_ref()));
    }

    #[test]
    fn clauses_without_their_statement_are_told_from_sentences() {
        for (language, line, is) in [
            ("de", "Warum wir nur noch Holzboote kaufen sollten.", true),
            (
                "de",
                "Wie der Wind drehte, warum Ann Beispiel aufgab und wie oft es regnete.",
                true,
            ),
            ("de", "Wie man Boote baut, haben sich viele gefragt.", false),
            ("de", "Wer segelt, der weiß, wie der Wind dreht.", false),
            ("de", "Wie schön: Der Hafen ist offen.", false),
            ("de", "Der Hafen ist zu.", false),
            ("en", "Which led us to the quay.", true),
            ("en", "How to moor a boat in a storm.", true),
            ("en", "How the boat sank is a mystery.", false),
            ("fr", "Pourquoi le port ferme.", false),
        ] {
            assert_eq!(is_subordinate(line, language.parse().ok().as_ref()), is, "{line}");
        }
    }

    #[test]
    fn greetings_are_told_from_news() {
        for (line, is) in [
            ("Liebe Menschen am Hafen, wo auch immer Ihr lebt!", true),
            ("Sehr geehrte Damen und Herren!", true),
            ("Dear readers, our ferry sails again.", false),
            ("The ferry sails again!", false),
        ] {
            assert_eq!(is_greeting(line), is, "{line}");
        }
    }
}
