//! The `relaxed` canonical forms (RFC 6376, sections 3.4.2 and 3.4.4).

/// A field's name and its value with the folds still in.
pub(super) type Field<'a> = (&'a [u8], &'a [u8]);

/// The fields of a header, in order.
pub(super) fn fields(head: &[u8]) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let mut rest = head;
    while !rest.is_empty() {
        let (field, after) = rest.split_at(field_end(rest));
        if let Some(colon) = field.iter().position(|&byte| byte == b':') {
            fields.push((&field[..colon], &field[colon + 1..]));
        }
        rest = after;
    }
    fields
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

/// Lines of a body: runs of blanks are one space, none stands at a line's end, and every line has its end. What empty
/// lines at the body's end count for is [`BodyHash`](super::BodyHash)'s to know.
pub(crate) fn body(lines: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(lines.len() + 2);
    for line in lines.split_inclusive(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut words = line.split(|byte| matches!(byte, b' ' | b'\t'));
        out.extend_from_slice(words.next().unwrap_or_default());
        for word in words.filter(|word| !word.is_empty()) {
            out.push(b' ');
            out.extend_from_slice(word);
        }
        out.extend_from_slice(b"\r\n");
    }
    out
}
