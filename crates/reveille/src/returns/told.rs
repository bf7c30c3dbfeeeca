//! What a mail service tells of a message that it took for us.
//!
//! Whom it is about is found by what only our message to that reader held: their return path, or the Message-ID together
//! with the address that it was mailed to. An address alone names nobody.

use std::collections::BTreeSet;

use reveille_mail::webhook::Event;
use reveille_model::EmailAddress;
use reveille_store::{
    deliveries,
    subscribers::{self, Subscriber},
};

use super::{Taken, keep, key_in, meaning};
use crate::{app::App, message_ids, reconcile};

/// Our Message-IDs in one event that are looked for; an honest one has the same one, in some places.
const IDS: usize = 5;

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
    let Some(what) = meaning(app, event.returned) else {
        return Ok(Taken::NoReturn);
    };
    let name = if event.id.is_empty() {
        &event.names
    } else {
        &event.id
    };
    keep(app, &reader, &what, format!("{service} {name}").as_bytes()).await
}

async fn reader_of(app: &App, event: &Event) -> anyhow::Result<Option<Subscriber>> {
    if let Some(key) = key_in(&app.config.mail, event.names.as_bytes()) {
        return Ok(subscribers::find_by_token(&app.store, &key).await?);
    }
    let Ok(address) = event.recipient.parse::<EmailAddress>() else {
        return Ok(None);
    };
    let ids = ids_in(&event.names, app.config.mail.from_address.domain());
    for reader in subscribers::list_by_email(&app.store, &address).await? {
        for id in ids.iter().take(IDS) {
            if deliveries::was_mailed(&app.store, reader.id, id).await? {
                return Ok(Some(reader));
            }
        }
    }
    Ok(None)
}

/// What may be a Message-ID of ours: the digits of a name at our domain.
fn ids_in(names: &str, domain: &str) -> BTreeSet<String> {
    let after = format!("@{domain}");
    let ids = names.match_indices(&after).filter_map(|(at, _)| {
        let name = names.get(at.checked_sub(message_ids::DIGITS)?..at)?;
        let is_name = name.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_name.then(|| format!("{name}{after}"))
    });
    ids.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_ours_are_found_wherever_they_stand() {
        let name = "0123456789abcdef0123456789abcdef";
        let found = |text: &str| ids_in(text, "brief.example").into_iter().collect::<Vec<_>>();
        let id = format!("{name}@brief.example");
        assert_eq!(found(&format!("ann@brief.example\n<{id}>\n{id}")), [id.as_str()]);
        assert!(
            found(&format!(
                "{name}@other.example @brief.example é{}@brief.example",
                &name[1..]
            ))
            .is_empty()
        );
    }
}
