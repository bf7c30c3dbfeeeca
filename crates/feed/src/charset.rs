//! Bytes to text: which encoding a document is really in.
//!
//! What a document declares is a claim. Valid UTF-8 is never anything else; a byte order mark or the zero bytes of
//! UTF-16 settle it; then come the declarations, the document's own before the server's, which is often a default
//! that nobody chose (RFC 7303, section 3 has it the other way round); last, a guess.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A document's text, and what was wrong with its encoding.
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) fault: Option<String>,
}

/// Decodes a document. `charset` is what came with it from outside: the parameter of its Content-Type, or all of it.
pub(crate) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, &bytes[mark..], None);
    }
    if let Some(encoding) = wide(bytes) {
        return with(encoding, bytes, None);
    }
    let inside = declared_inside(bytes);
    let outside = content_type.and_then(charset_parameter);
    // Encodings of seven bits look like ASCII, so valid UTF-8 proves nothing against them.
    let seven_bit = [outside, inside]
        .into_iter()
        .flatten()
        .find(|e| !e.is_ascii_compatible() && !is_wide(e));
    if let Some(encoding) = seven_bit {
        return with(encoding, bytes, None);
    }
    let claimed = inside.filter(|e| !is_wide(e)).or(outside.filter(|e| !is_wide(e)));
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        let fault = claimed
            .filter(|claimed| *claimed != UTF_8 && !text.is_ascii())
            .map(|claimed| format!("declared as {}, but written in UTF-8", claimed.name()));
        return Decoded {
            text: Cow::Borrowed(text),
            fault,
        };
    }
    match claimed {
        Some(encoding) if encoding != UTF_8 => with(encoding, bytes, None),
        _ => guess(bytes),
    }
}

fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8], fault: Option<String>) -> Decoded<'a> {
    if encoding == UTF_8 {
        return match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => Decoded {
                text: Cow::Borrowed(text),
                fault,
            },
            Err(_) => guess(bytes),
        };
    }
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    let fault = fault.or_else(|| broken.then(|| format!("some bytes are not valid {}", encoding.name())));
    Decoded { text, fault }
}

/// Bytes that are not UTF-8 though nothing else is said: mostly UTF-8 with a few stray bytes, or an old encoding.
fn guess(bytes: &[u8]) -> Decoded<'_> {
    let (mut sound, mut stray) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
        stray += usize::from(!chunk.invalid().is_empty());
    }
    if sound >= stray {
        let fault = Some(format!(
            "bytes that are not valid UTF-8, read as windows-1252: {stray}"
        ));
        return Decoded {
            text: Cow::Owned(mixed(bytes)),
            fault,
        };
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Deny);
    with(
        encoding,
        bytes,
        Some(format!(
            "not valid UTF-8, and nothing else is declared; read as {}",
            encoding.name()
        )),
    )
}

/// UTF-8 with each stray byte read as windows-1252: what results where old text was pasted into a new template.
fn mixed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

fn is_wide(encoding: &&'static Encoding) -> bool {
    *encoding == UTF_16LE || *encoding == UTF_16BE
}

/// UTF-16 without its mark: the first `<`, or white space before it, has a zero byte on one side.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let mark = |b: u8| b == b'<' || b == b'{' || b.is_ascii_whitespace();
    match bytes {
        [first, 0, second, third, ..] if mark(*first) && *second != 0 && *third == 0 => Some(UTF_16LE),
        [0, first, third, second, ..] if mark(*first) && *second != 0 && *third == 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding of the XML declaration, or of a `<meta charset>` in a page.
fn declared_inside(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(1024)];
    let mark = ["encoding", "charset"]
        .iter()
        .find_map(|mark| memchr::memmem::find(head, mark.as_bytes()).map(|at| at + mark.len()))?;
    let rest = head[mark..]
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let rest = rest
        .strip_prefix(b"\"")
        .or_else(|| rest.strip_prefix(b"'"))
        .unwrap_or(rest);
    let end = rest
        .iter()
        .position(|b| !b.is_ascii_alphanumeric() && !b"-_:.".contains(b))
        .unwrap_or(rest.len());
    Encoding::for_label(&rest[..end])
}

/// The charset of a Content-Type, or a bare label.
fn charset_parameter(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let label = match lower.split_once("charset=") {
        Some((_, label)) => label.split([';', ',']).next().unwrap_or_default(),
        None if lower.contains('/') => return None,
        None => &lower,
    };
    Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn declarations_are_claims() {
        let utf8 = "<?xml version='1.0' encoding='iso-8859-1'?><a>café</a>";
        let decoded = decode(utf8.as_bytes(), None);
        assert!(decoded.text.contains("café"));
        assert!(decoded.fault.unwrap().contains("UTF-8"));

        let latin = b"<?xml version='1.0' encoding='utf-8'?><a>caf\xe9</a>";
        assert!(decode(latin, None).text.contains("café"));
        assert!(
            decode(b"<a>caf\xe9</a>", Some("text/xml; charset=\"iso-8859-1\""))
                .text
                .contains("café")
        );
        assert!(
            decode(b"<a>\xcf\xf0\xe8\xe2\xe5\xf2</a>", Some("windows-1251"))
                .text
                .contains("Привет")
        );
    }

    #[test]
    fn sixteen_bits_are_seen_without_a_mark() {
        let le: Vec<u8> = "<?xml?><a>é</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let be: Vec<u8> = "<?xml?><a>é</a>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert!(decode(&le, None).text.contains("é"));
        assert!(decode(&be, None).text.contains("é"));
    }

    #[test]
    fn one_stray_byte_does_not_spoil_the_rest() {
        let decoded = decode(b"<a>\xc3\xa9 and \x93quoted\x94 \xc3\xa8</a>", None);
        assert_eq!(decoded.text, "<a>é and “quoted” è</a>");
    }
}
