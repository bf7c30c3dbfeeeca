//! The two databases behind one face.
//!
//! SQLite has one writer connection, whose transactions take the write lock at once (`begin immediate`), and a
//! few readers that cannot write. PostgreSQL has an ordinary pool. Everything above this module is the same text
//! on both; [`Dialect`] exists for the few statements that cannot be.

#[macro_use]
mod bind;
mod open;
mod pooler;
mod tx;
mod view;

use std::{
    borrow::Cow,
    fs::File,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

pub use pooler::shares_sessions;
use reveille_model::UnixMillis;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection,
    postgres::PgPool,
    sqlite::{SqliteConnectOptions, SqlitePool},
};
use tokio::time::timeout;

use tx::NativeTx;
pub use tx::Tx;
pub use view::View;

use crate::{
    Cause, StoreError,
    error::silence,
    sql::{Arg, NativeRow, Row, Sql, args, built, sql, unnumbered},
};

/// PostgreSQL answers every statement of ours within this time, or not at all: the longest writes to a million rows. A machine that
/// went away without a word is found out by it.
const LONGEST_ANSWER: Duration = Duration::from_secs(180);

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
        file: Placed,
        options: Box<SqliteConnectOptions>,
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// A file, and which one it was when it was opened: device and number.
#[derive(Debug, Clone)]
struct Placed {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

impl Placed {
    fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            identity: identity(path),
        }
    }
}

/// Which file is there now.
fn identity(path: &Path) -> Option<(u64, u64)> {
    let data = path.metadata().ok()?;
    Some((data.dev(), data.ino()))
}

/// What PostgreSQL answers, or that it was waited for in vain: then the connection is lost.
async fn heard<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let heard = timeout(LONGEST_ANSWER, answer).await;
    heard.unwrap_or_else(|_elapsed| Err(silence()))
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
            Pools::Postgres(pool) => heard(pool.begin_with(postgres)).await.map(NativeTx::Postgres),
        };
        match native {
            Ok(native) => Ok(Tx::new(native, self.leases)),
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

    /// Looks whether the store's file is still where it was opened. One that was moved away or put in another's place would be written
    /// on as long as it is open, and nobody would find what it holds.
    ///
    /// # Errors
    /// Where it is not.
    pub fn ensure_in_place(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { file, .. } if identity(&file.path) != file.identity => {
                Err(StoreError::Gone(file.path.clone()))
            }
            Pools::Sqlite { .. } | Pools::Postgres(_) => Ok(()),
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
        self.ensure_in_place()?;
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

    /// Copies the whole store, as of one instant, to a new SQLite file while work goes on. It has another name, ending in `.part`, until
    /// it is whole. On return the copy survives the end of the power.
    ///
    /// # Errors
    /// On PostgreSQL, naming `pg_dump`; where the file exists or cannot be written.
    pub async fn backup(&self, file: &Path) -> Result<(), StoreError> {
        let Pools::Sqlite { options, .. } = &self.pools else {
            return Err(StoreError::BackupByPgDump);
        };
        let part = file.to_str().filter(|_| !file.exists());
        let part = part.map(|file| format!("{file}.part"));
        let part = part.ok_or_else(|| StoreError::BackupPath(file.to_owned()))?;
        // Of a copy that was broken off.
        let _ = std::fs::remove_file(&part);
        open::make("the backup", Path::new(&part))?;
        let copy = async {
            let mut connection = options.connect().await?;
            sqlx::query("vacuum into $1")
                .bind(&part)
                .execute(&mut connection)
                .await?;
            connection.close().await?;
            // SQLite leaves that to whoever asked for it, and the file's name to its folder.
            File::open(&part)?.sync_all()?;
            std::fs::rename(&part, file)?;
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
            Ok(File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?)
        };
        let doing = "write the backup";
        copy.await.map_err(|error: sqlx::Error| {
            // Half a copy is none, and would be in the way of the next. Where even this fails, that one says so.
            let _ = std::fs::remove_file(&part);
            StoreError::Statement {
                doing,
                source: Cause::new(error),
            }
        })
    }

    /// Whether the database is another process, which may fall silent.
    #[must_use]
    pub const fn is_remote(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
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
            Pools::Postgres(pool) => heard(postgres!(sql, args).fetch_all(pool))
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

fn wrapped<R>(doing: &'static str, rows: Vec<R>, wrap: fn(R) -> NativeRow) -> Vec<Row> {
    rows.into_iter()
        .map(|row| Row {
            doing,
            native: wrap(row),
        })
        .collect()
}
