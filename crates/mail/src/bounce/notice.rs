//! Notices in plain language: which address each line speaks of, and what it says of it.
//!
//! However servers word them, they build them alike: an address opens an entry, alone on its line or with its fate
//! behind it, and what follows up to an empty line belongs to it. Transcripts (`>>> RCPT To:<…>`, `<<< 550 …`) are
//! read beside that; their commands tell at which step the other side refused.

use std::{
    collections::{HashMap, hash_map},
    mem,
};

use super::{
    answer::plain,
    fields::{addresses, first_address},
    phrases::WAITS,
    reason::explains,
};

/// What is kept of all that is said of one address, in bytes. Real notices say a few hundred.
const SAID: usize = 8 << 10;
/// What is kept of a command, in bytes: its verb decides, and the longest address has 254 (RFC 5321, section 4.5.3.1.3).
const COMMAND: usize = 300;

/// What a notice says of one address, its beginning at least.
#[derive(Debug)]
pub(super) struct Entry {
    pub address: String,
    pub said: String,
}

/// The entries so far, one for each address, and which of them is open.
#[derive(Default)]
struct Entries {
    list: Vec<Entry>,
    places: HashMap<String, usize>,
    open: Option<usize>,
    /// Whether that was opened by an answer, which began its line.
    is_by_answer: bool,
}

impl Entries {
    /// Adds to what is said of an address.
    fn add(&mut self, address: &str, said: &str) -> usize {
        let place = match self.places.entry(address.to_lowercase()) {
            hash_map::Entry::Occupied(known) => *known.get(),
            hash_map::Entry::Vacant(new) => {
                self.list.push(Entry {
                    address: address.to_owned(),
                    said: String::new(),
                });
                *new.insert(self.list.len() - 1)
            }
        };
        append(&mut self.list[place].said, said.trim());
        place
    }

    /// Adds to the open entry.
    fn go_on(&mut self, said: &str) {
        if let Some(place) = self.open {
            append(&mut self.list[place].said, said);
        }
    }

    /// An empty line closes an entry, unless the address stood alone and its fate is still to come.
    fn pause(&mut self) {
        self.open = self.open.filter(|place| self.list[*place].said.trim().is_empty());
    }
}

/// Adds words to what was said, as far as there is room.
fn append(said: &mut String, words: &str) {
    said.push(' ');
    said.push_str(beginning(words, SAID.saturating_sub(said.len())));
}

