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

/// So many tokens that share their first 32 random bits, with 96 of its own each: unguessable still, and side by side in an
/// index, where a million that share nothing touch each of its pages again and again.
///
/// # Errors
/// As [`bits`].
pub(crate) fn tokens(count: usize) -> anyhow::Result<Vec<String>> {
    let shared = bits()? >> 96 << 96;
    (0..count)
        .map(|_| Ok(format!("{:032x}", shared | bits()? >> 32)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn tokens_of_a_list_begin_alike_and_are_all_different() {
        let list = tokens(1_000).unwrap();
        let starts: BTreeSet<&str> = list.iter().map(|token| &token[..8]).collect();
        let whole: BTreeSet<&String> = list.iter().collect();
        assert_eq!((starts.len(), whole.len()), (1, 1_000));
        assert!(
            list.iter()
                .all(|token| token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit()))
        );
        assert_ne!(
            tokens(1).unwrap()[0][..8],
            list[0][..8],
            "another list begins otherwise"
        );
    }
}
