//! Who signed the article: the witnesses on the page, best first.

mod labelled;
mod links;
mod near;
mod printed;
mod stated;

use crate::{
    byline::{self, Signatory},
    meta::Facts,
    origin::house::House,
    parse::Document,
    survey::Survey,
    text,
};

/// What is asked for the authors.
#[derive(Clone, Copy)]
pub(crate) struct Witnesses<'a> {
    pub(crate) page: &'a Document<'a>,
    pub(crate) survey: &'a Survey,
    pub(crate) facts: &'a Facts<'a>,
    /// The names of the site itself, which many pages give for want of an author.
    pub(crate) house: &'a House,
    /// Lines of text that read like bylines.
    pub(crate) lines: &'a [String],
}

/// The names that the page gives as authors, people and others.
pub(crate) fn find(of: Witnesses<'_>) -> Vec<Signatory> {
    let stated = stated::witnesses(of).map(|names| (true, names));
    let seen = printed::witnesses(of)
        .chain(links::witness(of))
        .chain(lines(of))
        .chain(near::witness(of))
        .map(|names| (false, names));
    let mut best: Vec<Signatory> = Vec::new();
    for (stated, names) in stated.chain(seen) {
        // Systems state the house for want of an author; where the page prints it, the house has signed.
        let signed = !stated
            && names
                .iter()
                .any(|name| !name.organization && of.house.has(&name.name));
        if best.is_empty()
            || names
                .iter()
                .any(|name| is_person(name, of) && is_whole_name(name))
        {
            best = names;
        }
        if signed || best.iter().any(|name| is_person(name, of)) {
            break;
        }
    }
    if best.iter().all(|name| name.organization) {
        best = labelled::witness(of)
            .find(|names| !names.is_empty())
            .unwrap_or(best);
    }
    spell_out(&mut best, of);
    // "Ann Example, Example Times" names the paper that she writes for, which is this one.
    if best.iter().any(|name| is_person(name, of)) {
        best.retain(|name| is_person(name, of) || name.organization && !of.house.has(&name.name));
    }
    best
}

/// Whether a signatory is somebody else than the house, which many systems give as if it were a person.
fn is_person(signatory: &Signatory, of: Witnesses<'_>) -> bool {
    !signatory.organization && !of.house.has(&signatory.name)
}

/// Whether a signatory is a person with a whole name. A desk is named before somebody by initials.
fn is_whole_name(signatory: &Signatory) -> bool {
    let unspaced = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase();
    !signatory.organization && (signatory.name.contains(' ') || signatory.name.contains(unspaced))
}

fn lines(of: Witnesses<'_>) -> impl Iterator<Item = Vec<Signatory>> {
    of.lines.iter().map(|line| {
        let mut names = Vec::new();
        byline::read(line, false, &mut names);
        names.retain(|name| byline::looks_like_a_name(&name.name));
        names
    })
}

/// Content systems often know an author by a first name; the byline has it in full.
fn spell_out(best: &mut [Signatory], of: Witnesses<'_>) {
    let [only] = best else { return };
    if only.organization || only.name.contains(' ') {
        return;
    }
    let fuller = stated::witnesses(of)
        .chain(printed::witnesses(of).take(4))
        .chain(lines(of))
        .chain(near::witness(of))
        .flatten()
        .find(|name| !name.organization && is_fuller(&name.name, &only.name));
    if let Some(fuller) = fuller {
        *only = fuller;
    }
}

/// Whether a name is the full form of a first name.
fn is_fuller(name: &str, first: &str) -> bool {
    let (name, first) = (text::key(name), text::key(first));
    name.strip_prefix(&first)
        .is_some_and(|rest| rest.starts_with(' ') && rest.split(' ').count() <= 3)
}
