//! Which of several versions of a headline is the editors'.

use super::site::separator_at;
use crate::text;

/// The versions of a headline that a page holds, without the site's name.
pub(super) struct Versions {
    /// The headings that may be it, as printed.
    pub(super) printed: Vec<String>,
    /// How many of them stand above the text.
    pub(super) above: usize,
    /// `og:title` and its like.
    pub(super) shared: String,
    /// `twitter:title`, the headline on the cards of that network.
    pub(super) card: String,
    /// JSON-LD.
    pub(super) structured: String,
    /// The `title` element.
    pub(super) element: String,
}

impl Versions {
    /// News systems keep several headlines: one for search engines, which goes into the `title` element and often on
    /// the page, the editors' own, and one for social networks. The one that only one witness has is the editors'.
    pub(super) fn of_editors(&self) -> Option<&str> {
        let (shared, structured) = (self.shared.as_str(), self.structured.as_str());
        if shared.is_empty() || structured.is_empty() {
            return None;
        }
        if same(shared, structured) {
            return Some(shared);
        }
        let printed = |version: &str| self.printed.iter().any(|heading| same(heading, version));
        let searched = |version: &str| begins(&self.element, version);
        // What is printed below another window title was not written for search engines.
        if let Some(own) = [shared, structured]
            .into_iter()
            .find(|version| printed(version) && !searched(version))
        {
            return Some(own);
        }
        match (
            searched(shared) || printed(shared),
            searched(structured) || printed(structured),
        ) {
            (true, false) => Some(structured),
            // A headline on the cards of two networks was written for them.
            (false, _) if same(shared, &self.card) => Some(structured),
            (false, true) => Some(shared),
            _ => None,
        }
    }

    /// The printed headline if the metadata vouches for it.
    pub(super) fn vouched(&self) -> Option<String> {
        let stated = [&self.shared, &self.structured, &self.element];
        let find = |holds: fn(&str, &str) -> bool, stated: &[&String]| {
            self.printed
                .iter()
                .find(|heading| stated.iter().any(|known| holds(heading, known)))
        };
        // Headings of sections may stand before the headline, and be named in the window's title too.
        let heading = find(same, &stated[..2]).or_else(|| find(similar, &stated))?;
        // A kicker may stand before the headline in one heading.
        let without_kicker = stated.iter().find(|known| {
            known.len() * 2 > heading.len()
                && known.len() + ARTICLE < heading.len()
                && heading.ends_with(known.as_str())
        });
        Some(without_kicker.map_or_else(|| heading.clone(), |known| (*known).clone()))
    }

    /// The only heading above the text, if it is likely; else what the metadata states.
    pub(super) fn stated(&self, site: Option<&str>) -> String {
        let alone = self.printed.first().filter(|_| self.above == 1);
        let likely = |heading: &&String| {
            text::words(heading) >= 4
                && heading.len() < 250
                && site.is_none_or(|site| text::key(site) != text::key(heading))
        };
        if let Some(heading) = alone.filter(likely) {
            return heading.clone();
        }
        let stated = [&self.structured, &self.shared, &self.element]
            .into_iter()
            .find(|title| !title.is_empty());
        stated.or(self.printed.first()).cloned().unwrap_or_default()
    }
}

/// A word before the headline that is no longer is an article, not a kicker, in bytes with its space.
const ARTICLE: usize = 4;

/// Whether two versions of a headline are one but for case and punctuation.
fn same(a: &str, b: &str) -> bool {
    let key = text::key(a);
    !key.is_empty() && key == text::key(b)
}

/// Whether the window's title is this version, or this version with names of sections and the site after it.
fn begins(element: &str, version: &str) -> bool {
    let rest = element
        .strip_prefix(version)
        .filter(|_| !version.is_empty())
        .and_then(|rest| separator_at(rest, rest.char_indices().next()?));
    rest.is_some() || same(element, version)
}

/// Whether two versions of a headline are one: equal, one inside the other, or most words in common.
fn similar(a: &str, b: &str) -> bool {
    let (a, b) = (text::key(a), text::key(b));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    if a == b || (a.len().min(b.len()) > 12 && (a.contains(&b) || b.contains(&a))) {
        return true;
    }
    let words: Vec<&str> = a.split(' ').collect();
    let shared = b.split(' ').filter(|word| words.contains(word)).count();
    shared * 10 >= words.len().max(b.split(' ').count()) * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By headings, `og:title`, `twitter:title`, JSON-LD and the `title` element.
    fn versions(printed: &[&str], [shared, card, structured, element]: [&str; 4]) -> Versions {
        Versions {
            printed: printed.iter().map(|heading| (*heading).to_owned()).collect(),
            above: printed.len(),
            shared: shared.to_owned(),
            card: card.to_owned(),
            structured: structured.to_owned(),
            element: element.to_owned(),
        }
    }

    #[test]
    fn the_editors_headline_is_told_from_those_for_machines() {
        const OWN: &str = "The harbour breathes again";
        const SEARCH: &str = "Harbour of Northport reopens after storm";
        const CARDS: &str = "You will not believe what the storm did";
        for (printed, stated) in [
            // Only `og:title` has it, or only JSON-LD.
            (SEARCH, [OWN, "", SEARCH, SEARCH]),
            (SEARCH, [OWN, SEARCH, SEARCH, SEARCH]),
            (SEARCH, [SEARCH, SEARCH, OWN, SEARCH]),
            // Both networks' cards have one of their own.
            (OWN, [CARDS, CARDS, OWN, OWN]),
            // It is printed below another window title, which may name a section too.
            (OWN, [CARDS, "", OWN, SEARCH]),
            (
                OWN,
                [
                    OWN,
                    OWN,
                    SEARCH,
                    "Harbour of Northport reopens after storm | Coast",
                ],
            ),
        ] {
            assert_eq!(
                versions(&[printed], stated).of_editors(),
                Some(OWN),
                "{printed}, {stated:?}"
            );
        }
    }

    #[test]
    fn a_sections_heading_and_an_article_are_no_headline_and_no_kicker() {
        for (printed, stated, expected) in [
            (
                &["News", "Harbour reopens today"][..],
                ["Harbour reopens today", "", "", "News"],
                "Harbour reopens today",
            ),
            (
                &["The best harbours of 2026"],
                ["Best harbours of 2026", "", "", ""],
                "The best harbours of 2026",
            ),
            (
                &["Storm Harbour reopens today"],
                ["Harbour reopens today", "", "", ""],
                "Harbour reopens today",
            ),
        ] {
            assert_eq!(versions(printed, stated).vouched().as_deref(), Some(expected));
        }
    }
}
