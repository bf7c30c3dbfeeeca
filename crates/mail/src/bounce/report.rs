//! Reports made for machines: delivery status (RFC 3464) and feedback (RFC 5965).

use std::collections::HashSet;

use super::{
    fields::{fields, first_address},
    parts::Parts,
};

/// Addresses by which one recipient is called that are kept; two, but for what is doubled.
const NAMES: usize = 4;

/// What a delivery report says of one recipient.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub address: String,
    pub status: Option<String>,
    pub diagnosis: String,
    /// The addresses that it gives as the original and the final recipient.
    pub named: Vec<String>,
    /// Whether `PowerMTA`, which knows at which step it was, has it among those of addresses that are none.
    pub is_bad_mailbox: bool,
    /// Whether its final recipient was told, be it by no address.
    has_final: bool,
    action: String,
}

impl Group {
    /// Takes note of an address by which a field calls the recipient.
    fn call(&mut self, field: &str, address: &str) {
        if field == "final-recipient" || self.address.is_empty() {
            self.address = address.to_owned();
        }
        // The actual one is where it was passed on to, within a host or beyond.
        if field != "x-actual-recipient" && self.named.len() < NAMES {
            self.named.push(address.to_owned());
            let plain = of_xtext(address);
            self.named.extend(Some(plain).filter(|plain| plain != address));
        }
    }

    /// Whether the other side still tries: nothing that it says by then is its last word.
    pub(super) fn is_delayed(&self) -> bool {
        self.action == "delayed"
    }

    /// Whether the message arrived, or was handed on to where nobody reports.
    pub(super) fn arrived(&self) -> bool {
        let said = self.status.as_ref().is_some_and(|status| status.starts_with('2'));
        said || matches!(self.action.as_str(), "delivered" | "relayed" | "expanded")
    }
}

/// An address as it is where a report gives it in the envelope's form (ORCPT, RFC 3461, section 4), `+2B` for a `+`.
fn of_xtext(address: &str) -> String {
    let mut parts = address.split('+');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let byte = part.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte.filter(u8::is_ascii_graphic) {
            Some(byte) => {
                text.push(char::from(byte));
                text.push_str(&part[2..]);
            }
            None => {
                text.push('+');
                text.push_str(part);
            }
        }
    }
    text
}

/// The groups of a report, one for each recipient. A group ends at an empty line, or where the next recipient begins.
pub(super) fn groups(text: &str) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut group = Group::default();
    for (name, value) in fields(text) {
        let is_final = name == "final-recipient";
        if name.is_empty() || is_final && group.has_final {
            groups.push(std::mem::take(&mut group));
        }
        group.has_final |= is_final;
        // Some write the original recipient first and a broken final one behind.
        let untyped = value.split_once(';').map_or(value.as_str(), |(_, rest)| rest);
        match name.as_str() {
            "final-recipient" | "original-recipient" | "x-actual-recipient" => {
                if let Some((address, _)) = first_address(untyped) {
                    group.call(&name, address);
                }
            }
            "action" => group.action = value.split_whitespace().next().unwrap_or_default().to_lowercase(),
            "x-powermta-bouncecategory" => group.is_bad_mailbox = value == "bad-mailbox",
            "status" => group.status = enhanced(&value).map(str::to_owned),
            "diagnostic-code" if group.diagnosis.is_empty() => group.diagnosis = untyped.trim().to_owned(),
            _ => {}
        }
    }
    groups.push(group);
    groups.retain(|group| !group.address.is_empty());
    groups
}

/// Whether a rule of the reader's made this report. Where Amazon SES receives mail, its "bounce action" answers with
/// whichever of six texts the owner chose, "Mailbox does not exist" among them, whatever the address.
pub(super) fn is_by_rule(text: &str) -> bool {
    fields(text).iter().any(|(name, value)| {
        let host = value.split_once(';').map_or("", |(_, host)| host.trim());
        name == "reporting-mta" && host.starts_with("inbound-smtp.") && host.ends_with(".amazonaws.com")
    })
}

/// The first enhanced status code in a text: class, subject and detail (RFC 3463, section 2).
pub(super) fn enhanced(text: &str) -> Option<&str> {
    let code = |word: &&str| {
        let mut numbers = word.split('.');
        let class = matches!(numbers.next(), Some("2" | "4" | "5"));
        let rest: Vec<&str> = numbers.collect();
        let number =
            |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        class && rest.len() == 2 && rest.iter().all(number)
    };
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|word| word.trim_matches('.'))
        .find(code)
}

/// A complaint's kind and whom the message was for: a feedback report, or a message returned whole by a host that
/// wrote the reader's address into its header.
pub(super) fn complaint(parts: &Parts) -> Option<(String, Vec<String>)> {
    let feedback = fields(&parts.feedback);
    let original = fields(&parts.original);
    let kind = feedback.iter().find(|(name, _)| name == "feedback-type");
    // Hotmail's and its heirs' junk reports (JMRP) are the message itself with this field above it.
    let marked = original
        .iter()
        .filter(|(name, _)| name == "x-hmxmroriginalrecipient");
    // A notice of failure may return a message that was such a report, or went through such a host.
    let marked = marked.filter(|_| !parts.is_delivery_report());
    let marked: Vec<&str> = marked.map(|(_, value)| value.as_str()).collect();
    if kind.is_none() && marked.is_empty() {
        return None;
    }
    let told = ["original-rcpt-to", "removal-recipient"];
    let told = feedback.iter().filter(|(name, _)| told.contains(&name.as_str()));
    let told: Vec<&str> = told.map(|(_, value)| value.as_str()).chain(marked).collect();
    let addressed = original
        .iter()
        .filter(|(name, _)| name == "to" || name == "delivered-to");
    let addressed: Vec<&str> = addressed.map(|(_, value)| value.as_str()).collect();
    let values = if told.is_empty() { addressed } else { told };
    let mut seen = HashSet::new();
    let addresses = values
        .into_iter()
        .filter_map(first_address)
        .map(|(address, _)| address);
    let addresses = addresses.filter(|address| seen.insert(address.to_lowercase()));
    let kind = kind.map_or("abuse", |(_, value)| value.as_str());
    Some((kind.to_lowercase(), addresses.map(str::to_owned).collect()))
}
