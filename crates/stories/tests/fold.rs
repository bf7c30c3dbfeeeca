//! What the folding says of small mornings.

#![expect(
    clippy::unwrap_used,
    reason = "sample data that does not parse must fail the test"
)]

use reveille_model::{
    ArticleId, ArticleKind, CopyLink, Evidence, EvidenceMark, Origin, OriginClass, UnixMillis,
};
use reveille_stories::{Copy, Doc, Folding, Options, fold};

const DREDGER: &str = "The harbour council voted on Tuesday to stop dredging the northern channel after divers found \
a sunken barge lying across it.\nThe vote was seven to two, with the two members from the fishing ward against.\n\
Council chair Mara Oduya said the barge had been missing since the storm of 2019 and was thought to lie much farther \
out.\nFerries to Saltholm will use the southern channel until the wreck is lifted, which the harbour master expects \
to take five weeks.\nFishing crews said the detour costs them an hour each way and asked for fuel money.\nThe lifting \
will cost about 1.4 million crowns, paid from the storm fund that the town set up after the flood.";
const DREDGER_OWN: &str = "Dredging in the northern channel of the harbour is to stop, the council of Saltholm's port \
decided, because a barge lost in a storm seven years ago has turned up on the bottom.\nSeven members voted for the \
halt. Skippers who fish from the ward had pleaded to keep at least half of the channel open, and Mara Oduya, who chairs \
the council, promised them an answer on fuel money by Friday.\nUntil the wreck is raised, ferries take the southern \
channel.";
const ORCHARD: &str = "Growers in the Venn valley began picking pears ten days early this year, and most blame the \
warm April.\nThe cooperative at Lower Venn opened its cold store on Monday, a week before it had hired its pickers.\n\
Its manager, Teo Brandt, said that fruit sold before the fair brings a fifth more than fruit sold after it.\nA frost in \
May took a third of the plums, which bloom first and stand lowest on the slope.";

fn doc(id: i64, outlet: &str, clock: &str, title: &str, text: &str) -> Doc {
    Doc {
        id: ArticleId(id),
        source: format!("{outlet}.example"),
        carrier: outlet.to_owned(),
        url: format!("https://{outlet}.example/{id}").parse().unwrap(),
        canonical: None,
        at: format!("2031-03-10T{clock}:00Z").parse().unwrap(),
        title: title.to_owned(),
        text: text.to_owned(),
        origins: Vec::new(),
        kind: ArticleKind::News,
        weight: 1.0,
    }
}

fn by(name: &str, class: OriginClass) -> Origin {
    let evidence = Evidence {
        mark: EvidenceMark::Byline,
        text: format!("By Ann Example, {name}"),
    };
    Origin {
        name: name.to_owned(),
        class,
        url: None,
        evidence: vec![evidence],
    }
}

fn folded(docs: &[Doc]) -> Folding {
    fold(docs, &Options::default())
}

fn copy_of(folding: &Folding, id: i64) -> Option<&Copy> {
    folding.copies.iter().find(|copy| copy.article == ArticleId(id))
}

/// The first so many lines.
fn cut(text: &str, lines: usize) -> String {
    text.lines().take(lines).collect::<Vec<_>>().join("\n")
}

#[test]
fn copies_fold_under_the_agency_that_they_credit() {
    let mut docs = vec![
        doc(1, "herald", "04:10", "Barge stops dredging", &cut(DREDGER, 5)),
        doc(2, "northern-wire", "04:30", "Council stops dredging", DREDGER),
        doc(3, "gazette", "05:00", "Sunken barge halts harbour work", DREDGER),
        doc(4, "valley", "05:00", "Pears come early", ORCHARD),
    ];
    docs[0].origins.push(by("Northern-Wire", OriginClass::Original));
    let folding = folded(&docs);
    assert_eq!(folding.stories.len(), 2);
    let story = &folding.stories[0];
    assert_eq!(story.articles, [1, 2, 3].map(ArticleId));
    assert_eq!((story.lead, story.independent), (ArticleId(2), 1));
    let original = story.original.as_ref().unwrap();
    assert_eq!(
        (original.name.as_str(), original.article),
        ("Northern-Wire", Some(ArticleId(2)))
    );
    assert_eq!(original.evidence[0].mark, EvidenceMark::Byline);
    for id in [1, 3] {
        let copy = copy_of(&folding, id).unwrap();
        assert_eq!((copy.of, copy.link), (ArticleId(2), CopyLink::Same));
        assert!(copy.overlap > 0.9);
    }
}

