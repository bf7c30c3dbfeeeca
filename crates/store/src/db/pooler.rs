//! Poolers between a node and PostgreSQL.

use std::{str::FromStr, time::Duration};

use reveille_model::without_password;
use sqlx::{ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions};

use super::is_postgres;
use crate::{Cause, StoreError};

/// How long a session is waited for. A pooler that has none left keeps us waiting.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether a pooler gives each transaction whatever session is free, as `PgBouncer` does in its mode `transaction`: what is
/// set or prepared in a session then does not last, and we rely on both. Never so on SQLite.
///
/// # Errors
/// Where the database cannot be reached.
pub async fn shares_sessions(address: &str) -> Result<bool, StoreError> {
    if !is_postgres(address) {
        return Ok(false);
    }
    let options =
        PgConnectOptions::from_str(address).map_err(|_why| StoreError::Address(without_password(address)))?;
    let asked = async {
        let (mut first, mut second) = (options.connect().await?, options.connect().await?);
        let before = session(&mut first).await?;
        // While this one is in a transaction, the first one keeps its session only where that is its own.
        let mut held = second.begin().await?;
        let is_shared = session(&mut held).await? == before
            || match sqlx_core::rt::timeout(PATIENCE, session(&mut first)).await {
                Ok(after) => after? != before,
                Err(_) => true,
            };
        held.rollback().await?;
        Ok(is_shared)
    };
    asked.await.map_err(|error: sqlx::Error| StoreError::Statement {
        doing: "tell its sessions apart",
        source: Cause::new(error),
    })
}

/// The number of the server's process behind a connection. Asked in one message: what takes two may reach two sessions.
async fn session(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    let asked = sqlx::raw_sql("select pg_backend_pid()");
    asked.fetch_one(connection).await?.try_get(0)
}
