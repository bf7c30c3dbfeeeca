//! The one place that asks the system for randomness.

use reveille_model::hex;

/// 128 random bits in hexadecimal: unguessable, and harmless in a web address.
///
/// # Errors
/// Where the operating system has no randomness to give.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn token() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system gave no randomness: {error}"))?;
    Ok(hex(&bytes))
}