#[test]
fn an_agency_that_was_not_gathered_is_still_credited() {
    let mut docs = vec![
        doc(1, "herald", "04:10", "Barge stops dredging", &cut(DREDGER, 1)),
        doc(2, "gazette", "04:30", "Barge stops dredging", DREDGER),
        doc(3, "star", "04:40", "Barge stops dredging", DREDGER),
    ];
    docs[1]
        .origins
        .push(by("Associated Press", OriginClass::Original));
    docs[2]
        .origins
        .push(by("Associated Press", OriginClass::Original));
    let folding = folded(&docs);
    let original = folding.stories[0].original.as_ref().unwrap();
    assert_eq!(
        (original.name.as_str(), original.article),
        ("Associated Press", None)
    );
    assert_eq!(folding.stories[0].lead, ArticleId(2), "the earliest full copy");
    assert_eq!(copy_of(&folding, 1).unwrap().link, CopyLink::Excerpt);
}

#[test]
fn a_repost_points_to_the_article_that_it_links() {
    let mut docs = vec![
        doc(
            1,
            "repost",
            "03:00",
            "Barge stops dredging – Harbour Times",
            DREDGER,
        ),
        doc(2, "harbour-times", "09:00", "Barge stops dredging", DREDGER),
    ];
    let url = docs[1].url.web().cloned();
    docs[0].origins.push(Origin {
        url,
        ..by("Harbour-Times", OriginClass::Republished)
    });
    let folding = folded(&docs);
    assert_eq!(copy_of(&folding, 1).unwrap().of, ArticleId(2));
    assert_eq!(folding.stories[0].lead, ArticleId(2));
}

#[test]
fn an_agency_behind_the_reposted_article_is_credited_and_the_article_linked() {
    let mut docs = vec![
        doc(
            1,
            "repost",
            "03:00",
            "Barge stops dredging – Harbour Times",
            DREDGER,
        ),
        doc(2, "harbour-times", "09:00", "Barge stops dredging", DREDGER),
    ];
    docs[0]
        .origins
        .push(by("Harbour-Times", OriginClass::Republished));
    docs[1]
        .origins
        .push(by("The Associated Press", OriginClass::Probable));
    let folding = folded(&docs);
    let original = folding.stories[0].original.as_ref().unwrap();
    assert_eq!(
        (original.name.as_str(), original.article),
        ("The Associated Press", None)
    );
    assert_eq!(folding.stories[0].lead, ArticleId(2));
}

#[test]
fn a_corrected_version_is_an_update() {
    let corrected = DREDGER
        .replace("seven to two", "six to three")
        .replace("five weeks", "eight weeks");
    let docs = [
        doc(1, "herald", "04:10", "Barge stops dredging", DREDGER),
        doc(2, "herald", "04:30", "Barge stops dredging", &corrected),
        doc(
            3,
            "gazette",
            "04:50",
            "CORRECTED: Barge stops dredging",
            &corrected,
        ),
    ];
    let folding = folded(&docs);
    for id in [2, 3] {
        assert_eq!(copy_of(&folding, id).unwrap().link, CopyLink::Update, "{id}");
    }
}

#[test]
fn own_reports_join_the_story_and_count_as_newsrooms() {
    let docs = [
        doc(
            1,
            "herald",
            "04:10",
            "Harbour council stops dredging over sunken barge",
            DREDGER,
        ),
        doc(
            2,
            "gazette",
            "04:30",
            "Harbour council stops dredging over sunken barge",
            DREDGER,
        ),
        doc(
            3,
            "star",
            "05:30",
            "Barge wreck halts dredging in northern channel",
            DREDGER_OWN,
        ),
        doc(4, "valley", "05:00", "Pears come early", ORCHARD),
    ];
    let folding = folded(&docs);
    assert_eq!(folding.stories.len(), 2, "{folding:#?}");
    assert_eq!(folding.stories[0].articles, [1, 2, 3].map(ArticleId));
    assert_eq!(folding.stories[0].independent, 2);
    assert!(copy_of(&folding, 3).is_none());
}

