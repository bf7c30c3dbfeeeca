//! `reveille subscribers import`: readers from a CSV file.

use std::{fs, path::Path};

use anyhow::{Context, bail};
use reveille_model::{Country, EmailAddress, Means, SubscriberState, Zone};
use reveille_store::subscribers::{self as rows, SignUp};
use ring::digest;

use super::{new_subscriber, vouched};
use crate::{app::App, cli::Entered, commands::find_brief, print, progress::Progress};

/// A row of the file, read.
struct Row {
    email: EmailAddress,
    country: Option<Country>,
    zone: Option<Zone>,
}

pub(super) async fn run(app: &App, file: &Path, entered: &Entered) -> anyhow::Result<()> {
    let brief = find_brief(app, entered.brief.as_ref()).await?;
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let sha256 = sha256(&bytes);
    let rows = read_rows(&bytes)?;
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
                    let sha256 = sha256.clone();
                    let consent = vouched(app, entered, Means::Import { sha256 });
                    let (email, zone) = (row.email.clone(), row.zone.clone());
                    let new = new_subscriber(brief.id, email, row.country, zone, consent)?;
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
fn read_rows(bytes: &[u8]) -> anyhow::Result<Vec<Result<Row, String>>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
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

/// In hexadecimal digits.
fn sha256(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
