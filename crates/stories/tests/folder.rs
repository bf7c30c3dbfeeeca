//! Articles as they come: what is told at once, what later evidence corrects, and what an editor decided.

#![expect(
    clippy::unwrap_used,
    reason = "sample data that does not parse must fail the test"
)]

use proptest::prelude::*;
use reveille_model::{ArticleId, ArticleKind, CopyLink, EvidenceMark, UnixMillis};
use reveille_stories::{Doc, Folder, Folding, Options, Pair, Ruling, fold};

const LIGHTHOUSE: &str = "The keeper of the Skarn lighthouse will leave it in June, the last on this coast to go.\n\
From then on the lamp is watched from Ostrand, eighty miles to the south, by two men and a screen.\n\
Ilse Varga kept it for thirty-one years and missed nine nights, all of them for weddings.\nThe pilots' guild had asked \
the shipping office to wait for a second winter of trials, because the signal failed twice in the first.\nThe office \
answered that both failures lasted less than a minute, and that no ship was near.";
const LIGHTHOUSE_OWN: &str = "Skarn's lighthouse loses its keeper this summer. Ilse Varga, who has lived under the lamp \
since she was twenty-six, packs in June; from Ostrand a screen will watch it for her.\nPilots are not pleased: they \
remember the two nights of the winter when the automatic signal went out. Less than a minute, says the shipping office.";
const MARKET: &str = "Stallholders of the covered market in Venn voted to open on Sundays, by forty votes to thirty-two.\n\
The fishmongers, who buy at the harbour before dawn and sleep on Sundays, were against it to a man.\nThe town will run \
a tram to the hall from ten o'clock, and the baker's row wants to share the cost of a second.";

fn doc(id: i64, outlet: &str, clock: &str, text: &str) -> Doc {
    Doc {
        id: ArticleId(id),
        source: format!("{outlet}.example"),
        carrier: outlet.to_owned(),
        url: format!("https://{outlet}.example/{id}").parse().unwrap(),
        canonical: None,
        at: format!("2031-03-10T{clock}:00Z").parse().unwrap(),
        title: text.split(['.', '\n']).next().unwrap().to_owned(),
        text: text.to_owned(),
        origins: Vec::new(),
        kind: ArticleKind::News,
        weight: 1.0,
    }
}

fn morning() -> Vec<Doc> {
    vec![
        doc(1, "herald", "04:10", LIGHTHOUSE),
        doc(2, "gazette", "04:30", LIGHTHOUSE),
        doc(3, "star", "05:00", LIGHTHOUSE_OWN),
        doc(4, "valley", "05:10", MARKET),
    ]
}

fn pair(article: i64, with: i64) -> Pair {
    Pair {
        article: ArticleId(article),
        with: ArticleId(with),
    }
}

fn stories(folding: &Folding) -> Vec<Vec<i64>> {
    let ids = |articles: &[ArticleId]| articles.iter().map(|id| id.0).collect();
    folding.stories.iter().map(|story| ids(&story.articles)).collect()
}

/// Pushes everything, then settles.
fn pushed(docs: &[Doc], rulings: &[Ruling]) -> Folder {
    let mut folder = Folder::new(Options::default());
    for ruling in rulings {
        folder.rule(ruling.clone());
    }
    push_all(&mut folder, docs);
    folder.settle();
    folder
}

fn push_all(folder: &mut Folder, docs: &[Doc]) {
    for doc in docs {
        folder.push(doc);
    }
}

#[test]
fn what_can_be_told_at_once_is_told_at_once() {
    let mut folder = Folder::new(Options::default());
    let told: Vec<_> = morning().iter().map(|doc| folder.push(doc).unwrap()).collect();
    assert_eq!(
        told.iter().map(|told| told.story.0).collect::<Vec<_>>(),
        [1, 1, 1, 4]
    );
    let copy = told[1].copy.unwrap();
    assert_eq!((copy.of, copy.link), (ArticleId(1), CopyLink::Same));
    assert_eq!(folder.settle(), [], "nothing that came later says otherwise");
    assert_eq!(folder.push(&morning()[0]), None, "the same id again");
}

#[test]
fn what_comes_later_corrects_what_was_told() {
    let mut docs = morning();
    docs[1].at = docs[0].at.plus(-3_600_000);
    let mut folder = Folder::new(Options::default());
    push_all(&mut folder, &docs);
    let news = folder.settle();
    let told = |id: i64| news.iter().find(|told| told.article == ArticleId(id)).unwrap();
    assert_eq!(
        told(1).copy.unwrap().of,
        ArticleId(2),
        "the earlier one came later"
    );
    assert_eq!(told(2).copy, None);
    assert_eq!(folder.settle(), []);
}

#[test]
fn what_is_forgotten_is_gone() {
    let mut folder = pushed(&morning(), &[]);
    folder.forget("2031-03-10T04:20:00Z".parse().unwrap());
    assert_eq!(stories(folder.folding()), [vec![2, 3], vec![4]]);
    assert!(folder.explain(ArticleId(1)).is_none());
}

#[test]
fn an_assignment_is_explained() {
    let folder = pushed(&morning(), &[Ruling::OtherStory(pair(4, 1))]);
    let copy = folder.explain(ArticleId(2)).unwrap();
    assert!(copy.copy.unwrap().evidence.contains("five-word runs"));
    assert_eq!(copy.carried_by, [ArticleId(1), ArticleId(2)]);
    let own = folder.explain(ArticleId(3)).unwrap();
    assert_eq!(own.neighbours[0].article, ArticleId(1));
    assert!(
        own.neighbours[0].same_story && own.neighbours[0].names > 0.1,
        "{own:?}"
    );
    assert_eq!(folder.explain(ArticleId(4)).unwrap().rulings.len(), 1);
}

