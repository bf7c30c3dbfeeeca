//! A mail server's own log: which messages it has taken, whatever it managed to answer.
//!
//! Read are the lines of Postfix and Exim, with any time in front. A message was taken where the log says so by what these
//! write only once they have the whole of it.

use std::{
    collections::{HashMap, HashSet},
    io::{self, BufRead},
};

/// What a log shows of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Nothing, or that it was cut off or refused at its end.
    Nothing,
    /// That it was begun. It may be queued meanwhile: in a full queue, Postfix writes that only when its turn comes.
    Begun,
    /// That the mail server has it.
    Taken,
}

/// A log as far as it was read, about some messages.
pub struct RelayLog<'a> {
    asked: HashSet<&'a str>,
    taken: HashSet<&'a str>,
    /// Messages without an end, by the number under which Postfix has them. Numbers are used again.
    begun: HashMap<String, &'a str>,
    /// What each of Postfix's server processes is receiving.
    receiving: HashMap<String, String>,
    /// How many of its lines are a mail server's.
    lines: u64,
}

impl<'a> RelayLog<'a> {
    /// One that is to be read about these Message-IDs, without angle brackets.
    #[must_use]
    pub fn about(asked: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            asked: asked.into_iter().collect(),
            taken: HashSet::new(),
            begun: HashMap::new(),
            receiving: HashMap::new(),
            lines: 0,
        }
    }

    /// Reads a file of it to its end. Of several, the older comes first.
    ///
    /// # Errors
    /// Where that cannot be read.
    pub fn read(&mut self, mut log: impl BufRead) -> io::Result<()> {
        let mut bytes = Vec::new();
        while log.read_until(b'\n', &mut bytes)? > 0 {
            self.take_in(&String::from_utf8_lossy(&bytes));
            bytes.clear();
        }
        Ok(())
    }

    /// Whether no line of it so far was that of a mail server that is known: it may be something else.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// What it shows of one of the messages.
    #[must_use]
    pub fn shows(&self, id: &str) -> Shown {
        if self.taken.contains(id) {
            Shown::Taken
        } else if self.begun.values().any(|begun| *begun == id) {
            Shown::Begun
        } else {
            Shown::Nothing
        }
    }

    fn take_in(&mut self, line: &str) {
        let is_known = ["/cleanup", "/qmgr", "/smtpd", " <= "]
            .iter()
            .any(|word| line.contains(word));
        self.lines += u64::from(is_known);
        if let Some((queue, after)) = queued(line, ": message-id=<") {
            let id = after.split('>').next().unwrap_or_default();
            match self.asked.get(id) {
                Some(id) => _ = self.begun.insert(queue.to_owned(), id),
                None => _ = self.begun.remove(queue),
            }
        } else if line.contains("/qmgr") {
            let begun = queued(line, ": from=<").and_then(|(queue, _)| self.begun.remove(queue));
            self.taken.extend(begun);
        } else if let Some(process) = process(line) {
            if let Some((queue, _)) = queued(line, ": client=") {
                self.receiving.insert(process.to_owned(), queue.to_owned());
            } else if is_cut_off(line) {
                let cut_off = self.receiving.get(process);
                cut_off.map(|queue| self.begun.remove(queue));
            }
        } else if let Some((queue, _)) = queued(line, ": milter-reject: END-OF-MESSAGE") {
            self.begun.remove(queue);
        } else if line.contains(" <= ") {
            // Exim has taken it.
            let id = line
                .split_once(" id=")
                .and_then(|(_, after)| after.split_whitespace().next());
            self.taken.extend(id.and_then(|id| self.asked.get(id)));
        }
    }
}

/// Whether a message did not come to its end, by DATA or by BDAT (RFC 3030).
fn is_cut_off(line: &str) -> bool {
    let ends = [
        ": lost connection after DATA",
        ": lost connection after BDAT",
        ": timeout after DATA",
        ": timeout after BDAT",
    ];
    ends.iter().any(|words| line.contains(words))
}

/// The number in front of these words, and what stands behind them.
fn queued<'a>(line: &'a str, words: &str) -> Option<(&'a str, &'a str)> {
    let (before, after) = line.split_once(words)?;
    Some((before.rsplit(' ').next()?, after))
}

