//! `reveille subscribers import`: readers from a CSV file. Every row is answered for: entered, there already, or told
//! why not.

mod foreign;
mod list;
mod report;
mod rows;

use std::{collections::HashMap, fs};

use anyhow::{Context, bail};
use aws_lc_rs::digest;
use reveille_desk::outlook;
use reveille_model::{Consent, ConsentKind, Home, MailFormat, Means, SubscriberId, SubscriberState, hex};
use reveille_store::{
    Tx, audience,
    briefs::StoredBrief,
    consents, figures, reader_tally,
    subscribers::{self, Listed, Subscriber},
    suppressions,
};
use tokio::{sync::mpsc, task::JoinHandle};

use self::{
    list::List,
    report::{Outcome, Report},
    rows::{Row, Rows},
};
use super::vouched;
use crate::{
    app::App,
    cli::{IfKnown, Import},
    commands::find_brief,
    entropy, print,
    progress::Progress,
};

/// Rows in one transaction, about a second's, or two where an edition is planned for their readers: an import that is cut off has
/// entered whole chunks and is simply run again, and others wait no longer than that to write.
const CHUNK: usize = 20_000;

pub(super) async fn run(app: &App, options: &Import) -> anyhow::Result<()> {
    let file = &options.file;
    let brief = find_brief(app, options.entered.brief.as_ref()).await?;
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    if let Some(what) = foreign::told(&bytes) {
        bail!("{} is {what}", file.display());
    }
    let sha256 = hex(digest::digest(&digest::SHA256, &bytes).as_ref());
    let consent = vouched(app, &options.entered, Means::Import { sha256 });
    let list = List::of(bytes);
    // A wrong heading is told before anything else is done.
    let rows = Rows::of(&list, &options.columns, &brief.brief.zone)?;
    for remark in list.remark.clone().into_iter().chain(rows.unused()) {
        eprintln!("{}: {remark}", file.display());
    }
    let mut report = Report::new(file, options.report.as_deref())?;
    let step = Progress::to_stderr().step("Importing readers");
    step.set_total(memchr::memchr_iter(b'\n', &list.text).count() as u64);
    let (mut chunks, reading) = read_ahead(list, options, &brief);
    while let Some(chunk) = chunks.recv().await {
        chunk.iter().for_each(|_| step.advance());
        enter(app, &brief, chunk, options, &consent, &mut report).await?;
    }
    reading.await??;
    if !options.dry_run {
        // Each statement left rows of its own in the counts.
        let mut tx = app.store.begin().await?;
        reader_tally::fold(&mut tx).await?;
        figures::fold(&mut tx).await?;
        tx.commit().await?;
    }
    step.finish("done");
    let bad = report.count(Outcome::Bad);
    print::line(report.finish(options)?)?;
    if !options.dry_run {
        let zones = audience::by_zone(&app.store, &brief, None).await?;
        let late = outlook::of_brief(&brief.brief, zones, app.now().day(&brief.brief.zone));
        late.into_iter().try_for_each(print::line)?;
    }
    if bad > 0 {
        bail!(
            "{} of {} could not be read and left out; what is wrong with each stands above, or in the `--report`",
            print::count(bad, "row"),
            file.display()
        )
    }
    Ok(())
}

/// Reads and checks the next chunk while the one before it is being written.
fn read_ahead(
    list: List,
    options: &Import,
    brief: &StoredBrief,
) -> (mpsc::Receiver<Vec<rows::Read>>, JoinHandle<anyhow::Result<()>>) {
    let (sender, chunks) = mpsc::channel(1);
    let (columns, zone) = (options.columns.clone(), brief.brief.zone.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let mut rows = Rows::of(&list, &columns, &zone)?;
        loop {
            let chunk: Vec<_> = rows.by_ref().take(CHUNK).collect();
            // Nobody takes more where the writing failed.
            if chunk.is_empty() || sender.blocking_send(chunk).is_err() {
                return Ok(());
            }
        }
    });
    (chunks, reading)
}

