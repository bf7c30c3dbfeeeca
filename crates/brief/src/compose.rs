//! A morning's stories to an edition.

use std::collections::{HashMap, HashSet};

use reveille_model::{Brief, Credit, Day, Edition, Entry, Follows, Section, UnixMillis};

use crate::{
    Candidate,
    section::{self, Topic},
    told::{Told, tidy},
    words::{Words, fill},
};

/// Composes the edition of one day.
///
/// The best news stories stand first, `brief.top` of them, two from one outlet at most where others have some; opinion, pieces for subscribers only and pages without
/// text only where there is nothing else. Every other story goes to the section whose keywords fit it best, up to
/// that section's limit, and what no section wants to the section without keywords. Entries are numbered from 1
/// through the whole edition; a section without entries is left out.
///
/// A story or a link stands in an edition once. A report without a headline, or in whose text no sentence can
/// stand as its summary, is no entry; see [`crate::summarize`]. The result does not depend on the candidates' order.
#[must_use]
pub fn compose(brief: &Brief, day: Day, compiled: UnixMillis, candidates: &[Candidate]) -> Edition {
    let words = Words::of(&brief.language);
    let drafts = drafts(candidates, day, words);
    let (top, rest) = split_top(drafts, brief.top);
    let mut sections = vec![Section {
        name: top_name(top.len(), words),
        entries: top.into_iter().map(|draft| draft.entry).collect(),
    }];
    sections.extend(by_topic(brief, rest));
    sections.retain(|section| !section.entries.is_empty());
    let mut edition = Edition {
        slug: brief.slug.clone(),
        name: brief.name.clone(),
        language: brief.language.clone(),
        day,
        compiled,
        tips: brief.tips.clone(),
        sections,
        corrections: Vec::new(),
    };
    edition.number();
    edition
}

/// An entry before it has its place.
struct Draft<'a> {
    candidate: &'a Candidate,
    entry: Entry,
}

/// What can be printed, best first, each story and each link once.
fn drafts<'a>(candidates: &'a [Candidate], day: Day, words: &Words) -> Vec<Draft<'a>> {
    let mut ordered: Vec<&Candidate> = candidates.iter().collect();
    ordered.sort_by(|a, b| a.order(b));
    let mut stories = HashSet::new();
    let mut links = HashSet::new();
    ordered
        .into_iter()
        .filter_map(|candidate| Some((candidate, entry(candidate, day, words)?)))
        .filter(|(candidate, _)| stories.insert(candidate.story) && links.insert(&candidate.link))
        .map(|(candidate, entry)| Draft { candidate, entry })
        .collect()
}

/// The entry of a candidate, or `None` where there is nothing to print.
fn entry(candidate: &Candidate, day: Day, words: &Words) -> Option<Entry> {
    let told = Told::by_candidate(candidate)?;
    let marks = told.marks.iter().map(|mark| mark.printed(words));
    let follows = candidate.follows.map(|follows| in_words(follows, day, words));
    Some(Entry {
        number: 0,
        headline: told.headline,
        credit: credit(&candidate.credit),
        summary: told.summary,
        extract: told.extract,
        link: candidate.link.clone(),
        story: candidate.story,
        article: candidate.article,
        version: candidate.version,
        published: candidate.published,
        language: candidate.language.clone(),
        corrections: told.corrections,
        marks: marks.chain(follows).collect(),
        follows: candidate.follows,
        reasons: candidate.reasons.clone(),
        also_in: also_in(candidate),
        evidence: candidate.evidence.iter().map(|words| tidy(words)).collect(),
    })
}

/// "Follows Tuesday's entry 3"; from a week on, when a weekday no longer says which, "Follows entry 3 of 2 March".
fn in_words(follows: Follows, day: Day, words: &Words) -> String {
    let earlier = follows.day;
    let text = if earlier.days_until(day) < 7 {
        &words.marks.follows_weekday
    } else {
        &words.marks.follows_day
    };
    fill(
        text,
        &[
            ("number", &follows.number.to_string()),
            ("weekday", words.dates.weekday(&earlier)),
            ("date", &words.dates.short(&earlier)),
        ],
    )
}

