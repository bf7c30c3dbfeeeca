//! Signatories who are no people: agencies, outlets, desks.

use reveille_model::{Dateline, Origin};

use super::Signatory;
use crate::{
    origin::{agencies, wires},
    text,
};

/// Marks the signatories whom the rest of the page shows to be agencies: by the mark in its dateline, as an origin.
pub(crate) fn mark_agencies(names: &mut [Signatory], dateline: Option<&Dateline>, origins: &[Origin]) {
    let mark = dateline.and_then(|dateline| dateline.agency.as_deref());
    for signatory in names.iter_mut().filter(|signatory| !signatory.organization) {
        let name = signatory.name.as_str();
        let known = origins
            .iter()
            .any(|origin| text::key(&origin.name) == text::key(name));
        let initials = wires::is_mark(name)
            && (mark == Some(name) || origins.iter().any(|origin| wires::is_mark_of(name, &origin.name)));
        signatory.organization = known || initials || wires::named(name, false).is_some();
    }
}

/// Words of which one makes a name that of no person.
const WORDS: &[&str] = &[
    "staff",
    "redaktion",
    "redaction",
    "rédaction",
    "redacción",
    "redazione",
    "redactie",
    "newsroom",
    "desk",
    "agency",
    "agencies",
    "agenturen",
    "press",
    "news",
    "media",
    "online",
    "editors",
    "editorial",
    "team",
    "times",
    "post",
    "herald",
    "tribune",
    "service",
    "services",
    "wire",
    "bureau",
    "reporters",
    "correspondents",
    "contributors",
    "web",
    "digital",
    "magazine",
    "magazin",
    "zeitung",
    "group",
    "admin",
    "administrator",
    "university",
    "institute",
    "inc",
    "ltd",
    "gmbh",
    "llc",
    "foundation",
    "council",
    "department",
    "ministry",
    "office",
    "編集部",
    "新聞",
    "통신",
    "뉴스",
];

/// Whether a name is an agency's, an outlet's or a desk's.
pub(crate) fn is_organization(name: &str) -> bool {
    let key = text::key(name);
    agencies::by_name(name).is_some()
        || key.split(' ').any(|word| WORDS.contains(&word))
        || ["新聞", "通信", "社"].iter().any(|end| name.ends_with(end))
        || (name.contains('.') && !name.contains(' ') && name.len() > 4)
}
