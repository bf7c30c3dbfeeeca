//! Mean linkage: texts to stories once all neighbours are known.
//!
//! Agglomerative clustering over the graph of neighbours, nearest pair of clusters first. A pair of texts that are not
//! neighbours counts as unlike, as far as they could have been neighbours at all.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

/// Log-odds of two texts of which neither is among the other's neighbours.
const UNLIKE: f32 = -1.5;
/// Of a text's neighbours in a large story so many are expected to be known.
const KNOWN: usize = 12;

/// Log-odds of two texts that are fillings of one form.
pub(crate) const FORM: f32 = -4.0;
/// Log-odds of two texts that an editor joined, far beyond what a mean of all others can outweigh,
pub(crate) const JOINED: f32 = 1e6;
/// and of two that an editor parted, which outweigh even those.
pub(crate) const PARTED: f32 = -1e9;

/// Two texts and the log-odds that they tell of one event.
pub(crate) type Edge = (u32, u32, f32);

/// Groups the texts `0..count`: clusters are joined while the mean log-odds between them are at least `join`.
/// What is `ruled` of two texts stands in place of what is known of them otherwise.
/// Each cluster is sorted, and so are the clusters by their first text.
pub(crate) fn cluster(count: usize, edges: &[Edge], ruled: &[Edge], join: f32) -> Vec<Vec<u32>> {
    let mut members: Vec<Vec<u32>> = (0..count as u32).map(|text| vec![text]).collect();
    let mut bonds: Vec<FxHashMap<u32, Bond>> = vec![FxHashMap::default(); count];
    // No mean reaches `join` where no pair does: what no such pairs connect is never joined, and most edges lie there.
    let near = |&&(_, _, odds): &&Edge| Bond::known(odds).mean(1, 1) >= join;
    let parts = connected(count, edges.iter().chain(ruled).filter(near));
    let within = |&&(a, b, _): &&Edge| a != b && parts[a as usize] == parts[b as usize];
    for &(a, b, odds) in edges.iter().filter(within) {
        // A pair may be noted from both sides.
        bonds[a as usize].entry(b).or_insert(Bond::known(odds));
        bonds[b as usize].entry(a).or_insert(Bond::known(odds));
    }
    // Where two texts were both joined and parted, what outweighs the other stands.
    let mut ruled = ruled.to_vec();
    ruled.sort_by(|x, y| x.2.abs().total_cmp(&y.2.abs()));
    for &(a, b, odds) in ruled.iter().filter(|(a, b, _)| a != b) {
        bonds[a as usize].insert(b, Bond::ruled(odds));
        bonds[b as usize].insert(a, Bond::ruled(odds));
    }
    let mut heap = BinaryHeap::new();
    for &(a, b, _) in edges.iter().filter(within).chain(&ruled) {
        let odds = bonds[a as usize].get(&b).map(|bond| bond.mean(1, 1));
        heap.extend(
            odds.filter(|odds| *odds >= join)
                .map(|odds| Candidate::new(odds, (a, 1), (b, 1))),
        );
    }
    while let Some(next) = heap.pop() {
        let sizes = |text: u32| members[text as usize].len() as u32;
        if sizes(next.a) != next.sizes.0 || sizes(next.b) != next.sizes.1 {
            continue;
        }
        let keep = join_two(&mut members, &mut bonds, (next.a, next.b));
        let size = members[keep as usize].len();
        for (&other, bond) in &bonds[keep as usize] {
            let theirs = members[other as usize].len();
            let odds = bond.mean(size, theirs);
            heap.extend((odds >= join).then(|| Candidate::new(odds, (keep, size), (other, theirs))));
        }
    }
    let mut clusters: Vec<Vec<u32>> = members
        .into_iter()
        .filter(|cluster| !cluster.is_empty())
        .collect();
    clusters.iter_mut().for_each(|cluster| cluster.sort_unstable());
    clusters.sort_unstable_by_key(|cluster| cluster[0]);
    clusters
}

/// Makes one cluster of two, and says under which of their texts it goes on: that with more bonds, of which fewer then move.
fn join_two(members: &mut [Vec<u32>], bonds: &mut [FxHashMap<u32, Bond>], (a, b): (u32, u32)) -> u32 {
    let (keep, gone) = if bonds[a as usize].len() >= bonds[b as usize].len() {
        (a, b)
    } else {
        (b, a)
    };
    let taken = std::mem::take(&mut members[gone as usize]);
    members[keep as usize].extend(taken);
    let moved = std::mem::take(&mut bonds[gone as usize]);
    bonds[keep as usize].remove(&gone);
    for (other, bond) in moved.into_iter().filter(|(other, _)| *other != keep) {
        bonds[other as usize].remove(&gone);
        bonds[other as usize].entry(keep).or_default().join(bond);
        bonds[keep as usize].entry(other).or_default().join(bond);
    }
    keep
}

