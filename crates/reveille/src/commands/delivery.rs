//! `reveille delivery`: who received an edition, who did not, and why.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, ensure};
use reveille_model::{BriefId, DeliveryState, EmailAddress, IfUnknown, SubscriberId};
use reveille_store::{
    briefs::StoredBrief,
    deliveries::{self as rows, Mailing, StoredDelivery, Stuck, Which},
    editions::StoredEdition,
    notices, subscribers,
};

use super::edition::{exactly, find};
use crate::{
    app::App,
    cli::{DeliveryCommand, Ending, ShowDeliveries, TallyFormat, Whose},
    jobs::{correction_job, delivery_job},
    print, reconcile,
};

/// The states of deliveries that did not arrive, or may not have.
const MISSED: [DeliveryState; 5] = [
    DeliveryState::Refused,
    DeliveryState::Failed,
    DeliveryState::Unknown,
    DeliveryState::Withdrawn,
    DeliveryState::Missed,
];

pub(super) async fn run(app: &App, command: DeliveryCommand) -> anyhow::Result<()> {
    match command {
        DeliveryCommand::Show(options) => show(app, &options).await,
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

async fn show(app: &App, options: &ShowDeliveries) -> anyhow::Result<()> {
    let (brief, edition) = find(app, &options.which).await?;
    let mailing = match options.correction {
        // Of several corrections of one entry, the last.
        Some(entry) => *corrections(app, &edition, entry)
            .await?
            .last()
            .context("none is stated")?,
        None => edition.id.into(),
    };
    let tally = match mailing {
        Mailing::Edition(id) => rows::tally(&app.store, id).await?,
        Mailing::Correction(id) => rows::correction_tally(&app.store, id).await?,
    };
    let counts = Counts {
        tally,
        came_back: rows::came_back(&app.store, mailing).await?,
        doubted: rows::doubted(&app.store, mailing).await?,
    };
    let mut listed = Vec::new();
    let asked = asked(app, &brief, options).await?;
    for &which in &asked {
        let left = options.limit.saturating_sub(u32::try_from(listed.len())?);
        let rows = rows::list(&app.store, mailing, which, None, left).await?;
        // One that was given up may have come back as well.
        let is_new = |row: &StoredDelivery| listed.iter().all(|known: &StoredDelivery| known.id != row.id);
        let new: Vec<_> = rows.into_iter().filter(is_new).collect();
        listed.extend(new);
    }
    print::line(match options.format {
        TallyFormat::Json => {
            let shown = in_json(&edition, options.correction, &counts, &listed);
            serde_json::to_string_pretty(&shown)?
        }
        TallyFormat::Text => in_text(&brief, &edition, options.correction, &counts, &listed),
    })?;
    let all = asked.iter().map(|which| match which {
        Which::In(state) => counts.tally.get(state).copied().unwrap_or(0),
        Which::CameBack => counts.came_back,
        Which::Doubted => counts.doubted,
        Which::To(_) => 1,
    });
    let more = all.sum::<u64>().saturating_sub(listed.len() as u64);
    match (options.format, more) {
        (TallyFormat::Json, _) | (_, 0) => Ok(()),
        (TallyFormat::Text, more) => print::line(format!("… and {more} more (`--limit`)")),
    }
}

/// How many deliveries of a mailing there are.
struct Counts {
    /// In each state.
    tally: BTreeMap<DeliveryState, u64>,
    /// That came back.
    came_back: u64,
    /// That were in doubt at some time.
    doubted: u64,
}

/// Which deliveries to list.
async fn asked(app: &App, brief: &StoredBrief, options: &ShowDeliveries) -> anyhow::Result<Vec<Which>> {
    if options.doubted {
        return Ok(vec![Which::Doubted]);
    }
    if let Some(email) = &options.reader {
        return Ok(vec![Which::To(reader(app, brief.id, email).await?)]);
    }
    if options.came_back {
        return Ok(vec![Which::CameBack]);
    }
    Ok(match options.state {
        Some(state) => vec![Which::In(state)],
        None => MISSED
            .map(Which::In)
            .into_iter()
            .chain([Which::CameBack])
            .collect(),
    })
}

async fn reader(app: &App, brief: BriefId, email: &EmailAddress) -> anyhow::Result<SubscriberId> {
    let subscriber = subscribers::find_by_email(&app.store, brief, email).await?;
    Ok(subscriber
        .with_context(|| format!("{email} is no reader of this brief"))?
        .id)
}

fn in_text(
    brief: &StoredBrief,
    edition: &StoredEdition,
    correction: Option<usize>,
    counts: &Counts,
    listed: &[StoredDelivery],
) -> String {
    let what = match correction {
        Some(entry) => format!("the correction of entry {entry}"),
        None => edition.state.to_string(),
    };
    let mut lines = vec![format!(
        "{}, {}: {what}",
        edition.edition.name, edition.edition.day
    )];
    if let (Some(until), Some(reason)) = (edition.paused_until, &edition.pause_reason) {
        lines.push(format!("The mailing rests until {until}, after: {reason}"));
    }
    let Counts {
        tally,
        came_back,
        doubted,
    } = counts;
    lines.extend(tally.iter().map(|(state, count)| format!("{count:>10}  {state}")));
    if tally.is_empty() {
        lines.push("No delivery is planned yet.".to_owned());
    }
    if *came_back > 0 {
        lines.push(format!(
            "{came_back:>10}  of these came back (--came-back lists them)"
        ));
    }
    if *doubted > 0 {
        lines.push(format!(
            "{doubted:>10}  of these were in doubt at some time: no others can have arrived twice (--doubted lists them)"
        ));
    }
    if !listed.is_empty() {
        let table: Vec<_> = listed.iter().map(|row| cells(brief, row)).collect();
        let headings = ["READER", "STATE", "SINCE", "CLAIMED", "WHY"];
        lines.push(format!("\n{}", print::table(&headings, &table)));
    }
    lines.join("\n")
}

fn cells(brief: &StoredBrief, row: &StoredDelivery) -> Vec<String> {
    let rule = brief.brief.if_unknown;
    let rests = row.doubts <= rule.resends();
    // What went wrong before a message was sent is no reason of that.
    let error = row.error.as_deref().filter(|_| row.state != DeliveryState::Sent);
    let why = error.or(row.reply.as_deref()).unwrap_or_default();
    // What the other side said later goes before what our mail server said when it took the message.
    let why = match &row.came_back {
        Some(said) => format!("came back: {said}"),
        None => why.to_owned(),
    };
    let next = match row.state {
        DeliveryState::Queued => format!("due at {}; ", row.due_at),
        DeliveryState::Unknown if rests && rule == IfUnknown::Reconcile => {
            format!("the mail server's log is asked at {}; ", row.due_at)
        }
        DeliveryState::Unknown if rests => format!("goes out once more at {}; ", row.due_at),
        DeliveryState::Unknown => "waits for your word; ".to_owned(),
        _ => String::new(),
    };
    let why = format!("{next}{why}");
    vec![
        row.email.to_string(),
        row.state.to_string(),
        row.updated_at.to_string(),
        row.attempts.to_string(),
        why.trim_end_matches("; ").to_owned(),
    ]
}

fn in_json(
    edition: &StoredEdition,
    correction: Option<usize>,
    counts: &Counts,
    listed: &[StoredDelivery],
) -> serde_json::Value {
    let row = |row: &StoredDelivery| {
        serde_json::json!({
            "reader": row.email,
            "state": row.state,
            "due_at": row.due_at.to_string(),
            "claimed": row.attempts,
            "doubts": row.doubts,
            "message_id": row.message_id,
            "reply": row.reply,
            "error": row.error,
            "came_back": row.came_back,
            "updated_at": row.updated_at.to_string(),
            "sent_at": row.sent_at.map(|at| at.to_string()),
        })
    };
    serde_json::json!({
        "brief": edition.edition.slug,
        "day": edition.edition.day,
        "state": edition.state,
        "correction": correction,
        "paused_until": edition.paused_until.map(|at| at.to_string()),
        "pause_reason": edition.pause_reason,
        "tally": counts.tally,
        "came_back": counts.came_back,
        "doubted": counts.doubted,
        "deliveries": listed.iter().map(row).collect::<Vec<_>>(),
    })
}

async fn resend(app: &App, whose: &Whose, from: Stuck) -> anyhow::Result<()> {
    let Chosen {
        edition,
        mailings,
        reader,
    } = chosen(app, whose).await?;
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let mut queued = 0;
    for mailing in mailings {
        let again = rows::resend(&mut tx, mailing, from, reader, now).await?;
        if again > 0 {
            let job = match mailing {
                Mailing::Edition(edition) => delivery_job(edition, now),
                Mailing::Correction(notice) => correction_job(notice, now),
            };
            reveille_store::jobs::insert(&mut tx, &job, now).await?;
        }
        queued += again;
    }
    tx.commit().await?;
    print::line(format!(
        "{queued} queued again. `reveille edition send {}`, or `reveille serve`, delivers them.",
        exactly(&edition)
    ))
}

async fn settle(app: &App, whose: &Whose, queued: bool, ending: Ending) -> anyhow::Result<()> {
    let Chosen { mailings, reader, .. } = chosen(app, whose).await?;
    let (ending, word) = match ending {
        Ending::Sent => (rows::Ending::Sent, DeliveryState::Sent),
        Ending::Failed => (rows::Ending::Failed, DeliveryState::Failed),
    };
    let mut tx = app.store.begin().await?;
    let mut settled = 0;
    for mailing in mailings {
        settled += match queued {
            true => rows::settle_queued(&mut tx, mailing, ending, reader, app.now()).await?,
            false => rows::settle(&mut tx, mailing, ending, reader, app.now()).await?,
        };
    }
    tx.commit().await?;
    say_settled(settled, word)
}

fn say_settled(settled: u64, state: DeliveryState) -> anyhow::Result<()> {
    let verb = if settled == 1 { "counts" } else { "count" };
    print::line(format!("{settled} {verb} as {state} now."))
}

async fn settle_by_log(app: &App, whose: &Whose, logs: &[PathBuf]) -> anyhow::Result<()> {
    let Chosen {
        edition,
        mailings,
        reader,
    } = chosen(app, whose).await?;
    let (mut settled, mut begun, mut silent) = (0, 0, 0);
    for mailing in mailings {
        let told = reconcile::by_log(app, mailing, reader, logs.to_vec()).await?;
        settled += told.sent;
        begun += told.begun;
        silent += told.silent;
    }
    say_settled(settled, DeliveryState::Sent)?;
    if begun > 0 {
        print::line(format!(
            "Of {begun} the log shows no end: ask again once the mail server has come so far."
        ))?;
    }
    if silent > 0 {
        print::line(format!(
            "Of {silent} the log says nothing. If it is the right one, and whole, `reveille delivery resend {}{}` sends \
             them once more.",
            exactly(&edition),
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
