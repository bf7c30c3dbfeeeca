//! How a brief's readers came and went, month by month: counted when it happens, so that nobody goes through a million
//! records, and so that of readers who were erased the numbers stay.

use std::collections::BTreeMap;

use reveille_model::{BriefId, Consent, ConsentKind, Means, Month, ReturnKind, SubscriberId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    counts::Counts,
    sql::{args, sql},
};

/// What happened in one month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Readers who confirmed, or were entered by an editor or a list. Whoever goes to another address neither comes nor leaves.
    pub came: u64,
    /// Readers who left by their own act.
    pub left: u64,
    /// Readers who complained, and left by that.
    pub complained: u64,
    /// Readers who were on the list until everything about them was erased.
    pub erased: u64,
    /// Mails that came back since their address is none.
    pub hard: u64,
    /// Mails that came back for now.
    pub soft: u64,
}

const CAME: &str = "came";
const LEFT: &str = "left";
const COMPLAINED: &str = "complained";
const ERASED: &str = "erased";
const HARD: &str = "hard";
const SOFT: &str = "soft";

const COUNTS: Counts = Counts {
    table: "reader_figures",
    kind: &["month", "what"],
    number: "many",
};

/// What happened to a brief's readers by month in UTC.
///
/// # Errors
/// Where the database fails.
pub async fn by_month(store: &Store, brief: BriefId) -> Result<BTreeMap<Month, Figures>, StoreError> {
    let text = "select month, what, cast(sum(many) as bigint) as many from reader_figures where brief_id = $1
                group by month, what";
    let mut months = BTreeMap::<Month, Figures>::new();
    let doing = "read how readers came and went";
    for row in store.rows(sql(doing, text), args![brief]).await? {
        let month = months.entry(row.get("month")?).or_default();
        let number = match row.get::<String>("what")?.as_str() {
            CAME => &mut month.came,
            LEFT => &mut month.left,
            COMPLAINED => &mut month.complained,
            ERASED => &mut month.erased,
            HARD => &mut month.hard,
            _ => &mut month.soft,
        };
        *number += row.get::<u64>("many")?;
    }
    Ok(months)
}

/// Adds the rows of one kind up.
///
/// # Errors
/// Where the database fails.
pub async fn fold(tx: &mut Tx) -> Result<(), StoreError> {
    COUNTS.fold(tx).await
}

/// Counts what a line of their record says of a reader, where it is that they came or left.
pub(crate) async fn recorded(tx: &mut Tx, reader: SubscriberId, line: &Consent) -> Result<(), StoreError> {
    match said(line) {
        Some(what) => count(tx, reader, what, 1, line.at).await,
        None => Ok(()),
    }
}

/// The same for a line in the records of so many of a brief's readers.
pub(crate) async fn recorded_of_many(
    tx: &mut Tx,
    brief: BriefId,
    readers: usize,
    line: &Consent,
) -> Result<(), StoreError> {
    let Some(what) = said(line).filter(|_| readers > 0) else {
        return Ok(());
    };
    let kind = vec![Month::of(line.at).as_str().to_owned(), what.to_owned()];
    COUNTS.add(tx, [((brief, kind), readers as i64)]).await
}

fn said(line: &Consent) -> Option<&'static str> {
    match (line.kind, &line.means) {
        (ConsentKind::Confirmed | ConsentKind::Entered, _) => Some(CAME),
        (ConsentKind::Left, Means::Complaint) => Some(COMPLAINED),
        (ConsentKind::Left, _) => Some(LEFT),
        (ConsentKind::Asked | ConsentKind::Mailed | ConsentKind::Changed, _) => None,
    }
}

/// Counts a mail that came back.
pub(crate) async fn returned(
    tx: &mut Tx,
    reader: SubscriberId,
    kind: ReturnKind,
    at: UnixMillis,
) -> Result<(), StoreError> {
    match kind {
        ReturnKind::Hard => count(tx, reader, HARD, 1, at).await,
        ReturnKind::Soft => count(tx, reader, SOFT, 1, at).await,
        // The record has a line of its own for who left by it.
        ReturnKind::Complaint | ReturnKind::Exit | ReturnKind::Answer => Ok(()),
    }
}

/// Counts a reader on the list who is about to be erased.
pub(crate) async fn erased(tx: &mut Tx, reader: SubscriberId, at: UnixMillis) -> Result<(), StoreError> {
    count(tx, reader, ERASED, 1, at).await
}

/// Takes back that a new reader came and another one left, as the lines of their records say: they are the same person, at
/// another address.
pub(crate) async fn moved(tx: &mut Tx, reader: SubscriberId, at: UnixMillis) -> Result<(), StoreError> {
    for what in [CAME, LEFT] {
        count(tx, reader, what, -1, at).await?;
    }
    Ok(())
}

async fn count(
    tx: &mut Tx,
    reader: SubscriberId,
    what: &str,
    many: i64,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let text = "insert into reader_figures (brief_id, month, what, many)
                select brief_id, $1, $2, $4 from subscribers where id = $3";
    let month = Month::of(at);
    tx.run(
        sql("count how readers came and went", text),
        args![month.as_str(), what, reader, many],
    )
    .await
    .map(drop)
}
