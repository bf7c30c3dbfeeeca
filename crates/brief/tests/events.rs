//! Sections of events: when they open, what goes into them, and when they end.

mod morning;

use morning::{brief, compiled, day, report};
use proptest::prelude::*;
use reveille_brief::{Candidate, Growth, compose, develop};
use reveille_model::{Brief, Day, Entry, EventRules, EventSection, EventState, SectionKind, StoryId};

/// A story that so many newsrooms reported, and that carries on some.
fn story(id: i64, headline: &str, newsrooms: usize, thread: &[i64]) -> Candidate {
    let mut candidate = report(
        id,
        &format!("Paper {id}"),
        headline,
        "Something of some weight happened in the town.",
    );
    candidate.growth = Growth {
        newsrooms,
        mornings: thread.len(),
        thread: thread.iter().map(|&id| StoryId(id)).collect(),
        beside: Vec::new(),
        headlines: vec![headline.to_owned(), format!("Our report: {headline}")],
    };
    candidate
}

/// The same, with those of the night that tell of the same event.
fn beside(story: Candidate, others: &[i64]) -> Candidate {
    let growth = Growth {
        beside: others.iter().map(|&id| StoryId(id)).collect(),
        ..story.growth
    };
    Candidate { growth, ..story }
}

fn rules() -> EventRules {
    EventRules::default()
}

fn later(days: i64) -> Day {
    compiled().plus(days * 86_400_000).day(&reveille_model::Zone::UTC)
}

fn stories(section: &EventSection) -> Vec<i64> {
    section.stories.iter().map(|story| story.0).collect()
}

#[test]
fn a_story_that_grows_opens_a_section_and_what_follows_goes_into_it() {
    let first = [
        story(1, "Alderport fire", 12, &[]),
        story(2, "Budget passes", 3, &[]),
    ];
    let opened = develop(&rules(), day(), &[], &first);
    assert_eq!(opened.len(), 1);
    assert_eq!(
        (opened[0].name.as_str(), stories(&opened[0])),
        ("Alderport fire", vec![1])
    );
    assert_eq!(
        opened[0].reasons,
        ["opened 2026-03-10: 12 newsrooms in one night"]
    );
    assert_eq!(
        develop(&rules(), day(), &opened, &first),
        opened,
        "the same night again changes nothing"
    );

    let second = [
        story(3, "Mayor resigns over fire", 4, &[1]),
        story(4, "Insurers pay", 2, &[3, 1]),
        story(5, "Bishop retires", 2, &[]),
    ];
    let grown = develop(&rules(), later(1), &opened, &second);
    assert_eq!((grown.len(), stories(&grown[0])), (1, vec![1, 3, 4]));
    assert_eq!(grown[0].last, later(1));
}

#[test]
fn what_is_news_on_several_mornings_opens_a_section_too() {
    let slow = |thread: &[i64]| develop(&rules(), day(), &[], &[story(9, "Strike goes on", 2, thread)]);
    assert!(slow(&[8]).is_empty());
    assert_eq!(
        slow(&[8, 7])[0].reasons,
        ["opened 2026-03-10: news on 3 mornings"]
    );
}

#[test]
fn the_biggest_open_first_and_no_more_than_the_brief_has_room_for() {
    let big: Vec<Candidate> = (1..=4)
        .map(|id| story(id, &format!("Event {id}"), 10 + id as usize, &[]))
        .collect();
    let names = |rules: &EventRules, candidates: &[Candidate]| {
        let sections = develop(rules, day(), &[], candidates);
        sections
            .into_iter()
            .map(|section| stories(&section)[0])
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&rules(), &big), [4, 3]);
    assert_eq!(names(&EventRules { most: 0, ..rules() }, &big), [0; 0], "off");
    let one_event = [
        story(1, "Alderport fire", 12, &[7]),
        story(2, "Fire: the morning after", 11, &[7]),
    ];
    assert_eq!(names(&rules(), &one_event), [1], "one event has one section");
}

#[test]
fn a_section_ends_when_nothing_new_comes_and_opens_again_when_it_does() {
    let opened = develop(&rules(), day(), &[], &[story(1, "Alderport fire", 12, &[])]);
    let quiet = |days| develop(&rules(), later(days), &opened, &[])[0].state;
    assert_eq!((quiet(1), quiet(2)), (EventState::Open, EventState::Ended));
    let ended = develop(&rules(), later(2), &opened, &[]);
    assert_eq!(
        ended[0].reasons[1],
        "ended 2026-03-12: nothing new since 2026-03-10"
    );

    let small = develop(
        &rules(),
        later(3),
        &ended,
        &[story(5, "A memorial is planned", 2, &[1])],
    );
    assert_eq!(small, ended, "a small report does not open it again");
    let verdict = story(6, "Verdict in the case of the fire", 11, &[1]);
    let again = develop(&rules(), later(9), &ended, &[verdict]);
    assert_eq!(
        (again.len(), again[0].state, stories(&again[0])),
        (1, EventState::Open, vec![1, 6])
    );
    assert_eq!(again[0].last, later(9));
}

