//! The tokens by which programs are known. Each stands here by its digest only: who reads the store can act as none of
//! them.

use reveille_model::{Scope, TokenId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    digest::of_token,
    sql::{Row, args, sql},
};

/// When it was last used is kept to the hour, in milliseconds: a busy program must not write at each request.
const USED_MILLIS: i64 = 3_600_000;

/// A program that may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its row.
    pub id: TokenId,
    /// What people call the program.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was let in.
    pub created_at: UnixMillis,
    /// When it was last seen, to the hour.
    pub used_at: Option<UnixMillis>,
    /// Since when it may do nothing any more.
    pub revoked_at: Option<UnixMillis>,
}

/// Lets a program in. `false`: one of this name is there, or was; names are never given twice, since consent records
/// hold them.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(
    tx: &mut Tx,
    name: &str,
    token: &str,
    scopes: &[Scope],
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let text = "insert into api_tokens (name, digest, scopes, created_at) values ($1, $2, $3, $4)
                on conflict (name) do nothing";
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let args = args![name, of_token(token), words.join(" "), now];
    Ok(tx.run(sql("let a program in", text), args).await? == 1)
}

/// The program with this token, where it was not revoked.
pub async fn find(store: &Store, token: &str) -> Result<Option<Token>, StoreError> {
    let text = "select id, name, scopes, created_at, used_at, revoked_at from api_tokens
                where digest = $1 and revoked_at is null";
    let row = store
        .row(sql("find a program", text), args![of_token(token)])
        .await?;
    row.as_ref().map(read).transpose()
}

/// All programs that ever were, in the order in which they came.
pub async fn list(store: &Store) -> Result<Vec<Token>, StoreError> {
    let text = "select id, name, scopes, created_at, used_at, revoked_at from api_tokens order by id";
    let rows = store.rows(sql("list programs", text), args![]).await?;
    rows.iter().map(read).collect()
}

/// Notes that a program was seen, where that was not noted within the hour.
pub async fn touch(store: &Store, token: &Token, now: UnixMillis) -> Result<(), StoreError> {
    if token.used_at.is_some_and(|used| now.since(used) < USED_MILLIS) {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    let text = "update api_tokens set used_at = $2 where id = $1";
    tx.run(sql("note a program", text), args![token.id, now]).await?;
    tx.commit().await
}

/// Shuts a program out. `false`: none of this name was let in.
pub async fn revoke(tx: &mut Tx, name: &str, now: UnixMillis) -> Result<bool, StoreError> {
    let text = "update api_tokens set revoked_at = $2 where name = $1 and revoked_at is null";
    Ok(tx.run(sql("shut a program out", text), args![name, now]).await? == 1)
}

fn read(row: &Row) -> Result<Token, StoreError> {
    let scopes: String = row.get("scopes")?;
    Ok(Token {
        id: row.get("id")?,
        name: row.get("name")?,
        // A word of a later release gives no right here.
        scopes: scopes
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect(),
        created_at: row.get("created_at")?,
        used_at: row.maybe("used_at")?,
        revoked_at: row.maybe("revoked_at")?,
    })
}
