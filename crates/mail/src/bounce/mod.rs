//! What a mail that came back says: which readers could not be reached, and whether for good.
//!
//! [`read`] understands delivery reports (RFC 3464), the notices in plain language that mail servers wrote before and
//! beside them, complaints (RFC 5965) and automatic replies. Nothing is known of single hosts: servers are told apart
//! by how their notices are built, and replies by what they say.
//!
//! Two rules stand above all others. A reader is given up only where the receiving side said that the address itself
//! is none ([`Reason::is_hard`]); a policy, a block, a full box and silence are never that. And what a mail claims is
//! not proof: the caller believes only bounces that come back to its own signed return path.

mod answer;
mod clause;
mod fields;
pub mod lines;
mod notice;
mod parts;
mod phrases;
mod reason;
mod report;
pub(crate) mod ses;
mod step;

pub use reason::Reason;

use std::{
    collections::{HashMap, HashSet},
    slice,
};

use notice::Entry;
use parts::Parts;
use reason::Evidence;
use report::Group;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    /// Word that a message did not arrive, or not yet; at least one recipient.
    Bounce(Vec<Failure>),
    /// A reader, or their mail host, complains of the message (RFC 5965).
    Complaint {
        /// The feedback type, such as `abuse`, in lower case; only `abuse`, `fraud`, `virus` and `opt-out` speak for
        /// the reader.
        kind: String,
        /// Whom it was sent to, as far as the report still says it.
        addresses: Vec<String>,
    },
    /// An answering machine, or word that the message arrived.
    AutoReply,
    /// A letter.
    Other,
}

/// One recipient that a message did not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The address, as written.
    pub address: String,
    /// Why.
    pub reason: Reason,
    /// The enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// What the server said, on one line.
    pub said: String,
    /// What a delivery report calls the recipient (Original-Recipient and Final-Recipient, RFC 3464, section 2.3), as far as
    /// those are addresses; what a notice calls it. Where the one that was mailed to is not among them, the message was
    /// passed on to this one.
    pub named: Vec<String>,
}

/// Reads a mail that came back; any bytes will do.
#[must_use]
pub fn read(bytes: &[u8]) -> Returned {
    let parts = Parts::of(bytes);
    if let Some(returned) = ses::in_text(&parts.notice) {
        return returned;
    }
    if let Some((kind, addresses)) = report::complaint(&parts) {
        return Returned::Complaint { kind, addresses };
    }
    if parts.is_receipt() {
        return Returned::AutoReply;
    }
    if !parts.is_from_a_server() {
        return match parts.is_automatic() {
            true => Returned::AutoReply,
            false => Returned::Other,
        };
    }
    let reported = report::groups(&parts.status);
    if !reported.is_empty() && reported.iter().all(Group::arrived) {
        return Returned::AutoReply;
    }
    let failures = failures(&parts, &reported);
    match failures.is_empty() {
        true => Returned::Other,
        false => Returned::Bounce(failures),
    }
}

/// Whether a server's answer to RCPT TO says that it is the sender's address that it does not like.
pub(crate) fn blames_sender(answer: &str) -> bool {
    let answer = answer::plain(answer);
    phrases::SENDER.iter().any(|phrase| answer.contains(phrase))
}

/// Whether a server's answer speaks of the sender: their address, domain or greeting.
pub(crate) fn speaks_of_sender(answer: &str) -> bool {
    reason::speaks_of_sender(&answer::plain(answer))
}

/// What a server's answer says by itself, to RCPT TO or to the message.
pub(crate) fn reason_of(answer: &str, at_recipient: bool) -> Reason {
    let step = if at_recipient { ">>> RCPT" } else { ">>> DATA" };
    Evidence::of(answer, step).failure().reason
}

/// What a server's answer to RCPT TO says of the recipient of a message from `sender`: what a returned mail would that
/// tells of it.
#[must_use]
pub fn of_answer(address: &str, sender: &str, answer: &str) -> Failure {
    let evidence = Evidence {
        address,
        senders: &[sender.to_owned()],
        ..Evidence::of(answer, ">>> RCPT")
    };
    evidence.failure()
}

/// What a mail service reports of one recipient: the fields of a delivery report (RFC 3464), each empty where it says none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reported<'a> {
    /// The recipient.
    pub address: &'a str,
    /// Status.
    pub status: &'a str,
    /// Diagnostic-Code: the other side's own words.
    pub diagnosis: &'a str,
    /// Reporting-MTA.
    pub reporter: &'a str,
    /// Whether the service itself does not take it for final.
    pub is_delayed: bool,
}

