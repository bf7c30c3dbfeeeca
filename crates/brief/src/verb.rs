//! Whether a line states something: whether it has a finite verb, and one that does not belong to a clause which waits
//! for its statement.
//!
//! A judgement by what shows on the surface: auxiliaries, endings, and the words around them. It never says that a line
//! is no sentence for certain, so what shows no verb gives way to a line that shows one, and is not thrown away; only what
//! asks, or asks the reader to do something, states nothing for certain.

mod english;
mod german;
mod others;

use std::collections::HashSet;

use reveille_model::Language;

/// What of a verb shows in a line, the surest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verb {
    /// None of the statement's, since the line only asks, or asks the reader to do something without naming anybody.
    Asks,
    /// Nothing that could be one.
    None,
    /// A word that is a verb or a noun, or a participle; or what asks the reader to do something.
    Perhaps,
    /// A verb of the main clause; or a language of which nothing is known here.
    Main,
}

/// What of a verb shows in this line.
pub(crate) fn main_verb(line: &str, language: Option<&Language>) -> Verb {
    let words = words(line);
    match language.map(Language::as_str) {
        Some("en") => english::main_verb(&words),
        Some("de") if german::asks_only(line) => Verb::Asks,
        Some("de") => german::main_verb(&words),
        Some(code) => others::main_verb(&words, code),
        None => Verb::Main,
    }
}

/// How sure it is that a line states something: where little is known of its language, a long one does.
pub(crate) fn statement(line: &str, language: Option<&Language>) -> Verb {
    let known = language.is_some_and(|language| ["en", "de"].contains(&language.as_str()));
    let found = main_verb(line, language);
    let is_long = || line.split_whitespace().count() > TITLE_WORDS;
    if found == Verb::Perhaps && !known && is_long() {
        Verb::Main
    } else {
        found
    }
}

/// The longest line, in words, that may well be a title.
const TITLE_WORDS: usize = 12;

/// A word of a line.
struct Word<'a> {
    /// As written, without the marks around it.
    text: &'a str,
    /// In small letters, with a straight apostrophe and without soft hyphens.
    lower: String,
    /// Whether a comma, a bracket or another mark parts it from the next word.
    closes: bool,
}

impl Word<'_> {
    fn is_small(&self) -> bool {
        self.text.starts_with(char::is_lowercase)
    }

    fn is_capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

/// How many words of a line are judged: more than any sentence has that could be told, and few enough that looking around
/// each of them stays cheap in a line of any length.
const WORDS_MAX: usize = 150;

fn words(line: &str) -> Vec<Word<'_>> {
    let outside = |c: char| !c.is_alphanumeric();
    let dashes = ['—', '–', '…'];
    let parts = line.split_inclusive(|c: char| c.is_whitespace() || dashes.contains(&c));
    let mut words: Vec<Word<'_>> = Vec::new();
    for part in parts {
        if words.len() == WORDS_MAX {
            break;
        }
        let opening = part.trim_start_matches(outside);
        let text = opening.trim_end_matches(outside);
        let ends = |c: char| ",;:.!?)…".contains(c) || dashes.contains(&c);
        if text.is_empty() {
            // A mark by itself parts the words around it.
            if let Some(last) = words.last_mut() {
                last.closes |= part.contains(ends);
            }
            continue;
        }
        // "The port (EX) closed."
        if part.starts_with('(')
            && let Some(last) = words.last_mut()
        {
            last.closes = true;
        }
        words.push(Word {
            text,
            lower: text.to_lowercase().replace('’', "'").replace('\u{AD}', ""),
            closes: opening[text.len()..].contains(ends),
        });
    }
    words
}

/// A line of so many words without any of the commonest words of a language is in another one.
const FOREIGN_WORDS: usize = 6;

/// Words to be looked up.
pub(crate) type List = HashSet<&'static str>;

