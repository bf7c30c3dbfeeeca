//! Sentences that do not stand alone: what points back at the sentence before, or joins it.

use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation;

use crate::{
    unresolved::is_unresolved,
    verb::{List, list},
    words::Dates,
};

/// Words that open a sentence which goes on from the one before, by standing for somebody named there or by joining it:
/// "He", "But", in the languages of most briefs.
static LEANING: LazyLock<List> = LazyLock::new(|| {
    list(
        "he she it they his her its their them that but and or so yet however instead both \
         moreover furthermore therefore thus hence nevertheless nonetheless otherwise additionally similarly likewise then also such yes \
         er sie das die sein seine seinen dann damit dabei dafür dazu daher darum deshalb deswegen somit doch aber und oder zudem \
         außerdem allerdings jedoch hingegen ebenso dennoch trotzdem denn stattdessen beide so gemeint seither seitdem danach daraufhin \
         il elle ils elles cela ça mais et ou donc alors aussi ainsi pourtant son sa ses leur \
         él ella ellos ellas pero y así también además entonces su sus \
         lui lei loro ma e così anche inoltre poi suo sua ele ela eles elas isso isto mas \
         também hij zij ze dat maar en ook toen dus ona ta te ale też jego jej он она оно они но и а также его \
         її він вона воно вони але та також його \
         ama ancak fakat ayrıca böylece onlar onun bu bunlar bunun şu لكن ولكن كما هو هي هم وهو وهي هذا هذه ذلك وهذا وذلك وقال وأضاف وتابع وأكد",
    )
});

/// The same in scripts that part no words.
const LEANING_DENSE: [&str; 24] = [
    "しかし",
    "一方",
    "また",
    "これ",
    "この",
    "その",
    "それ",
    "そこ",
    "だが",
    "ただ",
    "さらに",
    "そして",
    "同氏",
    "同社",
    "他",
    "她",
    "这",
    "那",
    "该",
    "但",
    "然而",
    "此外",
    "因此",
    "그러나",
];

/// Openings of more than one word that do the same.
const JOINING: &str = "in addition to|speaking of|well yes|if so|if not|if yes|if you do|if the answer|\
    with that|in it,|in that|for that|like that|after that|since then|despite that|\
    no wonder|kein wunder|kein problem|para isso|por isso|in other words|the two were|the two are|the two had|the two have|the latter|this time|at that time|at the time|of course|on the other hand|\
    now,|next,|still,|after all|back then|in fact,|indeed,|even so|that said|rather,|besides,|again,|sure,|look,|remember,|in short,|of those|first of all|first,|accordingly,|not|in doing so|perhaps because|broadly speaking|in particular|sadly,|\
    what a|even more|many are|many were|many have|some are|some were|some have|most are|most were|most have|several are|several have|\
    lo hizo|lo dijo|według nich|według niego|według niej|all das|all dies|genau das|sin embargo|no obstante|por eso|por ello|en cambio";

/// Openings that do so even where nothing stands before them, since that was lost.
const FOLLOWING: &str = "we begin today|at the same time,|in the meantime|first the|obviously,|clearly,|by contrast|in contrast|first was|first is|next was|then there|in response,|in response to that|in turn,|in addition,|as a result,|for example|for instance|\
    in a similar|in a separate|a short time later|moments later|hours later|nonetheless|nevertheless|moreover|furthermore|\
    likewise|right,|maybe not|not so fast|for all that|second,|third,|similarly,|meanwhile,|zum beispiel|par exemple|por ejemplo";

/// Words that point at something named before, where they stand near the beginning: "The answer to this riddle".
static POINTING: LazyLock<List> = LazyLock::new(|| {
    list(
        "this these those dies diese diesem diesen dieser dieses jene jener solche solchen solcher ce cet cette \
         above ces este esta esto estos estas ese esa eso esos esas questo questa questi queste esse essa esses essas deze dit этот эта это эти \
         этого этой этом этих це цей ця ці цього цієї",
    )
});

