//! Why a message came back, from what was said.

use super::{
    Failure,
    answer::{plain, reply},
    clause::says,
    phrases::{
        AT_RECIPIENT, BROKEN, CONTENT, FILTERED, FOR_NOW, FULL, MOVED, NO_HOST, NO_MAIL, NOT_FROM, OF_SENDER,
        REFUSED, SENDER, SURE, SUSPENDED, TROUBLE, UNASKED, UNKNOWN,
    },
    report::enhanced,
    step::Step,
};

/// Why a recipient was not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody has this address. For good.
    UnknownUser,
    /// The domain does not exist. For good.
    UnknownHost,
    /// They moved, and the old address is closed. For good.
    Moved,
    /// The domain takes no mail (RFC 7505). For good.
    NoMail,
    /// The box is full.
    Full,
    /// The account is suspended or inactive.
    Suspended,
    /// The message or its sender was refused: policy, block list, authentication, spam filter.
    Refused,
    /// The message is too large or malformed for them.
    Content,
    /// Refused for a reason of the reader's own, or one that cannot be told from it.
    Filtered,
    /// The other side, or the way there, was out of order or too slow.
    Trouble,
    /// Nothing that we understand.
    Unclear,
}

impl Reason {
    /// Whether the address itself is none, so that further messages are pointless.
    #[must_use]
    pub const fn is_hard(self) -> bool {
        matches!(
            self,
            Self::UnknownUser | Self::UnknownHost | Self::Moved | Self::NoMail
        )
    }

    /// Its name in records and lines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownUser => "unknown user",
            Self::UnknownHost => "unknown host",
            Self::Moved => "moved",
            Self::NoMail => "no mail",
            Self::Full => "full",
            Self::Suspended => "suspended",
            Self::Refused => "refused",
            Self::Content => "content",
            Self::Filtered => "filtered",
            Self::Trouble => "trouble",
            Self::Unclear => "unclear",
        }
    }
}

/// The longest label, in letters: as long as those that open an entry.
const LONGEST_LABEL: usize = 30;

/// All that was said about one recipient.
pub(super) struct Evidence<'a> {
    /// The recipient.
    pub address: &'a str,
    /// The report's Diagnostic-Code.
    pub diagnosis: &'a str,
    /// What the notice says of the address.
    pub notice: &'a str,
    /// The report's status code.
    pub status: Option<&'a str>,
    /// The whole notice, where it is about this recipient only; else empty.
    pub whole: &'a str,
    /// Whether the server that writes glosses what the other side said, with words and a status of its own.
    pub is_glossed: bool,
    /// Whether Exim writes: what it says in words of its own, without a code, is of a box on its own host.
    pub is_by_exim: bool,
    /// Whether the report's maker has it among those of addresses that are none.
    pub is_bad_mailbox: bool,
    /// Whether a reader's rule made the report, in words of the reader's choice.
    pub by_rule: bool,
    /// Whether the other side has not given up yet.
    pub delayed: bool,
    /// The addresses that the mail came back to, which are those that the message was sent from.
    pub senders: &'a [String],
    /// What the report calls the recipient.
    pub named: &'a [String],
}

impl<'a> Evidence<'a> {
    /// A diagnosis that nothing else is known of but what a notice says.
    pub(super) const fn of(diagnosis: &'a str, notice: &'a str) -> Self {
        Self {
            address: "",
            diagnosis,
            notice,
            status: None,
            whole: "",
            is_glossed: false,
            is_by_exim: false,
            is_bad_mailbox: false,
            by_rule: false,
            delayed: false,
            senders: &[],
            named: &[],
        }
    }
}

