//! Made-up rows for a store: as bare as their tables allow.

use reveille_model::{
    Article, ArticleId, ArticleKind, EditionId, EditionMove, EditionState, SourceKind, StoryId, Topics,
    UnixMillis,
};
use reveille_store::{
    StoreError, Tx,
    articles::{self, NewArticle},
    editions,
    sources::{self, NewSource},
    stories::{self, NewStory},
};

/// The feed of `https://NAME.example`.
///
/// # Panics
/// Where no host can have this name.
#[must_use]
pub fn new_source(name: &str, carrier: &str) -> NewSource {
    let url = format!("https://{name}.example/feed.xml");
    NewSource {
        url: url.parse().unwrap_or_else(|error| panic!("{url}: {error}")),
        kind: SourceKind::Feed,
        carrier: carrier.to_owned(),
        site_url: None,
        language: None,
        weight: 1.0,
        icon_url: None,
    }
}

/// An article that has a headline and nothing else.
#[must_use]
pub fn bare_article(title: &str) -> Article {
    Article {
        title: title.to_owned(),
        body: Vec::new(),
        authors: Vec::new(),
        published: None,
        modified: None,
        language: None,
        carrier: None,
        dateline: None,
        origins: Vec::new(),
        canonical_url: None,
        image: None,
        kind: ArticleKind::News,
        topics: Topics::default(),
        paywalled: false,
        corrections: Vec::new(),
        repairs: Vec::new(),
    }
}

/// A story that one article tells, all of it at one instant.
#[must_use]
pub fn lone_story(lead: ArticleId, at: UnixMillis) -> NewStory {
    NewStory {
        lead,
        articles: vec![lead],
        original: None,
        independent: 1,
        first: at,
        last: at,
        rank: 1.0,
        reasons: Vec::new(),
        follows: None,
        beside: Vec::new(),
    }
}

/// Enters the story that one article of `https://herald.example` tells, in place of all of that night.
///
/// # Errors
/// Where the database fails.
///
/// # Panics
/// Never, as long as stories come back as they went in.
pub async fn insert_lone_story(tx: &mut Tx, at: UnixMillis) -> Result<(StoryId, ArticleId), StoreError> {
    let source = sources::insert(tx, &new_source("herald", "The Herald"), at).await?;
    let article = NewArticle {
        item: None,
        source: source.id(),
        url: "https://herald.example/a"
            .parse()
            .unwrap_or_else(|error| panic!("{error}")),
        article: bare_article("A"),
        wire: None,
        fetched_at: at,
    };
    let article = articles::upsert(tx, &article).await?.id;
    let stories = stories::replace_window(tx, at, &[lone_story(article, at)], &[], at).await?;
    Ok((stories[0], article))
}

/// Takes an edition on to a state, by every move on the way there.
///
/// # Errors
/// Where the database fails.
pub async fn bring_edition(
    tx: &mut Tx,
    id: EditionId,
    to: EditionState,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let way = [
        EditionMove::Pass,
        EditionMove::Approve,
        EditionMove::Finish,
        EditionMove::Correct,
    ];
    // Those that it has made before cannot be made again, and change nothing.
    for step in way.into_iter().filter(|step| step.ends().1 <= to) {
        editions::change_state(tx, id, step, at).await?;
    }
    Ok(())
}
