//! The two databases behind one face: transactions and statements.
//!
//! SQLite has one writer connection, whose transactions take the write lock at once (`begin immediate`), and a
//! few readers that cannot write. PostgreSQL has an ordinary pool. Everything above this module is the same text
//! on both; [`Dialect`] exists for the few statements that cannot be.

mod open;
mod pooler;
mod view;

use std::{borrow::Cow, path::Path};

pub use pooler::shares_sessions;
use reveille_model::UnixMillis;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Postgres, Sqlite, Transaction,
    postgres::PgPool,
    sqlite::{SqliteConnectOptions, SqlitePool},
};

pub use view::View;

use crate::{
    Cause, StoreError,
    deliveries::{Tallies, keep_tallies},
    many::{self, Array},
    sql::{Arg, BATCH, NativeRow, Row, Sql, args, built, sql, unnumbered},
};

/// A store of Reveille's tables. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
    leases: Leases,
}

/// Unix time in milliseconds, as PostgreSQL says it.
const DATABASE_CLOCK: &str = "cast(extract(epoch from statement_timestamp()) * 1000 as bigint)";

/// By whose clock leases are written and judged.
#[derive(Debug, Clone, Copy)]
enum Leases {
    /// By that of whoever calls, whose machine is the only one.
    Caller,
    /// By the database's, so that nodes need not agree on the time.
    Database,
}

#[derive(Debug, Clone)]
enum Pools {
    Sqlite {
        options: Box<SqliteConnectOptions>,
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

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
enum NativeTx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Which database a statement is for, where its text must differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Leases {
    /// What a statement says for the present instant, where `own` is what the caller's clock shows.
    const fn now(self, own: &'static str) -> &'static str {
        match self {
            Self::Caller => own,
            Self::Database => DATABASE_CLOCK,
        }
    }
}

impl Dialect {
    /// Ends a select that holds the rows of the table with this alias until the transaction ends. SQLite needs nothing, since a
    /// transaction holds the only write lock.
    pub(crate) fn held(self, alias: &str) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!(" for no key update of {alias}"),
        }
    }

    /// Ends the inner select of a claim: rows that another node is claiming are passed over. SQLite needs
    /// nothing, since its claims hold the only write lock.
    pub(crate) const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " for update skip locked",
        }
    }
}

/// Binds the parameters in order; expands once for each driver.
macro_rules! query {
    ($text:expr, $kept:expr, $args:expr) => {{
        let mut query = sqlx::query(AssertSqlSafe($text)).persistent($kept);
        for arg in $args {
            query = match arg {
                Arg::Int(value) => query.bind(value),
                Arg::Real(value) => query.bind(value),
                Arg::Text(value) => query.bind(value),
            };
        }
        query
    }};
}

/// As PostgreSQL takes it: numbered, and many rows as arrays.
macro_rules! postgres {
    ($sql:expr, $args:expr) => {
        query!($sql.text, $sql.kept, $args)
    };
    ($sql:expr, $args:expr, $arrays:expr) => {{
        let mut query = postgres!($sql, $args);
        for array in $arrays {
            query = match array {
                Array::Int(values) => query.bind(values),
                Array::Real(values) => query.bind(values),
                Array::Text(values) => query.bind(values),
            };
        }
        query
    }};
}

/// As SQLite takes it: built texts have many placeholders, which are bound faster without their numbers.
macro_rules! sqlite {
    ($sql:expr, $args:expr) => {{
        let text = match $sql.text {
            Cow::Owned(text) => Cow::Owned(unnumbered(&text).unwrap_or(text)),
            fixed => fixed,
        };
        query!(text, $sql.kept, $args)
    }};
}

fn is_postgres(address: &str) -> bool {
    address.starts_with("postgres:") || address.starts_with("postgresql:")
}

