//! Lines of an article that say who wrote it: credits, notes of republication, mentions.

use std::sync::LazyLock;

use memchr::memmem;
use reveille_model::{CanonicalUrl, EvidenceMark, OriginClass};

use crate::{
    origin::{Finding, Line, agencies, wires},
    text,
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
    "syndicated from",
    "this story was produced by",
    "zuerst erschienen in",
    "zuerst erschienen bei",
    "zuerst erschienen auf",
    "dieser artikel erschien zuerst bei",
    "dieser text erschien zuerst bei",
    "publicado originalmente en",
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
    "read the full article at",
    "read the full story at",
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

/// Verbs after which an agency that was spoken to is named.
const SPOKEN_TO: &[&str] = &[
    "told",
    "spoke to",
    "spoke with",
    "speaking to",
    "said to",
    "seen by",
    "obtained by",
    "interview with",
    "sagte der",
    "sagte",
    "a déclaré à l'",
    "a déclaré à",
];

/// Whether a line may say anything here: a cheap test before the search.
pub(crate) fn may_tell(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "riginal",
        "irst published",
        "irst appeared",
        "epublished",
        "eprinted",
        "yndicated",
        "ontributed to",
        "Copyright",
        "copyright",
        "©",
        "eporting by",
        "diting by",
        "assistance from",
        "Source:",
        "Quelle:",
        "dpa-infocom",
        "dpa:",
        "States Newsroom",
        "erschien",
        "appeared first",
        "told ",
        "spoke to",
        "spoke with",
        "Associated Press",
        "produced by",
        "riginalmente",
        "nitialement",
        "sagte",
    ];
    // Prepared once: a page has a hundred lines.
    static FINDERS: LazyLock<Vec<memmem::Finder<'static>>> =
        LazyLock::new(|| WORDS.iter().map(memmem::Finder::new).collect());
    FINDERS
        .iter()
        .any(|finder| finder.find(line.as_bytes()).is_some())
        || agency_alone(line).is_some()
}

/// Whether the original is linked on the line below: "View original post here:".
pub(crate) fn points_below(line: &str) -> bool {
    let lower = line.to_lowercase();
    line.len() < 60 && line.ends_with(':') && ORIGINAL_LINK.iter().any(|phrase| lower.starts_with(phrase))
}

/// The agency whose name is all of a line, but for its mark in brackets.
fn agency_alone(line: &str) -> Option<&str> {
    if line.len() > 80 {
        return None;
    }
    let name = match line
        .trim()
        .strip_suffix(')')
        .and_then(|line| line.rsplit_once(" ("))
    {
        Some((name, mark)) if wires::is_mark(mark) => name,
        _ => line,
    };
    wires::named(name, false)
}

/// What a line is read with.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The address of the page, where there is one.
    pub(crate) url: Option<&'a CanonicalUrl>,
    /// The headline.
    pub(crate) title: &'a str,
}

/// Adds what a line says to `findings`.
pub(crate) fn read(line: &Line, context: Context<'_>, findings: &mut Vec<Finding>) {
    let lower = line.text.to_lowercase();
    // Offsets in `lower` serve for the line only where lower-casing kept its length.
    if lower.len() != line.text.len() {
        return;
    }
    let link = line.link.as_deref().and_then(|address| match context.url {
        Some(page) => page.join(address).ok().filter(|url| url.site() != page.site()),
        None => address.parse().ok(),
    });
    if republished(&line.text, &lower, link, context.title, findings)
        || contributed(&line.text, &lower, findings)
        || footer(&line.text, &lower, findings)
    {
        return;
    }
    mention(&line.text, &lower, findings);
}

fn republished(
    line: &str,
    lower: &str,
    link: Option<CanonicalUrl>,
    title: &str,
    findings: &mut Vec<Finding>,
) -> bool {
    let short = line.len() < 400;
    let named = REPUBLISHED
        .iter()
        .find_map(|phrase| lower.find(phrase).map(|at| at + phrase.len()))
        .filter(|_| short);
    let linked = short
        && ORIGINAL_LINK
            .iter()
            .any(|phrase| lower.starts_with(phrase) || lower.contains(&format!(" {phrase} ")));
    if named.is_none() && !linked {
        return false;
    }
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
pub(crate) fn after_headline<'l>(line: &'l str, title: &str) -> Option<&'l str> {
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
pub(crate) fn looks_like_an_outlet(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    (1..=5).contains(&words.len())
        && words.iter().all(|word| {
            word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                || matches!(*word, "of" | "the" | "and" | "&")
                || (words.len() == 1 && word.contains('.'))
        })
}

