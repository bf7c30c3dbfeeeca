//! Agencies among those who signed: in the author fields and in the bylines as printed.

use reveille_model::{EvidenceMark, OriginClass};

use crate::{
    byline::{self, Signatory},
    origin::{Finding, agencies, agency_of},
    text,
};

/// Words before an agency that helped, in lower case: "Ann Example with Reuters".
const WITH: &[&str] = &["with", "avec", "mit", "con", "com", "met", "med"];

/// Last words of what people at an agency are, in lower case: "PA Political Correspondent".
const ROLES: &[&str] = &[
    "correspondent",
    "editor",
    "journalist",
    "reporter",
    "reporters",
    "staff",
    "writer",
    "writers",
];

/// Adds the agencies among those who signed. One beside a person may only have helped, unless the byline prints it
/// as that person's house.
pub(super) fn find(signatories: &[Signatory], signatures: &[String], findings: &mut Vec<Finding>) {
    let mut signed = Vec::new();
    for run in signatures {
        for (name, class) in printed(run) {
            signed.push(finding(name, class, run));
        }
    }
    let people = signatories.iter().any(|signatory| !signatory.organization);
    for signatory in signatories {
        let Some(name) = agency_of(&signatory.name) else {
            continue;
        };
        if !signed.iter().any(|known| name.ends_with(known.name.as_str())) {
            let class = if people {
                OriginClass::Probable
            } else {
                OriginClass::Original
            };
            signed.push(finding(name, class, &signatory.name));
        }
    }
    findings.append(&mut signed);
}

fn finding(name: &str, class: OriginClass, text: &str) -> Finding {
    // A run may begin behind a linked name, with the comma between.
    let text = text.trim_matches(|c: char| c.is_whitespace() || ",;|/•·-–—".contains(c));
    Finding {
        name: name.to_owned(),
        class,
        mark: EvidenceMark::Byline,
        text: text.to_owned(),
        url: None,
    }
}

/// The agencies that a run of a byline prints as somebody's house or as help: "By Ann Example, Northern Wire".
fn printed(run: &str) -> Vec<(&str, OriginClass)> {
    let whole = byline::without_by(run);
    let listed = || agencies::by_name(whole).map(|agency| agency.name);
    if let Some(name) = listed().or_else(|| desk(whole)).or_else(|| behind_a_name(whole)) {
        return vec![(name, OriginClass::Original)];
    }
    let parts = run
        .split([',', '|', '•', '·', '/', '(', ')', ';'])
        .flat_map(|part| part.split(" - "));
    parts
        .filter_map(|part| {
            let part = byline::without_by(part).trim();
            agency_of(part)
                .or_else(|| mark(part))
                .or_else(|| role(part))
                .map(|name| (name, OriginClass::Original))
                .or_else(|| joined(part))
        })
        .collect()
}

/// "RFE/RL's Kaldland Service": the agency in the genitive.
fn desk(text: &str) -> Option<&'static str> {
    let (name, _) = text.split_once("'s ").or_else(|| text.split_once("’s "))?;
    agencies::by_name(name).map(|agency| agency.name)
}

/// "Ann Example (TNS)": an agency's mark.
fn mark(part: &str) -> Option<&'static str> {
    let capitals = part.len() > 2 && part.chars().all(char::is_uppercase);
    capitals
        .then(|| agencies::by_mark(part))
        .flatten()
        .map(|agency| agency.name)
}

/// "PA Scotland Deputy Political Editor": a role at an agency.
fn role(part: &str) -> Option<&'static str> {
    let last = part.rsplit(' ').next()?.to_lowercase();
    let (first, _) = part.split_once(' ')?;
    let is_role = ROLES.contains(&last.as_str()) && first.chars().all(char::is_uppercase);
    is_role
        .then(|| agencies::by_mark(first))
        .flatten()
        .map(|agency| agency.name)
}

/// "Ann Example Tribune News Service": an agency of several words right behind a name.
fn behind_a_name(text: &str) -> Option<&'static str> {
    let key = text::key(text);
    key.match_indices(' ').find_map(|(at, _)| {
        let (person, name) = (&key[..at], &key[at + 1..]);
        let agency = agencies::by_key(name).filter(|_| name.contains(' '))?;
        let person = before_of(text, person);
        (byline::looks_like_a_name(person) && ends_in_a_capital(person)).then_some(agency.name)
    })
}

/// As many words of a text as its key's start has.
fn before_of<'t>(text: &'t str, key: &str) -> &'t str {
    let words = key.split_whitespace().count();
    let end = text
        .match_indices(' ')
        .nth(words.saturating_sub(1))
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn ends_in_a_capital(name: &str) -> bool {
    name.rsplit(' ')
        .next()
        .is_some_and(|word| word.starts_with(char::is_uppercase))
}

/// "Ann Example via AP" and "Ann Example with Reuters".
fn joined(part: &str) -> Option<(&str, OriginClass)> {
    let mut rest = part;
    while let Some((_, after)) = rest.split_once(' ') {
        let word = rest.split(' ').next().unwrap_or_default().to_lowercase();
        let class = if word == "via" {
            Some(OriginClass::Original)
        } else {
            WITH.contains(&word.as_str()).then_some(OriginClass::Contributed)
        };
        if let Some((class, name)) = class.zip(agency_of(after)) {
            return Some((name, class));
        }
        rest = after;
    }
    None
}
