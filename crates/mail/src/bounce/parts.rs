//! A returned mail, parted into what was written for people, what for machines, and the message that it returns.

use mail_parser::{MessageParser, MimeHeaders, PartType};

use super::{
    fields::{field, fields, first_address},
    notice::entries,
};

/// The parts of a returned mail. Each text is empty where there is none.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The mail's own header.
    header: Vec<(String, String)>,
    /// What a person is to read, up to the returned message.
    pub notice: String,
    /// Delivery status fields.
    pub status: String,
    /// Feedback fields.
    pub feedback: String,
    /// The returned message, from its header on.
    pub original: String,
}

impl Parts {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let raw = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        let (head, body) = raw.split_once("\n\n").unwrap_or((&raw, ""));
        let mut parts = Self {
            header: fields(head),
            ..Self::default()
        };
        parts.sort(bytes);
        if parts.notice.trim().is_empty() && parts.status.is_empty() {
            // A boundary that is never written, or the like: all of it is text.
            parts.add_text(body);
        }
        if parts.status.is_empty() {
            // Reports that were packed as text, or that a notice returns in place of a message. A reader may pass on
            // somebody else's.
            let within = parts
                .is_from_a_server()
                .then(|| reported(&parts.notice).or_else(|| parts.passed_on()));
            parts.status = within.flatten().unwrap_or_default();
        }
        parts
    }

    /// Puts each MIME part where it belongs.
    fn sort(&mut self, bytes: &[u8]) {
        let Some(message) = MessageParser::default().parse(bytes) else {
            return;
        };
        let mut html = String::new();
        for part in &message.parts {
            let kind = part.content_type().map_or(("text", "plain"), |kind| {
                (kind.ctype(), kind.subtype().unwrap_or_default())
            });
            let text = || String::from_utf8_lossy(part.contents()).replace("\r\n", "\n");
            let kind = (kind.0.to_ascii_lowercase(), kind.1.to_ascii_lowercase());
            match (kind.0.as_str(), kind.1.as_str()) {
                ("message", "delivery-status" | "global-delivery-status") => self.status.push_str(&text()),
                ("message", "feedback-report") => self.feedback.push_str(&text()),
                ("message", _) | ("text", "rfc822-headers" | "rfc822-header") => {
                    self.original.push_str(&text());
                }
                _ => match &part.body {
                    PartType::Text(text) => self.add_text(&text.replace("\r\n", "\n")),
                    PartType::Html(source) => {
                        html.push_str(&mail_parser::decoders::html::html_to_text(source));
                    }
                    _ => {}
                },
            }
        }
        if self.notice.trim().is_empty() {
            self.add_text(&html);
        }
    }

    /// Adds a text for people; from where it returns the message on, it is the message.
    fn add_text(&mut self, text: &str) {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if begins_original(line) {
                break;
            }
            at += line.len();
        }
        self.notice.push_str(&text[..at]);
        self.notice.push_str("\n\n");
        self.original.push_str(&text[at..]);
    }

    /// The status fields of a report that is the returned message itself, where the notice above it names nobody. No
    /// other message's: what is mailed may speak of anybody in such fields.
    fn passed_on(&self) -> Option<String> {
        let names_nobody = self.listed().is_empty() && entries(&self.notice).is_empty();
        let (head, _) = self.original.split_once("\n\n").filter(|_| names_nobody)?;
        let mut report = Self {
            header: fields(head),
            ..Self::default()
        };
        report
            .is_delivery_report()
            .then(|| report.sort(self.original.as_bytes()))?;
        Some(report.status)
    }

    fn value(&self, name: &str) -> Option<&str> {
        let mut named = self.header.iter().filter(|(key, _)| key == name);
        named.next().map(|(_, value)| value.as_str())
    }

    /// Whether a mail server wrote it, rather than a person or their answering machine.
    pub(super) fn is_from_a_server(&self) -> bool {
        const SUBJECTS: [&str; 14] = [
            "undeliver",
            "returned mail",
            "delivery status",
            "delivery fail",
            "mail failure",
            "failure notice",
            "delivery notification",
            "could not be delivered",
            "mail system error",
            "delivery report",
            "delayed mail",
            "error sending your mail",
            "mail delivery",
            "returning to sender",
        ];
        const PASSED_ON: [&str; 14] = [
            "re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "vs:", "tr:", "rv:", "ré:", "rép:", "antw:", "odp:",
            "res:",
        ];
        let subject = self.value("subject").unwrap_or_default().to_lowercase();
        // Answered, passed on, or with a way back: a person has it by now, or their answering machine.
        let is_passed_on = PASSED_ON.iter().any(|mark| subject.starts_with(mark));
        let is_a_persons =
            is_passed_on || self.has_a_way_back() || self.is_to_a_list() || is_an_answer(&subject);
        !self.status.is_empty()
            || self.value("x-failed-recipients").is_some()
            || self.is_by_exchange()
            || self.is_signed_by_a_server()
            || !is_a_persons && SUBJECTS.iter().any(|phrase| subject.contains(phrase))
    }

    /// Whether its From names a mail server: by its box, which no person has, or by a name, which a person may have.
    pub(super) fn is_signed_by_a_server(&self) -> bool {
        let from = self.value("from").unwrap_or_default();
        let is_by_name = || is_named_as_a_server(from) && !self.has_a_way_back() && !self.is_by_a_machine();
        !self.is_to_a_list() && (is_a_servers(from) || is_by_name())
    }

    /// Whether a notice that it did not arrive would go to a person, or a machine of theirs.
    fn has_a_way_back(&self) -> bool {
        let path = self.value("return-path").unwrap_or_default();
        path.contains('@') && !is_a_servers(path)
    }

    /// Whether it went to a list of readers (RFC 2369, RFC 2919), with a way back to whoever sent it.
    fn is_to_a_list(&self) -> bool {
        let path = self.value("return-path").unwrap_or_default();
        path.contains('@')
            && ["list-id", "list-unsubscribe"]
                .iter()
                .any(|name| self.value(name).is_some())
    }

    /// Whether it has a mark that answering machines alone set, not mail servers.
    fn is_by_a_machine(&self) -> bool {
        self.value("x-autoreply").is_some()
            || self.value("x-autorespond").is_some()
            || self.value("precedence") == Some("auto_reply")
    }

    /// Whether Exim wrote it, in whatever language: by a field that few others have, and its own name.
    pub(super) fn is_by_exim(&self) -> bool {
        let from = self.value("from").unwrap_or_default();
        from.starts_with("Mail Delivery System <") && self.value("x-failed-recipients").is_some()
    }

    /// Whether it says of itself that an Exchange server wrote it.
    pub(super) fn is_by_exchange(&self) -> bool {
        self.value("x-ms-exchange-message-is-ndr").is_some()
    }

    /// Whether it says of itself that it is a delivery report (RFC 3464, section 2).
    pub(super) fn is_delivery_report(&self) -> bool {
        let kind = self.value("content-type").unwrap_or_default().to_lowercase();
        let kind: String = kind.split(['"', ' ', '\t']).collect();
        kind.starts_with("multipart/report") && kind.contains("report-type=delivery-status")
    }

    /// Whether a machine answered (RFC 3834, section 5, and what was usual before it).
    pub(super) fn is_automatic(&self) -> bool {
        let replied = |value: &str| !value.to_ascii_lowercase().starts_with("no");
        let subject = self.value("subject").unwrap_or_default().to_lowercase();
        self.value("auto-submitted").is_some_and(replied)
            || self.value("x-auto-response-suppress").is_some()
            || self.is_by_a_machine()
            || is_an_answer(&subject)
    }

    /// Whether it says that a reader saw the message, or will not (RFC 8098, section 3).
    pub(super) fn is_receipt(&self) -> bool {
        let kind = self.value("content-type").unwrap_or_default().to_lowercase();
        kind.starts_with("multipart/report") && kind.contains("disposition-notification")
    }

    /// The addresses that it came to.
    pub(super) fn came_to(&self) -> Vec<String> {
        let fields = ["to", "delivered-to", "x-original-to"];
        let values = self
            .header
            .iter()
            .filter(|(name, _)| fields.contains(&name.as_str()));
        let addresses = values.filter_map(|(_, value)| first_address(value));
        addresses.map(|(address, _)| address.to_owned()).collect()
    }

    /// Whom the returned message was for, where the notice itself names nobody.
    pub(super) fn addressed(&self) -> Vec<String> {
        let listed = self.listed();
        if !listed.is_empty() {
            return listed;
        }
        let original = fields(&self.original);
        let to = original.iter().find(|(name, _)| name == "to");
        let address = to.and_then(|(_, value)| first_address(value));
        Vec::from_iter(address.map(|(address, _)| address.to_owned()))
    }

    /// Whom its header lists as failed, as Exim's does.
    pub(super) fn listed(&self) -> Vec<String> {
        let failed = self
            .header
            .iter()
            .filter(|(name, _)| name == "x-failed-recipients");
        let values = failed.flat_map(|(_, value)| value.split(','));
        let addresses = values.filter_map(first_address);
        addresses.map(|(address, _)| address.to_owned()).collect()
    }
}

