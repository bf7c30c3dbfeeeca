//! Reading the few response headers that matter.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{AsHeaderName, DATE, HeaderMap, RETRY_AFTER};

/// A header as text. Bytes beyond ASCII become U+FFFD: better a readable fault than none.
pub(crate) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<String> {
    let value = String::from_utf8_lossy(headers.get(name)?.as_bytes())
        .trim()
        .to_owned();
    (!value.is_empty()).then_some(value)
}

/// Type and subtype of a `Content-Type` in lower case (RFC 9110, section 8.3.1).
pub(crate) fn media_type(content_type: &str) -> Option<String> {
    let essence = content_type.split([';', ',']).next()?.trim();
    let (kind, subtype) = essence.split_once('/')?;
    let is_token = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && b != b'/');
    (is_token(kind) && is_token(subtype)).then(|| essence.to_ascii_lowercase())
}

/// The charset parameter in lower case, its quotes of either kind removed.
pub(crate) fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_ascii_lowercase())
    })
}

/// How long the server asks to be left alone (RFC 9110, section 10.2.3): seconds, or a date, which is measured from
/// the server's own `Date` so that its clock need not agree with ours. A date without one is not understood.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER)?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(&value)?;
    let now = http_date(&text(headers, DATE)?)?;
    Duration::try_from(until.duration_since(now).max(jiff::SignedDuration::ZERO)).ok()
}

fn http_date(text: &str) -> Option<Timestamp> {
    let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_are_read_as_they_come() {
        for (header, media, set) in [
            ("text/html", Some("text/html"), None),
            ("Text/HTML; Charset=UTF-8", Some("text/html"), Some("utf-8")),
            (
                "text/xml;charset=\"ISO-8859-1\"",
                Some("text/xml"),
                Some("iso-8859-1"),
            ),
            (
                "text/html; x=1; charset='gb2312' ",
                Some("text/html"),
                Some("gb2312"),
            ),
            ("text/html; charset=", Some("text/html"), None),
            ("text/html, text/plain", Some("text/html"), None),
            ("; charset=utf-8", None, Some("utf-8")),
            ("html", None, None),
            ("/", None, None),
        ] {
            assert_eq!(media_type(header).as_deref(), media, "{header}");
            assert_eq!(charset(header).as_deref(), set, "{header}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_by_the_servers_own_clock() {
        let wait = |after: &str, date: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, after.parse().unwrap());
            headers.insert(DATE, date.parse().unwrap());
            retry_after(&headers)
        };
        let now = "Tue, 10 Mar 2026 04:00:00 GMT";
        assert_eq!(wait("120", now), Some(Duration::from_secs(120)));
        assert_eq!(
            wait("Tue, 10 Mar 2026 04:01:30 GMT", now),
            Some(Duration::from_secs(90))
        );
        assert_eq!(wait("Tue, 10 Mar 2026 03:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(wait("Tue, 10 Mar 2026 04:01:30 GMT", "?"), None);
        assert_eq!(wait("soon", now), None);
    }
}
