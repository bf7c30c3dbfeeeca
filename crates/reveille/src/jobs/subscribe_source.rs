//! source → hub: asks the hub that a feed names to tell us of its news (W3C WebSub, section 5.1). The hub's answer comes
//! to the web pages, by a request of its own.

use reveille_model::SourceId;
use reveille_store::{hubs, jobs::Job};

use super::{Ended, commit, id_of};
use crate::{app::App, letters::addresses};

/// For how long we ask to be told, in seconds: ten days, the usual time.
const LEASE_SECONDS: &str = "864000";
/// When a hub is asked again that did not agree, in milliseconds: a day. Until then, and after, the source is asked on its
/// own schedule.
const AGAIN_MILLIS: i64 = 86_400_000;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = SourceId(id_of(job)?);
    let Some(hub) = hubs::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    // Stored first: many hubs ask back before they answer, and what that stores must last.
    let mut tx = app.store.begin().await?;
    hubs::asked(&mut tx, id, app.now().plus(AGAIN_MILLIS)).await?;
    tx.commit().await?;
    let callback = addresses::websub(&app.config.web, &hub.token);
    let form = [
        ("hub.callback", callback.as_str()),
        ("hub.mode", "subscribe"),
        ("hub.topic", hub.topic.as_str()),
        ("hub.lease_seconds", LEASE_SECONDS),
        ("hub.secret", &hub.secret),
    ];
    let asked = app.gatherer.post(&hub.url, &form).await;
    let mut tx = app.store.begin().await?;
    if let Err(error) = asked {
        hubs::refused(&mut tx, id, &error.to_string()).await?;
    }
    commit(app, tx, job).await
}
