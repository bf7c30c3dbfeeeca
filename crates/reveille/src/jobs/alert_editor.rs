//! alert → an editor's inbox: that an edition waits, is late, is too late for some of its readers whatever anybody does, that
//! its mailing or that of a correction rests, that the mail server cannot take some of its messages, or that a step to its readers
//! fails again and again.
//!
//! In English, whatever the brief's language, as the desk, the commands and the findings of the checks are: what is translated
//! is what readers see.

use anyhow::{Context, ensure};
use reveille_brief::{Finding, Severity, render};
use reveille_desk::outlook;
use reveille_model::{AlertId, AlertKind, Brief, DeliveryState, NoticeId, UnixMillis};
use reveille_store::{
    StoreError,
    alerts::{self, Alert},
    briefs,
    deliveries::{self, Mailing},
    editions::{self, StoredEdition},
    jobs::Job,
    notices,
};

use super::{Ended, commit, id_of, in_words};
use crate::{
    app::App,
    letters::{self, addresses},
    print,
    worker::LONGEST_PAUSE_MILLIS,
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
        Ok(()) => alerts::finish(&mut tx, id).await?,
        Err(error) => {
            tracing::warn!(alert = %id, "an editor could not be told: {error:#}");
            let minutes = 1_i64 << alert.tries.min(LONGEST_PAUSE);
            alerts::put_off(&mut tx, id, app.now().plus(minutes * 60_000)).await?;
        }
    }
    commit(app, tx, job).await
}

/// Sends one mail, unless what it would tell is over.
///
/// # Errors
/// Where it did not leave.
async fn tell(app: &App, alert: &Alert) -> anyhow::Result<()> {
    let Some(edition) = editions::find(&app.store, alert.edition).await? else {
        return Ok(());
    };
    let Some(stored) = briefs::find_by_slug(&app.store, &edition.edition.slug).await? else {
        return Ok(());
    };
    let is_past = edition.edition.day < app.now().day(&stored.brief.zone);
    let letter = match alert.kind {
        // These are of when the edition was approved, or its correction stated.
        AlertKind::TooLarge | AlertKind::Unfit => match unfit(app, &edition, alert).await? {
            Some(letter) => letter,
            None => return Ok(()),
        },
        _ if app.now().since(alert.at) > NEWS_MILLIS => return Ok(()),
        AlertKind::Waits | AlertKind::Overdue if is_past || !edition.state.is_open() => return Ok(()),
        AlertKind::Waits | AlertKind::Overdue => waiting(app, &stored.brief, &edition, alert.kind)?,
        AlertKind::OutOfReach => out_of_reach(app, &edition, alert),
        AlertKind::Rests => resting(app, &edition, alert).await?,
        AlertKind::Stuck => stuck(app, &edition, alert).await?,
        AlertKind::CorrectionRests => match correction_resting(app, &edition, alert).await? {
            Some(letter) => letter,
            None => return Ok(()),
        },
    };
    let domain = app.config.mail.from_address.domain();
    let message_id = format!("alert.{}@{domain}", alert.id);
    let letter = letters::alert(app, &stored.brief, &alert.email, letter, message_id);
    ensure!(
        app.post.send_alone(&letter).await?,
        "the mail server refused the mail"
    );
    Ok(())
}

