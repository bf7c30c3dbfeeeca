//! A reading IMAP client (RFC 9051; servers of RFC 3501 do as well): it takes what is new in one mailbox and leaves no
//! trace there. The mailbox is opened by EXAMINE and messages are fetched by BODY.PEEK, so nothing is marked as read.

mod talk;

use std::{io, path::PathBuf, time::Duration};

use talk::{Talk, number_after, quoted};
use tokio::{
    io::{AsyncRead, AsyncWrite, BufReader},
    net::TcpStream,
    time::{Instant, timeout},
};

use crate::{
    account::{Account, Proof, bearer},
    tls,
};

/// Where the letters are, and who asks.
#[derive(Clone)]
pub struct Mailbox {
    /// Host name; the certificate must name it.
    pub host: String,
    /// TCP port, 993 as a rule: the connection is encrypted from its first byte (RFC 8314).
    pub port: u16,
    /// Who signs in.
    pub account: Account,
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

/// Why the mailbox could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// The server cannot be reached, or the connection broke.
    #[error("{0} cannot be reached")]
    Connect(String, #[source] io::Error),
    /// The server did not answer in time.
    #[error("{0} did not answer in time")]
    Timeout(String),
    /// There is no token to sign in with.
    #[error("the token in {0} cannot be read")]
    Token(PathBuf, #[source] io::Error),
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
        .map_err(|error| broken(tls::in_words(error)))?;
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
        let sign_in = sign_in(&mailbox.account).await?;
        talk.command("sign in", &sign_in).await?;
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
    let listed = talk.new_letters(from).await?;
    let (letters, done) = talk.letters(from, &listed).await?;
    let _ = talk.command("sign out", "LOGOUT").await;
    Ok(News {
        letters,
        mark: Mark { validity, uid: done },
    })
}

/// The command that signs in. A token that is not good is told by a question, whose empty answer brings the refusal itself.
async fn sign_in(Account { user, proof }: &Account) -> Result<String, ImapError> {
    match proof {
        Proof::Password(password) => Ok(format!("LOGIN {} {}", quoted(user), quoted(password))),
        Proof::TokenFile(file) => {
            let answer = bearer(user, file).await;
            let answer = answer.map_err(|error| ImapError::Token(file.clone(), error))?;
            // With the command, as every server does that knows tokens (RFC 4959).
            Ok(format!("AUTHENTICATE XOAUTH2 {answer}"))
        }
    }
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

    /// Takes these letters, and says up to which UID that is done.
    ///
    /// A letter that the server refuses to give while it gives a later one is passed over, or it would hold up all behind it for
    /// ever. Where it gives none at all, that is its own fault, and nothing is passed over. What came before the connection broke
    /// counts: the next visit meets the fault first, and tells of it.
    async fn letters(
        &mut self,
        from: u32,
        listed: &[(u32, u32)],
    ) -> Result<(Vec<(u32, Vec<u8>)>, u32), ImapError> {
        let (mut letters, mut done, mut refused) = (Vec::new(), from, None);
        for &(uid, size) in listed {
            // A visit that takes one letter at least comes to an end some day.
            if done > from && self.is_sated() {
                break;
            }
            if size > self.limits.bytes {
                if refused.is_none() {
                    done = uid;
                }
                continue;
            }
            match self.letter(uid).await {
                Ok(letter) => {
                    letters.extend(letter.map(|letter| (uid, letter)));
                    (done, refused) = (uid, None);
                }
                Err(error @ ImapError::Refused { .. }) => refused = Some(error),
                Err(_) if done > from => break,
                Err(error) => return Err(error),
            }
        }
        match refused {
            Some(error) if done == from => Err(error),
            _ => Ok((letters, done)),
        }
    }

    /// One letter; `None` where it has gone since it was listed.
    async fn letter(&mut self, uid: u32) -> Result<Option<Vec<u8>>, ImapError> {
        let ask = format!("UID FETCH {uid} (UID BODY.PEEK[])");
        let fetched = self.command("fetch a letter", &ask).await?;
        Ok(fetched.into_iter().find_map(|line| line.literal))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt};

    use super::*;

    fn mailbox() -> Mailbox {
        Mailbox {
            host: "mail.example".to_owned(),
            port: 993,
            account: Account {
                user: "ann".to_owned(),
                proof: Proof::Password("a \"b\" \\c".to_owned()),
            },
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

    const SECOND: (&str, &str) = (
        "UID FETCH 8 (UID BODY.PEEK[])",
        "* 2 FETCH (UID 8 BODY[] {12}\r\nSubject: y\r\n)\r\nTAG OK done\r\n",
    );

    #[tokio::test]
    async fn a_letter_that_the_server_does_not_give_holds_up_nobody() {
        let refused = |(asked, _): (&'static str, &'static str)| (asked, "TAG NO it is damaged\r\n");
        let news = visit(vec![LOGIN, OPEN, LISTED, refused(FIRST), SECOND, OUT], None);
        let news = news.await.unwrap();
        assert_eq!(news.letters, [(8, b"Subject: y\r\n".to_vec())]);
        assert_eq!(news.mark, Mark { validity: 7, uid: 8 });

        // Perhaps the server only has a bad minute: it is asked for the second once more.
        let news = visit(vec![LOGIN, OPEN, LISTED, FIRST, refused(SECOND), OUT], None);
        assert_eq!(news.await.unwrap().mark, Mark { validity: 7, uid: 6 });
        let nothing = visit(vec![LOGIN, OPEN, LISTED, refused(FIRST), refused(SECOND)], None);
        assert!(matches!(nothing.await, Err(ImapError::Refused { .. })));
    }

    #[tokio::test]
    async fn what_came_before_the_connection_broke_counts() {
        let news = visit(vec![LOGIN, OPEN, LISTED, FIRST], None).await.unwrap();
        assert_eq!(news.letters, [(6, b"Subject: x\r\n".to_vec())]);
        assert_eq!(news.mark, Mark { validity: 7, uid: 6 });
        let nothing = visit(vec![LOGIN, OPEN, LISTED], None).await;
        assert!(matches!(nothing, Err(ImapError::Connect(..))), "{nothing:?}");
    }
}
