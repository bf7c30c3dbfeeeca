//! Which version of an article stands, and whether it does.

use serde::{Deserialize, Serialize};

use crate::{UnixMillis, state::words};

words! {
    /// Whether an article stands as it was read.
    ArticleState as "article state" {
        /// It does.
        Standing = "standing",
        /// Its page answered 404 or 410 after it was read. It may have been withdrawn; an editor decides.
        Missing = "missing",
        /// Its writer asks not to use it for now.
        Withheld = "withheld",
        /// It was taken back for good: no later version brings it back.
        Withdrawn = "withdrawn",
    }
}

impl ArticleState {
    /// Whether an edition may print it.
    #[must_use]
    pub const fn may_be_printed(self) -> bool {
        matches!(self, Self::Standing | Self::Missing)
    }
}

/// What tells the versions of a wire message apart, in whatever order they arrive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Revision {
    /// The agency's number.
    pub number: Option<u32>,
    /// When this version was made.
    pub at: Option<UnixMillis>,
}

impl Revision {
    /// Whether this version is older than the other. Where neither number nor time tells, it is not: then the one that
    /// comes later stands.
    #[must_use]
    pub fn is_before(self, other: Self) -> bool {
        match (self.number, other.number) {
            (Some(own), Some(others)) if own != others => own < others,
            _ => matches!((self.at, other.at), (Some(own), Some(others)) if own < others),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_decide_then_times_then_the_order_of_arrival() {
        let revision = |number, at: Option<i64>| Revision {
            number,
            at: at.map(UnixMillis),
        };
        assert!(revision(Some(1), Some(9)).is_before(revision(Some(2), Some(3))));
        assert!(!revision(Some(2), Some(3)).is_before(revision(Some(1), Some(9))));
        assert!(revision(Some(2), Some(3)).is_before(revision(Some(2), Some(4))));
        assert!(revision(None, Some(3)).is_before(revision(Some(2), Some(4))));
        assert!(!revision(None, None).is_before(revision(Some(2), None)));
        assert!(!revision(Some(2), None).is_before(revision(Some(2), None)));
    }
}
