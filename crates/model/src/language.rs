//! Languages by their primary subtag.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A primary language subtag (BCP 47, RFC 5646 section 2.2.1): two or three letters in lower case. Regions and
/// scripts are dropped: `en-GB` → `en`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

impl Language {
    /// English.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The subtag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the language is written from right to left.
    #[must_use]
    pub fn is_right_to_left(&self) -> bool {
        matches!(self.as_str(), "ar" | "fa" | "he" | "ps" | "ur" | "yi" | "ckb")
    }
}

impl FromStr for Language {
    type Err = crate::UnknownState;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic()) {
            Ok(Self(primary.to_ascii_lowercase()))
        } else {
            Err(crate::UnknownState {
                noun: "language",
                word: tag.to_owned(),
                expected: "a BCP 47 tag such as en or de-AT".to_owned(),
            })
        }
    }
}

impl TryFrom<String> for Language {
    type Error = crate::UnknownState;

    fn try_from(tag: String) -> Result<Self, Self::Error> {
        tag.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_primary_subtag_counts() {
        assert_eq!("en-GB".parse::<Language>().unwrap().as_str(), "en");
        assert_eq!("pt_BR".parse::<Language>().unwrap().as_str(), "pt");
        assert!("english".parse::<Language>().is_err());
        assert!("".parse::<Language>().is_err());
    }
}
