//! A morning's stories to an edition.

use std::collections::{HashMap, HashSet};

use reveille_model::{
    ArticleKind, Basis, Brief, Credit, Day, Edition, Entry, EntryKind, EventSection, Follows, Front, LeftOut,
    Numbering, Report, Section, SectionKind, Sponsor, UnixMillis,
};

use crate::{
    Candidate, events,
    section::{Rules, Subject, wanted_by},
    told::{Told, tidy},
    words::{Words, fill},
};

/// Composes the edition of one day.
///
/// The best news stories stand first, `brief.top` of them, two from one outlet at most where others have some; opinion,
/// pieces for subscribers only and pages without text only where there is nothing else. Of an event that has a section
/// one stands there at most, and what else is new of it in that section, behind the first stories. Every other story
/// goes to the section that wants it most ([`SectionPlan`](reveille_model::SectionPlan)), up to that section's limit, and
/// what no section wants to the section without rules; sections of sponsors and of what the day brings wait for what editors
/// write. Entries are numbered as the plan says; a section without entries falls away, and the stories that found no room are named beside.
///
/// What was paid for is no news: only an editor puts it into an edition. A story or a link stands in an edition once. A
/// report without a headline is no entry; one in whose text no sentence can stand for it has headline, credit and link
/// alone; see [`crate::summarize`]. The result does not depend on the candidates' order.
#[must_use]
pub fn compose(
    brief: &Brief,
    day: Day,
    compiled: UnixMillis,
    candidates: &[Candidate],
    events: &[EventSection],
) -> Edition {
    let words = Words::of(&brief.language);
    let drafts = drafts(candidates, events, day, words);
    let (top, rest) = split_top(drafts, brief.top);
    let numbering = brief.top_numbering.unwrap_or(brief.numbering);
    let mut sections = vec![standing(top_name(top.len(), words), numbering)];
    sections[0]
        .entries
        .extend(top.into_iter().map(|draft| draft.entry));
    let (of_event, rest) = rest.into_iter().partition(|draft| draft.event.is_some());
    let mut left_out = Vec::new();
    sections.extend(by_event(brief, events, of_event, &mut left_out));
    sections.extend(by_rules(brief, rest, &mut left_out));
    sections.retain(|section| !section.entries.is_empty());
    let mut edition = Edition {
        slug: brief.slug.clone(),
        name: brief.name.clone(),
        language: brief.language.clone(),
        day,
        issue: None,
        compiled,
        zone: Some(brief.zone.clone()),
        edited: None,
        revision: 0,
        tips: brief.tips.clone(),
        front: front(&brief.front),
        sections,
        dropped: Vec::new(),
        corrections: Vec::new(),
        left_out,
        changes: Vec::new(),
    };
    edition.number();
    edition
}

/// An entry before it has its place.
struct Draft<'a> {
    candidate: &'a Candidate,
    entry: Entry,
    /// The event section that it belongs to.
    event: Option<usize>,
}

/// What can be printed, best first, each story and each link once.
fn drafts<'a>(
    candidates: &'a [Candidate],
    sections: &[EventSection],
    day: Day,
    words: &Words,
) -> Vec<Draft<'a>> {
    let news = candidates
        .iter()
        .filter(|candidate| candidate.kind != ArticleKind::Sponsored);
    let mut ordered: Vec<&Candidate> = news.collect();
    ordered.sort_by(|a, b| a.order(b));
    let mut stories = HashSet::new();
    let mut links = HashSet::new();
    ordered
        .into_iter()
        .map(|candidate| (candidate, entry(candidate, day, words)))
        .filter(|(_, entry)| !entry.headline.is_empty())
        .filter(|(candidate, _)| stories.insert(candidate.story) && links.insert(&candidate.link))
        .map(|(candidate, mut entry)| {
            let event = events::section_of(sections, candidate);
            let why = event.and_then(|event| events::reason(&sections[event], candidate, candidates));
            entry.reasons.extend(why);
            Draft {
                candidate,
                entry,
                event,
            }
        })
        .collect()
}

