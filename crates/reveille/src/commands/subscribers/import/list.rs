//! How a list is written: in which characters, and with what between its columns. Spreadsheets write what their country is
//! used to.

use encoding_rs::{Encoding, WINDOWS_1252};

/// A list as UTF-8, with what was made of it where that was a guess.
pub(super) struct List {
    pub(super) text: Vec<u8>,
    /// What stands between two cells.
    pub(super) delimiter: u8,
    pub(super) remark: Option<&'static str>,
}

impl List {
    /// Reads a file's bytes: as its byte order mark says, as UTF-8 where they are that, else as Windows-1252.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        let (text, remark) = match Encoding::for_bom(&bytes) {
            Some((encoding, mark)) => (decoded(encoding, &bytes[mark..]), None),
            None if std::str::from_utf8(&bytes).is_ok() => (bytes, None),
            None => {
                let remark = "the file is not in UTF-8 and was read as Windows-1252: look whether names came out right";
                (decoded(WINDOWS_1252, &bytes), Some(remark))
            }
        };
        Self {
            delimiter: delimiter(&text),
            text,
            remark,
        }
    }
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Vec<u8> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    text.into_owned().into_bytes()
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
