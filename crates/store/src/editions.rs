//! One day's brief, its entries, and how far it has come.

pub mod changes;

use reveille_model::{
    ArticleId, BriefId, Day, Edition, EditionId, EditionMove, EditionState, Event, StoryId, UnixMillis,
};

use crate::{
    Store, StoreError, Tx, View,
    sql::{Row, args, built, json, places, sql},
    webhooks::{self, About},
};

/// A row of `editions`.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEdition {
    /// Its row.
    pub id: EditionId,
    /// Its brief.
    pub brief: BriefId,
    /// How far it has come.
    pub state: EditionState,
    /// Which state of its content this is, counted from 1.
    pub revision: u32,
    /// What is rendered.
    pub edition: Edition,
    /// What the checks found, as JSON.
    pub findings: String,
    /// When it was compiled.
    pub compiled_at: UnixMillis,
    /// When it was released.
    pub approved_at: Option<UnixMillis>,
    /// When its last delivery ended.
    pub sent_at: Option<UnixMillis>,
    /// Until when its mailing rests after a run of failures.
    pub paused_until: Option<UnixMillis>,
    /// The last of those failures.
    pub pause_reason: Option<String>,
}

impl StoredEdition {
    /// Since when it is on its way to readers; before that, when it was compiled.
    #[must_use]
    pub fn released_at(&self) -> UnixMillis {
        self.approved_at.unwrap_or(self.compiled_at)
    }

    /// Whether it holds what somebody wrote or moved, and readers have not got yet.
    #[must_use]
    pub fn is_edited_draft(&self) -> bool {
        self.state.is_open() && self.edition.edited.is_some()
    }
}

/// What became of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drafted {
    /// It is the first of its day.
    New(EditionId),
    /// It took the place of an open one.
    Replaced(EditionId),
    /// The day's edition was released before; it stays as it is.
    Closed(EditionId, EditionState),
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, brief_id, state, revision, edition, findings, compiled_at, approved_at, sent_at, paused_until,
               pause_reason
             from editions ",
            $rest
        )
    };
}

/// Puts a draft in, with the findings of its checks as JSON. It replaces an open edition of its brief and day,
/// entries included.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert_draft(
    tx: &mut Tx,
    brief: BriefId,
    edition: &Edition,
    findings: &str,
) -> Result<Drafted, StoreError> {
    let doing = "keep a draft";
    let insert = "insert into editions (brief_id, day, state, edition, findings, compiled_at)
                  values ($1, $2, 'draft', $3, $4, $5)
                  on conflict (brief_id, day) do update set state = 'draft', edition = excluded.edition,
                    findings = excluded.findings, compiled_at = excluded.compiled_at, revision = editions.revision + 1
                  where editions.state in ('draft', 'checked')
                  returning id";
    let find = "select id, state from editions where brief_id = $1 and day = $2";
    let before = tx.row(sql(doing, find), args![brief, edition.day]).await?;
    if let Some(row) = &before
        && row.get::<EditionState>("state")?.is_open()
    {
        let again = changes::Act::own("compiled it anew", edition.compiled);
        changes::keep(tx, row.get("id")?, &json(edition)?, &again).await?;
    }
    let args = args![brief, edition.day, json(edition)?, findings, edition.compiled];
    let Some(row) = tx.row(sql(doing, insert), args).await? else {
        let row = tx.row(sql(doing, find), args![brief, edition.day]).await?;
        let row = row.ok_or(StoreError::Vanished { doing })?;
        return Ok(Drafted::Closed(row.get("id")?, row.get("state")?));
    };
    let id: EditionId = row.get("id")?;
    // What was noticed of an earlier draft says nothing of this one.
    tx.run(sql(doing, "delete from notices where edition_id = $1"), args![id])
        .await?;
    replace_entries(tx, id, edition).await?;
    Ok(if before.is_some() {
        Drafted::Replaced(id)
    } else {
        Drafted::New(id)
    })
}

/// Keeps that a draft was compiled again, and came out as it was.
pub async fn compiled_again(tx: &mut Tx, id: EditionId, at: UnixMillis) -> Result<(), StoreError> {
    let text = "update editions set compiled_at = $2 where id = $1";
    tx.run(sql("keep when an edition was compiled", text), args![id, at])
        .await
        .map(drop)
}

