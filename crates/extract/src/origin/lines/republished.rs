//! "Originally published by Example Times", "View original post here:" and their like.

use reveille_model::{CanonicalUrl, EvidenceMark, OriginClass};

use crate::{
    origin::{Finding, agencies},
    text::{self, AnyOf},
};

/// Phrases after which the original outlet is named, in lower case.
const REPUBLISHED: &[&str] = &[
    "originally published by",
    "originally published on",
    "originally published in",
    "originally published at",
    "originally appeared on",
    "originally appeared in",
    "originally appeared at",
    "originally reported by",
    "originally posted on",
    "originally posted at",
    "originally posted by",
    "first posted on",
    "first posted at",
    "first posted by",
    "first published by",
    "first published on",
    "first published in",
    "first published at",
    "first appeared on",
    "first appeared in",
    "first appeared at",
    "appeared first on",
    "republished from",
    "republished with permission from",
    "republished with permission of",
    "republished with the permission of",
    "reprinted from",
    "reprinted with permission from",
    "reprinted with permission of",
    "reprinted with the permission of",
    "used with the permission of",
    "used with permission from",
    "syndicated from",
    "this story was produced by",
    "zuerst erschienen in",
    "zuerst erschienen bei",
    "zuerst erschienen auf",
    "dieser artikel erschien zuerst bei",
    "dieser text erschien zuerst bei",
    "read the full article at",
    "read the full story at",
    "verscheen eerder in",
    "verscheen eerder op",
    "verscheen eerder bij",
    "pubblicato originariamente su",
    "pubblicato originariamente da",
    "publicado originalmente en",
    "publicado originalmente em",
    "publicado originalmente por",
    "publié à l'origine par",
    "publié à l’origine par",
    "initialement publié sur",
];

/// Lines that link the original without naming it first.
const ORIGINAL_LINK: &[&str] = &[
    "view original post",
    "view original article",
    "view original story",
    "view the original",
    "read the original",
    "read original",
    "see the original",
    "see original",
    "original source",
    "originally posted here",
    "view original source",
    "read the original post",
    "read original post",
    "original post",
    "original article",
    "zum originalartikel",
    "ver artículo original",
    "voir l'article original",
];

/// Months as dates after "first published in" have them.
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "januar",
    "februar",
    "märz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
];

/// Whether the original is linked on the line below: "View original post here:".
pub(crate) fn points_below(line: &str) -> bool {
    let begins = |lower: &str| ORIGINAL_LINK.iter().any(|phrase| lower.starts_with(phrase));
    line.len() < 60 && line.ends_with(':') && begins(&line.to_lowercase())
}

/// Adds whom a line says to have published the article first. False where it says nothing of that.
pub(super) fn read(
    line: &str,
    lower: &str,
    link: impl FnOnce() -> Option<CanonicalUrl>,
    title: &str,
    findings: &mut Vec<Finding>,
) -> bool {
    let short = line.len() < 400;
    static PHRASES: AnyOf = AnyOf::of(REPUBLISHED);
    static LINKS: AnyOf = AnyOf::of(ORIGINAL_LINK);
    let after = |phrase: &&str| lower.find(phrase).map(|at| at + phrase.len());
    let named = if short && PHRASES.stands_in(lower) {
        REPUBLISHED.iter().find_map(after)
    } else {
        None
    };
    let linked = short
        && LINKS.stands_in(lower)
        && ORIGINAL_LINK
            .iter()
            .any(|phrase| lower.starts_with(phrase) || lower.contains(&format!(" {phrase} ")));
    if named.is_none() && !linked {
        return false;
    }
    let link = link();
    let name = named
        .map(|at| outlet(&line[at..]))
        .filter(|name| !name.is_empty());
    let name = name
        .or_else(|| after_headline(line, title).map(str::to_owned))
        .or_else(|| link.as_ref().map(|url| url.site().to_owned()));
    let Some(name) = name else { return true };
    let agency =
        agencies::by_name(&name).or_else(|| link.as_ref().and_then(|url| agencies::by_site(url.site())));
    findings.push(Finding {
        name: agency.map_or(name, |agency| agency.name.to_owned()),
        class: OriginClass::Republished,
        mark: EvidenceMark::Republished,
        text: line.to_owned(),
        url: link,
    });
    true
}

/// What parts a headline from an outlet's name.
pub(crate) const SEPARATORS: [&str; 4] = [" – ", " — ", " - ", " | "];

/// The outlet that a line names after repeating the headline: "Harbour reopens – Example Times".
fn after_headline<'l>(line: &'l str, title: &str) -> Option<&'l str> {
    let (at, length) = SEPARATORS
        .iter()
        .filter_map(|separator| line.rfind(separator).map(|at| (at, separator.len())))
        .max()?;
    let (head, name) = (text::key(&line[..at]), line[at + length..].trim());
    let title = text::key(title);
    // The page may have the outlet's name in its own headline, and its own name behind that.
    let bare = title
        .rfind(&text::key(name))
        .map_or("", |at| title[..at].trim_end());
    let repeats = [title.as_str(), bare]
        .iter()
        .any(|title| !title.is_empty() && head.ends_with(title));
    (repeats && looks_like_an_outlet(name)).then_some(name)
}

/// Whether what follows a headline can be an outlet's name: a few words, all with capitals.
fn looks_like_an_outlet(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    (1..=5).contains(&words.len())
        && words.iter().all(|word| {
            word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                || matches!(*word, "of" | "the" | "and" | "&")
                || (words.len() == 1 && word.contains('.'))
        })
}

/// The outlet named right after a phrase: up to the end of the clause.
pub(super) fn outlet(rest: &str) -> String {
    let rest = rest.trim_start_matches([' ', ':', '“', '"']);
    let lower = rest.to_lowercase();
    let stops = [
        ". ",
        ", ",
        " on ",
        " under ",
        " and is ",
        " and was ",
        " as part ",
        " with ",
        " (",
        " — ",
        " – ",
        ";",
        " in partnership",
        " at http",
        " here",
        " am ",
        " el ",
    ];
    let end = stops
        .iter()
        .filter_map(|stop| lower.find(stop))
        .min()
        .unwrap_or(rest.len());
    let name = rest
        .get(..end)
        .unwrap_or(rest)
        .trim_end_matches(['.', ' ', '”', '"', ':']);
    let capital = name
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit() || !c.is_ascii());
    let is_host = name.contains('.') && !name.contains(' ');
    // "First published in March 2022" tells when.
    let first = name.split(' ').next().unwrap_or_default();
    let is_date =
        first.chars().all(|c| c.is_ascii_digit()) || MONTHS.contains(&first.to_lowercase().as_str());
    if (capital || is_host) && !is_date && name.len() <= 60 {
        name.to_owned()
    } else {
        String::new()
    }
}
