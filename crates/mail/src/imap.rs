//! A reading IMAP client (RFC 9051; servers of RFC 3501 do as well): it takes what is new in one mailbox and leaves no
//! trace there. The mailbox is opened by EXAMINE and messages are fetched by BODY.PEEK, so nothing is marked as read.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};

use crate::{tls, wire};

/// Where the letters are, and who asks.
#[derive(Clone)]
pub struct Mailbox {
    /// Host name; the certificate must name it.
    pub host: String,
    /// TCP port, 993 as a rule: the connection is encrypted from its first byte (RFC 8314).
    pub port: u16,
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
    /// The mailbox: `INBOX`.
    pub name: String,
}

/// How far a mailbox was read: its validity, and the last UID taken (RFC 9051, section 2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// UIDs of another validity say nothing.
    pub validity: u32,
    /// The highest UID that was taken.
    pub uid: u32,
}

/// What a visit brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The letters by UID, as they came.
    pub letters: Vec<(u32, Vec<u8>)>,
    /// How far the mailbox is read with these.
    pub mark: Mark,
}

/// What a visit may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Letters of one visit; the rest comes with the next.
    pub letters: usize,
    /// A larger letter is passed over, in bytes.
    pub bytes: u32,
    /// The longest wait for one answer.
    pub wait: Duration,
    /// Once so many bytes have come, letters and all else, the visit takes no further letter; at twice as many it breaks
    /// off.
    pub visit_bytes: u64,
    /// The same for the time that it takes.
    pub visit_time: Duration,
}

/// The longest line without its literals, in bytes.
const LINE: usize = 64 << 10;

/// Why the mailbox could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// The server cannot be reached, or the connection broke.
    #[error("{0} cannot be reached")]
    Connect(String, #[source] io::Error),
    /// The server did not answer in time.
    #[error("{0} did not answer in time")]
    Timeout(String),
    /// Encryption cannot be set up.
    #[error("the connection to {0} cannot be encrypted: {1}")]
    Tls(String, String),
    /// The server said no.
    #[error("{server} refused to {doing}: {answer}")]
    Refused {
        /// The server.
        server: String,
        /// What was asked.
        doing: &'static str,
        /// Its words.
        answer: String,
    },
    /// The answer is none of IMAP's.
    #[error("{0} does not speak IMAP")]
    Garbled(String),
    /// More came than a visit may bring.
    #[error("{0} sends without an end")]
    Endless(String),
}

/// Takes what is new since `since`; everything, where the mailbox was never read or has a new validity.
///
/// # Errors
/// See [`ImapError`].
pub async fn read_new(mailbox: &Mailbox, since: Option<Mark>, limits: Limits) -> Result<News, ImapError> {
    let broken = |error| ImapError::Connect(mailbox.host.clone(), error);
    let late = |_| ImapError::Timeout(mailbox.host.clone());
    let dial = TcpStream::connect((mailbox.host.as_str(), mailbox.port));
    let stream = timeout(limits.wait, dial).await.map_err(late)?.map_err(broken)?;
    let unusable = |why| ImapError::Tls(mailbox.host.clone(), why);
    let (connector, name) = tls::connector(&mailbox.host, None).map_err(unusable)?;
    let handshake = connector.connect(name, stream);
    let stream = timeout(limits.wait, handshake)
        .await
        .map_err(late)?
        .map_err(broken)?;
    talk(stream, mailbox, since, limits).await
}