/// The edition with this id, held until the transaction ends, so that of two changes the second sees the first.
pub async fn hold(tx: &mut Tx, id: EditionId) -> Result<Option<StoredEdition>, StoreError> {
    let text = "update editions set findings = findings where id = $1
                returning id, brief_id, state, revision, edition, findings, compiled_at, approved_at, sent_at,
                  paused_until, pause_reason";
    let row = tx.row(sql("hold an edition", text), args![id]).await?;
    row.as_ref().map(read).transpose()
}

/// Puts an amended edition in the place of the stored one, with what its checks now find, and keeps what was before as far
/// as that was something else.
pub async fn update(
    tx: &mut Tx,
    id: EditionId,
    edition: &Edition,
    findings: &str,
    act: &changes::Act<'_>,
) -> Result<(), StoreError> {
    let content = json(edition)?;
    changes::keep(tx, id, &content, act).await?;
    let text = "update editions set edition = $2, findings = $3,
                  revision = revision + case when edition = $2 then 0 else 1 end
                where id = $1";
    tx.run(sql("change an edition", text), args![id, content, findings])
        .await?;
    replace_entries(tx, id, edition).await
}

/// The editions compiled since then that hold an entry of the article, the latest first.
pub async fn with_article(
    store: &Store,
    article: ArticleId,
    since: UnixMillis,
) -> Result<Vec<EditionId>, StoreError> {
    let text = "select d.id from entries e join editions d on d.id = e.edition_id
                where e.article_id = $1 and d.compiled_at >= $2 order by d.compiled_at desc, d.id desc";
    let rows = store
        .rows(sql("find an article's editions", text), args![article, since])
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Has an edition's mailing rest for a while, and why.
pub async fn pause(tx: &mut Tx, id: EditionId, until: UnixMillis, reason: &str) -> Result<(), StoreError> {
    let text = "update editions set paused_until = $2, pause_reason = $3 where id = $1";
    tx.run(sql("pause an edition", text), args![id, until, reason])
        .await
        .map(drop)
}

/// Ends an edition's rest, where it has one.
pub async fn resume(tx: &mut Tx, id: EditionId) -> Result<(), StoreError> {
    let text = "update editions set paused_until = null, pause_reason = null
                where id = $1 and paused_until is not null";
    tx.run(sql("resume an edition", text), args![id]).await.map(drop)
}

async fn replace_entries(tx: &mut Tx, id: EditionId, edition: &Edition) -> Result<(), StoreError> {
    let clear = "delete from entries where edition_id = $1";
    tx.run(sql("keep an edition's entries", clear), args![id]).await?;
    let text = "insert into entries
                  (edition_id, number, section, headline, carrier, original, summary, link, story_id, article_id) {rows}";
    let entries = edition
        .sections
        .iter()
        .flat_map(|section| section.entries.iter().map(|entry| (section.name.as_str(), entry)));
    let rows = entries.map(|(section, entry)| {
        args![
            id,
            entry.number,
            section,
            &entry.headline,
            &entry.credit.carrier,
            entry.credit.original.as_deref(),
            &entry.summary,
            &entry.link,
            entry.story(),
            entry.article()
        ]
    });
    tx.run_many(sql("keep an edition's entries", text), args![], rows.collect())
        .await?;
    let doing = "keep what was dropped of an edition";
    tx.run(
        sql(doing, "delete from dropped_entries where edition_id = $1"),
        args![id],
    )
    .await?;
    let text = "insert into dropped_entries (edition_id, story_id, article_id) {rows}";
    let dropped = edition.dropped.iter().map(|dropped| &dropped.entry);
    let rows = dropped.map(|entry| args![id, entry.story(), entry.article()]);
    tx.run_many(sql(doing, text), args![], rows.collect())
        .await
        .map(drop)
}

/// The edition with this id.
pub async fn find(store: &Store, id: EditionId) -> Result<Option<StoredEdition>, StoreError> {
    let row = store
        .row(sql("find an edition", select!("where id = $1")), args![id])
        .await?;
    row.as_ref().map(read).transpose()
}

/// A brief's edition of this day.
pub async fn find_by_day(
    view: impl Into<View<'_>>,
    brief: BriefId,
    day: Day,
) -> Result<Option<StoredEdition>, StoreError> {
    let text = select!("where brief_id = $1 and day = $2");
    let row = view
        .into()
        .row(sql("find an edition", text), args![brief, day])
        .await?;
    row.as_ref().map(read).transpose()
}

/// In which state a brief's edition of this day is, if there is one, and when it was compiled.
pub async fn find_compiled(
    store: &Store,
    brief: BriefId,
    day: Day,
) -> Result<Option<(EditionState, UnixMillis)>, StoreError> {
    let text = "select state, compiled_at from editions where brief_id = $1 and day = $2";
    let row = store
        .row(sql("look for an edition", text), args![brief, day])
        .await?;
    row.map(|row| Ok((row.get("state")?, row.get("compiled_at")?)))
        .transpose()
}

/// How many editions of a brief are of earlier days.
pub async fn count_before(store: &Store, brief: BriefId, day: Day) -> Result<u32, StoreError> {
    let text = "select count(*) as editions from editions where brief_id = $1 and day < $2";
    let row = store.row(sql("count editions", text), args![brief, day]).await?;
    row.map_or(Ok(0), |row| row.get("editions"))
}

/// A brief's newest edition, whatever its state.
pub async fn latest(store: &Store, brief: BriefId) -> Result<Option<StoredEdition>, StoreError> {
    let text = select!("where brief_id = $1 order by day desc limit 1");
    let row = store
        .row(sql("find the latest edition", text), args![brief])
        .await?;
    row.as_ref().map(read).transpose()
}

/// A brief's newest edition that the public may see.
pub async fn latest_released(store: &Store, brief: BriefId) -> Result<Option<StoredEdition>, StoreError> {
    Ok(released(store, brief, 1).await?.pop())
}

/// The days of the editions on either side of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Neighbours {
    /// The day of the last one before.
    pub previous: Option<Day>,
    /// The day of the first one after.
    pub next: Option<Day>,
}