impl Store {
    /// Opens `sqlite:PATH` (made if it is missing) or `postgres://…` (also over a socket,
    /// `postgres:///DATABASE?host=/run/postgresql`). The tables are left as they are; see [`Store::migrate`].
    ///
    /// # Errors
    /// Where the address is of neither form, or the database cannot be reached.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        if is_postgres(address) {
            return open::postgres(address).await;
        }
        match Self::file(address) {
            Some(path) => open::sqlite(path).await,
            None => Err(StoreError::Address(address.to_owned())),
        }
    }

    /// The file that `sqlite:PATH` names; none where the address names no file.
    #[must_use]
    pub fn file(address: &str) -> Option<&Path> {
        let path = address.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        (!path.is_empty() && path != ":memory:").then_some(Path::new(path))
    }

    /// Has leases written and judged by what callers say is the time on PostgreSQL too: for rehearsals, whose time is not
    /// the database's.
    #[must_use]
    pub const fn leased_by_own_clock(mut self) -> Self {
        self.leases = Leases::Caller;
        self
    }

    /// Begins a transaction; on SQLite, once every other one has ended.
    ///
    /// # Errors
    /// Where the database is lost, or busy for longer than 30 s.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        self.begin_as("begin").await
    }

    /// Begins a transaction that takes the first rows of a queue. Before PostgreSQL has counted a queue that just
    /// grew, it would rather gather and sort it all for each claim than follow the index: measured on 10,000 jobs,
    /// 12 ms instead of 0.1 ms.
    pub(crate) async fn begin_claim(&self) -> Result<Tx, StoreError> {
        self.begin_as("begin; set local enable_sort = off").await
    }

    async fn begin_as(&self, postgres: &'static str) -> Result<Tx, StoreError> {
        let native = match &self.pools {
            Pools::Sqlite { writer, .. } => writer.begin_with("begin immediate").await.map(NativeTx::Sqlite),
            Pools::Postgres(pool) => pool.begin_with(postgres).await.map(NativeTx::Postgres),
        };
        match native {
            Ok(native) => Ok(Tx {
                native,
                leases: self.leases,
                failed: false,
                tallies: Tallies::default(),
            }),
            Err(error) => Err(StoreError::Statement {
                doing: "begin a transaction",
                source: Cause::new(error),
            }),
        }
    }

    /// Closes every connection once its work is done. A store that is dropped instead loses nothing either.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Writes something and takes it back: a store on a full disk, or one that can only be read, may be read very well.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub async fn try_writing(&self) -> Result<(), StoreError> {
        let (doing, text) = (
            "be written",
            "insert into schema_versions (version, checksum) values (-1, $1)",
        );
        let Pools::Sqlite { options, .. } = &self.pools else {
            let mut tx = self.begin().await?;
            return tx.run(sql(doing, text), args!["a trial"]).await.map(drop);
        };
        let written = async {
            let mut connection = open::trial(options).await?;
            let mut tx = connection.begin_with("begin immediate").await?;
            let filling = "x".repeat(open::TRIAL_BYTES);
            sqlx::query(text).bind(filling).execute(&mut *tx).await?;
            tx.rollback().await?;
            connection.close().await
        };
        written.await.map_err(|error| StoreError::Statement {
            doing,
            source: Cause::new(error),
        })
    }

    /// Copies the whole store, as of one instant, to a new SQLite file while work goes on.
    ///
    /// # Errors
    /// On PostgreSQL, naming `pg_dump`; where the file exists or cannot be written.
    pub async fn backup(&self, file: &Path) -> Result<(), StoreError> {
        let Pools::Sqlite { options, .. } = &self.pools else {
            return Err(StoreError::BackupByPgDump);
        };
        let path = file.to_str().filter(|_| !file.exists());
        let path = path.ok_or_else(|| StoreError::BackupPath(file.to_owned()))?;
        open::make("the backup", file)?;
        let copy = async {
            let mut connection = options.connect().await?;
            sqlx::query("vacuum into $1")
                .bind(path)
                .execute(&mut connection)
                .await?;
            connection.close().await
        };
        let doing = "write the backup";
        copy.await.map_err(|error: sqlx::Error| {
            // Half a copy is none, and would be in the way of the next. Where even this fails, that one says so.
            let _ = std::fs::remove_file(file);
            StoreError::Statement {
                doing,
                source: Cause::new(error),
            }
        })
    }

    pub(crate) const fn dialect(&self) -> Dialect {
        match self.pools {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The present instant by which leases are written and judged, in the words of a statement in which `own` is the
    /// caller's.
    pub(crate) const fn lease_clock(&self, own: &'static str) -> &'static str {
        self.leases.now(own)
    }

    /// The present instant by the clock that all nodes share; `None` where the caller's is as good as any.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn shared_now(&self) -> Result<Option<UnixMillis>, StoreError> {
        if matches!(self.leases, Leases::Caller) {
            return Ok(None);
        }
        let doing = "read the database's clock";
        let text = format!("select {DATABASE_CLOCK} as at");
        let row = self.row(built(doing, text), args![]).await?;
        row.ok_or(StoreError::Vanished { doing })?.get("at").map(Some)
    }

    pub(crate) async fn rows(&self, sql: Sql, args: Vec<Arg<'_>>) -> Result<Vec<Row>, StoreError> {
        let doing = sql.doing;
        let rows = match &self.pools {
            Pools::Sqlite { readers, .. } => sqlite!(sql, args)
                .fetch_all(readers)
                .await
                .map(|rows| wrapped(doing, rows, NativeRow::Sqlite)),
            Pools::Postgres(pool) => postgres!(sql, args)
                .fetch_all(pool)
                .await
                .map(|rows| wrapped(doing, rows, NativeRow::Postgres)),
        };
        rows.map_err(|error| StoreError::Statement {
            doing,
            source: Cause::new(error),
        })
    }

    pub(crate) async fn row(&self, sql: Sql, args: Vec<Arg<'_>>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }
}

impl Tx {
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
            NativeTx::Postgres(tx) => tx.commit().await,
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
            NativeTx::Postgres(tx) => postgres!(sql, args)
                .execute(&mut **tx)
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
            NativeTx::Postgres(tx) => postgres!(sql, args)
                .fetch_all(&mut **tx)
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
                    let done = postgres!(sql, args.clone(), arrays).execute(&mut **tx).await;
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
                    let rows = postgres!(sql, args.clone(), arrays).fetch_all(&mut **tx).await;
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

fn wrapped<R>(doing: &'static str, rows: Vec<R>, wrap: fn(R) -> NativeRow) -> Vec<Row> {
    rows.into_iter()
        .map(|row| Row {
            doing,
            native: wrap(row),
        })
        .collect()
}
