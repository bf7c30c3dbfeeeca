//! Stories: the articles about one event, copies folded.

use serde::{Deserialize, Serialize};

use crate::{Day, state::words};

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

/// What a reason says, for programs and for other languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Fact {
    /// So many newsrooms reported the story on their own.
    Newsrooms {
        /// How many.
        count: usize,
    },
    /// So many articles carry another's text.
    Copies {
        /// How many.
        count: usize,
    },
    /// When it was first reported.
    First {
        /// The clock time, as `04:12`.
        time: String,
        /// The day, where it was another one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<Day>,
    },
    /// Most of its articles came within the last hours.
    Rising,
}

/// One reason why a story ranks where it does, as editors are shown it: "9 newsrooms", "first 04:12", "rising".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// In the editors' words, which are English.
    pub text: String,
    /// The same for whoever says it otherwise; none where it is no fact of the story.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<Fact>,
    /// What it added to the rank.
    pub weight: f64,
    /// Whether it is of what editors think or printed before, and no fact of the story.
    #[serde(default)]
    pub inside: bool,
}
