//! At which step of a conversation the other side refused, as notices tell it.

/// The step of the conversation at which the other side refused (RFC 5321, section 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Before any recipient was named: greeting, MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, or the message's end.
    Message,
}

impl Step {
    /// The last step that a text names.
    pub(super) fn of(text: &str) -> Option<Self> {
        const MARKS: [(&str, Step); 36] = [
            ("reply to rcpt", Step::Recipient),
            ("reply to mail", Step::Sender),
            ("reply to helo", Step::Sender),
            ("reply to ehlo", Step::Sender),
            ("reply to end of data", Step::Message),
            ("reply to data", Step::Message),
            ("after rcpt", Step::Recipient),
            ("after mail", Step::Sender),
            ("after initial connection", Step::Sender),
            ("after end of data", Step::Message),
            ("after data", Step::Message),
            ("smtp:rcpt", Step::Recipient),
            ("[rcpt_to]", Step::Recipient),
            ("[mail_from]", Step::Sender),
            ("[data]", Step::Message),
            ("following rcpt", Step::Recipient),
            ("sent: rcpt to", Step::Recipient),
            ("sent: mail from", Step::Sender),
            ("sent: data", Step::Message),
            ("error, rcpt to", Step::Recipient),
            ("error, mail from", Step::Sender),
            ("error, data", Step::Message),
            (">>> rcpt", Step::Recipient),
            (">>> mail", Step::Sender),
            (">>> data", Step::Message),
            ("command: <rcpt to", Step::Recipient),
            ("command: <data", Step::Message),
            ("our rcpt to", Step::Recipient),
            ("our mail from", Step::Sender),
            ("our final data", Step::Message),
            ("does not like recipient", Step::Recipient),
            ("rcpt to generated following response", Step::Recipient),
            ("following recipients was rejected by a remote", Step::Recipient),
            ("sender was rejected", Step::Sender),
            ("name was rejected", Step::Sender),
            ("after i sent the message", Step::Message),
        ];
        let text = text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        let found = MARKS
            .iter()
            .filter_map(|(mark, step)| Some((text.rfind(mark)?, *step)));
        found.max_by_key(|(at, _)| *at).map(|(_, step)| step)
    }
}
