//! A DKIM verifier that shares no line with the signer: it walks the message as text, byte for byte as RFC 6376,
//! section 6.1 tells a receiver to.

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{ED25519, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};

/// Checks the `index`-th signature of the message against the value of its DNS record.
pub(crate) fn verify(message: &str, index: usize, record: &str) -> Result<(), &'static str> {
    let (header, body) = message.split_once("\r\n\r\n").ok_or("no body")?;
    let fields = unfold(header);
    let is_signature = |field: &&(String, String)| field.0 == "dkim-signature";
    let signature = fields
        .iter()
        .filter(is_signature)
        .nth(index)
        .ok_or("no signature")?;
    let tag = |name: &str| tag_of(&signature.1, name).ok_or("a tag is missing");
    if tag("v")? != "1" || tag("c")? != "relaxed/relaxed" {
        return Err("not the form we know");
    }
    if STANDARD.encode(digest(&SHA256, relaxed_body(body).as_bytes())) != tag("bh")? {
        return Err("the body was changed");
    }
    let mut data = String::new();
    let mut left: Vec<_> = fields.iter().collect();
    for name in tag("h")?.split(':') {
        if let Some(at) = left.iter().rposition(|field| field.0 == name.to_lowercase()) {
            let (name, value) = left.remove(at);
            data.push_str(&format!("{name}:{}\r\n", squeeze(value)));
        }
    }
    let b_at = signature.1.rfind("b=").ok_or("no b=")?;
    data.push_str(&format!("dkim-signature:{}", squeeze(&signature.1[..b_at + 2])));
    let given = STANDARD.decode(tag("b")?).ok().ok_or("b= is not base64")?;
    let key = tag_of(record, "p").ok_or("no key")?;
    let key = STANDARD.decode(key).ok().ok_or("p= is not base64")?;
    match (tag("a")?.as_str(), tag_of(record, "k").as_deref()) {
        ("rsa-sha256", Some("rsa")) => {
            // It takes the RSAPublicKey at the end of the SubjectPublicKeyInfo.
            let key = &key[key.len() - rsa_length(&key)..];
            UnparsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, key)
                .verify(data.as_bytes(), &given)
        }
        ("ed25519-sha256", Some("ed25519")) => {
            UnparsedPublicKey::new(&ED25519, &key).verify(digest(&SHA256, data.as_bytes()).as_ref(), &given)
        }
        _ => return Err("another algorithm"),
    }
    .ok()
    .ok_or("the signature does not fit")
}

/// The canonical header fields that the first signature covers, and its `h=`.
pub(crate) fn names_signed(message: &str) -> Vec<String> {
    let (header, _) = message.split_once("\r\n\r\n").unwrap();
    let fields = unfold(header);
    let signature = fields.iter().find(|field| field.0 == "dkim-signature").unwrap();
    let names = tag_of(&signature.1, "h").unwrap();
    names.split(':').map(str::to_owned).collect()
}

fn unfold(header: &str) -> Vec<(String, String)> {
    let unfolded = header.replace("\r\n ", " ").replace("\r\n\t", "\t");
    let split = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.trim_end().to_lowercase(), value.to_owned())
    };
    unfolded.split("\r\n").map(split).collect()
}

fn squeeze(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn relaxed_body(body: &str) -> String {
    let line = |line: &str| {
        let lead = if line.starts_with([' ', '\t']) { " " } else { "" };
        format!(
            "{lead}{}",
            line.split([' ', '\t'])
                .filter(|w| !w.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        )
        .trim_end()
        .to_owned()
            + "\r\n"
    };
    let all: String = body.split("\r\n").map(line).collect();
    match all.trim_end_matches("\r\n") {
        "" => String::new(),
        text => format!("{text}\r\n"),
    }
}

fn tag_of(list: &str, name: &str) -> Option<String> {
    let tag = list.split(';').filter_map(|tag| tag.split_once('='));
    let found = tag.into_iter().find(|(key, _)| key.trim() == name)?;
    Some(found.1.chars().filter(|c| !c.is_ascii_whitespace()).collect())
}

/// The length of the SEQUENCE inside the BIT STRING of a `SubjectPublicKeyInfo` for RSA: 24 bytes stand before
/// it, 22 where the lengths take two bytes.
fn rsa_length(key: &[u8]) -> usize {
    let wrapping = if key[1] == 0x82 { 24 } else { 22 };
    key.len() - wrapping
}