/// Times to which such a word may point without leaning on anything: "this week".
pub(crate) static TIMES: LazyLock<List> = LazyLock::new(|| {
    list(
        "year week month day morning afternoon evening night weekend summer winter spring autumn season fall past coming time jahr jahres \
         woche monat tag tage tagen morgen abend nacht wochenende sommer winter frühling frühjahr herbst saison zeit année an semaine mois \
         matin soir nuit été hiver printemps automne saison año mes semana mañana tarde noche día verano invierno temporada anno mese \
         settimana mattina sera notte estate inverno ano mês manhã noite jaar maand zomer год году неделе месяц месяце року тижня місяця",
    )
});

/// What a page calls itself.
pub(crate) static PAGES: LazyLock<List> = LazyLock::new(|| {
    list(
        "article news post guide list page blog video story piece tutorial review course report episode series \
         artikel beitrag text ratgeber leitfaden liste seite artículo guía articolo guida artigo guia",
    )
});

/// Whether a sentence opens with one of these words.
pub(crate) fn opens_with(sentence: &str, words: &List) -> bool {
    let opening = sentence.unicode_words().next().unwrap_or_default().to_lowercase();
    // "That's"; but "it's" points at nothing in "It's important that".
    let bare = opening.split(['\'', '’']).next().unwrap_or(&opening);
    let is_expletive = bare == "it" && bare != opening && announces(sentence);
    words.contains(bare) && !is_expletive
}

/// Whether an English sentence that opens with "it" goes on to say what that is: "It's time to go", "It's clear that".
fn announces(sentence: &str) -> bool {
    const ANNOUNCED: [&str; 12] = [
        " that ",
        " to ",
        " when ",
        " who ",
        " how ",
        " why ",
        " whether ",
        " if ",
        " for ",
        "raining",
        "snowing",
        "ing ",
    ];
    let opening: Vec<&str> = sentence.split(' ').take(ANNOUNCED_NEAR).collect();
    let opening = format!("{} ", opening.join(" "));
    ANNOUNCED.iter().any(|word| opening.contains(word))
}

/// Among how many words from its beginning a sentence begins to say what "it" is.
const ANNOUNCED_NEAR: usize = 8;

/// How many words from its beginning a sentence would point back.
pub(crate) const NEAR: usize = 4;

/// Whether a sentence goes on from the one before it.
pub(crate) fn leans(sentence: &str) -> bool {
    let mut words = sentence.unicode_words();
    let (first, next) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    // "Die Feuerwehr": an article before its noun. Nobody is pointed at.
    let is_article = ["Die", "Das"].contains(&first) && next.starts_with(char::is_uppercase);
    let behind = sentence
        .strip_prefix(first)
        .and_then(|rest| rest.strip_prefix(", "));
    opens_with(sentence, &LEANING) && !is_article
        || LEANING_DENSE.iter().any(|opening| sentence.starts_with(opening))
        || behind.is_some_and(|rest| opens_with(rest, &LEANING))
        || opens_with_one_of(sentence, JOINING)
        || names_nobody(sentence)
        || points_back(sentence)
        || is_unresolved(sentence)
        || ends_in_adding(sentence)
}

/// Whether somebody adds what a sentence says, or it adds something itself: "…, the mayor added.", not "Two more will be added.";
/// "They need new ropes as well."
fn ends_in_adding(sentence: &str) -> bool {
    if sentence.ends_with(" as well.") || sentence.ends_with(" too.") {
        return true;
    }
    let before = sentence.strip_suffix(" added.");
    let last = before.and_then(|before| before.unicode_words().next_back());
    last.is_some_and(|last| !["be", "been", "being", "is", "are", "was", "were"].contains(&last))
}

