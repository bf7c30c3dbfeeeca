//! What a mail service tells of a message that it took for us.
//!
//! Whom it is about is found by what only our message to that reader held: their return path, or the Message-ID together
//! with the address that it was mailed to. An address alone names nobody.

use reveille_mail::webhook::Event;
use reveille_model::EmailAddress;
use reveille_store::subscribers::{self, Subscriber};

use super::{Taken, keep, key_in, meaning, named};
use crate::{app::App, reconcile};

/// Keeps what an event says of the reader whom it names, once, however often `service` tells it.
///
/// # Errors
/// Where the store fails.
pub(super) async fn take(app: &App, service: &str, event: Event) -> anyhow::Result<Taken> {
    let Some(reader) = reader_of(app, &event).await? else {
        return Ok(Taken::Nobody);
    };
    // Whatever became of the message, the service had it.
    reconcile::by_answer(app, reader.id, event.names.as_bytes()).await?;
    let Some(what) = meaning(app, &reader.email, event.returned) else {
        return Ok(Taken::NoReturn);
    };
    let name = if event.id.is_empty() {
        &event.names
    } else {
        &event.id
    };
    let mailing = named::mailing(app, reader.id, &event.names).await?;
    let proof = format!("{service} {name}");
    keep(app, (&reader, mailing), &what, proof.as_bytes()).await
}

async fn reader_of(app: &App, event: &Event) -> anyhow::Result<Option<Subscriber>> {
    if let Some(key) = key_in(&app.config.mail, event.names.as_bytes()) {
        return Ok(subscribers::find_by_token(&app.store, &key).await?);
    }
    let Ok(address) = event.recipient.parse::<EmailAddress>() else {
        return Ok(None);
    };
    for reader in subscribers::list_by_email(&app.store, &address).await? {
        if named::mailing(app, reader.id, &event.names).await?.is_some() {
            return Ok(Some(reader));
        }
    }
    Ok(None)
}
