//! What can go wrong between Reveille and its database, in words a person understands.

use std::fmt;

/// A failed act of the store: what was attempted, on what.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names neither of the two databases.
    #[error("`{0}` is no store address (expected sqlite:PATH or postgres://HOST/DATABASE)")]
    Address(String),
    /// The database did not open.
    #[error("the store at {place} could not be opened")]
    Open {
        /// The file, or the host and database; never a password.
        place: String,
        /// Why.
        source: Cause,
    },
    /// A file cannot be made or opened.
    #[error("{what} {} could not be opened: {why}", .path.display())]
    File {
        /// "the store at".
        what: &'static str,
        /// Which file.
        path: std::path::PathBuf,
        /// Why, and what helps.
        why: String,
    },
    /// A database cannot hold every letter.
    #[error(
        "the database {database} is in {encoding}, which cannot hold every letter; a store needs UTF-8: make one by \
         `createdb -E UTF8 -T template0 {database}`, under another name while this one is there"
    )]
    Encoding {
        /// Which database.
        database: String,
        /// As PostgreSQL names it.
        encoding: String,
    },
    /// A role may not make the tables.
    #[error(
        "the role {role} may make no tables in the schema {schema} of the database {database}: have a superuser run \
         `alter database {database} owner to {role}`, or, connected to that database, `grant create on schema {schema} to {role}`"
    )]
    NoRight {
        /// Who is connected.
        role: String,
        /// Which database.
        database: String,
        /// Where tables are made.
        schema: String,
    },
    /// A statement failed.
    #[error("the store could not {doing}")]
    Statement {
        /// What was attempted: "add a source".
        doing: &'static str,
        /// Why.
        source: Cause,
    },
    /// A transaction was to be committed after one of its statements had failed.
    #[error("the store could not commit a transaction in which a statement failed")]
    Broken,
    /// A stored value is not what its column should hold.
    #[error("the store could not {doing}: column `{column}` is unreadable ({why})")]
    Column {
        /// What was attempted.
        doing: &'static str,
        /// Which column.
        column: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A row that was there a moment ago is not.
    #[error("the store could not {doing}: the row was removed meanwhile")]
    Vanished {
        /// What was attempted.
        doing: &'static str,
    },
    /// The store's file is no longer where it was opened.
    #[error("the store's file {} was moved away, removed or put in another's place while it was in use", .0.display())]
    Gone(std::path::PathBuf),
    /// A value could not be written as JSON.
    #[error("the store could not write a value as JSON")]
    Json(#[from] serde_json::Error),
    /// The tables were made by a later release.
    #[error(
        "the store's tables are of version {found}, and this release knows versions up to {known}: \
         install the newer `reveille`, or restore a backup made before it ran"
    )]
    Newer {
        /// The version found.
        found: i64,
        /// The newest version that this release knows.
        known: i64,
    },
    /// A migration was applied in another wording than this release's.
    #[error(
        "migration {version} of the store was applied in another wording than this release's: the tables \
         may differ from what `reveille` expects; restore a backup, or start with a new store"
    )]
    Altered {
        /// The number of the migration.
        version: i64,
    },
    /// PostgreSQL has its own means of backup.
    #[error("a store on PostgreSQL is backed up with `pg_dump --format=custom --file=FILE DATABASE`")]
    BackupByPgDump,
    /// A path that cannot be handed to the database.
    #[error("`{0}` cannot be the name of a backup (it must be UTF-8 text and not exist yet)")]
    BackupPath(std::path::PathBuf),
}

/// What the database or the way to it answered.
#[derive(Debug)]
pub struct Cause(sqlx::Error);

impl Cause {
    pub(crate) const fn new(error: sqlx::Error) -> Self {
        Self(error)
    }
}

/// That the database was waited for in vain.
pub(crate) fn silence() -> sqlx::Error {
    std::io::Error::new(std::io::ErrorKind::TimedOut, "it does not answer").into()
}

impl StoreError {
    /// That nothing was heard of the database for so long that the connection to it counts as lost.
    #[must_use]
    pub fn silent(doing: &'static str) -> Self {
        Self::Statement {
            doing,
            source: Cause(silence()),
        }
    }