/// The number of the server process of Postfix that wrote a line: `postfix/smtpd[811]`, or `postfix/smtpd 811` (RFC 5424).
fn process(line: &str) -> Option<&str> {
    let (_, after) = line.split_once("/smtpd")?;
    let end = after.get(1..)?.find(|c: char| !c.is_ascii_digit())?;
    after.get(1..=end).filter(|digits| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LOG: &str = "\
Mar 10 05:00:01 mx postfix/smtpd[811]: connect from localhost[127.0.0.1]
Mar 10 05:00:01 mx postfix/smtpd[811]: 3F2A1C0: client=localhost[127.0.0.1]
Mar 10 05:00:01 mx postfix/cleanup[812]: 3F2A1C0: message-id=<queued@brief.example>
Mar 10 05:00:01 mx postfix/qmgr[99]: 3F2A1C0: from=<bounce@brief.example>, size=41021, nrcpt=1 (queue active)
2026-03-10T05:00:02.120431+00:00 mx postfix-out/cleanup[812]: 4nKcXw1Zz2z9: message-id=<dated@brief.example>
2026-03-10T05:00:02.130020+00:00 mx postfix-out/qmgr[99]: 4nKcXw1Zz2z9: from=<>, size=41021, nrcpt=1 (queue active)
<22>1 2026-03-10T05:00:02Z mx postfix/cleanup 812 - - 5A2A1C0: message-id=<syslog@brief.example>
<22>1 2026-03-10T05:00:02Z mx postfix/qmgr 99 - - 5A2A1C0: from=<bounce@brief.example>, size=9, nrcpt=1 (queue active)
Mar 10 05:00:03 mx postfix/smtpd[811]: 77AA1C0: client=localhost[127.0.0.1]
Mar 10 05:00:03 mx postfix/cleanup[812]: 77AA1C0: message-id=<cut-off@brief.example>
Mar 10 05:00:03 mx postfix/smtpd[811]: lost connection after DATA (20134 bytes) from localhost[127.0.0.1]
Mar 10 05:00:03 mx postfix/smtpd[815]: 78AA1C0: client=localhost[127.0.0.1]
Mar 10 05:00:03 mx postfix/cleanup[812]: 78AA1C0: message-id=<cut-off-in-chunks@brief.example>
Mar 10 05:00:03 mx postfix/smtpd[815]: lost connection after BDAT (20134 bytes) from localhost[127.0.0.1]
Mar 10 05:00:03 mx postfix/cleanup[813]: 88AA1C0: message-id=<refused-by-a-filter@brief.example>
Mar 10 05:00:03 mx postfix/cleanup[813]: 88AA1C0: milter-reject: END-OF-MESSAGE from localhost[127.0.0.1]: 4.7.1 later
Mar 10 05:00:04 mx postfix/cleanup[812]: 99AA1C0: message-id=<number-used-again@brief.example>
Mar 10 05:00:04 mx postfix/cleanup[812]: 99AA1C0: message-id=<another@elsewhere.example>
Mar 10 05:00:04 mx postfix/qmgr[99]: 99AA1C0: from=<a@elsewhere.example>, size=900, nrcpt=1 (queue active)
2026-03-10 05:00:05 1tXyZa-000000001Ab-2cde <= bounce@brief.example H=app [10.0.0.7] P=esmtps S=41300 id=exim@brief.example
2026-03-10 05:00:06 1tXyZb-000000001Ac-3fgh H=app [10.0.0.7] rejected after DATA id=refused@brief.example
Mar 10 05:00:07 mx postfix/smtpd[814]: 66AA1C0: client=localhost[127.0.0.1]
Mar 10 05:00:07 mx postfix/cleanup[812]: 66AA1C0: message-id=<waits@brief.example>
Mar 10 05:00:07 mx postfix/smtpd[814]: lost connection after END-OF-MESSAGE from localhost[127.0.0.1]
Mar 10 05:00:08 mx postfix/cleanup[812]: AAAA1C0: message-id=<rotated@brief.example>
";

    #[test]
    fn a_message_was_taken_if_the_server_queued_it() {
        let expected = [
            ("queued", Shown::Taken),
            ("dated", Shown::Taken),
            ("syslog", Shown::Taken),
            ("cut-off", Shown::Nothing),
            ("cut-off-in-chunks", Shown::Nothing),
            ("refused-by-a-filter", Shown::Nothing),
            ("number-used-again", Shown::Nothing),
            ("exim", Shown::Taken),
            ("refused", Shown::Nothing),
            ("waits", Shown::Begun),
            ("rotated", Shown::Taken),
            ("absent", Shown::Nothing),
        ]
        .map(|(name, shown)| (format!("{name}@brief.example"), shown));
        let mut log = RelayLog::about(expected.iter().map(|(id, _)| id.as_str()));
        log.read(LOG.as_bytes()).unwrap();
        assert!(!log.is_empty());
        assert_eq!(log.shows("rotated@brief.example"), Shown::Begun);
        let next = "Mar 10 05:00:09 mx postfix/qmgr[99]: AAAA1C0: from=<>, size=9, nrcpt=1 (queue active)\n";
        log.read(next.as_bytes()).unwrap();
        for (id, shown) in &expected {
            assert_eq!(log.shows(id), *shown, "{id}");
        }
    }

    #[test]
    fn what_is_no_log_is_known_as_such() {
        let mut log = RelayLog::about(["a@brief.example"]);
        log.read(&b"\x1f\x8b\x08 packed\nmessage-id=<a@brief.example>\n"[..])
            .unwrap();
        assert!(log.is_empty());
    }

    proptest! {
        #[test]
        fn nothing_is_taken_without_its_end(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    ": message-id=<", "/smtpd[8]", ": client=", ": lost connection after DATA", " id=", "a@brief.example",
                    ">", " ", "\n", "4F", "é",
                ]),
                0..40,
            ),
        ) {
            let mut log = RelayLog::about(["a@brief.example"]);
            log.read(parts.concat().as_bytes()).unwrap();
            prop_assert_ne!(log.shows("a@brief.example"), Shown::Taken);
        }
    }
}
