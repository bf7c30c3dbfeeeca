//! What stands above or beneath a report on whoever wrote it.

use crate::word_list;

/// "Ann Example is an experienced journalist who covers harbours.": what stands beneath a report on whoever wrote it.
pub(crate) fn is_author_note(sentence: &str) -> bool {
    if tells_what_author_does(sentence) {
        return true;
    }
    const TRADES: &str = "journalist journalistin redakteur redakteurin autor autorin writer author co-author editor reporter \
        contributor contributors blogger columnist analyst freelancer professor fellow speechwriter commentator correspondent \
        strategist pundit host anchor expert consultant director attorney lawyer scholar researcher historian economist novelist \
        lecturer president chairman chairwoman founder co-founder ceo";
    let lower = sentence.to_lowercase();
    let found = [
        (" is a ", 10),
        (" is an ", 10),
        (" is the ", 10),
        (" ist ", 6),
        (" is ", 2),
    ]
    .iter();
    let Some(((name, rest), near)) = found
        .filter_map(|(is, near)| Some((lower.split_once(is)?, *near)))
        .next()
    else {
        return false;
    };
    // Whoever the news is about is seldom named without saying more before the verb, and never by trade alone; of an author
    // what they were may stand between commas: "Ann Example, a former pilot, is the host of a show".
    let bare = name
        .strip_suffix(',')
        .and_then(|set_off| set_off.split_once(", a "));
    let bare = bare.map_or(name, |(bare, _)| bare);
    let is_name = bare.split_whitespace().count() <= 3 || name.starts_with("geboren ");
    let is_trade = |word: &str| word_list::holds(TRADES, word.trim_matches(|c: char| !c.is_alphabetic()));
    let on_whom = [
        "who",
        "with a focus",
        "based in",
        "covering",
        " at ",
        " for ",
        " of ",
        " in ",
        " bei ",
        "seit ",
    ];
    // "Ann Example is the Quay Herald's harbour analyst"
    let first = rest.split(' ').next().unwrap_or_default();
    let near = if first.ends_with("'s") || first.ends_with("’s") {
        near + 3
    } else {
        near
    };
    let is_on_whom = on_whom.iter().any(|sign| rest.contains(sign));
    // "Ann Example is a harbour strategist."
    let is_all = rest.split(' ').next_back().is_some_and(is_trade) && {
        let mut names = sentence.split(' ').take(name.split(' ').count());
        names.all(|name| name.starts_with(char::is_uppercase))
    };
    is_name && rest.split_whitespace().take(near).any(is_trade) && (is_on_whom || is_all)
}

/// "Ann Example teaches knots at the school of Alderport.": a name, and what they do, and where.
fn tells_what_author_does(sentence: &str) -> bool {
    const DOES: [&str; 6] = ["teaches", "writes", "covers", "anchors", "edits", "blogs"];
    const WHERE: [&str; 5] = ["at", "for", "about", "on", "edition"];
    let words: Vec<&str> = sentence.split(' ').collect();
    // So many words from the beginning are a name.
    let are_name = |count: usize| {
        words[..count]
            .iter()
            .all(|word| word.starts_with(char::is_uppercase))
    };
    let served = sentence
        .find(" has served as ")
        .map(|at| sentence[..at].split(' ').count());
    let does = words.iter().take(5).position(|word| DOES.contains(word));
    served.is_some_and(|count| count <= 3 && are_name(count))
        || does
            .is_some_and(|at| at >= 2 && are_name(at) && words[at..].iter().any(|word| WHERE.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_on_the_author_are_told_from_news_of_an_author() {
        for (line, is) in [
            (
                "Ann is an experienced harbour journalist and author who has covered ports for years.",
                true,
            ),
            (
                "Bo Sample ist seit 2015 Redakteur bei der Hafenzeitung und Zeichner.",
                true,
            ),
            ("Geboren 1983, ist seit 2015 Autorin bei der Hafenzeitung.", true),
            ("Ann Example is a harbour pilot who turned to politics.", false),
            ("The best-known book of the year is a reporter's diary.", false),
            ("The port is a place for writers.", false),
            (
                "Ann Example is the author of “Ropes” and of a book on tides.",
                true,
            ),
            ("Ann Example is senior editor of the Quay Herald.", true),
            (
                "Ann Example is the Quay Herald's chief harbour analyst, a fellow of the port and a pilot in Alderport.",
                true,
            ),
            (
                "Bo A. Sample is a pilot and member of the Quay Herald board of contributors.",
                true,
            ),
            ("Ann Example is a harbour strategist.", true),
            (
                "Ann Example teaches knots and ropes at the school of Alderport.",
                true,
            ),
            ("The mayor teaches knots at the school of Alderport.", false),
            (
                "Ann Example has served as a pilot of the port and its crews.",
                true,
            ),
            (
                "The old rope has served as a bell of the port and its crews.",
                false,
            ),
            (
                "Ann B. Example is an expert on knots and the master of ropes at the Quay Herald.",
                true,
            ),
            (
                "Ann Example is president of Ropes for All, which plans new quays.",
                true,
            ),
            (
                "Ann Example, a former pilot, is the host of a show on tides.",
                true,
            ),
            (
                "Ann Example, the mayor of Alderport, is the host of the talks.",
                false,
            ),
            ("The suspect is a harbour strategist.", false),
            ("Ann Example is suing the author of a book on ropes.", false),
        ] {
            assert_eq!(is_author_note(line), is, "{line}");
        }
    }
}
