//! German, which writes its nouns with a capital, so that a small word with a verb's ending is one, unless it is an
//! adjective before a noun.

use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation;

use super::{FOREIGN_WORDS, List, Verb, Word, list, words};
use crate::word_list;

/// Words that are never a finite verb, nor part of one.
static FUNCTION: LazyLock<List> = LazyLock::new(|| {
    list(
        "der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines mein meine meinen dein \
         deine sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unseren unserer euer eure \
         dieser diese dieses diesen diesem jeder jede jedes jeden jedem alle allen aller viele vielen vieler einige einigen \
         mehrere mehreren beide beiden wenige wenigen und oder sowie sowohl als wie in im ins an am ans auf aus außer bei beim \
         bis durch für gegen gegenüber hinter mit nach neben ohne seit samt statt trotz über um unter von vom vor während wegen \
         zu zum zur zwischen ab je pro per via dank laut nicht nur noch auch so sehr mehr rund etwa fast bereits zwei drei vier \
         fünf sechs sieben acht neun zehn elf zwölf hundert tausend",
    )
});

/// Small words in -t or -en that are no verbs.
static OTHERS: LazyLock<List> = LazyLock::new(|| {
    list(
        "nicht mit seit statt samt glatt satt matt fast jetzt erst selbst oft dort weit leicht bekannt gesamt zuletzt direkt dank zunächst recht \
         laut gut sonst meist zumeist höchst derzeit weltweit bundesweit landesweit bereit damit somit anhand alt neu längst \
         insgesamt schlecht echt fest hart spät ganzheitlich vielleicht zuerst überhaupt soweit jederzeit seitdem mindestens \
         gegen neben wegen zwischen oben unten außen innen hinten vorn vorne morgen gestern daneben dagegen deswegen \
         gleichen verschiedenen anderen meisten ersten letzten eigenen unterschiedlichen denen sondern",
    )
});

/// What opens a clause that waits for its statement.
static SUBORDINATORS: LazyLock<List> =
    LazyLock::new(|| list("dass weil wenn ob obwohl nachdem bevor damit sobald solange sodass indem falls"));

/// What opens one behind a comma.
const RELATIVES: [&str; 16] = [
    "der", "die", "das", "den", "dem", "deren", "dessen", "welche", "welcher", "welches", "wo", "wie", "als",
    "was", "wer", "warum",
];

/// Verbs that no ending shows, and the commonest of all.
static FINITE: LazyLock<List> = LazyLock::new(|| {
    list(
        "ist sind war waren bin bist seid wird werden wurde wurden würde würden hat haben habe hatte hatten hätte hätten kann \
         können konnte konnten könnte könnten muss müssen musste mussten müsste soll sollen sollte sollten will wollen wollte \
         wollten darf dürfen durfte mag mögen möchte möchten gibt gab gaben ging gingen kam kamen stand standen lag lagen sah \
         sahen fand fanden nahm nahmen ließ ließen blieb blieben hielt hielten rief riefen schrieb schrieben sprach sprachen \
         starb starben trat traten zog zogen fiel fielen begann begannen gewann gewannen verlor verloren schloss schlossen \
         bot boten trug trugen sei seien wäre wären tun tut weiß wissen gäbe käme ließe geh lass lassen lag erhielt \
         bekam werde solle könne müsse dürfe wolle gebe stehe stelle komme gehe liege bleibe lasse mache brauche liebe fuhr \
         fuhren verlieh verliehen lief liefen wuchs gelang floh riet traf trafen half warf schlug stieg stiegen sank sanken rät übt lädt verließ empfahl entschied entstand erschien",
    )
});

