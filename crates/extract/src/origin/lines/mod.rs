//! Lines of an article that say who wrote it: credits, notes of republication, mentions.

mod footer;
mod mention;
mod republished;

use std::sync::LazyLock;

use memchr::memmem;
use reveille_model::CanonicalUrl;

pub(crate) use republished::{SEPARATORS, points_below};

use crate::{
    origin::{Finding, Line, agencies, wires},
    text,
};

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
        || footer::agency_alone(line).is_some()
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
    if republished::read(&line.text, &lower, link, context.title, findings)
        || mention::contributed(&line.text, &lower, findings)
        || footer::read(&line.text, &lower, findings)
    {
        return;
    }
    mention::spoken_to(&line.text, &lower, findings);
}

/// The agencies that a line names and that stand in no table.
fn unlisted(line: &str, press: bool) -> impl Iterator<Item = &str> {
    wires::find(line, press)
        .into_iter()
        .filter(|name| agencies::by_name(name).is_none())
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
    use reveille_model::OriginClass;

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
