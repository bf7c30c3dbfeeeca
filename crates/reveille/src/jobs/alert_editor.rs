//! alert → an editor's inbox: that an edition waits, is late, is too late for some of its readers whatever anybody does, that
//! its mailing or that of a correction rests, that the mail server cannot take some of its messages, that nobody knows of some whether
//! they arrived, or that a step to its readers fails again and again.
//!
//! In English, whatever the brief's language, as the desk, the commands and the findings of the checks are: what is translated
//! is what readers see.

mod mailing;

use anyhow::{Context, ensure};
use reveille_brief::{Finding, Severity, render};
use reveille_desk::outlook;
use reveille_model::{AlertId, AlertKind, Brief};
use reveille_store::{
    alerts::{self, Alert},
    briefs,
    editions::{self, StoredEdition},
    jobs::Job,
};

use super::{Ended, commit, id_of};
use crate::{
    app::App,
    letters::{self, addresses},
    print,
};

/// A mail that did not leave is tried again after a minute, then after twice as long each time, up to about an hour: what
/// keeps it may be what it tells of.
const LONGEST_PAUSE: u32 = 6;
/// Faults that are named; the desk shows all.
const NAMED: usize = 3;
/// What came about so long ago, in milliseconds, is told nobody any more: three days.
const NEWS_MILLIS: i64 = 3 * 86_400_000;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = AlertId(id_of(job)?);
    let Some(alert) = alerts::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let told = tell(app, &alert).await;
    let mut tx = app.store.begin().await?;
    match told {
        // It may come about again, of the same edition.
        Ok(Told::Nothing) if alert.kind == AlertKind::Doubts => {
            alerts::forget(&mut tx, alert.edition, alert.kind, alert.at).await?;
        }
        Ok(Told::Nothing | Told::Mailed) => alerts::finish(&mut tx, id).await?,
        Err(error) => {
            tracing::warn!(alert = %id, "an editor could not be told: {error:#}");
            let minutes = 1_i64 << alert.tries.min(LONGEST_PAUSE);
            alerts::put_off(&mut tx, id, app.now().plus(minutes * 60_000)).await?;
        }
    }
    commit(app, tx, job).await
}

/// What became of an alert.
enum Told {
    Mailed,
    /// What it would tell is over.
    Nothing,
}

/// Sends one mail, unless what it would tell is over.
///
/// # Errors
/// Where it did not leave.
async fn tell(app: &App, alert: &Alert) -> anyhow::Result<Told> {
    let Some(edition) = editions::find(&app.store, alert.edition).await? else {
        return Ok(Told::Nothing);
    };
    let Some(stored) = briefs::find_by_slug(&app.store, &edition.edition.slug).await? else {
        return Ok(Told::Nothing);
    };
    // After an outage one is compiled on the day after its own, for readers to the west.
    let last_day = edition.edition.day.max(alert.at.day(&stored.brief.zone));
    let is_past = last_day < app.now().day(&stored.brief.zone);
    let letter = match alert.kind {
        // These are of when the edition was approved, or its correction stated.
        AlertKind::TooLarge | AlertKind::Unfit | AlertKind::TurnedAway => {
            mailing::unfit(app, &edition, alert).await?
        }
        AlertKind::Unknown => mailing::unknown(app, &edition, alert).await?,
        AlertKind::Doubts => mailing::doubtful(app, &edition, alert).await?,
        _ if app.now().since(alert.at) > NEWS_MILLIS => return Ok(Told::Nothing),
        AlertKind::Waits | AlertKind::Overdue if is_past || !edition.state.is_open() => {
            return Ok(Told::Nothing);
        }
        AlertKind::Waits | AlertKind::Overdue => Some(waiting(app, &stored.brief, &edition, alert.kind)?),
        AlertKind::OutOfReach => Some(out_of_reach(app, &edition, alert)),
        AlertKind::Rests => Some(mailing::resting(app, &edition, alert).await?),
        AlertKind::Stuck => Some(mailing::stuck(app, &edition, alert).await?),
        AlertKind::CorrectionRests => mailing::correction_resting(app, &edition, alert).await?,
    };
    let Some(letter) = letter else {
        return Ok(Told::Nothing);
    };
    let domain = app.config.mail.from_address.domain();
    let message_id = format!("alert.{}@{domain}", alert.id);
    let letter = letters::alert(app, &stored.brief, &alert.email, letter, message_id);
    ensure!(
        app.post.send_alone(&letter).await?,
        "the mail server refused the mail"
    );
    Ok(Told::Mailed)
}

/// Subject and text about an edition that nobody has approved.
fn waiting(
    app: &App,
    brief: &Brief,
    edition: &StoredEdition,
    kind: AlertKind,
) -> anyhow::Result<(String, String)> {
    let (name, day) = (&brief.name, edition.edition.day);
    let exactly = outlook::exactly(&brief.slug, day);
    let subject = match kind {
        AlertKind::Overdue => format!("{name} of {day} is late: nobody has approved it"),
        _ => format!("{name} of {day} waits to be approved"),
    };
    let text = format!(
        "{name} of {day} is compiled: {}, {}. Its hour is {}, {} time, and it goes out once somebody approves it.\n\n{}\n\n\
         At the desk (`reveille desk link` makes a link to sign in by):\n{}\n\n\
         Or by `reveille edition show {exactly}` and `reveille edition approve {exactly}`.\n",
        print::count(edition.edition.entries().count() as u64, "entry"),
        render::length(&edition.edition),
        brief.send_at,
        brief.zone,
        found(edition)?,
        addresses::desk(&app.config.web, edition.id),
    );
    Ok((subject, text))
}

/// What the checks found: a sentence, and the first faults.
fn found(edition: &StoredEdition) -> anyhow::Result<String> {
    let findings: Vec<Finding> =
        serde_json::from_str(&edition.findings).context("the findings cannot be read")?;
    let (faults, warnings): (Vec<_>, Vec<_>) = findings
        .into_iter()
        .partition(|finding| finding.severity == Severity::Fault);
    let warnings = print::count(warnings.len() as u64, "warning");
    if faults.is_empty() {
        return Ok(format!("The checks found no fault, and {warnings}."));
    }
    let mut lines = vec![format!(
        "The checks found {}, to be mended before it can be approved, and {warnings}:\n",
        print::count(faults.len() as u64, "fault")
    )];
    lines.extend(faults.iter().take(NAMED).map(|fault| match fault.entry {
        Some(number) => format!("* Entry {number}: {}", fault.text),
        None => format!("* {}", fault.text),
    }));
    let more = faults.len().saturating_sub(NAMED);
    lines.extend((more > 0).then(|| format!("* … and {more} more, which the desk shows.")));
    Ok(lines.join("\n"))
}

/// Subject and text about an edition that was compiled when it was too late already for some of its readers.
fn out_of_reach(app: &App, edition: &StoredEdition, alert: &Alert) -> (String, String) {
    let (name, slug, day) = (&edition.edition.name, &edition.edition.slug, edition.edition.day);
    let text = format!(
        "When {name} of {day} was compiled, it was too late already for {}, who miss it. So it is with each edition as long as \
         the brief's plan stays as it is, and you are told once a week.\n\n{}\n\n\
         `reveille brief show {slug}` prints the plan, and `reveille brief update {slug} FILE` takes it. \
         `reveille delivery resend {slug} --day {day} --missed` sends this edition to them all the same.\n\n{}\n",
        alert.words.as_deref().unwrap_or_default(),
        outlook::WAY_OUT,
        addresses::desk(&app.config.web, edition.id),
    );
    (format!("{name} comes too late for some of its readers"), text)
}