/// Whether whoever a sentence is about stands at its beginning, or behind the time or the place there, by a pronoun alone:
/// "They left the port.", "On Monday, he left the port."
pub(crate) fn names_nobody(sentence: &str) -> bool {
    static PERSONS: LazyLock<List> = LazyLock::new(|| {
        list(
            "he she they his her their them both that er seine seinen seiner ihre ihren ihrer beide ils elle elles ella ellos ellas",
        )
    });
    let bare = [
        "This is ",
        "This was ",
        "This has ",
        "These are ",
        "These were ",
        "That is ",
        "That was ",
    ];
    let nobody = |clause: &str| opens_with(clause, &PERSONS) || is_bare_it(clause);
    nobody(sentence)
        || behind_setting(sentence).is_some_and(nobody)
        || bare.iter().any(|pointing| sentence.starts_with(pointing))
}

/// Whether a clause opens with an "it" of which it does not say what it is.
fn is_bare_it(clause: &str) -> bool {
    let first = clause.unicode_words().next().unwrap_or_default().to_lowercase();
    let is_it = ["it", "it's", "it’s"].contains(&&*first);
    is_it && !announces(clause)
}

/// What stands behind the time or the place with which a sentence opens: behind its comma, or from a pronoun on.
fn behind_setting(sentence: &str) -> Option<&str> {
    const SETTING: [&str; 13] = [
        "to", "on", "in", "at", "last", "after", "earlier", "later", "right", "by", "since", "for", "until",
    ];
    let (first, rest) = sentence.split_once(' ')?;
    // "Counting nine boats, they".
    let is_participle = first.len() > 5 && first.ends_with("ing");
    if !is_participle && !SETTING.contains(&&*first.to_lowercase()) {
        return None;
    }
    let ends = |word: &&str| word.ends_with(',') || ["it", "he", "she", "they"].contains(word);
    let end = rest.split(' ').take(NEAR - 1).find(ends)?;
    let behind = &rest[end.as_ptr().addr() - rest.as_ptr().addr()..];
    Some(
        behind
            .strip_prefix(end)
            .filter(|_| end.ends_with(','))
            .map_or(behind, str::trim_start),
    )
}

/// Whether a sentence opens with one of these, which `|` parts.
fn opens_with_one_of(sentence: &str, openings: &str) -> bool {
    let opening: String = sentence.chars().take(24).flat_map(char::to_lowercase).collect();
    let opening = opening.replace('’', "'");
    let follows = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    openings
        .split('|')
        .any(|joining| opening.strip_prefix(joining).is_some_and(follows))
}

/// Whether a sentence points near its beginning at what was named before, and neither at a time nor at the page itself.
pub(crate) fn points_back(sentence: &str) -> bool {
    let near: Vec<String> = sentence
        .unicode_words()
        .take(NEAR + 1)
        .map(str::to_lowercase)
        .collect();
    let is_known = |word: &String| TIMES.contains(&**word) || PAGES.contains(&**word) || Dates::name(word);
    let points = |(at, word): (usize, &String)| {
        let is_object = word == "them" && at < 3;
        is_object || POINTING.contains(&**word) && !near.get(at + 1).is_some_and(is_known)
    };
    near.iter().take(NEAR).enumerate().any(points)
}

/// Whether a sentence goes on from another wherever it stands: "And sends them to me.", "The port is lost, he said."
pub(crate) fn joins(sentence: &str) -> bool {
    static WORDS: LazyLock<List> = LazyLock::new(|| list("and but or yet und aber oder et mais ou y e pero"));
    let said = [", ", ",” ", ",\" "]
        .iter()
        .find_map(|mark| Some(sentence.rsplit_once(mark)?.1));
    // Whose word it is, where that is said of nobody by name: "he said.", "she testified."
    let is_anybodys = said
        .and_then(|said| said.split_once(' '))
        .is_some_and(|(who, verb)| {
            ["he", "she", "they"].contains(&who) && verb.ends_with('.') && !verb.contains(' ')
        });
    opens_with(sentence, &WORDS)
        || opens_with_one_of(sentence, FOLLOWING)
        || is_anybodys
        || turns(sentence)
        || counts_on(sentence)
}

