//! Fields as mail headers and delivery reports have them: `Name: value`, folded over lines.

/// Each field's name in lower case with its unfolded value; an empty name stands for an empty line.
pub(super) fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.trim().is_empty() {
            fields.push((String::new(), String::new()));
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut().filter(|(name, _)| !name.is_empty()) {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = field(line) {
            fields.push((name.to_ascii_lowercase(), value.to_owned()));
        }
    }
    fields
}

/// A line as `Name: value`, where it is a field.
pub(super) fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let named = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!name.is_empty() && name.bytes().all(named)).then(|| (name, value.trim()))
}

/// The first address in a text, and what stands behind it. The local part may be quoted (RFC 5321, section 4.1.2).
pub(super) fn first_address(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(found) = text[from..].find('@') {
        let at = from + found;
        if let Some((start, end)) = around(text, at) {
            return Some((&text[start..end], &text[end..]));
        }
        from = at + 1;
    }
    None
}

/// All addresses in a text.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(first_address(text), |(_, rest)| first_address(rest)).map(|(address, _)| address)
}

/// Where the address around an `@` begins and ends.
fn around(text: &str, at: usize) -> Option<(usize, usize)> {
    let before = &text[..at];
    let start = match before.strip_suffix('"') {
        Some(quoted) => quoted.rfind('"')?,
        None => {
            let local = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
            let outside = before.char_indices().rev().find(|(_, c)| !local(*c));
            outside.map_or(0, |(place, c)| place + c.len_utf8())
        }
    };
    let domain = |c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-');
    let end = text[at + 1..]
        .find(domain)
        .map_or(text.len(), |length| at + 1 + length);
    let name = text[at + 1..end].trim_end_matches(['.', '-']);
    let end = at + 1 + name.len();
    (start < at && name.contains('.') || name == "localhost").then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unfolded_and_told_apart_by_empty_lines() {
        let text = "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550\r\n  User\r\n unknown\r\n\r\nno field\r\nAction: failed\r\n";
        let expected = [
            ("status", "5.1.1"),
            ("diagnostic-code", "smtp; 550 User unknown"),
            ("", ""),
            ("action", "failed"),
        ];
        let expected: Vec<_> = expected
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        assert_eq!(fields(text), expected);
    }

    #[test]
    fn an_address_ends_where_its_domain_does() {
        let found = |text| first_address(text).map(|(address, rest)| (address.to_owned(), rest.to_owned()));
        let pair = |address: &str, rest: &str| Some((address.to_owned(), rest.to_owned()));
        assert_eq!(
            found("to <ann@mail.example>: 550"),
            pair("ann@mail.example", ">: 550")
        );
        assert_eq!(
            found("x \"a b\"@mail.example."),
            pair("\"a b\"@mail.example", ".")
        );
        assert_eq!(found("@ a@b, c+d@mail.example"), pair("c+d@mail.example", ""));
        assert_eq!(found("none @ all"), None);
    }
}
