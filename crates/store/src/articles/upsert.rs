//! Putting articles into the store: which version stands, and which are kept beside.

use reveille_model::{Article, ArticleId, ArticleState, Published, Revision, Topics, UnixMillis};

use super::{NewArticle, Upserted, WireVersion, revision};
use crate::{
    StoreError, Tx,
    digest::fingerprint,
    sql::{args, json, sql},
};

/// Puts an article into the store. Where its address is known and the text the same, nothing changes; where it
/// differs, the old version is kept beside and the article waits to be folded anew. Its source stays.
///
/// Of a wire message the newest version stands, in whatever order they come: a late one is only kept beside, and none
/// comes after a withdrawal.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn upsert(tx: &mut Tx, new: &NewArticle) -> Result<Upserted, StoreError> {
    let row = Fields::of(new)?;
    if let Some(id) = insert(tx, new, &row).await? {
        return Ok(Upserted {
            id,
            version: 1,
            changed: true,
        });
    }
    let held = hold(tx, new).await?;
    let same = held.hash == row.hash;
    match (held.keeps_out(new.wire.as_ref()), same) {
        (true, true) => Ok(held.unchanged()),
        (true, false) => keep_beside(tx, &held, &row, new.fetched_at).await,
        (false, true) => restate(tx, &held, new, &row).await,
        (false, false) => replace(tx, &held, new, &row).await,
    }
}

/// What is derived from an article for its row.
struct Fields {
    whole: String,
    body: String,
    hash: String,
    /// When it was published, as late as its date and the time of reading allow; never before its embargo ends.
    published: UnixMillis,
    state: ArticleState,
}

const DAY: i64 = 86_400_000;

impl Fields {
    fn of(new: &NewArticle) -> Result<Self, StoreError> {
        let whole = json(&new.article)?;
        let published = match new.article.published {
            // Nothing is read before it is published: the outlet's clock is ahead.
            Some(Published::Instant(at)) => at.min(new.fetched_at),
            Some(day @ Published::Day(_)) => day.latest().min(new.fetched_at.plus(DAY)),
            None => new.fetched_at,
        };
        let not_before = new.wire.as_ref().and_then(|wire| wire.not_before);
        Ok(Self {
            hash: hash(&new.article, &whole)?,
            whole,
            body: new.article.text(),
            published: not_before.map_or(published, |not_before| published.max(not_before)),
            state: new
                .wire
                .as_ref()
                .map_or(ArticleState::Standing, |wire| wire.state),
        })
    }
}

/// The fingerprint of what an article says, given all of it as JSON. An outlet that files it elsewhere says nothing new.
fn hash(article: &Article, whole: &str) -> Result<String, StoreError> {
    if article.topics.is_empty() {
        return Ok(fingerprint(whole));
    }
    let said = Article {
        topics: Topics::default(),
        ..article.clone()
    };
    Ok(fingerprint(json(&said)?))
}

async fn insert(tx: &mut Tx, new: &NewArticle, row: &Fields) -> Result<Option<ArticleId>, StoreError> {
    let text = "insert into articles
                  (item_id, source_id, url, version, article, title, text, published_at, fetched_at, hash,
                   state, state_note, revision, revised_at, not_before)
                values ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                on conflict (url) do nothing returning id";
    let wire = new.wire.as_ref();
    let args = args![
        new.item,
        new.source,
        &new.url,
        &row.whole,
        &new.article.title,
        &row.body,
        row.published,
        new.fetched_at,
        &row.hash,
        row.state,
        wire.and_then(|wire| wire.note.as_deref()),
        wire.and_then(|wire| wire.revision.number),
        wire.and_then(|wire| wire.revision.at),
        wire.and_then(|wire| wire.not_before),
    ];
    let inserted = tx.row(sql("keep an article", text), args).await?;
    inserted.map(|row| row.get("id")).transpose()
}

/// The version that stands, its row held.
struct Held {
    id: ArticleId,
    version: u32,
    hash: String,
    published: UnixMillis,
    state: ArticleState,
    revision: Revision,
}

impl Held {
    const fn unchanged(&self) -> Upserted {
        Upserted {
            id: self.id,
            version: self.version,
            changed: false,
        }
    }

