//! A letter as it was received: who sent it, on which list, and what it says.

use mail_parser::{HeaderValue, MessageParser, PartType};
use reveille_model::UnixMillis;

/// One received message, as far as a newsletter's reader cares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// The Message-ID without angle brackets (RFC 5322, section 3.6.4); empty where there is none.
    pub message_id: String,
    /// The identifier of its list without angle brackets (RFC 2919).
    pub list_id: Option<String>,
    /// The name of the list or of the sender, as written.
    pub name: Option<String>,
    /// The sender's address in lower case.
    pub from: Option<String>,
    /// The subject on one line.
    pub subject: String,
    /// When it was sent.
    pub date: Option<UnixMillis>,
    /// The HTML part.
    pub html: Option<String>,
    /// The plain part.
    pub text: Option<String>,
}

/// Reads a message (RFC 5322, MIME); `None` where the bytes are none.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Letter> {
    let message = MessageParser::default().parse(bytes)?;
    let from = message.from().and_then(|from| from.first());
    let address = from.and_then(|from| from.address());
    if address.is_none() && message.message_id().is_none() {
        return None;
    }
    let (list_name, list_id) = match message.list_id() {
        HeaderValue::Address(list) => {
            let first = list.first();
            (
                first.and_then(|list| list.name()),
                first.and_then(|list| list.address()),
            )
        }
        HeaderValue::Text(id) => (None, Some(id.as_ref())),
        _ => (None, None),
    };
    let html = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.to_string()),
        _ => None,
    });
    let text = message.text_bodies().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        _ => None,
    });
    let name = list_name.or_else(|| from.and_then(|from| from.name()));
    Some(Letter {
        message_id: message.message_id().unwrap_or_default().to_owned(),
        list_id: list_id.map(|id| id.trim_matches(['<', '>', ' ']).to_lowercase()),
        name: name.map(one_line).filter(|name| !name.is_empty()),
        from: address.map(str::to_lowercase),
        subject: message.subject().map(one_line).unwrap_or_default(),
        date: message
            .date()
            .map(|date| UnixMillis(date.to_timestamp().saturating_mul(1_000))),
        html,
        text,
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The messages of an mbox file (RFC 4155), in order. A message begins with a line `From ` at the start or after an
/// empty line; in its body one `>` is taken off before `From `.
#[must_use]
pub fn split_mbox(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut after_empty = true;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if after_empty && line.starts_with(b"From ") {
            messages.push(Vec::new());
        } else if let Some(message) = messages.last_mut() {
            let quoted = line.iter().position(|byte| *byte != b'>');
            let quoted = quoted.is_some_and(|at| at > 0 && line[at..].starts_with(b"From "));
            message.extend_from_slice(if quoted { &line[1..] } else { line });
        }
        after_empty = line.trim_ascii().is_empty();
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "From: =?utf-8?q?H=C3=A4fen_am_Morgen?= <News@Letters.example>\r\n\
        Message-ID: <7.a@letters.example>\r\n\
        List-Id: The Harbour List <harbour.letters.example>\r\n\
        Subject: Harbour\r\n reopens\r\n\
        Date: Tue, 10 Mar 2026 05:00:00 +0100\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPlain.\r\n\
        --b\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        <p>Gr=FC=DFe</p>\r\n--b--\r\n";

    #[test]
    fn a_letter_says_who_sent_it_on_which_list_and_what() {
        let letter = read(LETTER.as_bytes()).unwrap();
        assert_eq!(letter.message_id, "7.a@letters.example");
        assert_eq!(letter.list_id.as_deref(), Some("harbour.letters.example"));
        assert_eq!(letter.name.as_deref(), Some("The Harbour List"));
        assert_eq!(letter.from.as_deref(), Some("news@letters.example"));
        assert_eq!(letter.subject, "Harbour reopens");
        assert_eq!(letter.date, Some(UnixMillis(1_773_115_200_000)));
        assert!(letter.html.unwrap().contains("Grüße"));
        assert_eq!(letter.text.unwrap().trim(), "Plain.");
    }

    #[test]
    fn a_letter_off_a_list_is_known_by_its_sender() {
        let without = LETTER.replace("List-Id: The Harbour List <harbour.letters.example>\r\n", "");
        let letter = read(without.as_bytes()).unwrap();
        assert_eq!(letter.list_id, None);
        assert_eq!(letter.name.as_deref(), Some("Häfen am Morgen"));
        assert_eq!(read(b"no letter at all"), None);
    }

    #[test]
    fn an_mbox_is_parted_at_its_from_lines_and_unquoted() {
        let mbox = b"From a@x Tue Mar 10\nSubject: one\n\nFrom here on.\nBody\n>From me\n>>From you\n\nFrom b@x Tue Mar 10\nSubject: two\n\nTwo\n";
        let messages = split_mbox(mbox);
        let texts: Vec<_> = messages
            .iter()
            .map(|message| String::from_utf8_lossy(message))
            .collect();
        assert_eq!(texts.len(), 3, "{texts:?}");
        assert_eq!(split_mbox(b"Subject: none\n\nText\n"), Vec::<Vec<u8>>::new());
        let quoted = split_mbox(b"From a\nSubject: one\n\nText\n>From me\n>>From you\n");
        assert!(quoted[0].ends_with(b"Text\nFrom me\n>From you\n"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
            let _ = read(&bytes);
            let _ = split_mbox(&bytes);
        }
    }
}
