//! Amazon SES, whose events come by the topics of Amazon SNS.
//!
//! A message of a topic is signed by a key of Amazon's, with a certificate that has to be fetched from the address that the
//! message names. Two things keep others out, since everybody may have a topic: the message must be of the topic that the
//! settings name, and its certificate must stand at SNS's own host in that topic's region. Signatures of version 1 are over
//! SHA-1, of which somebody who has messages of their own signed could make use; only version 2 is believed
//! (`aws sns set-topic-attributes --attribute-name SignatureVersion --attribute-value 2`).

use std::str::FromStr;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::{Engine, prelude::BASE64_STANDARD};
use reveille_model::UnixMillis;
use rustls::{
    pki_types::{CertificateDer, pem::PemObject},
    server::ParsedCertificate,
};
use serde_json::Value;

use super::{Call, Event, Refusal, events, text};
use crate::bounce::{Returned, ses};

/// A message keeps its time however often SNS repeats it, which it does for an hour at most; in milliseconds.
const LATE_MILLIS: i64 = 65 * 60_000;
const UNPROVED: Refusal = Refusal::Unproved("Amazon SNS");

/// A topic, as `arn:aws:sns:eu-west-1:123456789012:bounces`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    name: String,
    host: String,
}

impl FromStr for Topic {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = "expected a topic's ARN, such as `arn:aws:sns:eu-west-1:123456789012:bounces`";
        let parts: Vec<&str> = text.split(':').collect();
        let ["arn", partition, "sns", region, _, _] = parts[..] else {
            return Err(expected);
        };
        let is_region = region.contains('-')
            && region
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let end = match partition {
            "aws" | "aws-us-gov" => "amazonaws.com",
            "aws-cn" => "amazonaws.com.cn",
            _ => return Err(expected),
        };
        is_region
            .then(|| Self {
                name: text.to_owned(),
                host: format!("sns.{region}.{end}"),
            })
            .ok_or(expected)
    }
}

impl Topic {
    /// The path of an address of SNS itself in this topic's region: nothing but its host stands before it.
    fn path_at_host<'a>(&self, url: &'a str) -> Option<&'a str> {
        let rest = url.strip_prefix("https://")?.strip_prefix(&*self.host)?;
        rest.strip_prefix('/')
    }

    /// Whether a certificate of SNS's stands there. A plain name and nothing else: in whatever else the host could be made to
    /// answer, with `..` or a query, an asker's own words may stand, and so a certificate of theirs.
    fn holds_certificate(&self, url: &str) -> bool {
        let path = self.path_at_host(url);
        let name = path.and_then(|path| {
            path.strip_prefix("SimpleNotificationService-")?
                .strip_suffix(".pem")
        });
        name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    }
}

/// A message of the topic that is not proved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    told: Value,
    certificate: String,
    signed: String,
}

/// What a proved message brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brought {
    /// Events.
    Events(Vec<Event>),
    /// The topic asks whether we want its messages: yes, by asking for this page once.
    Question(String),
}

impl Message {
    /// Reads a message of this topic.
    ///
    /// # Errors
    /// Where it is of another, cannot be proved, or is no message.
    pub fn read(topic: &Topic, call: &Call) -> Result<Self, Refusal> {
        let told = call.json()?;
        let certificate = text(&told, "/SigningCertURL").to_owned();
        let is_ours = text(&told, "/TopicArn") == topic.name
            && text(&told, "/SignatureVersion") == "2"
            && topic.holds_certificate(&certificate);
        if !is_ours {
            return Err(UNPROVED);
        }
        let fields: &[&str] = match text(&told, "/Type") {
            "Notification" => &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
            "SubscriptionConfirmation" | "UnsubscribeConfirmation" => &[
                "Message",
                "MessageId",
                "SubscribeURL",
                "Timestamp",
                "Token",
                "TopicArn",
                "Type",
            ],
            _ => return Err(Refusal::Garbled("its type is unknown".to_owned())),
        };
        // What is signed: each field's name and value, a line each; a subject only where there is one.
        let present = fields
            .iter()
            .filter_map(|name| Some((name, told[name].as_str()?)));
        let signed = present
            .map(|(name, value)| format!("{name}\n{value}\n"))
            .collect();
        Ok(Self {
            told,
            certificate,
            signed,
        })
    }

    /// Where the certificate stands with which it is signed.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// What it brings, once it is proved by its certificate, which is PEM. The certificate itself is proved by the
    /// connection over which it was fetched.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn prove(&self, topic: &Topic, certificate: &[u8], call: &Call) -> Result<Brought, Refusal> {
        let certificate = CertificateDer::from_pem_slice(certificate).map_err(|_| UNPROVED)?;
        let certificate = ParsedCertificate::try_from(&certificate).map_err(|_| UNPROVED)?;
        let key = certificate.subject_public_key_info();
        let signature = BASE64_STANDARD.decode(text(&self.told, "/Signature"));
        let signature = signature.map_err(|_| UNPROVED)?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.as_ref())
            .verify(self.signed.as_bytes(), &signature)
            .map_err(|_| UNPROVED)?;
        let signed_at = text(&self.told, "/Timestamp").parse::<UnixMillis>();
        let signed_at = signed_at.map_err(|error| Refusal::Garbled(error.to_string()))?;
        call.ensure_not_old(signed_at, LATE_MILLIS)?;
        match text(&self.told, "/Type") {
            "SubscriptionConfirmation" => {
                let page = text(&self.told, "/SubscribeURL");
                topic
                    .path_at_host(page)
                    .map(|_| Brought::Question(page.to_owned()))
                    .ok_or(UNPROVED)
            }
            // Whoever holds the topic ended it.
            "UnsubscribeConfirmation" => Ok(Brought::Events(Vec::new())),
            _ => {
                // Beside events SES tells in plain words that a topic is tried.
                let told = serde_json::from_str(text(&self.told, "/Message"));
                Ok(Brought::Events(told.ok().iter().filter_map(event).collect()))
            }
        }
    }
}

fn event(told: &Value) -> Option<Event> {
    let returned = ses::returned(told)?;
    let event = match &returned {
        Returned::Bounce(failures) => {
            // Also of a message that SES kept back, since the reader had complained before.
            let id = match text(told, "/bounce/feedbackId") {
                "" => text(told, "/complaint/feedbackId"),
                id => id,
            };
            events::bounce(id, failures.first()?.clone(), told)
        }
        Returned::Complaint { kind, addresses } => {
            let recipient = addresses.first().map_or("", String::as_str);
            events::complaint(text(told, "/complaint/feedbackId"), kind, recipient, told)
        }
        Returned::AutoReply | Returned::Other => return None,
    };
    Some(Event { returned, ..event })
}
