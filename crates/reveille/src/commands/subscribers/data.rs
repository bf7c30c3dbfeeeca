//! `reveille subscribers data`, `erase` and `export`: what is kept about readers, out of the house or out of the world.

use std::{io, path::Path};

use anyhow::bail;
use reveille_model::{EmailAddress, SubscriberState};
use reveille_store::subscribers::{self as rows, Erasure, Subscriber};

use super::{Of, place};
use crate::{
    app::App,
    commands::output,
    config::{Mail, TransportKind},
    entropy, print,
};

pub(super) async fn show(app: &App, email: &EmailAddress) -> anyhow::Result<()> {
    match rows::dossier(&app.store, email).await? {
        Some(dossier) => print::line(serde_json::to_string_pretty(&dossier)?),
        None => bail!("nothing is kept about {email}"),
    }
}

pub(super) async fn erase(app: &App, email: &EmailAddress) -> anyhow::Result<()> {
    let erasure = Erasure {
        email,
        secret: &entropy::token()?,
        now: app.now(),
    };
    let mut tx = app.store.begin().await?;
    let briefs = rows::erase(&mut tx, &erasure).await?;
    tx.commit().await?;
    match briefs {
        0 => bail!("nothing is kept about {email}, so nothing was erased"),
        1 => print::line(format!(
            "Erased a reader of one brief. {} still hold them.",
            elsewhere(&app.config.mail)
        )),
        more => print::line(format!(
            "Erased a reader of {more} briefs. {} still hold them.",
            elsewhere(&app.config.mail)
        )),
    }
}

/// Where a reader is still to be found who was erased from the store.
fn elsewhere(mail: &Mail) -> String {
    let mut places = vec!["Backups from before".to_owned()];
    if mail.transport == TransportKind::Folder || mail.folder.is_dir() {
        places.push(format!("their mails in {}", mail.folder.display()));
    }
    if mail.returns.is_some() {
        places.push("what came back to `mail.returns`".to_owned());
    }
    match places.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => places.concat(),
    }
}

/// Those who left or bounced stay out: whoever takes the file elsewhere must not write to them.
pub(super) async fn export(app: &App, file: &Path, of: &Of) -> anyhow::Result<()> {
    let to_stdout = file == Path::new("-");
    let out: Box<dyn io::Write> = if to_stdout {
        Box::new(io::stdout().lock())
    } else {
        Box::new(output::create(file)?)
    };
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["email", "country", "zone", "format"])?;
    let (mut last, mut written) = (None, 0_u64);
    loop {
        let page = of.page(app, last).await?;
        let Some(end) = page.last() else { break };
        last = Some(end.id);
        for reader in page.iter().filter(|reader| gets_mail(reader)) {
            csv.write_record([
                reader.email.as_str(),
                place(&reader.home),
                reader.home.zone.name(),
                reader.format.as_str(),
            ])?;
            written += 1;
        }
    }
    csv.flush()?;
    if to_stdout {
        return Ok(());
    }
    print::line(format!(
        "{} written to {}.",
        print::count(written, "reader"),
        file.display()
    ))
}

const fn gets_mail(reader: &Subscriber) -> bool {
    matches!(reader.state, SubscriberState::Active | SubscriberState::Paused)
}
