//! Countries as readers name them: by code, by today's name, or as an old form on some web page spelled it.
//!
//! The data is `countries.txt` beside this file; it says what each column is and where it comes from. This module
//! knows names and a usual time zone. It must not hold opinions: consent rules and languages by country live elsewhere.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    str::FromStr,
    sync::LazyLock,
};

use serde::{Deserialize, Serialize};

use crate::{Zone, distance};

/// A country or territory of ISO 3166-1, or a former one of ISO 3166-3 under the code it had. Ordered by code;
/// serialised as its two-letter code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

/// A string that names no country.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a country that is known here ({})", hint(.near))]
pub struct CountryError {
    /// What was read.
    pub text: String,
    /// Up to three countries whose names come near, nearest first.
    pub near: Vec<Country>,
}

fn hint(near: &[Country]) -> String {
    let names: Vec<&str> = near.iter().map(|country| country.name()).collect();
    match names.split_last() {
        None => "expected a name such as Germany or a code such as DE".to_owned(),
        Some((last, [])) => format!("did you mean {last}?"),
        Some((last, rest)) => format!("did you mean {} or {last}?", rest.join(", ")),
    }
}

struct Row {
    code: &'static str,
    name: &'static str,
    zone: &'static str,
    others: Vec<&'static str>,
    /// What a former country is today; empty for one of today.
    successors: Vec<Country>,
}

struct Table {
    rows: HashMap<[u8; 2], Row>,
    /// Every name under its key, see [`key`].
    names: HashMap<String, Country>,
    /// The words of all keys, and those that keys leave out.
    words: HashSet<String>,
    /// Today's countries by name.
    sorted: Vec<Country>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| read(include_str!("countries.txt")));

fn read(text: &'static str) -> Table {
    let mut table = Table {
        rows: HashMap::new(),
        names: HashMap::new(),
        words: SMALL_WORDS.map(str::to_owned).into(),
        sorted: Vec::new(),
    };
    let mut former = false;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        former |= line == "former";
        let mut fields = line.split(';').map(str::trim);
        let (Some(code), Some(name), Some(zone)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let Ok(bytes) = <[u8; 2]>::try_from(code.as_bytes()) else {
            continue;
        };
        let today = if former { fields.next() } else { None };
        let today = today.unwrap_or_default().split_whitespace();
        let successors = today.filter_map(|code| Some(Country(code.as_bytes().try_into().ok()?)));
        let successors = successors.collect();
        let others: Vec<_> = fields.next().unwrap_or_default().split('|').collect();
        let country = Country(bytes);
        for name in others.iter().chain([&name]).filter(|name| !name.is_empty()) {
            let key = key(name);
            table.words.extend(key.split(' ').map(str::to_owned));
            table.names.insert(key, country);
        }
        if !former {
            table.sorted.push(country);
        }
        let row = Row {
            code,
            name,
            zone,
            others,
            successors,
        };
        table.rows.insert(bytes, row);
    }
    let rows = &table.rows;
    table
        .sorted
        .sort_by_cached_key(|country| rows.get(&country.0).map(|row| plain(row.name)));
    table
}

impl Country {
    fn row(self) -> Option<&'static Row> {
        TABLE.rows.get(&self.0)
    }

    /// The two-letter code, in upper case.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().map_or("", |row| row.code)
    }

    /// The everyday English name: "Bolivia", "South Korea".
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// Whether the country is no more, and only old forms and old lists still hold it.
    #[must_use]
    pub fn is_former(self) -> bool {
        !self.successors().is_empty()
    }

    /// What a former country is today; several where it was split. Empty for a country of today.
    #[must_use]
    pub fn successors(self) -> &'static [Self] {
        self.row().map_or(&[], |row| &row.successors)
    }

    /// The country that it is today: itself, or what it was renamed to or became part of. `None` where it was split, so
    /// that only the reader knows.
    #[must_use]
    pub fn today(self) -> Option<Self> {
        match self.successors() {
            [] => Some(self),
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The time zone in which most of its people live, for a reader who gave none. `None` for a former country whose
    /// parts keep different times.
    #[must_use]
    pub fn usual_zone(self) -> Option<Zone> {
        self.row().and_then(|row| row.zone.parse().ok())
    }

    /// The country with this two-letter code, in either case; former ones included.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let bytes = <[u8; 2]>::try_from(code.as_bytes())
            .ok()?
            .map(|b| b.to_ascii_uppercase());
        TABLE.rows.contains_key(&bytes).then_some(Self(bytes))
    }

    /// The country of any known name, without a search for similar ones where there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // Most of what is asked for shows by its first word that it is none.
        let first = key(name.split_whitespace().next()?);
        let known = first.split(' ').all(|word| TABLE.words.contains(word));
        known.then(|| TABLE.names.get(&key(name)).copied())?
    }

    /// A name's letters without case, accents and punctuation, by which names are sorted.
    #[must_use]
    pub fn sort_key(name: &str) -> String {
        plain(name)
    }

    /// Today's countries and territories, sorted by name as an English reader looks them up (Åland under A).
    #[must_use]
    pub fn all() -> &'static [Self] {
        &TABLE.sorted
    }
}

