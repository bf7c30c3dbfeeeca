//! The stories of a night that an edition does not tell, and why; and the entry of one that an editor wants after all.

use reveille_model::{ArticleKind, Brief, Dropped, Edition, Entry, StoryId};

use crate::{
    Candidate,
    compose::entry,
    section::{Rules, Subject, wanted_by},
    told::tidy,
    words::Words,
};

/// A story that an edition does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spare {
    /// The story.
    pub story: StoryId,
    /// The headline of the article that would tell it.
    pub headline: String,
    /// Who carries that article.
    pub carrier: String,
    /// Where it would stand: the section that its words fit best.
    pub section: Option<String>,
    /// Why it was left out, as a sentence.
    pub why: String,
}

/// What an edition does not tell of the night, best first.
#[must_use]
pub fn left_out(brief: &Brief, edition: &Edition, candidates: &[Candidate]) -> Vec<Spare> {
    let mut ordered: Vec<&Candidate> = candidates.iter().collect();
    ordered.sort_by(|a, b| a.order(b));
    let is_told = |candidate: &Candidate| {
        edition
            .entries()
            .any(|entry| entry.story() == Some(candidate.story) || entry.article() == Some(candidate.article))
    };
    let rules = Rules::of_all(brief);
    let told = |candidate: &Candidate| {
        let wanted = wanted_by(&rules, &Subject::of(candidate));
        let section = wanted.first().map(|&index| brief.sections[index].name.clone());
        Spare {
            story: candidate.story,
            headline: tidy(&candidate.headline),
            carrier: tidy(&candidate.credit.carrier),
            why: why(candidate, edition, section.as_deref()),
            section,
        }
    };
    let left = ordered.into_iter().filter(|candidate| !is_told(candidate));
    left.map(told).collect()
}

fn why(candidate: &Candidate, edition: &Edition, section: Option<&str>) -> String {
    let was_dropped = |dropped: &Dropped| {
        dropped.entry.story() == Some(candidate.story) && dropped.entry.article().is_some()
    };
    if edition.dropped.iter().any(was_dropped) {
        return "An editor dropped it.".to_owned();
    }
    if tidy(&candidate.headline).is_empty() {
        return "It has no headline.".to_owned();
    }
    if candidate.kind == ArticleKind::Sponsored {
        return "It was paid for.".to_owned();
    }
    if edition.entries().any(|entry| entry.link == candidate.link) {
        return "Another entry has its link.".to_owned();
    }
    match section {
        Some(section) => format!("{section} was full, of stories that rank higher."),
        None => "It fits no section of the brief.".to_owned(),
    }
}

/// The entry of a story that an editor wants. What it lacks, a headline or a sentence, is the editor's to write.
#[must_use]
pub fn entry_of(candidate: &Candidate, edition: &Edition) -> Entry {
    entry(candidate, edition.day, Words::of(&edition.language))
}