impl Evidence<'_> {
    pub(super) fn failure(&self) -> Failure {
        let said = match self.diagnosis.is_empty() {
            true => self.notice,
            false => self.diagnosis,
        };
        let notice = || enhanced(self.notice).or_else(|| enhanced(self.whole));
        let status = enhanced(self.diagnosis).or(self.status).or_else(notice);
        let status = status.map(str::to_owned);
        Failure {
            address: self.address.to_owned(),
            reason: self.reason(status.as_deref()),
            status,
            said: said.split_whitespace().collect::<Vec<_>>().join(" "),
            named: self.named.to_vec(),
        }
    }

    fn reason(&self, status: Option<&str>) -> Reason {
        let step = [self.notice, self.diagnosis, self.whole]
            .into_iter()
            .find_map(Step::of)
            .or_else(|| self.is_local().then_some(Step::Recipient));
        let reason = self.first_said(step, status);
        let doubt = || self.doubt(reason, step, status);
        reason.is_hard().then(doubt).flatten().unwrap_or(reason)
    }

    /// The first text that says something decides.
    fn first_said(&self, step: Option<Step>, status: Option<&str>) -> Reason {
        let by_code = status.map_or(Reason::Unclear, by_status);
        // That nobody has the address is then said of whatever was refused at RCPT.
        let is_gloss = self.is_glossed && by_code.is_hard() && enhanced(self.diagnosis).is_none();
        let known = if is_gloss { Reason::Unclear } else { by_code };
        // What may be said of the message that is returned, or of where to ask, says less than the code.
        let whole = || told(&plain(self.whole)).filter(|told| !known.is_hard() || !told.is_vague());
        // An answer that a notice quotes says more than what stands around it.
        let quoted = |text| reply(text).unwrap_or_default();
        let own = [
            self.diagnosis,
            quoted(self.notice),
            self.notice,
            quoted(self.whole),
        ];
        let told = own.iter().find_map(|text| told(&plain(text))).or_else(whole);
        match told {
            Some(Told::Perhaps { unknown: true, .. }) if known.is_hard() => known,
            // What is wrong with its form (RFC 3463, section 3.2) is the address.
            Some(Told::Perhaps { .. }) if status.is_some_and(|status| status.ends_with(".1.3")) => known,
            Some(Told::Reason(reason) | Told::Perhaps { reason, .. }) => reason,
            Some(Told::AtRecipient) if step != Some(Step::Message) => Reason::UnknownUser,
            // "User unknown" is sure at RCPT, with a status that says so, or where the server repeats the address, as is
            // done at RCPT. Said of the whole message, or nowhere in particular, it is what some hosts answer to
            // whatever their reader's filter did not like.
            Some(Told::Unknown | Told::AtRecipient) => match (step, by_code) {
                _ if self.is_bad_mailbox => Reason::UnknownUser,
                (Some(Step::Recipient), _) | (None | Some(Step::Message), Reason::UnknownUser) => {
                    Reason::UnknownUser
                }
                (Some(Step::Sender), _) => Reason::Refused,
                (None, Reason::UnknownHost) => Reason::UnknownHost,
                (None, Reason::Unclear) if self.repeats_address(status) => Reason::UnknownUser,
                _ => Reason::Filtered,
            },
            None => known,
        }
    }

    /// What speaks against giving the reader up all the same; a full box is believed wherever it is told.
    fn doubt(&self, reason: Reason, step: Option<Step>, status: Option<&str>) -> Option<Reason> {
        // The other side's own answer goes before all else that looks like a code.
        let code = reply(self.diagnosis).or_else(|| reply(self.notice)).or(status);
        let by_code = code.is_some_and(|code| code.starts_with('4'));
        let by_words = || FOR_NOW.iter().any(|phrase| says(&plain(self.words()), phrase));
        // Of an address that is none some servers say no more than this, and never take it back.
        let stays = || {
            let says_450 = reply(self.words()).is_some_and(|answer| answer.starts_with("450"));
            status == Some("4.1.1") && says_450 && !by_words()
        };
        let full = || {
            let whole = plain(self.whole);
            FULL.iter().any(|phrase| says(&whole, phrase))
        };
        match reason {
            _ if self.by_rule => Some(Reason::Filtered),
            _ if self.delayed => Some(Reason::Trouble),
            _ if full() => Some(Reason::Full),
            // Nobody was named yet but the sender.
            _ if step == Some(Step::Sender) || self.blames_sender() => Some(Reason::Refused),
            Reason::UnknownHost if self.is_unsure_of_host() => Some(Reason::Trouble),
            // The reader's domain took them at RCPT, so it is one.
            Reason::UnknownHost if step == Some(Step::Message) => Some(Reason::Refused),
            Reason::NoMail | Reason::UnknownHost | Reason::Moved if by_code || by_words() => {
                Some(Reason::Trouble)
            }
            Reason::UnknownUser if by_code && !stays() => Some(Reason::Trouble),
            _ => None,
        }
    }

    /// Whether it is only for now that the host is not found. It is our own side that asks for it, mostly in words without
    /// a code.
    fn is_unsure_of_host(&self) -> bool {
        let said = format!("{} {}", self.diagnosis, self.notice);
        let said = plain(if said.trim().is_empty() { self.whole } else { &said });
        UNASKED.iter().any(|phrase| said.contains(phrase))
    }

    /// Whether nobody spoke but the server that has the box.
    fn is_local(&self) -> bool {
        let has_code = |text| plain(text).contains(['4', '5']);
        (self.is_by_exim || self.is_labelled()) && !has_code(self.diagnosis) && !has_code(self.notice)
    }

    /// Whether the notice has the address behind what is wrong with it: "Unknown user: ann@reader.example".
    fn is_labelled(&self) -> bool {
        let notice = self.notice.to_lowercase();
        let labels = notice.split_once(&self.address.to_lowercase());
        let label = labels.and_then(|(before, _)| before.trim_end_matches(['<', ' ']).strip_suffix(':'));
        // Not whatever stands before it.
        let label = label.and_then(|label| label.rsplit(['.', ',', ':', ';', '\n']).next());
        let is_short = |label: &&str| label.chars().count() < LONGEST_LABEL;
        let says_it = |label: &str| UNKNOWN.iter().any(|phrase| says(label, phrase));
        label.filter(is_short).is_some_and(says_it)
    }

    /// The words of the other side alone.
    fn words(&self) -> &str {
        match self.diagnosis.is_empty() {
            true => reply(self.notice)
                .or_else(|| reply(self.whole))
                .unwrap_or_default(),
            false => self.diagnosis,
        }
    }

    /// Whether the other side speaks of the sender: by such a word, or by an address or domain that the mail came back to
    /// and that is not the recipient's.
    fn blames_sender(&self) -> bool {
        let words = self.words().to_lowercase();
        let names = |name: &str| !name.is_empty() && words.contains(&name.to_lowercase());
        let domain = |address: &str| names(address.rsplit_once('@').map_or("", |(_, domain)| domain));
        let mut senders = self.senders.iter();
        let named = match (names(self.address), domain(self.address)) {
            (true, _) => false,
            (false, true) => senders.any(|sender| names(sender)),
            (false, false) => senders.any(|sender| domain(sender)),
        };
        named || speaks_of_sender(&plain(&words))
    }

    /// Whether the other side repeats the address, as is done at RCPT: in angle brackets, or bare where no status code
    /// says that it knows nothing in particular.
    fn repeats_address(&self, status: Option<&str>) -> bool {
        let brackets = |word: &str| word.contains('<') || status.is_none();
        let around = |c: char| "<>()[]:;,.".contains(c);
        self.diagnosis
            .split_whitespace()
            .filter(|word| brackets(word))
            .any(|word| word.trim_matches(around).eq_ignore_ascii_case(self.address))
    }
}