/// So many bytes of a text at most, up to a whole character.
fn beginning(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// Words in the middle of a line after which the unreached address stands.
const LEADS: [&str; 6] = [
    "mail to",
    "message to",
    "delivered to",
    "is full",
    "recipient",
    "recipients",
];

/// Labels before addresses that were reached, or were never to be.
const OTHERS: [&str; 13] = [
    "from",
    "sender",
    "mail from",
    "reply-to",
    "return-path",
    "cc",
    "subject",
    "message",
    "contact",
    "postmaster",
    "help",
    "original sender",
    "to",
];

/// Whether a notice says that the message still waits to be delivered.
pub(super) fn waits(notice: &str) -> bool {
    let notice = plain(notice);
    WAITS.iter().any(|phrase| notice.contains(phrase))
}

/// The entries of a notice, in order.
pub(super) fn entries(notice: &str) -> Vec<Entry> {
    let mut entries = Entries::default();
    // What was refused since the last command, for the address that a line behind it names.
    let mut refusals = String::new();
    let mut last = "";
    let mut named = None;
    for line in notice.lines().map(str::trim) {
        let command = spoken(line, [">>>", "In:", "-->", "Sent <<<"]).or_else(|| stamped(line, ": --> "));
        if let Some(command) = command.filter(|command| command.starts_with(char::is_alphabetic)) {
            let verb = command.get(..4).unwrap_or_default().to_ascii_lowercase();
            if verb == "rcpt" {
                named = first_address(command).map(|(address, _)| address);
            }
            if verb == "rcpt" || verb == "mail" {
                entries.open = None;
            }
            last = command;
            refusals.clear();
        } else if let Some(answer) =
            spoken(line, ["<<<", "Out:", "<--", "Received >>>"]).or_else(|| stamped(line, ": <-- "))
        {
            if refuses(answer) {
                // A command is told once, or many answers to a long one would multiply it.
                let refusal = match mem::take(&mut last) {
                    "" => format!("<<< {answer}"),
                    command => format!(">>> {} <<< {answer}", beginning(command, COMMAND)),
                };
                match (entries.open, named) {
                    (None, Some(address)) => _ = entries.add(address, &refusal),
                    _ => entries.go_on(&refusal),
                }
                append(&mut refusals, &refusal);
            }
        } else if let Some((address, said)) = opening(line).filter(|_| opens(line, &entries)) {
            // The other side was heard already.
            let said = if refusals.is_empty() || !is_gloss(line) {
                said
            } else {
                ""
            };
            entries.open = Some(entries.add(address, &format!("{refusals} {said}")));
            entries.is_by_answer = is_answer(line);
            refusals.clear();
        } else if line.is_empty() {
            entries.pause();
        } else {
            entries.go_on(line);
        }
    }
    entries.list
}

/// A notice without what Sendmail says itself behind another side's answers: whatever a recipient is refused for, it glosses it with
/// "User unknown".
pub(super) fn without_glosses(notice: &str) -> String {
    let mut answered = false;
    let mut text = String::with_capacity(notice.len());
    for line in notice.split_inclusive('\n') {
        answered |= line.trim_start().starts_with("<<<") || line.contains("(reason: ");
        if !(answered && is_gloss(line.trim())) {
            text.push_str(line);
        }
    }
    text
}

/// Whether a line is Sendmail's own: a code, an address, three dots, and its words.
fn is_gloss(line: &str) -> bool {
    line.starts_with(['4', '5']) && line.contains("... ")
}

/// Whether a line may open an entry: an answer below an address tells of it, where to turn, or where the reader is now.
fn opens(line: &str, entries: &Entries) -> bool {
    !is_answer(line) || entries.open.is_none() || entries.is_by_answer || is_gloss(line)
}

/// Whether a text begins with a code of an answer that is no.
fn is_answer(text: &str) -> bool {
    text.len() > 2 && text.starts_with(['4', '5']) && text.as_bytes()[1..3].iter().all(u8::is_ascii_digit)
}

/// The only address in a notice beside those that it came to, where it says what is wrong with it.
pub(super) fn lone<'a>(notice: &'a str, came_to: &[String]) -> Option<&'a str> {
    let is_ours = |address: &&str| came_to.iter().any(|own| own.eq_ignore_ascii_case(address));
    let mut others = addresses(notice).filter(|address| !is_ours(address));
    let lone = others.next().filter(|_| explains(notice))?;
    others
        .all(|other| other.eq_ignore_ascii_case(lone))
        .then_some(lone)
}

/// A line of a transcript without the mark of who spoke.
fn spoken<'a>(line: &'a str, marks: [&str; 4]) -> Option<&'a str> {
    let said = marks.iter().find_map(|mark| line.strip_prefix(mark))?.trim();
    let verb = said.split([' ', ':']).next().unwrap_or_default();
    (!verb.contains('@') && !verb.starts_with('<')).then_some(said)
}

/// The same where the time stands before the mark.
fn stamped<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.split_once(mark).map(|(_, said)| said.trim())
}

/// Whether an answer refuses; that commands came in the wrong order (503) only follows from an earlier refusal.
fn refuses(answer: &str) -> bool {
    answer.starts_with(['4', '5']) && !answer.starts_with("503") && !answer.contains("no valid recipients")
}

/// The address that a line opens an entry with, and what the line says of it: before the address stands nothing, a reply
/// code, a label with a colon, or words that lead up to it.
fn opening(line: &str) -> Option<(&str, &str)> {
    let (address, rest) = first_address(line)?;
    let before = line[..line.find(address)?].trim_end_matches(['<', '(', '[', ' ', '\t', '"', '\'']);
    let lower = before.trim_start_matches(['*', '-', '>', ' ']).to_lowercase();
    let label = lower.trim_end_matches(':').trim_end();
    let labelled =
        lower.ends_with(':') && label.len() < 30 && !label.contains("http") && !OTHERS.contains(&label);
    if label.is_empty() {
        let rest = rest.trim_start_matches(['>', ')', ']', '"', '\'', ':', ' ', '.', ',']);
        return Some((address, rest));
    }
    (is_answer(label) || labelled || LEADS.iter().any(|lead| label.ends_with(lead)))
        .then_some((address, line))
}
