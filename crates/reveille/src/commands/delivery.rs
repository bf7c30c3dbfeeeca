//! `reveille delivery`: who received an edition, who did not, and why.

pub(super) mod answers;
mod show;

use std::path::PathBuf;

use anyhow::{Context, ensure};
use reveille_model::{AlertKind, BriefId, DeliveryState, EmailAddress, SubscriberId, UnixMillis};
use reveille_store::{
    alerts,
    deliveries::{self as rows, Mailing, Stuck, Which},
    editions::StoredEdition,
    notices, subscribers,
};

use super::edition::{exactly, find};
use crate::{
    app::App,
    cli::{DeliveryCommand, Ending, Whose},
    print, reconcile,
};

pub(super) async fn run(app: &App, command: DeliveryCommand) -> anyhow::Result<()> {
    match command {
        DeliveryCommand::Show(options) => show::run(app, &options).await,
        DeliveryCommand::Resend {
            whose,
            failed,
            missed,
        } => {
            let from = match (failed, missed) {
                (true, _) => Stuck::Failed,
                (_, true) => Stuck::Missed,
                _ => Stuck::Unknown,
            };
            resend(app, &whose, from).await
        }
        DeliveryCommand::Settle { whose, known, queued } => match known.ending {
            Some(ending) => settle(app, &whose, queued, ending).await,
            None => settle_by_log(app, &whose, &known.log).await,
        },
    }
}

async fn reader(app: &App, brief: BriefId, email: &EmailAddress) -> anyhow::Result<SubscriberId> {
    let subscriber = subscribers::find_by_email(&app.store, brief, email).await?;
    Ok(subscriber
        .with_context(|| format!("{email} is no reader of this brief"))?
        .id)
}

async fn resend(app: &App, whose: &Whose, from: Stuck) -> anyhow::Result<()> {
    let chosen = chosen(app, whose).await?;
    let edition = &chosen.edition;
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let mut queued = 0;
    for &mailing in &chosen.mailings {
        let again = rows::resend(&mut tx, mailing, from, chosen.reader, now).await?;
        if again > 0 {
            reveille_store::jobs::insert(&mut tx, &mailing.job(now), now).await?;
        }
        if let (Stuck::Unknown, Some(since)) = (from, since(app, mailing, edition).await?) {
            // Of what comes to be in doubt once more editors are told anew.
            alerts::forget(&mut tx, edition.id, AlertKind::Doubts, since).await?;
        }
        queued += again;
    }
    tx.commit().await?;
    let sought = match from {
        Stuck::Unknown => DeliveryState::Unknown,
        Stuck::Failed => DeliveryState::Failed,
        Stuck::Missed => DeliveryState::Missed,
    };
    print::line(match queued {
        0 => unchanged(app, whose, &chosen, sought).await?,
        _ => format!(
            "{queued} queued again. `reveille edition send {}`, or `reveille serve`, delivers them.",
            exactly(edition)
        ),
    })
}

/// Why nothing was changed: what the reader's delivery is in place of what was sought, or that nobody's is that.
async fn unchanged(
    app: &App,
    whose: &Whose,
    chosen: &Chosen,
    sought: DeliveryState,
) -> anyhow::Result<String> {
    let Some((reader, email)) = chosen.reader.zip(whose.reader.as_ref()) else {
        return Ok(match sought {
            DeliveryState::Failed => {
                "None is failed, or refused to somebody who is a reader still: nothing was changed."
                    .to_owned()
            }
            _ => format!("None is {sought}: nothing was changed."),
        });
    };
    // Of several corrections of one entry, the last.
    for &mailing in chosen.mailings.iter().rev() {
        let theirs = rows::list(&app.store, mailing, Which::To(reader), None, 1).await?;
        if let Some(row) = theirs.first() {
            let state = row.state;
            if (sought, state) == (DeliveryState::Failed, DeliveryState::Refused) {
                return Ok(format!(
                    "{email} is refused, and gets no more mail: `reveille subscribers resume {email} --reason …` takes them back first. \
                     Nothing was changed."
                ));
            }
            return Ok(format!("{email} is {state}, not {sought}: nothing was changed."));
        }
    }
    Ok(format!("None of these goes to {email}: nothing was changed."))
}