/// The editions nearest to `day` that the public may see.
pub async fn neighbours(store: &Store, brief: BriefId, day: Day) -> Result<Neighbours, StoreError> {
    let text = "select max(case when day < $2 then day end) as previous, min(case when day > $2 then day end) as next
                from editions where brief_id = $1 and state in ('approved', 'sent', 'corrected')";
    let row = store
        .row(sql("find neighbouring editions", text), args![brief, day])
        .await?;
    let Some(row) = row else {
        return Ok(Neighbours::default());
    };
    Ok(Neighbours {
        previous: row.maybe("previous")?,
        next: row.maybe("next")?,
    })
}

/// A brief's editions, newest first.
pub async fn list(store: &Store, brief: BriefId, limit: u32) -> Result<Vec<StoredEdition>, StoreError> {
    let text = select!("where brief_id = $1 order by day desc limit $2");
    let rows = store
        .rows(sql("list editions", text), args![brief, limit])
        .await?;
    rows.iter().map(read).collect()
}

/// An edition in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its day.
    pub day: Day,
    /// The headline of the story that is read first, or of what else is; empty where it has no entry.
    pub headline: String,
}

/// A brief's editions that the public may see, newest first: those before a day, where one is given.
pub async fn released_lines(
    store: &Store,
    brief: BriefId,
    before: Option<Day>,
    limit: u32,
) -> Result<Vec<Line>, StoreError> {
    // An edition's entries are kept in the order in which they are read, which that of their numbers need not be. What the
    // desk put in, as sponsored lines, has no story.
    let text = "select d.day, coalesce(e.headline, '') as headline
                from editions d left join entries e on e.id = coalesce(
                  (select min(id) from entries where edition_id = d.id and story_id is not null),
                  (select min(id) from entries where edition_id = d.id))
                where d.brief_id = $1 and d.state in ('approved', 'sent', 'corrected') and (d.day < $2 or $2 is null)
                order by d.day desc limit $3";
    let rows = store
        .rows(sql("list editions", text), args![brief, before, limit])
        .await?;
    let read = |row: &Row| {
        Ok(Line {
            day: row.get("day")?,
            headline: row.get("headline")?,
        })
    };
    rows.iter().map(read).collect()
}

