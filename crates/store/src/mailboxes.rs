//! Mailboxes of returned mail on IMAP servers: how far each was read.

use reveille_model::UnixMillis;

use crate::{
    Store, StoreError, Tx,
    sql::{args, sql},
};

/// How a mailbox stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mailbox {
    /// Its validity and the last UID taken (RFC 9051, section 2.3.1.1); nothing where it was never read.
    pub mark: Option<(u32, u32)>,
    /// When it is asked again.
    pub ask_at: UnixMillis,
}

/// The mailbox of this address, `user@host:port/name`.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn find(store: &Store, address: &str) -> Result<Option<Mailbox>, StoreError> {
    let text = "select validity, uid, ask_at from mailboxes where address = $1";
    let row = store.row(sql("find a mailbox", text), args![address]).await?;
    let read = row.map(|row| {
        let mark = row.maybe("validity")?.zip(row.maybe("uid")?);
        let ask_at = row.get("ask_at")?;
        Ok(Mailbox { mark, ask_at })
    });
    read.transpose()
}

/// Records how far a mailbox is read, and when it is asked again. Without a mark, the one that it had stays.
pub async fn asked(
    tx: &mut Tx,
    address: &str,
    mark: Option<(u32, u32)>,
    ask_at: UnixMillis,
) -> Result<(), StoreError> {
    let text = "insert into mailboxes (address, validity, uid, ask_at) values ($1, $2, $3, $4)
                on conflict (address) do update set
                  validity = coalesce(excluded.validity, mailboxes.validity),
                  uid = coalesce(excluded.uid, mailboxes.uid), ask_at = excluded.ask_at";
    let (validity, uid) = mark.unzip();
    tx.run(sql("keep a mailbox", text), args![address, validity, uid, ask_at])
        .await
        .map(drop)
}
