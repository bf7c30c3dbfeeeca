//! The consent record: lines that are only ever added, each sealed over the one before.
//!
//! A line is kept as the JSON text that its seal was taken of. The seal is SHA-256 of the seal before it, a line
//! break, and that text; the first follows an empty one. The last seal of a reader stands on the reader's own row,
//! so that neither a changed line nor one that is gone from the middle or the end goes unseen.

use std::collections::{BTreeSet, HashMap};

use aws_lc_rs::digest;
use reveille_model::{BriefId, Consent, ConsentKind, SubscriberId, hex};

use crate::{
    Store, StoreError, Tx, figures,
    sql::{BATCH, Row, args, built, json, places, sql},
};

/// A line with its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// What it says.
    pub consent: Consent,
    /// The very text that was sealed: the line as JSON.
    pub line: String,
    /// 64 hexadecimal digits; empty for a line from before lines were sealed.
    pub seal: String,
}

/// A reader's whole record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Whose.
    pub subscriber: SubscriberId,
    /// Oldest first.
    pub lines: Vec<Sealed>,
    /// The last seal, as the reader's row has it.
    pub seal: String,
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Counted from 1.
    #[error("line {0} is not what was sealed, or a line before it is missing")]
    Line(usize),
    /// The reader's row has another last seal.
    #[error("lines are missing at the end")]
    End,
    /// A reader whom nothing vouches for.
    #[error("there is no line at all")]
    Empty,
}

impl ConsentRecord {
    /// Takes every seal anew and compares.
    ///
    /// # Errors
    /// The first fault.
    pub fn verify(&self) -> Result<(), Broken> {
        let mut before = "";
        for (index, line) in self.lines.iter().enumerate() {
            let unsealed = line.seal.is_empty() && before.is_empty();
            if !unsealed && line.seal != seal(before, &line.line) {
                return Err(Broken::Line(index + 1));
            }
            before = &line.seal;
        }
        if self.lines.is_empty() {
            return Err(Broken::Empty);
        }
        if self.seal == before {
            Ok(())
        } else {
            Err(Broken::End)
        }
    }

    /// How many lines are from before lines were sealed.
    #[must_use]
    pub fn unsealed(&self) -> usize {
        self.lines.iter().take_while(|line| line.seal.is_empty()).count()
    }
}

fn seal(before: &str, line: &str) -> String {
    let digest = digest::digest(&digest::SHA256, format!("{before}\n{line}").as_bytes());
    hex(digest.as_ref())
}

/// Adds a line to a reader's record.
///
/// # Errors
/// Where the database fails, or there is no such reader; so for every function here.
pub async fn insert(tx: &mut Tx, id: SubscriberId, consent: &Consent) -> Result<(), StoreError> {
    insert_batch(tx, &[(id, consent.clone())]).await
}

/// The last line of each of these readers that says whether they are on the list: confirmed, entered or left. Who only ever asked is
/// missing.
pub async fn last_stays(
    tx: &mut Tx,
    readers: &[SubscriberId],
) -> Result<HashMap<SubscriberId, ConsentKind>, StoreError> {
    let text = "select subscriber_id, kind from consents
                where subscriber_id in ({rows}) and kind in ('confirmed', 'entered', 'left') order by id";
    let ids = readers.iter().map(|id| args![*id]).collect();
    let rows = tx
        .rows_many(sql("find who was on the list", text).unkept(), args![], ids)
        .await?;
    // The later ones take the place of the earlier.
    rows.iter()
        .map(|row| Ok((row.get("subscriber_id")?, row.get("kind")?)))
        .collect()
}

/// Adds lines to readers' records, those of one reader in this order.
pub async fn insert_batch(tx: &mut Tx, lines: &[(SubscriberId, Consent)]) -> Result<(), StoreError> {
    let doing = "record consent";
    let readers: BTreeSet<_> = lines.iter().map(|(id, _)| *id).collect();
    // The update changes nothing: it holds the rows, so that of two nodes the second seals over the first one's line.
    let held =
        "update subscribers set consent_seal = consent_seal where id in ({rows}) returning id, consent_seal";
    let ids = readers.iter().map(|id| args![*id]).collect();
    let mut seals = HashMap::<SubscriberId, String>::new();
    for row in tx.rows_many(sql(doing, held).unkept(), args![], ids).await? {
        seals.insert(row.get("id")?, row.get("consent_seal")?);
    }
    let mut rows = Vec::with_capacity(lines.len());
    for (id, consent) in lines {
        let last = seals.get_mut(id).ok_or(StoreError::Vanished { doing })?;
        let line = json(consent)?;
        *last = seal(last, &line);
        rows.push(args![*id, consent.kind, consent.at, line, last.clone()]);
        figures::recorded(tx, *id, consent).await?;
    }
    let text = "insert into consents (subscriber_id, kind, at, line, seal) {rows}";
    tx.run_many(sql(doing, text), args![], rows).await?;
    let text =
        "update subscribers set consent_seal = v.column2 from ({rows}) as v where subscribers.id = v.column1";
    let rows = readers
        .iter()
        .map(|id| args![*id, seals.remove(id).unwrap_or_default()]);
    tx.run_many(sql(doing, text).unkept(), args![], rows.collect())
        .await
        .map(drop)
}

