//! A person out of one line: `Ann Example (ann@example.org)` and its relatives.

use crate::document::Person;

/// Parts a line into name and e-mail address.
pub(crate) fn person(line: &str) -> Person {
    let line = line.trim();
    let Some((start, end)) = address(line) else {
        return Person {
            name: text(line),
            ..Person::default()
        };
    };
    let email = line[start..end].to_owned();
    let before = line[..start].trim_end_matches("mailto:");
    let rest = format!("{} {}", trim(before), trim(&line[end..]));
    Person {
        name: text(trim(&rest)),
        email: Some(email),
        href: None,
    }
}

fn trim(part: &str) -> &str {
    part.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | ',' | ';' | '[' | ']')
    })
}

fn text(line: &str) -> Option<String> {
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// Where an e-mail address stands in the line.
fn address(line: &str) -> Option<(usize, usize)> {
    let at = line.find('@')?;
    let part = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    let start = line[..at].rfind(|c| !part(c)).map_or(0, |before| {
        before + line[before..].chars().next().map_or(1, char::len_utf8)
    });
    let end = line[at + 1..]
        .find(|c: char| !c.is_alphanumeric() && c != '.' && c != '-')
        .map_or(line.len(), |n| at + 1 + n);
    let end = start.max(at + 1 + line[at + 1..end].trim_end_matches(['.', '-']).len());
    (start < at && line[at + 1..end].contains('.')).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::person;

    #[test]
    fn names_and_addresses_are_told_apart() {
        for line in [
            "Ann Example (ann+desk@example.org)",
            "ann+desk@example.org (Ann Example)",
            "Ann Example <ann+desk@example.org>",
            "\"Ann Example\" <mailto:ann+desk@example.org>",
        ] {
            let person = person(line);
            assert_eq!(person.name.as_deref(), Some("Ann Example"), "{line}");
            assert_eq!(person.email.as_deref(), Some("ann+desk@example.org"), "{line}");
        }
        assert_eq!(person("@ann").name.as_deref(), Some("@ann"));
        assert_eq!(person("ann@example.org").name, None);
    }
}
