//! Reads one key after the other and collects what is wrong.

use std::{fmt::Display, str::FromStr};

use reveille_model::{distance, without_password};

use super::layers::{Fault, Given, Layers, Place, Written};

/// What a key is called, means and may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) path: &'static str,
    pub(super) default: &'static str,
    pub(super) doc: &'static str,
    pub(super) secret: bool,
    pub(super) range: Option<(u64, u64)>,
}

impl Key {
    pub(super) const fn new(path: &'static str, default: &'static str, doc: &'static str) -> Self {
        Self {
            path,
            default,
            doc,
            secret: false,
            range: None,
        }
    }

    /// Its value is never printed.
    pub(super) const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// It is a whole number in this range, ends included.
    pub(super) const fn within(self, least: u64, most: u64) -> Self {
        Self {
            range: Some((least, most)),
            ..self
        }
    }
}

/// The state of one reading.
pub(super) struct Reader {
    given: Layers,
    faults: Vec<Fault>,
    /// Every key that was asked for, with the value that holds and its place.
    pub(super) known: Vec<(Key, Written, Place)>,
}

/// A value, or nothing where the text is empty.
struct Maybe<T>(Option<T>);

impl<T: FromStr> FromStr for Maybe<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" => Ok(Self(None)),
            text => text.parse().map(|value| Self(Some(value))),
        }
    }
}

impl Reader {
    pub(super) fn new(given: Layers) -> Self {
        Self {
            given,
            faults: Vec::new(),
            known: Vec::new(),
        }
    }

    fn take(&mut self, key: Key) -> Given {
        let given = self.given.remove(key.path).unwrap_or_else(|| Given {
            value: match key.default {
                "[]" => Written::Many(Vec::new()),
                text => Written::One(text.to_owned()),
            },
            key_place: Place::Default,
            value_place: Place::Default,
        });
        self.known
            .push((key, given.value.clone(), given.value_place.clone()));
        given
    }

    /// A single value. A faulty one is noted, and the default goes on in its stead until [`Reader::finish`].
    pub(super) fn read<T: FromStr<Err: Display>>(&mut self, key: Key) -> T {
        let given = self.take(key);
        let parsed = match &given.value {
            Written::One(text) => {
                let shown = match text {
                    _ if key.secret => "…".to_owned(),
                    address if address.contains("://") => without_password(address),
                    text => text.clone(),
                };
                parse(text, key.range).map_err(|expected| format!("`{shown}` is not right: {expected}"))
            }
            Written::Many(_) => Err("expected a single value, found a list".to_owned()),
        };
        parsed.unwrap_or_else(|text| {
            self.faults.push(Fault {
                place: given.value_place,
                key: key.path.to_owned(),
                text,
            });
            match parse(key.default, None) {
                Ok(value) => value,
                Err(fault) => unreachable!("the default of {} is faulty: {fault}", key.path),
            }
        })
    }

    /// A value that may be left empty.
    pub(super) fn optional<T: FromStr<Err: Display>>(&mut self, key: Key) -> Option<T> {
        self.read::<Maybe<T>>(key).0
    }

    /// A list; in the environment and in flags, a text parted by commas.
    pub(super) fn list(&mut self, key: Key) -> Vec<String> {
        match self.take(key).value {
            Written::Many(many) => many,
            Written::One(text) if text.starts_with('[') && text.ends_with(']') => {
                let shown = if key.secret {
                    "one,two".to_owned()
                } else {
                    bare(&text)
                };
                let example = format!(
                    "a list is written here without brackets and quotation marks: `{}={shown}`",
                    key.path
                );
                self.fault(key.path, &example);
                Vec::new()
            }
            Written::One(text) => text
                .split(',')
                .map(|part| part.trim().to_owned())
                .filter(|p| !p.is_empty())
                .collect(),
        }
    }

    /// A list of values; a faulty one is noted and left out.
    pub(super) fn list_of<T: FromStr<Err: Display>>(&mut self, key: Key) -> Vec<T> {
        let mut values = Vec::new();
        for (number, text) in (1..).zip(self.list(key)) {
            match text.parse() {
                Ok(value) => values.push(value),
                Err(error) => self.fault(key.path, &format!("number {number}: {error}")),
            }
        }
        values
    }

    /// Whether nobody has given a key that was read.
    pub(super) fn is_default(&self, key: &str) -> bool {
        let mut known = self.known.iter();
        known.any(|(known, _, place)| known.path == key && matches!(place, Place::Default))
    }

    /// Notes a fault that is not in one value alone.
    pub(super) fn fault(&mut self, key: &str, text: &str) {
        let place = self
            .known
            .iter()
            .find(|(known, ..)| known.path == key)
            .map(|(_, _, place)| place.clone());
        self.faults.push(Fault {
            place: place.unwrap_or(Place::Default),
            key: key.to_owned(),
            text: text.to_owned(),
        });
    }

    /// Whatever was given and not asked for is a fault too.
    pub(super) fn finish(mut self) -> Result<(), Vec<Fault>> {
        for (key, given) in std::mem::take(&mut self.given) {
            let text = match self.nearest(&key) {
                Some(near) => format!("unknown key (did you mean `{near}`?)"),
                None => "unknown key (`reveille config show` lists them all)".to_owned(),
            };
            self.faults.push(Fault {
                place: given.key_place,
                key,
                text,
            });
        }
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(self.faults)
        }
    }

    fn nearest(&self, key: &str) -> Option<&'static str> {
        let known = self.known.iter().map(|(known, ..)| known.path);
        known
            .map(|path| (distance(key, path), path))
            .filter(|(far, _)| *far <= 3)
            .min()
            .map(|(_, path)| path)
    }
}

/// A list of the file as it is written elsewhere: its values, parted by commas.
fn bare(list: &str) -> String {
    let values = list.trim_matches(['[', ']']).split(',');
    let values: Vec<_> = values
        .map(|value| value.trim().trim_matches(['"', '\'']))
        .collect();
    values.join(",")
}

fn parse<T: FromStr<Err: Display>>(text: &str, range: Option<(u64, u64)>) -> Result<T, String> {
    if let Some((least, most)) = range {
        let in_range = text
            .parse::<u64>()
            .is_ok_and(|number| (least..=most).contains(&number));
        if !in_range {
            return Err(format!("expected a whole number from {least} to {most}"));
        }
    }
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// A table of the file: its name and its keys.
pub(super) type Table<V> = (&'static str, Vec<(Key, V)>);

/// Keys by their table, in the order in which they are read.
pub(super) fn by_table<V>(known: Vec<(Key, V)>) -> Vec<Table<V>> {
    let mut tables: Vec<Table<V>> = Vec::new();
    for (key, value) in known {
        let name = key.path.rsplit_once('.').map_or("", |(table, _)| table);
        match tables.iter_mut().find(|(table, _)| *table == name) {
            Some((_, keys)) => keys.push((key, value)),
            None => tables.push((name, vec![(key, value)])),
        }
    }
    tables
}
