//! Which section of a brief a story belongs to.

use reveille_model::{ArticleKind, Brief, Language, Reason, SectionKind, SectionPlan};

use crate::{
    Candidate,
    keyword::{Keyword, Text},
    told::tidy,
};

/// How many paragraphs after the headline are looked at: by then a report has said what it is about, and further
/// down stand background and other stories.
const LEAD_PARAGRAPHS: usize = 3;

/// A keyword in the headline says more than one in the text.
const HEADLINE_WEIGHT: usize = 3;

/// What of a story says where it belongs.
pub(crate) struct Subject<'a> {
    headline: Text,
    lead: Text,
    /// Its first paragraph.
    opening: Text,
    /// The place that its dateline names.
    place: Text,
    /// Who carried it and who wrote it.
    names: Vec<String>,
    candidate: &'a Candidate,
}

impl<'a> Subject<'a> {
    pub(crate) fn of(candidate: &'a Candidate) -> Self {
        let language = candidate.language.as_ref();
        let text = candidate.text();
        let first = |paragraphs| {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            Text::of(&lines.take(paragraphs).collect::<Vec<_>>().join("\n"), language)
        };
        let credit = &candidate.credit;
        let names = [Some(&credit.carrier), credit.original.as_ref()];
        Self {
            headline: Text::of(&candidate.headline, language),
            lead: first(LEAD_PARAGRAPHS),
            opening: first(1),
            place: Text::of(candidate.place.as_deref().unwrap_or_default(), language),
            names: names.into_iter().flatten().map(|name| folded(name)).collect(),
            candidate,
        }
    }

    /// How much it is about what some keywords say.
    fn about(&self, keywords: &[Keyword]) -> usize {
        HEADLINE_WEIGHT * self.headline.count(keywords) + self.lead.count(keywords)
    }

    /// How much it is about some places: where it was written and what its headline names say more than what its opening
    /// names, which may be where somebody comes from.
    fn placed(&self, places: &[Keyword]) -> usize {
        HEADLINE_WEIGHT * (self.place.count(places) + self.headline.count(places))
            + self.opening.count(places)
    }

    /// How much it is filed under some topics, each of which says as much as a keyword in the headline.
    fn filed(&self, topics: &[String]) -> usize {
        let held = topics.iter().filter(|topic| self.candidate.topics.holds(topic));
        HEADLINE_WEIGHT * held.count()
    }
}

/// The rules of a section, ready to be asked.
pub(crate) struct Rules<'a> {
    plan: &'a SectionPlan,
    keywords: Vec<Keyword>,
    places: Vec<Keyword>,
    sources: Vec<String>,
    is_particular: bool,
}

/// How much a section wants a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    is_particular: bool,
    score: usize,
}

impl Claim {
    /// That of a section which takes what no other wants.
    const REST: Self = Self {
        is_particular: false,
        score: 0,
    };
}

impl<'a> Rules<'a> {
    fn of(plan: &'a SectionPlan, brief: &Brief) -> Self {
        // What most stories meet makes a section no particular one.
        let takes_news = plan.kinds.is_empty() || plan.kinds.contains(&ArticleKind::News);
        let usual_kind = takes_news && plan.kind != SectionKind::Opinion;
        let usual_language = plan.languages.is_empty() || plan.languages.contains(&brief.language);
        let places = keywords(&plan.places);
        let is_named = plan.topics.is_empty() && plan.sources.is_empty() && places.is_empty();
        let is_usual = is_named && usual_kind && usual_language;
        Self {
            plan,
            keywords: keywords(&plan.keywords),
            places,
            sources: plan.sources.iter().map(|name| folded(name)).collect(),
            is_particular: !is_usual,
        }
    }

    /// The rules of a brief's sections, in their order.
    pub(crate) fn of_all(brief: &'a Brief) -> Vec<Self> {
        brief.sections.iter().map(|plan| Self::of(plan, brief)).collect()
    }

