//! edition → edition: states what an edition that readers have had wrong.
//!
//! The entry says so from then on, on the web and to readers whose morning is still to come; the next edition repeats it;
//! and who got the wrong one can be told at once.

use anyhow::{Context, bail, ensure};
use reveille_brief::edit;
use reveille_desk::{Refusal, Right, SeenEntry};
use reveille_model::{
    Correction, Day, EditionId, EditionMove, Entry, Language, Notice, NoticeId, NoticeKind, NoticeState,
    UnixMillis,
};
use reveille_store::{
    Tx,
    briefs::StoredBrief,
    deliveries::{Mailing, plan_correction},
    editions::{self, StoredEdition, changes::Act},
    notices,
};

use super::update_edition::{ensure_seen, looked_over};
use crate::app::App;

/// Editions so far back whose corrections the next one still carries.
const EDITIONS_BACK: u32 = 14;

/// Whether an entry has the words that are right.
fn has_words(entry: &Entry, right: &Right) -> bool {
    let is = |right: Option<&str>, stands: &str| right.is_none_or(|right| edit::one_line(right) == stands);
    is(right.headline.as_deref(), &entry.headline) && is(right.summary.as_deref(), &entry.summary)
}

/// Sets the words that are right.
fn set_words(entry: &mut Entry, right: &Right, language: &Language) {
    let headline = right.headline.clone().unwrap_or_else(|| entry.headline.clone());
    let summary = right.summary.clone().unwrap_or_else(|| entry.summary.clone());
    edit::word(entry, &headline, &summary, language.clone());
}

/// What is stated of an entry.
pub(crate) struct Statement<'a> {
    /// The entry's number.
    pub(crate) number: usize,
    /// What was wrong and what is right.
    pub(crate) right: &'a Right,
    /// In whose name.
    pub(crate) by: &'a str,
    /// The entry as they looked at it, where that can be told.
    pub(crate) seen: Option<SeenEntry>,
}

/// A correction that was stated.
pub(crate) struct Told {
    /// What states it.
    pub(crate) notice: NoticeId,
    /// Whether the entry stated it before.
    pub(crate) again: bool,
}

/// States what was wrong in an entry. What its article says by now, where that has changed, takes the entry's place, and
/// then the words that are given. With `tell`, everybody who may have the wrong one gets a mail. What was stated before is
/// stated once: its mails then go on.
///
/// # Errors
/// Where nobody can have the edition yet, it has no such entry, or edition or article are others by now than were looked at.
pub(crate) async fn correct(
    app: &App,
    stored: &StoredEdition,
    statement: &Statement<'_>,
    tell: bool,
) -> anyhow::Result<Told> {
    let Statement { number, right, .. } = *statement;
    let day = stored.edition.day;
    ensure!(
        !stored.state.is_open(),
        "the edition of {day} is not out: change it with `reveille edition update`"
    );
    let mut tx = app.store.begin().await?;
    let held = editions::hold(&mut tx, stored.id)
        .await?
        .context("the edition is gone")?;
    if let Some(seen) = statement.seen
        && held.revision != seen.within.revision
    {
        drop(tx);
        ensure_seen(app, &held, seen.within.revision).await?;
        bail!("the edition of {day} is another by now");
    }
    let wrong = Wrong::find(&mut tx, &held, number).await?;
    let wrong = wrong.with_context(|| format!("the edition of {day} has no entry {number}"))?;
    let before = wrong.entry();
    let pending = pending(&mut tx, stored.id, before, statement.seen).await?;
    ensure!(
        matches!(wrong, Wrong::Stands(_)) || has_words(before, right),
        "entry {number} was taken out of the edition, so it has no words to set right: state what was wrong without them"
    );
    let stated = notices::corrections(&mut tx, stored.id).await?;
    let same = |(_, notice): &&(NoticeId, Notice)| {
        notice.before.key() == before.key()
            && notice.note.as_deref() == Some(&*right.text)
            && has_words(before, right)
    };
    let (notice, at, again) = match stated.iter().find(same) {
        Some((notice, stated)) => (*notice, stated.at, true),
        None => {
            let at = untaken(&stated, wrong.since(app));
            (
                state(app, &mut tx, held, before, pending, statement, at).await?,
                at,
                false,
            )
        }
    };
    if tell {
        reveille_store::jobs::insert(&mut tx, &Mailing::from(notice).job(app.now()), app.now()).await?;
    }
    tx.commit().await?;
    if tell {
        plan(app, stored.id, notice, at).await?;
    }
    Ok(Told { notice, again })
}

/// An entry that some readers have wrong.
enum Wrong {
    /// The edition holds it.
    Stands(Entry),
    /// It was struck at that time, when some readers had it. Who got the edition since never did.
    Struck(Entry, UnixMillis),
}

impl Wrong {
    /// The entry of this number, where an edition has it, or had it when some readers got it.
    async fn find(tx: &mut Tx, held: &StoredEdition, number: usize) -> anyhow::Result<Option<Self>> {
        let stands = held.edition.entries().find(|entry| entry.number == number);
        if let Some(entry) = stands {
            return Ok(Some(Self::Stands(entry.clone())));
        }
        let had = |notice: &Notice| {
            matches!(
                notice.state,
                NoticeState::NeedsCorrection | NoticeState::Corrected
            ) && notice.before.number == number
        };
        let noticed = notices::list(tx, held.id).await?;
        let last = noticed.into_iter().rev().find(had);
        Ok(last.map(|notice| Self::Struck(notice.before, notice.at)))
    }

