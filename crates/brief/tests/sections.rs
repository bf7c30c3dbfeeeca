//! Which section takes a story, and which stories find no room.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod morning;

use morning::{brief, compiled, day, preflight, report};
use reveille_brief::{Candidate, Interests, Sources, compose, usual};
use reveille_model::{ArticleKind, Brief, Edition, SectionPlan, Topics, Weekdays};

/// A brief of sections alone, as its plan has them.
fn of_sections(sections: &str) -> Brief {
    #[derive(serde::Deserialize)]
    struct Plan {
        sections: Vec<SectionPlan>,
    }
    let Plan { sections } = toml::from_str(sections).unwrap();
    Brief {
        top: 0,
        sections,
        ..brief()
    }
}

fn edition(brief: &Brief, candidates: &[Candidate]) -> Edition {
    compose(brief, day(), compiled(), candidates, &[])
}

/// "Opinion: 3, 5" for each section, by the numbers of the reports.
fn outline(brief: &Brief, candidates: &[Candidate]) -> Vec<String> {
    let edition = edition(brief, candidates);
    let sections = edition.sections.iter().map(|section| {
        let numbers = section
            .entries
            .iter()
            .map(|entry| entry.story().unwrap().0.to_string());
        format!("{}: {}", section.name, numbers.collect::<Vec<_>>().join(", "))
    });
    sections.collect()
}

/// A report without a word that matters.
fn plain(id: i64) -> Candidate {
    let text = "Something of some weight happened in the town on Monday, the council said.";
    report(id, "Quay Herald", &format!("Event {id}"), text)
}

const WORDS: &str = r#"
    [[sections]]
    name = "Money"
    keywords = ["budget", "tax"]
    [[sections]]
    name = "Schools"
    keywords = ["school", "teacher"]
    [[sections]]
    name = "Elsewhere"
"#;

#[test]
fn the_section_whose_keywords_fit_best_wins_and_the_earlier_of_equals() {
    let told = |id, headline, text| report(id, "Quay Herald", headline, text);
    let reports = [
        told(
            1,
            "Teachers get more",
            "The budget and the tax law pay for it, the council said on Monday.",
        ),
        told(
            2,
            "Plans for the town",
            "A tax will be raised for every school in the town, it said.",
        ),
        // Words far down say nothing about what it is about.
        told(
            3,
            "Storm over the bay",
            "It rained all day on Monday.\n\nIt blew.\nIt froze.\nA tax.",
        ),
    ];
    let brief = of_sections(WORDS);
    assert_eq!(
        outline(&brief, &reports),
        ["Money: 2", "Schools: 1", "Elsewhere: 3"]
    );
    assert_eq!(Interests::of(&brief).met_by(&reports[1]), ["Money", "Schools"]);
}