#[test]
fn a_comment_is_no_part_of_the_story_that_it_is_on() {
    let comment = |id, text: &str| Doc {
        kind: ArticleKind::Opinion,
        ..doc(id, "courier", "06:00", "The dredging must stop for good", text)
    };
    let report = doc(
        1,
        "vale",
        "04:00",
        "Council stops dredging over sunken barge",
        DREDGER,
    );
    let folding = folded(&[report.clone(), comment(2, DREDGER_OWN)]);
    assert_eq!(folding.stories.len(), 2, "{:#?}", folding.stories);
    // Its copies are folded into it.
    let elsewhere = Doc {
        id: ArticleId(3),
        source: "quay.example".to_owned(),
        ..comment(3, DREDGER_OWN)
    };
    let folding = folded(&[report, comment(2, DREDGER_OWN), elsewhere]);
    assert_eq!(folding.stories.len(), 2, "{:#?}", folding.stories);
    assert!(copy_of(&folding, 3).is_some());
}

#[test]
fn a_bridge_does_not_weld_two_texts() {
    let docs = [
        doc(1, "herald", "04:10", "Barge stops dredging", DREDGER),
        doc(2, "valley", "04:20", "Pears come early", ORCHARD),
        doc(
            3,
            "digest",
            "06:00",
            "The morning in two texts",
            &format!("{DREDGER}\n{ORCHARD}"),
        ),
    ];
    let folding = folded(&docs);
    assert!(copy_of(&folding, 1).is_none() && copy_of(&folding, 2).is_none());
    assert!(
        !folding.stories.iter().any(|story| {
            story.articles.contains(&ArticleId(1)) && story.articles.contains(&ArticleId(2))
        })
    );
}

#[test]
fn templates_with_other_names_and_numbers_are_no_copies() {
    let notice = |name: &str, pay: &str, day: &str| {
        format!(
            "{name} said its board declared a quarterly dividend of {pay} crowns a share, payable on {day} to \
             holders of record two weeks before. {name} paid the same dividend in the quarter before."
        )
    };
    let docs = [
        doc(
            1,
            "filings",
            "04:10",
            "Alder Mills dividend",
            &notice("Alder Mills", "1.20", "April 4"),
        ),
        doc(
            2,
            "filings",
            "04:11",
            "Birch Lines dividend",
            &notice("Birch Lines", "0.85", "May 17"),
        ),
        doc(
            3,
            "filings",
            "04:12",
            "Cedar Works dividend",
            &notice("Cedar Works", "2.10", "June 9"),
        ),
    ];
    assert_eq!(folded(&docs).copies, []);
}

#[test]
fn what_an_outlet_prints_around_everything_is_no_text() {
    let wrapped = |text: &str| {
        format!(
            "Sign up for the morning letter of the Herald and get the news of the harbour before breakfast.\n{text}\n\
             The Herald is printed in Saltholm six days a week and answers every letter that it gets from readers.\n\
             Call the desk at any hour if you have seen something that the town should know about, we will ring back."
        )
    };
    let texts = [
        "The bridge reopened.",
        "A goat won the fair.",
        "Snow fell on the pass.",
        "The mill is sold.",
    ];
    let docs: Vec<Doc> = (0..)
        .zip(texts)
        .map(|(id, text)| doc(id, "herald", "04:10", text, &wrapped(text)))
        .collect();
    assert_eq!(folded(&docs).copies, []);
}

#[test]
fn nothing_is_decided_from_nothing() {
    assert_eq!(folded(&[]), Folding::default());
    let mut docs = vec![
        doc(1, "herald", "04:10", "", ""),
        doc(2, "gazette", "04:10", "", ""),
        doc(3, "star", "04:10", "Word", "Word"),
        doc(3, "star", "04:10", "Again", "The same id again"),
    ];
    docs[0].at = UnixMillis(i64::MIN);
    docs[1].at = UnixMillis(i64::MAX);
    docs[2].weight = f64::NAN;
    let folding = folded(&docs);
    assert_eq!(folding.copies, []);
    let articles: usize = folding.stories.iter().map(|story| story.articles.len()).sum();
    assert_eq!(articles, 3, "each id once");
}

