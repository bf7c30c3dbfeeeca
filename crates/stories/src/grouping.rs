//! Which text each article carries, and which story each text tells.
//!
//! Articles are known by their position in the archive, groups of copies and texts by a number of their own. Each
//! group is one text as far as stories are concerned.

use reveille_model::{ArticleId, Ruling};
use rustc_hash::FxHashSet;

use crate::archive::Archive;
use crate::copies::{Bounds, Copies, Passages, Placed};
use crate::doc::{Beside, Folding, Options, Quotes, Story};
use crate::events::{Company, Events};
use crate::group::Group;
use crate::habits::Habits;
use crate::held::Held;
use crate::linkage::{Edge, FORM, JOINED, PARTED};
use crate::origin::Houses;
use crate::probe::Probe;
use crate::story;
use crate::terms::{Counts, Features, Frequencies};
use crate::threads::{self, Strand};
use crate::words::Word;

/// A text of fewer words is placed after the longer ones: a teaser can be told to be part of a full text, but not the
/// other way round.
const SHORT_WORDS: usize = 130;

/// Where everything belongs, as far as it is known.
#[derive(Debug)]
pub(crate) struct Grouping {
    wants_stories: bool,
    copies: Copies,
    habits: Habits,
    houses: Houses,
    frequencies: Frequencies,
    counts: Counts,
    events: Events,
    /// By position.
    group_of: Vec<Option<u32>>,
    /// By group: the position of the article that stands for it, and its text.
    standing: Vec<u32>,
    text_of: Vec<u32>,
    /// By text.
    group_of_text: Vec<u32>,
    /// By story: the position of the article that leads it.
    leads: Vec<u32>,
}

/// A text that another was compared with.
#[derive(Debug)]
pub(crate) struct Near {
    /// The position of the article that stands for it.
    pub(crate) standing: usize,
    pub(crate) odds: f32,
    /// Milliseconds between them.
    pub(crate) gap: u64,
    pub(crate) similarities: [f32; 5],
    pub(crate) same_story: bool,
}

