//! Transactions and the statements within them.

use std::borrow::Cow;

use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use super::{Dialect, Leases, heard, wrapped};
use crate::{
    Cause, StoreError,
    deliveries::{Tallies, keep_tallies},
    many::{self, Array},
    sql::{Arg, BATCH, NativeRow, Row, Sql, unnumbered},
};

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
///
/// On SQLite there is one at a time: a task that begins a second one before it ends its first waits for itself.
#[derive(Debug)]
pub struct Tx {
    native: NativeTx,
    leases: Leases,
    /// Whether a statement failed. PostgreSQL then answers a commit by rolling back, and does not say so.
    failed: bool,
    /// What is to be counted before it is committed.
    pub(crate) tallies: Tallies,
}

#[derive(Debug)]
pub(super) enum NativeTx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(super) fn new(native: NativeTx, leases: Leases) -> Self {
        Self {
            native,
            leases,
            failed: false,
            tallies: Tallies::default(),
        }
    }

    /// Makes everything in the transaction last. On return it survives the end of the process and of the power.
    ///
    /// # Errors
    /// Where the database is lost or its disk full, or a statement of the transaction failed before; then nothing
    /// of it lasts.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Broken);
        }
        keep_tallies(&mut self).await?;
        let committed = match self.native {
            NativeTx::Sqlite(tx) => tx.commit().await,
            NativeTx::Postgres(tx) => heard(tx.commit()).await,
        };
        committed.map_err(|error| StoreError::Statement {
            doing: "commit a transaction",
            source: Cause::new(error),
        })
    }

    pub(crate) const fn dialect(&self) -> Dialect {
        match self.native {
            NativeTx::Sqlite(_) => Dialect::Sqlite,
            NativeTx::Postgres(_) => Dialect::Postgres,
        }
    }

    /// As [`Store::lease_clock`].
    pub(crate) const fn lease_clock(&self, own: &'static str) -> &'static str {
        self.leases.now(own)
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) async fn run(&mut self, sql: Sql, args: Vec<Arg<'_>>) -> Result<u64, StoreError> {
        let doing = sql.doing;
        let changed = match &mut self.native {
            NativeTx::Sqlite(tx) => sqlite!(sql, args)
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
            NativeTx::Postgres(tx) => heard(postgres!(sql, args).execute(&mut **tx))
                .await
                .map(|done| done.rows_affected()),
        };
        changed.map_err(|error| self.failed(doing, error))
    }

    /// Runs a text of several statements without parameters.
    pub(crate) async fn script(&mut self, doing: &'static str, text: &'static str) -> Result<(), StoreError> {
        let done = match &mut self.native {
            NativeTx::Sqlite(tx) => sqlx::raw_sql(text).execute(&mut **tx).await.map(drop),
            NativeTx::Postgres(tx) => sqlx::raw_sql(text).execute(&mut **tx).await.map(drop),
        };
        done.map_err(|error| self.failed(doing, error))
    }

    pub(crate) async fn rows(&mut self, sql: Sql, args: Vec<Arg<'_>>) -> Result<Vec<Row>, StoreError> {
        let doing = sql.doing;
        let rows = match &mut self.native {
            NativeTx::Sqlite(tx) => sqlite!(sql, args)
                .fetch_all(&mut **tx)
                .await
                .map(|rows| wrapped(doing, rows, NativeRow::Sqlite)),
            NativeTx::Postgres(tx) => heard(postgres!(sql, args).fetch_all(&mut **tx))
                .await
                .map(|rows| wrapped(doing, rows, NativeRow::Postgres)),
        };
        rows.map_err(|error| self.failed(doing, error))
    }

    /// Runs a statement over many rows of parameters (see [`many`]) and says how many it changed.
    pub(crate) async fn run_many<'a>(
        &mut self,
        sql: Sql,
        args: Vec<Arg<'a>>,
        rows: Vec<Vec<Arg<'a>>>,
    ) -> Result<u64, StoreError> {
        let mut changed = 0;
        for batch in batches(rows) {
            changed += match &mut self.native {
                NativeTx::Sqlite(_) => {
                    let (sql, args) = many::sqlite(&sql, &args, batch);
                    self.run(sql, args).await?
                }
                NativeTx::Postgres(tx) => {
                    let (sql, arrays) = many::postgres(&sql, args.len(), batch);
                    let done = heard(postgres!(sql, args.clone(), arrays).execute(&mut **tx)).await;
                    done.map_err(|error| self.failed(sql.doing, error))?
                        .rows_affected()
                }
            };
        }
        Ok(changed)
    }

    /// The same for a statement that answers.
    pub(crate) async fn rows_many<'a>(
        &mut self,
        sql: Sql,
        args: Vec<Arg<'a>>,
        rows: Vec<Vec<Arg<'a>>>,
    ) -> Result<Vec<Row>, StoreError> {
        let mut answer = Vec::new();
        for batch in batches(rows) {
            answer.extend(match &mut self.native {
                NativeTx::Sqlite(_) => {
                    let (sql, args) = many::sqlite(&sql, &args, batch);
                    self.rows(sql, args).await?
                }
                NativeTx::Postgres(tx) => {
                    let (sql, arrays) = many::postgres(&sql, args.len(), batch);
                    let rows = heard(postgres!(sql, args.clone(), arrays).fetch_all(&mut **tx)).await;
                    let rows = rows.map_err(|error| self.failed(sql.doing, error))?;
                    wrapped(sql.doing, rows, NativeRow::Postgres)
                }
            });
        }
        Ok(answer)
    }

    /// As [`Tx::run_many`], for a statement that runs over and over with a few rows: see [`many::filled`].
    pub(crate) async fn run_filled<'a>(
        &mut self,
        sql: Sql,
        args: Vec<Arg<'a>>,
        rows: Vec<Vec<Arg<'a>>>,
    ) -> Result<u64, StoreError> {
        let mut changed = 0;
        for batch in batches(rows) {
            let (sql, args) = many::filled(&sql, &args, batch);
            changed += self.run(sql, args).await?;
        }
        Ok(changed)
    }

    /// The same for a statement that answers.
    pub(crate) async fn rows_filled<'a>(
        &mut self,
        sql: Sql,
        args: Vec<Arg<'a>>,
        rows: Vec<Vec<Arg<'a>>>,
    ) -> Result<Vec<Row>, StoreError> {
        let mut answer = Vec::new();
        for batch in batches(rows) {
            let (sql, args) = many::filled(&sql, &args, batch);
            answer.extend(self.rows(sql, args).await?);
        }
        Ok(answer)
    }

    fn failed(&mut self, doing: &'static str, error: sqlx::Error) -> StoreError {
        self.failed = true;
        StoreError::Statement {
            doing,
            source: Cause::new(error),
        }
    }

    pub(crate) async fn row(&mut self, sql: Sql, args: Vec<Arg<'_>>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }
}

/// The rows, as many at a time as one statement carries.
fn batches<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let batch: Vec<T> = rows.by_ref().take(BATCH).collect();
        (!batch.is_empty()).then_some(batch)
    })
}
