//! The attributes of one tag, read when asked for.

use std::borrow::Cow;

use memchr::memchr;

use super::{decode, position};

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
            .find(|(found, _)| is_named(found, name))
            .map(|(_, value)| decode(value.trim()))
    }

    /// [`Self::get`], with an empty value counted as none.
    pub(crate) fn text(self, name: &str) -> Option<String> {
        let [text] = self.texts([name]);
        text
    }

    /// Several of [`Self::text`] in one pass.
    pub(crate) fn texts<const N: usize>(self, names: [&str; N]) -> [Option<String>; N] {
        let mut values: [Option<&str>; N] = [None; N];
        for (found, value) in self.iter() {
            for (slot, name) in values.iter_mut().zip(names) {
                if slot.is_none() && is_named(found, name) {
                    *slot = Some(value);
                }
            }
        }
        values.map(|value| {
            let value = decode(value?.trim());
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        })
    }
}

/// Whether an attribute `found` is the one that [`Attributes::get`] means by `name`.
fn is_named(found: &str, name: &str) -> bool {
    found.eq_ignore_ascii_case(name)
        || (found.len() > name.len()
            && found.as_bytes()[found.len() - name.len()..].eq_ignore_ascii_case(name.as_bytes())
            && found.rsplit_once(':').is_some_and(|(prefix, local)| {
                prefix != "xmlns" && prefix != "xml" && local.len() == name.len()
            }))
}

/// See [`Attributes::iter`].
#[derive(Debug, Clone)]
pub(crate) struct Iter<'a>(&'a str);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (text, bytes) = (self.0, self.0.as_bytes());
        // A stray quote or slash between attributes is passed over.
        let start = position(bytes, 0, |b| {
            !is_space(b) && !matches!(b, b'/' | b'"' | b'\'' | b'=')
        });
        let end = position(bytes, start, |b| is_space(b) || matches!(b, b'=' | b'/'));
        let sign = position(bytes, end, |b| !is_space(b));
        if start == bytes.len() {
            return None;
        }
        let name = &text[start..end];
        if bytes.get(sign) != Some(&b'=') {
            self.0 = &text[end..];
            return Some((name, ""));
        }
        let start = position(bytes, sign + 1, |b| !is_space(b));
        let (value, rest) = match bytes.get(start) {
            Some(quote @ (b'"' | b'\'')) => {
                let inside = &text[start + 1..];
                let end = memchr(*quote, inside.as_bytes()).unwrap_or(inside.len());
                (&inside[..end], inside.get(end + 1..).unwrap_or_default())
            }
            _ => text[start..].split_at(position(bytes, start, is_space) - start),
        };
        self.0 = rest;
        Some((name, value))
    }
}

fn is_space(b: u8) -> bool {
    b.is_ascii_whitespace()
}
