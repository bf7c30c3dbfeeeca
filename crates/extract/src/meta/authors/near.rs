//! Authors on a line near the headline that nothing marks: "3 May 2026 | Ann Example", "by Ann Example".

use super::Witnesses;
use crate::{
    byline::{self, Signatory},
    date::{self, Order},
    meta::place::{headline, stands_outside},
    parse::Tag,
    survey::is_silent,
    text,
};

/// How much text is looked at before and after the headline, in bytes.
const BEFORE: u32 = 200;
const AFTER: u32 = 800;

/// What stands between the parts of such a line.
const MARKS: [char; 6] = ['|', '•', '·', '–', '—', ','];

/// The names on the first line near the headline that is a byline, or holds a date and a name.
pub(super) fn witness(of: Witnesses<'_>) -> impl Iterator<Item = Vec<Signatory>> {
    std::iter::once_with(move || {
        let Some(headline) = headline(of.survey) else {
            return Vec::new();
        };
        let end = of.page.subtree(headline).end;
        let near = |at: &usize| {
            of.survey.amount(end.min(*at)..end.max(*at)).text <= if *at < headline { BEFORE } else { AFTER }
        };
        let after = (end..of.page.nodes().len()).take_while(near);
        let before = (0..headline).rev().take_while(near);
        after
            .chain(before)
            .filter_map(|at| line(of, at))
            .map(|line| names(&line))
            .find(|names| !names.is_empty())
            .unwrap_or_default()
    })
}

/// The text of a node that is short enough for a byline and part of the article.
fn line(of: Witnesses<'_>, at: usize) -> Option<String> {
    let raw = of.page.raw_text(at).trim_ascii().trim();
    if of.page.node(at).tag != Tag::Text || !(6..120).contains(&raw.len()) {
        return None;
    }
    let drawn = !of
        .page
        .ancestors(at)
        .take(4)
        .any(|node| is_silent(of.page.node(node).tag) || of.page.node(node).tag == Tag::A);
    if !drawn || stands_outside(of.page, of.survey, at) {
        return None;
    }
    let mut line = String::new();
    text::append_folded(raw, &mut line, 0);
    Some(line)
}

fn names(line: &str) -> Vec<Signatory> {
    let mut names = Vec::new();
    if byline::opens_with_a_name(line) {
        byline::read(line, false, &mut names);
    } else if line.bytes().any(|b| b.is_ascii_digit()) && date::parse(line, Order::DayFirst).is_some() {
        let parts = line
            .split(MARKS)
            .flat_map(|part| part.split(" - "))
            .flat_map(|part| part.split("//"));
        for part in parts {
            let part = byline::without_by(part.trim());
            if byline::is_bare_name(part) && !byline::is_organization(part) && !byline::is_role(part) {
                byline::add(part, false, &mut names);
            }
        }
    }
    names.retain(|name| byline::looks_like_a_name(&name.name));
    names
}
