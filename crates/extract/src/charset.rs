//! Bytes to text: which character set a page is in, and its text.
//!
//! In the order of HTML Standard, 13.2.3.2, except that text which is valid UTF-8 is UTF-8 whatever it says:
//! wrong declarations are common, and other sets do not pass for UTF-8 by chance.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// Pages declare their character set near their start; browsers look at 1024 bytes, real pages need more.
const PRESCAN: usize = 8192;

/// How much of a page the detector reads where nothing is declared.
const DETECT: usize = 64 << 10;

/// The text of a page or clip. `declared` is the charset of the HTTP header. Never fails: what cannot be read becomes
/// U+FFFD.
///
/// ```
/// assert_eq!(reveille_extract::decode(b"<meta charset=windows-1252>caf\xe9", None), "<meta charset=windows-1252>café");
/// ```
#[must_use]
pub fn decode<'a>(page: &'a [u8], declared: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(page) {
        return encoding.decode_without_bom_handling(&page[mark..]).0;
    }
    if let Ok(text) = simdutf8::basic::from_utf8(page) {
        return Cow::Borrowed(text);
    }
    let encoding = declared
        .and_then(|label| Encoding::for_label(label.trim().as_bytes()))
        .or_else(|| declared_in_page(&page[..page.len().min(PRESCAN)]))
        .unwrap_or(UTF_8);
    if encoding == UTF_8 && !mostly_utf8(page) {
        return detect(page).decode_without_bom_handling(page).0;
    }
    encoding.decode_without_bom_handling(page).0
}

/// The character set that a `meta` element or an XML declaration names.
fn declared_in_page(head: &[u8]) -> Option<&'static Encoding> {
    let mut at = 0;
    let named = loop {
        let found = at + memchr::memmem::find(&head[at..], b"harset").map(|found| found + 6)?;
        let label = label_at(&head[found..]);
        if let Some(encoding) = label.and_then(Encoding::for_label) {
            break encoding;
        }
        at = found;
    };
    // A page whose ASCII could be read is in no UTF-16, whatever it says.
    Some(match named {
        named if named == UTF_16LE || named == UTF_16BE => UTF_8,
        named if named == X_USER_DEFINED => WINDOWS_1252,
        named => named,
    })
}

fn label_at(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest
        .strip_prefix(b"\"")
        .or_else(|| rest.strip_prefix(b"'"))
        .unwrap_or(rest)
        .trim_ascii_start();
    let length = rest
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
        .count();
    Some(&rest[..length])
}

/// Whether the faults of what should be UTF-8 are few: a cut character here and there, not another character set.
fn mostly_utf8(page: &[u8]) -> bool {
    let (mut whole, mut faults) = (0_usize, 0_usize);
    for chunk in page.utf8_chunks() {
        whole += chunk.valid().bytes().filter(|b| *b >= 0xC2).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    faults * 10 <= whole
}

fn detect(page: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    // The detector learns from bytes beyond ASCII, so it starts at the first.
    let from = page
        .iter()
        .position(|b| !b.is_ascii())
        .unwrap_or(0)
        .saturating_sub(256);
    let sample = &page[from..page.len().min(from + DETECT)];
    detector.feed(sample, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_and_lies_are_not_believed() {
        let page = b"<meta charset=iso-8859-2><p>\xb1\xe6";
        assert!(decode(page, None).ends_with("ąć"));
        assert!(
            decode(
                b"<meta http-equiv=x content='text/html; charset = \"windows-1251\"'>\xcf\xf0",
                None
            )
            .ends_with("Пр")
        );
        assert!(decode("<meta charset=iso-8859-1>“é”".as_bytes(), Some("latin1")).ends_with("“é”"));
        assert_eq!(decode(b"\xff\xfeh\0i\0", None), "hi");
        assert_eq!(decode(b"\x83e\x83X\x83g", Some("Shift_JIS")), "テスト");
    }

    #[test]
    fn without_a_declaration_the_text_tells() {
        let page = "Премьер-министр сообщил о новых переговорах с соседями по региону";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(page);
        assert_eq!(decode(&bytes, None), page);
        assert_eq!(decode(&bytes, Some("utf-8")), page);
    }
}