/// Enters a chunk. Who is new and who is there already have a transaction each, so that a mailing waits for no more than the
/// second, and not for both.
async fn enter(
    app: &App,
    brief: &StoredBrief,
    chunk: Vec<rows::Read>,
    options: &Import,
    consent: &Consent,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut keys: Vec<String> = chunk.iter().flatten().map(|row| row.email.key()).collect();
    let mut tx = app.store.begin().await?;
    let erased = suppressions::find_batch(&mut tx, &keys).await?;
    if !options.dry_run {
        // Most readers of a list are new. To add them shows who is, so that only the others are looked up.
        let rows = chunk
            .iter()
            .flatten()
            .filter(|row| !erased.contains(&row.email.key()));
        let listed = listed(rows)?;
        let new = subscribers::insert_batch(&mut tx, brief.id, &listed, consent).await?;
        keys.retain(|key| !new.contains(key));
    }
    tx.commit().await?;
    let mut tx = app.store.begin().await?;
    let known = subscribers::hold_batch(&mut tx, brief.id, &keys, consent.at).await?;
    let asked = known
        .iter()
        .filter(|reader| reader.state == SubscriberState::Pending);
    let asked: Vec<_> = asked.map(|reader| reader.id).collect();
    let stays = consents::last_stays(&mut tx, &asked).await?;
    let mut known: HashMap<String, Subscriber> = known
        .into_iter()
        .map(|reader| (reader.email.key(), reader))
        .collect();
    let mut changes = Changes::default();
    for row in chunk {
        let row = match row {
            Ok(row) => row,
            Err(fault) => {
                report.bad(fault.line, &fault.text)?;
                continue;
            }
        };
        let key = row.email.key();
        let outcome = if report.is_repeated(&key) {
            Outcome::Repeated
        } else if let Some(reader) = known.remove(&key) {
            match stays.get(&reader.id).copied() {
                None if reader.state == SubscriberState::Pending && erased.contains(&key) => Outcome::Erased,
                stay => changes.meet((&reader, stay), &row, options.if_known, consent),
            }
        } else if erased.contains(&key) {
            Outcome::Erased
        } else {
            Outcome::Added
        };
        report.row(&row, outcome)?;
    }
    if !options.dry_run {
        changes.make(&mut tx, brief, consent).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The readers whom these rows name.
fn listed<'a>(rows: impl Iterator<Item = &'a Row>) -> anyhow::Result<Vec<Listed>> {
    let rows: Vec<&Row> = rows.collect();
    let tokens = entropy::tokens(rows.len())?;
    let reader = |(row, token): (&Row, String)| Listed {
        email: row.email.clone(),
        home: row.home.clone(),
        format: row.format.unwrap_or(MailFormat::Html),
        token,
    };
    Ok(rows.into_iter().zip(tokens).map(reader).collect())
}

/// What a list says anew of readers who are there already.
#[derive(Default)]
struct Changes {
    /// Who asked to be on the list, and is on it by the list's word.
    entered: Vec<SubscriberId>,
    homes: Vec<(SubscriberId, Home)>,
    formats: Vec<(SubscriberId, MailFormat)>,
    /// For their records.
    lines: Vec<(SubscriberId, Consent)>,
}

impl Changes {
    /// What a row means for a reader who is there already, of whom that line says last whether they are on the list. Nobody who left
    /// comes back by a list.
    fn meet(
        &mut self,
        (reader, stay): (&Subscriber, Option<ConsentKind>),
        row: &Row,
        if_known: IfKnown,
        consent: &Consent,
    ) -> Outcome {
        match (reader.state, stay) {
            (SubscriberState::Left, _) | (SubscriberState::Pending, Some(ConsentKind::Left)) => Outcome::Left,
            (SubscriberState::Bounced, _) | (SubscriberState::Pending, Some(_)) => Outcome::Bounced,
            (SubscriberState::Pending, None) => {
                self.entered.push(reader.id);
                self.change(reader, row, if_known, consent);
                Outcome::Added
            }
            (SubscriberState::Active | SubscriberState::Paused, _) => {
                self.change(reader, row, if_known, consent)
            }
        }
    }

    /// What a row changes of a reader.
    fn change(&mut self, reader: &Subscriber, row: &Row, if_known: IfKnown, consent: &Consent) -> Outcome {
        let (own, listed) = (reader.home.clone(), row.home.clone());
        let (home, format) = match if_known {
            IfKnown::Keep => return Outcome::Known,
            IfKnown::Fill => (own.filled_by(listed), None),
            IfKnown::Overwrite => (own.replaced_by(listed), row.format),
        };
        let before = self.lines.len();
        if home != reader.home {
            self.note(reader.id, consent, format!("{} became {home}", reader.home));
            self.homes.push((reader.id, home));
        }
        if let Some(format) = format.filter(|format| *format != reader.format) {
            self.note(reader.id, consent, format!("mails as {format}"));
            self.formats.push((reader.id, format));
        }
        match self.lines.len() == before {
            true => Outcome::Known,
            false => Outcome::Changed,
        }
    }

    fn note(&mut self, reader: SubscriberId, consent: &Consent, sentence: String) {
        let line = Consent {
            kind: ConsentKind::Changed,
            sentence,
            ..consent.clone()
        };
        self.lines.push((reader, line));
    }

    async fn make(&self, tx: &mut Tx, brief: &StoredBrief, consent: &Consent) -> anyhow::Result<()> {
        // All readers are held before what goes out to them.
        subscribers::set_formats(tx, brief.id, &self.formats, consent.at).await?;
        subscribers::set_homes(tx, brief.id, &self.homes, consent.at).await?;
        for reader in &self.entered {
            subscribers::confirm_asked(tx, *reader, consent).await?;
        }
        Ok(consents::insert_batch(tx, &self.lines).await?)
    }
}