    /// Whether the same act may well succeed a moment later: the database was busy, two transactions met, or the
    /// connection was lost.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.is_lost() || self.class() == Some(Class::Busy)
    }

    /// Whether the disk under the database is full, or fails.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        matches!(self.class(), Some(Class::DiskFull | Class::DiskFails))
    }

    /// Whether the database cannot be reached, or went away.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.class() == Some(Class::Lost)
    }

    fn class(&self) -> Option<Class> {
        match self {
            Self::Open { source, .. } | Self::Statement { source, .. } => Some(source.class()),
            Self::Gone(_) => Some(Class::Lost),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Busy,
    Lost,
    DiskFull,
    DiskFails,
    Other,
}

impl Cause {
    fn class(&self) -> Class {
        match &self.0 {
            sqlx::Error::PoolTimedOut => Class::Busy,
            sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => Class::DiskFull,
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Class::Lost,
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default();
                if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                    sqlite_class(&code)
                } else {
                    postgres_class(&code)
                }
            }
            _ => Class::Other,
        }
    }
}

/// Result codes of SQLite; the low byte is the primary code (<https://www.sqlite.org/rescode.html>).
fn sqlite_class(code: &str) -> Class {
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(5 | 6) => Class::Busy,
        Ok(13) => Class::DiskFull,
        // SQLite keeps to itself that a quota is used up.
        Ok(10) => Class::DiskFails,
        // Read-only by now, or it cannot be opened any more.
        Ok(8 | 14) => Class::Lost,
        _ => Class::Other,
    }
}

/// SQLSTATE codes (PostgreSQL manual, appendix A).
fn postgres_class(code: &str) -> Class {
    match code {
        "53100" => Class::DiskFull,
        // Serialization failure, deadlock, lock not available, too many connections, a transaction that rested too long.
        "40001" | "40P01" | "55P03" | "53300" | "25P03" => Class::Busy,
        // Shut down by an administrator or a crash, and not yet up again; or read-only, as a server is that another took the place of.
        "57P01" | "57P02" | "57P03" | "25006" => Class::Lost,
        _ if code.starts_with("08") => Class::Lost,
        _ => Class::Other,
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.class(), &self.0) {
            (Class::DiskFull, _) => f.write_str("the disk under the database is full"),
            (Class::DiskFails, _) => f.write_str(
                "the disk under the database cannot be read or written: it fails, or a quota of it is used up",
            ),
            (_, sqlx::Error::PoolTimedOut) => {
                f.write_str("no connection to the database came free: it is busy or cannot be reached")
            }
            (Class::Busy, _) => f.write_str("the database is busy with other work"),
            (Class::Lost, sqlx::Error::Io(error)) => write!(f, "the database cannot be reached: {error}"),
            (Class::Lost, error) => write!(f, "the connection to the database was lost: {error}"),
            (Class::Other, sqlx::Error::Database(error)) => f.write_str(error.message()),
            (Class::Other, error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Cause {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_what_passes_from_what_stays() {
        assert_eq!(sqlite_class("5"), Class::Busy);
        // SQLITE_BUSY_SNAPSHOT is an extended code of the same.
        assert_eq!(sqlite_class("517"), Class::Busy);
        assert_eq!(sqlite_class("13"), Class::DiskFull);
        // SQLITE_IOERR_WRITE is an extended code of SQLITE_IOERR.
        assert_eq!(sqlite_class("778"), Class::DiskFails);
        assert_eq!(sqlite_class("2067"), Class::Other);
        assert_eq!(postgres_class("40001"), Class::Busy);
        assert_eq!([sqlite_class("8"), sqlite_class("14")], [Class::Lost; 2]);
        assert_eq!(postgres_class("25006"), Class::Lost);
        assert_eq!(postgres_class("53100"), Class::DiskFull);
        assert_eq!(postgres_class("08006"), Class::Lost);
        assert_eq!(postgres_class("57P01"), Class::Lost);
        assert_eq!(postgres_class("23505"), Class::Other);
    }

    #[tokio::test]
    async fn a_full_disk_is_said_in_words() {
        // SQLite takes a cap on its pages for the end of the disk.
        let options = sqlx::sqlite::SqliteConnectOptions::new().pragma("max_page_count", "2");
        let mut full = sqlx::ConnectOptions::connect(&options).await.unwrap();
        sqlx::query("create table t (a text)")
            .execute(&mut full)
            .await
            .unwrap();
        let insert = sqlx::query("insert into t values ($1)").bind("x".repeat(1 << 20));
        let source = Cause::new(insert.execute(&mut full).await.unwrap_err());
        assert_eq!(source.to_string(), "the disk under the database is full");
        let error = StoreError::Statement {
            doing: "add a brief",
            source,
        };
        assert_eq!(error.to_string(), "the store could not add a brief");
        assert!(error.is_disk_full() && !error.is_transient());
    }
}
