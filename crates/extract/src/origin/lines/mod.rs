//! Lines of an article that say who wrote it: credits, notes of republication, mentions.

mod alone;
mod footer;
mod help;
mod mention;
mod republished;

use reveille_model::{CanonicalUrl, EvidenceMark, OriginClass};

pub(crate) use republished::{SEPARATORS, points_below};

use crate::{
    origin::{Finding, Line, agencies, agency_of, wires},
    text::{self, AnyOf},
};

/// Parts of words that stand in lines at an article's ends that say who wrote it.
static TELLING: AnyOf = AnyOf::of(&[
    "riginal",
    "riginariamente",
    "irst published",
    "irst appeared",
    "irst posted",
    "ppeared first",
    "epublished",
    "eprinted",
    "yndicated",
    "roduced by",
    "erschien",
    "verscheen",
    "nitialement",
    "full story at",
    "ermission of",
    "ontributed",
    "eporting ",
    "diting by",
    "ssistance from",
    "iles from",
    "nformation",
    "nformaci",
    "nformaç",
    "aterial ",
    "eportage ",
    "eporte ",
    "ericht von",
    "eportagem ",
    "Trust Principles",
    "opyright",
    "COPYRIGHT",
    "(c)",
    "(C)",
    "c.20",
    "istributed by",
    "dpa",
    "ewsroom",
    "ews organization",
    "ews service",
    "ews outlet",
    "ews agency",
]);

/// Words with which a line in the midst of an article says to whom somebody spoke.
static SPEAKING: AnyOf = AnyOf::of(&[
    "told ",
    "spoke to",
    "spoke with",
    "speaking to",
    "sagte",
    "a déclaré à",
]);

/// Whether a line in the midst of an article may say who wrote it: a cheap test before the search.
pub(crate) fn may_mention(line: &str) -> bool {
    SPEAKING.stands_in(line)
}

/// Whether a line at an article's ends may say who wrote it.
pub(crate) fn may_tell(line: &str) -> bool {
    /// A line may be nothing but a name and a word before it.
    const SHORT: usize = 80;
    line.len() <= SHORT || SPEAKING.stands_in(line) || TELLING.stands_in(line) || line.contains('©')
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
    let text = line.text.as_str();
    let lower = text.to_lowercase();
    // Offsets in `lower` serve for the line only where lower-casing kept its length.
    if lower.len() != text.len() {
        return;
    }
    let link = || match (line.link.as_deref()?, context.url) {
        (address, Some(page)) => page.join(address).ok().filter(|url| url.site() != page.site()),
        (address, None) => address.parse().ok(),
    };
    if republished::read(text, &lower, link, context.title, findings) {
        return;
    }
    let mut add = |name: &str, class, mark, text: &str| {
        findings.push(Finding {
            name: name.to_owned(),
            class,
            mark,
            text: text.to_owned(),
            url: None,
        });
    };
    if let Some(names) = help::named(text, &lower) {
        for name in names {
            add(name, OriginClass::Contributed, EvidenceMark::Contribution, text);
        }
        return;
    }
    let signature = || {
        let name = alone::signature(text).or_else(|| alone::by_address(text));
        name.filter(|_| line.last)
    };
    if let Some(name) = footer::writer(text, &lower).or_else(signature) {
        add(name, OriginClass::Original, EvidenceMark::Footer, text);
        return;
    }
    for (name, at) in mention::spoken_to(text, &lower) {
        let sentence = mention::sentence_around(text, at);
        add(name, OriginClass::Probable, EvidenceMark::Mention, sentence);
    }
}

/// The agencies that a line names and that stand in no table.
fn unlisted(line: &str, press: bool) -> impl Iterator<Item = &str> {
    wires::find(line, press)
        .into_iter()
        .filter(|name| agencies::by_name(name).is_none())
}

/// The agency of the table with whose name a text begins.
fn opening_agency(text: &str) -> Option<&'static str> {
    let key = text::key(text);
    agencies::AGENCIES
        .iter()
        .find(|agency| agency.names.iter().any(|name| starts_with_word(&key, name)))
        .map(|agency| agency.name)
}

fn starts_with_word(rest: &str, name: &str) -> bool {
    rest.strip_prefix(name)
        .is_some_and(|after| !after.starts_with(char::is_alphanumeric))
}

/// The agencies that a line names, those of the table first.
fn named_in(line: &str) -> Vec<&str> {
    let key = format!(" {} ", text::key(line));
    let listed = agencies::AGENCIES
        .iter()
        .filter(|agency| {
            agency
                .names
                .iter()
                .any(|name| key.contains(&format!(" {name} ")) && !is_of_a_person(name, line))
        })
        .map(|agency| agency.name);
    listed.chain(unlisted(line, true)).collect()
}

/// Whether a short name stands in a line only as people's names do: "Ani Example contributed to this report."
fn is_of_a_person(name: &str, line: &str) -> bool {
    const ACRONYM: usize = 4;
    name.len() <= ACRONYM
        && !line
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == name || word == name.to_uppercase())
}

#[cfg(test)]
mod tests {
    use reveille_model::OriginClass;

    use super::*;

    fn found(text: &str, link: Option<&str>) -> Vec<(String, OriginClass)> {
        let mut findings = Vec::new();
        read(
            &Line {
                text: text.to_owned(),
                link: link.map(str::to_owned),
                last: true,
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
                "Example Times",
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