/// The outlet named right after a phrase: up to the end of the clause.
pub(crate) fn outlet(rest: &str) -> String {
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

fn contributed(line: &str, lower: &str, findings: &mut Vec<Finding>) -> bool {
    let contribution = [
        "contributed to this",
        "contributed reporting",
        "with reporting by",
        "with assistance from",
        "some information for this report",
        "mit material von",
        "mit agenturmaterial",
        "material from",
        "information from",
    ]
    .iter()
    .any(|phrase| lower.contains(phrase));
    if !contribution || line.len() > 400 {
        return false;
    }
    for name in named_in(lower)
        .map(|agency| agency.name)
        .chain(unlisted(line, true))
    {
        findings.push(Finding {
            name: name.to_owned(),
            class: OriginClass::Contributed,
            mark: EvidenceMark::Contribution,
            text: line.to_owned(),
            url: None,
        });
    }
    true
}

/// Credit lines at the foot that only the producing agency writes.
fn footer(line: &str, lower: &str, findings: &mut Vec<Finding>) -> bool {
    if line.len() > 500 {
        return false;
    }
    let reuters = lower.contains("reporting by ") && lower.contains("editing by ");
    let credit = rights_holder(line);
    let source = [
        "source:", "quelle:", "source :", "fuente:", "fonte:", "bron:", "kilde:", "källa:",
    ]
    .iter()
    .find_map(|word| lower.strip_prefix(word).map(|_| &line[word.len()..]));
    let listed = |agency: &agencies::Agency| agency.name;
    let named = if reuters {
        Some("Reuters")
    } else if lower.starts_with("dpa:") || lower.contains("dpa-infocom") {
        Some("dpa")
    } else if let Some(name) = source.filter(|_| line.len() < 60) {
        let name = name.trim().trim_end_matches('.');
        agencies::by_mark(name)
            .map(listed)
            .or_else(|| wires::named(name, true))
    } else if let Some(holder) = credit {
        // Papers are published by presses too; only agencies forbid to redistribute.
        let rights = lower.contains("redistributed") || lower.contains("rewritten");
        let first = |name: &&str| holder.starts_with(*name);
        opening_agency(holder)
            .or_else(|| unlisted(holder, rights).next().filter(first))
            .or_else(|| {
                lower
                    .contains("distributed by")
                    .then(|| named_in(lower).next().map(listed))
                    .flatten()
            })
    } else {
        agency_alone(line)
    };
    if let Some(name) = named {
        findings.push(Finding {
            name: name.to_owned(),
            class: OriginClass::Original,
            mark: EvidenceMark::Footer,
            text: line.to_owned(),
            url: None,
        });
    }
    named.is_some()
}

/// What stands behind "Copyright 2026" or "©" at the start of a line. Credits of pictures name a photographer beside
/// the agency, or stand at a caption's end, and say nothing of the text.
fn rights_holder(line: &str) -> Option<&str> {
    const OF_PICTURES: &[&str] = &["/", "|", "Foto", "Photo", "Bild", "Image", "Getty", "alliance"];
    let mut rest = line.trim_start_matches('(');
    let mut marked = false;
    loop {
        let before = rest;
        for mark in [
            "Copyright",
            "COPYRIGHT",
            "copyright",
            "©",
            "(c)",
            "(C)",
            "c)",
            "C)",
            "by ",
            "The ",
            "the ",
        ] {
            rest = rest
                .trim_start_matches([' ', ',', ':'])
                .strip_prefix(mark)
                .unwrap_or(rest);
        }
        marked |= rest.len() < before.len();
        rest = rest.trim_start_matches(|c: char| marked && (c.is_ascii_digit() || " ,-–".contains(c)));
        if rest.len() == before.len() {
            break;
        }
    }
    let head = text::excerpt(rest, 60);
    (marked && !OF_PICTURES.iter().any(|mark| head.contains(mark))).then_some(rest)
}

/// The agency of the table with whose name a text begins.
fn opening_agency(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    agencies::AGENCIES
        .iter()
        .find(|agency| agency.names.iter().any(|name| starts_with_word(&lower, name)))
        .map(|agency| agency.name)
}

/// The agencies that a line names and that stand in no table.
fn unlisted(line: &str, press: bool) -> impl Iterator<Item = &str> {
    wires::find(line, press)
        .into_iter()
        .filter(|name| agencies::by_name(name).is_none())
}

/// "spoke to The Associated Press on condition of anonymity": whoever writes so is probably of that agency.
fn mention(line: &str, lower: &str, findings: &mut Vec<Finding>) {
    for verb in SPOKEN_TO {
        for (at, _) in lower.match_indices(verb) {
            let rest = lower[at + verb.len()..].trim_start();
            let rest = rest.strip_prefix("the ").unwrap_or(rest);
            let listed = agencies::AGENCIES
                .iter()
                .filter(|agency| !agency.marks.is_empty())
                .find(|agency| agency.names.iter().any(|name| starts_with_word(rest, name)));
            // Of an agency in no table only those "spoke" who spoke to the writer; others are "told" as well.
            let unlisted = || {
                let after = text::excerpt(&line[line.len() - rest.len()..], 60);
                wires::find(after, false)
                    .into_iter()
                    .find(|name| verb.starts_with("sp") && after.starts_with(name))
            };
            let Some(name) = listed.map(|agency| agency.name).or_else(unlisted) else {
                continue;
            };
            findings.push(Finding {
                name: name.to_owned(),
                class: OriginClass::Probable,
                mark: EvidenceMark::Mention,
                text: sentence_around(line, at).to_owned(),
                url: None,
            });
        }
    }
}

/// The sentence of `line` in which the offset lies.
fn sentence_around(line: &str, at: usize) -> &str {
    let start = line[..at].rfind(". ").map_or(0, |stop| stop + 2);
    let end = line[at..].find(". ").map_or(line.len(), |stop| at + stop + 1);
    &line[start..end]
}

fn starts_with_word(rest: &str, name: &str) -> bool {
    rest.strip_prefix(name)
        .is_some_and(|after| !after.starts_with(char::is_alphanumeric))
}

/// The agencies whose names stand in a line.
fn named_in(lower: &str) -> impl Iterator<Item = &'static agencies::Agency> {
    let key = format!(" {} ", text::key(lower));
    agencies::AGENCIES
        .iter()
        .filter(move |agency| agency.names.iter().any(|name| key.contains(&format!(" {name} "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, link: Option<&str>) -> Vec<(String, OriginClass)> {
        let mut findings = Vec::new();
        read(
            &Line {
                text: text.to_owned(),
                link: link.map(str::to_owned),
            },
            Context {
                url: None,
                title: "Harbour reopens",
            },
            &mut findings,
        );
        findings
            .into_iter()
            .map(|finding| (finding.name, finding.class))
            .collect()
    }

    #[test]
    fn each_kind_of_line_has_its_class() {
        use OriginClass::{Contributed, Original, Probable, Republished};
        for (line, name, class) in [
            (
                "This story was originally published by Example Times on May 3.",
                "Example Times",
                Republished,
            ),
            (
                "This article is republished from The Conversation under a Creative Commons license.",
                "The Conversation",
                Republished,
            ),
            (
                "The post Storm hits appeared first on Example Herald.",
                "Example Herald",
                Republished,
            ),
            (
                "The Associated Press contributed to this report.",
                "Associated Press",
                Contributed,
            ),
            (
                "(Reporting by Ann Example; Editing by Bo Sample)",
                "Reuters",
                Original,
            ),
            (
                "Copyright 2026 The Associated Press. All rights reserved.",
                "Associated Press",
                Original,
            ),
            (
                "The officials spoke to The Associated Press on condition of anonymity.",
                "Associated Press",
                Probable,
            ),
            ("© Northern Wire 2026", "Northern Wire", Original),
            ("© Thomson Reuters 2026", "Reuters", Original),
            ("(c) 2026, The Associated Press", "Associated Press", Original),
            (
                "©2026 Example Times. Distributed by Tribune Content Agency, LLC.",
                "Tribune News Service",
                Original,
            ),
            (
                "Copyright 2026 The Continental Press. This material may not be published or redistributed.",
                "Continental Press",
                Original,
            ),
            ("Source: Northern Wire", "Northern Wire", Original),
            (
                "Continental Press Agency (CPA)",
                "Continental Press Agency",
                Original,
            ),
            (
                "Northern Wire writer Bo Sample in Skarhavn contributed to this report.",
                "Northern Wire",
                Contributed,
            ),
            (
                "They spoke to Northern Wire on condition of anonymity.",
                "Northern Wire",
                Probable,
            ),
            (
                "View original post here: Harbour reopens – Signal & Shield",
                "Signal & Shield",
                Republished,
            ),
        ] {
            assert_eq!(found(line, None), [(name.to_owned(), class)], "{line}");
        }
        assert_eq!(
            found("View original post here:", Some("https://times.example/a")),
            [("times.example".to_owned(), Republished)]
        );
        for line in [
            "She told the press that she would not run again.",
            "© 2026 The Gazette Press",
            "© AFP / ANN EXAMPLE",
            "The harbour on Monday. © dpa",
            "© Bo Sample (KNA)",
            "© Bild: REUTERS",
            "This article was originally published in March 2022.",
            "Source: Little Media Agency",
            "The minister told Northern Wire that she would not run again.",
            "The Environment Agency contributed to this flood.",
        ] {
            assert!(found(line, None).is_empty(), "{line}");
        }
    }
}
