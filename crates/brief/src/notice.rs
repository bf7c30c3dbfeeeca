//! What a page says about itself, and not about the world: editors' notes, disclosures, words on cookies and copyright.
//!
//! It errs towards keeping: a report about notices is news.

use unicode_segmentation::UnicodeSegmentation;

/// What a page says about itself: a label that opens it, or words that a report hardly has together.
pub(crate) fn is_notice(lower: &str) -> bool {
    is_labelled(lower)
        || points_to_more(lower)
        || OPENINGS.iter().any(|opening| lower.starts_with(opening))
        || NOTICES.iter().any(|notice| {
            notice
                .split(' ')
                .all(|word| word.split('|').any(|word| holds(lower, word)))
        })
}

/// Whether a word stands in a text by itself.
fn holds(lower: &str, word: &str) -> bool {
    let is_inner = |c: char| c.is_alphanumeric() || c == '\'';
    lower
        .match_indices(word)
        .any(|(at, word)| !lower[..at].ends_with(is_inner) && !lower[at + word.len()..].starts_with(is_inner))
}

/// Whether a label opens a text, with a mark or the line's end behind it: "Disclosure:", and not "Disclosures of tax
/// records".
fn is_labelled(lower: &str) -> bool {
    let ends = |rest: &str| {
        let mark = rest.trim_start_matches(' ');
        let is_line = mark.trim_end_matches(['.', ' ']).is_empty() || mark.starts_with('\n');
        is_line || mark.starts_with([':', '–', '—', '|']) || mark.starts_with("- ")
    };
    LABELS
        .iter()
        .filter_map(|label| lower.strip_prefix(label))
        .any(ends)
}

/// "For more information, visit …", and not "police appealed for more information".
fn points_to_more(lower: &str) -> bool {
    const ASKED: [&str; 11] = [
        "visit", "see", "contact", "click", "call", "email", "go", "read", "check", "follow", "please",
    ];
    let asks = |word: Option<&str>| word.is_some_and(|word| ASKED.contains(&word));
    // "For more on boats, see the list."
    if lower.starts_with("for more ")
        && lower
            .split(", ")
            .skip(1)
            .any(|clause| asks(clause.split(' ').next()))
    {
        return true;
    }
    let Some((before, behind)) = lower.split_once("for more information") else {
        return false;
    };
    let clause = before
        .split(". ")
        .flat_map(|sentence| sentence.split(", "))
        .last();
    asks(clause.and_then(|clause| clause.unicode_words().next()))
        || before.is_empty() && behind.unicode_words().any(|word| ASKED.contains(&word))
        || behind.starts_with(',') && asks(behind.unicode_words().next())
}

/// What opens a notice with nothing behind it that would part it from the rest, in lower case.
const OPENINGS: &[&str] = &[
    "please note",
    "note:",
    "hinweis:",
    "anmerkung:",
    "anzeige:",
    "werbung:",
    "nota:",
    "this article was",
    "this article is part of",
    "this story is part of",
    "this post is part of",
    "this story was",
    "this post was",
    "dieser artikel wurde",
    "dieser beitrag wurde",
    "dieser text wurde",
    "cet article a été",
    "este artículo fue publicado",
    "questo articolo è stato",
    "este artigo foi",
];

/// Labels of a notice, in lower case.
const LABELS: &[&str] = &[
    "editor's note",
    "editors' note",
    "author's note",
    "disclosure",
    "disclaimer",
    "advertisement",
    "sponsored",
    "sponsored content",
    "sponsored post",
    "affiliate disclosure",
    "affiliate disclaimer",
    "affiliate links",
    "photo credit",
    "image credit",
    "anmerkung der redaktion",
    "transparenzhinweis",
    "nota del editor",
    "nota da redação",
    "note de la rédaction",
    "nota della redazione",
    "publicidad",
    "pubblicità",
    "publicité",
];

/// Words of a notice that stand together in it; `|` parts those of which one will do.
const NOTICES: &[&str] = &[
    "commission we|us links|purchases|purchase|products",
    "affiliate links|link|commission|commissions",
    "provisionslinks|affiliate artikel|kauf|links",
    "this article|page|post|guide|piece based|adapted|excerpted|updated|translated|republished|reviewed|authored|written on|upon|by|from|regularly",
    "this article|page|post|story contains|contain|includes affiliate|spoilers|sponsored",
    "this most recent release|version|edition our",
    "government site|website|websites gov",
    "sensitive information share|enter only|official site|website|websites",
    "cookies website|site|seite agree|continuing|zustimmen|stimmst|stimmen|einverstanden",
    "opinions|views expressed own|solely|necessarily|commentary|column",
    "your|ihr|ihren|deinen|votre|su browser|navigateur|navegador javascript|supported|outdated|update|cookies|unterstützt|aktivieren",
    "images|photos|photo|image courtesy",
    "not constitute endorsement|advice|recommendation",
    "we test|tested|select|review everything|independently recommend",
    "javascript aktivieren|aktiviert|enable|enabled|activate|activer|activar|attivare|voraus",
    "this website|site under review|maintenance",
    "this post|article|page years|year|months old",
    "copyright unterliegen|kopiert|strafrechtliche|vervielfältigt|verboten",
    "copyright prohibited|reserved",
    "dieser|diesen artikel|beitrag|text zuerst|übersetzt|aktualisiert erschien|erschienen|von|aus|zuletzt|am",
    "sie|du|ihr finden|findest|findet|nachlesen|erfahren|erfahrt hier|unter|homepage|website|webseite",
    "este|esta artículo|nota publicado|publicada originalmente",
    "cet|cette article|tribune publié|publiée initialement|abord",
];
