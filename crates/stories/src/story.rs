//! A story as it is told: what to link, who wrote it, how many newsrooms reported it.

use reveille_model::{ArticleKind, UnixMillis};
use rustc_hash::FxHashSet;

use crate::agencies::same_name_key;
use crate::doc::{Original, Story};
use crate::group::Group;
use crate::held::Held;

/// Tells the story that these groups make; there is at least one.
pub(crate) fn tell(groups: &[&Group], all: &[Held]) -> Option<Story> {
    let mut articles: Vec<u32> = groups
        .iter()
        .flat_map(|group| group.members.iter().copied())
        .collect();
    articles.sort_by_key(|&at| (all[at as usize].at, at));
    let time = |at: Option<&u32>| at.map_or(UnixMillis(0), |&at| all[at as usize].at);
    let main = main(groups, all)?;
    Some(Story {
        lead: all[main.lead as usize].id,
        independent: independent(groups, all),
        original: original(main, all),
        first: time(articles.first()),
        last: time(articles.last()),
        follows: None,
        beside: Vec::new(),
        articles: articles.into_iter().map(|at| all[at as usize].id).collect(),
    })
}

/// The group in whose words the story is told: news before everything else, then what most outlets carry, by the
/// editor's weights, then the earliest.
fn main<'a>(groups: &[&'a Group], all: &[Held]) -> Option<&'a Group> {
    let carried = |group: &Group| -> f64 {
        let mut outlets: FxHashSet<u32> = FxHashSet::default();
        let held = group.members.iter().map(|&at| &all[at as usize]);
        held.filter(|held| outlets.insert(held.outlet))
            .map(|held| held.weight)
            .sum()
    };
    groups.iter().copied().min_by(|a, b| {
        let (x, y) = (&all[a.lead as usize], &all[b.lead as usize]);
        (x.kind != ArticleKind::News)
            .cmp(&(y.kind != ArticleKind::News))
            .then_with(|| carried(b).total_cmp(&carried(a)))
            .then_with(|| (x.at, x.id).cmp(&(y.at, y.id)))
    })
}

/// How many newsrooms wrote of it themselves. Opinion pieces and corrections are no reports of their own.
fn independent(groups: &[&Group], all: &[Held]) -> usize {
    let rooms: FxHashSet<String> = groups
        .iter()
        .map(|group| (group, group.root(all)))
        .filter(|(_, root)| !matches!(root.kind, ArticleKind::Opinion | ArticleKind::Correction))
        .map(|(group, root)| match &group.verdict.name {
            Some(name) => same_name_key(name),
            None => root.newsroom.carrier_key.clone(),
        })
        .collect();
    rooms.len().max(1)
}

/// Who wrote a group's text, as readers are told.
pub(crate) fn original(group: &Group, all: &[Held]) -> Option<Original> {
    let root = group.root(all);
    let own = group.verdict.gathered;
    Some(Original {
        name: group.verdict.name.clone()?,
        article: own.then_some(root.id),
        url: if own {
            root.url.web().cloned()
        } else {
            group.verdict.link.clone()
        },
        evidence: group.verdict.evidence.clone(),
    })
}
