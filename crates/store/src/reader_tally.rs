//! How many readers each brief has, by state and home and month: a tally that is kept as they come and go, since a million
//! is not counted.

use std::collections::BTreeMap;

use reveille_model::{BriefId, Month, SubscriberState, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    counts::Counts,
    sql::{args, sql},
};

/// Counts a brief's new readers in this state, who came at that time: each by their country's code, empty where none is known, and their zone.
pub(crate) async fn came(
    tx: &mut Tx,
    brief: BriefId,
    state: SubscriberState,
    homes: impl IntoIterator<Item = (String, String)>,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let mut counted = BTreeMap::<_, i64>::new();
    for home in homes {
        *counted.entry(home).or_default() += 1;
    }
    let (state, month) = (state.as_str(), Month::of(at));
    let counted = counted.into_iter().map(|((country, zone), many)| {
        let kind = vec![state.to_owned(), country, zone, month.as_str().to_owned()];
        ((brief, kind), many)
    });
    TALLY.add(tx, counted).await
}

const TALLY: Counts = Counts {
    table: "reader_tally",
    kind: &["state", "country", "zone", "month"],
    number: "readers",
};

/// Adds the rows of one kind in the tally up, where there are more than two of them on average.
pub async fn fold(tx: &mut Tx) -> Result<(), StoreError> {
    TALLY.fold(tx).await
}

/// How many readers a brief has in each state; states without any are left out.
pub async fn count_states(
    store: &Store,
    brief: BriefId,
) -> Result<BTreeMap<SubscriberState, u64>, StoreError> {
    let text = "select state, cast(sum(readers) as bigint) as readers from reader_tally where brief_id = $1
                group by state having sum(readers) > 0";
    let rows = store
        .rows(sql("count a brief's readers", text), args![brief])
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("state")?, row.get("readers")?)))
        .collect()
}
