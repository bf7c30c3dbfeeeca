//! `robots.txt` (RFC 9309): which pages of a host may be read by a machine.
//!
//! Pure: bytes in, answers out. Fetching and keeping the file is the lane's business.

use std::time::Duration;

/// How much of the file is read; the rest is ignored (RFC 9309, section 2.5 asks for 500 KiB at least).
pub(crate) const MOST_BYTES: usize = 512 * 1024;

/// How much of a line is read, in bytes: eight times the longest address that browsers took when Google chose this.
const LONGEST_LINE: usize = 8 * 2_083 - 1;

/// The rules of one host that concern one crawler.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    delay: Option<Duration>,
    sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allow: bool,
    /// The parts between `*`, in the spelling of [`normal`].
    parts: Vec<String>,
    /// Whether the pattern ended in `$`.
    to_the_end: bool,
    /// Octets of the pattern: the longest match decides (section 2.2.2).
    length: usize,
}

impl Robots {
    /// Reads the rules for the crawler whose product token is `agent`: those of all groups that name it or, where none
    /// does, of the groups for `*` (section 2.2.1). Lines that are no rules are skipped.
    #[must_use]
    pub fn parse(bytes: &[u8], agent: &str) -> Self {
        let bytes = without_mark(&bytes[..bytes.len().min(MOST_BYTES)]);
        let (mut named, mut anyone) = (None, Self::default());
        let mut sitemaps = Vec::new();
        // Whom the group at hand concerns, and whether its rules have begun.
        let (mut for_us, mut for_all, mut in_rules) = (false, false, false);
        for line in bytes.split(|byte| matches!(byte, b'\r' | b'\n')) {
            let line = String::from_utf8_lossy(&line[..line.len().min(LONGEST_LINE)]);
            let Some((field, value)) = record(&line) else {
                continue;
            };
            match Field::named(field) {
                Some(Field::UserAgent) => {
                    if std::mem::take(&mut in_rules) {
                        (for_us, for_all) = (false, false);
                    }
                    for_all |= value.split_ascii_whitespace().next() == Some("*");
                    for_us |= product(value).eq_ignore_ascii_case(agent);
                    if for_us {
                        named.get_or_insert_with(Self::default);
                    }
                }
                // It stands outside all groups, wherever it is written (section 2.2.4).
                Some(Field::Sitemap) => sitemaps.push(value.to_owned()),
                Some(field) => {
                    in_rules = true;
                    if for_us {
                        named.get_or_insert_with(Self::default).add(field, value);
                    }
                    if for_all {
                        anyone.add(field, value);
                    }
                }
                None => {}
            }
        }
        Self {
            sitemaps,
            ..named.unwrap_or(anyone)
        }
    }

    fn add(&mut self, field: Field, value: &str) {
        match field {
            Field::CrawlDelay => {
                let seconds = value.parse().ok().filter(|seconds: &f64| *seconds >= 0.0);
                self.delay = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            }
            _ if value.is_empty() => {}
            _ => {
                let allow = field == Field::Allow;
                self.rules.push(Rule::new(allow, value));
                // Whoever allows the index of a folder means the folder; Google reads it so too.
                if let Some((folder, _)) = value.rsplit_once("/index.htm").filter(|_| allow) {
                    self.rules.push(Rule::new(true, &format!("{folder}/$")));
                }
            }
        }
    }

    /// Whether this path, with its query, may be read. The longest rule that matches decides; of two equally long
    /// ones the one that allows (section 2.2.2). `/robots.txt` itself may always be read.
    #[must_use]
    pub fn permits(&self, path_and_query: &str) -> bool {
        if path_and_query == "/robots.txt" {
            return true;
        }
        let path = normal(path_and_query).replace('*', "%2A").replace('$', "%24");
        self.rules
            .iter()
            .filter(|rule| rule.matches(&path))
            .max_by_key(|rule| (rule.length, rule.allow))
            .is_none_or(|rule| rule.allow)
    }

    /// The time that the host wants between two requests. Not in RFC 9309, but widely written.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.delay
    }

    /// The addresses of the site's sitemaps, as written (sitemaps.org, "Specifying the Sitemap location").
    #[must_use]
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }
}

impl Rule {
    fn new(allow: bool, pattern: &str) -> Self {
        let pattern = normal(pattern);
        let (body, to_the_end) = match pattern.strip_suffix('$') {
            Some(body) => (body, true),
            None => (pattern.as_str(), false),
        };
        Self {
            allow,
            parts: body.replace('$', "%24").split('*').map(str::to_owned).collect(),
            to_the_end,
            length: pattern.len(),
        }
    }

    /// Parts are sought from left to right, each at its first place: linear in the path for each part.
    fn matches(&self, path: &str) -> bool {
        let Some((first, others)) = self.parts.split_first() else {
            return false;
        };
        let Some(mut rest) = path.strip_prefix(first.as_str()) else {
            return false;
        };
        let Some((last, middle)) = others.split_last() else {
            return !self.to_the_end || rest.is_empty();
        };
        for part in middle {
            match rest.split_once(part.as_str()) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        if self.to_the_end {
            rest.ends_with(last.as_str())
        } else {
            rest.contains(last.as_str())
        }
    }
}

/// What a line says, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    UserAgent,
    Allow,
    Disallow,
    CrawlDelay,
    Sitemap,
}

