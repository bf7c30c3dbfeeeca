//! What was wrong with a document, counted while it is read and told in words.

/// Counts by kind: a feed of a thousand entries has its fault a thousand times, and a person wants one line.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// Elements without an end tag.
    pub(super) unclosed: usize,
    /// The document ends inside an element.
    pub(super) ends_early: bool,
    /// And that element is an entry, or in one.
    pub(super) cut_entry: bool,
    /// Entries beyond the limit.
    pub(super) surplus: usize,
    dates: usize,
    first_date: Option<String>,
}

impl Faults {
    /// A date that cannot be read.
    pub(super) fn date(&mut self, text: &str) {
        self.dates += 1;
        self.first_date
            .get_or_insert_with(|| text.chars().take(60).collect());
    }

    pub(super) fn list(self) -> Vec<String> {
        let mut list = Vec::new();
        if self.unclosed > 0 {
            list.push(format!("elements that are never closed: {}", self.unclosed));
        }
        if let Some(first) = self.first_date {
            list.push(format!(
                "dates that cannot be read: {} (the first is {first:?})",
                self.dates
            ));
        }
        if self.cut_entry {
            list.push("the document ends inside an entry; that entry is left out".to_owned());
        } else if self.ends_early {
            list.push("the document ends too early".to_owned());
        }
        if self.surplus > 0 {
            list.push(format!("entries left out beyond the limit: {}", self.surplus));
        }
        list
    }
}
