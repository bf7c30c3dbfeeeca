//! Digests: a short, stable fingerprint of a text, and what stands for a secret token.

use aws_lc_rs::digest;
use reveille_model::hex;

/// What is kept of a token that nobody can guess: SHA-256, in hex digits. A token of 128 random bits needs no salt.
pub(crate) fn of_token(token: &str) -> String {
    of_text(token)
}

/// SHA-256 of a text, in hex digits: it tells texts apart also where somebody would like one to pass for another.
pub(crate) fn of_text(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

/// FNV-1a in 128 bits (draft-eastlake-fnv), as 32 hex digits. It tells contents apart that nobody forged; it is no
/// proof against somebody who does.
pub(crate) fn fingerprint(text: impl AsRef<[u8]>) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = text.as_ref().iter().fold(OFFSET, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(PRIME)
    });
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn the_published_vectors_hold() {
        assert_eq!(fingerprint(""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(fingerprint("a"), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(fingerprint("foobar"), "343e1662793c64bf6f0d3597ba446f18");
    }
}
