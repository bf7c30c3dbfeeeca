//! What stands in an edition, and where.

mod morning;

use morning::{brief, candidates, compiled, day, edition, report};
use proptest::prelude::*;
use reveille_brief::{Candidate, compose, left_out};
use reveille_model::{ArticleKind, Edition, Entry, Report, paragraphs_of};

fn outline(edition: &Edition) -> String {
    let mut out = String::new();
    for section in &edition.sections {
        out.push_str(&format!("{}\n", section.name));
        for entry in &section.entries {
            let marks: String = entry.marks.iter().map(|mark| format!(" [{mark}]")).collect();
            out.push_str(&format!(
                "  {} {} ({}){marks}\n",
                entry.number, entry.headline, entry.credit
            ));
        }
    }
    out
}

/// An edition of some candidates under the sample brief.
fn of(candidates: &[Candidate]) -> Edition {
    compose(&brief(), day(), compiled(), candidates, &[])
}

/// So many reports that no keyword wants, best first.
fn plain(count: i64) -> Vec<Candidate> {
    (1..=count)
        .map(|id| {
            report(
                id,
                "Quay Herald",
                &format!("Event {id}"),
                "Something of some weight happened in the town.",
            )
        })
        .collect()
}

#[test]
fn a_morning_falls_into_its_sections() {
    insta::assert_snapshot!(outline(&edition()), @"
    Top Five
      1 Island states ask for new talks on fishing grounds (Harbour Courier · Northern Wire)
      2 River rises through the old town as dam is opened (Lantern Post) [Live]
      3 Lake will be drained to find the cause of its colour (Vale Tribune)
      4 Treaty on sea cables comes into force (Quay Herald · Eastern Press Agency)
      5 Night trains return to the coast line after nine years (Mill Gazette)
    World
      6 الحكومة تعلن خطة جديدة لتوزيع المياه في الجنوب (Al Manar Sample)
      7 Border post closes for want of travellers (Vale Tribune)
    Business
      8 Werk in Musterstadt baut ab Juni wieder Fahrräder (Beispielbote)
      9 Central bank keeps its rate and warns of bread prices (Quay Herald)
      10 Two shipyards agree to share a factory that neither can fill (Vale Tribune) [Subscribers only]
    Science
      11 Researchers hear a glacier before it breaks (Mill Gazette)
      12 Telescope finds water on a planet that should have none (Lantern Post)
    Also this morning
      13 The clocks should stay where they are (Lantern Post) [Opinion]
      14 Pictures: the harbour under its first snow since 1987 (Harbour Courier) [Gallery]
      15 Town gives its last phone box to a beekeeper (Quay Herald)
    ");
}

#[test]
fn the_first_heading_counts_its_stories() {
    let name = |count: i64| of(&plain(count)).sections[0].name.clone();
    assert_eq!(name(1), "Top Story");
    assert_eq!(name(3), "Top Three");
    assert_eq!(name(9), "Top Five");
    let many = compose(
        &reveille_model::Brief { top: 14, ..brief() },
        day(),
        compiled(),
        &plain(20),
        &[],
    );
    assert_eq!(many.sections[0].name, "Top 14");
}

#[test]
fn opinion_comes_first_only_where_there_is_nothing_else() {
    let mut some = plain(3);
    some[0].kind = ArticleKind::Opinion;
    some[1].kind = ArticleKind::Gallery;
    let edition = of(&some);
    assert_eq!(edition.sections[0].entries.len(), 1);
    assert_eq!(edition.sections[0].entries[0].headline, "Event 3");
    some[2].kind = ArticleKind::PaywallStub;
    let edition = of(&some);
    assert_eq!(edition.sections[0].name, "Top Three");
    assert_eq!(edition.sections[0].entries[0].headline, "Event 1");
}

#[test]
fn the_first_stories_are_spread_over_outlets() {
    let mut some = plain(7);
    some[5].credit.carrier = "Vale Tribune".to_owned();
    let top = |some: &[Candidate]| {
        let edition = of(some);
        edition.sections[0]
            .entries
            .iter()
            .filter_map(Entry::story)
            .map(|story| story.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        top(&some),
        [1, 2, 3, 4, 6],
        "the other outlet's story comes in, and all keep their order"
    );
    assert_eq!(
        top(&plain(7)),
        [1, 2, 3, 4, 5],
        "where there is one outlet, its best stand"
    );
}

#[test]
fn a_section_ends_at_its_limit_and_empty_ones_fall_away() {
    let edition = of(&plain(30));
    let names: Vec<&str> = edition
        .sections
        .iter()
        .map(|section| section.name.as_str())
        .collect();
    assert_eq!(names, ["Top Five", "Also this morning"]);
    assert_eq!(edition.sections[1].entries.len(), 8);
    assert!(of(&[]).sections.is_empty());
}

#[test]
fn a_brief_without_top_begins_with_its_first_section() {
    let edition = compose(
        &reveille_model::Brief { top: 0, ..brief() },
        day(),
        compiled(),
        &plain(2),
        &[],
    );
    assert_eq!(edition.sections.len(), 1);
    assert_eq!(edition.sections[0].name, "Also this morning");
}

#[test]
fn equal_ranks_go_by_age_and_then_by_link() {
    let mut some = plain(3);
    for candidate in &mut some {
        candidate.rank = 1.0;
    }
    some[0].published = None;
    some[2].published = some[1].published;
    some[1].rank = f64::NAN;
    let edition = of(&some);
    let order: Vec<i64> = edition
        .entries()
        .filter_map(Entry::story)
        .map(|story| story.0)
        .collect();
    assert_eq!(order, [3, 1, 2]);

    let mut two = plain(2);
    two[1].rank = two[0].rank;
    two[1].published = two[0].published;
    two[1].link = "https://a.example/".parse().unwrap();
    let order: Vec<i64> = of(&two)
        .entries()
        .filter_map(Entry::story)
        .map(|story| story.0)
        .collect();
    assert_eq!(order, [2, 1]);
}

#[test]
fn a_story_or_a_link_stands_once() {
    let mut some = plain(4);
    some[2].link = some[0].link.clone();
    some[3].story = some[1].story;
    let stories: Vec<i64> = of(&some)
        .entries()
        .filter_map(Entry::story)
        .map(|story| story.0)
        .collect();
    assert_eq!(stories, [1, 2]);
}

#[test]
fn what_cannot_be_told_in_a_sentence_keeps_its_place_by_its_headline() {
    let mut some = plain(4);
    some[0].body = paragraphs_of("Subscribe\nWe use cookies.");
    some[1].headline = " \u{202e} ".to_owned();
    some[2].body.clear();
    let edition = of(&some);
    let told: Vec<(&str, i64, &str)> = edition
        .sections
        .iter()
        .flat_map(|section| {
            section
                .entries
                .iter()
                .map(|entry| (&*section.name, entry.story().unwrap().0, &*entry.summary))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Top Two", 1, ""),
            ("Top Two", 4, "Something of some weight happened in the town."),
            ("Also this morning", 3, ""),
        ],
        "without a headline there is no entry, and what has no text at all is no first story"
    );
}

#[test]
fn gathered_text_is_one_line_that_cannot_turn_the_page() {
    let mut one = plain(1);
    one[0].headline = "Town\u{7} \u{202e}hall\r\n Bcc: burns\u{2069}".to_owned();
    one[0].credit.original = Some("quay  herald".to_owned());
    one[0].credit.joint = ["Quay Herald", "Northern  Wire", "northern wire"]
        .map(str::to_owned)
        .to_vec();
    one[0].credit.byline = Some("Ann\u{202e} Example".to_owned());
    one[0].also_in = ["Quay Herald", "Vale Tribune", "vale tribune", ""]
        .map(str::to_owned)
        .to_vec();
    one[0].reports = ["Vale  Tribune", "Fen\u{202e} Observer", "fen observer"]
        .map(|carrier| Report {
            carrier: carrier.to_owned(),
            link: "https://fen.example/1".parse().unwrap(),
        })
        .to_vec();
    let edition = of(&one);
    let entry = edition.entries().next().unwrap();
    assert_eq!(entry.headline, "Town hall Bcc: burns");
    assert_eq!(entry.credit.original, None);
    assert_eq!(
        entry.credit.to_string(),
        format!("{} · Ann Example, Northern Wire", entry.credit.carrier)
    );
    assert_eq!(entry.also_in, ["Vale Tribune"]);
    let carriers: Vec<_> = entry.reports.iter().map(|report| &report.carrier).collect();
    assert_eq!(carriers, ["Fen Observer"]);
}

#[test]
fn what_was_paid_for_is_left_to_the_editor() {
    let mut two = plain(2);
    two[0].kind = ArticleKind::Sponsored;
    let edition = of(&two);
    assert_eq!(edition.entries().count(), 1);
    assert_eq!(left_out(&brief(), &edition, &two)[0].why, "It was paid for.");
}

#[test]
fn a_headline_that_opens_the_text_is_not_its_summary() {
    let mut one = plain(1);
    one[0].headline = "The town hall burned down on Monday night.".to_owned();
    one[0].body =
        paragraphs_of("The town hall burned down on Monday night.\nNobody was hurt, the fire service said.");
    assert_eq!(
        of(&one).entries().next().unwrap().summary,
        "Nobody was hurt, the fire service said."
    );
}

proptest! {
    // Each case composes a whole edition.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_candidates_does_not_matter(shuffled in Just(candidates()).prop_shuffle()) {
        prop_assert_eq!(of(&shuffled), edition());
    }

    #[test]
    fn numbers_count_from_one_through_the_edition(
        ranks in prop::collection::vec(prop::num::f64::ANY, 0..40),
        kinds in prop::collection::vec(prop::sample::select(ArticleKind::ALL), 40),
        top in 0_usize..8,
    ) {
        let mut some = plain(ranks.len() as i64);
        for ((candidate, rank), kind) in some.iter_mut().zip(ranks).zip(kinds) {
            candidate.rank = rank;
            candidate.kind = kind;
        }
        let edition = compose(&reveille_model::Brief { top, ..brief() }, day(), compiled(), &some, &[]);
        let numbers: Vec<usize> = edition.entries().map(|entry| entry.number).collect();
        prop_assert_eq!(&numbers, &(1..=numbers.len()).collect::<Vec<_>>());
        prop_assert!(edition.sections.iter().all(|section| !section.entries.is_empty()));
    }
}