#[test]
fn a_particular_rule_goes_before_keywords_and_all_rules_must_be_met() {
    let brief = of_sections(&format!(
        r#"{WORDS}
        [[sections]]
        name = "Opinion"
        kinds = ["commentary"]
        [[sections]]
        name = "Wires on schools"
        sources = ["northern wire", "The Lantern"]
        keywords = ["school"]
        [[sections]]
        name = "Northport"
        places = ["Northport"]
        [[sections]]
        name = "Auf Deutsch"
        languages = ["de"]
        "#
    ));
    let mut reports: Vec<Candidate> = (1..=8).map(plain).collect();
    reports[0].kind = ArticleKind::Opinion;
    reports[0].headline = "The tax budget of the school".to_owned();
    reports[1].credit.original = Some("Northern  Wire".to_owned());
    reports[1].headline = "School opens again".to_owned();
    // Of the wire, and not about schools.
    reports[2].credit.carrier = "Northern Wire".to_owned();
    reports[3].place = Some("NORTHPORT, Kestrel Coast".to_owned());
    reports[4].headline = "Northport's harbour reopens".to_owned();
    reports[5].language = "de".parse().ok();
    reports[6].headline = "School closes early".to_owned();
    let expected = [
        "Schools: 7",
        "Elsewhere: 3, 8",
        "Opinion: 1",
        "Wires on schools: 2",
        "Northport: 4, 5",
        "Auf Deutsch: 6",
    ];
    assert_eq!(outline(&brief, &reports), expected);

    let edition = edition(&brief, &reports);
    let reasons = |story: i64| {
        let entry = edition
            .entries()
            .find(|entry| entry.story().unwrap().0 == story)
            .unwrap();
        let texts = entry.reasons.iter().filter(|reason| reason.inside);
        texts.map(|reason| reason.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(reasons(1), ["section Opinion: kind opinion"]);
    assert_eq!(reasons(2), ["section Wires on schools: source northern wire"]);
    assert_eq!(reasons(4), ["section Northport: place Northport"]);
    assert_eq!(reasons(6), ["section Auf Deutsch: language de"]);
    assert!(reasons(7).is_empty(), "its rank tells of keywords");
}

#[test]
fn a_rule_that_most_stories_meet_leaves_the_others_their_own() {
    let brief = of_sections(
        r#"
        [[sections]]
        name = "News"
        kinds = ["news", "live"]
        languages = ["en"]
        [[sections]]
        name = "Money"
        keywords = ["tax"]
        "#,
    );
    let mut reports: Vec<Candidate> = (1..=3).map(plain).collect();
    reports[1].headline = "Tax raised".to_owned();
    reports[2].kind = ArticleKind::Gallery;
    assert_eq!(
        outline(&brief, &reports),
        ["News: 1", "Money: 2"],
        "the gallery has no section"
    );
}

#[test]
fn stories_without_room_are_named() {
    let brief = of_sections(
        r#"
        [[sections]]
        name = "Money"
        keywords = ["tax"]
        limit = 1
        [[sections]]
        name = "Elsewhere"
        limit = 1
        "#,
    );
    let mut reports: Vec<Candidate> = (1..=7).map(plain).collect();
    reports[1].headline = "Tax raised".to_owned();
    reports[2].headline = "Tax lowered".to_owned();
    let found = |count: usize| -> Vec<String> {
        let edition = edition(&brief, &reports[..count]);
        let findings = preflight(&edition, &Sources::default());
        findings.into_iter().map(|finding| finding.text).collect()
    };
    assert_eq!(
        found(7),
        [
            "5 stories were left out by the limits of Money and Elsewhere: “Tax lowered”, “Event 4”, “Event 5” and 2 more. \
             Raise `limit` in the brief's plan to print more of them."
        ]
    );
    let few = found(3);
    assert!(few[0].contains("Check whether sources fail"), "{few:?}");
    assert!(
        few[1].starts_with("1 story was left out by the limit of Money: “Tax lowered”."),
        "{few:?}"
    );
    assert_eq!(found(2).len(), 1);
}

#[test]
fn several_sections_that_take_the_rest_share_it() {
    let brief = of_sections(
        r#"
        [[sections]]
        name = "First"
        limit = 2
        [[sections]]
        name = "Second"
        limit = 2
        "#,
    );
    let reports: Vec<Candidate> = (1..=5).map(plain).collect();
    assert_eq!(outline(&brief, &reports), ["First: 1, 2", "Second: 3, 4"]);
    let left = &edition(&brief, &reports).left_out;
    assert_eq!((left.len(), left[0].section.as_str()), (1, "First"));
}

#[test]
fn the_sections_of_a_german_brief_know_ordinary_compounds() {
    let language: reveille_model::Language = "de".parse().unwrap();
    let usual = usual(&language, "", "06:00".parse().unwrap(), Weekdays::ALL);
    let brief = Brief {
        sections: usual.sections,
        language: language.clone(),
        ..brief()
    };
    for (headline, sections) in [
        ("Außenministerin reist nach Nordhafen", "Politik"),
        ("Bundestagswahl findet im Herbst statt", "Politik"),
        ("Regierungschef stellt Vertrauensfrage", "Politik"),
        ("Verteidigungsminister besucht Truppen", "Politik, Verteidigung"),
        ("Drohnenangriff auf den Hafen", "Verteidigung"),
        ("Angriffskrieg geht ins dritte Jahr", "Verteidigung"),
        ("Notenbank wartet ab", "Wirtschaft"),
        ("Leitzinsen bleiben, Banken zögern", "Wirtschaft"),
        ("Warnstreik legt Flughäfen lahm", "Wirtschaft"),
        ("Autokonzern baut Arbeitsplätze ab", "Wirtschaft"),
        ("Klimaforscher warnen vor Dürre", "Wissenschaft und Gesundheit"),
        ("Langzeitstudien zum Schlaf", "Wissenschaft und Gesundheit"),
        // What only looks like them.
        ("Große Auswahl auf dem Weihnachtsmarkt", ""),
        ("Neue Parkbank am See", ""),
        ("Wer jetzt handeln muss", ""),
        ("Kinder kriegen schulfrei", ""),
        ("Gewinner der Lotterie gefunden", ""),
    ] {
        let text = "In der Stadt ist am Montag etwas geschehen, sagte der Rat.";
        let mut report = report(1, "Bote", headline, text);
        report.language = Some(language.clone());
        assert_eq!(
            Interests::of(&brief).met_by(&report).join(", "),
            sections,
            "{headline}"
        );
    }
}

#[test]
fn a_section_takes_stories_by_whole_topics_in_any_case() {
    let brief = of_sections(&format!(
        r#"{WORDS}
        [[sections]]
        name = "Defence"
        topics = ["Defence", "Verteidigung"]
        [[sections]]
        name = "Defence budgets"
        topics = ["defence"]
        keywords = ["budget"]
        "#
    ));
    let mut reports: Vec<Candidate> = (1..=5).map(plain).collect();
    reports[0].topics = Topics::of(["World", "DEFENCE"]);
    reports[1].topics = Topics::of(["verteidigung"]);
    // Another topic, and a word that is no topic.
    reports[2].topics = Topics::of(["Defence industry"]);
    reports[3].headline = "Defence of the quay".to_owned();
    reports[4].headline = "Budget of the fleet".to_owned();
    reports[4].topics = Topics::of(["Defence"]);
    let expected = ["Elsewhere: 3, 4", "Defence: 1, 2", "Defence budgets: 5"];
    assert_eq!(outline(&brief, &reports), expected);
    assert_eq!(Interests::of(&brief).met_by(&reports[0]), ["Defence"]);

    let edition = edition(&brief, &reports);
    let second = edition
        .entries()
        .find(|entry| entry.story().unwrap().0 == 2)
        .unwrap();
    let told = |reason: &reveille_model::Reason| reason.text == "section Defence: topic Verteidigung";
    assert!(second.reasons.iter().any(told), "{:?}", second.reasons);
}
