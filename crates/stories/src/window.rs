use reveille_model::{ArticleId, ArticleKind, CopyLink, UnixMillis};
use rustc_hash::FxHashSet;

use crate::agencies::plain;
use crate::compare::Body;
use crate::copies::Copies;
use crate::doc::{Copy, Doc, Folding, Options, Original, Story};
use crate::events::Events;
use crate::habits::Habits;
use crate::held::Held;
use crate::origin::{self, Houses, Verdict};
use crate::runs;
use crate::terms::{Features, Frequencies};
use crate::words::Word;

/// A member shorter than this share of the text that stands for its group is an excerpt.
const EXCERPT: f64 = 0.35;

/// A text of fewer words is placed after the longer ones.
const SHORT_WORDS: usize = 130;
/// A member of at least this share of the longest holds about the whole text.
const FULL: f64 = 0.5;

/// The articles of the last weeks, grouped as they come.
#[derive(Debug)]
pub struct Window {
    options: Options,
    held: Vec<Held>,
    known: FxHashSet<ArticleId>,
    copies: Copies,
    habits: Habits,
}

/// A group of copies with what was decided about it.
struct Group {
    members: Vec<u32>,
    verdict: Verdict,
    copies: Vec<Copy>,
}

impl Window {
    /// An empty window.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            held: Vec::new(),
            known: FxHashSet::default(),
            copies: Copies::default(),
            options,
            habits: Habits::default(),
        }
    }

    /// Takes one more article. An id that is known already is passed over.
    pub fn add(&mut self, doc: &Doc) {
        if !self.known.insert(doc.id) {
            return;
        }
        let at = self.held.len();
        self.held.push(Held::new(doc));
        let group = self.copies.place(at, &self.held, &self.habits);
        self.habits
            .learn(&self.held[at].body, self.held[at].outlet, group);
    }

    /// All copies and stories as they stand now, by what all articles together have taught.
    #[must_use]
    pub fn folding(&self) -> Folding {
        let groups = self.groups();
        let mut folding = Folding::default();
        for story in self.stories(&groups) {
            folding.stories.push(self.story(&story, &groups));
        }
        folding.copies = groups.into_iter().flat_map(|group| group.copies).collect();
        folding.copies.sort_by_key(|copy| copy.article);
        folding.stories.sort_by_key(|story| (story.first, story.lead));
        folding
    }

    /// Groups anew with the habits that were learnt meanwhile, and decides on each. Short texts come last: a teaser
    /// can be told to be part of a full text, but not the other way round.
    fn groups(&self) -> Vec<Group> {
        let mut copies = Copies::default();
        let mut members: Vec<Vec<u32>> = Vec::new();
        let short = |at: &usize| self.held[*at].body.words.len() < SHORT_WORDS;
        let (short, long): (Vec<usize>, Vec<usize>) = (0..self.held.len()).partition(short);
        for at in long.into_iter().chain(short) {
            let group = copies.place(at, &self.held, &self.habits) as usize;
            members.resize(members.len().max(group + 1), Vec::new());
            members[group].push(at as u32);
        }
        let houses = Houses::learn(&self.held);
        members
            .into_iter()
            .map(|members| self.decide(members, &houses))
            .collect()
    }

    fn decide(&self, mut members: Vec<u32>, houses: &Houses) -> Group {
        members.sort_by_key(|&at| (self.held[at as usize].at, at));
        let held: Vec<&Held> = members.iter().map(|&at| &self.held[at as usize]).collect();
        if held.len() == 1 {
            let verdict = origin::decide(&held, &[true], houses);
            return Group {
                members,
                verdict,
                copies: Vec::new(),
            };
        }
        let bodies: Vec<Body> = held.iter().map(|held| self.body(held)).collect();
        let sizes: Vec<f64> = bodies
            .iter()
            .map(|body| body.set.shared(&body.set).first)
            .collect();
        let largest = sizes.iter().copied().fold(0.0, f64::max);
        let full: Vec<bool> = sizes.iter().map(|size| *size >= FULL * largest).collect();
        let verdict = origin::decide(&held, &full, houses);
        let copies = (0..held.len())
            .filter(|&at| at != verdict.root)
            .map(|at| copy(&held, &bodies, at, &verdict))
            .collect();
        Group {
            members,
            verdict,
            copies,
        }
    }

    fn body(&self, held: &Held) -> Body {
        let content = self.habits.without(&held.body, held.outlet);
        let runs = runs::runs(&content);
        Body::new(held, &content, &runs)
    }

    /// Groups that tell of one event, as positions in `groups`.
    fn stories(&self, groups: &[Group]) -> Vec<Vec<usize>> {
        let mut events = Events::new(&self.options);
        let mut order = Vec::with_capacity(groups.len());
        self.each_text(groups, |at, features, first| {
            order.push(at);
            events.add(features, first);
        });
        let by_text = |story: Vec<u32>| story.into_iter().map(|text| order[text as usize]).collect();
        events.stories().into_iter().map(by_text).collect()
    }

    /// Hands out what each group's text is about, in the order of time, with the group's position in `groups`.
    fn each_text(&self, groups: &[Group], mut take: impl FnMut(usize, Features, i64)) {
        let first = |group: &Group| self.held[group.members[0] as usize].at;
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|&at| (first(&groups[at]), groups[at].members[0]));
        let mut frequencies = Frequencies::new();
        let contents: Vec<(usize, Vec<Word>)> = order
            .into_iter()
            .map(|at| {
                let root = self.root(&groups[at]);
                let content = self.habits.without(&root.body, root.outlet);
                frequencies.learn(&root.title, &content);
                (at, content)
            })
            .collect();
        for (at, content) in contents {
            let title = &self.root(&groups[at]).title;
            take(
                at,
                Features::new(title, &content, &frequencies),
                first(&groups[at]).0,
            );
        }
    }

    /// What each article that is no copy is about, by id and in the order of time.
    #[cfg(feature = "lab")]
    pub(crate) fn texts(&self) -> Vec<(ArticleId, Features, i64)> {
        let groups = self.groups();
        let mut texts = Vec::new();
        self.each_text(&groups, |at, features, first| {
            texts.push((self.root(&groups[at]).id, features, first));
        });
        texts
    }

    fn story(&self, of: &[usize], groups: &[Group]) -> Story {
        let mut articles: Vec<u32> = of
            .iter()
            .flat_map(|&group| groups[group].members.iter().copied())
            .collect();
        articles.sort_by_key(|&at| (self.held[at as usize].at, at));
        let held = |at: u32| &self.held[at as usize];
        let (main, lead) = self.lead(of, groups);
        let first = articles.first().map_or(UnixMillis(0), |&at| held(at).at);
        let last = articles.last().map_or(first, |&at| held(at).at);
        Story {
            lead,
            articles: articles.iter().map(|&at| held(at).id).collect(),
            independent: self.independent(of, groups),
            original: self.original(main),
            first,
            last,
        }
    }

    /// How many newsrooms wrote of it themselves. Opinion pieces and corrections are no reports of their own.
    fn independent(&self, of: &[usize], groups: &[Group]) -> usize {
        let rooms: FxHashSet<String> = of
            .iter()
            .map(|&group| (&groups[group], self.root(&groups[group])))
            .filter(|(_, root)| !matches!(root.kind, ArticleKind::Opinion | ArticleKind::Correction))
            .map(|(group, root)| plain(group.verdict.name.as_deref().unwrap_or(&root.carrier)))
            .collect();
        rooms.len().max(1)
    }

    fn root(&self, group: &Group) -> &Held {
        &self.held[group.members[group.verdict.root] as usize]
    }

    /// The group in whose words the story is told, and the article to link.
    fn lead<'a>(&self, of: &[usize], groups: &'a [Group]) -> (&'a Group, ArticleId) {
        let carried = |group: &Group| -> f64 {
            let mut outlets: FxHashSet<u64> = FxHashSet::default();
            let held = group.members.iter().map(|&at| &self.held[at as usize]);
            held.filter(|held| outlets.insert(held.outlet))
                .map(|held| held.weight)
                .sum()
        };
        let best = of.iter().map(|&at| &groups[at]).min_by(|a, b| {
            let (x, y) = (self.root(a), self.root(b));
            (x.kind != ArticleKind::News)
                .cmp(&(y.kind != ArticleKind::News))
                .then(carried(b).total_cmp(&carried(a)))
                .then((x.at, x.id).cmp(&(y.at, y.id)))
        });
        let main = best.unwrap_or(&groups[of[0]]);
        (main, self.root(main).id)
    }

    fn original(&self, group: &Group) -> Option<Original> {
        let root = self.root(group);
        let name = group.verdict.name.clone()?;
        let own = group.verdict.gathered;
        Some(Original {
            name,
            article: own.then_some(root.id),
            url: if own {
                Some(root.url.clone())
            } else {
                group.verdict.link.clone()
            },
            evidence: group.verdict.evidence.clone(),
        })
    }
}

/// How one member relates to the one that stands for the group.
fn copy(held: &[&Held], bodies: &[Body], at: usize, verdict: &Verdict) -> Copy {
    let root = verdict.root;
    let likeness = bodies[at].compare(&bodies[root]);
    let shared = likeness.shared;
    let (member, original) = (held[at], held[root]);
    let later = member.at > original.at;
    let link = if shared.first < EXCERPT * shared.second || likeness.is_excerpt() {
        CopyLink::Excerpt
    } else if later && (member.says_updated || member.outlet == original.outlet) {
        CopyLink::Update
    } else {
        CopyLink::Same
    };
    let percent = |share: f64| (share.min(1.0) * 100.0).round();
    let evidence = format!(
        "{} % of its five-word runs stand in {}'s text, {} % of that text's in it",
        percent(shared.of_first()),
        original.carrier,
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