#[test]
fn what_an_editor_closed_stays_closed_and_what_one_opened_takes_its_keywords() {
    let mut sections = develop(&rules(), day(), &[], &[story(1, "Alderport fire", 12, &[])]);
    sections[0].state = EventState::Closed;
    let again = develop(&rules(), later(1), &sections, &[story(2, "Fire again", 30, &[1])]);
    assert_eq!(again, sections);

    sections[0].state = EventState::Open;
    sections[0].keywords = vec!["quay inquiry".to_owned()];
    let found = [
        story(3, "Quay Inquiry hears divers", 1, &[]),
        story(4, "Quay sold", 1, &[]),
    ];
    assert_eq!(
        stories(&develop(&rules(), later(1), &sections, &found)[0]),
        [1, 3]
    );
}

/// A fire and what else is told of it in the same night.
fn night_of_fire() -> Vec<Candidate> {
    let night = [
        (1, "Alderport fire kills nine", 12, vec![2, 3]),
        (2, "What the fire will cost the insurers", 3, vec![1, 4]),
        (3, "Mayor resigns over the fire", 11, vec![1]),
        (4, "Insurers raise their rates", 2, vec![2]),
        (5, "Bishop retires", 2, vec![]),
    ];
    let story = |(id, headline, newsrooms, others): (_, _, _, Vec<i64>)| {
        beside(story(id, headline, newsrooms, &[]), &others)
    };
    night.into_iter().map(story).collect()
}

#[test]
fn what_stands_beside_the_event_is_in_its_section_and_what_stands_beside_that_is_not() {
    let night = night_of_fire();
    let opened = develop(&rules(), day(), &[], &night);
    assert_eq!(
        opened.len(),
        1,
        "a big one, too, opens no section beside its event's"
    );
    assert_eq!(stories(&opened[0]), [1, 2, 3]);
    assert_eq!(
        opened[0].beside,
        [(2, 1), (3, 1)].map(|(a, b)| (StoryId(a), StoryId(b))).into()
    );
    assert_eq!(
        develop(&rules(), day(), &opened, &night),
        opened,
        "the same night again"
    );

    let second = [
        beside(story(6, "New mayor sworn in", 2, &[3]), &[7]),
        beside(story(7, "Who the new mayor is", 1, &[]), &[6]),
        story(8, "Rates: what to pay now", 1, &[4]),
    ];
    let grown = develop(&rules(), later(1), &opened, &second);
    assert_eq!(stories(&grown[0]), [1, 2, 3, 6, 7]);

    let closed = EventSection {
        state: EventState::Closed,
        ..opened[0].clone()
    };
    let big = |other| beside(story(9, "Fire: the divers' tale", 30, &[]), &[other]);
    let next = story(8, "Fire: first burials", 2, &[1]);
    let known = std::slice::from_ref(&closed);
    assert_eq!(develop(&rules(), day(), known, &[big(1)]), known);
    assert_eq!(develop(&rules(), later(1), known, &[next, big(8)]), known);
}