/// What such a report says, by the same rules as a returned mail.
#[must_use]
pub fn of_report(reported: Reported) -> Failure {
    let Reported {
        address,
        status,
        diagnosis,
        reporter,
        is_delayed,
    } = reported;
    let untyped = diagnosis.trim_start();
    let typed = untyped
        .get(..5)
        .is_some_and(|kind| kind.eq_ignore_ascii_case("smtp;"));
    let evidence = Evidence {
        address,
        status: report::enhanced(status),
        by_rule: report::is_by_rule(&format!("Reporting-MTA: {reporter}")),
        delayed: is_delayed,
        ..Evidence::of(if typed { untyped[5..].trim_start() } else { untyped }, "")
    };
    evidence.failure()
}

/// That a mail service kept a message back, since it has the recipient on a list of its own. Nobody on the receiving side
/// said anything, so it costs the reader nothing, whatever the service's words are.
#[must_use]
pub fn kept_back(address: &str, said: &str) -> Failure {
    Failure {
        address: address.to_owned(),
        reason: Reason::Filtered,
        status: None,
        said: said.split_whitespace().collect::<Vec<_>>().join(" "),
        named: Vec::new(),
    }
}

/// The recipients of the report, with what the notice beside it says of each; without a report those of the notice, or those of
/// the returned message, and at last the only one of whom the notice speaks in some other way.
fn failures(parts: &Parts, reported: &[Group]) -> Vec<Failure> {
    let mut entries = notice::entries(&parts.notice);
    let listed = parts.listed().into_iter();
    let listed: HashSet<_> = listed.map(|address| address.to_lowercase()).collect();
    let is_listed = |entry: &Entry| listed.contains(&entry.address.to_lowercase());
    if entries.iter().any(is_listed) {
        entries.retain(is_listed);
    }
    let mut addressed = parts.addressed();
    let senders = parts.came_to();
    let own: HashSet<_> = senders.iter().map(|own| own.to_lowercase()).collect();
    let is_ours = |entry: &Entry| own.contains(&entry.address.to_lowercase());
    // What names the sender, too, says it of the recipient.
    if !entries.iter().all(is_ours) {
        entries.retain(|entry| !is_ours(entry));
    }
    if addressed.is_empty() && parts.is_signed_by_a_server() {
        addressed.extend(notice::lone(&parts.notice, &senders).map(str::to_owned));
    }
    let mut failed: Vec<(&String, Option<&Group>)> = Vec::new();
    // Of a recipient that is reported again and again, all that the notice says would be weighed each time.
    let mut seen = HashSet::new();
    failed.extend(
        reported
            .iter()
            .filter(|group| !group.arrived() && seen.insert(group.address.to_lowercase()))
            .map(|group| (&group.address, Some(group))),
    );
    if failed.is_empty() {
        failed.extend(entries.iter().map(|entry| (&entry.address, None)));
    }
    if failed.is_empty() {
        failed.extend(addressed.iter().map(|address| (address, None)));
    }
    let said: HashMap<String, &str> = entries
        .iter()
        .map(|entry| (entry.address.to_lowercase(), entry.said.as_str()))
        .collect();
    let notice = notice::without_glosses(&parts.notice);
    let is_glossed = notice.len() < parts.notice.len();
    // All else that Exchange says is in one language only, with advice in which much is named.
    let is_coded = parts.is_by_exchange() && reported.is_empty() && failed.len() == 1;
    let answer = answer::last_answer(&notice).filter(|_| is_coded);
    let whole = match failed.len() {
        1 if answer.is_none() => notice.as_str(),
        _ => "",
    };
    let is_by_exim = parts.is_by_exim();
    let by_rule = report::is_by_rule(&parts.status);
    let waits = notice::waits(&parts.notice);
    let evidence = failed.iter().map(|(address, group)| Evidence {
        address,
        diagnosis: group.map_or("", |group| &group.diagnosis),
        notice: answer
            .or_else(|| said.get(&address.to_lowercase()).copied())
            .unwrap_or_default(),
        status: group.and_then(|group| group.status.as_deref()),
        whole,
        is_glossed,
        is_by_exim,
        is_bad_mailbox: group.is_some_and(|group| group.is_bad_mailbox),
        by_rule,
        delayed: group.map_or(waits, Group::is_delayed),
        senders: &senders,
        named: group.map_or(slice::from_ref(*address), |group| &group.named),
    });
    evidence.map(|evidence| evidence.failure()).collect()
}
