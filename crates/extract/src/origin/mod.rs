//! Who wrote the text, where the page says that it was not its carrier: every mark is kept as evidence.

pub mod agencies;
pub(crate) mod dateline;
mod head;
pub(crate) mod house;
pub(crate) mod lines;
mod signed;
pub(crate) mod wires;

use reveille_model::{Block, CanonicalUrl, Dateline, Evidence, EvidenceMark, Origin, OriginClass};

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

/// A line of the page that may say who wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) text: String,
    /// The address of its first link.
    pub(crate) link: Option<String>,
    /// Whether nothing of the article comes after it: there an agency signs with nothing but its name.
    pub(crate) last: bool,
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
    /// Addresses inside the body at which its publisher may count its readers.
    pub(crate) counters: &'a [String],
    pub(crate) lines: &'a [Line],
}

/// Takes the dateline off the body, and names everybody whom the page has as the text's source, best first.
pub(crate) fn find(page: &Page<'_>, body: &mut Vec<Block>) -> (Option<Dateline>, Vec<Origin>) {
    let named = organisations(page.signatories, page.signatures, page.lines, body);
    let dateline = dateline::take(body, &named);
    let mut findings = Vec::new();
    head::find(page, &mut findings);
    signed::find(page.signatories, page.signatures, &mut findings);
    if let Some(dateline) = &dateline {
        findings.extend(marked(dateline, page.house, &named));
        findings.extend(marked_with(dateline));
    }
    findings.extend(
        page.counters
            .iter()
            .filter_map(|address| counted(address, page.url)),
    );
    let context = Context {
        url: Some(page.url),
        title: page.title,
    };
    for line in page.lines {
        lines::read(line, context, &mut findings);
    }
    (dateline, join(findings, page.house))
}

/// An agency that counts the readers of what others republish, by the address in the article at which it does.
fn counted(address: &str, url: &CanonicalUrl) -> Option<Finding> {
    let counter = url.join(address).ok()?;
    Some(Finding {
        name: agencies::by_site(counter.site())?.name.to_owned(),
        class: OriginClass::Republished,
        mark: EvidenceMark::Republished,
        text: address.to_owned(),
        url: None,
    })
}

/// So many organisations are looked at.
const MOST_NAMED: usize = 200;

/// The organisations that a page names where it says who wrote it: what the mark of a dateline may stand for.
pub(crate) fn organisations(
    signatories: &[Signatory],
    signatures: &[String],
    lines: &[Line],
    body: &[Block],
) -> Vec<String> {
    let signed = signatories.iter().map(|signatory| signatory.name.as_str());
    let rest = signatures
        .iter()
        .map(String::as_str)
        .chain(lines.iter().map(|line| line.text.as_str()))
        .chain(body.iter().map(|block| block.text.as_str()));
    let mut named: Vec<&str> = signed.clone().collect();
    named.extend(
        signed
            .chain(rest)
            .flat_map(|text| wires::find(text, true))
            .take(MOST_NAMED),
    );
    named.sort_unstable();
    named.dedup();
    named.into_iter().map(str::to_owned).collect()
}

/// What the mark in a dateline says.
pub(crate) fn marked(dateline: &Dateline, house: &House, named: &[String]) -> Option<Finding> {
    let mark = dateline.agency.as_deref()?;
    let listed = agencies::by_mark(mark).map(|agency| agency.name);
    let spelled = || {
        let spelled = named.iter().find(|name| wires::is_mark_of(mark, name));
        spelled.map(String::as_str)
    };
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

/// The agencies that share a dateline with the first: "dpa/AFP".
fn marked_with(dateline: &Dateline) -> impl Iterator<Item = Finding> {
    let mark = dateline.agency.as_deref().unwrap_or_default();
    let others = mark
        .split('/')
        .skip(1)
        .filter_map(|part| agencies::by_mark(part.trim()));
    others.map(move |agency| Finding {
        name: agency.name.to_owned(),
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

/// The agency that a text is the name of.
fn agency_of(text: &str) -> Option<&str> {
    agencies::by_name(text)
        .map(|agency| agency.name)
        .or_else(|| wires::named(text, false))
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

#[cfg(test)]
mod tests {
    #[test]
    fn agencies_that_share_a_dateline_are_named_in_its_order() {
        let page = "<title>Rhona steigt</title><article><h1>Rhona steigt</h1><p>Musterhafen (dpa/AFP) - Die Rhona ist am \
                    Montag weiter gestiegen, wie die Feuerwehr mitteilte, und steht nun in vierhundert Kellern.</p></article>";
        let url = "https://bote.example/rhona".parse().unwrap();
        let origins = crate::extract(page.as_bytes(), &url, Some("utf-8"))
            .article
            .origins;
        let names: Vec<&str> = origins.iter().map(|origin| origin.name.as_str()).collect();
        assert_eq!(names, ["dpa", "Agence France-Presse"]);
    }
}