    /// Whether a version does not take this one's place. A withdrawal does, however it is numbered.
    fn keeps_out(&self, wire: Option<&WireVersion>) -> bool {
        wire.is_some_and(|wire| {
            let withdraws = wire.state == ArticleState::Withdrawn;
            let withdrawn = self.state == ArticleState::Withdrawn;
            !withdraws && (withdrawn || wire.revision.is_before(self.revision))
        })
    }

    /// The state after a version took this one's place: an editor's withdrawal outlasts a change of the page.
    fn next_state(&self, row: &Fields) -> ArticleState {
        if self.state == ArticleState::Withdrawn {
            self.state
        } else {
            row.state
        }
    }
}

async fn hold(tx: &mut Tx, new: &NewArticle) -> Result<Held, StoreError> {
    let doing = "keep an article";
    // The update changes nothing: it holds the row, so that of two nodes the second sees the first one's version.
    let text = "update articles set hash = hash where url = $1
                returning id, version, hash, published_at, state, revision, revised_at";
    let row = tx.row(sql(doing, text), args![&new.url]).await?;
    let row = row.ok_or(StoreError::Vanished { doing })?;
    Ok(Held {
        id: row.get("id")?,
        version: row.get("version")?,
        hash: row.get("hash")?,
        published: row.get("published_at")?,
        state: row.get("state")?,
        revision: revision(&row)?,
    })
}

/// Keeps a version that came late among the earlier ones: it takes the number of the one that stands, which moves on.
async fn keep_beside(
    tx: &mut Tx,
    held: &Held,
    row: &Fields,
    now: UnixMillis,
) -> Result<Upserted, StoreError> {
    let doing = "keep an earlier version of an article";
    let text = "insert into article_versions (article_id, version, article, fetched_at)
                select $1, $2, $3, $4
                where not exists (select 1 from article_versions where article_id = $1 and article = $3)";
    let args = args![held.id, held.version, &row.whole, now];
    if tx.run(sql(doing, text), args).await? == 0 {
        return Ok(held.unchanged());
    }
    let text = "update articles set version = version + 1 where id = $1";
    tx.run(sql(doing, text), args![held.id]).await?;
    Ok(Upserted {
        version: held.version + 1,
        ..held.unchanged()
    })
}

/// Takes up what is said of a text that stays the same, its topics among it.
async fn restate(tx: &mut Tx, held: &Held, new: &NewArticle, row: &Fields) -> Result<Upserted, StoreError> {
    let state = held.next_state(row);
    let wire = new.wire.as_ref();
    let text =
        "update articles set state = $2, state_note = case when state = $2 then state_note else $3 end,
                  revision = coalesce($4, revision), revised_at = coalesce($5, revised_at), article = $6
                where id = $1";
    let args = args![
        held.id,
        state,
        wire.and_then(|wire| wire.note.as_deref()),
        wire.and_then(|wire| wire.revision.number),
        wire.and_then(|wire| wire.revision.at),
        &row.whole,
    ];
    tx.run(sql("keep an article", text), args).await?;
    Ok(Upserted {
        changed: state != held.state,
        ..held.unchanged()
    })
}

async fn replace(tx: &mut Tx, held: &Held, new: &NewArticle, row: &Fields) -> Result<Upserted, StoreError> {
    let doing = "keep an article";
    let keep = "insert into article_versions (article_id, version, article, fetched_at)
                select id, version, article, fetched_at from articles where id = $1";
    tx.run(sql(doing, keep), args![held.id]).await?;
    let dated = new.article.published.is_some();
    let wire = new.wire.as_ref();
    let text =
        "update articles set version = version + 1, article = $2, title = $3, text = $4, published_at = $5,
                  fetched_at = $6, hash = $7, story_id = null, state = $8,
                  state_note = case when state = $8 then coalesce($9, state_note) else $9 end,
                  revision = $10, revised_at = $11, not_before = $12
                where id = $1";
    let args = args![
        held.id,
        &row.whole,
        &new.article.title,
        &row.body,
        if dated { row.published } else { held.published },
        new.fetched_at,
        &row.hash,
        held.next_state(row),
        wire.and_then(|wire| wire.note.as_deref()),
        wire.and_then(|wire| wire.revision.number),
        wire.and_then(|wire| wire.revision.at),
        wire.and_then(|wire| wire.not_before),
    ];
    tx.run(sql(doing, text), args).await?;
    Ok(Upserted {
        id: held.id,
        version: held.version + 1,
        changed: true,
    })
}
