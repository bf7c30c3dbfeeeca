use reveille_model::ArticleId;
use rustc_hash::FxHashMap;

use crate::copies::Copies;
use crate::doc::{Doc, Folding, Options};
use crate::events::Events;
use crate::group::Group;
use crate::habits::Habits;
use crate::held::Held;
use crate::origin::Houses;
use crate::story;
use crate::terms::{Features, Frequencies};
use crate::words::Word;

/// A text of fewer words is placed after the longer ones.
const SHORT_WORDS: usize = 130;

/// The articles of the last days, grouped as they come.
///
/// What is told at once rests on what came before; [`Window::folding`] corrects it by what came later.
#[derive(Debug)]
pub struct Window {
    options: Options,
    held: Vec<Held>,
    known: FxHashMap<ArticleId, u32>,
    copies: Copies,
    habits: Habits,
}

impl Window {
    /// An empty window.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            held: Vec::new(),
            known: FxHashMap::default(),
            copies: Copies::default(),
            habits: Habits::default(),
        }
    }

    /// Takes one more article and tells, as far as that can be told at once, the article whose text it carries.
    /// An id that is known already is passed over.
    pub fn add(&mut self, doc: &Doc) -> Option<ArticleId> {
        let at = self.held.len();
        if self.known.contains_key(&doc.id) {
            return None;
        }
        self.held.push(Held::new(doc));
        let group = self.copies.place(at, &self.held, &self.habits);
        self.known.insert(doc.id, group);
        self.habits
            .learn(&self.held[at].body, self.held[at].outlet, group);
        let founder = self.copies.founder(group);
        (founder != at).then(|| self.held[founder].id)
    }

    /// All copies and stories as they stand now, by what all articles together have taught.
    #[must_use]
    pub fn folding(&self) -> Folding {
        let groups = self.groups();
        let mut folding = Folding::default();
        for story in self.stories(&groups) {
            let groups: Vec<&Group> = story.into_iter().map(|at| &groups[at]).collect();
            folding.stories.extend(story::tell(&groups, &self.held));
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
        let decide = |members| Group::decide(members, &self.held, &self.habits, &houses);
        members.into_iter().map(decide).collect()
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
        let first = |at: usize| groups[at].first(&self.held).at;
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|&at| (first(at), groups[at].members[0]));
        let mut frequencies = Frequencies::new();
        let learn = |at: usize| {
            let root = groups[at].root(&self.held);
            let content = self.habits.without(&root.body, root.outlet);
            frequencies.learn(&root.title, &content);
            (at, content)
        };
        let contents: Vec<(usize, Vec<Word>)> = order.into_iter().map(learn).collect();
        for (at, content) in contents {
            let title = &groups[at].root(&self.held).title;
            take(at, Features::new(title, &content, &frequencies), first(at).0);
        }
    }

    /// What each article that is no copy is about, by id and in the order of time.
    #[cfg(feature = "lab")]
    pub(crate) fn texts(&self) -> Vec<(ArticleId, Features, i64)> {
        let groups = self.groups();
        let mut texts = Vec::new();
        self.each_text(&groups, |at, features, first| {
            texts.push((groups[at].root(&self.held).id, features, first));
        });
        texts
    }
}
