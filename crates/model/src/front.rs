//! What an editor puts around the entries.

use serde::{Deserialize, Serialize};

use crate::Uri;

/// What stands around the entries of an edition besides them: the plan says it for every morning, and an editor may change
/// it for one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Front {
    /// What the editors say to their readers before the first entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
    /// Who signs that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editor: Option<String>,
    /// What holds every morning; it stands behind the last section.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Who pays for a place behind the first section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sponsor: Option<Sponsor>,
}

impl Front {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What somebody pays for; every form says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sponsor {
    /// Who pays.
    pub name: String,
    /// What they say.
    pub text: String,
    /// Where they say more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Uri>,
}
