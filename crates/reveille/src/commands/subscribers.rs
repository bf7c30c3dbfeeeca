//! `reveille subscribers`: readers, and the proof that they asked for it.

use std::path::Path;

use anyhow::{Context, bail};
use reveille_model::{BriefId, Consent, ConsentKind, Country, EmailAddress, Slug, SubscriberState, Zone};
use reveille_store::subscribers::{self as rows, NewSubscriber, SignUp, Subscriber};

use super::find_brief;
use crate::{
    app::App,
    cli::{Entered, SubscribersCommand},
    entropy, print,
    progress::Progress,
};

/// Readers fetched at a time.
const PAGE: u32 = 1000;

pub(super) async fn run(app: &App, command: SubscribersCommand) -> anyhow::Result<()> {
    match command {
        SubscribersCommand::Add {
            email,
            entered,
            country,
            zone,
        } => add(app, email, &entered, country, zone).await,
        SubscribersCommand::List { brief, json } => list(app, brief.as_ref(), json).await,
        SubscribersCommand::Import { file, entered } => import(app, &file, &entered).await,
    }
}

async fn add(
    app: &App,
    email: EmailAddress,
    entered: &Entered,
    country: Option<Country>,
    zone: Option<Zone>,
) -> anyhow::Result<()> {
    let brief = find_brief(app, entered.brief.as_ref()).await?;
    let new = new_subscriber(app, brief.id, email, entered, country, zone)?;
    let mut tx = app.store.begin().await?;
    let outcome = rows::insert(&mut tx, &new).await?;
    tx.commit().await?;
    match outcome {
        SignUp::New(_) => print::line(format!(
            "{} gets {} from the next edition on.",
            new.email, brief.brief.name
        )),
        SignUp::Known(_, SubscriberState::Left) => {
            bail!(
                "{} left; only they can come back, by signing up on the brief's page",
                new.email
            )
        }
        SignUp::Known(_, state) => print::line(format!("{} is a reader already ({state}).", new.email)),
    }
}

fn new_subscriber(
    app: &App,
    brief: BriefId,
    email: EmailAddress,
    entered: &Entered,
    country: Option<Country>,
    zone: Option<Zone>,
) -> anyhow::Result<NewSubscriber> {
    let zone = zone
        .or_else(|| country.map(Country::usual_zone))
        .unwrap_or(Zone::UTC);
    let consent = Consent {
        kind: ConsentKind::Entered,
        at: app.now(),
        sentence: entered.consent.clone(),
        from: None,
    };
    let token = entropy::token()?;
    Ok(NewSubscriber {
        brief,
        email,
        country,
        zone,
        state: SubscriberState::Active,
        token,
        consent,
    })
}

/// A row of the file, read.
struct Row {
    email: EmailAddress,
    country: Option<Country>,
    zone: Option<Zone>,
}

async fn import(app: &App, file: &Path, entered: &Entered) -> anyhow::Result<()> {
    let brief = find_brief(app, entered.brief.as_ref()).await?;
    let rows = read_rows(file)?;
    let step = Progress::to_stderr().step("Importing readers");
    step.set_total(rows.len() as u64);
    let (mut added, mut known, mut left, mut bad) = (0, 0, 0, 0);
    // One transaction a thousand: fast, and an import that is cut off is simply run again.
    for chunk in rows.chunks(1000) {
        let mut tx = app.store.begin().await?;
        for row in chunk {
            step.advance();
            match row {
                Ok(row) => {
                    let new = new_subscriber(
                        app,
                        brief.id,
                        row.email.clone(),
                        entered,
                        row.country,
                        row.zone.clone(),
                    )?;
                    match rows::insert(&mut tx, &new).await? {
                        SignUp::New(_) => added += 1,
                        SignUp::Known(_, SubscriberState::Left) => left += 1,
                        SignUp::Known(..) => known += 1,
                    }
                }
                Err(fault) => {
                    bad += 1;
                    eprintln!("{}:{fault}", file.display());
                }
            }
        }
        tx.commit().await?;
    }
    step.finish("done");
    print::line(format!(
        "{added} readers added, {known} were there already, {left} had left and were not brought back, {bad} bad rows."
    ))?;
    if bad > 0 {
        bail!(
            "{bad} rows of {} were left out; the reasons stand above",
            file.display()
        )
    } else {
        Ok(())
    }
}

