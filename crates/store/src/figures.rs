//! How a brief's readers came and went, month by month: counted when it happens, so that nobody goes through a million
//! records, and so that of readers who were erased the numbers stay.

use std::collections::BTreeMap;

use reveille_model::{BriefId, Consent, ConsentKind, Means, Month, ReturnKind, SubscriberId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    counts::Counts,
    sql::{args, built, places, sql},
};

/// What happened in one month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Readers who confirmed, or were entered by an editor or a list.
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

/// Counts what a line of their records says of these readers, where it is that they came or left.
pub(crate) async fn recorded(
    tx: &mut Tx,
    readers: &[SubscriberId],
    line: &Consent,
) -> Result<(), StoreError> {
    let what = match (line.kind, &line.means) {
        (ConsentKind::Confirmed | ConsentKind::Entered, _) => CAME,
        (ConsentKind::Left, Means::Complaint) => COMPLAINED,
        (ConsentKind::Left, _) => LEFT,
        (ConsentKind::Asked | ConsentKind::Mailed | ConsentKind::Changed, _) => return Ok(()),
    };
    count(tx, readers, what, line.at).await
}

/// Counts a mail that came back.
pub(crate) async fn returned(
    tx: &mut Tx,
    reader: SubscriberId,
    kind: ReturnKind,
    at: UnixMillis,
) -> Result<(), StoreError> {
    match kind {
        ReturnKind::Hard => count(tx, &[reader], HARD, at).await,
        ReturnKind::Soft => count(tx, &[reader], SOFT, at).await,
        // The record has a line of its own for it.
        ReturnKind::Complaint => Ok(()),
    }
}

/// Counts a reader on the list who is about to be erased.
pub(crate) async fn erased(tx: &mut Tx, reader: SubscriberId, at: UnixMillis) -> Result<(), StoreError> {
    count(tx, &[reader], ERASED, at).await
}

async fn count(tx: &mut Tx, readers: &[SubscriberId], what: &str, at: UnixMillis) -> Result<(), StoreError> {
    if readers.is_empty() {
        return Ok(());
    }
    let text = format!(
        "insert into reader_figures (brief_id, month, what, many)
         select brief_id, $1, $2, count(*) from subscribers where id in ({}) group by brief_id",
        places(3, readers.len())
    );
    let month = Month::of(at);
    let mut args = args![month.as_str(), what];
    args.extend(readers.iter().flat_map(|id| args![*id]));
    tx.run(built("count how readers came and went", text).kept(), args)
        .await
        .map(drop)
}
