//! Documents that are packed: sitemaps often stand as `.xml.gz`, which no HTTP client unpacks.

use std::{borrow::Cow, io::Read};

use crate::{FeedError, Limits};

/// A document's own bytes, and what was wrong with the packing.
pub(crate) struct Unpacked<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    pub(crate) fault: Option<String>,
}

/// Unpacks gzip (RFC 1952), up to the limit: a bomb costs no more than the largest document that is read.
pub(crate) fn unpack(bytes: &[u8], limits: Limits) -> Result<Unpacked<'_>, FeedError> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return Ok(Unpacked {
            bytes: Cow::Borrowed(bytes),
            fault: None,
        });
    }
    let mut out = Vec::new();
    let unpacked = flate2::read::MultiGzDecoder::new(bytes)
        .take(limits.bytes as u64 + 1)
        .read_to_end(&mut out);
    if out.len() > limits.bytes {
        return Err(FeedError::TooLarge {
            bytes: out.len(),
            limit: limits.bytes,
        });
    }
    if out.is_empty() && unpacked.is_err() {
        return Err(FeedError::Binary {
            kind: "a damaged gzip archive",
        });
    }
    Ok(Unpacked {
        bytes: Cow::Owned(out),
        fault: unpacked
            .err()
            .map(|error| format!("the gzip archive is damaged ({error}); what came before was read")),
    })
}