/// Every row with its line number where it is faulty: "12: `annexample.org`: …".
fn read_rows(file: &Path) -> anyhow::Result<Vec<Result<Row, String>>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_path(file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    let headings = reader
        .byte_headers()
        .context("the file has no first line")?
        .clone();
    let column = |names: &[&str]| {
        headings.iter().position(|heading| {
            let heading = String::from_utf8_lossy(heading)
                .trim_start_matches('\u{feff}')
                .to_lowercase();
            names.contains(&heading.as_str())
        })
    };
    let email = column(&["email", "e-mail", "address", "email address"])
        .context("the first line must name the columns: email, and if known country and zone")?;
    let (country, zone) = (column(&["country"]), column(&["zone", "time zone", "timezone"]));
    let mut rows = Vec::new();
    let mut record = csv::ByteRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(rows),
            Ok(true) => rows.push(read_row(&record, email, country, zone).map_err(|fault| {
                format!("{}: {fault}", record.position().map_or(line, csv::Position::line))
            })),
            Err(error) if error.is_io_error() => {
                return Err(error).with_context(|| format!("cannot read {}", file.display()));
            }
            Err(error) => rows.push(Err(format!("{line}: {error}"))),
        }
    }
}

fn read_row(
    record: &csv::ByteRecord,
    email: usize,
    country: Option<usize>,
    zone: Option<usize>,
) -> Result<Row, String> {
    let cell = |at: usize| {
        let bytes = record.get(at).unwrap_or_default();
        std::str::from_utf8(bytes)
            .map(str::trim)
            .map_err(|_| "not in UTF-8".to_owned())
    };
    let optional = |at: Option<usize>| at.map_or(Ok(""), cell);
    let text = cell(email)?;
    let email = text.parse().map_err(|error| format!("`{text}`: {error}"))?;
    let country = match optional(country)? {
        "" => None,
        text => Some(text.parse().map_err(|error| format!("{error}"))?),
    };
    let zone = match optional(zone)? {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|error: reveille_model::TimeError| error.to_string())?,
        ),
    };
    Ok(Row { email, country, zone })
}

/// All readers of a brief, fetched page by page.
async fn all(app: &App, brief: BriefId) -> anyhow::Result<Vec<Subscriber>> {
    let mut subscribers: Vec<Subscriber> = Vec::new();
    loop {
        let last = subscribers.last().map(|subscriber| subscriber.id);
        let page = rows::list(&app.store, brief, None, last, PAGE).await?;
        if page.is_empty() {
            return Ok(subscribers);
        }
        subscribers.extend(page);
    }
}

async fn list(app: &App, slug: Option<&Slug>, json: bool) -> anyhow::Result<()> {
    let brief = find_brief(app, slug).await?;
    let subscribers = all(app, brief.id).await?;
    if json {
        let mut all = Vec::new();
        for subscriber in subscribers {
            let consents = rows::consents(&app.store, subscriber.id).await?;
            all.push(serde_json::json!({
                "email": subscriber.email,
                "country": subscriber.country,
                "zone": subscriber.zone,
                "state": subscriber.state,
                "consents": consents,
            }));
        }
        return print::line(serde_json::to_string_pretty(&all)?);
    }
    let mut table = Vec::new();
    for subscriber in subscribers {
        let proof = rows::consents(&app.store, subscriber.id).await?;
        let proof = proof
            .last()
            .map(|line| format!("{} {}: {}", line.kind, line.at, line.sentence));
        table.push(vec![
            subscriber.email.to_string(),
            subscriber
                .country
                .map(|country| country.name().to_owned())
                .unwrap_or_default(),
            subscriber.zone.to_string(),
            subscriber.state.to_string(),
            proof.unwrap_or_default(),
        ]);
    }
    match table.as_slice() {
        [] => print::line(
            "No readers yet: the brief's web page takes sign-ups, `reveille subscribers add` enters one.",
        ),
        rows => print::line(print::table(
            &["READER", "COUNTRY", "ZONE", "STATE", "LAST PROOF"],
            rows,
        )),
    }
}
