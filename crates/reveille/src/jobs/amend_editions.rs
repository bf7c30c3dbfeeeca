//! article → edition: carries what became of an article over to the editions that hold an entry of it.
//!
//! Before anybody has an edition its entry is changed or struck; afterwards it is only marked, since what readers were
//! told is an editor's to correct. Either way a notice says what was and what is.

use reveille_brief::{Finding, Revised, Severity, preflight, revise};
use reveille_model::{
    Article, ArticleId, ArticleState, Edition, EditionId, EditionState, Entry, EntryKey, Language, Notice,
    NoticeKind, NoticeState,
};
use reveille_store::{
    Tx,
    articles::{self, StoredArticle, Upserted},
    deliveries,
    editions::{self, StoredEdition, changes::Act},
    jobs::Job,
    notices,
};

use super::{
    Ended, Kind, commit, id_of,
    update_edition::{judge, sources},
};
use crate::app::App;

/// Editions compiled longer ago are history, in milliseconds.
pub(super) const CARED_FOR_MILLIS: i64 = 7 * 86_400_000;

/// Has the editions looked at where an article that was known before has changed.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn request(
    app: &App,
    tx: &mut Tx,
    stored: Upserted,
    state: ArticleState,
) -> anyhow::Result<()> {
    if stored.changed && (stored.version > 1 || state != ArticleState::Standing) {
        // While one job runs, a second with its key is not made; each version and state is worth one of its own.
        let key = format!("{}@{}.{state}", stored.id, stored.version);
        let job = Kind::AmendEditions.job(key, app.now());
        reveille_store::jobs::insert(tx, &job, app.now()).await?;
    }
    Ok(())
}

/// Has the editions looked at where entries of these articles came into one, at this revision of it: an article may have changed
/// since its entry was made.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn amend_later(app: &App, articles: &[ArticleId], revision: u32) -> anyhow::Result<()> {
    let mut tx = app.store.begin().await?;
    for article in articles {
        let job = Kind::AmendEditions.job(format!("{article}@back.{revision}"), app.now());
        reveille_store::jobs::insert(&mut tx, &job, app.now()).await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = ArticleId(id_of(job)?);
    let Some(article) = articles::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let versions = articles::versions(&app.store, id).await?;
    let since = app.now().plus(-CARED_FOR_MILLIS);
    let holding = editions::with_article(&app.store, id, since).await?;
    let mut tx = app.store.begin().await?;
    for id in holding {
        let Some(edition) = editions::hold(&mut tx, id).await? else {
            continue;
        };
        let Some(entry) = edition.edition.entry(EntryKey::Article(article.id)).cloned() else {
            continue;
        };
        let printed = versions
            .iter()
            .find(|version| entry.printed() == Some((article.id, version.version)));
        let old = printed.map_or(&article.article, |version| &version.article);
        let verdict = verdict(&entry, old, &article, &edition.edition.language);
        settle(app, &mut tx, &edition, entry, verdict, &article).await?;
    }
    commit(app, tx, job).await
}

/// Whether any reader has the edition, or may have it.
async fn is_reached(tx: &mut Tx, id: EditionId) -> anyhow::Result<bool> {
    let tally = deliveries::tally(&mut *tx, id).await?;
    Ok(tally.keys().any(|state| state.is_reached()) || deliveries::doubted(tx, id).await? > 0)
}

/// What an article's present version means for an entry.
enum Verdict {
    /// Nothing.
    Same,
    /// The page is gone; that alone decides nothing.
    Gone,
    /// It prints something else.
    Change(Box<Entry>),
    /// It goes.
    Strike(NoticeKind),
}

fn verdict(entry: &Entry, old: &Article, article: &StoredArticle, language: &Language) -> Verdict {
    match article.state {
        ArticleState::Missing => Verdict::Gone,
        ArticleState::Withheld => Verdict::Strike(NoticeKind::Withheld),
        ArticleState::Withdrawn => Verdict::Strike(NoticeKind::Withdrawn),
        ArticleState::Standing => match revise(entry, old, &article.article, article.version, language) {
            Revised::Same => Verdict::Same,
            Revised::Changed(entry) => Verdict::Change(entry),
            Revised::Unprintable => Verdict::Strike(NoticeKind::Changed),
        },
    }
}

