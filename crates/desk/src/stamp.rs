//! The stamp of a sign-up form: when it was made, signed, so that nobody makes one; and a puzzle about it.
//!
//! A browser solves the puzzle in about half a second, unseen, for the address that was typed: who sends ten thousand forms
//! works an hour. Nobody else is asked, and nothing about the visitor is looked at. Who comes without script, or from a
//! form on another site, has solved nothing, and counts for several in a crowd.

use aws_lc_rs::{digest, hmac};
use reveille_model::{Slug, UnixMillis, hex};

/// How many bits of the digest must be zero: some 65,000 tries.
const BITS: u32 = 16;
/// How long a stamp is good, in milliseconds: a day, in which a page may lie open.
const GOOD_MILLIS: i64 = 86_400_000;

/// A stamp for the form of this brief: `1773115200000.` and 32 hexadecimal digits.
pub(crate) fn make(secret: &str, brief: &Slug, now: UnixMillis) -> String {
    format!("{}.{}", now.0, tag(secret, brief, &now.0.to_string()))
}

fn tag(secret: &str, brief: &Slug, at: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("sign-up form of {brief} at {at}").as_bytes());
    hex(&tag.as_ref()[..16])
}

/// When the form with this stamp was made; `None` where the stamp is not ours, or too old.
pub(crate) fn read(secret: &str, brief: &Slug, stamp: &str, now: UnixMillis) -> Option<UnixMillis> {
    let (at, signed) = stamp.split_once('.')?;
    let made = UnixMillis(at.parse().ok()?);
    // The time that a comparison takes tells nothing of use: a stamp can be had for the asking.
    let is_ours = signed == tag(secret, brief, at);
    (is_ours && now.since(made) < GOOD_MILLIS).then_some(made)
}

/// Whether `work` solves the puzzle: SHA-256 of stamp, address and it, parted by colons, begins with zero bits.
pub(crate) fn is_solved(stamp: &str, email: &str, work: &str) -> bool {
    let digest = digest::digest(&digest::SHA256, format!("{stamp}:{email}:{work}").as_bytes());
    let first = digest
        .as_ref()
        .first_chunk()
        .map_or(u32::MAX, |first| u32::from_be_bytes(*first));
    !work.is_empty() && first.leading_zeros() >= BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_773_115_200_000);

    #[test]
    fn only_our_own_stamp_is_believed_and_for_a_day() {
        let (morning, evening): (Slug, Slug) = ("morning".parse().unwrap(), "evening".parse().unwrap());
        let stamp = make("secret", &morning, NOW);
        assert_eq!(read("secret", &morning, &stamp, NOW.plus(5)), Some(NOW));
        assert_eq!(read("secret", &morning, &stamp, NOW.plus(GOOD_MILLIS)), None);
        assert_eq!(read("secret", &evening, &stamp, NOW), None);
        assert_eq!(read("other", &morning, &stamp, NOW), None);
        let earlier = stamp.replacen("17731", "17730", 1);
        for forged in ["", ".", "1773115200000", "1773115200000.0", &earlier] {
            assert_eq!(read("secret", &morning, forged, NOW), None, "{forged}");
        }
    }

    #[test]
    fn the_puzzle_is_about_the_stamp_and_the_address() {
        let solve = |stamp: &str| {
            let mut tries = (0..10_000_000).map(|number: u32| number.to_string());
            tries
                .find(|work| is_solved(stamp, "ann@example.org", work))
                .unwrap()
        };
        let work = solve("stamp");
        assert!(
            !is_solved("stamp", "bob@example.org", &work) && !is_solved("other", "ann@example.org", &work)
        );
        assert!(!is_solved("stamp", "ann@example.org", ""));
    }
}
