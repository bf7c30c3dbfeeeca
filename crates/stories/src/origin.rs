//! Who wrote a group's text: by what the copies say, then by whose page it is, then by time.

use reveille_model::{ArticleKind, CanonicalUrl, Evidence, EvidenceMark, Origin, OriginClass};
use rustc_hash::FxHashMap;

use crate::agencies::{agency_named, agency_of_host, same_name_key};
use crate::held::Held;
use crate::ruling::Rulings;

/// Where the members of a group point.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    /// The member that stands for the group, as its position in the group.
    pub(crate) root: usize,
    /// Who wrote it, where anything says so.
    pub(crate) name: Option<String>,
    /// Whether the root is the original itself.
    pub(crate) gathered: bool,
    /// Where it stands, if a copy links it and it was not gathered.
    pub(crate) link: Option<CanonicalUrl>,
    /// What it rests on.
    pub(crate) evidence: Vec<Evidence>,
}

/// Outlets that print nothing but one agency's texts: its own sites under whatever address.
#[derive(Debug, Default)]
pub(crate) struct Houses {
    /// Outlet → the agency's plain name.
    of: FxHashMap<u32, String>,
}

/// Texts that an outlet must have shown before it can be taken for an agency's house.
const FEWEST_TEXTS: u32 = 4;
/// The share of its texts that must credit that agency.
const HOUSE_SHARE: f64 = 0.6;

impl Houses {
    /// Learns from all articles: a paper carries several agencies and work of its own, an agency only itself.
    pub(crate) fn learn(held: &[Held]) -> Self {
        let mut texts: FxHashMap<u32, u32> = FxHashMap::default();
        let mut credits: FxHashMap<u32, FxHashMap<String, u32>> = FxHashMap::default();
        for one in held {
            *texts.entry(one.outlet).or_default() += 1;
            if let Some(name) = one.credited() {
                *credits
                    .entry(one.outlet)
                    .or_default()
                    .entry(same_name_key(name))
                    .or_default() += 1;
            }
        }
        let mut of = FxHashMap::default();
        for (outlet, names) in credits {
            let all = texts[&outlet];
            let only = names.len() == 1;
            if let Some((name, count)) = names.into_iter().next()
                && only
                && all >= FEWEST_TEXTS
                && f64::from(count) >= HOUSE_SHARE * f64::from(all)
            {
                of.insert(outlet, name);
            }
        }
        Self { of }
    }

    /// Whether an article stands on a site of the agency or outlet of that name.
    fn owns(&self, name: &str, held: &Held) -> bool {
        let key = same_name_key(name);
        let house = agency_of_host(held.url.host()).map(|agency| same_name_key(agency.name));
        house.as_ref() == Some(&key)
            || held.newsroom.carrier_key == key
            || held.newsroom.source_key == key
            || self.of.get(&held.outlet) == Some(&key)
    }
}

/// Decides for one group. `members` are in the order of time, `full` tells which hold about the whole text.
/// An editor's word comes before all that they say.
pub(crate) fn decide(members: &[&Held], full: &[bool], houses: &Houses, rulings: &Rulings) -> Verdict {
    if let Some(verdict) = ruled(members, full, houses, rulings) {
        return verdict;
    }
    let named = vote(members);
    let linked = most_linked(members);
    let reposted = most_named(members, |origin| {
        (origin.class == OriginClass::Republished).then_some(1.0)
    });
    let own_of = |name: &Option<String>| {
        let name = name.as_ref()?;
        let own = (0..members.len()).filter(|&at| houses.owns(name, members[at]));
        own.min_by_key(|&at| (!full[at], at))
    };
    let evidence = named
        .as_ref()
        .map_or_else(Vec::new, |name| evidence_for(members, name));
    if let Some(root) = own_of(&named).or(linked).or_else(|| own_of(&reposted)) {
        let carrier = members[root].newsroom.carrier.clone();
        let name = named.or((members.len() > 1).then_some(carrier));
        let gathered = name.as_ref().is_some_and(|name| houses.owns(name, members[root]));
        let evidence = if evidence.is_empty() {
            link_evidence(members, root)
        } else {
            evidence
        };
        return Verdict {
            root,
            name,
            gathered,
            link: None,
            evidence,
        };
    }
    let root = earliest(members, full);
    let link = named.as_ref().and_then(|name| link_of(members, name));
    match named {
        Some(name) => Verdict {
            root,
            name: Some(name),
            gathered: false,
            link,
            evidence,
        },
        None => {
            let clear = members.len() > 1 && is_clearly_first(members, root);
            let name = clear.then(|| members[root].newsroom.carrier.clone());
            Verdict {
                root,
                name,
                gathered: clear,
                link: None,
                evidence: Vec::new(),
            }
        }
    }
}

/// What an editor said of the first member of which anything was said.
fn ruled(members: &[&Held], full: &[bool], houses: &Houses, rulings: &Rulings) -> Option<Verdict> {
    let (name, own) = members.iter().find_map(|member| rulings.original(member.id))?;
    let own = own
        .and_then(|own| members.iter().position(|member| member.id == own))
        .or_else(|| (0..members.len()).find(|&at| houses.owns(name, members[at])));
    Some(Verdict {
        root: own.unwrap_or_else(|| earliest(members, full)),
        name: Some(name.to_owned()),
        gathered: own.is_some(),
        link: own.is_none().then(|| link_of(members, name)).flatten(),
        evidence: vec![Evidence {
            mark: EvidenceMark::Editor,
            text: name.to_owned(),
        }],
    })
}