/// When a mailing of an edition came about: by that its alerts are known.
async fn since(app: &App, mailing: Mailing, edition: &StoredEdition) -> anyhow::Result<Option<UnixMillis>> {
    Ok(match mailing {
        Mailing::Edition(_) => Some(edition.released_at()),
        Mailing::Correction(id) => notices::find(&app.store, id).await?.map(|(_, notice)| notice.at),
    })
}

async fn settle(app: &App, whose: &Whose, queued: bool, ending: Ending) -> anyhow::Result<()> {
    let chosen = chosen(app, whose).await?;
    let reader = chosen.reader;
    let (ending, word) = match ending {
        Ending::Sent => (rows::Ending::Sent, DeliveryState::Sent),
        Ending::Failed => (rows::Ending::Failed, DeliveryState::Failed),
    };
    let mut tx = app.store.begin().await?;
    let (mut settled, mut unknown) = (0, 0);
    for &mailing in &chosen.mailings {
        settled += match queued {
            true => rows::settle_queued(&mut tx, mailing, ending, reader, app.now()).await?,
            false => rows::settle(&mut tx, mailing, ending, reader, app.now()).await?,
        };
        if queued {
            let tally = rows::tally(&mut tx, mailing).await?;
            unknown += tally.get(&DeliveryState::Unknown).copied().unwrap_or(0);
        }
    }
    tx.commit().await?;
    let sought = if queued {
        DeliveryState::Queued
    } else {
        DeliveryState::Unknown
    };
    print::line(match settled {
        0 => unchanged(app, whose, &chosen, sought).await?,
        _ => count_now(settled, word),
    })?;
    if unknown > 0 {
        let whose = exactly(&chosen.edition);
        print::line(format!(
            "Of {unknown} nobody knows whether they arrived: `reveille delivery settle {whose} --as {word}` says it of them too."
        ))?;
    }
    Ok(())
}

fn count_now(settled: u64, state: DeliveryState) -> String {
    let verb = if settled == 1 { "counts" } else { "count" };
    format!("{settled} {verb} as {state} now.")
}

async fn settle_by_log(app: &App, whose: &Whose, logs: &[PathBuf]) -> anyhow::Result<()> {
    let chosen = chosen(app, whose).await?;
    let (mut settled, mut begun, mut silent) = (0, 0, 0);
    for &mailing in &chosen.mailings {
        let told = reconcile::by_log(app, mailing, chosen.reader, logs.to_vec()).await?;
        settled += told.sent;
        begun += told.begun;
        silent += told.silent;
    }
    print::line(match (settled, begun + silent) {
        (0, 0) => unchanged(app, whose, &chosen, DeliveryState::Unknown).await?,
        _ => count_now(settled, DeliveryState::Sent),
    })?;
    if begun > 0 {
        print::line(format!(
            "Of {begun} the log shows no end: ask again once the mail server has come so far."
        ))?;
    }
    if silent > 0 {
        print::line(format!(
            "Of {silent} the log says nothing. If it is the right one, and whole, `reveille delivery resend {}{}` sends \
             them once more.",
            exactly(&chosen.edition),
            whose
                .correction
                .map(|entry| format!(" --correction {entry}"))
                .unwrap_or_default()
        ))?;
    }
    Ok(())
}

/// What the operator decides of.
struct Chosen {
    edition: StoredEdition,
    /// The edition itself, or the corrections of one of its entries.
    mailings: Vec<Mailing>,
    /// The one reader, where one is named.
    reader: Option<SubscriberId>,
}

async fn chosen(app: &App, whose: &Whose) -> anyhow::Result<Chosen> {
    let (brief, edition) = find(app, &whose.which).await?;
    let reader = match &whose.reader {
        Some(email) => Some(reader(app, brief.id, email).await?),
        None => None,
    };
    let mailings = match whose.correction {
        None => vec![edition.id.into()],
        Some(entry) => corrections(app, &edition, entry).await?,
    };
    Ok(Chosen {
        edition,
        mailings,
        reader,
    })
}

/// The corrections of an entry, in the order in which they were stated.
async fn corrections(app: &App, edition: &StoredEdition, entry: usize) -> anyhow::Result<Vec<Mailing>> {
    let mut stated = notices::corrections(&app.store, edition.id).await?;
    stated.retain(|(_, notice)| notice.before.number == entry);
    ensure!(!stated.is_empty(), "no correction of entry {entry} was stated");
    Ok(stated.into_iter().map(|(id, _)| id.into()).collect())
}
