//! `reveille edition send` and `correct`: what leaves now, what became of it, and how it goes on.

use std::collections::BTreeMap;

use anyhow::ensure;
use reveille_desk::Right;
use reveille_model::{DeliveryState, IfUnknown, NoticeId, UnixMillis};
use reveille_store::{
    briefs::StoredBrief,
    deliveries::{Answers, Mailing, next_due, tally},
    editions::{self, StoredEdition},
    notices,
};

use super::{super::delivery::answers, BY_COMMAND, exactly, find};
use crate::{
    app::App,
    cli::Which,
    jobs::{self, Kind, Statement, in_words},
    print,
    progress::Progress,
    stop::until_stopped,
    worker,
};

/// Delivers what is due. What then waits for somebody is a failure, so that who called it hears of it.
pub(super) async fn send(app: &App, which: &Which) -> anyhow::Result<()> {
    let (brief, edition) = find(app, which).await?;
    let day = edition.edition.day;
    ensure!(
        !edition.state.is_open(),
        "the edition of {day} is not approved: `reveille edition approve {}`",
        exactly(&edition)
    );
    if edition.paused_until.is_some() {
        end_rest(app, &edition).await?;
    }
    try_again(app, &edition).await?;
    let ended = drain(app, &Kind::DELIVERING).await?;
    let tally = tally(&app.store, edition.id).await?;
    let next = next_due(&app.store, edition.id, brief.brief.if_unknown, app.now()).await?;
    let rest = editions::find(&app.store, edition.id).await?;
    let rest = rest.and_then(|edition| edition.paused_until.zip(edition.pause_reason));
    if let Some((until, reason)) = &rest {
        print::line(format!("The mailing rests until {until}, after: {reason}"))?;
    }
    let rest = rest.map(|(until, _)| until);
    let later = later(next, rest, app.now());
    print::line(format!("{day}: {}{later}.", in_words(&tally)))?;
    let waiting = answers::waiting(app, edition.id.into()).await?;
    let wait = match rest {
        Some(_) => "wait",
        None => "wait, and all others go on",
    };
    for told in answers::in_text(&waiting, wait) {
        print::line(told)?;
    }
    let whose = exactly(&edition);
    for (id, notice) in notices::corrections(&app.store, edition.id).await? {
        tell_correction(app, &brief, (id, notice.before.number), &whose).await?;
    }
    none_unknown(&tally, &whose, brief.brief.if_unknown)?;
    ensure!(
        ended || next.is_none(),
        "stopped before its end: `reveille edition send {whose}` goes on with the rest"
    );
    ensure!(
        rest.is_none(),
        "the mailing rests, since its messages are not taken: `reveille delivery show {whose}` says why, and `reveille edition send \
         {whose}` goes on at once"
    );
    none_waits(&waiting, &whose)
}

/// Fails where messages wait alone; `whose` names them on a command line.
fn none_waits(waiting: &Answers, whose: &str) -> anyhow::Result<()> {
    let (why, how_often) = match answers::is_unexplained(waiting) {
        true => (
            "the mail server turned away a message, in words that may speak of you, of itself or of its reader, and took none of late \
             that shows of whom",
            "few minutes, until others that are sent show of whom",
        ),
        false => (
            "the mail server takes messages such as those from nobody",
            "ten minutes",
        ),
    };
    ensure!(
        waiting.readers == 0,
        "{why}: `reveille delivery show {whose} --state queued` lists what waits, which is tried again every {how_often}"
    );
    Ok(())
}

/// Has a mailing go on at once that rests after a run of failures.
async fn end_rest(app: &App, edition: &StoredEdition) -> anyhow::Result<()> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    editions::resume(&mut tx, edition.id).await?;
    let job = Mailing::from(edition.id).job(now);
    reveille_store::jobs::insert(&mut tx, &job, now).await?;
    Ok(tx.commit().await?)
}

/// Has the steps to its readers tried at once that failed and wait for their next try.
async fn try_again(app: &App, edition: &StoredEdition) -> anyhow::Result<()> {
    let mut tx = app.store.begin().await?;
    for kind in [Kind::PlanDeliveries, Kind::DeliverEdition] {
        let key = edition.id.to_string();
        reveille_store::jobs::hasten(&mut tx, kind.as_str(), &key, app.now()).await?;
    }
    Ok(tx.commit().await?)
}

