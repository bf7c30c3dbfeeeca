//! What other servers say, without the addresses in it. What is kept of their words outside a reader's own rows must not
//! outlive the reader.

/// The text with `…` for each address, that of a reader or their return path, also where its sign is written as in a link.
pub(crate) fn addresses(text: &str) -> String {
    let ends_word = |c: char| c.is_whitespace() || "<>()[]{},;:\"".contains(c);
    let masked = text.split_inclusive(ends_word).map(|word| {
        let bare = word.trim_end_matches(ends_word);
        match bare.contains('@') || bare.contains("%40") {
            true => format!("…{}", &word[bare.len()..]),
            false => word.to_owned(),
        }
    });
    masked.collect()
}

#[cfg(test)]
mod tests {
    use super::addresses;

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
}
