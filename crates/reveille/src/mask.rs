//! What other servers say, without what is of one reader in it: the addresses, since what is kept of their words outside a
//! reader's own rows must not outlive the reader; and the numbers, by which the same answer to many would be as many answers.

/// The text with `…` for each address, that of a reader or their return path, also where its sign is written as in a link.
pub(crate) fn addresses(text: &str) -> String {
    masked(text, is_address)
}

/// What a mail server answered, as it would have answered other readers: with `…` for each address and for each other word
/// with a digit in it (ids, times, hosts), save the codes (RFC 5321, section 4.2; RFC 3463). Of our own words, which stand before
/// its answer's colon, or alone where it gave none, only addresses go.
pub(crate) fn answer(text: &str) -> String {
    let Some((ours, theirs)) = text.split_once(": ") else {
        return addresses(text);
    };
    let code = theirs.split_whitespace().next();
    let is_code = |word: &str| Some(word) == code.filter(|code| code.len() == 3) || is_enhanced_code(word);
    let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let theirs = masked(theirs, |word| {
        is_address(word) || has_digit(word) && !is_code(word)
    });
    format!("{}: {theirs}", addresses(ours))
}

fn is_address(word: &str) -> bool {
    word.contains('@') || word.contains("%40")
}

/// Whether it is written as `class.subject.detail`.
fn is_enhanced_code(word: &str) -> bool {
    let mut parts = word.split('.');
    let is_number =
        |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.next(), Some("2" | "4" | "5")) && parts.clone().count() == 2 && parts.all(is_number)
}

/// The text with `…` for the words of which this is true.
fn masked(text: &str, hides: impl Fn(&str) -> bool) -> String {
    let ends_word = |c: char| c.is_whitespace() || "<>()[]{},;:\"".contains(c);
    let masked = text.split_inclusive(ends_word).map(|word| {
        let bare = word.trim_end_matches(ends_word);
        match hides(bare) {
            true => format!("…{}", &word[bare.len()..]),
            false => word.to_owned(),
        }
    });
    masked.collect()
}

#[cfg(test)]
mod tests {
    use super::{addresses, answer};

    #[test]
    fn addresses_go_and_all_else_stays() {
        for (said, kept) in [
            (
                "mail.example.org:25 said: 550 5.1.1 <ann@example.org>: unknown (in reply to RCPT TO)",
                "mail.example.org:25 said: 550 5.1.1 <…>: unknown (in reply to RCPT TO)",
            ),
            ("451 ann.o'neill+x@example.org,ben@example.org", "451 …,…"),
            ("see https://mx.example/why?to=ann%40example.org", "see https:…"),
            ("Grüße an änne@bücher.example", "Grüße an …"),
            ("@ ann@", "… …"),
            ("421 try later", "421 try later"),
            ("", ""),
        ] {
            assert_eq!(addresses(said), kept);
        }
    }

    #[test]
    fn of_an_answer_stays_what_others_would_be_answered_too() {
        for (said, kept) in [
            (
                "mail server mx2.example.org:25 said no to RCPT TO: 451 4.3.0 try later (queue id ABC123)",
                "mail server mx2.example.org:25 said no to RCPT TO: 451 4.3.0 try later (queue id …)",
            ),
            (
                "said: 421 4.7.28 [192.0.2.7] wait 297 s, then 451",
                "said: 421 4.7.28 […] wait … s, then …",
            ),
            (
                "said: 550 5.1.1 <ann@example.org>: q7.1.2 unknown",
                "said: 550 5.1.1 <…>: … unknown",
            ),
            (
                "said: 452 4.2.2 full id=a1-b2; see https://mx.example/7",
                "said: 452 4.2.2 full …; see https:…",
            ),
            (
                "mail server mx2.example.org:25 did not answer within 300 s after the message to ann@example.org",
                "mail server mx2.example.org:25 did not answer within 300 s after the message to …",
            ),
            ("", ""),
        ] {
            assert_eq!(answer(said), kept);
        }
    }
}
