//! deliveries → inboxes: hands the edition to every reader whose morning has come. Corrections go the same way.
//!
//! Each connection takes one delivery after the other from a shared queue of claims, readies its message, has it put
//! on the wire in the ledger, and only then sends its text. A crash before that costs nothing; a crash after it leaves
//! the delivery `unknown`, and the brief's rule says what becomes of it.

mod backlog;
mod claims;
mod connection;
mod lines;
mod other_nodes;
mod outcome;
mod pace;
mod queue;
mod run;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, convert::Infallible, sync::Arc};

use reveille_model::{AlertKind, Brief, Day, DeliveryState, EditionId, EditionMove, UnixMillis};
use reveille_store::{
    StoreError, Tx,
    alerts::{self, Occasion},
    deliveries::{Mailing, awaits_word, is_more_due, is_planned, next_due, tally},
    editions::StoredEdition,
    jobs::{Job, NewJob},
};
use tokio::{task::JoinSet, time::Instant};

use super::{Ended, commit, commit_with, id_of, in_words};
use crate::{app::App, ledger, outage, post::MOST_UNKNOWN, reconcile::before_repeating};
use claims::Claims;
pub(super) use claims::Mail;
use lines::Lines;
use other_nodes::OtherNodes;
use queue::Queue;
use run::End;

/// How long a mailing rests after a run of failures, and what the mail server takes from nobody waits, in milliseconds: as long as a
/// mail server takes to come back, and little of a morning.
pub(super) const PAUSE_MILLIS: i64 = 600_000;

/// What stands before a mail server's words to a message while no other one that is taken shows of whom they speak.
pub(crate) const NONE_TAKEN: &str = "nothing else was taken of late, and ";

/// When a node looks again that has no place at the mail server while others send, in milliseconds: well within the half minute in
/// which the work of one that dies is taken over.
const BESIDE_MILLIS: i64 = 15_000;

/// So many deliveries that are due are one node's own affair: they are gone in a few seconds.
const ALONE: u32 = 2_000;
/// Most nodes that are asked to share a mailing.
const NODES: u32 = 32;

/// The same for one node more, if there may be another.
fn one_more(edition: EditionId, job: &Job, now: UnixMillis) -> Option<NewJob<'static>> {
    let numbered = job.key.rsplit_once('+');
    let numbered = numbered.and_then(|(key, number)| Some((key, number.parse::<u32>().ok()?)));
    let (key, number) = numbered.unwrap_or((&job.key, 1));
    (number < NODES).then(|| NewJob {
        key: format!("{key}+{}", number + 1),
        ..Mailing::from(edition).job(now)
    })
}

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = EditionId(id_of(job)?);
    let edition = reveille_store::editions::find(&app.store, id).await?;
    // One that was recalled is open again.
    let Some(edition) = edition.filter(|edition| !edition.state.is_open()) else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let brief = reveille_store::briefs::find_by_slug(&app.store, &edition.edition.slug).await?;
    let Some(brief) = brief.map(|stored| stored.brief) else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let ended = match edition.paused_until {
        Some(until) if until > app.now() => End::default(),
        // A task of its own, which ends in good order where the job is cut off.
        _ => {
            let (slug, day) = (&brief.slug, edition.edition.day);
            tracing::info!(brief = %slug, %day, "handing out an edition");
            let mail = Mail::of_edition(app, edition.clone(), brief.clone()).await?;
            let help = help(app, edition.id, job).await?;
            tokio::spawn(deliver(app.clone(), mail, help)).await??
        }
    };
    finish(app, &edition, &brief, ended, job).await
}

/// The job for one node more, where more is due than this one has soon sent.
async fn help(app: &App, edition: EditionId, job: &Job) -> Result<Option<NewJob<'static>>, StoreError> {
    let now = app.now();
    Ok(match one_more(edition, job, now) {
        Some(one_more) if is_more_due(&app.store, edition, ALONE, now).await? => Some(one_more),
        _ => None,
    })
}

