//! The attributes of one tag, read when asked for.

use std::borrow::Cow;

use memchr::memchr;

use super::decode;

/// The raw text between a tag's name and its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attributes<'a>(&'a str);

impl<'a> Attributes<'a> {
    pub(crate) fn new(raw: &'a str) -> Self {
        Self(raw.trim_ascii())
    }

    pub(crate) fn raw(self) -> &'a str {
        self.0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Names and undecoded values in order. A name without a value has the empty one.
    pub(crate) fn iter(self) -> Iter<'a> {
        Iter(self.0)
    }

    /// The decoded value of the first attribute of this name, letter case aside. A prefix on the attribute
    /// (`rdf:about`) is ignored unless `name` has one itself.
    pub(crate) fn get(self, name: &str) -> Option<Cow<'a, str>> {
        if self.is_empty() {
            return None;
        }
        self.iter()
            .find(|(found, _)| {
                found.eq_ignore_ascii_case(name)
                    || (found.len() > name.len()
                        && found.as_bytes()[found.len() - name.len()..].eq_ignore_ascii_case(name.as_bytes())
                        && found.rsplit_once(':').is_some_and(|(prefix, local)| {
                            prefix != "xmlns" && prefix != "xml" && local.len() == name.len()
                        }))
            })
            .map(|(_, value)| decode(value.trim()))
    }

    /// [`Self::get`], with an empty value counted as none.
    pub(crate) fn text(self, name: &str) -> Option<String> {
        self.get(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }
}

/// See [`Attributes::iter`].
#[derive(Debug, Clone)]
pub(crate) struct Iter<'a>(&'a str);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        // A stray quote or slash between attributes is passed over.
        let rest = self
            .0
            .trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '"' | '\'' | '='));
        if rest.is_empty() {
            self.0 = rest;
            return None;
        }
        let end = rest
            .bytes()
            .position(|b| b.is_ascii_whitespace() || b == b'=' || b == b'/')
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_ascii_start().strip_prefix('=') else {
            self.0 = after;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        let (value, after) = match value.bytes().next() {
            Some(quote @ (b'"' | b'\'')) => {
                let inside = &value[1..];
                let end = memchr(quote, inside.as_bytes()).unwrap_or(inside.len());
                (&inside[..end], inside.get(end + 1..).unwrap_or_default())
            }
            _ => value.split_at(
                value
                    .bytes()
                    .position(|b| b.is_ascii_whitespace())
                    .unwrap_or(value.len()),
            ),
        };
        self.0 = after;
        Some((name, value))
    }
}