/// The entry of a candidate. It cannot be printed where it has no headline.
pub(crate) fn entry(candidate: &Candidate, day: Day, words: &Words) -> Entry {
    let told = Told::by_candidate(candidate);
    let marks = told.marks.iter().map(|mark| mark.printed(words));
    let follows = candidate
        .follows
        .as_ref()
        .map(|follows| in_words(follows, day, words));
    Entry {
        number: 0,
        kind: match candidate.kind {
            ArticleKind::Sponsored => EntryKind::Sponsored,
            _ => EntryKind::News,
        },
        at: None,
        place: None,
        headline: told.headline,
        credit: credit(&candidate.credit),
        summary: told.summary,
        extract: told.extract,
        proposed: None,
        overruled: Vec::new(),
        link: candidate.link.clone(),
        basis: Basis::Story {
            story: candidate.story,
            article: candidate.article,
            version: candidate.version,
        },
        published: candidate.published,
        language: candidate.language.clone(),
        corrections: told.corrections,
        marks: marks.chain(follows).collect(),
        follows: candidate.follows.clone(),
        reasons: candidate.reasons.clone(),
        also_in: also_in(candidate),
        reports: reports(candidate),
        evidence: candidate.evidence.iter().map(|words| tidy(words)).collect(),
    }
}

/// "Follows Tuesday's entry 3"; from a week on, when a weekday no longer says which, "Follows entry 3 of 2 March". An entry
/// that no number tells is told by its headline.
fn in_words(follows: &Follows, day: Day, words: &Words) -> String {
    let (earlier, words_of) = (follows.day, &words.marks);
    let text = match (earlier.days_until(day) < 7, &follows.headline) {
        (true, None) => &words_of.follows_weekday,
        (false, None) => &words_of.follows_day,
        (true, Some(_)) => &words_of.follows_weekday_headline,
        (false, Some(_)) => &words_of.follows_day_headline,
    };
    fill(
        text,
        &[
            ("number", &follows.number.to_string()),
            ("headline", follows.headline.as_deref().unwrap_or_default()),
            ("weekday", words.dates.weekday(&earlier)),
            ("date", &words.dates.short(&earlier)),
        ],
    )
}

/// Who else carries the text, each once and none that is credited.
fn also_in(candidate: &Candidate) -> Vec<String> {
    let mut named = credited(candidate);
    let names = candidate.also_in.iter().map(|name| tidy(name));
    names.filter(|name| is_unnamed(name, &mut named)).collect()
}

/// Who else reported it, each once and none that the entry names already.
fn reports(candidate: &Candidate) -> Vec<Report> {
    let mut named = credited(candidate);
    named.extend(candidate.also_in.iter().map(|name| tidy(name).to_lowercase()));
    let reports = candidate.reports.iter().map(|report| Report {
        carrier: tidy(&report.carrier),
        link: report.link.clone(),
    });
    reports
        .filter(|report| is_unnamed(&report.carrier, &mut named))
        .collect()
}

/// Whom the entry credits, in small letters.
fn credited(candidate: &Candidate) -> HashSet<String> {
    let Credit {
        carrier,
        original,
        joint,
        byline: _,
    } = &candidate.credit;
    let names = std::iter::once(carrier).chain(original).chain(joint);
    names.map(|name| tidy(name).to_lowercase()).collect()
}

fn is_unnamed(name: &str, named: &mut HashSet<String>) -> bool {
    !name.is_empty() && named.insert(name.to_lowercase())
}

/// What the plan says around the entries, each on one line.
fn front(front: &Front) -> Front {
    let some = |text: &Option<String>| text.as_deref().map(tidy).filter(|text| !text.is_empty());
    let notes = front.notes.iter().map(|note| tidy(note));
    Front {
        greeting: some(&front.greeting),
        editor: some(&front.editor),
        notes: notes.filter(|note| !note.is_empty()).collect(),
        sponsor: front.sponsor.as_ref().map(|sponsor| Sponsor {
            name: tidy(&sponsor.name),
            text: tidy(&sponsor.text),
            link: sponsor.link.clone(),
        }),
    }
}

