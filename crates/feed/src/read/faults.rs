//! What was wrong with a document, counted while it is read and told in words.

/// Counts by kind: a feed of a thousand entries has its fault a thousand times, and a person wants one line.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// `&` that open no reference.
    pub(super) bare_ampersands: usize,
    /// Something that is not the feed stands before or behind it.
    pub(super) is_surrounded: bool,
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

    /// In words; how many `<` stand in texts, and the first prefix that is not declared, others have counted.
    pub(super) fn list(self, bare_angles: usize, undeclared: Option<&str>) -> Vec<String> {
        let mut list = Vec::new();
        if self.is_surrounded {
            list.push("something stands before or behind the feed".to_owned());
        }
        if self.bare_ampersands > 0 {
            list.push(format!(
                "\"&\" that should be \"&amp;\": {}",
                self.bare_ampersands
            ));
        }
        if bare_angles > 0 {
            list.push(format!("\"<\" that should be \"&lt;\": {bare_angles}"));
        }
        if let Some(prefix) = undeclared {
            list.push(format!("a prefix that is not declared: {prefix:?}"));
        }
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