/// Whether a box is a mail server's, with or without its domain: none that a person has.
fn is_a_servers(sender: &str) -> bool {
    const BOXES: [&str; 6] = [
        "mailer-daemon",
        "mailerdaemon",
        "postmaster",
        "post_master",
        "poostmaster",
        // The same in every Exchange.
        "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
    ];
    let sender = sender.to_lowercase();
    let Some((before, _domain)) = sender.rsplit_once('@') else {
        return BOXES.iter().any(|name| sender.contains(name)) || is_named_as_a_server(&sender);
    };
    let local = before.rsplit(['<', ' ', '"']).next().unwrap_or_default();
    // A gateway has no box of its own.
    BOXES.contains(&local) || before.contains("interscan")
}

/// Whether a sender's name, before the domain, is one that mail servers have.
fn is_named_as_a_server(sender: &str) -> bool {
    const NAMES: [&str; 3] = ["mailer-daemon", "postmaster", "mail deliver"];
    let sender = sender.to_lowercase();
    let before = sender.rsplit_once('@').map_or(&*sender, |(before, _)| before);
    NAMES.iter().any(|name| before.contains(name))
}

/// Whether a subject in lower case is an answering machine's.
fn is_an_answer(subject: &str) -> bool {
    const SUBJECTS: [&str; 5] = [
        "automatic reply",
        "auto reply",
        "auto-reply",
        "autoreply",
        "out of office",
    ];
    SUBJECTS.iter().any(|phrase| subject.contains(phrase))
}

/// Whether a line is the first of the returned message, or the rule above it.
fn begins_original(line: &str) -> bool {
    const RULES: [&str; 10] = [
        "original message",
        "copy of the message",
        "copy of your message",
        "unsent message",
        "message headers follow",
        "message text follows",
        "returned message follows",
        "message header follows",
        "message body follows",
        "text of your message",
    ];
    const FIRST: [&str; 7] = [
        "received",
        "return-path",
        "dkim-signature",
        "domainkey-signature",
        "arc-seal",
        "x-google-smtp-source",
        "x-received",
    ];
    let lower = line.trim().to_lowercase();
    let ruled = lower.starts_with(['-', '=', '|', '_']) || lower.ends_with([':', '-', '.']);
    ruled && lower.len() < 100 && RULES.iter().any(|rule| lower.contains(rule))
        || field(line).is_some_and(|(name, _)| FIRST.contains(&name.to_ascii_lowercase().as_str()))
}

/// The status fields within a text, from the first group on.
fn reported(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("\nfinal-recipient:")?;
    // The group may have begun before its recipient.
    let start = text[..at].rfind("\n\n").unwrap_or(0);
    Some(text[start..].to_owned())
}
