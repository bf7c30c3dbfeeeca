//! The private key of a signer.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};

use super::DkimError;

/// Bytes of the longest RSA key that every receiver knows (RFC 8301, section 3.2).
const LONGEST_RSA: usize = 4096 / 8;

pub(super) enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl Key {
    pub(super) fn from_pem(pem: &str) -> Result<Self, DkimError> {
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes())
            .ok()
            .ok_or(DkimError::Pem)?;
        let rsa = match &key {
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                // openssl writes Ed25519 keys without the public half, which can only be left unchecked.
                if let Ok(key) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
                    return Ok(Self::Ed25519(key));
                }
                RsaKeyPair::from_pkcs8(der)
            }
            _ => return Err(DkimError::Key("an elliptic-curve key".to_owned())),
        };
        let key = rsa.map_err(|error| DkimError::Key(error.to_string()))?;
        match key.public_modulus_len() <= LONGEST_RSA {
            true => Ok(Self::Rsa(Box::new(key))),
            false => Err(DkimError::Key("TooLarge".to_owned())),
        }
    }

    /// The signature of RFC 6376, section 3.3.1, or RFC 8463, section 3, which signs the hash of the data.
    pub(super) fn sign(&self, data: &[u8]) -> Result<Vec<u8>, DkimError> {
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                // PKCS#1 v1.5 signatures are deterministic: the random source is asked for by the interface only.
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature)
                    .ok()
                    .ok_or(DkimError::Sign)?;
                Ok(signature)
            }
            Self::Ed25519(key) => {
                let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, data);
                Ok(key.sign(hash.as_ref()).as_ref().to_vec())
            }
        }
    }

    /// The value of `a=`.
    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa-sha256",
            Self::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// The value of `k=` in the DNS record.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa",
            Self::Ed25519(_) => "ed25519",
        }
    }

    /// The bytes of `p=` in the DNS record: for RSA a `SubjectPublicKeyInfo`, as RFC 6376, appendix C makes
    /// it and every receiver reads it, for Ed25519 the bare 32 bytes (RFC 8463, section 4).
    pub(super) fn public(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key) => subject_public_key_info(key.public_key().as_ref()),
            Self::Ed25519(key) => key.public_key().as_ref().to_vec(),
        }
    }
}

/// The Ed25519 key of 32 random bytes, as PEM in PKCS#8.
#[must_use]
pub fn ed25519_pem(seed: &[u8; 32]) -> String {
    /// RFC 8410, section 7: version 0, id-Ed25519, an OCTET STRING in an OCTET STRING.
    const BEFORE: [u8; 16] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ];
    let text = STANDARD.encode([&BEFORE[..], seed].concat());
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

/// Wraps an `RSAPublicKey` (RFC 8017, appendix A.1.1) as RFC 5280, section 4.1.2.7 has it.
fn subject_public_key_info(rsa: &[u8]) -> Vec<u8> {
    /// `AlgorithmIdentifier`: rsaEncryption (1.2.840.113549.1.1.1) with NULL parameters.
    const RSA_ENCRYPTION: [u8; 15] = [
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ];
    // A BIT STRING opens with the number of its unused bits.
    let bits = der(0x03, &[&[0], rsa].concat());
    der(0x30, &[&RSA_ENCRYPTION[..], &bits].concat())
}

/// One DER value: tag, length, content.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().take_while(|&&byte| byte == 0).count()..];
    let mut out = vec![tag];
    match significant {
        [short] if *short < 0x80 => out.push(*short),
        long => {
            out.push(0x80 | long.len() as u8);
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(content);
    out
}
