//! Made-up rows, each with what its table needs and nothing else.

use std::{fmt::Debug, str::FromStr};

use reveille_model::{
    Approval, Article, ArticleId, Block, BlockKind, Brief, BriefId, Consent, ConsentKind, Edition, EditionId,
    Entry, Front, Home, Language, Means, Published, ReturnKind, Section, SectionKind, SourceId, StoryId,
    SubscriberId, SubscriberState, UnixMillis, Visit, Zone,
};
use reveille_store::{
    Store, Tx,
    articles::{self, NewArticle, Window},
    briefs, consents,
    editions::{self, Drafted},
    returns::Return,
    sources::{self, NewSource},
    stories::NewStory,
    subscribers::{self, NewSubscriber, SignUp},
};
use reveille_testkit::rows;

/// 10 March 2026, 04:00 UTC.
pub(crate) const MORNING: UnixMillis = UnixMillis(1_773_115_200_000);
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;

/// The hour from [`MORNING`] on, looked at afterwards.
pub(crate) const HOUR_OF: Window = Window {
    from: MORNING,
    to: UnixMillis(MORNING.0 + HOUR),
    now: UnixMillis(MORNING.0 + 2 * HOUR),
};

/// An address, as whatever type is asked for.
pub(crate) fn url<T: FromStr>(text: &str) -> T
where
    T::Err: Debug,
{
    text.parse().unwrap()
}

pub(crate) fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

pub(crate) fn new_source(name: &str) -> NewSource {
    NewSource {
        site_url: Some(url(&format!("https://{name}.example/"))),
        language: Some("en".parse().unwrap()),
        weight: 1.5,
        icon_url: Some(url(&format!("https://{name}.example/icon.png"))),
        ..rows::new_source(name, &format!("The {name}"))
    }
}

pub(crate) async fn source(tx: &mut Tx, name: &str) -> SourceId {
    sources::insert(tx, &new_source(name), MORNING)
        .await
        .unwrap()
        .id()
}

pub(crate) fn article(title: &str, text: &str, published: Option<UnixMillis>) -> Article {
    Article {
        body: vec![Block {
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
        }],
        authors: vec!["Ann Example".to_owned()],
        published: published.map(Published::Instant),
        language: Some("en".parse().unwrap()),
        ..rows::bare_article(title)
    }
}

/// An article published so many minutes after [`MORNING`].
pub(crate) async fn stored_article(tx: &mut Tx, source: SourceId, slug: &str, minute: i64) -> ArticleId {
    let at = MORNING.plus(minute * MINUTE);
    let new = NewArticle {
        item: None,
        source,
        url: url(&format!("https://herald.example/{slug}")),
        article: article(slug, &format!("Text of {slug}."), Some(at)),
        wire: None,
        fetched_at: at.plus(MINUTE),
    };
    articles::upsert(tx, &new).await.unwrap().id
}

/// A story that one article tells.
pub(crate) fn lone_story(lead: ArticleId) -> NewStory {
    rows::lone_story(lead, MORNING)
}

pub(crate) fn new_brief(slug: &str) -> Brief {
    Brief {
        description: "What happened overnight.".to_owned(),
        approval: Approval::Automatic,
        consent: "Yes, send me the brief.".to_owned(),
        ..Brief::named(slug.parse().unwrap(), "The Morning Brief")
    }
}

pub(crate) async fn brief(tx: &mut Tx) -> BriefId {
    briefs::insert(tx, &new_brief("morning"), MORNING)
        .await
        .unwrap()
        .id()
}

pub(crate) fn entry(number: usize, story: StoryId, article: ArticleId) -> Entry {
    serde_json::from_value(serde_json::json!({
        "number": number,
        "headline": format!("Headline {number}"),
        "credit": { "carrier": "The herald", "original": "Northern Wire" },
        "summary": "One sentence.",
        "link": "https://herald.example/a",
        "story": story,
        "article": article,
        "published": null,
    }))
    .unwrap()
}

pub(crate) fn new_edition(day: &str, entries: Vec<Entry>) -> Edition {
    Edition {
        changes: Vec::new(),
        dropped: Vec::new(),
        left_out: Vec::new(),
        corrections: Vec::new(),
        language: Language::english(),
        tips: None,
        front: Front::default(),
        slug: "morning".parse().unwrap(),
        name: "The Morning Brief".to_owned(),
        day: day.parse().unwrap(),
        compiled: MORNING,
        zone: None,
        edited: None,
        issue: None,
        revision: 0,
        sections: vec![Section {
            name: "Top Five".to_owned(),
            kind: SectionKind::Standing,
            above: 0,
            numbering: reveille_model::Numbering::default(),
            reasons: Vec::new(),
            entries,
        }],
    }
}

pub(crate) async fn edition(tx: &mut Tx, brief: BriefId, day: &str) -> EditionId {
    match editions::insert_draft(tx, brief, &new_edition(day, Vec::new()), "[]")
        .await
        .unwrap()
    {
        Drafted::New(id) => id,
        other => panic!("{other:?}"),
    }
}

/// What the mail server's refusal of a reader means for them.
pub(crate) fn refusal(kind: ReturnKind) -> Return {
    Return {
        kind,
        reason: "unknown user".to_owned(),
        status: Some("5.1.1".to_owned()),
        said: "550 5.1.1 nobody".to_owned(),
        at: MORNING,
    }
}

pub(crate) fn consent(kind: ConsentKind, at: UnixMillis) -> Consent {
    Consent {
        kind,
        at,
        sentence: "Yes, send me the brief.".to_owned(),
        means: Means::Form(Visit {
            address: "192.0.2.7".to_owned(),
            page: Some("https://brief.example/morning".to_owned()),
            agent: None,
        }),
    }
}

pub(crate) fn home(country: &str) -> Home {
    Home::of(country, None, &Zone::UTC)
}

pub(crate) fn new_subscriber(brief: BriefId, number: u32, state: SubscriberState) -> NewSubscriber {
    NewSubscriber {
        brief,
        email: format!("reader{number}@example.org").parse().unwrap(),
        home: home("Germany"),
        state,
        token: format!("{number:032x}"),
        consent: consent(ConsentKind::Asked, MORNING),
    }
}

/// What a reader's consent record says.
pub(crate) async fn record(store: &Store, id: SubscriberId) -> Vec<Consent> {
    let record = consents::find(store, id).await.unwrap().unwrap();
    record.verify().unwrap();
    record.lines.into_iter().map(|line| line.consent).collect()
}

pub(crate) async fn subscriber(tx: &mut Tx, brief: BriefId, number: u32) -> SubscriberId {
    match subscribers::insert(tx, &new_subscriber(brief, number, SubscriberState::Active))
        .await
        .unwrap()
    {
        SignUp::New(id) => id,
        other @ SignUp::Known(..) => panic!("{other:?}"),
    }
}

/// A second connection to the same store: what another process sees.
pub(crate) async fn second_node(url: &str) -> Store {
    Store::open(url).await.unwrap().leased_by_own_clock()
}

/// What no face of the store does.
pub(crate) async fn alter(url: &str, statement: &'static str) {
    if url.starts_with("sqlite:") {
        let path = url.trim_start_matches("sqlite:");
        let pool = sqlx::SqlitePool::connect(path).await.unwrap();
        sqlx::query(statement).execute(&pool).await.unwrap();
    } else {
        let pool = sqlx::PgPool::connect(url).await.unwrap();
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
}