/// Whether a sentence gives the next of several things: "The second reason is the sea."
fn counts_on(sentence: &str) -> bool {
    const ORDINALS: [&str; 7] = ["second", "third", "fourth", "fifth", "final", "other", "next"];
    const COUNTED: [&str; 16] = [
        "theme",
        "reason",
        "problem",
        "point",
        "factor",
        "step",
        "way",
        "lesson",
        "question",
        "issue",
        "theory",
        "argument",
        "possibility",
        "option",
        "scenario",
        "thing",
    ];
    let mut words = sentence.unicode_words();
    words.next() == Some("The")
        && words.next().is_some_and(|word| ORDINALS.contains(&word))
        && words.next().is_some_and(|word| COUNTED.contains(&word))
}

/// Whether "however" or its like stands between commas near the beginning, or whose word it is, said of nobody by name:
/// "The mayor, however, refused.", "Any strike, it says, comes too late."
fn turns(sentence: &str) -> bool {
    const TURNS: [&str; 7] = [
        "however",
        "though",
        "meanwhile",
        "for example",
        "for instance",
        "in turn",
        "by contrast",
    ];
    let is_anybodys = |clause: &str| {
        let speaker = clause.split_once(' ').filter(|(_, verb)| !verb.contains(' '));
        speaker.is_some_and(|(who, verb)| {
            ["he", "she", "it", "they"].contains(&who)
                && ["says", "said", "say", "added", "adds", "wrote"].contains(&verb)
        })
    };
    let clauses = sentence.split(", ").skip(1).take(2).map(str::to_lowercase);
    clauses
        .into_iter()
        .any(|clause| TURNS.contains(&&*clause) || is_anybodys(&clause))
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
            ("Even more (83%) want the port closed.", true),
            ("Many are old.", true),
            ("The port needs a new rope as well.", true),
            ("Counting nine boats, they left the port.", true),
            ("To save time, they left the port.", true),
            ("To save time, the crews left the port.", false),
            ("Counting nine boats, the crews left the port.", false),
            ("It’s time to close the port.", false),
            ("It’s more than a rope.", true),
            ("In the harbour, it is quiet again.", true),
            ("In Alderport it seems quiet again.", true),
            ("In Alderport it is time to sail.", false),
            ("In the harbour, it is time to sail.", false),
            ("This guide covers ropes.", false),
            ("This winter was mild.", false),
            ("Sein Boot liegt diesen Montag im Hafen.", true),
            ("Am Hafen ist diesen Montag Markt.", false),
            ("Die Lösung für diese Frage liegt im Tau.", true),
            ("If so, the port is open.", true),
            ("Speaking of tides, the port has a problem.", true),
            ("“The port is lost,” Ann Example added.", true),
            ("Two boats will be added.", false),
            ("The two were lost in the harbour.", true),
            ("The two boats were lost in the harbour.", false),
            ("The above picture is of the harbour.", true),
            ("On Monday, he left the port.", true),
            ("On Monday, the mayor left the port.", false),
            ("Ann Example, her friends say, left the port.", false),
            ("Sin embargo, el puerto cerró.", true),
            ("The port said that it had closed.", false),
            ("Now, the port is open.", true),
            ("これは港の話だ。", true),
            ("The port closed its gates.", false),
            ("", false),
        ] {
            assert_eq!(leans(sentence), is, "{sentence}");
        }
        for (sentence, is) in [
            ("And it closed.", true),
            ("Nonetheless, the port closed.", true),
            ("In response, the port closed.", true),
            ("The second reason is the sea.", true),
            ("The second boat is lost.", false),
            ("In the meantime, the port closed.", true),
            ("At the same time, the port closed.", true),
            ("At the same time as the quay, the port closed.", false),
            ("By contrast, the port closed.", true),
            ("Any storm, it says, comes too late.", true),
            ("Any storm, the port says, comes too late.", false),
            ("The response of the port was to close.", false),
            ("The port is lost, he said.", true),
            ("“The port is lost,” she says.", true),
            ("The port is lost, Ann Example said.", false),
        ] {
            assert_eq!(joins(sentence), is, "{sentence}");
        }
    }
}