/// A code, or any known name; case, accents, punctuation, word order and "the", "of", "and" do not matter.
impl FromStr for Country {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, CountryError> {
        let text = text.trim();
        Self::from_code(text)
            .or_else(|| Self::from_name(text))
            .ok_or_else(|| CountryError {
                text: text.to_owned(),
                near: near(text),
            })
    }
}

/// The letters of a name without case, accents and punctuation, in single-spaced words.
///
/// Only the Latin letters that occur in country names are unaccented; others stay and simply match nothing.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => plain.push(letter),
            // Marks that join: "U.S.", "D'Ivoire", and accents written as characters of their own.
            '.' | '\'' | '’' | 'ʼ' | '`' | '´' | '\u{300}'..='\u{36f}' => {}
            'à'..='å' | 'ā' | 'ă' | 'ą' => plain.push('a'),
            'ç' | 'ć' | 'č' => plain.push('c'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => plain.push('e'),
            'ì'..='ï' | 'ī' | 'ı' => plain.push('i'),
            'ñ' | 'ń' | 'ň' => plain.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => plain.push('o'),
            'ś' | 'š' | 'ş' => plain.push('s'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => plain.push('u'),
            'ý' | 'ÿ' => plain.push('y'),
            'ź' | 'ż' | 'ž' => plain.push('z'),
            letter if letter.is_alphanumeric() => plain.push(letter),
            _ if plain.ends_with(' ') || plain.is_empty() => {}
            _ => plain.push(' '),
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Words that names are written with and without.
const SMALL_WORDS: [&str; 3] = ["the", "of", "and"];

/// What two spellings of one name share. Words are sorted, so that the inverted names of ISO lists ("Korea,
/// Republic of") need no entry of their own.
fn key(name: &str) -> String {
    let plain = plain(name);
    let mut words: Vec<&str> = plain
        .split(' ')
        .filter(|word| !SMALL_WORDS.contains(word))
        .map(|word| if word == "st" { "saint" } else { word })
        .collect();
    if words.is_empty() {
        // AND is Andorra's alpha-3 code.
        return plain;
    }
    words.sort_unstable();
    words.join(" ")
}

/// Up to three of today's countries with a name that differs from `text` in a third of its letters at most, or
/// that holds all its words ("Korea").
fn near(text: &str) -> Vec<Country> {
    // No name is longer; the cap keeps a pasted page from costing more than a name does.
    let text: String = plain(text).chars().take(60).collect();
    if text.chars().count() < 3 {
        return Vec::new();
    }
    let sought = key(&text);
    let holds_words = |name: &str| {
        let words = key(name);
        sought
            .split(' ')
            .all(|word| words.split(' ').any(|other| other == word))
    };
    let mut found: Vec<(usize, Country)> = Vec::new();
    for &country in Country::all() {
        let Some(row) = country.row() else { continue };
        let nearest = row
            .others
            .iter()
            // Alpha-3 codes and abbreviations are within reach of any short word.
            .filter(|name| name.len() > 3)
            .chain([&row.name])
            .map(|name| plain(name))
            .filter_map(|name| {
                let far = distance(&text, &name);
                if holds_words(&name) {
                    Some(1)
                } else {
                    (far <= text.chars().count().div_ceil(3).min(3)).then_some(far)
                }
            })
            .min();
        found.extend(nearest.map(|far| (far, country)));
    }
    found.sort_by_key(|(far, _)| *far);
    found.into_iter().map(|(_, country)| country).take(3).collect()
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Country({})", self.code())
    }
}

/// The everyday English name.
impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<str>::deserialize(from)?;
        Self::from_code(&code).ok_or_else(|| {
            serde::de::Error::custom(format_args!("`{code}` is not a two-letter country code"))
        })
    }
}

#[cfg(test)]
#[path = "country_tests.rs"]
mod tests;