    /// How much the section wants a story; `None` where one of its rules is not met.
    fn claim(&self, subject: &Subject<'_>) -> Option<Claim> {
        let (plan, candidate) = (self.plan, subject.candidate);
        let (about, placed) = (subject.about(&self.keywords), subject.placed(&self.places));
        let filed = subject.filed(&plan.topics);
        let in_one_of = |languages: &[Language]| {
            candidate
                .language
                .as_ref()
                .is_some_and(|language| languages.contains(language))
        };
        let is_of_kind = plan.kind != SectionKind::Opinion || candidate.kind == ArticleKind::Opinion;
        let is_met = plan.takes_stories()
            && is_of_kind
            && (plan.topics.is_empty() || filed > 0)
            && (self.keywords.is_empty() || about > 0)
            && (self.places.is_empty() || placed > 0)
            && (self.sources.is_empty() || subject.names.iter().any(|name| self.sources.contains(name)))
            && (plan.kinds.is_empty() || plan.kinds.contains(&candidate.kind))
            && (plan.languages.is_empty() || in_one_of(&plan.languages));
        is_met.then_some(Claim {
            is_particular: self.is_particular,
            score: filed + about + placed,
        })
    }

    /// Why it took a story, where that is not by keywords alone, which the story's rank tells.
    pub(crate) fn reason(&self, subject: &Subject<'_>) -> Option<Reason> {
        let (plan, candidate) = (self.plan, subject.candidate);
        let topic = plan.topics.iter().find(|topic| candidate.topics.holds(topic));
        let source = plan
            .sources
            .iter()
            .find(|name| subject.names.contains(&folded(name)));
        let is_named =
            |place: &&String| Keyword::read(place).is_some_and(|place| subject.placed(&[place]) > 0);
        let language = candidate.language.as_ref().filter(|_| !plan.languages.is_empty());
        let parts = [
            topic.map(|name| format!("topic {name}")),
            source.map(|name| format!("source {name}")),
            plan.places
                .iter()
                .find(is_named)
                .map(|name| format!("place {name}")),
            language.map(|language| format!("language {language}")),
            (!plan.kinds.is_empty()).then(|| format!("kind {}", candidate.kind)),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| Reason {
            text: format!("section {}: {}", plan.name, parts.join(", ")),
            fact: None,
            weight: 0.0,
            inside: true,
        })
    }
}

/// The sections that want a story most, in the brief's order: first those that ask for particular topics,
/// sources, places, languages or kinds, among these and else those whose topics, keywords and places fit best. There are several where all of them
/// take the rest, and the first with room is to have it; of others that fit alike there is the first alone.
pub(crate) fn wanted_by(rules: &[Rules<'_>], subject: &Subject<'_>) -> Vec<usize> {
    let claims: Vec<Option<Claim>> = rules.iter().map(|rules| rules.claim(subject)).collect();
    let Some(best) = claims.iter().flatten().max().copied() else {
        return Vec::new();
    };
    let alike = (0..rules.len()).filter(|&index| claims[index] == Some(best));
    alike
        .take(if best == Claim::REST { rules.len() } else { 1 })
        .collect()
}

/// What a brief's sections are about, ready to be asked of many stories.
pub struct Interests<'a>(Vec<Rules<'a>>);

impl<'a> Interests<'a> {
    /// Those of a brief's plan.
    #[must_use]
    pub fn of(brief: &'a Brief) -> Self {
        Self(Rules::of_all(brief))
    }

    /// The sections whose topics, keywords or places a story meets, by name.
    #[must_use]
    pub fn met_by(&self, candidate: &Candidate) -> Vec<String> {
        let subject = Subject::of(candidate);
        let met = self
            .0
            .iter()
            .filter(|rules| rules.claim(&subject).is_some_and(|claim| claim.score > 0));
        met.map(|rules| rules.plan.name.clone()).collect()
    }
}

/// Whether a story is about one of these words and phrases. Where there are none, as for most events, it is not even read.
pub(crate) fn is_about(candidate: &Candidate, words: &[String]) -> bool {
    !words.is_empty() && Subject::of(candidate).about(&keywords(words)) > 0
}

fn keywords(words: &[String]) -> Vec<Keyword> {
    words.iter().filter_map(|word| Keyword::read(word)).collect()
}

/// A name as it is compared with others.
fn folded(name: &str) -> String {
    tidy(name).to_lowercase()
}