/// Has it done once this one sends: where there is no place for it, there is none for another. That one asks for the next itself.
async fn ask_for_help(app: &App, queue: &Queue, help: &NewJob<'_>) -> Result<(), StoreError> {
    queue.run.sends().await;
    let mut tx = app.store.begin().await?;
    reveille_store::jobs::insert(&mut tx, help, app.now()).await?;
    tx.commit().await
}

/// Has no mail server be believed that has taken nothing from this process, where a fifth of a mailing was refused by now.
async fn doubt_refusals(app: &App, mailing: Mailing) -> Result<(), StoreError> {
    let tally = tally(&app.store, mailing).await?;
    let count = |state| tally.get(&state).copied().unwrap_or(0);
    let refused = count(DeliveryState::Refused);
    if refused >= u64::from(MOST_UNKNOWN) && 4 * refused >= count(DeliveryState::Sent) {
        app.post.know_nobody();
    }
    Ok(())
}

/// Sends all that is due over as many connections as the settings allow, until it is told to stop or too much in a row
/// has failed. On return what became of each message is on disk. `help` is the job for one node more, where that is of use.
pub(super) async fn deliver(app: App, mail: Mail, help: Option<NewJob<'static>>) -> anyhow::Result<End> {
    let mailing = mail.mailing;
    let began = Instant::now();
    before_repeating(&app, mailing, mail.rule).await?;
    doubt_refusals(&app, mailing).await?;
    let others = OtherNodes::look(&app, mailing).await?;
    let (ledger, keeper) = ledger::open(app.store.clone(), mailing, app.clock.clone(), app.post.width);
    let claims = Claims::new(app.clone(), ledger.clone(), mail);
    let (room, waiting) = claims.room();
    let lines = Arc::new(Lines::new(&app));
    lines.look().await;
    let queue = Arc::new(Queue::new(&app, mailing, waiting, Arc::clone(&lines)));
    let claiming = tokio::spawn(claims.fill(Arc::clone(&queue), room));
    // Tasks of their own, since to write and sign a message takes more of a processor than to send it.
    let mut connections = JoinSet::new();
    for _ in 0..app.post.width {
        connections.spawn(connection::run(app.clone(), Arc::clone(&queue), ledger.clone()));
    }
    drop(ledger);
    let sending = async {
        let ended = connections.join_all().await;
        queue.close().await;
        (ended, claiming.await)
    };
    let asking = async {
        // The mailing goes on without it.
        if let Some(help) = &help
            && let Err(error) = ask_for_help(&app, &queue, help).await
        {
            outage::warn(error);
        }
        std::future::pending::<Infallible>().await
    };
    // What waits for a line's row in the store must not hold up messages that need no place in it.
    let ended = tokio::select! {
        never = lines.keep() => match never {},
        never = asking => match never {},
        ended = async { tokio::join!(keeper.keep(), sending) } => ended,
    };
    app.post.tell_down(began);
    // A connection whose keeper has stopped only says so, hence the keeper's reason first.
    let (kept, (ended, claimed)) = ended;
    kept?;
    claimed??;
    ended.into_iter().collect::<anyhow::Result<()>>()?;
    queue.put_back(&app).await?;
    let others_send = match queue.run.sent_before_waiting() {
        Some(own) => others.have_sent(&app, own).await?,
        None => false,
    };
    Ok(queue.run.end(others_send))
}

/// Has the editors told, once for each reason, that some messages of an edition, or of what it had wrong, wait or have failed while
/// all others go out, where that is so. They do so since then.
pub(super) async fn tell_waiting(
    app: &App,
    tx: &mut Tx,
    (edition, since): (EditionId, UnixMillis),
    brief: &Brief,
    waiting: &BTreeMap<AlertKind, String>,
) -> anyhow::Result<()> {
    for (kind, words) in waiting {
        // The words may still name a reader in other ways.
        let what = match kind {
            AlertKind::Unknown => "some messages failed, since the mail server may know no reader any more",
            _ => "some messages wait, since the mail server takes none such",
        };
        tracing::error!(brief = %brief.slug, "{what}; `reveille delivery show` says why");
        let occasion = Occasion {
            edition,
            kind: *kind,
            at: since,
            words: Some(words),
        };
        alerts::insert(tx, occasion, &brief.editors, app.now()).await?;
    }
    Ok(())
}

