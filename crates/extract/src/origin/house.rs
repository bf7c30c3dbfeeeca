//! The names under which a page's own site goes: none of them is ever an origin.

use reveille_model::{CanonicalUrl, site_of};

use crate::{
    meta::Facts,
    origin::{agencies, wires},
};

/// A site's own names.
#[derive(Debug, Default)]
pub(crate) struct House {
    /// Names as written.
    names: Vec<String>,
    /// The label under which its host is registered: `example` of `www.example.co.uk`.
    label: String,
}

/// What parts a site's name from a headline.
const SEPARATORS: [&str; 6] = [" | ", " – ", " — ", " - ", " · ", " :: "];

impl House {
    /// Reads a page's own names from its metadata, its title and its address.
    pub(crate) fn of(facts: &Facts<'_>, carrier: Option<&str>, url: &CanonicalUrl) -> Self {
        let stated = [
            "og:site_name",
            "application-name",
            "dc.publisher",
            "dcterms.publisher",
            "publisher",
            "citation_journal_title",
        ]
        .into_iter()
        .filter_map(|name| facts.meta(&[name]));
        let titles = SEPARATORS
            .iter()
            .flat_map(|separator| {
                [
                    facts.title.split(separator).next(),
                    facts.title.rsplit(separator).next(),
                ]
            })
            .flatten()
            .filter(|part| part.len() < facts.title.len());
        let names: Vec<String> = carrier
            .into_iter()
            .chain(stated)
            .chain(titles)
            .chain([facts.own_publisher(), &facts.jsonld.site])
            .chain(agencies::by_site(url.site()).map(|agency| agency.name))
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        let label = site_of(url.host()).split('.').next().unwrap_or_default();
        Self {
            names,
            label: label.replace('-', ""),
        }
    }

    /// Whether a name is the house's own.
    pub(crate) fn is(&self, name: &str) -> bool {
        let key = wires::bare(name);
        let agency = agencies::by_name(name).map(|agency| agency.name);
        let same = |own: &String| {
            wires::bare(own) == key
                || agency.is_some_and(|agency| agencies::by_name(own).is_some_and(|it| it.name == agency))
        };
        key.is_empty() || self.names.iter().any(same) || (self.label.len() > 3 && key == self.label)
    }

    /// Whether a name is the house's own, or one of its desks': "Example Times Northport", "example.org".
    pub(crate) fn has(&self, name: &str) -> bool {
        let first = |separator| name.split(separator).next().unwrap_or_default();
        let desk = name.contains(' ') && wires::bare(first(' ')) == self.label;
        let address = !name.contains(' ') && wires::bare(first('.')) == self.label;
        desk || address || self.is(name)
    }

    /// Whether a name is the house's with its address after it: "Example Times (www.example.org)".
    pub(crate) fn is_with_address(&self, name: &str) -> bool {
        let address = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
        address.is_some_and(|(_, address)| {
            let host = address.strip_prefix("www.").unwrap_or(address);
            host.split_once('.')
                .is_some_and(|(label, _)| wires::bare(label) == self.label)
        })
    }

    /// Whether an agency's mark is the house's own.
    pub(crate) fn has_mark(&self, mark: &str) -> bool {
        let lower = mark.to_lowercase();
        let own = |name: &String| {
            wires::is_mark_of(mark, name)
                || name
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == mark)
        };
        self.names.iter().any(own) || self.label == lower || (lower.len() > 2 && self.label.contains(&lower))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_knows_its_names_and_marks() {
        let mut facts = Facts::default();
        facts.title = "Harbour reopens | Northern Wire".to_owned();
        let house = House::of(
            &facts,
            Some("AP News"),
            &"https://www.nw-online.example/a".parse().unwrap(),
        );
        for own in ["The Northern Wire", "Associated Press", "NW Online"] {
            assert!(house.is(own), "{own}");
        }
        assert!(house.has("nw-online.example") && house.has("NWOnline Northport"));
        assert!(house.is_with_address("Northern News (www.nw-online.example)"));
        assert!(!house.has("Ann Example"));
        assert!(house.has_mark("NW"));
        assert!(!house.is("Continental Press Agency") && !house.has_mark("CPA"));
    }
}