/// Subject and text about an edition that nobody has approved.
fn waiting(
    app: &App,
    brief: &Brief,
    edition: &StoredEdition,
    kind: AlertKind,
) -> anyhow::Result<(String, String)> {
    let (name, slug, day) = (&brief.name, &brief.slug, edition.edition.day);
    let subject = match kind {
        AlertKind::Overdue => format!("{name} of {day} is late: nobody has approved it"),
        _ => format!("{name} of {day} waits to be approved"),
    };
    let text = format!(
        "{name} of {day} is compiled: {}, {}. Its hour is {}, {} time, and it goes out once somebody approves it.\n\n{}\n\n\
         At the desk (`reveille desk link` makes a link to sign in by):\n{}\n\n\
         Or by `reveille edition show {slug}` and `reveille edition approve {slug}`.\n",
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

const fn to_the_minute(at: UnixMillis) -> UnixMillis {
    UnixMillis(at.0 - at.0.rem_euclid(60_000))
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

/// Subject and text about a mailing that rests, or did.
async fn resting(app: &App, edition: &StoredEdition, alert: &Alert) -> anyhow::Result<(String, String)> {
    let (name, slug, day) = (&edition.edition.name, &edition.edition.slug, edition.edition.day);
    let tally = deliveries::tally(&app.store, edition.id).await?;
    let now = match edition.paused_until {
        Some(until) if until <= app.now() => "It is being tried again.".to_owned(),
        Some(until) => format!("It goes on by itself at {until}, and rests again where that fails."),
        None => "It has gone on since.".to_owned(),
    };
    let text = format!(
        "The mailing of {name} of {day} came to rest at {}, since its messages are not taken. The last failure:\n\n{}\n\n\
         {now} By now: {}.\n\n`reveille delivery show {slug} --day {day}` says who has it, and \
         `reveille edition send {slug} --day {day}` goes on at once.\n\n{}\n",
        to_the_minute(alert.at),
        alert.words.as_deref().unwrap_or_default(),
        in_words(&tally),
        addresses::desk(&app.config.web, edition.id),
    );
    Ok((format!("The mailing of {name} of {day} rests"), text))
}

/// Subject and text about messages of an edition, or of a correction of it, that the mail server can take from nobody; `None` where
/// none such waits any more, nor is being tried again.
async fn unfit(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
) -> anyhow::Result<Option<(String, String)>> {
    let (name, slug, day) = (&edition.edition.name, &edition.edition.slug, edition.edition.day);
    let (what, option, mailing): (_, _, Mailing) = match corrected(app, edition, alert).await? {
        Some((id, number)) => (
            format!("the correction of entry {number} of {name} of {day}"),
            format!(" --correction {number}"),
            id.into(),
        ),
        None => (format!("{name} of {day}"), String::new(), edition.id.into()),
    };
    let tally = deliveries::tally(&app.store, mailing).await?;
    let is_tried = [DeliveryState::Sending, DeliveryState::Wire]
        .iter()
        .any(|state| tally.get(state).is_some_and(|count| *count > 0));
    if !is_tried && deliveries::waiting(&app.store, mailing).await?.readers == 0 {
        return Ok(None);
    }
    let (are, way_out) = match alert.kind {
        AlertKind::TooLarge => ("larger than the mail server takes", "lets it take larger ones"),
        _ => (
            "in a form that the mail server does not take",
            "lets it take those",
        ),
    };
    let text = format!(
        "Some messages of {what} are {are}. They wait, and all others go out. The first one:\n\n{}\n\n\
         They are tried again every ten minutes, until somebody {way_out}, or names another one in `mail.relays`. Readers who \
         choose text mails get smaller ones. By now: {}.\n\n\
         `reveille delivery show {slug} --day {day}{option} --state queued` says who waits for theirs.\n\n{}\n",
        alert.words.as_deref().unwrap_or_default(),
        in_words(&tally),
        addresses::desk(&app.config.web, edition.id),
    );
    Ok(Some((format!("Some messages of {what} wait"), text)))
}

/// Subject and text about a step that fails for a reason that nobody foresaw.
async fn stuck(app: &App, edition: &StoredEdition, alert: &Alert) -> anyhow::Result<(String, String)> {
    let (name, slug, day) = (&edition.edition.name, &edition.edition.slug, edition.edition.day);
    let tally = deliveries::tally(&app.store, edition.id).await?;
    let text = format!(
        "What brings {name} of {day} to its readers fails again and again. The last failure, at {}:\n\n{}\n\n\
         It is tried again every {} minutes until it succeeds; who administers Reveille finds more in its log. By now: {}.\n\n\
         `reveille delivery show {slug} --day {day}` says who has it, and `reveille edition send {slug} --day {day}` tries it \
         at once.\n\n{}\n",
        to_the_minute(alert.at),
        alert.words.as_deref().unwrap_or_default(),
        LONGEST_PAUSE_MILLIS / 60_000,
        in_words(&tally),
        addresses::desk(&app.config.web, edition.id),
    );
    Ok((format!("{name} of {day} does not reach its readers"), text))
}

/// Which correction of an edition an alert is about, and of which entry: one of when that was stated.
async fn corrected(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
) -> Result<Option<(NoticeId, usize)>, StoreError> {
    let stated = notices::corrections(&app.store, edition.id).await?;
    let corrected = stated.into_iter().find(|(_, notice)| notice.at == alert.at);
    Ok(corrected.map(|(id, notice)| (id, notice.before.number)))
}

/// Subject and text about the mailing of a correction that rests, or did; `None` where it is gone.
async fn correction_resting(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
) -> anyhow::Result<Option<(String, String)>> {
    let Some((id, number)) = corrected(app, edition, alert).await? else {
        return Ok(None);
    };
    let (name, slug, day) = (&edition.edition.name, &edition.edition.slug, edition.edition.day);
    let tally = deliveries::tally(&app.store, id).await?;
    let text = format!(
        "The mailing of the correction of entry {number} of {name} of {day} came to rest, since its messages are not taken. \
         The last failure:\n\n{}\n\nIt is tried again every ten minutes. By now: {}.\n\n\
         `reveille delivery show {slug} --day {day} --correction {number}` says who has it.\n\n{}\n",
        alert.words.as_deref().unwrap_or_default(),
        in_words(&tally),
        addresses::desk(&app.config.web, edition.id),
    );
    Ok(Some((
        format!("The mailing of a correction of {name} of {day} rests"),
        text,
    )))
}