/// The part of each text `0..count`, by a text of it: texts that edges connect are of one part.
fn connected<'a>(count: usize, edges: impl Iterator<Item = &'a Edge>) -> Vec<u32> {
    let mut parts: Vec<u32> = (0..count as u32).collect();
    for &(a, b, _) in edges {
        let (a, b) = (part(&mut parts, a), part(&mut parts, b));
        parts[a as usize] = b;
    }
    (0..count as u32).map(|text| part(&mut parts, text)).collect()
}

/// Follows a text to that of its part, and shortens the way.
fn part(parts: &mut [u32], mut text: u32) -> u32 {
    while parts[text as usize] != text {
        let next = parts[text as usize];
        parts[text as usize] = parts[next as usize];
        text = next;
    }
    text
}

/// What is known between two clusters.
#[derive(Debug, Clone, Copy, Default)]
struct Bond {
    /// In thousandths, so that the order of addition cannot matter.
    sum: i64,
    count: u32,
}

impl Bond {
    fn known(odds: f32) -> Self {
        Self {
            sum: (odds.max(UNLIKE) * 1000.0) as i64,
            count: 1,
        }
    }

    fn ruled(odds: f32) -> Self {
        Self {
            sum: (f64::from(odds) * 1000.0) as i64,
            count: 1,
        }
    }

    fn join(&mut self, other: Self) {
        self.sum += other.sum;
        self.count += other.count;
    }

    fn mean(&self, ours: usize, theirs: usize) -> f32 {
        let expected = (ours * theirs).min(KNOWN * ours.min(theirs)) as f32;
        let missing = (expected - self.count as f32).max(0.0);
        (self.sum as f32 / 1000.0 + missing * UNLIKE) / (self.count as f32 + missing)
    }
}

/// The mean log-odds between one text and a story of so many, of which `known` are its neighbours with these odds in
/// all.
pub(crate) fn mean_to(story: usize, known: u32, odds: f32) -> f32 {
    let bond = Bond {
        sum: (f64::from(odds) * 1000.0) as i64,
        count: known,
    };
    bond.mean(1, story)
}

/// A pair of clusters that may be joined, as large as they were when it was noted.
#[derive(Debug, PartialEq)]
struct Candidate {
    odds: f32,
    a: u32,
    b: u32,
    sizes: (u32, u32),
}

impl Candidate {
    fn new(odds: f32, one: (u32, usize), two: (u32, usize)) -> Self {
        let ((a, x), (b, y)) = if one.0 <= two.0 { (one, two) } else { (two, one) };
        Self {
            odds,
            a,
            b,
            sizes: (x as u32, y as u32),
        }
    }
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.odds
            .total_cmp(&other.odds)
            .then_with(|| (other.a, other.b, other.sizes).cmp(&(self.a, self.b, self.sizes)))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_are_joined_first_and_a_bridge_does_not_weld() {
        let edges = [(0, 1, 3.0), (2, 3, 3.0), (1, 2, 0.5)];
        assert_eq!(cluster(5, &edges, &[], 0.0), [vec![0, 1], vec![2, 3], vec![4]]);
    }

    #[test]
    fn what_an_editor_ruled_holds() {
        let edges = [(0, 1, 3.0), (1, 2, 3.0)];
        let ruled = [(0, 1, PARTED), (2, 3, JOINED)];
        assert_eq!(cluster(4, &edges, &ruled, 0.0), [vec![0], vec![1, 2, 3]]);
        let both_ways = [(0, 1, PARTED), (0, 1, JOINED), (0, 1, FORM)];
        assert_eq!(cluster(2, &[], &both_ways, 0.0), [vec![0], vec![1]]);
        let contradictory = [(0, 1, JOINED), (1, 2, JOINED), (0, 2, PARTED)];
        let stories = cluster(3, &[], &contradictory, 0.0);
        assert!(
            !stories
                .iter()
                .any(|story| story.contains(&0) && story.contains(&2))
        );
    }

    #[test]
    fn the_order_of_edges_does_not_matter() {
        let mut edges = vec![(0, 1, 1.0), (1, 2, 0.9), (0, 2, 0.2), (3, 2, 0.4), (3, 1, -0.3)];
        let before = cluster(4, &edges, &[], 0.0);
        edges.reverse();
        assert_eq!(before, cluster(4, &edges, &[], 0.0));
    }
}
