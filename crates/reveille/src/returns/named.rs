//! Which of our mailings something that came back is of, by the Message-ID that only our message to its reader has.

use std::collections::BTreeSet;

use reveille_model::SubscriberId;
use reveille_store::deliveries::{self, Mailing};

use crate::{app::App, message_ids};

/// Our Message-IDs in one mail or event that are looked for; an honest one has the same one, in some places.
const IDS: usize = 5;

/// What this reader was mailed by us under a name that stands in the text.
///
/// # Errors
/// Where the store fails.
pub(super) async fn mailing(app: &App, reader: SubscriberId, text: &str) -> anyhow::Result<Option<Mailing>> {
    let domain = app.config.mail.from_address.domain();
    for id in ids_in(text, domain).iter().take(IDS) {
        if let Some(mailing) = deliveries::mailed_as(&app.store, reader, id).await? {
            return Ok(Some(mailing));
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
