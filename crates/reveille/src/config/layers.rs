//! File, environment and flags, merged into one flat map of dotted keys.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::Sources;

/// One thing wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) place: Place,
    pub(crate) key: String,
    pub(crate) text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Default => {}
            place => write!(f, "{place}: ")?,
        }
        match self.key.as_str() {
            "" => f.write_str(&self.text),
            key => write!(f, "{key}: {}", self.text),
        }
    }
}

/// Where a value was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nowhere.
    Default,
    /// In the file: its path, line and column, both counted from 1.
    File(PathBuf, usize, usize),
    /// In an environment variable of this name.
    Environment(String),
    /// In a `--set` flag.
    Flag,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line, column) => write!(f, "{}:{line}:{column}", path.display()),
            Self::Environment(name) => f.write_str(name),
            Self::Flag => f.write_str("--set"),
        }
    }
}

/// A value as it was written, before its type is known.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) value: Written,
    /// Where the key stands, for "unknown key".
    pub(crate) key_place: Place,
    /// Where the value stands, for "not right".
    pub(crate) value_place: Place,
}

/// One value or several.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    One(String),
    Many(Vec<String>),
}

pub(crate) type Layers = BTreeMap<String, Given>;

/// Merges the three places; the stronger overwrites the weaker.
pub(crate) fn merge(sources: &Sources) -> Result<Layers, Vec<Fault>> {
    let mut layers = Layers::new();
    let mut faults = Vec::new();
    if let Some((path, text)) = &sources.file {
        faults.extend(from_file(path, text, &mut layers));
    }
    for (name, value) in &sources.environment {
        faults.extend(from_variable(name, value, &mut layers).err());
    }
    for (key, value) in &sources.flags {
        layers.insert(key.clone(), given(value, Place::Flag));
    }
    if faults.is_empty() {
        Ok(layers)
    } else {
        Err(faults)
    }
}

fn given(value: &str, place: Place) -> Given {
    Given {
        value: Written::One(value.to_owned()),
        key_place: place.clone(),
        value_place: place,
    }
}

/// `REVEILLE__WEB__LISTEN` sets `web.listen`; with `_FILE` behind it, the named file holds the value.
fn from_variable(name: &str, value: &str, layers: &mut Layers) -> Result<(), Fault> {
    let Some(path) = name.strip_prefix("REVEILLE__") else {
        return Ok(());
    };
    let place = Place::Environment(name.to_owned());
    let dotted = |path: &str| path.replace("__", ".").to_ascii_lowercase();
    match path.strip_suffix("_FILE") {
        None => layers.insert(dotted(path), given(value, place)),
        Some(path) => {
            let text = std::fs::read_to_string(value).map_err(|error| Fault {
                place: place.clone(),
                key: dotted(path),
                text: format!("cannot read the file `{value}`: {error}"),
            })?;
            layers.insert(dotted(path), given(text.trim_end(), place))
        }
    };
    Ok(())
}

fn from_file(path: &Path, text: &str, layers: &mut Layers) -> Vec<Fault> {
    let at = |offset: usize| {
        let before = &text[..offset.min(text.len())];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place::File(
            path.to_owned(),
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut faults: Vec<Fault> = errors
        .iter()
        .map(|error| Fault {
            place: at(error.span().map_or(0, |span| span.start)),
            key: String::new(),
            text: error.message().trim().replace('\n', "; "),
        })
        .collect();
    flatten("", table.get_ref(), &at, layers, &mut faults);
    faults
}

fn flatten(
    prefix: &str,
    table: &DeTable<'_>,
    at: &impl Fn(usize) -> Place,
    layers: &mut Layers,
    faults: &mut Vec<Fault>,
) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{prefix}.{}", name.get_ref())
        };
        if let DeValue::Table(inner) = value.get_ref() {
            flatten(&key, inner, at, layers, faults);
            continue;
        }
        match written(value) {
            Some(written) => {
                let (key_place, value_place) = (at(name.span().start), at(value.span().start));
                layers.insert(
                    key,
                    Given {
                        value: written,
                        key_place,
                        value_place,
                    },
                );
            }
            None => faults.push(Fault {
                place: at(value.span().start),
                key,
                text: format!(
                    "expected a single value or a list of texts, found {}",
                    value.get_ref().type_str()
                ),
            }),
        }
    }
}

fn written(value: &Spanned<DeValue<'_>>) -> Option<Written> {
    let single = |value: &DeValue<'_>| match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        _ => None,
    };
    match value.get_ref() {
        DeValue::Array(many) => many
            .iter()
            .map(|one| single(one.get_ref()))
            .collect::<Option<_>>()
            .map(Written::Many),
        one => single(one).map(Written::One),
    }
}