impl Field {
    /// With the misspellings that Google's parser knows from the web.
    fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "user-agent" | "useragent" | "user agent" => Some(Self::UserAgent),
            "allow" => Some(Self::Allow),
            "disallow" | "dissallow" | "dissalow" | "disalow" | "diasllow" | "disallaw" => {
                Some(Self::Disallow)
            }
            "crawl-delay" => Some(Self::CrawlDelay),
            "sitemap" | "site-map" => Some(Self::Sitemap),
            _ => None,
        }
    }
}

/// Name and value of a line. The colon may be missing between two words, as Google's parser allows.
fn record(line: &str) -> Option<(&str, &str)> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let (name, value) = line.split_once(':').or_else(|| {
        let (name, value) = line.split_once(char::is_whitespace)?;
        (!value.trim().contains(char::is_whitespace)).then_some((name, value))
    })?;
    Some((name.trim(), value.trim()))
}

/// The file without its byte order mark, whole or cut short.
fn without_mark(bytes: &[u8]) -> &[u8] {
    let mark = b"\xef\xbb\xbf";
    let shared = mark
        .iter()
        .zip(bytes)
        .take_while(|(mark, byte)| mark == byte)
        .count();
    &bytes[shared..]
}

/// The product token at the start of a `User-agent` value.
fn product(value: &str) -> &str {
    let end = value.find(|c: char| !(c.is_ascii_alphabetic() || c == '-' || c == '_'));
    &value[..end.unwrap_or(value.len())]
}

/// One spelling per octet (section 2.2.2): octets beyond ASCII are percent-encoded, needlessly encoded ones decoded,
/// hex digits in upper case.
fn normal(path: &str) -> String {
    let mut normal = String::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let encoded = match byte {
            b'%' => hex(ahead.next())
                .zip(hex(ahead.next()))
                .map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match encoded {
            Some(octet) => {
                bytes = ahead;
                let plain = octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
                push(&mut normal, octet, plain);
            }
            None => push(&mut normal, byte, byte.is_ascii_graphic()),
        }
    }
    normal
}

fn push(normal: &mut String, octet: u8, plain: bool) {
    if plain {
        normal.push(char::from(octet));
    } else {
        normal.push('%');
        for digit in [octet >> 4, octet & 15] {
            normal.push(
                char::from_digit(digit.into(), 16)
                    .unwrap_or('0')
                    .to_ascii_uppercase(),
            );
        }
    }
}

fn hex(digit: Option<u8>) -> Option<u8> {
    let value = char::from(digit?).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(file: &str, path: &str) -> bool {
        Robots::parse(file.as_bytes(), "Reveille").permits(path)
    }

    #[test]
    fn our_own_groups_replace_the_general_one() {
        let file = "User-agent: Other\nUser-agent: REVEILLE/2.0\nDisallow: /a\nSitemap: /s\n\nUser-agent: *\nDisallow: /\n\n\
            user-agent : reveille # again\ndisallow : /b\nCrawl-delay: 2.5\n";
        for (path, expected) in [("/a", false), ("/b", false), ("/c", true)] {
            assert_eq!(permits(file, path), expected, "{path}");
        }
        let robots = Robots::parse(file.as_bytes(), "Reveille");
        assert_eq!(robots.crawl_delay(), Some(Duration::from_millis(2500)));
        // An empty line parts no groups: these rules are for both.
        assert!(!permits(
            "User-agent: reveille\n\nUser-agent: *\nDisallow: /x\n",
            "/x"
        ));
        assert!(permits(
            "User-agent: reveille\nDisallow:\n\nUser-agent: *\nDisallow: /\n",
            "/x"
        ));
        assert!(permits("User-agent: reveillebot\nDisallow: /\n", "/x"));
    }

    #[test]
    fn a_file_that_is_none_allows_all() {
        for file in [
            "",
            "<html>no</html>",
            "Disallow: /",
            "User-agent: *",
            "User-agent: *\nDisallow:\n",
        ] {
            assert!(permits(file, "/a"), "{file}");
        }
        assert!(!permits("\u{feff}User-agent: *\rDisallow: /\r", "/a"));
        let odd = "User-agent: *\nCrawl-delay: -1\nDisallow: /a";
        assert_eq!(Robots::parse(odd.as_bytes(), "Reveille").crawl_delay(), None);
        let endless = "User-agent: *\nCrawl-delay: 1e400\n";
        assert_eq!(Robots::parse(endless.as_bytes(), "Reveille").crawl_delay(), None);
    }

    proptest::proptest! {
        #[test]
        fn no_file_is_too_odd(file in "(?s)(User-agent: \\*\n(Disallow|Allow): .*\n|.*)*", path in "/.*") {
            let robots = Robots::parse(file.as_bytes(), "Reveille");
            let _ = robots.permits(&path);
            proptest::prop_assert!(robots.permits("/robots.txt"));
        }

        #[test]
        fn a_disallowed_prefix_holds_for_all_below(prefix in "/[a-zé*]{0,8}", rest in "[a-z/]{0,8}") {
            let file = format!("User-agent: *\nDisallow: {prefix}\n");
            let path = prefix.replace('*', "") + &rest;
            proptest::prop_assert!(!permits(&file, &path));
        }
    }
}