impl Grouping {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            wants_stories: options.stories,
            copies: Copies::default(),
            habits: Habits::default(),
            houses: Houses::default(),
            frequencies: Frequencies::new(),
            counts: Counts::default(),
            events: Events::new(options),
            group_of: Vec::new(),
            standing: Vec::new(),
            text_of: Vec::new(),
            group_of_text: Vec::new(),
            leads: Vec::new(),
        }
    }

    /// Finds the place of the latest article, by what is known so far.
    pub(crate) fn take(&mut self, at: usize, archive: &Archive) -> Placed {
        self.group_of.resize(archive.held.len(), None);
        let held = &archive.held[at];
        let content = self.habits.without(&held.body, held.outlet);
        let placed = self.place(at, &content, archive);
        self.habits.learn(&held.body, held.outlet, placed.group);
        if placed.likeness.is_none() {
            self.standing.push(at as u32);
            let features = if self.wants_stories && held.is_report() {
                self.counts.read(&held.title, &content);
                self.frequencies.learn(&self.counts);
                let rarities = self.frequencies.rarities(&self.counts, held.at.0);
                Features::new(&self.counts, &rarities)
            } else {
                Features::default()
            };
            self.add_text(placed.group, features, held);
            let mut company = self.company(at, archive);
            let forms = placed.passages.iter().filter(|passages| passages.form);
            let texts = forms.map(|passages| self.text_of[passages.group as usize]);
            company
                .without
                .extend(texts.filter(|text| !company.with.contains(text)));
            let story = self.events.join_latest(&company) as usize;
            if story == self.leads.len() {
                self.leads.push(at as u32);
            }
        }
        placed
    }

    /// Finds the place of all articles, which must be in the order of time, and tells the result.
    pub(crate) fn settled(archive: &Archive, options: &Options) -> (Self, Folding) {
        let mut new = Self::new(options);
        new.habits = learn_habits(archive);
        new.houses = Houses::learn(&archive.held);
        let passages = new.place_all(archive);
        let groups = new.decide(archive);
        new.add_texts(&groups, archive);
        let mut ruled = new.forms(&passages);
        ruled.extend(new.ruled(archive));
        new.events.settle(&ruled);
        let folding = new.tell(&groups, &passages, archive, options);
        (new, folding)
    }

    /// The position of the article that stands for a group.
    pub(crate) fn standing(&self, group: u32) -> usize {
        self.standing[group as usize] as usize
    }

    /// The position of the article that leads a group's story.
    pub(crate) fn lead(&self, group: u32) -> usize {
        self.leads[self.events.story_of(self.text_of[group as usize]) as usize] as usize
    }

    /// The group that holds an article, decided on anew.
    pub(crate) fn group_with(&self, at: usize, archive: &Archive) -> Group {
        let group = self.group_of[at];
        let members = (0..).zip(&self.group_of).filter(|(_, of)| **of == group);
        Group::decide(
            members.map(|(at, _)| at).collect(),
            archive,
            &self.habits,
            &self.houses,
        )
    }

    /// The texts that an article's own was compared with.
    pub(crate) fn compared(&self, at: usize) -> Vec<Near> {
        let Some(text) = self.text_with(at) else {
            return Vec::new();
        };
        let mut probe = Probe::default();
        probe.open(self.events.features(text));
        let near = |(other, odds): (u32, f32)| Near {
            standing: self.standing(self.group_of_text[other as usize]),
            odds,
            gap: self.events.at(text).abs_diff(self.events.at(other)),
            similarities: probe.similarities(self.events.features(other)),
            same_story: self.events.story_of(text) == self.events.story_of(other),
        };
        self.events.compared(text).into_iter().map(near).collect()
    }

    /// What each text is about, in the order of time, with the position of its article.
    #[cfg(feature = "lab")]
    pub(crate) fn texts(&self) -> impl Iterator<Item = (usize, &Features, i64)> {
        let groups = (0..).zip(&self.group_of_text);
        groups.map(|(text, &group)| {
            (
                self.standing(group),
                self.events.features(text),
                self.events.at(text),
            )
        })
    }

    fn text_with(&self, at: usize) -> Option<u32> {
        let group = self.group_of.get(at).copied().flatten()?;
        self.text_of.get(group as usize).copied()
    }

    /// Puts an article into its group.
    fn place(&mut self, at: usize, content: &[Word], archive: &Archive) -> Placed {
        let id = archive.held[at].id;
        let group = |id| archive.position(id).and_then(|at| self.group_of[at]);
        let bounds = Bounds {
            barred: archive.rulings.other_text(id).filter_map(group).collect(),
            forced: archive.rulings.same_text(id).find_map(group),
        };
        let placed = self
            .copies
            .place(at, content, &archive.held, &self.habits, &bounds);
        self.group_of[at] = Some(placed.group);
        placed
    }

    /// Puts all articles into their groups, and returns which shares passages with which group. First come those
    /// that an editor joined, so that nothing is in their way; short texts come last.
    fn place_all(&mut self, archive: &Archive) -> Vec<(usize, Passages)> {
        self.group_of = vec![None; archive.held.len()];
        let mut order: Vec<usize> = (0..archive.held.len()).collect();
        order.sort_by_key(|&at| {
            let joined = archive.rulings.same_text(archive.held[at].id).next().is_some();
            (!joined, archive.held[at].body.words.len() < SHORT_WORDS)
        });
        let mut passages = Vec::new();
        for at in order {
            let held = &archive.held[at];
            let content = self.habits.without(&held.body, held.outlet);
            let placed = self.place(at, &content, archive);
            passages.extend(placed.passages.into_iter().map(|passages| (at, passages)));
        }
        passages
    }

    /// Decides on every group.
    fn decide(&mut self, archive: &Archive) -> Vec<Group> {
        let count = self
            .group_of
            .iter()
            .flatten()
            .max()
            .map_or(0, |&last| last as usize + 1);
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (at, group) in (0..).zip(&self.group_of) {
            members[group.unwrap_or_default() as usize].push(at);
        }
        let decide = |members| Group::decide(members, archive, &self.habits, &self.houses);
        let groups: Vec<Group> = members.into_iter().map(decide).collect();
        self.standing = groups.iter().map(Group::standing).collect();
        groups
    }

    /// Takes each group's text, in the order of time, once all frequencies are known.
    fn add_texts(&mut self, groups: &[Group], archive: &Archive) {
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|&group| groups[group].members[0]);
        if self.wants_stories {
            for group in groups
                .iter()
                .filter(|group| group.root(&archive.held).is_report())
            {
                self.read(group, archive);
                self.frequencies.learn(&self.counts);
            }
        }
        self.text_of = vec![0; groups.len()];
        for group in order {
            let at = groups[group].first(&archive.held).at.0;
            let root = groups[group].root(&archive.held);
            let features = if self.wants_stories && root.is_report() {
                self.read(&groups[group], archive);
                let rarities = self.frequencies.rarities(&self.counts, at);
                Features::new(&self.counts, &rarities)
            } else {
                Features::default()
            };
            self.text_of[group] = self.group_of_text.len() as u32;
            self.group_of_text.push(group as u32);
            self.events.add(features, root.outlet, at);
        }
    }

    /// Counts the terms of a group's text.
    fn read(&mut self, group: &Group, archive: &Archive) {
        let root = group.root(&archive.held);
        let content = self.habits.without(&root.body, root.outlet);
        self.counts.read(&root.title, &content);
    }

    fn add_text(&mut self, group: u32, features: Features, held: &Held) {
        self.text_of.push(self.group_of_text.len() as u32);
        self.group_of_text.push(group);
        self.events.add(features, held.outlet, held.at.0);
    }

    /// What an editor decided on the story of an article's text.
    fn company(&self, at: usize, archive: &Archive) -> Company {
        let id = archive.held[at].id;
        let mut company = Company::default();
        for ruling in archive.rulings.of(id) {
            let Some((a, b, joined)) = ruling.stories() else {
                continue;
            };
            let other = archive.position(if a == id { b } else { a });
            let Some(text) = other
                .filter(|&other| other != at)
                .and_then(|at| self.text_with(at))
            else {
                continue;
            };
            if joined {
                company.with.push(text);
            } else {
                company.without.push(text);
            }
        }
        company
    }

    /// Texts that fill one form, as edges between them.
    fn forms(&self, passages: &[(usize, Passages)]) -> Vec<Edge> {
        let forms = passages.iter().filter(|(_, passages)| passages.form);
        forms
            .filter_map(|&(at, passages)| {
                Some((self.text_with(at)?, self.text_of[passages.group as usize], FORM))
            })
            .collect()
    }

    /// What an editor decided on stories, as edges between texts.
    fn ruled(&self, archive: &Archive) -> Vec<Edge> {
        let text = |id| self.text_with(archive.position(id)?);
        let stories = archive.rulings.all().filter_map(Ruling::stories);
        stories
            .filter_map(|(a, b, joined)| Some((text(a)?, text(b)?, if joined { JOINED } else { PARTED })))
            .collect()
    }

    /// Tells what each story is to others. Of two whose leads fill one form that is all that they share.
    fn tie(
        &self,
        stories: &mut [Story],
        strands: &[Strand],
        passages: &[(usize, Passages)],
        archive: &Archive,
        options: &Options,
    ) {
        // The article that stands for a text, where that leads its story.
        let lead = |text: u32| {
            let group = self.group_of_text[text as usize];
            let at = self.lead(group);
            (at == self.standing(group)).then(|| archive.held[at].id)
        };
        let forms = self.forms(passages);
        let forms: FxHashSet<(ArticleId, ArticleId)> = forms
            .iter()
            .filter_map(|(a, b, _)| Some((lead(*a)?, lead(*b)?)))
            .flat_map(|(a, b)| [(a, b), (b, a)])
            .collect();
        let leads: Vec<ArticleId> = stories.iter().map(|story| story.lead).collect();
        let follows = threads::follow(strands, options.thread_days);
        let beside = threads::beside(strands);
        for ((story, follows), beside) in stories.iter_mut().zip(follows).zip(beside) {
            story.follows = follows.map(|before| leads[before]);
            let named = beside.into_iter().map(|(other, likeness)| Beside {
                lead: leads[other],
                likeness: (f64::from(likeness) * 1000.0).round() / 1000.0,
            });
            let lead = story.lead;
            story.beside = named
                .filter(|other| !forms.contains(&(lead, other.lead)))
                .collect();
        }
    }

    /// Tells copies and stories.
    fn tell(
        &mut self,
        groups: &[Group],
        passages: &[(usize, Passages)],
        archive: &Archive,
        options: &Options,
    ) -> Folding {
        let held = &archive.held;
        let mut stories = Vec::new();
        for (number, texts) in self.events.stories().iter().enumerate() {
            let groups: Vec<&Group> = texts
                .iter()
                .map(|&text| &groups[self.group_of_text[text as usize] as usize])
                .collect();
            if let Some(story) = story::tell(&groups, held) {
                let features: Vec<_> = texts.iter().map(|&text| self.events.features(text)).collect();
                let strand = Strand::new(&features, story.first.0, story.last.0);
                stories.push((story, strand, number));
            }
        }
        self.leads = stories
            .iter()
            .filter_map(|(story, ..)| archive.position(story.lead))
            .map(|at| at as u32)
            .collect();
        stories.sort_by_key(|(story, ..)| (story.first, story.lead));
        let (mut stories, strands): (Vec<_>, Vec<_>) = stories
            .into_iter()
            .map(|(story, strand, _)| (story, strand))
            .unzip();
        self.tie(&mut stories, &strands, passages, archive, options);
        let mut copies: Vec<_> = groups
            .iter()
            .flat_map(|group| group.copies.iter().cloned())
            .collect();
        copies.sort_by_key(|copy| copy.article);
        let quotes = passages.iter().map(|&(at, passages)| Quotes {
            article: held[at].id,
            with: held[self.standing(passages.group)].id,
            overlap: passages.shared.overlap(),
            spoken: passages.shared.spoken,
        });
        let mut quotes: Vec<Quotes> = quotes.collect();
        quotes.sort_by_key(|quotes| (quotes.article, quotes.with));
        Folding {
            copies,
            quotes,
            stories,
        }
    }
}

/// Learns what outlets print around their articles, with groups made as they come.
///
/// Were each article a group by itself, more sentences would be habits, and none fewer. So an article that holds none of
/// these, or only what is known already for a habit of its outlet, teaches nothing by the group to which it belongs.
pub(crate) fn learn_habits(archive: &Archive) -> Habits {
    let (mut copies, mut habits, mut most) = (Copies::default(), Habits::default(), Habits::default());
    let alone = |at: usize| u32::MAX - at as u32;
    for (at, held) in archive.held.iter().enumerate() {
        most.learn(&held.body, held.outlet, alone(at));
    }
    for (at, held) in archive.held.iter().enumerate() {
        let group = if habits.may_learn(&held.body, held.outlet, &most) {
            let content = habits.without(&held.body, held.outlet);
            let bounds = Bounds::default();
            copies.place(at, &content, &archive.held, &habits, &bounds).group
        } else {
            alone(at)
        };
        habits.learn(&held.body, held.outlet, group);
    }
    habits
}
