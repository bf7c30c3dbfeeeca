//! The hash of a body in its canonical form (RFC 6376, section 3.7).

use aws_lc_rs::digest::{Context, Digest, SHA256};

use super::canonical;

/// The hash of a body's lines so far. Clones share what was hashed, so that messages that begin alike need it once.
#[derive(Clone)]
pub struct BodyHash {
    context: Context,
    /// Empty lines that count only if a line with something in it follows (RFC 6376, section 3.4.4).
    empty: usize,
}

impl std::fmt::Debug for BodyHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BodyHash").finish_non_exhaustive()
    }
}

impl Default for BodyHash {
    fn default() -> Self {
        Self {
            context: Context::new(&SHA256),
            empty: 0,
        }
    }
}

impl BodyHash {
    /// The hash of a whole body.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let mut hash = Self::default();
        hash.push(&canonical::body(body));
        hash
    }

    /// Takes further lines in their canonical form.
    pub(crate) fn push(&mut self, lines: &[u8]) {
        let mut kept = lines;
        while kept == b"\r\n" || kept.ends_with(b"\r\n\r\n") {
            kept = &kept[..kept.len() - 2];
        }
        if !kept.is_empty() {
            for _ in 0..std::mem::take(&mut self.empty) {
                self.context.update(b"\r\n");
            }
            self.context.update(kept);
        }
        self.empty += (lines.len() - kept.len()) / 2;
    }

    pub(super) fn digest(&self) -> Digest {
        self.context.clone().finish()
    }
}
