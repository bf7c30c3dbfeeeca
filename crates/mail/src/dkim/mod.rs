//! DKIM signatures (RFC 6376, RFC 8463): `relaxed/relaxed`, RSA-SHA256 or Ed25519-SHA256.

mod body_hash;
pub(crate) mod canonical;
mod key;

use base64::{Engine, engine::general_purpose::STANDARD};
use reveille_model::UnixMillis;

use crate::header;
pub use body_hash::BodyHash;
use key::Key;
pub use key::ed25519_pem;

/// Why a key cannot sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DkimError {
    /// The domain is not one in ASCII.
    #[error("`{0}` is not a domain that a signature can name (expected ASCII such as news.example.org)")]
    Domain(String),
    /// The selector is not one or more DNS labels.
    #[error("`{0}` is not a DKIM selector (expected letters, digits, - and dots)")]
    Selector(String),
    /// There is no private key in the PEM text.
    #[error("the text holds no private key (expected PEM with BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY)")]
    Pem,
    /// The key is of another kind, damaged, or too small to be trusted.
    #[error("the private key is neither RSA of 2048 to 4096 bits nor Ed25519 ({0})")]
    Key(String),
    /// The signing itself failed.
    #[error("the private key could not sign the message")]
    Sign,
}

/// The fields that are signed where they occur. Each name stands in `h=` once more than in the message, so that
/// nobody can add a second Subject or another unsubscribe link to a signed message (RFC 6376, section 8.15).
/// RFC 8058, section 4 demands that both List-Unsubscribe fields are covered.
const SIGNED: [&str; 15] = [
    "from",
    "to",
    "cc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "feedback-id",
    "auto-submitted",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
];

/// A domain's private key under its selector.
pub struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Signer({} at {}, {})",
            self.selector,
            self.domain,
            self.key.algorithm()
        )
    }
}

impl Signer {
    /// Reads the private key: PKCS#8 (RSA or Ed25519) or PKCS#1 (RSA), in PEM.
    ///
    /// # Errors
    /// [`DkimError`], which says what is wrong with the domain, the selector or the key.
    pub fn from_pem(domain: &str, selector: &str, pem: &str) -> Result<Self, DkimError> {
        if !is_dns_name(domain) {
            return Err(DkimError::Domain(domain.to_owned()));
        }
        if !is_dns_name(selector) {
            return Err(DkimError::Selector(selector.to_owned()));
        }
        let key = Key::from_pem(pem)?;
        Ok(Self {
            domain: domain.to_owned(),
            selector: selector.to_owned(),
            key,
        })
    }

    /// The `DKIM-Signature` field for a message of this header, with CRLF line ends, and this body. Put it, with its
    /// own line end, before the message.
    ///
    /// # Errors
    /// [`DkimError::Sign`] where the key fails its own check.
    pub fn sign(&self, head: &[u8], body: &BodyHash, now: UnixMillis) -> Result<String, DkimError> {
        let mut data = Vec::with_capacity(2048);
        let names = cover(&mut data, &canonical::fields(head));
        let mut words = self.tags(&names, body, now);
        let mut unsigned = String::new();
        header::folded(&mut unsigned, "DKIM-Signature", &words);
        let value = unsigned.split_once(':').map_or("", |(_, value)| value);
        canonical::field(&mut data, b"DKIM-Signature", value.as_bytes());
        let signature = STANDARD.encode(self.key.sign(&data)?);
        // White space within `b=` is ignored, so the signature folds like any text.
        let parts = signature.as_bytes().chunks(72);
        words.extend(parts.map(|part| String::from_utf8_lossy(part).into_owned()));
        let mut signed = String::new();
        header::folded(&mut signed, "DKIM-Signature", &words);
        Ok(signed)
    }

    /// The DNS name and the TXT value under which receivers find the public key (RFC 6376, section 3.6).
    #[must_use]
    pub fn record(&self) -> (String, String) {
        let name = format!("{}._domainkey.{}", self.selector, self.domain);
        let key = STANDARD.encode(self.key.public());
        (name, format!("v=DKIM1; k={}; p={key}", self.key.kind()))
    }

    /// The kind of its key, as `k=` of the record has it: "rsa" or "ed25519".
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.key.kind()
    }

    /// The field's tags (RFC 6376, section 3.5) as words to fold between, with an empty `b=` at the end.
    fn tags(&self, names: &[&str], body: &BodyHash, now: UnixMillis) -> Vec<String> {
        let mut words = vec![
            "v=1;".to_owned(),
            format!("a={};", self.key.algorithm()),
            "c=relaxed/relaxed;".to_owned(),
            format!("d={};", self.domain),
            format!("s={};", self.selector),
            format!("t={};", now.0.div_euclid(1000).max(0)),
        ];
        let last = names.len().saturating_sub(1);
        for (index, name) in names.iter().enumerate() {
            let tag = if index == 0 { "h=" } else { "" };
            let mark = if index == last { ';' } else { ':' };
            words.push(format!("{tag}{name}{mark}"));
        }
        words.push(format!("bh={};", STANDARD.encode(body.digest())));
        words.push("b=".to_owned());
        words
    }
}

/// Appends the canonical form of the signed fields and returns the names for `h=`. Fields of one name are taken
/// from the bottom up (RFC 6376, section 5.4.2).
fn cover(data: &mut Vec<u8>, fields: &[canonical::Field<'_>]) -> Vec<&'static str> {
    let mut names = Vec::with_capacity(2 * SIGNED.len());
    for signed in SIGNED {
        for (name, value) in fields.iter().rev() {
            if name.trim_ascii().eq_ignore_ascii_case(signed.as_bytes()) {
                canonical::field(data, name, value);
                data.extend_from_slice(b"\r\n");
                names.push(signed);
            }
        }
        names.push(signed);
    }
    names
}

fn is_dns_name(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    text.len() <= 253 && text.split('.').all(label)
}
