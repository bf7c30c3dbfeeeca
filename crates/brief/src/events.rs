//! Sections that an event has of its own: which open, what belongs to them, and when they end.

use std::cmp::Reverse;

use reveille_model::{Day, EventRules, EventSection, EventState, StoryId};

use crate::{Candidate, event_name, section::Topic};

/// What becomes of a brief's event sections with a night's candidates: those that are known, in their order, then the new
/// ones. The same night gives the same sections however often it is asked about.
///
/// A story belongs to the event of a story that it carries on, however many lie between, or whose keywords it meets. A
/// section opens when a story has grown as the rules say, the biggest first, and ends when nothing new has come for a
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
        match sections.iter_mut().find(|section| is_thread(section, candidate)) {
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
        opened: day,
        last: day,
        reasons: vec![format!("opened {day}: {reason}")],
    }
}

/// The open section that a candidate belongs to, the earlier of two.
pub(crate) fn section_of(sections: &[EventSection], candidate: &Candidate) -> Option<usize> {
    sections.iter().position(|section| belongs(section, candidate))
}

fn take_in(section: &mut EventSection, day: Day, candidates: &[&Candidate]) {
    // What one brings may be what another carries on.
    loop {
        let before = section.stories.len();
        for candidate in candidates {
            if belongs(section, candidate) {
                section.stories.extend(stories(candidate));
                section.last = section.last.max(day);
            }
        }
        if section.stories.len() == before {
            return;
        }
    }
}

fn belongs(section: &EventSection, candidate: &Candidate) -> bool {
    section.state == EventState::Open && (is_thread(section, candidate) || meets_keywords(section, candidate))
}

fn is_thread(section: &EventSection, candidate: &Candidate) -> bool {
    stories(candidate).any(|story| section.stories.contains(&story))
}

fn meets_keywords(section: &EventSection, candidate: &Candidate) -> bool {
    Topic::of(&section.keywords).is_met(&candidate.headline, &candidate.text())
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
