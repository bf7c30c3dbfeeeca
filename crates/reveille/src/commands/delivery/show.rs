//! `reveille delivery show`: how many deliveries stand where, and a line for each that one should look at.

use std::collections::BTreeMap;

use anyhow::Context;
use reveille_model::{DeliveryState, IfUnknown, UnixMillis};
use reveille_store::{
    briefs::StoredBrief,
    deliveries::{self as rows, Answers, StoredDelivery, Which},
    editions::StoredEdition,
    returns::{self, Return},
};

use super::{super::edition::find, answers, corrections, reader};
use crate::{
    app::App,
    cli::{Listed, ShowDeliveries, TallyFormat},
    print,
};

/// The states of deliveries that did not arrive, or may not have.
const MISSED: [DeliveryState; 5] = [
    DeliveryState::Refused,
    DeliveryState::Failed,
    DeliveryState::Unknown,
    DeliveryState::Withdrawn,
    DeliveryState::Missed,
];

/// Few addresses are longer, and those that are need not part all others from what is said of them.
const WIDEST: usize = 40;

pub(super) async fn run(app: &App, options: &ShowDeliveries) -> anyhow::Result<()> {
    let (brief, edition) = find(app, &options.which).await?;
    let mailing = match options.correction {
        // Of several corrections of one entry, the last.
        Some(entry) => *corrections(app, &edition, entry)
            .await?
            .last()
            .context("none is stated")?,
        None => edition.id.into(),
    };
    let counts = Counts {
        tally: rows::tally(&app.store, mailing).await?,
        deferred: answers::grouped(rows::deferred(&app.store, mailing).await?),
        waiting: answers::waiting(app, mailing).await?,
        refused: answers::grouped(rows::refused(&app.store, mailing).await?),
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
    let shown = Shown {
        unnamed: unnamed(app, options, &listed).await?,
        counts,
        listed,
    };
    let left_out = shown.left_out(&asked);
    print::line(match options.format {
        TallyFormat::Json => {
            let told = in_json(&edition, options.correction, &shown, left_out);
            serde_json::to_string_pretty(&told)?
        }
        TallyFormat::Text => in_text(&brief, &edition, options.correction, &shown),
    })?;
    if let (TallyFormat::Text, true, Some(none)) =
        (options.format, shown.is_without_match(options), none(options))
    {
        print::line(none)?;
    }
    match (options.format, left_out) {
        (TallyFormat::Json, _) | (_, 0) => Ok(()),
        (TallyFormat::Text, more) => {
            let is_least = asked.contains(&Which::Deferred) && shown.counts.deferred.is_more;
            let least = if is_least { "at least " } else { "" };
            print::line(format!("… and {least}{more} more (`--limit`)"))
        }
    }
}

/// What is shown of a mailing.
struct Shown {
    counts: Counts,
    /// What each of these came to.
    listed: Vec<StoredDelivery>,
    /// What came back since for the one reader who is asked about, from mails that do not name the message.
    unnamed: Vec<Return>,
}

impl Shown {
    /// Whether there is none of those that were asked for.
    fn is_without_match(&self, options: &ShowDeliveries) -> bool {
        self.listed.is_empty() && options.limit > 0
    }

    /// How many in this state are listed.
    fn listed_in(&self, state: DeliveryState) -> u64 {
        self.listed.iter().filter(|row| row.state == state).count() as u64
    }

    /// How many of the deliveries that were asked for are not listed.
    fn left_out(&self, asked: &[Which]) -> u64 {
        let counts = &self.counts;
        let all = asked.iter().map(|which| match which {
            Which::In(state) => counts.tally.get(state).copied().unwrap_or(0),
            Which::Deferred => counts.deferred.readers,
            Which::CameBack => counts.came_back,
            Which::Doubted => counts.doubted,
            // There is one at most.
            Which::To(_) => 0,
        });
        all.sum::<u64>().saturating_sub(self.listed.len() as u64)
    }
}

/// How many deliveries of a mailing there are.
struct Counts {
    /// In each state.
    tally: BTreeMap<DeliveryState, u64>,
    /// That were put off.
    deferred: Answers,
    /// That wait, since the mail server takes such messages from nobody.
    waiting: Answers,
    /// That were refused.
    refused: Answers,
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
        Some(Listed::In(state)) => vec![Which::In(state)],
        Some(Listed::Deferred) => vec![Which::Deferred],
        Some(Listed::Skipped) => [DeliveryState::Withdrawn, DeliveryState::Missed]
            .map(Which::In)
            .to_vec(),
        None => MISSED
            .map(Which::In)
            .into_iter()
            .chain([Which::CameBack])
            .collect(),
    })
}

