//! A group of copies: who stands for it, and how the others relate to that one.

use reveille_model::{ArticleKind, CopyLink};

use crate::archive::Archive;
use crate::compare::{Body, Likeness};
use crate::doc::Copy;
use crate::habits::Habits;
use crate::held::Held;
use crate::origin::{self, Houses, Verdict};
use crate::runs;

/// A member shorter than this share of the text that stands for its group is an excerpt.
const EXCERPT: f64 = 0.35;
/// A member of at least this share of the longest holds about the whole text.
const FULL: f64 = 0.5;

/// A group with what was decided about it.
#[derive(Debug)]
pub(crate) struct Group {
    /// Its articles by position, in the order of time.
    pub(crate) members: Vec<u32>,
    pub(crate) verdict: Verdict,
    /// The article that a reader should be sent to, by position.
    pub(crate) lead: u32,
    pub(crate) copies: Vec<Copy>,
}

impl Group {
    /// Decides on a group's articles.
    pub(crate) fn decide(mut members: Vec<u32>, archive: &Archive, habits: &Habits, houses: &Houses) -> Self {
        let all = &archive.held;
        members.sort_by_key(|&at| (all[at as usize].at, at));
        let held: Vec<&Held> = members.iter().map(|&at| &all[at as usize]).collect();
        if let [only] = members[..] {
            let verdict = origin::decide(&held, &[true], houses, &archive.rulings);
            return Self {
                members,
                verdict,
                lead: only,
                copies: Vec::new(),
            };
        }
        let bodies: Vec<Body> = held.iter().map(|held| body(held, habits)).collect();
        let sizes: Vec<f64> = bodies.iter().map(|body| body.set.size()).collect();
        let largest = sizes.iter().copied().fold(0.0, f64::max);
        let full: Vec<bool> = sizes.iter().map(|size| *size >= FULL * largest).collect();
        let verdict = origin::decide(&held, &full, houses, &archive.rulings);
        let copies = (0..held.len())
            .filter(|&at| at != verdict.root)
            .map(|at| copy(&held, &bodies, at, &verdict))
            .collect();
        let lead = match held[verdict.root].kind {
            ArticleKind::PaywallStub => origin::earliest(&held, &full),
            _ => verdict.root,
        };
        Self {
            lead: members[lead],
            members,
            verdict,
            copies,
        }
    }

    /// The position of the article that stands for the group.
    pub(crate) fn standing(&self) -> u32 {
        self.members[self.verdict.root]
    }

    /// The article that stands for the group.
    pub(crate) fn root<'a>(&self, all: &'a [Held]) -> &'a Held {
        &all[self.standing() as usize]
    }

    /// The first of its articles.
    pub(crate) fn first<'a>(&self, all: &'a [Held]) -> &'a Held {
        &all[self.members[0] as usize]
    }
}

fn body(held: &Held, habits: &Habits) -> Body {
    let content = habits.without(&held.body, held.outlet);
    let runs = runs::runs(&content);
    Body::new(held, &content, &runs)
}

/// How a copy that is so like its original relates to it.
pub(crate) fn link(likeness: Likeness, member: &Held, original: &Held) -> CopyLink {
    let later = member.at > original.at;
    if likeness.shared.first < EXCERPT * likeness.shared.second || likeness.is_excerpt() {
        CopyLink::Excerpt
    } else if later && (member.says_updated || member.outlet == original.outlet) {
        CopyLink::Update
    } else {
        CopyLink::Same
    }
}

/// How one member relates to the one that stands for the group.
fn copy(held: &[&Held], bodies: &[Body], at: usize, verdict: &Verdict) -> Copy {
    let likeness = bodies[at].compare(&bodies[verdict.root]);
    let shared = likeness.shared;
    let (member, original) = (held[at], held[verdict.root]);
    let link = link(likeness, member, original);
    let percent = |share: f64| (share.min(1.0) * 100.0).round();
    let evidence = format!(
        "{} % of its five-word runs stand in {}'s text, {} % of that text's in it",
        percent(shared.of_first()),
        original.newsroom.carrier,
        percent(shared.of_second()),
    );
    Copy {
        article: member.id,
        of: original.id,
        link,
        overlap: shared.overlap(),
        name: verdict.name.clone(),
        evidence,
    }
}