/// A carrier is not credited twice for its own work.
pub(crate) fn credit(credit: &Credit) -> Credit {
    let carrier = tidy(&credit.carrier);
    let mut named = HashSet::from([carrier.to_lowercase()]);
    let original = credit.original.as_deref().map(tidy);
    let original = original.filter(|name| is_unnamed(name, &mut named));
    let joint = credit.joint.iter().map(|name| tidy(name));
    Credit {
        joint: joint.filter(|name| is_unnamed(name, &mut named)).collect(),
        byline: credit.byline.as_deref().map(tidy).filter(|name| !name.is_empty()),
        original,
        carrier,
    }
}

/// So many of the first stories come from one outlet, where others have some that fit.
const TOP_OF_ONE_CARRIER: usize = 2;

/// Takes the first stories off the drafts: the best, spread over outlets and events.
fn split_top(drafts: Vec<Draft<'_>>, count: usize) -> (Vec<Draft<'_>>, Vec<Draft<'_>>) {
    let fit = |draft: &Draft<'_>| draft.candidate.is_top_matter() && draft.candidate.has_text();
    let nothing_fits = !drafts.iter().any(fit);
    let fitting: Vec<usize> = (0..drafts.len())
        .filter(|&index| nothing_fits || fit(&drafts[index]))
        .collect();
    let mut of_carrier: HashMap<&str, usize> = HashMap::new();
    let mut told: HashSet<usize> = HashSet::new();
    let (spread, crowded): (Vec<usize>, Vec<usize>) = fitting.into_iter().partition(|&index| {
        let is_told = drafts[index].event.is_some_and(|event| !told.insert(event));
        let before = of_carrier.entry(&drafts[index].entry.credit.carrier).or_default();
        *before += usize::from(!is_told);
        !is_told && *before <= TOP_OF_ONE_CARRIER
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
pub(crate) fn top_name(count: usize, words: &Words) -> String {
    let words = &words.edition;
    if count < 2 {
        return words.top_one.clone();
    }
    let number = words.numbers.get(count - 2).cloned();
    let number = number.unwrap_or_else(|| count.to_string());
    fill(&words.top, &[("number", &number)])
}

/// The sections of events, some of them perhaps empty, that with the best story first.
fn by_event(
    brief: &Brief,
    events: &[EventSection],
    drafts: Vec<Draft<'_>>,
    left_out: &mut Vec<LeftOut>,
) -> Vec<Section> {
    let mut order: Vec<usize> = Vec::new();
    let mut sections: Vec<Section> = events
        .iter()
        .map(|event| Section {
            kind: SectionKind::Event,
            reasons: event.reasons.clone(),
            ..standing(tidy(&event.name), brief.numbering)
        })
        .collect();
    for draft in drafts {
        let Some(index) = draft.event else { continue };
        if !order.contains(&index) {
            order.push(index);
        }
        put(draft.entry, &mut sections[index], brief.events.limit, left_out);
    }
    order.into_iter().map(|index| sections[index].clone()).collect()
}

/// Puts an entry into a section, where that has room.
fn put(entry: Entry, section: &mut Section, limit: usize, left_out: &mut Vec<LeftOut>) {
    if section.entries.len() < limit {
        section.entries.push(entry);
    } else {
        left_out.push(LeftOut {
            section: section.name.clone(),
            headline: entry.headline,
        });
    }
}

/// A section that is empty as yet.
fn standing(name: String, numbering: Numbering) -> Section {
    Section {
        name,
        kind: SectionKind::Standing,
        numbering,
        above: 0,
        reasons: Vec::new(),
        entries: Vec::new(),
    }
}

/// The sections of the brief's plan, some of them perhaps empty.
fn by_rules(brief: &Brief, drafts: Vec<Draft<'_>>, left_out: &mut Vec<LeftOut>) -> Vec<Section> {
    let (plans, rules) = (&brief.sections, Rules::of_all(brief));
    let mut sections: Vec<Section> = plans.iter().map(|plan| brief.section(&plan.name)).collect();
    for mut draft in drafts {
        let subject = Subject::of(draft.candidate);
        let wanted = wanted_by(&rules, &subject);
        let has_room = |index: &&usize| sections[**index].entries.len() < plans[**index].limit;
        let Some(&index) = wanted.iter().find(has_room).or(wanted.first()) else {
            continue;
        };
        draft.entry.reasons.extend(rules[index].reason(&subject));
        put(draft.entry, &mut sections[index], plans[index].limit, left_out);
    }
    sections
}
