//! Authors behind a label that nothing marks: "Autorin/Autor", and below it a name; "(责编：…)" at the end of the text.

use std::borrow::Cow;

use super::Witnesses;
use crate::{
    byline::{self, Signatory},
    meta::place::stands_outside,
    parse::Tag,
    survey::is_silent,
    text,
};

/// Lines with a label are no longer than this, in bytes.
const LONGEST: usize = 120;

/// The name of a label is no further away than this, in elements and texts.
const NEAR: usize = 6;

/// The names behind the first label on the page that has any.
pub(super) fn witness(of: Witnesses<'_>) -> impl Iterator<Item = Vec<Signatory>> {
    std::iter::once_with(move || {
        (0..of.page.nodes().len())
            .filter_map(|at| names(of, at))
            .find(|names| !names.is_empty())
            .unwrap_or_default()
    })
}

/// The names that a text announces, if it is drawn as part of the article.
fn names(of: Witnesses<'_>, at: usize) -> Option<Vec<Signatory>> {
    let line = line(of, at)?;
    let mut names = Vec::new();
    if let Some(rest) = byline::after_label(&line) {
        byline::read(rest, false, &mut names);
    } else if !stands_in_prose(of, at) && byline::is_label(&line) && text::words(&line) <= 2 {
        let next = (at + 1..).take(NEAR).find_map(|next| self::line(of, next))?;
        byline::read(&next, false, &mut names);
    }
    names.retain(|name| byline::looks_like_a_name(&name.name));
    let drawn = || {
        let mut above = of.page.ancestors(at);
        !above.any(|node| is_silent(of.page.node(node).tag)) && !stands_outside(of.page, of.survey, at)
    };
    (!names.is_empty() && drawn()).then_some(names)
}

/// Whether a text is part of a paragraph: "a film by" is no label.
fn stands_in_prose(of: Witnesses<'_>, at: usize) -> bool {
    let parent = of.page.node(at).parent as usize;
    of.survey.amount(of.page.subtree(parent)).text as usize > LONGEST
}

/// A short text without what stands around it.
fn line<'a>(of: Witnesses<'a>, at: usize) -> Option<Cow<'a, str>> {
    of.page.nodes().get(at).filter(|node| node.tag == Tag::Text)?;
    // Most texts are white space between elements.
    if of.survey.amount(at..at + 1).text < 2 {
        return None;
    }
    let raw = of.page.raw_text(at).trim_ascii().trim();
    if !(2..LONGEST).contains(&raw.len()) {
        return None;
    }
    let around = |c: char| text::is_blank(c) || matches!(c, '|' | '(' | ')' | '（' | '）' | '[' | ']');
    let bare = if memchr::memchr(b'&', raw.as_bytes()).is_some() {
        Cow::Owned(of.page.text(at).trim_matches(around).to_owned())
    } else {
        Cow::Borrowed(raw.trim_matches(around))
    };
    (!bare.is_empty()).then_some(bare)
}

#[cfg(test)]
mod tests {
    use crate::extract;

    #[test]
    fn a_label_announces_a_name_and_prose_does_not() {
        let long = "It runs for two hours and was made in the harbour of Northport, where the storm of that winter is \
                    still remembered by everybody.";
        for (part, expected) in [
            (
                "<div>By</div><div>Ann Example</div>".to_owned(),
                vec!["Ann Example"],
            ),
            (
                "<div>By</div><div>Andr&eacute; Example</div>".to_owned(),
                vec!["André Example"],
            ),
            (
                format!("<p><i>Storm</i> by <a href=/f>Ann Example</a>. {long}</p>"),
                vec![],
            ),
        ] {
            let page = format!("<h1>The film of the year</h1><p>{long} {long}</p>{part}<p>{long}</p>");
            let found = extract(
                page.as_bytes(),
                &"https://herald.example/a".parse().unwrap(),
                None,
            );
            let names: Vec<&str> = found.byline.iter().map(|name| name.name.as_str()).collect();
            assert_eq!(names, expected, "{part}");
        }
    }
}