    const fn entry(&self) -> &Entry {
        match self {
            Self::Stands(entry) | Self::Struck(entry, _) => entry,
        }
    }

    /// Since when nobody gets it any more.
    fn since(&self, app: &App) -> UnixMillis {
        match self {
            Self::Stands(_) => app.now(),
            Self::Struck(_, at) => *at,
        }
    }
}

/// This time, or the next millisecond of which no correction is yet: mails and alerts are named by the time of theirs, and two of the
/// same name would be one to whoever gets them.
fn untaken(stated: &[(NoticeId, Notice)], mut at: UnixMillis) -> UnixMillis {
    while stated.iter().any(|(_, notice)| notice.at == at) {
        at = at.plus(1);
    }
    at
}

/// What is known of an entry's article that nobody has decided on.
///
/// # Errors
/// Where that is something else than was `seen`.
async fn pending(
    tx: &mut Tx,
    edition: EditionId,
    before: &Entry,
    seen: Option<SeenEntry>,
) -> anyhow::Result<Option<Notice>> {
    let mut noticed = notices::pending(tx, edition).await?.into_iter();
    let pending = noticed.rfind(|(_, notice)| notice.before.key() == before.key());
    if let Some(seen) = seen {
        ensure!(
            seen.noticed == pending.as_ref().map(|(id, _)| *id),
            Refusal::Meanwhile(format!(
                "The article of “{}” changed meanwhile. What is known of it now stands here, beside what you typed: look at it again.",
                before.headline
            ))
        );
    }
    Ok(pending.map(|(_, notice)| notice))
}

/// Puts the corrected entry in the place of the one that readers have, with what is `pending` of its article.
async fn state(
    app: &App,
    tx: &mut Tx,
    held: StoredEdition,
    before: &Entry,
    pending: Option<Notice>,
    &Statement { right, by, .. }: &Statement<'_>,
    at: UnixMillis,
) -> anyhow::Result<NoticeId> {
    let (id, mut edition) = (held.id, held.edition);
    let article = before.article();
    let mut after = pending
        .as_ref()
        .and_then(|notice| notice.after.clone())
        .unwrap_or_else(|| before.clone());
    after.number = before.number;
    set_words(&mut after, right, &edition.language);
    after.corrections.push(right.text.clone());
    edition.amend(after.clone());
    let findings = looked_over(app, &mut *tx, &edition).await?;
    let what = format!("stated a correction of “{}”", before.headline);
    let act = Act {
        by,
        what: &what,
        at: app.now(),
    };
    editions::update(tx, id, &edition, &serde_json::to_string(&findings)?, &act).await?;
    // One that was corrected before stays so.
    editions::change_state(tx, id, EditionMove::Correct, app.now()).await?;
    let notice = Notice {
        kind: pending.map_or(NoticeKind::Changed, |notice| notice.kind),
        state: NoticeState::Corrected,
        after: Some(after),
        note: Some(right.text.clone()),
        at,
        before: before.clone(),
    };
    if let Some(article) = article {
        notices::delete(tx, id, article, NoticeState::NeedsCorrection).await?;
    }
    Ok(notices::insert(tx, id, article, &notice).await?)
}

/// Has a correction that was stated mailed to everybody who may have the wrong entry. Nobody gets it twice.
///
/// # Errors
/// Where there is no such correction, or the store fails.
pub(crate) async fn mail_correction(app: &App, id: NoticeId) -> anyhow::Result<()> {
    let found = notices::find(&app.store, id).await?;
    let stated = found.filter(|(_, notice)| notice.state == NoticeState::Corrected);
    let (edition, notice) = stated.context("there is no such correction")?;
    // First, since the job plans what nobody has.
    let mut tx = app.store.begin().await?;
    reveille_store::jobs::insert(&mut tx, &Mailing::from(id).job(app.now()), app.now()).await?;
    tx.commit().await?;
    plan(app, edition, id, notice.at).await
}

/// Plans the mails of a correction that was stated `at` that time, to whoever got the edition before: others got it right. In a transaction
/// that begins once the edition is changed: who was handed it as it was until then is seen by it.
///
/// # Errors
/// Where the store fails.
pub(super) async fn plan(
    app: &App,
    edition: EditionId,
    notice: NoticeId,
    at: UnixMillis,
) -> anyhow::Result<()> {
    let mut tx = app.store.begin().await?;
    plan_correction(&mut tx, notice, edition, at, app.now()).await?;
    Ok(tx.commit().await?)
}

/// What earlier editions of the brief had wrong and no edition has told yet, the oldest first.
///
/// # Errors
/// Where the store fails.
pub(super) async fn untold(app: &App, brief: &StoredBrief, day: Day) -> anyhow::Result<Vec<Correction>> {
    let mut released = editions::released(&app.store, brief.id, EDITIONS_BACK).await?;
    released.retain(|edition| edition.edition.day < day);
    released.reverse();
    let mut untold = Vec::new();
    for edition in &released {
        for notice in notices::list(&app.store, edition.id).await? {
            let (NoticeState::Corrected, Some(text)) = (notice.state, notice.note) else {
                continue;
            };
            let correction = Correction {
                day: edition.edition.day,
                number: notice.before.number,
                by_headline: !edition.edition.is_quotable(notice.before.number),
                headline: notice.before.headline,
                text,
            };
            if !released
                .iter()
                .any(|later| later.edition.corrections.contains(&correction))
            {
                untold.push(correction);
            }
        }
    }
    Ok(untold)
}
