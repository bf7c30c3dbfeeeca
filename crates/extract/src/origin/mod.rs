//! Who wrote the text, where the page says that it was not its carrier: every mark is kept as evidence.

pub mod agencies;
pub(crate) mod dateline;
pub(crate) mod lines;

use reveille_model::{CanonicalUrl, Dateline, Evidence, EvidenceMark, Origin, OriginClass, site_of};

use crate::{byline::Signatory, meta::Facts, text};

/// A finding before findings about the same outlet are joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) name: String,
    pub(crate) class: OriginClass,
    pub(crate) mark: EvidenceMark,
    pub(crate) text: String,
    pub(crate) url: Option<CanonicalUrl>,
}

/// A line of the page that may say who wrote it, with the address of its first link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) link: Option<String>,
}

/// What the search for origins reads.
pub(crate) struct Page<'a> {
    pub(crate) facts: &'a Facts<'a>,
    pub(crate) url: &'a CanonicalUrl,
    pub(crate) carrier: Option<&'a str>,
    pub(crate) signatories: &'a [Signatory],
    pub(crate) dateline: Option<&'a Dateline>,
    pub(crate) lines: &'a [Line],
}

/// Everybody whom the page names as the text's source, best first.
pub(crate) fn find(page: &Page<'_>) -> Vec<Origin> {
    let mut findings = Vec::new();
    addresses(page, &mut findings);
    structured(page, &mut findings);
    signed(page.signatories, &mut findings);
    if let Some(agency) = page
        .dateline
        .and_then(|dateline| dateline.agency.as_deref())
        .and_then(|mark| agencies::by_mark(mark).map(|agency| (agency, mark)))
    {
        findings.push(Finding {
            name: agency.0.name.to_owned(),
            class: OriginClass::Original,
            mark: EvidenceMark::Dateline,
            text: agency.1.to_owned(),
            url: None,
        });
    }
    for line in page.lines {
        lines::read(line, Some(page.url), &mut findings);
    }
    join(findings, page.url.site(), page.carrier)
}

/// Joins findings about one outlet; leaves out the carrier itself.
pub(crate) fn join(findings: Vec<Finding>, site: &str, carrier: Option<&str>) -> Vec<Origin> {
    let own = agencies::by_site(site).map(|agency| agency.name);
    let carrier = carrier.map(bare);
    let mut origins: Vec<Origin> = Vec::new();
    for finding in findings {
        let key = bare(&finding.name);
        if key.is_empty() || own == Some(finding.name.as_str()) || carrier.as_ref() == Some(&key) {
            continue;
        }
        let evidence = Evidence {
            mark: finding.mark,
            text: finding.text,
        };
        match origins.iter_mut().find(|origin| bare(&origin.name) == key) {
            Some(origin) => {
                if !origin.evidence.contains(&evidence) {
                    origin.evidence.push(evidence);
                }
                origin.url = origin.url.take().or(finding.url);
                if strength(finding.class) > strength(origin.class) {
                    origin.class = finding.class;
                }
            }
            None => origins.push(Origin {
                name: finding.name,
                class: finding.class,
                url: finding.url,
                evidence: vec![evidence],
            }),
        }
    }
    for origin in &mut origins {
        origin.evidence.sort_by_key(|evidence| evidence.mark);
    }
    origins.sort_by_key(|origin| std::cmp::Reverse(strength(origin.class)));
    origins
}

/// How much a class says of who wrote the text.
fn strength(class: OriginClass) -> u8 {
    match class {
        OriginClass::Original => 3,
        OriginClass::Probable => 2,
        OriginClass::Republished => 1,
        OriginClass::Contributed => 0,
    }
}

/// A name under which spellings are equal.
fn bare(name: &str) -> String {
    let key = text::key(name);
    key.strip_prefix("the ").unwrap_or(&key).replace(' ', "")
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
                class: if agency.is_some() {
                    OriginClass::Original
                } else {
                    OriginClass::Republished
                },
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

fn structured(page: &Page<'_>, findings: &mut Vec<Finding>) {
    let facts = &page.facts.jsonld;
    for (property, name, address) in &facts.sources {
        let url = page
            .url
            .join(address)
            .ok()
            .filter(|url| !address.is_empty() && is_foreign(url, page.url));
        let agency =
            agencies::by_name(name).or_else(|| url.as_ref().and_then(|url| agencies::by_site(url.site())));
        let named = match (*property, agency, &url) {
            (_, Some(agency), _) => Some(agency.name.to_owned()),
            ("isBasedOn", None, Some(url)) => Some(if name.is_empty() {
                url.site().to_owned()
            } else {
                name.clone()
            }),
            _ => None,
        };
        if let Some(name) = named {
            let class = if *property == "isBasedOn" && agency.is_none() {
                OriginClass::Republished
            } else {
                OriginClass::Original
            };
            findings.push(Finding {
                name,
                class,
                mark: EvidenceMark::StructuredData,
                text: format!(
                    "{property}: {}",
                    if address.is_empty() {
                        name_of(agency)
                    } else {
                        address
                    }
                ),
                url,
            });
        }
    }
    if let Some(agency) = agencies::by_name(&facts.credit) {
        findings.push(Finding {
            name: agency.name.to_owned(),
            class: OriginClass::Original,
            mark: EvidenceMark::StructuredData,
            text: format!("creditText: {}", facts.credit),
            url: None,
        });
    }
}

fn name_of(agency: Option<&agencies::Agency>) -> &str {
    agency.map_or("", |agency| agency.name)
}

/// Agencies among those who signed. Beside a person the agency may only have helped.
fn signed(signatories: &[Signatory], findings: &mut Vec<Finding>) {
    let people = signatories.iter().any(|signatory| !signatory.organization);
    for signatory in signatories {
        if let Some(agency) = agencies::by_name(&signatory.name) {
            findings.push(Finding {
                name: agency.name.to_owned(),
                class: if people {
                    OriginClass::Probable
                } else {
                    OriginClass::Original
                },
                mark: EvidenceMark::Byline,
                text: signatory.name.clone(),
                url: None,
            });
        }
    }
}