/// Who else carries the text, each once and none that is credited.
fn also_in(candidate: &Candidate) -> Vec<String> {
    let credited = [
        Some(&candidate.credit.carrier),
        candidate.credit.original.as_ref(),
    ];
    let mut named: HashSet<String> = credited
        .into_iter()
        .flatten()
        .map(|name| tidy(name).to_lowercase())
        .collect();
    let names = candidate.also_in.iter().map(|name| tidy(name));
    names
        .filter(|name| !name.is_empty() && named.insert(name.to_lowercase()))
        .collect()
}

/// A carrier is not credited twice for its own work.
pub(crate) fn credit(credit: &Credit) -> Credit {
    let carrier = tidy(&credit.carrier);
    let original = credit.original.as_deref().map(tidy);
    Credit {
        original: original.filter(|name| !name.is_empty() && name.to_lowercase() != carrier.to_lowercase()),
        carrier,
    }
}

/// So many of the first stories come from one outlet, where others have some that fit.
const TOP_OF_ONE_CARRIER: usize = 2;

/// Takes the first stories off the drafts: the best, spread over outlets.
fn split_top(drafts: Vec<Draft<'_>>, count: usize) -> (Vec<Draft<'_>>, Vec<Draft<'_>>) {
    let fit = |draft: &Draft<'_>| draft.candidate.is_top_matter() && !draft.entry.summary.is_empty();
    let nothing_fits = !drafts.iter().any(fit);
    let fitting: Vec<usize> = (0..drafts.len())
        .filter(|&index| nothing_fits || fit(&drafts[index]))
        .collect();
    let mut of_carrier: HashMap<&str, usize> = HashMap::new();
    let (spread, crowded): (Vec<usize>, Vec<usize>) = fitting.into_iter().partition(|&index| {
        let before = of_carrier.entry(&drafts[index].entry.credit.carrier).or_default();
        *before += 1;
        *before <= TOP_OF_ONE_CARRIER
    });
    let chosen: HashSet<usize> = spread.into_iter().chain(crowded).take(count).collect();
    let (top, rest): (Vec<_>, Vec<_>) = drafts
        .into_iter()
        .enumerate()
        .partition(|(index, _)| chosen.contains(index));
    let bare = |drafts: Vec<(usize, _)>| drafts.into_iter().map(|(_, draft)| draft).collect();
    (bare(top), bare(rest))
}

/// The heading of the first section.
fn top_name(count: usize, words: &Words) -> String {
    let words = &words.edition;
    if count < 2 {
        return words.top_one.clone();
    }
    let number = words.numbers.get(count - 2).cloned();
    let number = number.unwrap_or_else(|| count.to_string());
    fill(&words.top, &[("number", &number)])
}

/// The topic sections, some of them perhaps empty.
fn by_topic(brief: &Brief, drafts: Vec<Draft<'_>>) -> Vec<Section> {
    let topics: Vec<Topic> = brief.sections.iter().map(Topic::of).collect();
    let mut sections: Vec<Section> = brief
        .sections
        .iter()
        .map(|plan| Section {
            name: plan.name.clone(),
            entries: Vec::new(),
        })
        .collect();
    let has_room =
        |sections: &[Section], index: usize| sections[index].entries.len() < brief.sections[index].limit;
    for draft in drafts {
        let wanted = section::best(&topics, &draft.entry.headline, &draft.candidate.text);
        let place = match wanted {
            Some(index) => Some(index).filter(|&index| has_room(&sections, index)),
            None => {
                (0..topics.len()).find(|&index| topics[index].takes_the_rest() && has_room(&sections, index))
            }
        };
        if let Some(index) = place {
            sections[index].entries.push(draft.entry);
        }
    }
    sections
}
