//! "Spoke to The Associated Press on condition of anonymity", "The Associated Press contributed to this report".

use reveille_model::{EvidenceMark, OriginClass};

use super::{named_in, starts_with_word, unlisted};
use crate::{
    origin::{Finding, agencies, wires},
    text,
};

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

pub(super) fn contributed(line: &str, lower: &str, findings: &mut Vec<Finding>) -> bool {
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

/// "spoke to The Associated Press on condition of anonymity": whoever writes so is probably of that agency.
pub(super) fn spoken_to(line: &str, lower: &str, findings: &mut Vec<Finding>) {
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