/// States what an entry had wrong and, where that is wished, mails it at once.
pub(super) async fn correct(
    app: &App,
    which: &Which,
    number: usize,
    right: &Right,
    send: bool,
) -> anyhow::Result<()> {
    let (brief, edition) = find(app, which).await?;
    let statement = Statement {
        number,
        right,
        by: BY_COMMAND,
        seen: None,
    };
    let told = jobs::correct(app, &edition, &statement, send).await?;
    let day = edition.edition.day;
    print::line(match told.again {
        false => format!("Corrected entry {number} of {day}. The next edition repeats it."),
        true => format!("Entry {number} of {day} states this already; it is not stated twice."),
    })?;
    if !send {
        return Ok(());
    }
    let ended = drain(app, &[Kind::DeliverCorrection]).await?;
    let whose = exactly(&edition);
    let next = tell_correction(app, &brief, (told.notice, number), &whose).await?;
    ensure!(
        ended || next.is_none(),
        "stopped before its end: run the same again, or `reveille serve`, for the rest"
    );
    ensure!(
        next.is_none_or(|due| due > app.now()),
        "the rest could not be mailed: `reveille doctor` tries the mail server; then run the same again, or `reveille serve`"
    );
    Ok(())
}

/// Says what became of the mails of a correction, where there are any, and when the next one leaves.
async fn tell_correction(
    app: &App,
    brief: &StoredBrief,
    (id, entry): (NoticeId, usize),
    whose: &str,
) -> anyhow::Result<Option<UnixMillis>> {
    let tally = tally(&app.store, id).await?;
    if tally.is_empty() {
        return Ok(None);
    }
    let next = next_due(&app.store, id, brief.brief.if_unknown, app.now()).await?;
    let later = later(next, None, app.now());
    print::line(format!(
        "Mails to readers who have entry {entry} wrong: {}{later}.",
        in_words(&tally)
    ))?;
    let waiting = answers::waiting(app, id.into()).await?;
    for told in answers::in_text(&waiting, "wait, and all others go on") {
        print::line(told)?;
    }
    let whose = format!("{whose} --correction {entry}");
    none_unknown(&tally, &whose, brief.brief.if_unknown)?;
    Ok(next)
}

/// Runs these jobs until none is due; `false` where somebody stopped it before.
async fn drain(app: &App, kinds: &[Kind]) -> anyhow::Result<bool> {
    let progress = Progress::to_stderr();
    let ended = until_stopped(app, worker::drain(app, kinds, &progress)).await?;
    Ok(ended.is_some())
}

/// How it goes on with what has not left, and when.
fn later(next: Option<UnixMillis>, rest: Option<UnixMillis>, now: UnixMillis) -> String {
    match next.map(|due| due.max(rest.unwrap_or(due))) {
        None => String::new(),
        Some(due) if due > now => {
            format!("; the next go out at {due}: run this again then, or `reveille serve`")
        }
        // It was stopped, or rests after failures.
        Some(_) => "; to go on with the rest, run the same again, or `reveille serve`".to_owned(),
    }
}

/// Fails, with what to do, where some deliveries are unknown; `whose` names them on a command line, and the brief has this rule for
/// them.
fn none_unknown(tally: &BTreeMap<DeliveryState, u64>, whose: &str, rule: IfUnknown) -> anyhow::Result<()> {
    let unknown = tally.get(&DeliveryState::Unknown).copied().unwrap_or(0);
    let by_itself = match rule {
        IfUnknown::Resend => {
            "each goes out once more by itself after ten minutes, under the same Message-ID; what is unknown then as well waits for your word"
        }
        IfUnknown::Hold => "they wait for your word",
        IfUnknown::Reconcile => {
            "the log is asked after ten minutes, and what it certainly does not have goes out once more by itself"
        }
    };
    ensure!(
        unknown == 0,
        "of {unknown} nobody knows whether the mail server has them. Its log does: `reveille delivery settle {whose} --log \
         FILE` counts as sent what that shows as taken (or say it yourself: `--as sent`, `--as failed`), `reveille delivery \
         resend {whose}` sends the rest once more. By the brief's plan (`if_unknown = \"{rule}\"`) {by_itself}"
    );
    Ok(())
}
