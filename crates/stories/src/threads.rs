//! Which story carries on which, and which tell of one event in one night: events that go on for weeks make a new story
//! each time that they make news again, and big ones several at once.

use rustc_hash::FxHashMap;

use crate::terms::{Features, Part, Vector, cosine, keep_heaviest, mean};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// A story that began less than this before another is another event of the same hours.
const APART: i64 = DAY / 2;
/// From this likeness on, mean of the cosines of all words and of names, a story follows another. Set by hand: no
/// collection at hand tells which story follows which.
const FOLLOWS: f32 = 0.30;
/// So much likeness a day's distance outweighs: of two instalments the later is the one to point to.
const FORGOTTEN_A_DAY: f32 = 0.01;
/// From this likeness on, by the same measure, two stories of one night stand beside each other. Of pairs of articles of one
/// day whose labels tell whether they tell of the same (`allsides_dev`), 96 in 100 that are so alike do, and most of the
/// others tell of one event from two sides.
const BESIDE: f32 = 0.35;
/// Stories with more than this between them are of different nights.
const NIGHT: i64 = DAY;
/// A story stands beside so many others at most, the likest.
const MOST_BESIDE: usize = 16;
/// So many of the terms that found it must be rare:
const LEAST_RARE: usize = 2;
/// a term that is among the strongest of more stories than this, and one in so many of all, names a kind of news, such as
/// quarterly results, and no event.
const RARE: usize = 20;
const RARE_SHARE: usize = 50;
/// So many of a story's first texts tell what it is about.
const MOST_TEXTS: usize = 8;
/// So many of its strongest terms find it.
const LOOKED_UP: usize = 12;
/// A term's latest so many stories are looked at.
const MOST_POSTED: usize = 100;

/// A story as far as its thread is concerned.
#[derive(Debug)]
pub(crate) struct Strand {
    first: i64,
    last: i64,
    body: Vector,
    names: Vector,
}

impl Strand {
    /// Of its texts, in the order of time, there is at least one; `first` and `last` are the story's.
    pub(crate) fn new(texts: &[&Features], first: i64, last: i64) -> Self {
        let texts = &texts[..texts.len().min(MOST_TEXTS)];
        Self {
            first,
            last,
            body: mean(texts.iter().map(|text| text.of(Part::Body))),
            names: mean(texts.iter().map(|text| text.of(Part::Names))),
        }
    }

    fn likeness(&self, other: &Self) -> f32 {
        (cosine(&self.body, &other.body) + cosine(&self.names, &other.names)) / 2.0
    }
}

/// Two stories that may be alike, by their numbers.
#[derive(Debug)]
struct Pair {
    earlier: usize,
    later: usize,
    /// Milliseconds between the one's last article and the other's first.
    gap: i64,
    likeness: f32,
    /// So many of their strongest terms that few stories have are the same.
    rare: usize,
}

/// For each story, in the order of their first articles, the earlier one that it follows.
pub(crate) fn follow(stories: &[Strand], days: u32) -> Vec<Option<usize>> {
    let mut best: Vec<Option<(f32, usize)>> = vec![None; stories.len()];
    for pair in pairs(stories, |story| &story.body, i64::from(days) * DAY) {
        let begun = stories[pair.later]
            .first
            .saturating_sub(stories[pair.earlier].first);
        let nearness = pair.likeness - FORGOTTEN_A_DAY * (pair.gap / DAY) as f32;
        let best = &mut best[pair.later];
        // Of equal ones the later counts, which comes later among the pairs, too.
        let is_nearest = best.is_none_or(|(before, _)| nearness >= before);
        if begun >= APART && pair.likeness >= FOLLOWS && is_nearest {
            *best = Some((nearness, pair.earlier));
        }
    }
    best.into_iter()
        .map(|best| best.map(|(_, story)| story))
        .collect()
}

/// For each story, in the same order, those of the same night that tell of its event too, the likest first, with their
/// likeness. Each stands beside those that stand beside it.
pub(crate) fn beside(stories: &[Strand]) -> Vec<Vec<(usize, f32)>> {
    let mut found = pairs(stories, |story| &story.body, NIGHT);
    // Of a short text the strongest words are its own, while names tell the event.
    found.extend(pairs(stories, |story| &story.names, NIGHT));
    found.retain(|pair| pair.likeness >= BESIDE && pair.rare >= LEAST_RARE);
    found.sort_by(|a, b| {
        let ends = |pair: &Pair| (pair.earlier, pair.later);
        b.likeness.total_cmp(&a.likeness).then(ends(a).cmp(&ends(b)))
    });
    found.dedup_by_key(|pair| (pair.earlier, pair.later));
    let mut beside: Vec<Vec<(usize, f32)>> = vec![Vec::new(); stories.len()];
    for Pair {
        earlier,
        later,
        likeness,
        ..
    } in found
    {
        if beside[earlier].len().max(beside[later].len()) < MOST_BESIDE {
            beside[earlier].push((later, likeness));
            beside[later].push((earlier, likeness));
        }
    }
    beside
}