/// Has the editors told, once, where nobody knows of some messages of an edition, or of what it had wrong, whether they arrived, and
/// nobody will unless somebody looks.
pub(super) async fn tell_doubts(
    tx: &mut Tx,
    mailing: Mailing,
    (edition, since): (EditionId, UnixMillis),
    brief: &Brief,
    now: UnixMillis,
) -> Result<(), StoreError> {
    if !awaits_word(&mut *tx, mailing, brief.if_unknown).await? {
        // What comes to be in doubt later is told anew.
        return alerts::forget(tx, edition, AlertKind::Doubts, since).await;
    }
    tracing::warn!(
        brief = %brief.slug,
        "nobody knows of some messages whether they arrived; `reveille delivery show` names them"
    );
    let occasion = Occasion {
        edition,
        kind: AlertKind::Doubts,
        at: since,
        words: None,
    };
    alerts::insert(tx, occasion, &brief.editors, now).await
}

/// Ends the job; later tries get a job of their own, and once nothing more happens by itself the edition is sent.
async fn finish(
    app: &App,
    edition: &StoredEdition,
    brief: &Brief,
    ended: End,
    job: &Job,
) -> anyhow::Result<Ended> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    // Held, so that it is neither recalled nor planned between the look at its deliveries and what follows from that.
    let held = reveille_store::editions::hold(&mut tx, edition.id).await?;
    let paused_until = held.and_then(|held| held.paused_until);
    let next = next_due(&mut tx, edition.id, brief.if_unknown, now).await?;
    // By when it was approved, so that what waits again and again is told once.
    let since = edition.released_at();
    tell_waiting(app, &mut tx, (edition.id, since), brief, &ended.wait).await?;
    tell_doubts(&mut tx, edition.id.into(), (edition.id, since), brief, now).await?;
    let mut rest = paused_until.filter(|until| *until > now);
    if let Some(failure) = &ended.failure {
        // One that rests again and again is told once.
        if paused_until.is_none() {
            let occasion = Occasion {
                edition: edition.id,
                kind: AlertKind::Rests,
                at: now,
                words: Some(failure),
            };
            alerts::insert(&mut tx, occasion, &brief.editors, now).await?;
        }
        let until = now.plus(PAUSE_MILLIS);
        // The failure itself may still name a reader in other ways.
        tracing::error!(
            brief = %brief.slug,
            day = %edition.edition.day,
            "what is to be delivered cannot be: the mailing rests until {until}; `reveille delivery show` says why"
        );
        reveille_store::editions::pause(&mut tx, edition.id, until, failure).await?;
        rest = Some(until);
    } else if rest.is_none() && !ended.is_waiting {
        reveille_store::editions::resume(&mut tx, edition.id).await?;
    }
    // What was put back is long due: a job of that time would be this one, which ends here.
    let next = next.map(|due| due.max(rest.unwrap_or(ended.again(now))));
    // It may have been recalled and approved again since this job was made; then its deliveries are still to come.
    match next {
        Some(due) if !ended.is_beside => {
            let tally = tally(&mut tx, edition.id).await?;
            let (brief, day) = (&brief.slug, edition.edition.day);
            tracing::info!(%brief, %day, "so far {}; looked at again at {due}", in_words(&tally));
        }
        Some(_) => {}
        None if is_planned(&mut tx, edition.id).await? => {
            end(&mut tx, edition.id, (brief, edition.edition.day), now).await?;
        }
        None => {}
    }
    let next = next.map(|due| Mailing::from(edition.id).job(due));
    commit_with(app, tx, job, next).await
}

/// Takes note that all of an edition is planned, and nothing more happens to it by itself.
pub(super) async fn end(
    tx: &mut Tx,
    edition: EditionId,
    (brief, day): (&Brief, Day),
    now: UnixMillis,
) -> anyhow::Result<()> {
    if reveille_store::editions::change_state(tx, edition, EditionMove::Finish, now).await? {
        let tally = tally(&mut *tx, edition).await?;
        tracing::info!(brief = %brief.slug, %day, "the edition is out: {}", in_words(&tally));
    }
    Ok(())
}
