//! What is printed before the entries of an edition.

use crate::{Edition, Entry, EntryKey, Section, SectionKind, state::words};

words! {
    /// How the entries of a section are numbered.
    Numbering as "numbering" {
        /// They count on through all sections of the edition that do.
        Continuous = "continuous",
        /// They count from 1.
        Own = "own",
        /// They have no number.
        None = "none",
    }
}

impl Default for Numbering {
    /// What readers can quote to each other.
    fn default() -> Self {
        Self::Continuous
    }
}

impl Numbering {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    pub(crate) const fn is_usual(&self) -> bool {
        matches!(self, Self::Continuous)
    }
}

impl Section {
    /// Its entries, each with the number that is printed before it.
    pub fn numbered(&self) -> impl Iterator<Item = (Option<usize>, &Entry)> {
        let printed = |entry: &Entry| match self.numbering {
            Numbering::Continuous => Some(entry.number),
            Numbering::Own => Some(entry.number.saturating_sub(self.above)),
            Numbering::None => None,
        };
        self.entries.iter().map(move |entry| (printed(entry), entry))
    }
}

impl Edition {
    /// Puts what the day brings in order of time, and numbers the entries from 1: first those of sections that count on, so
    /// that what is printed there is [`Entry::number`], then the others.
    pub fn number(&mut self) {
        let calendars = self.sections.iter_mut();
        for calendar in calendars.filter(|section| section.kind == SectionKind::Calendar) {
            calendar.entries.sort_by_key(|entry| entry.at);
        }
        let (counting, others): (Vec<_>, Vec<_>) = self
            .sections
            .iter_mut()
            .partition(|section| section.numbering == Numbering::Continuous);
        let mut last = 0;
        for section in counting.into_iter().chain(others) {
            section.above = if section.numbering == Numbering::Own {
                last
            } else {
                0
            };
            for entry in &mut section.entries {
                last += 1;
                entry.number = last;
            }
        }
    }

    /// Whether readers can tell an entry by its number: that is printed, and before no other entry. One that is gone had its
    /// number to itself where all sections count on.
    #[must_use]
    pub fn is_quotable(&self, number: usize) -> bool {
        let numbered = self.sections.iter().flat_map(Section::numbered);
        let with_it: Vec<usize> = numbered
            .filter(|(printed, _)| *printed == Some(number))
            .map(|(_, entry)| entry.number)
            .collect();
        let stands = self.entries().any(|entry| entry.number == number);
        let mut sections = self.sections.iter();
        match stands {
            true => with_it == [number],
            false => sections.all(|section| section.numbering == Numbering::Continuous),
        }
    }

    /// How a sentence for editors names the entry of this number: "entry 3", or "“Lake drained” under World" where readers have no
    /// number for it.
    #[must_use]
    pub fn name_of(&self, number: usize) -> String {
        let in_sections = self.sections.iter().find_map(|section| {
            let entry = section.entries.iter().find(|entry| entry.number == number)?;
            Some((section, entry))
        });
        match in_sections {
            Some((section, entry)) if !self.is_quotable(number) => {
                format!("“{}” under {}", entry.headline, section.name)
            }
            _ => format!("entry {number}"),
        }
    }

    /// The number that is printed before the entry which is known by this.
    #[must_use]
    pub fn printed_number(&self, key: EntryKey) -> Option<usize> {
        let mut numbered = self.sections.iter().flat_map(Section::numbered);
        numbered.find(|(_, entry)| entry.key() == key)?.0
    }
}
