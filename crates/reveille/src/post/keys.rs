//! What mail is signed with.

use anyhow::Context;
use reveille_mail::dkim::Signer;

use crate::config::Dkim;

/// A key of the settings that signs.
pub(crate) struct SigningKey {
    /// Which setting holds it.
    pub(crate) setting: &'static str,
    /// Of which kind the setting's key is to be, as [`Signer::kind`] says it.
    pub(crate) wanted: &'static str,
    pub(crate) signer: Signer,
}

/// The keys that sign: the usual one, and one in Ed25519 for receivers that know it (RFC 8463).
///
/// # Errors
/// Where one of them cannot be read.
pub(crate) fn signing_keys(dkim: &Dkim) -> anyhow::Result<Vec<SigningKey>> {
    let Some(domain) = &dkim.domain else {
        return Ok(Vec::new());
    };
    let (rsa, ed25519) = (&dkim.selector, &dkim.ed25519_selector);
    let mut keys = Vec::new();
    for (setting, wanted, selector, key) in [
        ("mail.dkim.key", "rsa", rsa, &dkim.key),
        ("mail.dkim.ed25519_key", "ed25519", ed25519, &dkim.ed25519_key),
    ] {
        let Some(key) = key else { continue };
        let signer = Signer::from_pem(domain, selector, key);
        keys.push(SigningKey {
            setting,
            wanted,
            signer: signer.with_context(|| format!("{setting}: the key cannot be used"))?,
        });
    }
    Ok(keys)
}