pub(crate) fn list(words: &'static str) -> List {
    words.split_ascii_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_what_only_looks_like_one() {
        let cases = [
            ("de", "Ein Blick in die letzten Tage der Hafenzeitung.", false),
            (
                "de",
                "Musterpokal vom 5. bis 11. Februar in der Halle am Hafen / Turnier mit 19 kleinen Vereinen.",
                false,
            ),
            ("de", "Bauern fordern im Februar mehr Geld.", true),
            ("de", "Am Montag fordern Bauern mehr Geld.", true),
            ("de", "Der Hafen ist zu.", true),
            ("de", "Tauchen Sie ein in die Welt der Häfen.", false),
            ("de", "Kommt der Winter?", true),
            (
                "de",
                "Der Bürgermeister, der das Amt seit Mai innehat, tritt zurück.",
                true,
            ),
            ("de", "Herbert Muster mit dringendem Appell an alte Häfen.", false),
            ("de", "Nutzen Sie die Fähre.", false),
            (
                "en",
                "Significant harbour deals announced by Exampleton, Alderport, and Fairhaven Technologies.",
                false,
            ),
            (
                "en",
                "6 harbour lessons learned at the school of hard knocks.",
                false,
            ),
            ("en", "Follow these steps shared by the harbour.", false),
            (
                "en",
                "Watch Ann Example's talk with the mayor on Tuesday at noon.",
                false,
            ),
            ("en", "The harbour was closed in May.", true),
            ("en", "Two officers arrived at the harbour.", true),
            ("en", "The deal signed by the port brings work to us.", true),
            (
                "en",
                "After Ann Example, a pilot who was lost in the harbour.",
                false,
            ),
            ("en", "In a close second, where to store ropes.", false),
            ("en", "On Monday the port that was closed opened again.", true),
            (
                "en",
                "Winning trust and attention in a small harbour town.",
                false,
            ),
            ("en", "A word on the general subject of harbour life.", false),
            (
                "en",
                "Everything you need to know about boats, helping you choose.",
                false,
            ),
            ("en", "Everything you need to know is in the harbour.", true),
            ("en", "Harbours as a layer of trade.", false),
            (
                "en",
                "Everything you need to know about boats (BT), helping you make the right choice of ropes.",
                false,
            ),
            (
                "en",
                "Thoughts on ropes from a pilot who never thought she would need any…until she did.",
                false,
            ),
            (
                "en",
                "A journal about growth, forging ideas and projects related to harbours, and some thoughts.",
                false,
            ),
            ("en", "The pilot said she would sail when she could.", true),
            (
                "en",
                "One of the easiest boats to moor, even if you forget to look.",
                false,
            ),
            ("en", "Lead a boat in this game.", false),
            ("en", "Der Hafen liegt am Meer.", true),
            ("en", "Winning readers is hard work.", true),
            ("en", "Winning readers takes time.", true),
            ("en", "Police warn of ice.", true),
            (
                "en",
                "A gunman shot the mayor of Alderport in front of the town hall on Monday.",
                true,
            ),
            (
                "en",
                "A ferry with 200 people on board sank in the harbour of Exampleton.",
                true,
            ),
            ("en", "A storm swept over the coast of Northland on Sunday.", true),
            ("en", "A court in Exampleton upheld the fine for the port.", true),
            ("en", "The last crew of the ferry fled to Alderport.", true),
            ("en", "A train struck a lorry at the edge of the town.", true),
            ("en", "The mayor of Exampleton quit on Monday.", true),
            ("en", "Protesters topple a statue of the admiral.", true),
            ("en", "A history of the harbour in rope.", false),
            ("fr", "Un regard sur le port.", false),
            ("de", "Warum wir nur noch Holzboote kaufen sollten.", false),
            (
                "de",
                "Wie der Wind drehte, warum Ann Beispiel aufgab und wie oft es regnete.",
                false,
            ),
            ("de", "Wie man Boote baut, haben sich viele gefragt.", true),
            ("de", "Wer segelt, der weiß, wie der Wind dreht.", true),
            ("de", "Wie schön: Der Hafen ist offen.", true),
            ("de", "Der Hafen ist zu.", true),
            ("en", "Which led us to the quay.", false),
            ("en", "How to moor a boat in a storm.", false),
            ("en", "How the boat sank is a mystery.", true),
            ("fr", "Pourquoi le port ferme.", true),
            ("en", "Learn the ropes in a day.", false),
            ("en", "Extracting lessons from the harbour.", false),
            ("en", "Whether you sail, row or swim in the harbour.", false),
            (
                "en",
                "Printable harbour checklist with rope tables and tide guide.",
                false,
            ),
            ("en", "The pilot who was lost in the storm.", false),
            ("en", "The pilot who was lost in the storm is alive.", true),
            (
                "en",
                "On Monday the guild, a club whose members pelted the port with ropes.",
                false,
            ),
            (
                "en",
                "The guild, a club whose members pelted the port with ropes, has closed it.",
                true,
            ),
            ("en", "Harbour dues, the port said, rise in May.", true),
            ("en", "A copy of each rope is kept, which helps the port.", true),
            ("en", "The ferry—an old one—began to lean.", true),
            ("en", "The port offers dedicated space to boats.", true),
            ("en", "Alderport signed a treaty with Fairhaven.", true),
            ("en", "This covers the whole of the harbour.", true),
            (
                "en",
                "How to moor a boat, why it drifts, and how to stop it from drifting.",
                false,
            ),
            ("en", "How the boat drifted, the port said, is not known.", true),
            (
                "de",
                "Leicht und schnell: Warum wir nur noch Holzboote kaufen sollten.",
                false,
            ),
            (
                "de",
                "Der Hafen fragt: Warum sinken die Boote, wenn es regnet?",
                true,
            ),
            (
                "de",
                "Wenn man so liest, was alles geschrieben wurde und wird.",
                false,
            ),
            ("en", "Read on to learn why ropes are rare.", false),
            ("en", "Keep reading to find out why ropes are rare.", false),
            ("en", "The most advanced harbour crane ever created.", false),
            (
                "en",
                "Oven-baked Exampleton Bread filled with ropes of cheese and herbs from the old harbour.",
                false,
            ),
            ("en", "Work on the quay begins on Monday.", true),
            ("de", "Lesen Sie weiter, um mehr über Boote zu erfahren.", false),
            (
                "de",
                "Auf dem Weg durch eine alte Stadt mit einer interessanten kulinarischen Zukunft.",
                false,
            ),
            ("de", "Die alten Boote kehrten im Mai in den Hafen zurück.", true),
            (
                "de",
                "Nun nicht im Hafen, sondern in der Halle abgestellt.",
                false,
            ),
            ("de", "Den Teig kneten und in den Ofen schieben.", false),
            ("de", "Das Boot, das sich in der Halle versteckt.", false),
            ("de", "Ein Boot, das nicht ruht, sondern im Hafen treibt.", false),
            ("de", "Das Tor des Hafens abgebaut am alten Kai.", false),
            ("de", "Das Boot, das sich in der Halle versteckt, ist alt.", true),
            ("de", "Wenn der Wind weht, bleibt der Hafen zu.", true),
            ("de", "Der Rat vergab den Auftrag nach Musterstadt.", true),
            ("de", "Der Hafen könne wieder öffnen, hieß es.", true),
            ("de", "Den Teig für die Boote glatt rühren.", false),
            (
                "de",
                "Die Boote keh\u{AD}ren im Mai zu\u{AD}rück in den Hafen.",
                true,
            ),
            ("de", "Wie immer kommt die Fähre am Montag.", true),
            (
                "de",
                "Im Hafen von Musterstadt brach am Montag ein Feuer aus.",
                true,
            ),
            (
                "de",
                "Der Sprecher wies die Vorwürfe der Opposition zurück.",
                true,
            ),
            ("de", "Der Minister bat um Geduld bei der Reform.", true),
            ("de", "Die Polizei griff in der Nacht zum Montag ein.", true),
            (
                "de",
                "Die Opposition übt Kritik an der Reform der Regierung.",
                true,
            ),
            ("de", "Der Verband rät von der Reise in den Norden ab.", true),
            ("de", "Zwei Wachen schossen auf das Boot im Hafen.", true),
            ("en", "Talks resume in Geneva on Monday.", true),
            (
                "en",
                "Flights resume at Alderport after the storm in the north.",
                true,
            ),
            ("en", "Shares plunge in Exampleton on Monday.", true),
            ("fr", "Le port sera fermé lundi.", true),
            ("es", "Una mirada al puerto.", false),
            ("es", "El puerto que cerró en mayo.", false),
            ("es", "El puerto que cerró en mayo abrió ayer.", true),
            ("pl", "Port będzie zamknięty w maju.", true),
            ("ru", "Порт закрыли в мае.", true),
            ("xx", "Ein Wort.", true),
        ];
        let judged = cases.map(|(language, line, is)| {
            let found = main_verb(line, language.parse().ok().as_ref());
            (line, found, (found == Verb::Main) == is)
        });
        let wrong: Vec<_> = judged.iter().filter(|(_, _, right)| !right).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(main_verb("Ein Blick.", None), Verb::Main);
        assert_eq!(main_verb("", "de".parse().ok().as_ref()), Verb::None);
    }

    #[test]
    fn an_adjective_before_its_noun_is_no_verb_and_a_line_is_judged_by_its_beginning() {
        let judged = |line: &str| main_verb(line, "de".parse().ok().as_ref());
        assert_eq!(judged("Mit alten, kleinen Booten in den Hafen."), Verb::None);
        assert_eq!(
            judged(&format!("Mit {}Booten in den Hafen.", "alten ".repeat(12))),
            Verb::None
        );
        let long = "alten ".repeat(WORDS_MAX);
        assert_eq!(
            judged(&format!("Der Hafen ist voll mit {long}Booten.")),
            Verb::Main
        );
    }

    #[test]
    fn what_only_asks_is_told_from_what_shows_no_verb() {
        for (language, line, found) in [
            (
                "en",
                "How to moor a boat, why it drifts, and how to stop it from drifting.",
                Verb::Asks,
            ),
            ("de", "Warum wir nur noch Holzboote kaufen sollten.", Verb::Asks),
            ("de", "Teig kneten und in den Ofen schieben.", Verb::Asks),
            (
                "de",
                "Zwei Fischer am Montag im Hafen von Musterstadt festgenommen.",
                Verb::None,
            ),
            ("en", "Government of Northland to resign on Monday.", Verb::None),
            (
                "en",
                "Winning trust and attention in a small harbour town.",
                Verb::None,
            ),
            ("en", "Fighting spreads in the south of Sudan.", Verb::Perhaps),
        ] {
            assert_eq!(main_verb(line, language.parse().ok().as_ref()), found, "{line}");
        }
    }

    #[test]
    fn a_long_line_of_a_language_that_is_hardly_known_states_something() {
        let french = "fr".parse().ok();
        assert_eq!(
            statement("Un regard sur le port.", french.as_ref()),
            Verb::Perhaps
        );
        let long = "Les pêcheurs du port accusent la ville de vendre le quai à une société de Fairhaven.";
        assert_eq!(statement(long, french.as_ref()), Verb::Main);
    }
}
