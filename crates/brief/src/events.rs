//! Sections that an event has of its own: which open, what belongs to them, and when they end.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use reveille_model::{Day, EventRules, EventSection, EventState, Reason, StoryId};

use crate::{Candidate, event_name, section::is_about, told::tidy};

/// What becomes of a brief's event sections with a night's candidates: those that are known, in their order, then the new
/// ones. The same night gives the same sections however often it is asked about.
///
/// A story belongs to the event of a story that it carries on, however many lie between, or whose keywords it meets; else
/// to that of a story beside which it stands. That one must not be there for standing beside another: a likeness of a
/// likeness is none. What an editor removed stays out, and with it what carries that on.
///
/// A section opens when a story has grown as the rules say, the biggest first, and ends when nothing new has come for a
/// while; what an editor closed stays closed.
#[must_use]
pub fn develop(
    rules: &EventRules,
    day: Day,
    known: &[EventSection],
    candidates: &[Candidate],
) -> Vec<EventSection> {
    let mut sections = known.to_vec();
    let mut candidates: Vec<&Candidate> = candidates.iter().collect();
    candidates.sort_by(|a, b| {
        let size = |candidate: &Candidate| Reverse((candidate.growth.newsrooms, candidate.growth.mornings));
        size(a).cmp(&size(b)).then_with(|| a.order(b))
    });
    for section in &mut sections {
        take_in(section, day, &candidates);
    }
    // One with news this morning does not end, whatever the rules say.
    let quiet_days = i32::from(rules.quiet_days.max(1));
    for section in &mut sections {
        if section.state == EventState::Open && section.last.days_until(day) >= quiet_days {
            section.state = EventState::Ended;
            section
                .reasons
                .push(format!("ended {day}: nothing new since {}", section.last));
        }
    }
    for candidate in &candidates {
        let open = sections
            .iter()
            .filter(|section| section.state == EventState::Open);
        let Some(reason) = grown(rules, candidate).filter(|_| open.count() < rules.most) else {
            continue;
        };
        match sections
            .iter_mut()
            .find(|section| is_of(section, candidate, &candidates))
        {
            None => sections.push(found(candidate, &candidates, day, &reason)),
            Some(section) if section.state == EventState::Ended => {
                section.state = EventState::Open;
                section.reasons.push(format!("opened again {day}: {reason}"));
            }
            Some(_) => continue,
        }
        // What else is new of the same event comes along, and opens no section of its own.
        for section in &mut sections {
            take_in(section, day, &candidates);
        }
    }
    sections
}

fn found(candidate: &Candidate, night: &[&Candidate], day: Day, reason: &str) -> EventSection {
    let own = [&candidate.headline]
        .into_iter()
        .chain(&candidate.growth.headlines);
    let headlines: Vec<String> = own.cloned().collect();
    let others = night.iter().filter(|other| other.story != candidate.story);
    let others = others.map(|other| other.headline.as_str());
    EventSection {
        name: event_name(&headlines, others, candidate.language.as_ref()),
        keywords: Vec::new(),
        state: EventState::Open,
        stories: stories(candidate).collect(),
        beside: BTreeMap::new(),
        removed: BTreeSet::new(),
        opened: day,
        last: day,
        reasons: vec![format!("opened {day}: {reason}")],
    }
}

/// Whether a candidate is of a section's event. One that is not open has not taken in what of the night is.
fn is_of(section: &EventSection, candidate: &Candidate, night: &[&Candidate]) -> bool {
    if stories(candidate).any(|story| knows(section, story)) {
        return is_thread(section, candidate);
    }
    let is_by_itself = |other: &Candidate| !section.beside.contains_key(&other.story);
    let mut of_night = night
        .iter()
        .filter(|other| is_thread(section, other) && is_by_itself(other));
    neighbour(section, candidate).is_some()
        || of_night.any(|other| candidate.growth.beside.contains(&other.story))
}

/// The open section that a candidate belongs to, the earlier of two.
pub(crate) fn section_of(sections: &[EventSection], candidate: &Candidate) -> Option<usize> {
    sections.iter().position(|section| belongs(section, candidate))
}

/// Why a candidate is in a section, where that is not for what it carries on; `night` are all candidates.
pub(crate) fn reason(section: &EventSection, candidate: &Candidate, night: &[Candidate]) -> Option<Reason> {
    let text = if let Some(other) = section.beside.get(&candidate.story) {
        let other = night.iter().find(|candidate| candidate.story == *other)?;
        format!("beside “{}”", tidy(&other.headline))
    } else {
        let keyword = section
            .keywords
            .iter()
            .find(|keyword| is_about(candidate, std::slice::from_ref(keyword)))?;
        format!("keyword “{keyword}”")
    };
    Some(Reason {
        text,
        fact: None,
        weight: 0.0,
        inside: true,
    })
}

fn take_in(section: &mut EventSection, day: Day, candidates: &[&Candidate]) {
    if section.state != EventState::Open {
        return;
    }
    // What one brings may be what another carries on.
    loop {
        let before = section.stories.len();
        for candidate in candidates {
            if belongs(section, candidate) {
                let new: Vec<StoryId> = stories(candidate)
                    .take_while(|story| !knows(section, *story))
                    .collect();
                section.stories.extend(new);
                section.last = section.last.max(day);
            }
        }
        if section.stories.len() > before {
            continue;
        }
        // Only then, so that what is of the event by itself counts as such.
        let found = candidates
            .iter()
            .filter_map(|candidate| Some((candidate.story, neighbour(section, candidate)?)));
        let found: BTreeMap<StoryId, StoryId> = found.collect();
        if found.is_empty() {
            return;
        }
        section.stories.extend(found.keys());
        section.beside.extend(found);
    }
}

fn belongs(section: &EventSection, candidate: &Candidate) -> bool {
    let is_kept = section.state == EventState::Open && !section.removed.contains(&candidate.story);
    is_kept && (is_thread(section, candidate) || is_about(candidate, &section.keywords))
}

fn knows(section: &EventSection, story: StoryId) -> bool {
    section.stories.contains(&story) || section.removed.contains(&story)
}

/// Whether the nearest story of its thread that the section knows is of the event.
fn is_thread(section: &EventSection, candidate: &Candidate) -> bool {
    let nearest = stories(candidate).find(|story| knows(section, *story));
    nearest.is_some_and(|story| section.stories.contains(&story))
}

/// The story of the event beside which one stands of whose thread the section knows nothing.
fn neighbour(section: &EventSection, candidate: &Candidate) -> Option<StoryId> {
    let is_known = stories(candidate).any(|story| knows(section, story));
    let is_of_event =
        |story: &StoryId| section.stories.contains(story) && !section.beside.contains_key(story);
    let mut beside = candidate.growth.beside.iter().copied();
    beside.find(|story| !is_known && is_of_event(story))
}

/// The story and those that it carries on.
fn stories(candidate: &Candidate) -> impl Iterator<Item = StoryId> {
    [candidate.story]
        .into_iter()
        .chain(candidate.growth.thread.iter().copied())
}

/// Why a story has a section of its own, where it has grown enough.
fn grown(rules: &EventRules, candidate: &Candidate) -> Option<String> {
    let growth = &candidate.growth;
    if growth.newsrooms >= rules.newsrooms {
        let noun = if growth.newsrooms == 1 {
            "newsroom"
        } else {
            "newsrooms"
        };
        Some(format!("{} {noun} in one night", growth.newsrooms))
    } else if growth.mornings + 1 >= rules.mornings {
        Some(format!("news on {} mornings", growth.mornings + 1))
    } else {
        None
    }
}