pub(super) fn main_verb(words: &[Word<'_>]) -> Verb {
    let signs = [
        "der", "die", "das", "und", "in", "mit", "ein", "eine", "zu", "ist", "für", "ich", "von", "im", "den",
    ];
    let is_german = words.len() < FOREIGN_WORDS || words.iter().any(|word| signs.contains(&&*word.lower));
    let least = if is_german { Verb::None } else { Verb::Perhaps };
    match opening(words).unwrap_or_else(|| behind(words)).max(least) {
        Verb::None if is_instruction(words) => Verb::Asks,
        found => found,
    }
}

/// "Den Teig kneten und in den Ofen schieben.": nobody does it, and an infinitive ends it. Participles that look like one
/// ("in Musterstadt festgenommen") have "ge" or one of the prefixes that need none.
fn is_instruction(words: &[Word<'_>]) -> bool {
    const PREFIXES: [&str; 7] = ["ver", "be", "er", "ent", "zer", "emp", "miss"];
    let [.., before, last] = words else { return false };
    let lower = &*last.lower;
    let is_participle = lower.contains("ge") || PREFIXES.iter().any(|prefix| lower.starts_with(prefix));
    let is_infinitive = ["en", "ern", "eln"].iter().any(|ending| lower.ends_with(ending));
    let is_other = FUNCTION.contains(lower) || OTHERS.contains(lower);
    last.is_small() && is_infinitive && !is_participle && !is_other && before.lower != "zu"
}

/// What the first word says, where that is a verb: a request ("Tauchen Sie ein"), a question, or a sentence without its
/// subject ("Kompensiert bis zu 50 %").
fn opening(words: &[Word<'_>]) -> Option<Verb> {
    let (first, second) = (words.first()?, words.get(1)?);
    let ends = ["t", "en", "ern", "eln"]
        .iter()
        .any(|ending| first.lower.ends_with(ending));
    let may_be_verb = ends && !FUNCTION.contains(&*first.lower) && !OTHERS.contains(&*first.lower);
    let is_subject = [
        "ihr", "wir", "ich", "du", "er", "es", "man", "der", "die", "das", "ein", "eine",
    ];
    match &*second.lower {
        "sie" if may_be_verb && first.lower.ends_with('n') => Some(Verb::Perhaps),
        subject if may_be_verb && is_subject.contains(&subject) => Some(Verb::Main),
        _ if FINITE.contains(&*first.lower) => Some(Verb::Main),
        _ => None,
    }
}

/// Whether a verb of the statement stands behind the first word.
fn behind(words: &[Word<'_>]) -> Verb {
    let mut waits = words
        .first()
        .is_some_and(|first| SUBORDINATORS.contains(&*first.lower));
    for at in 1..words.len() {
        let word = &words[at];
        // "Der nicht ruht, sondern weht": the same clause goes on.
        if words[at - 1].closes && word.lower != "sondern" {
            let opens = SUBORDINATORS.contains(&*word.lower) || RELATIVES.contains(&&*word.lower);
            waits = word.is_small() && opens;
        }
        if !waits && is_finite(words, at) {
            return Verb::Main;
        }
    }
    Verb::None
}

fn is_finite(words: &[Word<'_>], at: usize) -> bool {
    let word = &words[at];
    let lower = &*word.lower;
    if lower == "ich" {
        return true;
    }
    if !word.is_small() {
        return false;
    }
    if FINITE.contains(lower) || is_strong_past(lower) {
        return true;
    }
    let is_plain = lower.chars().all(char::is_alphabetic);
    let is_other =
        !is_plain || FUNCTION.contains(lower) || OTHERS.contains(lower) || lower.chars().count() < 4;
    if is_other || words[at - 1].lower == "zu" || is_attributive(words, at) {
        return false;
    }
    let next = words.get(at + 1);
    let is_last = word.closes || next.is_none_or(|next| ["und", "oder"].contains(&&*next.lower));
    if lower.ends_with('t') {
        let is_short = ["eit", "icht", "haft", "ort", "isst"]
            .iter()
            .any(|ending| lower.ends_with(ending));
        return !(is_short && lower.len() < 6 || is_participle(lower) || may_be_participle(lower) && is_last);
    }
    // An infinitive stands at the end of its clause: "Den Teig kneten."
    let may_be_infinitive = ["en", "ern", "eln"].iter().any(|ending| lower.ends_with(ending));
    lower.ends_with("te") || may_be_infinitive && !is_last || lower.ends_with("ten") && word.closes
}

/// "Mit dringendem Appell", "einer alten, kleinen Stadt": an adjective, with others or by itself, between an article or a
/// preposition and its noun.
fn is_attributive(words: &[Word<'_>], at: usize) -> bool {
    let is_adjective = |word: &&Word<'_>| word.is_small() && is_declined(&word.lower);
    let noun = words[at..].iter().find(|word| !is_adjective(word));
    let is_noun =
        noun.is_some_and(|noun| noun.is_capital() && !["sie", "ihr", "ihnen"].contains(&&*noun.lower));
    let mut before = words[..at]
        .iter()
        .rev()
        .skip_while(|word| is_adjective(word) && !FUNCTION.contains(&*word.lower));
    let opens = before
        .next()
        .is_some_and(|before| FUNCTION.contains(&*before.lower) || before.text.starts_with(char::is_numeric));
    is_declined(&words[at].lower) && is_noun && opens
}

/// "Gebaut", which "gewinnt" looks like.
fn may_be_participle(lower: &str) -> bool {
    lower.len() > 5 && lower.starts_with("ge")
}

/// "Abgebaut": a statement would part the two.
fn is_participle(lower: &str) -> bool {
    const PREFIXES: [&str; 13] = [
        "ab", "an", "auf", "aus", "ein", "vor", "zu", "nach", "mit", "her", "hin", "weiter", "um",
    ];
    let rest = PREFIXES.iter().find_map(|prefix| lower.strip_prefix(*prefix));
    rest.is_some_and(|rest| rest.starts_with("ge"))
}

/// "Warum wir nur noch Holzboote kaufen sollten.", "Boote: Wie man sie baut.": a clause that asks, and more of the same kind,
/// without the statement that it belongs to. German ends such a clause with its verb, and the statement behind it would
/// begin with one.
pub(super) fn asks_only(line: &str) -> bool {
    fn opening(clause: &str) -> &str {
        clause.unicode_words().next().unwrap_or_default()
    }
    const ASKING: &str = "Warum Weshalb Wieso Wie Wo Woher Wohin Wann Welche Welcher Welches Welchen";
    const CLAUSES: &str = "warum weshalb wieso wie wo woher wohin wann was wer welche welcher welches welchen und oder ob \
        dass der die das den dem wenn weil";
    let (label, asked) = line.rsplit_once(": ").unwrap_or(("", line));
    let second = asked.unicode_words().nth(1).unwrap_or_default();
    // "Wie immer kommt der Zug": a comparison.
    let compares = asked.starts_with("Wie ")
        && [
            "immer", "bereits", "schon", "auch", "erwartet", "üblich", "jedes", "so",
        ]
        .contains(&second);
    let mut clauses = asked.split(", ").skip(1);
    word_list::holds(ASKING, opening(asked))
        && !compares
        && clauses.all(|clause| word_list::holds(CLAUSES, &opening(clause).to_lowercase()))
        && behind(&words(label)) == Verb::None
}

/// "Brach", "vergab", "übernahm": past forms that no ending shows, with or without a prefix.
fn is_strong_past(lower: &str) -> bool {
    const PREFIXES: [&str; 13] = [
        "", "ver", "be", "er", "ent", "über", "zer", "unter", "wider", "emp", "miss", "durch", "um",
    ];
    static STRONG: LazyLock<List> = LazyLock::new(|| {
        list(
            "gab kam ging stand nahm fand hielt schrieb schloss sprach zog trug fuhr lief ließ rief fiel schlug warf traf trat \
             trieb stieg wies wuchs bot sah las lag bat band sprang sank trank schied griff riss schnitt blieb hob sann gann \
             warb galt schien lor lud dachte brachte hing fing \
             brach schoss goss floss kroch schwor schwoll schmolz focht log bog sog wog mied pries rieb schrie schwieg glich \
             strich wich schlich litt pfiff ritt glitt stritt schritt wusch schuf lieh zwang rang klang schwand schwamm drang \
             half aß fraß maß genoss hieß stach starb",
        )
    });
    let stem = lower.strip_suffix("en").unwrap_or(lower);
    PREFIXES.iter().any(|prefix| {
        stem.strip_prefix(prefix)
            .is_some_and(|root| STRONG.contains(root))
    })
}

fn is_declined(word: &str) -> bool {
    ["e", "en", "er", "es", "em"]
        .iter()
        .any(|ending| word.ends_with(ending))
}