#[test]
fn a_stub_behind_a_paywall_is_credited_but_not_linked() {
    let mut docs = vec![
        doc(
            1,
            "harbour-times",
            "04:10",
            "Barge stops dredging",
            &cut(DREDGER, 2),
        ),
        doc(2, "gazette", "04:30", "Barge stops dredging", DREDGER),
    ];
    docs[0].kind = ArticleKind::PaywallStub;
    docs[1].origins.push(by("Harbour-Times", OriginClass::Original));
    let folding = folded(&docs);
    let original = folding.stories[0].original.as_ref().unwrap();
    assert_eq!(
        (original.name.as_str(), original.article),
        ("Harbour-Times", Some(ArticleId(1)))
    );
    assert_eq!(folding.stories[0].lead, ArticleId(2));
}

#[test]
fn unrelated_articles_of_a_small_morning_stay_apart() {
    let texts = [
        DREDGER,
        ORCHARD,
        "The chess club of Saltholm lost its last home match by five boards to three. Its captain resigned on the \
         spot and left by the kitchen door, members said. A new one is to be chosen in April.",
        "A court in Ostrand has ordered a baker to rename his rye loaf. The loaf had carried a rival's name since \
         the two of them fell out over an oven. He said he would call it nothing at all.",
        "Two lynxes have been seen on the ridge above the reservoir, the first for ninety years. The warden asked \
         walkers to keep dogs on a lead until the end of May.",
        "The night bus gets a second stop at the hospital from Monday. Nurses had asked for it since the tram was \
         taken off in the autumn; the town pays for it out of parking fees.",
    ];
    let outlets = ["herald", "gazette", "star", "post", "valley", "courier"];
    let docs: Vec<Doc> = (0..)
        .zip(texts.iter().zip(outlets))
        .map(|(id, (text, outlet))| {
            doc(
                id,
                outlet,
                "05:00",
                text.split('.').next().unwrap_or_default(),
                text,
            )
        })
        .collect();
    let folding = folded(&docs);
    assert_eq!(folding.stories.len(), texts.len(), "{folding:#?}");
}

#[test]
fn a_dump_of_megabytes_is_read_as_far_as_it_matters() {
    let dump = "word of no meaning, ".repeat(400_000);
    let numbers: String = (0..300_000).map(|n| format!("{n} ")).collect();
    let docs = [
        doc(1, "herald", "04:10", "Dump", &dump),
        doc(2, "gazette", "04:20", "Dump", &dump),
        doc(3, "star", "04:30", "Numbers", &numbers),
        doc(4, "post", "04:40", "Barge stops dredging", DREDGER),
    ];
    assert_eq!(copy_of(&folded(&docs), 4), None);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn no_texts_and_times_upset_it(
        rows in proptest::collection::vec((0_i64..6, proptest::num::i64::ANY, ".{0,40}", "(?s).{0,300}"), 0..12),
    ) {
        let docs: Vec<Doc> = rows.iter().map(|(id, at, title, text)| Doc {
            at: UnixMillis(*at),
            ..doc(*id, "herald", "04:00", title, text)
        }).collect();
        let folding = folded(&docs);
        let mut told: Vec<ArticleId> = folding.stories.iter().flat_map(|story| story.articles.clone()).collect();
        let mut ids: Vec<ArticleId> = docs.iter().map(|doc| doc.id).collect();
        told.sort_unstable();
        ids.sort_unstable();
        ids.dedup();
        proptest::prop_assert_eq!(told, ids);
        let copies: Vec<ArticleId> = folding.copies.iter().map(|copy| copy.article).collect();
        proptest::prop_assert!(folding.copies.iter().all(|copy| !copies.contains(&copy.of)));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn the_order_of_articles_does_not_matter(
        picks in proptest::collection::vec((0_usize..4, 1_usize..7, 0_i64..4, 0_usize..3), 1..14),
        seed in 0_usize..1000,
    ) {
        let outlets = ["herald", "gazette", "star"];
        let texts = [DREDGER, DREDGER_OWN, ORCHARD, "Short."];
        let mut docs: Vec<Doc> = (0..).zip(&picks).map(|(id, &(text, lines, hour, outlet))| {
            let text = cut(texts[text], lines);
            let mut doc = doc(id, outlets[outlet], "04:00", text.lines().next().unwrap_or_default(), &text);
            doc.at = doc.at.plus(hour * 3_600_000);
            doc
        }).collect();
        let before = folded(&docs);
        let middle = seed % docs.len();
        docs.rotate_left(middle);
        docs.reverse();
        proptest::prop_assert_eq!(before, folded(&docs));
    }
}
