//! What the mails of a mailing are called: by names that are the same however often one is sent, and tell nobody which
//! reader it is, or how many there are.

use aws_lc_rs::hmac;
use reveille_model::SubscriberId;
use reveille_store::secrets;

use crate::{app::App, entropy};

/// Bytes of the name: 128 bits, so that no two mails ever share one.
const NAME: usize = 16;
/// The hexadecimal digits in which it is written.
pub(crate) const DIGITS: usize = 2 * NAME;

/// The Message-IDs of one mailing.
pub(crate) struct MessageIds {
    key: hmac::Key,
    mailing: String,
    domain: String,
}

impl MessageIds {
    /// Those of what is called so, by the secret that all nodes share. No two mailings may be called the same, not even when the
    /// store was put back to what it was some days ago, as its numbers are then.
    ///
    /// # Errors
    /// Where the store fails, or the system has no randomness to give.
    pub(crate) async fn of(app: &App, mailing: String) -> anyhow::Result<Self> {
        let fresh = entropy::token()?;
        let mut tx = app.store.begin().await?;
        let secret = secrets::find_or_insert(&mut tx, "message ids", &fresh).await?;
        tx.commit().await?;
        Ok(Self::by(&secret, mailing, app.config.mail.from_address.domain()))
    }

    fn by(secret: &str, mailing: String, domain: &str) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()),
            mailing,
            domain: domain.to_owned(),
        }
    }

    /// The Message-ID of one reader's mail, without angle brackets: HMAC-SHA256 of mailing and reader, cut to 128 bits, at
    /// the sender's domain (RFC 5322, section 3.6.4).
    pub(crate) fn to(&self, reader: SubscriberId) -> String {
        let tag = hmac::sign(&self.key, format!("{}, reader {reader}", self.mailing).as_bytes());
        let name = tag.as_ref().iter().take(NAME);
        let name: String = name.map(|byte| format!("{byte:02x}")).collect();
        format!("{name}@{}", self.domain)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_mail_has_a_name_of_its_own_and_keeps_it() {
        let ids = |secret: &str, mailing: &str| MessageIds::by(secret, mailing.to_owned(), "brief.example");
        let all = [
            ids("secret", "morning 1").to(SubscriberId(11)),
            ids("secret", "morning 1").to(SubscriberId(12)),
            ids("secret", "morning 11").to(SubscriberId(1)),
            ids("other", "morning 1").to(SubscriberId(11)),
        ];
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{all:?}");
        assert_eq!(ids("secret", "morning 1").to(SubscriberId(11)), all[0]);
        for id in &all {
            let (name, domain) = id.split_once('@').unwrap();
            assert_eq!((name.len(), domain), (32, "brief.example"), "{id}");
        }
    }
}