async fn settle(
    app: &App,
    tx: &mut Tx,
    edition: &StoredEdition,
    before: Entry,
    verdict: Verdict,
    article: &StoredArticle,
) -> anyhow::Result<()> {
    let id = edition.id;
    // Of what readers have, the last word on an article counts, beside what they were told.
    notices::delete(tx, id, article.id, NoticeState::NeedsCorrection).await?;
    notices::delete(tx, id, article.id, NoticeState::Shown).await?;
    let notice = |kind, state, after| Notice {
        kind,
        state,
        before: before.clone(),
        after,
        note: article.state_note.clone(),
        at: app.now(),
    };
    let (kind, after) = match verdict {
        Verdict::Same | Verdict::Gone => {
            if matches!(verdict, Verdict::Gone) {
                let shown = notice(NoticeKind::Missing, NoticeState::Shown, None);
                notices::insert(tx, id, Some(article.id), &shown).await?;
            }
            // Whether its page is there is one of an open edition's checks.
            if edition.state.is_open() {
                amend(app, tx, edition, &before, Some(before.clone())).await?;
            }
            return Ok(());
        }
        Verdict::Change(entry) => (NoticeKind::Changed, Some(*entry)),
        Verdict::Strike(kind) => (kind, None),
    };
    let reached = is_reached(tx, id).await?;
    let is_out = !(edition.state.is_open() || edition.state == EditionState::Approved);
    if is_out || reached {
        let marked = notice(kind, NoticeState::NeedsCorrection, after.clone());
        notices::insert(tx, id, Some(article.id), &marked).await?;
    }
    if is_out {
        return Ok(());
    }
    let after = amend(app, tx, edition, &before, after).await?;
    if !reached {
        let state = if after.is_some() {
            NoticeState::Amended
        } else {
            NoticeState::Struck
        };
        notices::insert(tx, id, Some(article.id), &notice(kind, state, after)).await?;
    }
    Ok(())
}

/// Changes or strikes an entry of an edition that is not out yet, and looks the edition over again. An approved edition
/// gets no entry that its checks would have stopped: it is struck. Gives back the entry that stands.
async fn amend(
    app: &App,
    tx: &mut Tx,
    edition: &StoredEdition,
    before: &Entry,
    after: Option<Entry>,
) -> anyhow::Result<Option<Entry>> {
    let is_open = edition.state.is_open();
    let mut amended = put(edition, before, after.as_ref());
    let sources = sources(app, &mut *tx, &amended).await?;
    let mut findings = preflight(&amended, &sources, &app.templates);
    let of_entry =
        |finding: &Finding| finding.severity == Severity::Fault && finding.entry == Some(before.number);
    let after = after.filter(|_| is_open || !findings.iter().any(of_entry));
    if after.is_none() {
        amended = put(edition, before, None);
        if is_open {
            // Nobody has quoted the numbers yet.
            amended.number();
        }
        findings = preflight(&amended, &sources, &app.templates);
    }
    let what = match &after {
        Some(_) => format!("took over what changed at the source of “{}”", before.headline),
        None => format!("struck “{}”, as its article was", before.headline),
    };
    let act = Act::own(&what, app.now());
    editions::update(tx, edition.id, &amended, &serde_json::to_string(&findings)?, &act).await?;
    if is_open {
        editions::change_state(tx, edition.id, judge(&findings), app.now()).await?;
    }
    Ok(after)
}

fn put(edition: &StoredEdition, before: &Entry, after: Option<&Entry>) -> Edition {
    let mut amended = edition.edition.clone();
    match after {
        Some(entry) => amended.amend(entry.clone()),
        None => amended.strike(before.key()),
    }
    amended
}