/// The conversation, over whatever carries it.
async fn talk<S>(stream: S, mailbox: &Mailbox, since: Option<Mark>, limits: Limits) -> Result<News, ImapError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut talk = Talk {
        stream: BufReader::new(stream),
        server: &mailbox.host,
        limits,
        tag: 0,
        read: 0,
        began: Instant::now(),
    };
    let greeting = talk.line().await?;
    if !greeting.text.starts_with("* OK") && !greeting.text.starts_with("* PREAUTH") {
        return Err(ImapError::Garbled(mailbox.host.clone()));
    }
    if greeting.text.starts_with("* OK") {
        let login = format!("LOGIN {} {}", quoted(&mailbox.user), quoted(&mailbox.password));
        talk.command("sign in", &login).await?;
    }
    let opened = talk
        .command("open the mailbox", &format!("EXAMINE {}", quoted(&mailbox.name)))
        .await?;
    let validity = opened
        .iter()
        .find_map(|line| number_after(&line.text, "[UIDVALIDITY "));
    let validity = validity.ok_or_else(|| ImapError::Garbled(mailbox.host.clone()))?;
    let from = since
        .filter(|mark| mark.validity == validity)
        .map_or(0, |mark| mark.uid);
    let mut letters = Vec::new();
    let mut done = from;
    for (uid, size) in talk.new_letters(from).await? {
        // A visit that takes one letter at least comes to an end some day.
        if done > from && talk.is_sated() {
            break;
        }
        done = uid;
        if size > limits.bytes {
            continue;
        }
        let fetched = talk
            .command("fetch a letter", &format!("UID FETCH {uid} (UID BODY.PEEK[])"))
            .await?;
        let letter = fetched.into_iter().find_map(|line| line.literal);
        letters.extend(letter.map(|letter| (uid, letter)));
    }
    let _ = talk.command("sign out", "LOGOUT").await;
    Ok(News {
        letters,
        mark: Mark { validity, uid: done },
    })
}

/// One answer of the server: its text without literals, and its last literal.
struct Line {
    text: String,
    literal: Option<Vec<u8>>,
}

struct Talk<'a, S> {
    stream: BufReader<S>,
    server: &'a str,
    limits: Limits,
    tag: u32,
    /// Bytes so far.
    read: u64,
    began: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<'_, S> {
    /// Whether the visit has brought or taken enough.
    fn is_sated(&self) -> bool {
        self.read >= self.limits.visit_bytes || self.began.elapsed() >= self.limits.visit_time
    }

    /// The first UIDs beyond `from`, each with its letter's size.
    async fn new_letters(&mut self, from: u32) -> Result<Vec<(u32, u32)>, ImapError> {
        let ask = format!("UID FETCH {}:* (UID RFC822.SIZE)", from.saturating_add(1));
        let listed = self.command("list letters", &ask).await?;
        let mut found: Vec<(u32, u32)> = listed
            .iter()
            .filter_map(|line| {
                Some((
                    number_after(&line.text, "UID ")?,
                    number_after(&line.text, "RFC822.SIZE ")?,
                ))
            })
            // `*` is the last letter even where its UID is below the range.
            .filter(|(uid, _)| *uid > from)
            .collect();
        found.sort_unstable();
        found.dedup();
        found.truncate(self.limits.letters);
        Ok(found)
    }

    /// Asks, and gives back the untagged answers before the OK.
    async fn command(&mut self, doing: &'static str, text: &str) -> Result<Vec<Line>, ImapError> {
        self.tag += 1;
        let tag = format!("r{}", self.tag);
        let broken = |error| ImapError::Connect(self.server.to_owned(), error);
        let write = self
            .stream
            .write_all(format!("{tag} {text}\r\n").as_bytes())
            .await;
        write.map_err(broken)?;
        self.stream.flush().await.map_err(broken)?;
        let mut answers = Vec::new();
        loop {
            let line = self.line().await?;
            let Some(done) = line.text.strip_prefix(&*tag) else {
                answers.push(line);
                continue;
            };
            let done = done.trim_start();
            if done.get(..2).is_some_and(|word| word.eq_ignore_ascii_case("OK")) {
                return Ok(answers);
            }
            return Err(ImapError::Refused {
                server: self.server.to_owned(),
                doing,
                answer: done.trim().to_owned(),
            });
        }
    }

    /// One line with the literals in it (RFC 9051, section 4.3).
    async fn line(&mut self) -> Result<Line, ImapError> {
        let end = self.began + self.limits.visit_time * 2;
        let until = end.min(Instant::now() + self.limits.wait);
        let late = ImapError::Timeout(self.server.to_owned());
        timeout_at(until, self.read_line()).await.unwrap_or(Err(late))
    }

    async fn read_line(&mut self) -> Result<Line, ImapError> {
        let broken = |error| ImapError::Connect(self.server.to_owned(), error);
        // A size that was listed may have been wrong, but not by this much.
        let most = u64::from(self.limits.bytes) * 2;
        let mut read = Line {
            text: String::new(),
            literal: None,
        };
        loop {
            let bytes = wire::read_line(&mut self.stream, LINE).await.map_err(broken)?;
            let bytes = bytes.ok_or_else(|| broken(io::ErrorKind::UnexpectedEof.into()))?;
            let text = String::from_utf8_lossy(&bytes);
            let text = text.trim_end_matches(['\r', '\n']);
            read.text.push_str(text);
            self.count(bytes.len() as u64)?;
            let Some(length) = literal_length(text) else {
                return Ok(read);
            };
            if length > most {
                return Err(ImapError::Garbled(self.server.to_owned()));
            }
            self.count(length)?;
            let mut literal = Vec::new();
            let taken = (&mut self.stream)
                .take(length)
                .read_to_end(&mut literal)
                .await
                .map_err(broken)?;
            if taken as u64 != length {
                return Err(broken(io::ErrorKind::UnexpectedEof.into()));
            }
            read.literal = Some(literal);
        }
    }

    /// Counts bytes that come.
    fn count(&mut self, bytes: u64) -> Result<(), ImapError> {
        self.read += bytes;
        match self.read <= self.limits.visit_bytes * 2 {
            true => Ok(()),
            false => Err(ImapError::Endless(self.server.to_owned())),
        }
    }
}

