//! The one place that asks the system for randomness.

/// 128 random bits.
///
/// # Errors
/// Where the operating system has no randomness to give.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn bits() -> anyhow::Result<u128> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system gave no randomness: {error}"))?;
    Ok(u128::from_be_bytes(bytes))
}

/// [`bits`] in 32 hexadecimal digits: unguessable, and harmless in a web address.
///
/// # Errors
/// As [`bits`].
pub(crate) fn token() -> anyhow::Result<String> {
    Ok(format!("{:032x}", bits()?))
}
