//! The names of wire messages: a replacement may come under a name of its own, and before what it replaces.

use reveille_model::Uri;

use super::{NewArticle, WireVersion, read, select_articles, upsert};
use crate::{
    StoreError, Tx,
    sql::{args, sql},
};

/// The address at which the versions of a message are kept: its own name, or that of the message which it replaces under
/// a name of its own. What was kept under that own name before, because the replacement of the replacement came first,
/// moves there.
pub async fn address(tx: &mut Tx, name: &Uri, replaces: Option<&Uri>) -> Result<Uri, StoreError> {
    let own = known_as(tx, name).await?;
    let Some(replaced) = replaces else { return Ok(own) };
    let first = known_as(tx, replaced).await?;
    if first == own {
        return Ok(first);
    }
    let doing = "note another name of an article";
    let text = "update aliases set url = $2 where url = $1";
    tx.run(sql(doing, text), args![&own, &first]).await?;
    let text = "insert into aliases (alias, url) values ($1, $2) on conflict (alias) do update set url = excluded.url";
    tx.run(sql(doing, text), args![&own, &first]).await?;
    join(tx, &own, &first).await?;
    Ok(first)
}

async fn known_as(tx: &mut Tx, name: &Uri) -> Result<Uri, StoreError> {
    let text = "select url from aliases where alias = $1";
    let row = tx
        .row(sql("look up a name of an article", text), args![name])
        .await?;
    row.map_or_else(|| Ok(name.clone()), |row| row.get("url"))
}

/// Makes the article at one address a version of that at another.
async fn join(tx: &mut Tx, from: &Uri, to: &Uri) -> Result<(), StoreError> {
    let text = select_articles!("where a.url = $1");
    let Some(row) = tx.row(sql("find an article", text), args![from]).await? else {
        return Ok(());
    };
    let apart = read(&row)?;
    let new = NewArticle {
        item: apart.item,
        source: apart.source,
        url: to.clone(),
        article: apart.article,
        wire: Some(WireVersion {
            revision: apart.revision,
            state: apart.state,
            note: apart.state_note,
            not_before: apart.not_before,
        }),
        fetched_at: apart.fetched_at,
    };
    upsert(tx, &new).await?;
    let text = "delete from articles where id = $1";
    tx.run(sql("join two articles", text), args![apart.id])
        .await
        .map(drop)
}
