//! `reveille subscribers proof` and `verify`: that readers asked for what they get, and that nobody changed the record.

use std::fmt::Write;

use anyhow::{Context, bail};
use reveille_model::{EmailAddress, Means, Slug, SubscriberId, Visit};
use reveille_store::{
    briefs::StoredBrief,
    consents::{self, ConsentRecord, Sealed},
    subscribers::{self as rows, Subscriber},
    suppressions,
};
use serde_json::{Value, json};

use super::{super::find_brief, place};
use crate::{app::App, print};

/// Readers whose records are fetched at a time.
const PAGE: u32 = 1000;

const HOW_TO_CHECK: &str = "\
Lines are only ever added. Each seal is the SHA-256 digest of the seal before it (nothing for the first), a line break, and
the line as JSON; `reveille subscribers proof --json` prints those texts, `reveille subscribers verify` checks all readers.";

pub(super) async fn run(
    app: &App,
    email: &EmailAddress,
    slug: Option<&Slug>,
    as_json: bool,
) -> anyhow::Result<()> {
    let brief = find_brief(app, slug).await?;
    let Some(reader) = rows::find_by_email(&app.store, brief.id, email).await? else {
        let name = &brief.brief.name;
        match suppressions::find(&mut app.store.begin().await?, email).await? {
            Some(at) => bail!("everything about {email} was erased at {at}, the proof with it"),
            None => bail!("{email} is no reader of {name}, and never asked to be"),
        }
    };
    let record = consents::find(&app.store, reader.id)
        .await?
        .context("the reader is gone")?;
    if as_json {
        return print::line(serde_json::to_string_pretty(&object(&brief, &reader, &record))?);
    }
    print::line(document(&brief, &reader, &record))
}

fn object(brief: &StoredBrief, reader: &Subscriber, record: &ConsentRecord) -> Value {
    let lines = record
        .lines
        .iter()
        .map(|line| json!({ "line": line.line, "seal": line.seal }));
    json!({
        "email": reader.email,
        "brief": brief.brief.slug,
        "state": reader.state,
        "country": reader.home.country,
        "country_given": reader.home.country_given,
        "zone": reader.home.zone,
        "zone_origin": reader.home.zone_origin,
        "record": lines.collect::<Vec<_>>(),
        "seal": record.seal,
        "fault": record.verify().err().map(|fault| fault.to_string()),
    })
}

fn document(brief: &StoredBrief, reader: &Subscriber, record: &ConsentRecord) -> String {
    let mut text = format!(
        "PROOF OF CONSENT\n\nReader   {}\nBrief    {} ({})\nState    {}\nCountry  {}\nZone     {} (from: {})\n",
        reader.email,
        brief.brief.name,
        brief.brief.slug,
        reader.state,
        match place(&reader.home) {
            "" => "not known",
            place => place,
        },
        reader.home.zone,
        reader.home.zone_origin,
    );
    for (index, line) in record.lines.iter().enumerate() {
        let _ = write!(text, "\n{}. {}", index + 1, told(line));
    }
    let verdict = match record.verify() {
        Ok(()) => format!("The record is whole. Its last seal is {}.", shown(&record.seal)),
        Err(fault) => format!("THE RECORD IS BROKEN: {fault}."),
    };
    let _ = write!(text, "\n{verdict}\n\n{HOW_TO_CHECK}");
    text
}

fn told(line: &Sealed) -> String {
    let consent = &line.consent;
    let (by, visit) = means(&consent.means);
    let mut text = format!("{}  {}\n   {by}\n", consent.at, consent.kind);
    if let Some(visit) = visit {
        let _ = writeln!(text, "   from {}, {}", visit.address, agent(visit));
    }
    let _ = write!(
        text,
        "   \u{201c}{}\u{201d}\n   seal {}\n",
        consent.sentence,
        shown(&line.seal)
    );
    text
}

fn means(means: &Means) -> (String, Option<&Visit>) {
    let at = |what: &str, visit: &Visit| match &visit.page {
        Some(page) => format!("by {what} {page}"),
        None => format!("by {what} of the brief's pages"),
    };
    match means {
        Means::Form(visit) => (at("the form at", visit), Some(visit)),
        Means::Link(visit) => (at("a mailed link to", visit), Some(visit)),
        Means::Mail { message_id } => (format!("by our mail <{message_id}>"), None),
        Means::Editor => ("by an editor's command".to_owned(), None),
        Means::Complaint => ("by a complaint that their mail host passed on".to_owned(), None),
        Means::Letter { message_id } => (format!("by a mail of theirs <{message_id}>"), None),
        Means::Program { name } => (
            format!("by the program \u{201c}{name}\u{201d}, over the API"),
            None,
        ),
        Means::Import { sha256 } => (format!("by a file of readers, SHA-256 {sha256}"), None),
    }
}

fn agent(visit: &Visit) -> String {
    visit.agent.as_ref().map_or_else(
        || "with a program that did not say its name".to_owned(),
        |agent| format!("with {agent}"),
    )
}

fn shown(seal: &str) -> &str {
    if seal.is_empty() {
        "none: older than seals are"
    } else {
        seal
    }
}

pub(super) async fn verify(app: &App) -> anyhow::Result<()> {
    let (mut checked, mut unsealed, mut broken) = (0_u64, 0, 0_u64);
    let mut last = SubscriberId(0);
    loop {
        let page = consents::list(&app.store, last, PAGE).await?;
        let Some(end) = page.last() else { break };
        last = end.subscriber;
        for record in &page {
            checked += 1;
            unsealed += record.unsealed();
            if let Err(fault) = record.verify() {
                broken += 1;
                // The number, not the address: this may end in a log.
                print::line(format!("reader {}: {fault}", record.subscriber))?;
            }
        }
    }
    if broken > 0 {
        bail!(
            "{broken} of {checked} consent records are broken; compare with a backup (`reveille backup` made one?)"
        );
    }
    let old = match unsealed {
        0 => String::new(),
        lines => format!(" Older than seals: {}.", print::count(lines, "line")),
    };
    print::line(format!("{checked} consent records are whole.{old}"))
}
