//! An invented morning, shared by the tests and the sample.

// Each test file uses its own part of the morning; what is invented here cannot fail to parse.
#![allow(dead_code, clippy::unwrap_used)]

use std::sync::LazyLock;

use reveille_brief::{
    Candidate, Finding, Growth, Own, Sources, compose, edit, own_entry,
    render::{self, Links, Templates},
};
use reveille_model::{
    ArticleId, ArticleKind, Brief, Change, Correction, Credit, Day, Edition, Entry, EntryKind, Fact, Fate,
    Numbering, Published, Reason, Report, SectionPlan, StoryId, Topics, UnixMillis, paragraphs_of,
};

pub(crate) fn brief() -> Brief {
    let section = |name: &str, keywords: &[&str], limit| SectionPlan {
        name: name.to_owned(),
        keywords: keywords.iter().map(|&word| word.to_owned()).collect(),
        limit,
        ..SectionPlan::default()
    };
    Brief {
        description: "What happened while you slept, in five minutes.".to_owned(),
        lead_minutes: 45,
        sections: vec![
            section(
                "World",
                &["minister", "treaty", "embassy", "الحكومة", "border"],
                8,
            ),
            section("Business", &["bank", "shares", "prices", "factory", "Werk"], 8),
            section("Science", &["researchers", "telescope", "study"], 8),
            section("Also this morning", &[], 8),
        ],
        consent: "By giving your address you agree to receive this brief every morning.".to_owned(),
        ..Brief::named("the-morning-brief".parse().unwrap(), "The Morning Brief")
    }
}

/// As our own template has it.
pub(crate) fn html_mail(edition: &Edition, links: &Links) -> String {
    render::html_mail(edition, links, &Templates::built_in()).unwrap()
}

/// As our own template has it.
pub(crate) fn web(edition: &Edition) -> String {
    render::web(edition, &Templates::built_in()).unwrap()
}

pub(crate) fn preflight(edition: &Edition, sources: &Sources) -> Vec<Finding> {
    reveille_brief::preflight(edition, sources, &Templates::built_in())
}

pub(crate) fn day() -> Day {
    "2026-03-10".parse().unwrap()
}

pub(crate) fn compiled() -> UnixMillis {
    "2026-03-10T05:15:00Z".parse().unwrap()
}

/// A news report; the other fields are set where a test needs them.
pub(crate) fn report(id: i64, carrier: &str, headline: &str, text: &str) -> Candidate {
    Candidate {
        version: 1,
        story: StoryId(id),
        article: ArticleId(100 + id),
        headline: headline.to_owned(),
        body: paragraphs_of(text),
        place: None,
        language: "en".parse().ok(),
        kind: ArticleKind::News,
        topics: Topics::default(),
        paywalled: false,
        corrections: Vec::new(),
        credit: Credit {
            carrier: carrier.to_owned(),
            original: None,
            joint: Vec::new(),
            byline: None,
        },
        link: format!(
            "https://{}.example/2026/03/10/{id}",
            carrier.to_lowercase().replace(' ', "-")
        )
        .parse()
        .unwrap(),
        published: Some(Published::Instant(compiled().plus(-id * 20 * 60 * 1000))),
        rank: 100.0 - id as f64,
        reasons: Vec::new(),
        also_in: Vec::new(),
        reports: Vec::new(),
        evidence: Vec::new(),
        follows: None,
        growth: Growth::default(),
    }
}

/// What a desk wrote by hand.
pub(crate) fn own(kind: EntryKind, headline: &str, link: Option<&str>) -> Own {
    Own {
        kind,
        at: None,
        place: None,
        headline: headline.to_owned(),
        summary: "A line of our own with 98,765 sheep.".to_owned(),
        carrier: "Quay & Sons".to_owned(),
        link: link.map(|link| link.parse().unwrap()),
    }
}

fn reason(text: &str, fact: Fact) -> Reason {
    Reason {
        fact: Some(fact),
        text: text.to_owned(),
        weight: 1.0,
        inside: false,
    }
}

pub(crate) fn candidates() -> Vec<Candidate> {
    let mut all: Vec<Candidate> = include_str!("reports.txt")
        .split("\n\n")
        .zip(1..)
        .map(|(report_text, id)| {
            let mut lines = report_text.splitn(3, '\n');
            let mut line = || lines.next().unwrap();
            let (carrier, headline, text) = (line(), line(), line());
            report(id, carrier, headline, text.trim_end())
        })
        .collect();
    all[0].credit.original = Some("Northern Wire".to_owned());
    all[0].also_in = [
        "Harbour Courier",
        "Vale Tribune",
        "Lantern Post",
        "Quay Herald",
        "Mill Gazette",
    ]
    .map(str::to_owned)
    .to_vec();
    let first = Fact::First {
        time: "04:12".to_owned(),
        day: None,
    };
    all[0].reasons = vec![
        reason("9 newsrooms", Fact::Newsrooms { count: 9 }),
        reason("first 04:12", first),
        reason("rising", Fact::Rising),
    ];
    all[1].kind = ArticleKind::LiveBlog;
    all[2].corrections = vec![
        "Correction: An earlier version gave the depth of the lake as 40 metres. It is 14 metres.".to_owned(),
    ];
    all[3].credit.original = Some("Eastern Press Agency".to_owned());
    all[5].kind = ArticleKind::Opinion;
    all[6].language = "ar".parse().ok();
    all[7].language = "de".parse().ok();
    all[9].paywalled = true;
    all[10].kind = ArticleKind::Gallery;
    all[1].reports = ["Fen Observer", "Harbour Courier", "Upland Times"]
        .map(|carrier| Report {
            carrier: carrier.to_owned(),
            link: format!("https://{}.example/2", carrier.to_lowercase().replace(' ', "-"))
                .parse()
                .unwrap(),
        })
        .to_vec();
    all[12].also_in = vec!["Vale Tribune".to_owned()];
    all
}

