//! Lists come in pages: `limit` items at most, and `next`, the cursor behind which the next page begins.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use super::Problem;

/// Items on a page where the program does not say.
const USUAL: u32 = 100;
/// Items on a page at most.
const MOST: u32 = 1_000;

/// Which page is wanted.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default, deserialize_with = "said")]
    pub(crate) limit: Option<String>,
    #[serde(default, deserialize_with = "said")]
    pub(crate) after: Option<String>,
}

/// An empty value is none.
pub(crate) fn said<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    Ok(text.filter(|text| !text.is_empty()))
}

impl Asked {
    pub(crate) fn limit(&self) -> Result<u32, Problem> {
        let Some(text) = &self.limit else { return Ok(USUAL) };
        let limit: Option<u32> = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| Problem::unprocessable(format!("`limit` is a number from 1 to {MOST}.")))
    }

    /// What the cursor says.
    pub(crate) fn after<T: std::str::FromStr>(&self) -> Result<Option<T>, Problem> {
        let parse = |text: &String| {
            text.parse()
                .map_err(|_| Problem::unprocessable("`after` is what `next` of the page before said."))
        };
        self.after.as_ref().map(parse).transpose()
    }
}

/// One page of what was found, of which there is one item more than fits where there is a next page.
pub(crate) fn page<T>(
    mut found: Vec<T>,
    limit: u32,
    cursor: impl Fn(&T) -> String,
    shown: impl Fn(&T) -> Value,
) -> Value {
    let limit = limit as usize;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(cursor);
    json!({ "items": found.iter().map(shown).collect::<Vec<_>>(), "next": next })
}

/// A value as JSON; the values here cannot fail.
pub(crate) fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}
