//! Counts by brief and kind, to whose tables rows are only ever added, so that nobody who counts waits for another. Rows of
//! one kind are added up when they are read, and now and then for good.

use std::collections::BTreeMap;

use reveille_model::BriefId;

use crate::{
    StoreError, Tx,
    sql::{args, built},
};

/// Such a table. Its columns are `brief_id`, the texts of the kind, and the number, in this order.
pub(crate) struct Counts {
    pub(crate) table: &'static str,
    pub(crate) kind: &'static [&'static str],
    pub(crate) number: &'static str,
}

impl Counts {
    /// Adds rows: each a brief, the texts of the kind, and how many more there are of it.
    ///
    /// # Errors
    /// Where the database fails; so for every function here.
    pub(crate) async fn add(
        &self,
        tx: &mut Tx,
        counted: impl IntoIterator<Item = ((BriefId, Vec<String>), i64)>,
    ) -> Result<(), StoreError> {
        let Self { table, kind, number } = self;
        let text = format!(
            "insert into {table} (brief_id, {}, {number}) {{rows}}",
            kind.join(", ")
        );
        let rows = counted.into_iter().map(|((brief, texts), number)| {
            let mut row = args![brief];
            row.extend(texts.into_iter().flat_map(|text| args![text]));
            row.extend(args![number]);
            row
        });
        tx.run_many(built("count readers", text), args![], rows.collect())
            .await
            .map(drop)
    }

    /// Adds the rows of one kind up, where there are more than two of them on average.
    pub(crate) async fn fold(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let doing = "add counts up";
        let Self { table, kind, number } = self;
        let texts = kind.join(", ");
        let text = format!(
            "select count(*) as all_rows,
               (select count(*) from (select 1 as one from {table} group by brief_id, {texts}) kinds) as kinds
             from {table}"
        );
        let row = tx.row(built(doing, text), args![]).await?;
        let row = row.ok_or(StoreError::Vanished { doing })?;
        let (rows, kinds): (u64, u64) = (row.get("all_rows")?, row.get("kinds")?);
        if rows <= 2 * kinds {
            return Ok(());
        }
        // Taken out before they are added up: of two nodes, the second finds none.
        let text = format!("delete from {table} returning brief_id, {texts}, {number}");
        let mut sums = BTreeMap::<(BriefId, Vec<String>), i64>::new();
        for row in tx.rows(built(doing, text), args![]).await? {
            let texts: Result<_, _> = kind.iter().map(|column| row.get(column)).collect();
            *sums.entry((row.get("brief_id")?, texts?)).or_default() += row.get::<i64>(number)?;
        }
        sums.retain(|_, number| *number != 0);
        self.add(tx, sums).await
    }
}