pub(crate) fn edition() -> Edition {
    static EDITION: LazyLock<Edition> =
        LazyLock::new(|| compose(&brief(), day(), compiled(), &candidates(), &[]));
    EDITION.clone()
}

pub(crate) fn links() -> Links {
    Links {
        edition: "https://brief.example.org/the-morning-brief/2026-03-10".to_owned(),
        unsubscribe: "https://brief.example.org/leave/0123456789abcdef0123456789abcdef".to_owned(),
        settings: "https://brief.example.org/settings/0123456789abcdef0123456789abcdef".to_owned(),
        brief: "https://brief.example.org/the-morning-brief".to_owned(),
        tips: "tips@brief.example.org".to_owned(),
        identity: "The Morning Brief, 1 Example Street, Exampleton".to_owned(),
        missed: Vec::new(),
        counts_clicks: false,
    }
}

/// An edition of the first entry alone.
pub(crate) fn one(change: impl FnOnce(&mut Entry)) -> Edition {
    let mut edition = edition();
    edition.sections.truncate(1);
    edition.sections[0].entries.truncate(1);
    change(&mut edition.sections[0].entries[0]);
    edition
}

/// Every place of an entry that holds gathered text.
pub(crate) fn fill(entry: &mut Entry, words: &str) {
    entry.headline = words.to_owned();
    entry.summary = words.to_owned();
    entry.credit.carrier = words.to_owned();
    entry.credit.original = Some(words.to_owned());
    entry.corrections = vec![words.to_owned()];
    entry.also_in = vec![words.to_owned()];
    entry.reports = vec![Report {
        carrier: words.to_owned(),
        link: entry.link.clone(),
    }];
    entry.marks = vec![words.to_owned()];
    for reason in &mut entry.reasons {
        reason.text = words.to_owned();
    }
}

/// What the edition of the day before had wrong.
/// What became of the second entry an hour after the edition was compiled.
pub(crate) fn change(fate: Fate) -> Change {
    Change {
        number: 2,
        headline: String::new(),
        fate,
        note: None,
        at: compiled().plus(60 * 60 * 1000),
    }
}

pub(crate) fn correction(text: &str) -> Correction {
    Correction {
        day: day().yesterday(),
        number: 3,
        by_headline: false,
        headline: "Lake drained".to_owned(),
        text: text.to_owned(),
    }
}

/// A morning with a section of each kind: the first stories and the columns numbered by themselves, the rest counting on, and
/// what the day brings and sponsors not at all.
pub(crate) fn all_kinds() -> Edition {
    #[derive(serde::Deserialize)]
    struct Plan {
        sections: Vec<SectionPlan>,
    }
    let Plan { sections } = toml::from_str(
        r#"
        [[sections]]
        name = "Today"
        kind = "calendar"
        [[sections]]
        name = "Views"
        kind = "opinion"
        numbering = "own"
        limit = 2
        [[sections]]
        name = "Elsewhere"
        limit = 3
        [[sections]]
        name = "From our sponsors"
        kind = "sponsored"
        numbering = "none"
        "#,
    )
    .unwrap();
    let brief = Brief {
        top: 3,
        top_numbering: Some(Numbering::Own),
        sections,
        ..brief()
    };
    let mut night = candidates();
    for (id, headline) in [(41, "Ferries should sail at night"), (42, "Leave the pond alone")] {
        let view =
            "Nobody who lives on the island goes to bed at eight on a Monday, and no ferry should either.";
        let mut column = report(id, "Quay Herald", headline, view);
        column.kind = ArticleKind::Opinion;
        night.push(column);
    }
    let mut edition = compose(&brief, day(), compiled(), &night, &[]);
    edition.left_out.clear();
    for (at, place, headline) in [
        (Some("14:30"), Some("Harbour Hall"), "The port council meets"),
        (
            Some("09:00"),
            None,
            "The statistics office tells of February's prices",
        ),
        (None, Some("Mill Street"), "The market opens for the season"),
    ] {
        let appointment = Own {
            at: at.map(|at| at.parse().unwrap()),
            place: place.map(str::to_owned),
            summary: String::new(),
            carrier: "The Morning Brief".to_owned(),
            ..own(EntryKind::Appointment, headline, None)
        };
        let entry = own_entry(&edition, appointment);
        edit::put(&mut edition, &brief, "Today", entry);
    }
    let link = Some("https://ropes.example/spring");
    let paid = own_entry(&edition, own(EntryKind::Sponsored, "Ropes for every boat", link));
    edit::put(&mut edition, &brief, "From our sponsors", paid);
    edition
}

/// The files of an archive whose files are stored as they are, in order.
pub(crate) fn files(archive: &[u8]) -> Vec<(String, String)> {
    let number = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
    let mut found = Vec::new();
    let mut at = 0;
    while archive[at..].starts_with(b"PK\x03\x04") {
        let (size, name) = (number(at + 22), number(at + 26) & 0xFFFF);
        assert_eq!(number(at + 18), size, "stored as it is");
        let (name_at, body_at) = (at + 30, at + 30 + name);
        let text = |from: usize, to: usize| String::from_utf8(archive[from..to].to_vec()).unwrap();
        assert_eq!(
            number(at + 14),
            crc32fast::hash(&archive[body_at..body_at + size]) as usize
        );
        found.push((text(name_at, body_at), text(body_at, body_at + size)));
        at = body_at + size;
    }
    assert!(archive[at..].starts_with(b"PK\x01\x02"));
    found
}
