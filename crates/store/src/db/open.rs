//! Opening a store: what each database's connections are told.

use std::{
    fs::OpenOptions,
    io::{self, ErrorKind},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    str::FromStr,
    time::Duration,
};

use reveille_model::without_password;
use sqlx::{
    ConnectOptions, Connection, PgConnection, SqliteConnection,
    pool::PoolOptions,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::time::timeout;

use super::{Leases, Placed, Pools, Store};
use crate::{Cause, StoreError, error::silence};

/// What a file is told to be that cannot be opened.
const STORE: &str = "the store at";
/// How long a statement waits for a lock, a connection or a free writer before it gives up as busy.
const PATIENCE: Duration = Duration::from_secs(30);
/// Readers beside the one writer. SQLite reads are short; more would only wait for the same disk.
const SQLITE_READERS: u32 = 4;
/// Connections of one node to PostgreSQL, whose own default allows 100 in all.
const POSTGRES_CONNECTIONS: u32 = 10;
/// A connection to PostgreSQL that was idle for longer is asked whether it still is one …
const RESTED: Duration = Duration::from_secs(1);
/// … and is given up where it has not said so by then, for another one: where a firewall forgets all of them, each costs as much.
const ANSWER: Duration = Duration::from_secs(1);
/// PostgreSQL ends a transaction that rests for so long between two statements. A node that is paused or cut off in the
/// middle of one keeps others from the rows that it changed. They hold claims of 24 s, which they lengthen every 8 s: what
/// keeps them waiting must end sooner than the 16 s between.
const LONGEST_REST: &str = "12s";

/// Makes an empty file that its owner alone may read, unless there is one: SQLite would let everybody read it, and gives its
/// log the same mode. One that is there is not opened, since to close it would undo what locks this process has on it.
pub(super) fn make(what: &'static str, path: &Path) -> Result<(), StoreError> {
    let mut private = OpenOptions::new();
    match private.write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && !path.is_dir() => Ok(()),
        Err(error) => Err(StoreError::File {
            what,
            path: path.to_owned(),
            why: refusal(path, &error),
        }),
        Ok(_) => Ok(()),
    }
}

/// Why there can be no such file, and what helps.
fn refusal(path: &Path, error: &io::Error) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let shown = folder.display();
    if path.is_dir() {
        format!(
            "it is a folder: name a file in it, as {}",
            path.join("reveille.db").display()
        )
    } else if !folder.exists() {
        format!("there is no folder {shown}: make it, or name another")
    } else {
        format!("no file can be made in {shown} ({error}): let this user write there, or name another folder")
    }
}

/// SQLite could not open the file, or its log beside it (`SQLITE_CANTOPEN`).
fn is_closed_to_us(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code.parse::<u32>().is_ok_and(|code| code & 0xff == 14))
}

pub(super) async fn sqlite(path: &Path) -> Result<Store, StoreError> {
    make(STORE, path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        // One that vanishes while it is in use is not made anew.
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .journal_mode(SqliteJournalMode::Wal)
        // Each commit reaches the disk: a mail reported sent must not be sent again after a power cut.
        .synchronous(SqliteSynchronous::Full)
        // What is deleted is overwritten: a reader who was erased must not be found in the file.
        .pragma("secure_delete", "on");
    let opened = async {
        let writer = pool(1)
            // A full disk makes SQLite roll back by itself, after which the driver still counts the transaction
            // as open: such a connection is closed, and the pool opens another. The ping comes back once a
            // rollback that was asked for is through.
            .after_release(|connection: &mut SqliteConnection, _| {
                Box::pin(async move {
                    connection.ping().await?;
                    Ok(!connection.is_in_transaction())
                })
            })
            // A list of a million readers touches its indexes at random: 64 MiB hold them, of the usual 2 MiB each page
            // would be written again and again.
            .connect_with(options.clone().pragma("cache_size", "-65536"))
            .await?;
        let readers = options.clone().pragma("query_only", "on");
        Ok((writer, pool(SQLITE_READERS).connect_with(readers).await?))
    };
    let (writer, readers) = opened.await.map_err(|error: sqlx::Error| {
        if is_closed_to_us(&error) {
            return StoreError::File {
                what: STORE,
                path: path.to_owned(),
                why: "let this user read and write the file, and make others in its folder".to_owned(),
            };
        }
        StoreError::Open {
            place: path.display().to_string(),
            source: Cause::new(error),
        }
    })?;
    Ok(Store {
        pools: Pools::Sqlite {
            file: Placed::at(path),
            options: Box::new(options),
            writer,
            readers,
        },
        leases: Leases::Caller,
    })
}

/// More than a turn of work writes, mostly.
pub(super) const TRIAL_BYTES: usize = 1 << 20;

/// A connection for trials: with so small a cache, pages reach the disk before their transaction ends.
pub(super) async fn trial(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    options.clone().pragma("cache_size", "10").connect().await
}

pub(super) async fn postgres(address: &str) -> Result<Store, StoreError> {
    let options =
        PgConnectOptions::from_str(address).map_err(|_why| StoreError::Address(without_password(address)))?;
    let socket = options.get_socket().map(|path| path.display().to_string());
    let host = socket.unwrap_or_else(|| options.get_host().to_owned());
    let database = options.get_database().unwrap_or(options.get_username());
    let (place, database) = (format!("{host} (database {database})"), database.to_owned());
    let options = options.application_name("reveille");
    let opened = async {
        // A pool would go on trying for all of its patience; a wrong address is to be told at once.
        let mut connection = options.connect().await?;
        let encoding = sqlx::query_scalar("select current_setting('server_encoding')").persistent(false);
        let encoding: String = encoding.fetch_one(&mut connection).await?;
        connection.close().await?;
        let pool = pool(POSTGRES_CONNECTIONS).before_acquire(|connection: &mut PgConnection, idle| {
            Box::pin(async move {
                // One in steady use fails its next statement as lost, which costs less than asking each time.
                if idle.idle_for > RESTED {
                    timeout(ANSWER, connection.ping())
                        .await
                        .map_err(|_elapsed| silence())??;
                }
                Ok(true)
            })
        });
        // A connection that fell silent would be waited for with the pool's own ping for ever, and its place be lost.
        let pool = pool.after_release(|connection: &mut PgConnection, _| {
            Box::pin(async move {
                let heard = timeout(PATIENCE, connection.ping()).await;
                heard.unwrap_or_else(|_elapsed| Err(silence())).map(|()| true)
            })
        });
        // By a statement: as a parameter of the connection's start some poolers refuse it.
        let pool = pool.after_connect(|connection, _| {
            let text = "select set_config('idle_in_transaction_session_timeout', $1, false)";
            Box::pin(async move {
                let set = sqlx::query(text).bind(LONGEST_REST);
                set.execute(connection).await.map(drop)
            })
        });
        Ok((encoding, pool.connect_with(options).await?))
    };
    let (encoding, pool) = opened.await.map_err(|error: sqlx::Error| StoreError::Open {
        place,
        source: Cause::new(error),
    })?;
    if encoding != "UTF8" {
        return Err(StoreError::Encoding { database, encoding });
    }
    Ok(Store {
        pools: Pools::Postgres(pool),
        leases: Leases::Database,
    })
}

fn pool<D: sqlx::Database>(connections: u32) -> PoolOptions<D> {
    PoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
}
