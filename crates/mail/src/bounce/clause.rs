//! Phrases in what servers say, and what is said of a recipient within one clause.

/// What a recipient is called.
const RECIPIENTS: &[&str] = &[
    "user",
    "users",
    "recipient",
    "recipients",
    "addressee",
    "address",
    "addresses",
    "mailbox",
    "mailboxes",
    "account",
    "accounts",
    "person",
    "empfänger",
    "empfaenger",
    "empfängeradresse",
    "benutzer",
    "teilnehmer",
    "adresse",
    "mailadresse",
    "konto",
    "postfach",
    "utilisateur",
    "destinataire",
    "compte",
    "boîte",
    "boite",
    "usuario",
    "usuário",
    "destinatario",
    "destinatário",
    "cuenta",
    "conta",
    "buzón",
    "dirección",
    "endereço",
    "caixa",
    "utente",
    "indirizzo",
    "casella",
    "gebruiker",
    "ontvanger",
    "postvak",
    "adres",
    "odbiorca",
    "odbiorcy",
    "użytkownik",
    "użytkownika",
    "adresat",
    "skrzynka",
    "uživatel",
    "uzivatel",
    "příjemce",
    "schránka",
    "användare",
    "användaren",
    "mottagare",
    "mottagaren",
    "adressen",
    "bruger",
    "bruker",
    "modtager",
    "mottaker",
    "kullanıcı",
    "alıcı",
    "felhasználó",
    "пользователь",
    "пользователя",
    "получатель",
    "адресат",
    "адрес",
    "ящик",
    "скринька",
    "кутия",
    "inbox",
    "buzon",
    "casilla",
    "bandeja",
    "inkorgen",
    "brevlådan",
    "innboksen",
    "postkassen",
    "postilaatikko",
    "schranka",
    "účet",
    "kutusu",
    "cutia",
    "sanduče",
    "sanduce",
    "pretinac",
];

/// What a clause may speak of instead, right beside such a word or between it and what is said.
const OTHERS: [&str; 36] = [
    "sender",
    "originator",
    "from",
    "return",
    "your",
    "our",
    "ip",
    "agent",
    "policy",
    "header",
    "domain",
    "host",
    "server",
    "client",
    "certificate",
    "key",
    "many",
    "number",
    "rate",
    "password",
    "absender",
    "absenders",
    "domäne",
    "ihre",
    "expéditeur",
    "votre",
    "domaine",
    "remitente",
    "remetente",
    "mittente",
    "dominio",
    "domínio",
    "afzender",
    "domein",
    "отправителя",
    "домен",
];

/// Words that only say more of the recipient.
const FILLERS: [&str; 17] = [
    "email",
    "e",
    "mail",
    "local",
    "virtual",
    "destination",
    "such",
    "of",
    "the",
    "der",
    "des",
    "de",
    "du",
    "del",
    "di",
    "do",
    "van",
];

/// So many words may stand between a recipient and what is said of them: "the address you wrote to could not be found".
const BETWEEN: usize = 5;

/// Whether a plain text says a phrase: as it stands, or, where the phrase begins with `WHO`, behind a recipient in one
/// clause, or, where it ends with it, right before one.
pub(super) fn says(text: &str, phrase: &str) -> bool {
    match phrase.split_once("WHO") {
        None => text.contains(phrase),
        Some((fate, "")) => clauses(text, fate.trim()).any(|(before, after)| {
            let mut behind = words(after).filter(|word| !FILLERS.contains(word));
            is_recipient(behind.next()) && !is_other(behind.next()) && !is_other(words(before).next_back())
        }),
        Some((_, fate)) => clauses(text, fate.trim()).any(|(before, after)| {
            let mut ahead = words(before).rev().filter(|word| !FILLERS.contains(word));
            let between = ahead.by_ref().take(BETWEEN + 1);
            let mut between = between.take_while(|word| !is_other(Some(word)));
            between.any(|word| is_recipient(Some(word)))
                && !is_other(ahead.next())
                && !is_other(words(after).next())
        }),
    }
}

fn is_recipient(word: Option<&str>) -> bool {
    word.is_some_and(|word| RECIPIENTS.contains(&word))
}

fn is_other(word: Option<&str>) -> bool {
    word.is_some_and(|word| OTHERS.contains(&word))
}

/// So far a clause is looked at on either side of some words, in bytes: no server says more in one, and whoever does costs no time.
const REACH: usize = 400;

/// What stands before and behind some words wherever they stand, within their clause.
fn clauses<'a>(text: &'a str, words: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let ends = |c: char| ".,;:!?()[]\"".contains(c);
    let found = text.match_indices(words).map(move |(at, _)| {
        let (before, after) = (&text[..at], &text[at + words.len()..]);
        let before = &before[before.floor_char_boundary(at.saturating_sub(REACH))..];
        let after = &after[..after.floor_char_boundary(REACH)];
        let start = before.rfind(ends).map_or(0, |end| end + 1);
        (
            &before[start..],
            &after[..after.find(ends).unwrap_or(after.len())],
        )
    });
    found.filter(|(before, after)| {
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// The words of a text: a genitive is its noun.
fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    let apart = |c: char| !c.is_alphanumeric() && c != '\'';
    let words = text.split(apart).map(|word| word.trim_matches('\''));
    let words = words.map(|word| word.strip_suffix("'s").unwrap_or(word));
    words.filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fate_is_a_recipients_where_the_clause_speaks_of_one() {
        for text in [
            "550 user unknown",
            "the user is unknown here",
            "no: user's email name is unknown",
            "address, or rather the mailbox you wrote to, unknown user",
            "unknown e-mail address",
        ] {
            assert!(says(text, "WHO unknown") || says(text, "unknown WHO"), "{text}");
        }
        for text in [
            "unknown",
            "unknown user agent",
            "sender address unknown",
            "your address is unknown",
            "address of the sender unknown",
            "recipient domain unknown",
            "the domain of the user is unknown",
            "unknown recipient policy",
            "user refused. reason unknown",
            "users unknowning",
            "the ip address is unknown",
            "unknown error for this user",
            "the user that we had once found in another place is unknown",
            "many unknown users",
        ] {
            assert!(!says(text, "WHO unknown") && !says(text, "unknown WHO"), "{text}");
        }
    }
}
