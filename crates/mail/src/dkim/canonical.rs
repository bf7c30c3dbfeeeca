//! The `relaxed` canonical forms (RFC 6376, sections 3.4.2 and 3.4.4).

/// A field's name and its value with the folds still in.
pub(super) type Field<'a> = (&'a [u8], &'a [u8]);

/// The fields of a message's header, in order, and its body.
pub(super) fn split(message: &[u8]) -> (Vec<Field<'_>>, &[u8]) {
    let mut fields = Vec::new();
    let mut rest = message;
    while !rest.is_empty() {
        if let Some(body) = rest.strip_prefix(b"\r\n") {
            return (fields, body);
        }
        let end = field_end(rest);
        let (field, after) = rest.split_at(end);
        if let Some(colon) = field.iter().position(|&byte| byte == b':') {
            fields.push((&field[..colon], &field[colon + 1..]));
        }
        rest = after;
    }
    (fields, b"")
}

/// Where a field ends: after the first CRLF that no white space follows.
fn field_end(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let Some(line) = text[at..].windows(2).position(|pair| pair == b"\r\n") else {
            return text.len();
        };
        at += line + 2;
        if !matches!(text.get(at), Some(b' ' | b'\t')) {
            return at;
        }
    }
}

/// Appends one field, without its line end.
pub(super) fn field(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    out.extend(name.trim_ascii().iter().map(u8::to_ascii_lowercase));
    out.push(b':');
    let words = value
        .split(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
}

/// The body: runs of blanks are one space, none stands at a line's end, and no empty line at the body's end.
pub(super) fn body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 2);
    let mut end = 0;
    for line in body.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let start = out.len();
        let mut words = line.split(|byte| matches!(byte, b' ' | b'\t'));
        out.extend_from_slice(words.next().unwrap_or_default());
        for word in words.filter(|word| !word.is_empty()) {
            out.push(b' ');
            out.extend_from_slice(word);
        }
        if out.len() > start {
            end = out.len() + 2;
        }
        out.extend_from_slice(b"\r\n");
    }
    out.truncate(end);
    out
}
