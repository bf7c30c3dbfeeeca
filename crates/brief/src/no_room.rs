//! What an editor is told of the stories for which sections had no room.

use reveille_model::Edition;

use crate::{Finding, Severity};

/// So many of them are named.
const NAMED: usize = 3;

/// The stories for which sections had no room.
pub(crate) fn told(edition: &Edition) -> Option<Finding> {
    let left = &edition.left_out;
    let mut full: Vec<&str> = Vec::new();
    for story in left {
        if !full.contains(&story.section.as_str()) {
            full.push(&story.section);
        }
    }
    let named = left.iter().take(NAMED);
    let mut headlines: Vec<String> = named.map(|story| format!("“{}”", story.headline)).collect();
    if let Some(more) = left.len().checked_sub(NAMED).filter(|more| *more > 0) {
        headlines.push(format!("{more} more"));
    }
    let (stories, limits) = match (left.len(), full.len()) {
        (0, _) => return None,
        (1, _) => ("1 story was".to_owned(), "limit"),
        (some, 1) => (format!("{some} stories were"), "limit"),
        (some, _) => (format!("{some} stories were"), "limits"),
    };
    Some(Finding {
        severity: Severity::Warning,
        entry: None,
        compared: None,
        text: format!(
            "{stories} left out by the {limits} of {}: {}. Raise `limit` in the brief's plan to print more of them.",
            listed(&full),
            listed(&headlines)
        ),
    })
}

/// "Politics, Business and Science".
fn listed(names: &[impl AsRef<str>]) -> String {
    let mut names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        only => only.unwrap_or_default().to_owned(),
    }
}
