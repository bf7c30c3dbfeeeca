//! A mail server's own log: which messages it has taken, whatever it managed to answer.
//!
//! Read are the lines of Postfix, Exim and Sendmail, of whatever age and with any time in front. A message counts as taken
//! by what a server writes only after it has the whole of it: that it queued it.

use std::{
    collections::{HashMap, HashSet},
    io::{self, BufRead},
};

/// What a line says of a message.
enum Line<'a> {
    /// Postfix has read this Message-ID under this number of its queue; the message's end may never come.
    Named { queue: &'a str, id: &'a str },
    /// Postfix has queued the message of this number.
    Queued { queue: &'a str },
    /// The message of this Message-ID was taken.
    Taken { id: &'a str },
}

/// Those of the Message-IDs, without angle brackets, of which a log shows that the mail server took the message.
///
/// # Errors
/// Where the log cannot be read to its end.
pub fn taken<'a>(mut log: impl BufRead, asked: &HashSet<&'a str>) -> io::Result<HashSet<&'a str>> {
    let (mut taken, mut named) = (HashSet::new(), HashMap::new());
    let mut bytes = Vec::new();
    while log.read_until(b'\n', &mut bytes)? > 0 {
        match read(&String::from_utf8_lossy(&bytes)) {
            Some(Line::Taken { id }) => taken.extend(asked.get(id)),
            // Numbers are used again.
            Some(Line::Named { queue, id }) => match asked.get(id) {
                Some(id) => _ = named.insert(queue.to_owned(), *id),
                None => _ = named.remove(queue),
            },
            Some(Line::Queued { queue }) => taken.extend(named.remove(queue)),
            None => {}
        }
        bytes.clear();
    }
    Ok(taken)
}

fn read(line: &str) -> Option<Line<'_>> {
    if let Some((before, after)) = line.split_once(": message-id=<") {
        let queue = before.rsplit(' ').next()?;
        return Some(Line::Named {
            queue,
            id: after.split('>').next()?,
        });
    }
    if line.contains("/qmgr[") {
        let (before, _) = line.split_once(": from=<")?;
        let queue = before.rsplit(' ').next()?;
        return Some(Line::Queued { queue });
    }
    // Exim writes `<=` where it takes a message, Sendmail how many recipients it took it for.
    let id = if line.contains(" <= ") {
        line.split_once(" id=")?.1.split(' ').next()?
    } else if line.contains(", nrcpts=") && !line.contains(", nrcpts=0,") {
        line.split_once(", msgid=<")?.1.split('>').next()?
    } else {
        return None;
    };
    Some(Line::Taken { id: id.trim_end() })
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
Mar 10 05:00:03 mx postfix/cleanup[812]: 77AA1C0: message-id=<cut-off@brief.example>
Mar 10 05:00:03 mx postfix/smtpd[811]: lost connection after DATA (20134 bytes) from localhost[127.0.0.1]
Mar 10 05:00:04 mx postfix/cleanup[812]: 77AA1C0: message-id=<another@elsewhere.example>
Mar 10 05:00:04 mx postfix/qmgr[99]: 77AA1C0: from=<a@elsewhere.example>, size=900, nrcpt=1 (queue active)
2026-03-10 05:00:05 1tXyZa-000000001Ab-2cde <= bounce@brief.example H=app [10.0.0.7] P=esmtps S=41300 id=exim@brief.example
2026-03-10 05:00:06 1tXyZb-000000001Ac-3fgh H=app [10.0.0.7] F=<bounce@brief.example> rejected after DATA id=refused@brief.example
Mar 10 05:00:07 mx sendmail[7]: 62A507xy1: from=<bounce@brief.example>, size=41000, class=-60, nrcpts=1, msgid=<sendmail@brief.example>, proto=ESMTP, daemon=MTA, relay=app [10.0.0.7]
Mar 10 05:00:08 mx sendmail[7]: 62A508xy2: from=<bounce@brief.example>, size=0, class=-60, nrcpts=0, msgid=<nobody@brief.example>, proto=ESMTP, relay=app [10.0.0.7]
";

    #[test]
    fn a_message_was_taken_if_the_server_queued_it() {
        let asked = [
            "queued", "dated", "cut-off", "exim", "refused", "sendmail", "nobody", "absent",
        ];
        let asked = asked.map(|name| format!("{name}@brief.example"));
        let asked: HashSet<&str> = asked.iter().map(String::as_str).collect();
        let mut found: Vec<&str> = taken(LOG.as_bytes(), &asked).unwrap().into_iter().collect();
        found.sort_unstable();
        let expected = ["dated", "exim", "queued", "sendmail"].map(|name| format!("{name}@brief.example"));
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn no_log_breaks_it_or_proves_what_it_does_not_name(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    ": message-id=<", "/qmgr[", ": from=<", " <= ", " id=", ", nrcpts=", ", msgid=<", "b@brief.example",
                    ">", " ", "\n", "4F", "é",
                ]),
                0..40,
            ),
        ) {
            let log = parts.concat();
            prop_assert!(taken(log.as_bytes(), &HashSet::from(["a@brief.example"])).unwrap().is_empty());
        }
    }
}