/// A line that stands first in the records of many readers, and so has one seal in all of them.
pub(crate) struct First {
    consent: Consent,
    line: String,
    pub(crate) seal: String,
}

impl First {
    pub(crate) fn of(consent: &Consent) -> Result<Self, StoreError> {
        let line = json(consent)?;
        Ok(Self {
            consent: consent.clone(),
            seal: seal("", &line),
            line,
        })
    }

    /// Adds it to the records of a brief's readers, whose rows have its seal already.
    pub(crate) async fn insert(
        &self,
        tx: &mut Tx,
        brief: BriefId,
        readers: &[SubscriberId],
    ) -> Result<(), StoreError> {
        let Self { consent, line, seal } = self;
        let text = "insert into consents (subscriber_id, kind, at, line, seal)
                    select v.column1, $1, $2, $3, $4 from ({rows}) as v order by v.column1";
        let args = args![consent.kind, consent.at, line, seal];
        let rows = readers.iter().map(|id| args![*id]);
        tx.run_many(sql("record consent", text), args, rows.collect())
            .await?;
        figures::recorded_of_many(tx, brief, readers.len(), consent).await
    }
}

/// The records of the `limit` readers after `after`, in the order of their ids.
pub async fn list(store: &Store, after: SubscriberId, limit: u32) -> Result<Vec<ConsentRecord>, StoreError> {
    let text = "select s.id, s.consent_seal, c.line, c.seal
                from (select id, consent_seal from subscribers where id > $1 order by id limit $2) s
                left join consents c on c.subscriber_id = s.id
                order by s.id, c.id";
    let rows = store
        .rows(sql("list consents", text), args![after, limit])
        .await?;
    let mut records: Vec<ConsentRecord> = Vec::new();
    for row in &rows {
        let subscriber: SubscriberId = row.get("id")?;
        if records
            .last()
            .is_none_or(|record| record.subscriber != subscriber)
        {
            records.push(ConsentRecord {
                subscriber,
                lines: Vec::new(),
                seal: row.get("consent_seal")?,
            });
        }
        if let (Some(line), Some(record)) = (read(row)?, records.last_mut()) {
            record.lines.push(line);
        }
    }
    Ok(records)
}

/// One reader's record; `None` where there is no such reader.
pub async fn find(store: &Store, id: SubscriberId) -> Result<Option<ConsentRecord>, StoreError> {
    let mut records = list(store, SubscriberId(id.0 - 1), 1).await?;
    records.retain(|record| record.subscriber == id);
    Ok(records.pop())
}

/// What stands in the records of these readers, oldest first; nothing where there is no such reader, or no line.
pub async fn of_each(
    store: &Store,
    readers: &[SubscriberId],
) -> Result<HashMap<SubscriberId, Vec<Consent>>, StoreError> {
    let mut records = HashMap::<_, Vec<_>>::new();
    for batch in readers.chunks(BATCH) {
        let text = format!(
            "select subscriber_id, line from consents where subscriber_id in ({}) order by subscriber_id, id",
            places(1, batch.len())
        );
        let ids = batch.iter().flat_map(|id| args![*id]).collect();
        for row in store.rows(built("list consents", text), ids).await? {
            let record = records.entry(row.get("subscriber_id")?).or_default();
            record.push(row.json("line")?);
        }
    }
    Ok(records)
}

fn read(row: &Row) -> Result<Option<Sealed>, StoreError> {
    let Some(line) = row.maybe::<String>("line")? else {
        return Ok(None);
    };
    Ok(Some(Sealed {
        consent: row.json("line")?,
        line,
        seal: row.get("seal")?,
    }))
}