/// A brief's newest editions that the public may see, whole.
pub async fn released(store: &Store, brief: BriefId, limit: u32) -> Result<Vec<StoredEdition>, StoreError> {
    let text = select!(
        "where brief_id = $1 and state in ('approved', 'sent', 'corrected') order by day desc limit $2"
    );
    let rows = store
        .rows(sql("list editions", text), args![brief, limit])
        .await?;
    rows.iter().map(read).collect()
}

/// The editions of all briefs in one state, oldest first.
pub async fn list_in(store: &Store, state: EditionState) -> Result<Vec<StoredEdition>, StoreError> {
    let text = select!("where state = $1 order by day, id");
    let rows = store.rows(sql("list editions", text), args![state]).await?;
    rows.iter().map(read).collect()
}

/// Makes a move with an edition. `false`: it is in a state from which that cannot be made, or there is none.
pub async fn change_state(
    tx: &mut Tx,
    id: EditionId,
    step: EditionMove,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let (from, to) = step.ends();
    let text = format!(
        "update editions set state = $2,
           approved_at = case $2 when 'approved' then $3 when 'draft' then null when 'checked' then null
                           else approved_at end,
           sent_at = case $2 when 'sent' then $3 when 'draft' then null else sent_at end
         where id = $1 and state in ({})",
        places(4, from.len())
    );
    let mut args = args![id, to, now];
    args.extend(from.iter().flat_map(|state| args![*state]));
    let moved = tx.run(built("change an edition's state", text), args).await? == 1;
    if moved && to == EditionState::Sent {
        webhooks::tell(tx, Event::EditionSent, About::Edition(id), now).await?;
    }
    Ok(moved)
}

/// An entry that readers have seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintedEntry {
    /// The story that it stood for, where that still is one.
    pub story: Option<StoryId>,
    /// The article that it linked, where that is still there.
    pub article: Option<ArticleId>,
    /// The day of its edition.
    pub day: Day,
    /// Its number in it; none where an editor took it out before anybody saw it.
    pub number: Option<usize>,
    /// When that edition was compiled.
    pub compiled_at: UnixMillis,
}

/// What the last `editions` editions before `day` that were released printed, and what editors took out of the last ones, the
/// latest first: nothing is told twice, and what carries on says so.
pub async fn printed(
    store: &Store,
    brief: BriefId,
    day: Day,
    editions: u32,
) -> Result<Vec<PrintedEntry>, StoreError> {
    let text = "select e.story_id, e.article_id, d.day, e.number, d.compiled_at
                from entries e join editions d on d.id = e.edition_id
                where d.id in (
                  select id from editions
                  where brief_id = $1 and day < $2 and state in ('approved', 'sent', 'corrected')
                  order by day desc limit $3)
                union all
                select e.story_id, e.article_id, d.day, cast(0 as bigint) as number, d.compiled_at
                from dropped_entries e join editions d on d.id = e.edition_id
                where d.id in (
                  select id from editions where brief_id = $1 and day < $2 order by day desc limit $3)
                order by day desc, number";
    let rows = store
        .rows(sql("list what was printed", text), args![brief, day, editions])
        .await?;
    let read = |row: &Row| {
        Ok(PrintedEntry {
            story: row.maybe("story_id")?,
            article: row.maybe("article_id")?,
            day: row.get("day")?,
            number: Some(row.get("number")?).filter(|number| *number > 0),
            compiled_at: row.get("compiled_at")?,
        })
    };
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<StoredEdition, StoreError> {
    Ok(StoredEdition {
        id: row.get("id")?,
        brief: row.get("brief_id")?,
        state: row.get("state")?,
        revision: row.get("revision")?,
        edition: row.json("edition")?,
        findings: row.get("findings")?,
        compiled_at: row.get("compiled_at")?,
        approved_at: row.maybe("approved_at")?,
        sent_at: row.maybe("sent_at")?,
        paused_until: row.maybe("paused_until")?,
        pause_reason: row.maybe("pause_reason")?,
    })
}
