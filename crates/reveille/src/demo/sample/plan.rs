//! What `morning.toml` and the heads of the articles say, and the names under which templates find it.

use std::collections::BTreeMap;

use reveille_model::{Brief, Country, EmailAddress, UnixMillis, Zone};
use serde::{Deserialize, Deserializer};

use super::template::{Scope, Value};

/// What every host of the sample ends in.
pub(crate) const SUFFIX: &str = ".localhost";

/// The file `morning.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    pub(super) brief: Brief,
    #[serde(rename = "source")]
    pub(super) sources: Vec<Source>,
    #[serde(rename = "reader")]
    pub(super) readers: Vec<Reader>,
    /// The countries of a sign-up form, one a line in `countries.txt`.
    #[serde(skip)]
    pub(super) countries: String,
}

/// One outlet as a source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    /// Its host, a name under `.localhost`, which means this machine (RFC 6761, section 6.3).
    pub(crate) host: String,
    /// The path of its feed.
    pub(crate) feed: String,
    /// Who publishes it, as a credit names it.
    pub(crate) carrier: String,
    /// How much a story gains by standing here; 1 is usual.
    pub(crate) weight: f64,
    /// One line under the masthead.
    pub(super) motto: String,
    /// The content type of its feed.
    pub(super) feed_type: String,
    /// The content type of its pages.
    #[serde(default = "usual_page_type")]
    pub(super) page_type: String,
    /// Until when its feed's address shows `broken_page` instead.
    #[serde(default, deserialize_with = "optional_instant")]
    pub(super) broken_until: Option<UnixMillis>,
    /// The page that stands where the feed should.
    #[serde(default)]
    pub(super) broken_page: String,
}

fn usual_page_type() -> String {
    "text/html; charset=utf-8".to_owned()
}

/// One reader of the brief.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reader {
    /// Where the mail goes: always under `.example` (RFC 2606).
    pub(crate) email: EmailAddress,
    /// Where the reader lives, named as by the form that they filled in.
    #[serde(deserialize_with = "country")]
    pub(crate) country: Country,
    /// On whose wall clock the morning falls.
    pub(crate) zone: Zone,
}

/// The head of an article.
#[derive(Debug, Deserialize)]
pub(super) struct Facts {
    /// Where it stands on its host.
    pub(super) path: String,
    title: String,
    summary: String,
    #[serde(deserialize_with = "instant")]
    pub(super) published: UnixMillis,
    /// From when this version stands in place of the one before.
    #[serde(default, deserialize_with = "optional_instant")]
    pub(super) updated: Option<UnixMillis>,
    /// Until when the page answers 500.
    #[serde(default, deserialize_with = "optional_instant")]
    pub(super) fails_until: Option<UnixMillis>,
    /// A file of the outlet's folder that is served byte for byte instead of the filled-in template.
    pub(super) raw: Option<String>,
    /// Whatever else the outlet's own template wants to know.
    #[serde(flatten)]
    more: BTreeMap<String, String>,
}

fn country<'de, D: Deserializer<'de>>(from: D) -> Result<Country, D::Error> {
    let name = String::deserialize(from)?;
    name.parse().map_err(serde::de::Error::custom)
}

fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<UnixMillis, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(serde::de::Error::custom)
}

fn optional_instant<'de, D: Deserializer<'de>>(from: D) -> Result<Option<UnixMillis>, D::Error> {
    instant(from).map(Some)
}

impl Plan {
    /// The countries for templates.
    pub(super) fn countries(&self) -> Vec<Scope> {
        self.countries
            .lines()
            .map(|name| Scope::from([("name".to_owned(), text(name))]))
            .collect()
    }
}

impl Source {
    /// The host without `.localhost`: the name of its folder, and of its origin in `@{name}`.
    pub(super) fn key(&self) -> &str {
        self.host.trim_end_matches(SUFFIX)
    }

    /// Its names for templates.
    pub(super) fn scope(&self) -> Scope {
        Scope::from([
            ("origin".to_owned(), Value::Text(format!("@{{{}}}", self.key()))),
            ("carrier".to_owned(), text(&self.carrier)),
            ("motto".to_owned(), text(&self.motto)),
            ("feed_path".to_owned(), text(&self.feed)),
            ("feed_type".to_owned(), text(&self.feed_type)),
        ])
    }
}

impl Facts {
    /// Its names for templates.
    pub(super) fn scope(&self) -> Scope {
        let mut scope = Scope::from([
            ("path".to_owned(), text(&self.path)),
            ("title".to_owned(), text(&self.title)),
            ("summary".to_owned(), text(&self.summary)),
        ]);
        scope.extend(dates("published", self.published));
        scope.extend(dates("updated", self.updated.unwrap_or(self.published)));
        if self.updated.is_some() {
            scope.insert("is_updated".to_owned(), text("yes"));
        }
        scope.extend(self.more.iter().map(|(name, value)| (name.clone(), text(value))));
        scope
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// An instant in the spellings that pages and feeds use: `name` in RFC 3339, `name_mail` in RFC 5322,
/// `name_long` and `name_german` as people write it, `name_day` as 2026-03-10.
pub(super) fn dates(name: &str, at: UnixMillis) -> Vec<(String, Value)> {
    let civil = at.civil(&Zone::UTC);
    [
        ("", "%Y-%m-%dT%H:%M:%SZ"),
        ("_mail", "%a, %d %b %Y %H:%M:%S +0000"),
        ("_long", "%A %-d %B %Y, %H:%M UTC"),
        ("_german", "%d.%m.%Y, %H:%M Uhr"),
        ("_day", "%Y-%m-%d"),
    ]
    .into_iter()
    .map(|(suffix, format)| {
        (
            format!("{name}{suffix}"),
            Value::Text(civil.strftime(format).to_string()),
        )
    })
    .collect()
}