/// The `n` of a line that ends in `{n}` or `{n+}`.
fn literal_length(line: &str) -> Option<u64> {
    let (_, length) = line.strip_suffix('}')?.rsplit_once('{')?;
    length.trim_end_matches('+').parse().ok()
}

fn number_after(text: &str, word: &str) -> Option<u32> {
    let after = &text[text.find(word)? + word.len()..];
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    after[..end].parse().ok()
}

/// A quoted string. Line ends cannot stand in one, nor in any name or password.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')) {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncBufReadExt;

    use super::*;

    fn mailbox() -> Mailbox {
        Mailbox {
            host: "mail.example".to_owned(),
            port: 993,
            user: "ann".to_owned(),
            password: "a \"b\" \\c".to_owned(),
            name: "INBOX".to_owned(),
        }
    }

    const LIMITS: Limits = Limits {
        letters: 2,
        bytes: 100,
        wait: Duration::from_secs(5),
        visit_bytes: 1_000,
        visit_time: Duration::from_secs(60),
    };

    /// Answers each command that starts as expected, in order.
    async fn server(stream: tokio::io::DuplexStream, script: Vec<(&'static str, &'static str)>) {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"* OK ready\r\n").await.unwrap();
        for (expected, answer) in script {
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            let (tag, command) = line.trim_end().split_once(' ').unwrap();
            assert_eq!(command, expected);
            let answer = answer.replace("TAG", tag);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }

    async fn visit(
        script: Vec<(&'static str, &'static str)>,
        since: Option<Mark>,
    ) -> Result<News, ImapError> {
        visit_within(LIMITS, script, since).await
    }

    async fn visit_within(
        limits: Limits,
        script: Vec<(&'static str, &'static str)>,
        since: Option<Mark>,
    ) -> Result<News, ImapError> {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let served = tokio::spawn(server(theirs, script));
        let news = talk(ours, &mailbox(), since, limits).await;
        served.await.unwrap();
        news
    }

    const LOGIN: (&str, &str) = ("LOGIN \"ann\" \"a \\\"b\\\" \\\\c\"", "TAG OK in\r\n");
    const OPEN: (&str, &str) = (
        "EXAMINE \"INBOX\"",
        "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\nTAG OK [READ-ONLY] open\r\n",
    );
    const OUT: (&str, &str) = ("LOGOUT", "* BYE\r\nTAG OK out\r\n");

    #[tokio::test]
    async fn what_is_new_is_taken_a_few_at_a_time_and_nothing_is_marked() {
        let news = visit(
            vec![
                LOGIN,
                OPEN,
                (
                    "UID FETCH 5:* (UID RFC822.SIZE)",
                    "* 3 FETCH (UID 9 RFC822.SIZE 20)\r\n* 1 FETCH (UID 6 RFC822.SIZE 20)\r\n\
                     * 2 FETCH (RFC822.SIZE 4000 UID 8)\r\nTAG OK done\r\n",
                ),
                (
                    "UID FETCH 6 (UID BODY.PEEK[])",
                    "* 1 FETCH (UID 6 BODY[] {13}\r\nSubject: x\r\n})\r\n* 4 EXISTS\r\nTAG OK done\r\n",
                ),
                OUT,
            ],
            Some(Mark { validity: 7, uid: 4 }),
        );
        let news = news.await.unwrap();
        assert_eq!(news.letters, [(6, b"Subject: x\r\n}".to_vec())]);
        assert_eq!(
            news.mark,
            Mark { validity: 7, uid: 8 },
            "8 was too large, 9 comes with the next visit"
        );
    }

    /// What is listed once the mailbox is open, and the first letter.
    const LISTED: (&str, &str) = (
        "UID FETCH 1:* (UID RFC822.SIZE)",
        "* 1 FETCH (UID 6 RFC822.SIZE 20)\r\n* 2 FETCH (UID 8 RFC822.SIZE 20)\r\nTAG OK done\r\n",
    );
    const FIRST: (&str, &str) = (
        "UID FETCH 6 (UID BODY.PEEK[])",
        "* 1 FETCH (UID 6 BODY[] {12}\r\nSubject: x\r\n)\r\nTAG OK done\r\n",
    );

    #[tokio::test]
    async fn a_visit_that_has_brought_enough_leaves_the_rest_to_the_next() {
        let limits = Limits {
            visit_bytes: 200,
            ..LIMITS
        };
        let news = visit_within(limits, vec![LOGIN, OPEN, LISTED, FIRST, OUT], None).await;
        let news = news.unwrap();
        assert_eq!((news.letters.len(), news.mark.uid), (1, 6));
        let hasty = Limits {
            visit_time: Duration::ZERO,
            ..LIMITS
        };
        let (ours, _silent) = tokio::io::duplex(1);
        let late = talk(ours, &mailbox(), None, hasty).await;
        assert!(matches!(late, Err(ImapError::Timeout(_))), "{late:?}");
    }

    #[tokio::test]
    async fn a_server_that_never_ends_is_left() {
        let endless = "* 1 EXISTS\r\n".repeat(1_000).leak();
        let left = visit(vec![LOGIN, (OPEN.0, endless)], None).await;
        assert!(matches!(left, Err(ImapError::Endless(_))), "{left:?}");
    }

    #[tokio::test]
    async fn a_mailbox_of_another_validity_is_read_from_its_start() {
        let news = visit(
            vec![
                LOGIN,
                OPEN,
                ("UID FETCH 1:* (UID RFC822.SIZE)", "TAG OK none\r\n"),
                OUT,
            ],
            Some(Mark { validity: 6, uid: 40 }),
        );
        assert_eq!(news.await.unwrap().mark, Mark { validity: 7, uid: 0 });
    }

    #[tokio::test]
    async fn a_refusal_is_told_in_the_servers_words() {
        let refused = visit(
            vec![(LOGIN.0, "TAG NO [AUTHENTICATIONFAILED] wrong password\r\n")],
            None,
        );
        let told = refused.await.unwrap_err().to_string();
        assert_eq!(
            told,
            "mail.example refused to sign in: NO [AUTHENTICATIONFAILED] wrong password"
        );
    }

    #[test]
    fn literals_are_told_from_braces() {
        assert_eq!(literal_length("* 1 FETCH (BODY[] {310}"), Some(310));
        assert_eq!(literal_length("* 1 FETCH (BODY[] {310+}"), Some(310));
        assert_eq!(literal_length("* OK {no}"), None);
        assert_eq!(literal_length("* OK {5} more"), None);
    }
}