#[test]
fn an_editor_splits_and_merges() {
    let split = [Ruling::OtherText(pair(2, 1)), Ruling::OtherStory(pair(3, 1))];
    let folding = pushed(&morning(), &split).into_folding();
    assert_eq!(folding.copies, []);
    assert!(
        stories(&folding)
            .iter()
            .all(|story| !(story.contains(&1) && story.contains(&3)))
    );
    let merged = [Ruling::SameStory(pair(4, 1)), Ruling::SameText(pair(3, 1))];
    let folding = pushed(&morning(), &merged).into_folding();
    assert_eq!(stories(&folding), [[1, 2, 3, 4]]);
    assert_eq!(folding.copy(ArticleId(3)).unwrap().of, ArticleId(1));
}

#[test]
fn an_editor_names_the_original() {
    let name = "Coast Wire".to_owned();
    let own = Some(ArticleId(2));
    let ruling = Ruling::Original {
        article: ArticleId(1),
        name,
        own,
    };
    let folding = pushed(&morning(), &[ruling]).into_folding();
    let original = folding.stories[0].original.as_ref().unwrap();
    assert_eq!((&*original.name, original.article), ("Coast Wire", own));
    assert_eq!(original.evidence[0].mark, EvidenceMark::Editor);
}

#[test]
fn a_story_follows_the_one_of_the_days_before() {
    let later = LIGHTHOUSE
        .replace(
            "will leave it in June, the last on this coast to go",
            "handed over the keys, and the mayor cried",
        )
        .replace(
            "The pilots' guild had asked",
            "On her last evening the pilots' guild again asked",
        );
    let mut docs = morning();
    docs.push(Doc {
        at: docs[0].at.plus(12 * 86_400_000),
        ..doc(9, "gazette", "04:00", &later)
    });
    docs[0].text = format!("{LIGHTHOUSE}\n{LIGHTHOUSE_OWN}");
    let folding = pushed(
        &docs,
        &[Ruling::OtherStory(pair(9, 1)), Ruling::OtherStory(pair(9, 2))],
    )
    .into_folding();
    let last = folding.stories.last().unwrap();
    assert_eq!((last.lead.0, last.follows), (9, Some(folding.stories[0].lead)));
    assert_eq!(folding.stories[1].follows, None, "{folding:#?}");
}

#[test]
fn absurd_clocks_do_not_part_or_hold_up_what_comes_after_them() {
    let mut docs = morning();
    docs.insert(
        1,
        Doc {
            at: UnixMillis(i64::MAX),
            ..doc(7, "post", "04:00", MARKET)
        },
    );
    docs.insert(
        1,
        Doc {
            at: UnixMillis(i64::MIN),
            ..doc(8, "courier", "04:00", MARKET)
        },
    );
    let mut folder = Folder::new(Options::default());
    let told: Vec<i64> = docs.iter().map(|doc| folder.push(doc).unwrap().story.0).collect();
    assert_eq!(told, [1, 8, 8, 1, 1, 8], "a copy is a copy whenever it came");
}

fn rulings() -> impl Strategy<Value = Vec<Ruling>> {
    let one = (0_i64..10, 0_i64..10, 0_usize..4).prop_map(|(a, b, kind)| {
        let make = [
            Ruling::SameText,
            Ruling::OtherText,
            Ruling::SameStory,
            Ruling::OtherStory,
        ][kind];
        make(pair(a, (b + a + 1) % 11))
    });
    proptest::collection::vec(one, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_settled_result_is_the_same_whatever_the_order_of_arrival(
        picks in proptest::collection::vec((0_usize..4, 1_usize..6, 0_i64..90), 1..11),
        rulings in rulings(),
        cut in 0_usize..11,
    ) {
        let texts = [LIGHTHOUSE, LIGHTHOUSE_OWN, MARKET, "Word."];
        let docs: Vec<Doc> = (0..).zip(&picks).map(|(id, &(text, lines, hour))| {
            let lines: Vec<&str> = texts[text].lines().take(lines).collect();
            let mut doc = doc(id, ["herald", "star", "post"][id as usize % 3], "04:00", &lines.join("\n"));
            doc.at = doc.at.plus(hour * 3_600_000);
            doc
        }).collect();
        let before = pushed(&docs, &rulings).into_folding();
        if rulings.is_empty() {
            prop_assert_eq!(&before, &fold(&docs, &Options::default()));
        }
        let mut other = docs.clone();
        other.rotate_left(cut % docs.len());
        let mut folder = Folder::new(Options::default());
        let half = other.len() / 2;
        push_all(&mut folder, &other[..half]);
        folder.settle();
        rulings.iter().for_each(|ruling| folder.rule(ruling.clone()));
        push_all(&mut folder, &other[half..]);
        folder.settle();
        prop_assert_eq!(&before, folder.folding());

        let holds = |id| (docs.len() as i64) > id;
        for (at, ruling) in rulings.iter().enumerate() {
            let last = !rulings[at + 1..].iter().any(|later| later.articles().any(|id| ruling.articles().any(|other| id == other)));
            let ids: Vec<i64> = ruling.articles().map(|id| id.0).collect();
            if !ids.iter().all(|&id| holds(id)) {
                continue;
            }
            let together = stories(&before).iter().any(|story| ids.iter().all(|id| story.contains(id)));
            match ruling {
                Ruling::OtherStory(_) if last => prop_assert!(!together),
                Ruling::SameStory(_) | Ruling::SameText(_) if rulings.len() == 1 => prop_assert!(together),
                _ => {}
            }
        }
    }
}