/// What is said where there is none of those that were asked for; nothing where none were in particular.
fn none(options: &ShowDeliveries) -> Option<String> {
    if let Some(email) = &options.reader {
        return Some(format!("None of these goes to {email}."));
    }
    Some(match options.state {
        _ if options.doubted => "None was in doubt at any time.".to_owned(),
        _ if options.came_back => "None came back.".to_owned(),
        Some(Listed::In(state)) => format!("None is {state}."),
        Some(Listed::Deferred) => "None was put off.".to_owned(),
        Some(Listed::Skipped) => "None is withdrawn or missed.".to_owned(),
        None => return None,
    })
}

/// A mail that came back names its reader, by the path on which it came, and not always the message.
async fn unnamed(
    app: &App,
    options: &ShowDeliveries,
    listed: &[StoredDelivery],
) -> anyhow::Result<Vec<Return>> {
    let sent = listed
        .first()
        .and_then(|row| Some((row.subscriber, row.sent_at?)));
    Ok(match sent.filter(|_| options.reader.is_some()) {
        Some((reader, sent_at)) => returns::list_unnamed(&app.store, reader, sent_at).await?,
        None => Vec::new(),
    })
}

fn in_text(brief: &StoredBrief, edition: &StoredEdition, correction: Option<usize>, shown: &Shown) -> String {
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
        deferred,
        waiting,
        refused,
        came_back,
        doubted,
    } = &shown.counts;
    lines.extend(tally.iter().map(|(state, count)| format!("{count:>10}  {state}")));
    if tally.is_empty() {
        lines.push("No delivery is planned yet.".to_owned());
    }
    let put_off = "of the queued ones were put off (--state deferred lists them)";
    lines.extend(answers::in_text(deferred, put_off));
    let wait = match answers::is_unexplained(waiting) {
        true => {
            "of the queued ones were turned away, and nothing was taken of late that shows why (--state queued lists them)"
        }
        false => {
            "of the queued ones are such as the mail server takes from nobody (--state queued lists them)"
        }
    };
    lines.extend(answers::in_text(waiting, wait));
    if shown.listed_in(DeliveryState::Refused) < refused.readers {
        let what = "of these were refused (--state refused lists them)";
        lines.extend(answers::in_text(refused, what));
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
    if !shown.listed.is_empty() {
        let table: Vec<_> = shown.listed.iter().map(|row| cells(brief, row)).collect();
        let headings = ["READER", "STATE", "SINCE", "CLAIMED", "WHY"];
        lines.push(format!("\n{}", print::table_within(&headings, &table, WIDEST)));
    }
    lines.extend(shown.unnamed.iter().map(since));
    lines.join("\n")
}

/// What happened to the reader's mails since, of this edition or of another.
fn since(what: &Return) -> String {
    let said = match what.said.as_str() {
        "" => String::new(),
        said => format!(": {}", print::harmless(said)),
    };
    format!(
        "At {} a mail to this reader was refused or came back, and does not say of which edition: {}{said}",
        what.at,
        print::harmless(&what.reason)
    )
}

/// Fractions of a second say nothing to a person, and are of one to three digits.
const fn to_the_second(at: UnixMillis) -> UnixMillis {
    UnixMillis(at.0 - at.0.rem_euclid(1_000))
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
    let due_at = to_the_second(row.due_at);
    let next = match row.state {
        DeliveryState::Queued if row.is_deferred() => format!("put off, is tried again at {due_at}; "),
        DeliveryState::Queued => format!("due at {due_at}; "),
        DeliveryState::Unknown if rests && rule == IfUnknown::Reconcile => {
            format!("the mail server's log is asked at {due_at}; ")
        }
        DeliveryState::Unknown if rests => format!("goes out once more at {due_at}; "),
        DeliveryState::Unknown => "waits for your word; ".to_owned(),
        _ => String::new(),
    };
    let why = format!("{next}{why}");
    vec![
        row.email.to_string(),
        row.state.to_string(),
        to_the_second(row.updated_at).to_string(),
        row.attempts.to_string(),
        why.trim_end_matches("; ").to_owned(),
    ]
}

fn in_json(
    edition: &StoredEdition,
    correction: Option<usize>,
    shown: &Shown,
    left_out: u64,
) -> serde_json::Value {
    let row = |row: &StoredDelivery| {
        serde_json::json!({
            "reader": row.email,
            "state": row.state,
            "due_at": row.due_at.to_string(),
            "claimed": row.attempts,
            "put_off": row.tries,
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
        "tally": shown.counts.tally,
        "deferred": answers::in_json(&shown.counts.deferred),
        "waiting": answers::in_json(&shown.counts.waiting),
        "refused": answers::in_json(&shown.counts.refused),
        "came_back": shown.counts.came_back,
        "doubted": shown.counts.doubted,
        "deliveries": shown.listed.iter().map(row).collect::<Vec<_>>(),
        "left_out": left_out,
        "came_back_unnamed": shown.unnamed,
    })
}
