//! Who wrote the text, where the page says that it was not its carrier: every mark is kept as evidence.

pub mod agencies;
pub(crate) mod dateline;
pub(crate) mod house;
pub(crate) mod lines;
pub(crate) mod wires;

use reveille_model::{Block, CanonicalUrl, Dateline, Evidence, EvidenceMark, Origin, OriginClass, site_of};

use crate::{byline::Signatory, meta::Facts};
use house::House;
use lines::Context;

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
    pub(crate) title: &'a str,
    pub(crate) house: &'a House,
    pub(crate) signatories: &'a [Signatory],
    /// What the bylines print, in runs of text.
    pub(crate) signatures: &'a [String],
    pub(crate) dateline: Option<&'a Dateline>,
    /// The organisations that the page names.
    pub(crate) named: &'a [&'a str],
    pub(crate) lines: &'a [Line],
}

/// Everybody whom the page names as the text's source, best first.
pub(crate) fn find(page: &Page<'_>) -> Vec<Origin> {
    let mut findings = Vec::new();
    addresses(page, &mut findings);
    structured(page, &mut findings);
    signed(page.signatories, &mut findings);
    printed(page.signatures, &mut findings);
    findings.extend(
        page.dateline
            .and_then(|dateline| marked(dateline, page.house, page.named)),
    );
    let context = Context {
        url: Some(page.url),
        title: page.title,
    };
    for line in page.lines {
        lines::read(line, context, &mut findings);
    }
    join(findings, page.house)
}

/// The organisations that a page names where it says who wrote it: what the mark of a dateline may stand for.
pub(crate) fn organisations<'a>(
    signatories: &'a [Signatory],
    signatures: &'a [String],
    lines: &'a [Line],
    body: &'a [Block],
) -> Vec<&'a str> {
    let signed = signatories.iter().map(|signatory| signatory.name.as_str());
    let rest = signatures
        .iter()
        .map(String::as_str)
        .chain(lines.iter().map(|line| line.text.as_str()))
        .chain(body.iter().map(|block| block.text.as_str()));
    let mut named: Vec<&str> = signed.clone().collect();
    named.extend(signed.chain(rest).flat_map(|text| wires::find(text, true)));
    named.sort_unstable();
    named.dedup();
    named
}

/// What the mark in a dateline says.
pub(crate) fn marked(dateline: &Dateline, house: &House, named: &[&str]) -> Option<Finding> {
    let mark = dateline.agency.as_deref()?;
    let listed = agencies::by_mark(mark).map(|agency| agency.name);
    let spelled = || named.iter().find(|name| wires::is_mark_of(mark, name)).copied();
    let unknown = || (!house.has_mark(mark) && !is_no_agency(mark)).then_some(mark);
    let name = listed.or_else(spelled).or_else(unknown)?;
    Some(Finding {
        name: name.to_owned(),
        class: OriginClass::Original,
        mark: EvidenceMark::Dateline,
        text: mark.to_owned(),
        url: None,
    })
}

/// Whether a mark that no agency is known by is a state's or a broadcaster's: American stations (47 CFR 73.3550)
/// have call signs of K or W and two or three letters, and mark their own reports with them.
fn is_no_agency(mark: &str) -> bool {
    const STATES: &str = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ \
        NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AB BC MB NB NL NS NT NU ON PE QC SK YT US USA UK EU UN";
    let call_sign = mark.starts_with(['K', 'W']) && (3..=4).contains(&mark.len());
    call_sign || STATES.split_whitespace().any(|state| state == mark)
}

/// Joins findings about one outlet; leaves out the house itself.
pub(crate) fn join(findings: Vec<Finding>, house: &House) -> Vec<Origin> {
    let mut origins: Vec<Origin> = Vec::new();
    for finding in findings {
        if house.is(&finding.name) {
            continue;
        }
        let key = wires::bare(&finding.name);
        let evidence = Evidence {
            mark: finding.mark,
            text: finding.text,
        };
        match origins.iter_mut().find(|origin| wires::bare(&origin.name) == key) {
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
            (_, None, _) if wires::named(name, false).is_some() => {
                wires::named(name, false).map(str::to_owned)
            }
            ("isBasedOn", None, Some(url)) => Some(if name.is_empty() || name.len() > 60 {
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
    let stated = [
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
    for (name, value) in std::iter::once(("creditText", facts.credit.as_str())).chain(stated) {
        if let Some(agency) = agency_of(value) {
            findings.push(Finding {
                name: agency.to_owned(),
                class: OriginClass::Original,
                mark: EvidenceMark::StructuredData,
                text: format!("{name}: {value}"),
                url: None,
            });
        }
    }
}

/// The agency that a text is the name of.
fn agency_of(text: &str) -> Option<&str> {
    agencies::by_name(text)
        .map(|agency| agency.name)
        .or_else(|| wires::named(text, false))
}

fn name_of(agency: Option<&agencies::Agency>) -> &str {
    agency.map_or("", |agency| agency.name)
}

/// Agencies among those who signed. Beside a person the agency may only have helped.
fn signed(signatories: &[Signatory], findings: &mut Vec<Finding>) {
    let people = signatories.iter().any(|signatory| !signatory.organization);
    for signatory in signatories {
        if let Some(agency) = agency_of(&signatory.name) {
            findings.push(Finding {
                name: agency.to_owned(),
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

/// Agencies that a byline prints as somebody's house: "By Ann Example, Northern Wire".
fn printed(signatures: &[String], findings: &mut Vec<Finding>) {
    for run in signatures {
        for part in run
            .split([',', '|', '•', '·', '/', '(', ')', ';'])
            .flat_map(|part| part.split(" - "))
        {
            let part = crate::byline::without_by(part);
            let Some(agency) = wires::named(part, false) else {
                continue;
            };
            findings.push(Finding {
                name: agency.to_owned(),
                class: OriginClass::Original,
                mark: EvidenceMark::Byline,
                text: run.clone(),
                url: None,
            });
        }
    }
}

/// A headline without the name of the outlet that the page reposts: "Harbour reopens – Example Times".
pub(crate) fn without_outlet(title: &str, origins: &[Origin]) -> String {
    let reposted = origins.iter().filter(|origin| {
        origin
            .evidence
            .iter()
            .any(|one| one.mark == EvidenceMark::Republished)
    });
    for origin in reposted {
        let suffix = |separator: &str| {
            title
                .find(&format!("{separator}{}", origin.name))
                .filter(|at| *at > 0)
        };
        if let Some(at) = lines::SEPARATORS.iter().find_map(|separator| suffix(separator)) {
            return title[..at].trim_end().to_owned();
        }
    }
    title.to_owned()
}
