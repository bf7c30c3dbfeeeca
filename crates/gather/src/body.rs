//! Reading a body within limits of size, rate and time.

use reqwest::{
    Response,
    header::{CONTENT_ENCODING, CONTENT_LENGTH},
};
use tokio::time::{Instant, timeout_at};

use crate::{
    FetchError, Limits, cause, header,
    unpack::{Fault, unpack},
};

/// What is to happen with a body that is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overflow {
    /// The fetch fails.
    Refuse,
    /// The beginning is kept.
    Cut,
}

/// Reads the body to its end and unpacks it; neither form is ever held beyond the limit.
pub(crate) async fn read(
    response: Response,
    most: usize,
    overflow: Overflow,
    limits: &Limits,
    end: Instant,
) -> Result<Vec<u8>, FetchError> {
    let Some(codings) = header::text(response.headers(), CONTENT_ENCODING) else {
        return receive(response, most, overflow, limits, end).await;
    };
    // Half of a packed body cannot be unpacked, so none is cut before that.
    let packed = receive(response, most, Overflow::Refuse, limits, end).await?;
    match (unpack(packed, &codings, most), overflow) {
        (Ok(body), _) | (Err(Fault::TooLarge(body)), Overflow::Cut) => Ok(body),
        (Err(Fault::TooLarge(_)), Overflow::Refuse) => Err(FetchError::TooLarge { limit: most }),
        (Err(Fault::Damaged(error)), _) => Err(FetchError::Damaged {
            source: Box::new(error),
        }),
    }
}

/// Reads the bytes as they were sent.
async fn receive(
    mut response: Response,
    most: usize,
    overflow: Overflow,
    limits: &Limits,
    end: Instant,
) -> Result<Vec<u8>, FetchError> {
    if overflow == Overflow::Refuse && announced(&response).is_some_and(|length| length > most as u64) {
        return Err(FetchError::TooLarge { limit: most });
    }
    let mut body = Vec::new();
    let mut window = Window::open(limits);
    loop {
        let chunk = match timeout_at(window.end.min(end), response.chunk()).await {
            Ok(chunk) => chunk.map_err(cause::of_body)?,
            Err(_) if Instant::now() >= end => return Err(FetchError::TooSlow { after: limits.total }),
            Err(_) => {
                window.check(limits)?;
                window = Window::open(limits);
                continue;
            }
        };
        let Some(chunk) = chunk else { return Ok(body) };
        window.bytes += chunk.len();
        if body.len() + chunk.len() > most {
            return match overflow {
                Overflow::Refuse => Err(FetchError::TooLarge { limit: most }),
                Overflow::Cut => {
                    body.extend_from_slice(&chunk[..most - body.len()]);
                    Ok(body)
                }
            };
        }
        body.extend_from_slice(&chunk);
    }
}

/// The length that the server announced.
fn announced(response: &Response) -> Option<u64> {
    header::text(response.headers(), CONTENT_LENGTH)?.parse().ok()
}

/// A stretch of time in which a least number of bytes must come.
struct Window {
    end: Instant,
    bytes: usize,
}

impl Window {
    fn open(limits: &Limits) -> Self {
        Self {
            end: Instant::now() + limits.trickle,
            bytes: 0,
        }
    }

    fn check(&self, limits: &Limits) -> Result<(), FetchError> {
        match self.bytes {
            0 => Err(FetchError::Stalled {
                after: limits.trickle,
            }),
            bytes if bytes < limits.trickle_bytes => Err(FetchError::Trickle {
                bytes,
                after: limits.trickle,
            }),
            _ => Ok(()),
        }
    }
}