/// The name that most newsrooms credit. An agency that wrote the text comes before an outlet that it was reposted
/// from, even where a mention is all that speaks for it: the outlet is still the article to link.
fn vote(members: &[&Held]) -> Option<String> {
    let wrote = most_named(members, |origin| match origin.class {
        OriginClass::Original => Some(1.0),
        OriginClass::Probable => agency_named(&origin.name).map(|_| 0.3),
        OriginClass::Republished | OriginClass::Contributed => None,
    });
    wrote.or_else(|| {
        most_named(members, |origin| match origin.class {
            OriginClass::Republished => Some(1.0),
            OriginClass::Probable => Some(0.3),
            OriginClass::Original | OriginClass::Contributed => None,
        })
    })
}

/// The name with most weight, each newsroom counted once for it; of equals the one that was printed first.
fn most_named(members: &[&Held], weigh: impl Fn(&Origin) -> Option<f64>) -> Option<String> {
    let mut votes: Vec<(&str, f64, Vec<u32>)> = Vec::new();
    for member in members {
        for (origin, weight) in member
            .origins
            .iter()
            .filter_map(|origin| Some((origin, weigh(origin)?)))
        {
            let key = same_name_key(&origin.name);
            match votes.iter_mut().find(|(name, ..)| same_name_key(name) == key) {
                Some((_, sum, outlets)) if !outlets.contains(&member.outlet) => {
                    *sum += weight;
                    outlets.push(member.outlet);
                }
                Some(_) => {}
                None => votes.push((&origin.name, weight, vec![member.outlet])),
            }
        }
    }
    let best = votes
        .into_iter()
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(name, ..)| name.to_owned())
}

/// The member to which most others' canonical addresses and reposting notes point.
fn most_linked(members: &[&Held]) -> Option<usize> {
    let at_url: FxHashMap<&CanonicalUrl, usize> = members
        .iter()
        .enumerate()
        .rev()
        .filter_map(|(at, member)| Some((member.url.web()?, at)))
        .collect();
    let mut votes = vec![0_u32; members.len()];
    for (from, member) in members.iter().enumerate() {
        for url in member
            .canonical
            .iter()
            .chain(member.origins.iter().filter_map(|origin| origin.url.as_ref()))
        {
            match at_url.get(url) {
                Some(&to) if to != from => votes[to] += 1,
                _ => {}
            }
        }
    }
    let most = votes.iter().copied().max().filter(|&most| most > 0)?;
    votes.iter().position(|&count| count == most)
}

fn link_of(members: &[&Held], name: &str) -> Option<CanonicalUrl> {
    members
        .iter()
        .flat_map(|member| &member.origins)
        .filter(|origin| same_name_key(&origin.name) == same_name_key(name))
        .find_map(|origin| origin.url.clone())
        .or_else(|| members.iter().find_map(|member| elsewhere(member)))
}

/// The canonical address that an article gives on another site than its own.
fn elsewhere(member: &Held) -> Option<CanonicalUrl> {
    member
        .canonical
        .clone()
        .filter(|canonical| member.url.web().is_some_and(|own| own.site() != canonical.site()))
}

fn link_evidence(members: &[&Held], root: usize) -> Vec<Evidence> {
    let Some(url) = members[root].url.web() else {
        return Vec::new();
    };
    let mut evidence: Vec<Evidence> = Vec::new();
    for member in members {
        if member.canonical.as_ref() == Some(url) && member.url != *url {
            evidence.push(Evidence {
                mark: EvidenceMark::Canonical,
                text: url.to_string(),
            });
        }
        let noted = member
            .origins
            .iter()
            .filter(|origin| origin.url.as_ref() == Some(url));
        evidence.extend(noted.flat_map(|origin| origin.evidence.iter().cloned()));
    }
    evidence.dedup();
    evidence
}

/// All that names the winner, by strength of class, each wording once.
fn evidence_for(members: &[&Held], name: &str) -> Vec<Evidence> {
    let mut found: Vec<(OriginClass, &Evidence)> = members
        .iter()
        .flat_map(|member| &member.origins)
        .filter(|origin| same_name_key(&origin.name) == same_name_key(name))
        .flat_map(|origin| origin.evidence.iter().map(|evidence| (origin.class, evidence)))
        .collect();
    found.sort_by_key(|(class, _)| *class);
    let mut evidence: Vec<Evidence> = Vec::new();
    for (_, one) in found {
        if !evidence.contains(one) {
            evidence.push(one.clone());
        }
    }
    evidence
}

/// The earliest member that holds the whole text; news that anybody may read before the rest.
pub(crate) fn earliest(members: &[&Held], full: &[bool]) -> usize {
    let rank = |at: usize| {
        let kind = members[at].kind;
        (
            kind == ArticleKind::PaywallStub,
            !full[at],
            kind != ArticleKind::News,
            at,
        )
    };
    (0..members.len()).min_by_key(|&at| rank(at)).unwrap_or(0)
}

/// Whether the root was published before everybody else, beyond the doubt of equal times.
fn is_clearly_first(members: &[&Held], root: usize) -> bool {
    members
        .iter()
        .enumerate()
        .all(|(at, member)| at == root || member.at.0 > members[root].at.0)
}
