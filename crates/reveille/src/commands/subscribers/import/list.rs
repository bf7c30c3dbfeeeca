//! How a list is written: in which characters, and with what between its columns. Spreadsheets write what their country is
//! used to.

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::print;

/// A list as UTF-8 in lines, with what was made of it where that was a guess.
pub(super) struct List {
    /// Lines end in LF or CRLF.
    pub(super) text: Vec<u8>,
    /// What stands between two cells.
    pub(super) delimiter: u8,
    pub(super) remark: Option<String>,
}

impl List {
    /// Reads a file's bytes: as its byte order mark says, else each line as UTF-8 where it is that, and as Windows-1252 where not.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        let (mut text, remark) = match Encoding::for_bom(&bytes) {
            Some((encoding, mark)) => (in_lines(decoded(encoding, &bytes[mark..])), None),
            None => guessed(in_lines(bytes)),
        };
        let delimiter = told_delimiter(&mut text).unwrap_or_else(|| delimiter(&text));
        Self {
            text,
            delimiter,
            remark,
        }
    }
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Vec<u8> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    text.into_owned().into_bytes()
}

/// A text whose lines may end in a lone CR, as old spreadsheets have it, with LF in its place.
fn in_lines(mut text: Vec<u8>) -> Vec<u8> {
    for at in 0..text.len() {
        if text[at] == b'\r' && text.get(at + 1) != Some(&b'\n') {
            text[at] = b'\n';
        }
    }
    text
}

/// A text without a mark, line by line: one that was written on another machine does not make the others unreadable.
fn guessed(text: Vec<u8>) -> (Vec<u8>, Option<String>) {
    if std::str::from_utf8(&text).is_ok() {
        return (text, None);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut others: Vec<usize> = Vec::new();
    for (index, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match std::str::from_utf8(line) {
            Ok(_) => out.extend_from_slice(line),
            Err(_) => {
                others.push(index + 1);
                out.extend_from_slice(&decoded(WINDOWS_1252, line));
            }
        }
    }
    let which = match others.as_slice() {
        [one] => format!("line {one} is"),
        several => format!(
            "{}, the first of them line {}, are",
            print::count(several.len(), "line"),
            several[0]
        ),
    };
    let remark = format!("{which} not in UTF-8: read as Windows-1252, look whether names came out right");
    (out, Some(remark))
}

/// What a first line says that Excel writes and reads for itself: `sep=;`. Nothing is left of it but its end, so that lines are
/// counted as before.
fn told_delimiter(text: &mut Vec<u8>) -> Option<u8> {
    let end = memchr::memchr(b'\n', text)?;
    // What parts the cells may be a tab.
    let line = text[..end].strip_suffix(b"\r").unwrap_or(&text[..end]);
    let quoted = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\""));
    let (&sign, name) = quoted.unwrap_or(line).split_last()?;
    if !name.eq_ignore_ascii_case(b"sep=") || !sign.is_ascii() {
        return None;
    }
    text.drain(..end);
    Some(sign)
}

/// What stands most often between the headings; a comma where nothing does.
fn delimiter(text: &[u8]) -> u8 {
    let headings = text.iter().take_while(|byte| !matches!(byte, b'\r' | b'\n'));
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in headings {
        quoted ^= *byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(sign, _)| sign == byte && !quoted) {
            *count += 1;
        }
    }
    // Of two that stand as often the last one is taken.
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| *count > 0)
        .map_or(b',', |(sign, _)| sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, char, bool) {
        let list = List::of(bytes.to_vec());
        (
            String::from_utf8(list.text).unwrap(),
            char::from(list.delimiter),
            list.remark.is_some(),
        )
    }

    #[test]
    fn a_list_is_read_as_spreadsheets_write_it() {
        let utf16 = |text: &str| {
            let units = [0xfeff].into_iter().chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
        };
        let text = "email;Länder\r\n";
        for (bytes, guessed) in [
            (text.as_bytes().to_vec(), false),
            (format!("\u{feff}{text}").into_bytes(), false),
            (utf16(text), false),
            (b"email;L\xe4nder\r\n".to_vec(), true),
        ] {
            assert_eq!(read(&bytes), (text.to_owned(), ';', guessed));
        }
    }

    #[test]
    fn a_line_in_other_characters_leaves_the_others_as_they_are() {
        let list = List::of(
            "email;L\u{e4}nder\r\n"
                .bytes()
                .chain(*b"a;K\xf6ln\r\nb;Bonn\r\n")
                .collect(),
        );
        assert_eq!(
            String::from_utf8(list.text).unwrap(),
            "email;Länder\r\na;Köln\r\nb;Bonn\r\n"
        );
        let remark = list.remark.unwrap();
        assert!(remark.starts_with("line 2 is not in UTF-8"), "{remark}");
        let several = List::of(b"a\n\xf6\nb\n\xf6\n".to_vec()).remark.unwrap();
        assert!(
            several.starts_with("2 lines, the first of them line 2, are not"),
            "{several}"
        );
    }

    #[test]
    fn lines_may_end_in_any_way() {
        assert_eq!(
            read(b"email\ra@b.example\r\rc@d.example").0,
            "email\na@b.example\n\nc@d.example"
        );
        assert_eq!(read(b"email\r\na@b.example\r").0, "email\r\na@b.example\n");
    }

    #[test]
    fn a_first_line_may_say_what_parts_the_columns() {
        for (line, sign) in [
            ("sep=;", ';'),
            ("SEP=,", ','),
            ("\"sep=|\"", '|'),
            ("sep=\t", '\t'),
        ] {
            let (text, delimiter, _) = read(format!("{line}\r\nemail,a;b\r\n").as_bytes());
            let rest = text.trim_start_matches('\r');
            assert_eq!((rest, delimiter), ("\nemail,a;b\r\n", sign), "{line}");
        }
        assert_eq!(read(b"sep=;;\nemail").0, "sep=;;\nemail");
    }

    #[test]
    fn what_parts_the_headings_parts_the_columns() {
        for (headings, sign) in [
            ("email", ','),
            ("", ','),
            ("email,country", ','),
            ("email\tcountry;code", '\t'),
            ("email;\"name, first, last\"\nann@example.org;a,b,c", ';'),
        ] {
            assert_eq!(read(headings.as_bytes()).1, sign, "{headings}");
        }
    }
}
