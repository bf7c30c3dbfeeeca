//! What was wrong with a document, counted while it is read and told in words.

/// Counts by kind: a feed of a thousand entries has its fault a thousand times, and a person wants one line.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// Elements without an end tag.
    pub(super) unclosed: usize,
    /// Dates that could not be read.
    pub(super) dates: usize,
    /// The first of them.
    pub(super) date: Option<String>,
    /// The document ends inside an entry.
    pub(super) cut_off: bool,
    /// Entries beyond the limit.
    pub(super) surplus: usize,
}

impl Faults {
    pub(super) fn date(&mut self, text: &str) {
        self.dates += 1;
        self.date.get_or_insert_with(|| text.chars().take(60).collect());
    }

    pub(super) fn list(self) -> Vec<String> {
        let mut list = Vec::new();
        if self.unclosed > 0 {
            list.push(format!("{} elements are never closed", self.unclosed));
        }
        if let Some(first) = self.date {
            list.push(format!(
                "{} dates cannot be read (the first is {first:?})",
                self.dates
            ));
        }
        if self.cut_off {
            list.push("the document ends inside an entry; that entry is left out".to_owned());
        }
        if self.surplus > 0 {
            list.push(format!("{} entries beyond the limit are left out", self.surplus));
        }
        list
    }
}
