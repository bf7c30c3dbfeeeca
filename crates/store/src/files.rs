//! Files of watched folders: what was read of each, so that it is read again only where it changed.

use std::collections::HashMap;

use reveille_model::{SourceId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    digest::fingerprint,
    sql::{Row, args, sql},
};

/// A file as it was when it was looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path within its source's folder.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// When the file system says that it was last written.
    pub modified_at: UnixMillis,
    /// The fingerprint of its contents; see [`digest`].
    pub digest: String,
    /// Why it could not be read, in words.
    pub error: Option<String>,
}

/// The fingerprint of a file's contents.
#[must_use]
pub fn digest(contents: &[u8]) -> String {
    fingerprint(contents)
}

/// Remembers a file.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn upsert(tx: &mut Tx, source: SourceId, file: &File, now: UnixMillis) -> Result<(), StoreError> {
    let text = "insert into files (source_id, path, size, modified_at, digest, error, read_at)
                values ($1, $2, $3, $4, $5, $6, $7)
                on conflict (source_id, path) do update set size = excluded.size,
                  modified_at = excluded.modified_at, digest = excluded.digest, error = excluded.error,
                  read_at = excluded.read_at";
    let size = i64::try_from(file.size).unwrap_or(i64::MAX);
    let args = args![
        source,
        &file.path,
        size,
        file.modified_at,
        &file.digest,
        file.error.as_deref(),
        now
    ];
    tx.run(sql("remember a file", text), args).await.map(drop)
}

/// All files of a source, by path.
pub async fn list(store: &Store, source: SourceId) -> Result<HashMap<String, File>, StoreError> {
    let text = "select path, size, modified_at, digest, error from files where source_id = $1";
    let rows = store.rows(sql("list files", text), args![source]).await?;
    rows.iter()
        .map(|row| read(row).map(|file| (file.path.clone(), file)))
        .collect()
}

fn read(row: &Row) -> Result<File, StoreError> {
    Ok(File {
        path: row.get("path")?,
        size: row.get("size")?,
        modified_at: row.get("modified_at")?,
        digest: row.get("digest")?,
        error: row.maybe("error")?,
    })
}
