//! The whole invented morning in every form, to be looked at when it changes: `tests/snapshots`.

mod morning;

use morning::{
    all_kinds, brief, candidates, compiled, correction, day, edition, html_mail, links, report, web,
};
use reveille_brief::{
    compose, develop,
    render::{epub, markdown, pdf, text, text_mail},
};
use reveille_model::{Edition, EventRules, Front, Sponsor, StoryId};

fn morning_with_a_correction() -> Edition {
    let mut edition = edition();
    edition.corrections = vec![correction("It was the pond.")];
    edition.issue = Some(214);
    edition.front = Front {
        greeting: Some("Good morning. The river is the story of this one.".to_owned()),
        editor: Some("Ann Example".to_owned()),
        notes: vec!["Hours are those of Samplehaven.".to_owned()],
        sponsor: Some(Sponsor {
            name: "Quay Savings Bank".to_owned(),
            text: "Accounts for skippers, since 1871.".to_owned(),
            link: "https://quay-savings.example/skippers".parse().ok(),
        }),
    };
    edition
}

/// The same morning when the flood, its second story, has grown to an event that two more stories carry on.
fn morning_with_an_event() -> Edition {
    let mut night = candidates();
    night[1].growth.newsrooms = 12;
    night[1].growth.headlines = [
        "Rhona flood drives hundreds out",
        "Cellars full after Rhona flood",
        "Fire service pumps in Rhona flood",
    ]
    .map(str::to_owned)
    .to_vec();
    let flood = StoryId(2);
    for (id, carrier, headline, lead) in [
        (
            31,
            "Quay Herald",
            "Insurers count four hundred flooded cellars",
            "Insurers had counted four hundred flooded cellars by the evening, their association said.",
        ),
        (
            32,
            "Hill Echo",
            "Schools of the old town stay shut until Thursday",
            "The schools of the old town will stay shut until Thursday, since the water has reached their heating.",
        ),
    ] {
        let mut more = report(id, carrier, headline, lead);
        more.growth.thread = vec![flood];
        night.push(more);
    }
    let events = develop(&EventRules::default(), day(), &[], &night);
    compose(&brief(), day(), compiled(), &night, &events)
}

#[test]
fn an_event_has_a_section_of_its_own_in_every_form() {
    let edition = morning_with_an_event();
    insta::assert_snapshot!("event_mail.html", html_mail(&edition, &links()));
    insta::assert_snapshot!("event_web.html", web(&edition));
    insta::assert_snapshot!("event_terminal.txt", text(&edition));
    insta::assert_snapshot!("event_edition.md", markdown(&edition));
}

#[test]
fn sections_of_all_kinds_and_numberings_read_as_what_they_are() {
    let edition = all_kinds();
    insta::assert_snapshot!("kinds_mail.html", html_mail(&edition, &links()));
    insta::assert_snapshot!("kinds_web.html", web(&edition));
    insta::assert_snapshot!("kinds_terminal.txt", text(&edition));
    insta::assert_snapshot!("kinds_edition.md", markdown(&edition));
}

#[test]
fn forms_that_are_text_read_as_they_were_reviewed() {
    let edition = morning_with_a_correction();
    insta::assert_snapshot!("mail.html", html_mail(&edition, &links()));
    insta::assert_snapshot!("mail.txt", text_mail(&edition, &links()));
    insta::assert_snapshot!("web.html", web(&edition));
    insta::assert_snapshot!("terminal.txt", text(&edition));
    insta::assert_snapshot!("edition.md", markdown(&edition));
}

/// Two faces of one machine may differ, so nothing here needs a sign that our own lack.
#[test]
fn the_print_is_byte_for_byte_the_one_that_was_reviewed() {
    let pdf = pdf(&morning_with_a_correction(), |_| Vec::new()).unwrap();
    insta::assert_binary_snapshot!("print.pdf", pdf.bytes);
}

#[test]
fn the_book_is_byte_for_byte_the_one_that_was_reviewed() {
    let book = epub(
        &morning_with_a_correction(),
        "https://brief.example/morning/2026-03-10",
    )
    .unwrap();
    insta::assert_binary_snapshot!("book.epub", book);
}
