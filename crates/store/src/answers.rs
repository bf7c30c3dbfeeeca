//! What was answered to requests that a program may send twice, so that the second changes nothing
//! (draft-ietf-httpapi-idempotency-key-header).

use reveille_model::{SubscriberId, TokenId, UnixMillis};

use crate::{
    StoreError, Tx,
    digest::of_token,
    sql::{args, sql},
};

/// A request that has not been answered after so many milliseconds will not be any more.
const PATIENCE_MILLIS: i64 = 60_000;

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it is this request's from now on.
    New,
    /// The same request is being answered.
    UnderWay,
    /// It was used for another request.
    Other,
    /// The answer: status and body.
    Answered(u16, String),
}

/// Takes a program's key for a request, which is told by its method, address and body.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn take(
    tx: &mut Tx,
    token: TokenId,
    key: &str,
    request: &str,
    now: UnixMillis,
) -> Result<Known, StoreError> {
    let doing = "take an idempotency key";
    let request = of_token(request);
    let text = "insert into api_answers (token_id, key, request, status, body, at) values ($1, $2, $3, 0, '', $4)
                on conflict (token_id, key) do update set at = excluded.at
                  where api_answers.request = excluded.request and api_answers.status = 0 and api_answers.at <= $5";
    let args = args![token, key, &request, now, now.plus(-PATIENCE_MILLIS)];
    if tx.run(sql(doing, text), args).await? == 1 {
        return Ok(Known::New);
    }
    let text = "select request, status, body from api_answers where token_id = $1 and key = $2";
    let row = tx.row(sql(doing, text), args![token, key]).await?;
    let row = row.ok_or(StoreError::Vanished { doing })?;
    if row.get::<String>("request")? != request {
        return Ok(Known::Other);
    }
    Ok(match u16::try_from(row.get::<u32>("status")?).unwrap_or(0) {
        0 => Known::UnderWay,
        status => Known::Answered(status, row.get("body")?),
    })
}

/// Keeps the answer, until the reader of whom it tells is erased; where they are gone already it is not kept.
pub async fn keep(
    tx: &mut Tx,
    (token, key): (TokenId, &str),
    (status, body): (u16, &str),
    reader: Option<SubscriberId>,
) -> Result<(), StoreError> {
    let text =
        "update api_answers set status = $3, body = $4, subscriber_id = $5 where token_id = $1 and key = $2
                  and ($5 is null or exists (select 1 from subscribers where id = $5))";
    let args = args![token, key, u32::from(status), body, reader];
    tx.run(sql("keep an answer", text), args).await.map(drop)
}

/// Gives the key back: the request came to nothing, and may be sent again.
pub async fn give_back(tx: &mut Tx, token: TokenId, key: &str) -> Result<(), StoreError> {
    let text = "delete from api_answers where token_id = $1 and key = $2 and status = 0";
    tx.run(sql("give an idempotency key back", text), args![token, key])
        .await
        .map(drop)
}

/// Forgets the answers from before.
pub async fn purge(tx: &mut Tx, before: UnixMillis) -> Result<u64, StoreError> {
    tx.run(
        sql("forget answers", "delete from api_answers where at < $1"),
        args![before],
    )
    .await
}
