//! What a text quotes of a server's answer, and its words alone.

use std::borrow::Cow;

use super::report::enhanced;

/// What a text tells of a server's answer, from its code on (RFC 5321, section 4.2) to the end of the
/// paragraph.
pub(super) fn reply(text: &str) -> Option<&str> {
    let joined = |c: char| c.is_alphanumeric() || ".-/#".contains(c);
    let places = text.match_indices(['4', '5']).map(|(at, _)| at);
    let mut places = places.filter(|at| !text[..*at].ends_with(joined));
    let is_code = |at: &usize| {
        let after = &text.as_bytes()[*at..];
        let digits = after.iter().take_while(|byte| byte.is_ascii_digit());
        digits.count() == 3 && matches!(after.get(3), None | Some(b' ' | b'-' | b'\n'))
    };
    let answer = places.find(is_code).map(|at| &text[at..])?;
    answer.split("\n\n").next()
}

/// The last answer with a status code (RFC 3463) that a text quotes, up to the end of its line or the quotation's.
pub(super) fn last_answer(text: &str) -> Option<&str> {
    let begins = |at: &usize| {
        // "550 5.1.10 ", at the most.
        let start = text
            .get(*at..text.ceil_char_boundary(at + 12))
            .unwrap_or_default();
        let (code, after) = start.split_at_checked(4).unwrap_or_default();
        code.ends_with(' ')
            && code.bytes().take(3).all(|byte| byte.is_ascii_digit())
            && after.split_whitespace().next().and_then(enhanced).is_some()
    };
    let mut places = text.rmatch_indices(['4', '5']).map(|(at, _)| at);
    let last = places.find(begins)?;
    text[last..].split(['\n', '\'']).next()
}

/// A text in lower case on one line, without addresses, links and names of hosts: what they are called proves nothing.
pub(super) fn plain(text: &str) -> String {
    let is_link = |word: &str| word.starts_with("http://") || word.starts_with("https://");
    let words = text
        .split_whitespace()
        .filter(|word| !is_link(word.trim_start_matches(['<', '(', '[', '"', '\''])))
        .filter(|word| !is_host(word));
    let words = words.map(bare);
    let words = words.filter(|word| word.contains(char::is_alphanumeric) || !word.contains('@'));
    let words = words.map(|word| word.replace('@', " "));
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether a word is the name of a host: of three labels, since two are also the end of a sentence and the start of the next.
fn is_host(word: &str) -> bool {
    // Sendmail's for the host that asks.
    if word.starts_with("relay=") {
        return true;
    }
    let name = word.trim_matches(|c: char| c.is_ascii_punctuation());
    // Postfix has its number right behind it.
    let name = name.split_once('[').map_or(name, |(name, _)| name);
    let is_label = |label: &str| {
        let of_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty() && label.chars().all(of_name)
    };
    // But Exchange's names of what went wrong.
    name.split('.').count() > 2
        && !name.starts_with("RESOLVER.")
        && name.split('.').all(is_label)
        && name.contains(|c: char| c.is_ascii_alphabetic())
}

/// A word with nothing but an `@` left of each address in it; words may be joined to one, as in `ann@mail.example:User`.
fn bare(word: &str) -> Cow<'_, str> {
    if !word.contains('@') {
        return Cow::Borrowed(word);
    }
    let inside = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let mut pieces: Vec<&str> = word.split('@').collect();
    let last = pieces.len() - 1;
    for piece in &mut pieces[1..] {
        let end = piece.find(|c| !inside(c)).unwrap_or(piece.len());
        // Dots in a row belong to no domain.
        *piece = &piece[piece[..end].find("..").unwrap_or(end)..];
    }
    for piece in &mut pieces[..last] {
        *piece = match piece.ends_with('"') {
            true => "",
            false => piece.trim_end_matches(inside),
        };
    }
    Cow::Owned(pieces.join("@"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hosts_and_readers_are_called_is_no_word() {
        for (text, expected) in [
            (
                "host spam-filter.mail.example[192.0.2.7] said: 550 No",
                "host said: 550 no",
            ),
            (
                "553 Unknown, relay=mx.mail.example [192.0.2.8]",
                "553 unknown, [192.0.2.8]",
            ),
            ("553 Unknown, relay=[192.0.2.8]", "553 unknown,"),
            ("550 No [spam-filter.mail.example]", "550 no"),
            ("550 Relay access denied", "550 relay access denied"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
