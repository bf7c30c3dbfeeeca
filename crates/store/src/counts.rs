//! Counts by brief and kind, to whose tables rows are only ever added, so that nobody who counts waits for another. Rows of
//! one kind are added up when they are read, and now and then for good.

use std::collections::BTreeMap;

use reveille_model::BriefId;

use crate::{
    StoreError, Tx,
    sql::{BATCH, args, built, rows_of},
};

/// Such a table. Its columns are `brief_id`, the texts of the kind, and the number, in this order.
pub(crate) struct Counts {
    pub(crate) table: &'static str,
    pub(crate) kind: &'static [&'static str],
    pub(crate) number: &'static str,
}

impl Counts {
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
        let sums: Vec<_> = sums.into_iter().collect();
        for batch in sums.chunks(BATCH) {
            let rows = rows_of(batch.len(), kind.len() + 2);
            let mut args = Vec::new();
            for ((brief, texts), number) in batch {
                args.extend(args![*brief]);
                args.extend(texts.iter().flat_map(|text| args![text]));
                args.extend(args![*number]);
            }
            let text = format!("insert into {table} (brief_id, {texts}, {number}) values {rows}");
            tx.run(built(doing, text), args).await?;
        }
        Ok(())
    }
}
