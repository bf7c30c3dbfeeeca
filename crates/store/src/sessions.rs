//! Who is signed in to the desk: the links that a command prints, and the sessions that they begin. Both stand here by their
//! digest only.

use reveille_model::{SessionId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    digest::of_token,
    sql::{Row, args, sql},
};

/// For how long a link signs in, in milliseconds: ten minutes.
pub const LINK_MILLIS: i64 = 10 * 60_000;
/// How long a session outlives its last use, in milliseconds: twelve hours.
pub const SESSION_MILLIS: i64 = 12 * 3_600_000;
/// How long a session lasts at most, in milliseconds: a week, so that a stolen one ends though it is used.
pub const LONGEST_SESSION_MILLIS: i64 = 7 * 86_400_000;

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its row.
    pub id: SessionId,
    /// Whose it is, as the link said.
    pub editor: String,
    /// What the browser called itself.
    pub agent: Option<String>,
    /// When it signed in.
    pub made_at: UnixMillis,
    /// When it was last seen, as far as [`renew`] was told.
    pub seen_at: UnixMillis,
}

/// Makes a link with this token, which nobody can guess, and clears away those that are too old.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert_link(tx: &mut Tx, editor: &str, token: &str, now: UnixMillis) -> Result<(), StoreError> {
    let doing = "make a link to the desk";
    let old = "delete from sign_ins where made_at <= $1";
    tx.run(sql(doing, old), args![now.plus(-LINK_MILLIS)]).await?;
    let text = "insert into sign_ins (digest, editor, made_at) values ($1, $2, $3)";
    tx.run(sql(doing, text), args![of_token(token), editor, now])
        .await
        .map(drop)
}

/// Whom the link with this token signs in; `None` where it is not good, or not any more.
pub async fn find_link(store: &Store, token: &str, now: UnixMillis) -> Result<Option<String>, StoreError> {
    let text = "select editor from sign_ins where digest = $1 and made_at > $2";
    let args = args![of_token(token), now.plus(-LINK_MILLIS)];
    let row = store.row(sql("find a link to the desk", text), args).await?;
    row.map(|row| row.get("editor")).transpose()
}

/// Uses the link up, and says whom it signs in; `None` where it is not good, or not any more.
pub async fn take_link(tx: &mut Tx, token: &str, now: UnixMillis) -> Result<Option<String>, StoreError> {
    let text = "delete from sign_ins where digest = $1 and made_at > $2 returning editor";
    let args = args![of_token(token), now.plus(-LINK_MILLIS)];
    let row = tx.row(sql("use a link to the desk", text), args).await?;
    row.map(|row| row.get("editor")).transpose()
}

/// Begins a session whose browser holds this token, which nobody can guess, and clears away those that have ended.
pub async fn insert(
    tx: &mut Tx,
    editor: &str,
    agent: Option<&str>,
    token: &str,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let doing = "begin a session";
    let old = "delete from sessions where seen_at <= $1 or made_at <= $2";
    tx.run(sql(doing, old), ended(now)).await?;
    let text = "insert into sessions (digest, editor, agent, made_at, seen_at) values ($1, $2, $3, $4, $4)";
    tx.run(sql(doing, text), args![of_token(token), editor, agent, now])
        .await
        .map(drop)
}

/// The session whose browser holds this token; `None` where it has ended.
pub async fn find(store: &Store, token: &str, now: UnixMillis) -> Result<Option<Session>, StoreError> {
    let text = "select id, editor, agent, made_at, seen_at from sessions
                where seen_at > $1 and made_at > $2 and digest = $3";
    let mut args = ended(now);
    args.extend(args![of_token(token)]);
    let row = store.row(sql("find a session", text), args).await?;
    row.as_ref().map(read).transpose()
}

/// The sessions that have not ended, latest seen first.
pub async fn list(store: &Store, now: UnixMillis) -> Result<Vec<Session>, StoreError> {
    let text = "select id, editor, agent, made_at, seen_at from sessions
                where seen_at > $1 and made_at > $2 order by seen_at desc, id desc";
    let rows = store.rows(sql("list sessions", text), ended(now)).await?;
    rows.iter().map(read).collect()
}

/// Records that a session is in use.
pub async fn renew(tx: &mut Tx, id: SessionId, now: UnixMillis) -> Result<(), StoreError> {
    let text = "update sessions set seen_at = $2 where id = $1";
    tx.run(sql("renew a session", text), args![id, now])
        .await
        .map(drop)
}

/// Ends a session. `false`: there is no such session.
pub async fn delete(tx: &mut Tx, id: SessionId) -> Result<bool, StoreError> {
    let text = "delete from sessions where id = $1";
    Ok(tx.run(sql("end a session", text), args![id]).await? == 1)
}

/// Ends all sessions, and makes all links worthless. Says how many sessions that were.
pub async fn delete_all(tx: &mut Tx) -> Result<u64, StoreError> {
    let doing = "end all sessions";
    tx.run(sql(doing, "delete from sign_ins"), args![]).await?;
    tx.run(sql(doing, "delete from sessions"), args![]).await
}

/// What has ended was last seen by the first of these instants, or made by the second.
fn ended(now: UnixMillis) -> Vec<crate::sql::Arg<'static>> {
    args![now.plus(-SESSION_MILLIS), now.plus(-LONGEST_SESSION_MILLIS)]
}

fn read(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.get("id")?,
        editor: row.get("editor")?,
        agent: row.maybe("agent")?,
        made_at: row.get("made_at")?,
        seen_at: row.get("seen_at")?,
    })
}