/// The pairs of stories that share some of the strongest terms of their vectors, with at most so many milliseconds between
/// them. Each story is compared with those before it, so that one more costs about the same however many there are.
fn pairs(stories: &[Strand], by: impl Fn(&Strand) -> &Vector, within: i64) -> Vec<Pair> {
    let strongest = |story| {
        let mut terms = by(story).clone();
        keep_heaviest(&mut terms, LOOKED_UP);
        terms.into_iter().map(|(term, _)| term).collect()
    };
    let strongest: Vec<Vec<u32>> = stories.iter().map(strongest).collect();
    let mut spread: FxHashMap<u32, usize> = FxHashMap::default();
    for term in strongest.iter().flatten() {
        *spread.entry(*term).or_default() += 1;
    }
    let common = RARE + stories.len() / RARE_SHARE;
    let mut by_term: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    let mut pairs = Vec::new();
    for (later, story) in stories.iter().enumerate() {
        let posted = strongest[later].iter().flat_map(|term| {
            let latest = by_term.get(term).into_iter().flatten().rev().take(MOST_POSTED);
            let is_rare = spread[term] <= common;
            latest.map(move |&earlier| (earlier, is_rare))
        });
        let mut posted: Vec<(usize, bool)> = posted.collect();
        posted.sort_unstable();
        // One common word is no thread.
        for shared in posted
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|shared| shared.len() > 1)
        {
            let before = &stories[shared[0].0];
            let gap = story.first.saturating_sub(before.last).max(0);
            if gap <= within {
                pairs.push(Pair {
                    earlier: shared[0].0,
                    later,
                    gap,
                    likeness: story.likeness(before),
                    rare: shared.iter().filter(|(_, is_rare)| *is_rare).count(),
                });
            }
        }
        for term in &strongest[later] {
            by_term.entry(*term).or_default().push(later);
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = DAY / 24;

    /// A story of one instant whose words, all of the same weight, are also its names.
    fn strand(hour: i64, terms: impl IntoIterator<Item = u32>) -> Strand {
        let mut terms: Vec<u32> = terms.into_iter().collect();
        terms.sort_unstable();
        let weight = 1.0 / (terms.len() as f32).sqrt();
        let vector: Vector = terms.into_iter().map(|term| (term, weight)).collect();
        Strand {
            first: hour * HOUR,
            last: hour * HOUR,
            body: vector.clone(),
            names: vector,
        }
    }

    /// Who stands beside whom.
    fn standing(stories: &[Strand]) -> Vec<Vec<usize>> {
        let beside = beside(stories);
        let others = |beside: &Vec<(usize, f32)>| beside.iter().map(|(other, _)| *other).collect();
        beside.iter().map(others).collect()
    }

    #[test]
    fn what_shares_much_in_one_night_stands_beside_each_other_the_likest_first() {
        let rescue = strand(0, 0..10);
        let damage = strand(3, 6..16);
        let minister = strand(5, (0..5).chain(20..25));
        let bishop = strand(6, 30..40);
        let night = [rescue, damage, minister, bishop];
        assert_eq!(standing(&night), [vec![2, 1], vec![0], vec![0], vec![]]);
        assert_eq!(follow(&night, 21), [None; 4], "of the same hours");

        let later = [strand(0, 0..10), strand(25, 0..10)];
        assert_eq!(standing(&later), [[0; 0]; 2], "another night");
        assert_eq!(follow(&later, 21), [None, Some(0)]);
    }

    #[test]
    fn what_many_stories_share_is_no_event() {
        let results =
            |count: u32| (0..count).map(|number| strand(0, (0..6).chain(100 + 6 * number..106 + 6 * number)));
        let few: Vec<Strand> = results(12).collect();
        assert!(standing(&few).iter().all(|beside| beside.len() == 11));
        let many: Vec<Strand> = results(60).collect();
        assert!(standing(&many).iter().all(Vec::is_empty));
    }

    #[test]
    fn each_stands_beside_so_many_at_most_and_they_beside_it() {
        let night = (0..20).map(|hour| strand(hour, (0..9).chain([100 + hour as u32])));
        let night: Vec<Strand> = night.collect();
        let standing = standing(&night);
        assert!(standing.iter().all(|beside| beside.len() <= MOST_BESIDE));
        assert!(standing.iter().any(|beside| beside.len() == MOST_BESIDE));
        for (story, beside) in standing.iter().enumerate() {
            assert!(
                beside.iter().all(|other| standing[*other].contains(&story)),
                "{story}"
            );
        }
    }
}