#[test]
fn what_is_beside_or_meets_a_keyword_says_so_to_editors() {
    let night = night_of_fire();
    let mut sections = develop(&rules(), day(), &[], &night);
    sections[0].keywords = vec!["bishop".to_owned()];
    let edition = compose(&brief(), day(), compiled(), &night, &sections);
    let reasons = |story: i64| {
        let mut entries = edition.entries();
        let entry = entries.find(|entry| entry.story().unwrap().0 == story).unwrap();
        assert!(entry.reasons.iter().all(|reason| reason.inside));
        entry
            .reasons
            .iter()
            .map(|reason| reason.text.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(reasons(1), [""; 0]);
    assert_eq!(reasons(3), ["beside “Alderport fire kills nine”"]);
    assert_eq!(reasons(4), [""; 0]);
    assert_eq!(reasons(5), ["keyword “bishop”"]);
}

#[test]
fn what_an_editor_removed_stays_out_with_what_carries_it_on() {
    let night = night_of_fire();
    let mut sections = develop(&rules(), day(), &[], &night);
    sections[0].stories.remove(&StoryId(3));
    sections[0].beside.remove(&StoryId(3));
    sections[0].removed.insert(StoryId(3));
    let again = develop(
        &EventRules {
            newsrooms: 12,
            ..rules()
        },
        day(),
        &sections,
        &night,
    );
    assert_eq!(again, sections);
    let next = [
        story(6, "New mayor sworn in", 2, &[3]),
        story(7, "Fire: first burials", 2, &[1]),
        beside(story(8, "Mayor's farewell", 2, &[3]), &[1]),
    ];
    assert_eq!(stories(&develop(&rules(), later(1), &again, &next)[0]), [1, 2, 7]);
    // Big enough, it is an event of its own.
    assert_eq!(develop(&rules(), day(), &sections, &night).len(), 2);
}

fn outline(
    brief: &Brief,
    candidates: &[Candidate],
    sections: &[EventSection],
) -> Vec<(SectionKind, String, Vec<i64>)> {
    let edition = compose(brief, day(), compiled(), candidates, sections);
    let numbers: Vec<usize> = edition.entries().map(|entry| entry.number).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
    let stories = |section: &reveille_model::Section| {
        section
            .entries
            .iter()
            .filter_map(Entry::story)
            .map(|story| story.0)
            .collect()
    };
    edition
        .sections
        .iter()
        .map(|section| (section.kind, section.name.clone(), stories(section)))
        .collect()
}

#[test]
fn an_event_has_one_of_the_first_stories_and_then_a_section_of_its_own() {
    let mut night: Vec<Candidate> = (1..=4)
        .map(|id| story(id, &format!("Fire, part {id}"), 3, &[90]))
        .collect();
    night.extend((5..=10).map(|id| story(id, &format!("Event {id}"), 1, &[])));
    let fire = EventSection {
        stories: [StoryId(90)].into(),
        reasons: vec!["opened".to_owned()],
        ..develop(&rules(), day(), &[], &[story(90, "Alderport fire", 12, &[])]).remove(0)
    };
    let (standing, event) = (SectionKind::Standing, SectionKind::Event);
    assert_eq!(
        outline(&brief(), &night, std::slice::from_ref(&fire)),
        [
            (standing, "Top Five".to_owned(), vec![1, 5, 6, 7, 8]),
            (event, "Alderport fire".to_owned(), vec![2, 3, 4]),
            (standing, "Also this morning".to_owned(), vec![9, 10]),
        ]
    );
    let mut short = brief();
    short.events.limit = 1;
    assert_eq!(outline(&short, &night, std::slice::from_ref(&fire))[1].2, [2]);
    let closed = EventSection {
        state: EventState::Closed,
        ..fire
    };
    assert!(
        outline(&brief(), &night, &[closed])
            .iter()
            .all(|(kind, ..)| *kind == standing)
    );
}

#[test]
fn where_there_is_nothing_but_the_event_it_fills_the_first_stories() {
    let night: Vec<Candidate> = (1..=3)
        .map(|id| story(id, &format!("Fire, part {id}"), 11, &[90]))
        .collect();
    let sections = develop(&rules(), day(), &[], &night);
    assert_eq!(sections.len(), 1);
    let stories: Vec<Vec<i64>> = outline(&brief(), &night, &sections)
        .into_iter()
        .map(|(.., of)| of)
        .collect();
    assert_eq!(stories, [vec![1, 2, 3]]);
}

proptest! {
    #[test]
    fn no_story_stands_twice_and_no_section_more_often_than_it_may(
        nights in prop::collection::vec(
            prop::collection::vec(
                (0_usize..14, prop::collection::vec(0_i64..20, 0..3), prop::collection::vec(0_i64..12, 0..3)), 0..12),
            1..6),
        most in 0_usize..3,
        quiet_days in 0_u16..4,
    ) {
        let mut brief = brief();
        brief.events = EventRules { most, quiet_days, ..rules() };
        let mut sections: Vec<EventSection> = Vec::new();
        for (days, night) in (0..).zip(&nights) {
            let candidates: Vec<Candidate> = (0..)
                .zip(night)
                .map(|(id, (newsrooms, thread, others))| {
                    let others: Vec<i64> = others.iter().map(|other| days * 20 + other).collect();
                    beside(story(days * 20 + id, &format!("Event {id}"), *newsrooms, thread), &others)
                })
                .collect();
            let developed = develop(&brief.events, later(days), &sections, &candidates);
            let is_open = |section: &&EventSection| section.state == EventState::Open;
            prop_assert!(developed.iter().filter(is_open).count() <= most);
            prop_assert!(developed.len() >= sections.len());
            prop_assert_eq!(&develop(&brief.events, later(days), &developed, &candidates), &developed);
            let edition = compose(&brief, later(days), compiled(), &candidates, &developed);
            let mut told: Vec<StoryId> = edition.entries().filter_map(Entry::story).collect();
            told.sort_unstable();
            told.dedup();
            prop_assert_eq!(told.len(), edition.entries().count());
            sections = developed;
        }
    }
}
