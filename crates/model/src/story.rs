//! Stories: the articles about one event, copies folded.

use serde::{Deserialize, Serialize};

use crate::state::words;

words! {
    /// How a copy relates to the article that it copies.
    CopyLink as "copy link" {
        /// The same text, but for boilerplate, cuts at the end and a headline.
        Same = "same",
        /// A later version of the text: write-through, correction.
        Update = "update",
        /// A part of the text.
        Excerpt = "excerpt",
    }
}

/// One reason why a story ranks where it does, ready to be shown: "9 newsrooms", "first 04:12", "rising".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// In words.
    pub text: String,
    /// What it added to the rank.
    pub weight: f64,
    /// Whether it is for editors alone: what they think of a source is not for print.
    #[serde(default)]
    pub inside: bool,
}
