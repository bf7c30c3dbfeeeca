//! Reading the few response headers that matter.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{AGE, AsHeaderName, CACHE_CONTROL, DATE, EXPIRES, HeaderMap, RETRY_AFTER};

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
/// the server's own `Date` where it sends one, so that its clock need not agree with ours.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER)?;
    seconds(&value).or_else(|| Some(until(http_date(&value)?, headers, now)))
}

/// For how long the answer may be kept without asking again (RFC 9111, section 4.2): `max-age` less the time that it
/// has spent in caches, else up to `Expires`. Nothing where the server wants to be asked each time.
pub(crate) fn keep(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let control = text(headers, CACHE_CONTROL)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let directives = || control.split(',').map(str::trim);
    if directives().any(|directive| matches!(directive, "no-store" | "no-cache")) {
        return None;
    }
    let max_age =
        directives().find_map(|directive| seconds(directive.strip_prefix("max-age=")?.trim_matches('"')));
    match max_age {
        Some(max_age) => {
            let age = text(headers, AGE)
                .and_then(|age| seconds(&age))
                .unwrap_or_default();
            Some(max_age.saturating_sub(age))
        }
        None => Some(until(http_date(&text(headers, EXPIRES)?)?, headers, now)),
    }
}

/// Whole seconds. More than fit are as many as can be: the server means "for ever".
fn seconds(text: &str) -> Option<Duration> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

/// The time until an instant by the server's own clock; none where it has passed.
fn until(then: Timestamp, headers: &HeaderMap, now: Timestamp) -> Duration {
    let now = text(headers, DATE)
        .and_then(|date| http_date(&date))
        .unwrap_or(now);
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}

/// A date in any of the three forms of RFC 9110, section 5.6.7.
fn http_date(text: &str) -> Option<Timestamp> {
    let obsolete = || {
        let forms = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
        let civil = forms
            .iter()
            .find_map(|form| jiff::civil::DateTime::strptime(form, text).ok())?;
        jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()
    };
    let usual = jiff::fmt::rfc2822::parse(text).ok();
    usual.map(|zoned| zoned.timestamp()).or_else(obsolete)
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

    const NOW: &str = "Tue, 10 Mar 2026 04:00:00 GMT";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    fn our_clock() -> Timestamp {
        "2026-03-10T03:59:00Z".parse().unwrap()
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_by_the_servers_own_clock() {
        for (after, date, expected) in [
            ("120", NOW, Some(120)),
            ("Tue, 10 Mar 2026 04:01:30 GMT", NOW, Some(90)),
            ("Tuesday, 10-Mar-26 04:01:30 GMT", NOW, Some(90)),
            ("Tue Mar 10 04:01:30 2026", NOW, Some(90)),
            ("Tue, 10 Mar 2026 03:00:00 GMT", NOW, Some(0)),
            ("Tue, 10 Mar 2026 04:01:30 GMT", "?", Some(150)),
            ("99999999999999999999999", NOW, Some(u64::MAX)),
            ("soon", NOW, None),
            ("-1", NOW, None),
        ] {
            let found = retry_after(&headers(&[("retry-after", after), ("date", date)]), our_clock());
            assert_eq!(found.map(|wait| wait.as_secs()), expected, "{after}");
        }
    }

    #[test]
    fn an_answer_is_kept_for_as_long_as_the_server_lets_it_be() {
        let expires = ("expires", "Tue, 10 Mar 2026 05:00:00 GMT");
        for (pairs, expected) in [
            (&[("cache-control", "public, Max-Age=600")][..], Some(600)),
            (&[("cache-control", "max-age=\"600\""), ("age", "100")], Some(500)),
            (&[("cache-control", "max-age=60"), ("age", "100")], Some(0)),
            (&[("cache-control", "max-age=60"), expires], Some(60)),
            (&[("cache-control", "max-age=600, no-cache")], None),
            (&[("cache-control", "no-store"), expires], None),
            (&[("date", NOW), expires], Some(3_600)),
            (&[expires], Some(3_660)),
            (&[("expires", "0")], None),
            (&[("cache-control", "s-maxage=9")], None),
            (&[], None),
        ] {
            let found = keep(&headers(pairs), our_clock());
            assert_eq!(found.map(|keep| keep.as_secs()), expected, "{pairs:?}");
        }
    }
}