/// What a text says.
enum Told {
    Reason(Reason),
    /// Something that a status code may know better, and whether beside that nobody has the address.
    Perhaps {
        reason: Reason,
        unknown: bool,
    },
    /// That nobody has the address, in words that mean it wherever they are no answer to the message.
    AtRecipient,
    /// That nobody has the address, in words that are also used for less.
    Unknown,
}

impl Told {
    /// Whether it is something that a status code may know better.
    const fn is_vague(&self) -> bool {
        matches!(self, Self::Perhaps { .. })
    }
}

/// What the status code says by itself (RFC 3463, section 3, and its registry).
fn by_status(status: &str) -> Reason {
    let (class, detail) = status.split_once('.').unwrap_or((status, ""));
    match detail {
        "1.1" | "1.0" if class == "4" => Reason::Trouble,
        "1.1" | "1.3" | "1.10" => Reason::UnknownUser,
        // The latter is Exchange's own, in a subject that is about the way there.
        "1.2" | "4.310" if class == "5" => Reason::UnknownHost,
        "1.6" => Reason::Moved,
        "7.27" => Reason::NoMail,
        "2.1" => Reason::Suspended,
        "2.2" | "3.1" => Reason::Full,
        "2.3" | "3.4" => Reason::Content,
        _ if detail.starts_with("7.") || detail == "1.7" || detail == "1.8" => Reason::Refused,
        _ if detail.starts_with("6.") => Reason::Content,
        _ if class == "4" || detail.starts_with("4.") || detail.starts_with("3.") => Reason::Trouble,
        _ => Reason::Unclear,
    }
}

/// Whether a plain text speaks of the sender: their address, domain or greeting.
pub(super) fn speaks_of_sender(text: &str) -> bool {
    OF_SENDER.iter().any(|phrase| says(text, phrase))
}

/// Whether a text says why a message was not delivered, in words that we understand.
pub(super) fn explains(text: &str) -> bool {
    told(&plain(text)).is_some()
}

/// The first rule whose phrase stands in the text.
fn told(text: &str) -> Option<Told> {
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| says(text, phrase));
    let perhaps = |reason| Told::Perhaps {
        reason,
        unknown: says(UNKNOWN),
    };
    let rules = [
        (SENDER, Told::Reason(Reason::Refused)),
        (FILTERED, Told::Reason(Reason::Filtered)),
        (SURE, Told::Reason(Reason::UnknownUser)),
        (AT_RECIPIENT, Told::AtRecipient),
        (NOT_FROM, Told::Reason(Reason::Refused)),
        (NO_MAIL, Told::Reason(Reason::NoMail)),
        (FULL, Told::Reason(Reason::Full)),
        (REFUSED, Told::Reason(Reason::Refused)),
        (MOVED, Told::Reason(Reason::Moved)),
        (SUSPENDED, perhaps(Reason::Suspended)),
        (CONTENT, perhaps(Reason::Content)),
        (NO_HOST, Told::Reason(Reason::UnknownHost)),
        (BROKEN, Told::Reason(Reason::Trouble)),
        (UNKNOWN, Told::Unknown),
        (TROUBLE, perhaps(Reason::Trouble)),
    ];
    rules
        .into_iter()
        .find(|(phrases, _)| says(phrases))
        .map(|(_, told)| told)
}
