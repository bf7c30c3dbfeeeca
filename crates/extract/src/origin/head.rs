//! What the head of a page says of who wrote the article: addresses, structured data, rights.

use reveille_model::{CanonicalUrl, EvidenceMark, OriginClass, site_of};

use crate::origin::{Finding, Page, agencies, agency_of};

/// Adds whom the head names.
pub(super) fn find(page: &Page<'_>, findings: &mut Vec<Finding>) {
    addresses(page, findings);
    structured(page, findings);
}

/// Addresses of the original in the head: another site's canonical address, syndication sources.
fn addresses(page: &Page<'_>, findings: &mut Vec<Finding>) {
    let canonical = page
        .facts
        .canonical
        .as_deref()
        .or_else(|| page.facts.meta(&["og:url"]));
    let mut add = |mark, address: &str| {
        let Ok(url) = page.url.join(address) else { return };
        if is_foreign(&url, page.url) {
            let agency = agencies::by_site(url.site());
            findings.push(Finding {
                name: agency.map_or_else(|| url.site().to_owned(), |agency| agency.name.to_owned()),
                class: class_of(agency.is_some()),
                mark,
                text: address.trim().to_owned(),
                url: Some(url),
            });
        }
    };
    if let Some(address) = canonical {
        add(EvidenceMark::Canonical, address);
    }
    for name in ["syndication-source", "original-source"] {
        for address in page.facts.all(name).filter(|address| address.contains("//")) {
            add(EvidenceMark::SyndicationSource, address);
        }
    }
}

/// Whether an address belongs to somebody else: `example.org` and `example.co.uk` are taken for one owner.
fn is_foreign(url: &CanonicalUrl, page: &CanonicalUrl) -> bool {
    let label = |url: &CanonicalUrl| {
        site_of(url.host())
            .split('.')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    url.site() != page.site() && label(url) != label(page) && url.host().contains('.')
}

/// JSON-LD's properties for whoever made an article, and the head's fields for rights and sources.
fn structured(page: &Page<'_>, findings: &mut Vec<Finding>) {
    let facts = &page.facts.jsonld;
    findings.extend(facts.sources.iter().filter_map(|source| made_by(page, source)));
    let rights = [
        "copyright",
        "dc.rights",
        "dcterms.rights",
        "dcterms.rightsholder",
        "dc.source",
        "dcterms.source",
        "source",
    ]
    .into_iter()
    .filter_map(|name| page.facts.meta(&[name]).map(|value| (name, value)));
    let stated = [
        ("creditText", facts.credit.as_str()),
        ("publisher", &facts.publisher),
    ];
    for (field, value) in stated.into_iter().chain(rights) {
        if let Some(agency) = agency_of(value) {
            findings.push(Finding {
                name: agency.to_owned(),
                class: OriginClass::Original,
                mark: EvidenceMark::StructuredData,
                text: format!("{field}: {value}"),
                url: None,
            });
        }
    }
}

/// Whom a JSON-LD property names as the maker: an agency, or whoever else the article is based on.
fn made_by(page: &Page<'_>, (property, name, address): &(&str, String, String)) -> Option<Finding> {
    let url = page
        .url
        .join(address)
        .ok()
        .filter(|url| !address.is_empty() && is_foreign(url, page.url));
    let of_site = || url.as_ref().and_then(|url| agencies::by_site(url.site()));
    let agency = agency_of(name).or_else(|| of_site().map(|agency| agency.name));
    let based = || {
        let url = url.as_ref().filter(|_| *property == "isBasedOn")?;
        let named = (1..=LONGEST_NAME).contains(&name.len());
        Some(if named { name.as_str() } else { url.site() })
    };
    Some(Finding {
        name: agency.or_else(based)?.to_owned(),
        class: class_of(agency.is_some()),
        mark: EvidenceMark::StructuredData,
        text: format!("{property}: {}", if address.is_empty() { name } else { address }),
        url,
    })
}

/// A longer name is a headline, in bytes.
const LONGEST_NAME: usize = 60;

/// An agency writes what others carry; what another outlet ran may be an agency's again.
fn class_of(agency: bool) -> OriginClass {
    if agency {
        OriginClass::Original
    } else {
        OriginClass::Republished
    }
}
