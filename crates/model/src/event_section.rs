//! An event that goes on for days, with a section of its own in a brief.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Day, StoryId, state::words};

words! {
    /// How an event's section stands.
    EventState as "state of an event section" {
        /// It takes what follows.
        Open = "open",
        /// Nothing followed for a while. It opens again when its event makes news again.
        Ended = "ended",
        /// An editor closed it: only an editor opens it again.
        Closed = "closed",
    }
}

/// When a brief gives an event a section of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventRules {
    /// So many open by themselves at the same time; 0 for none.
    pub most: usize,
    /// A story that so many newsrooms reported on their own in one night opens one.
    pub newsrooms: usize,
    /// So does one that the brief tells of on so many mornings.
    pub mornings: usize,
    /// One ends when so many days pass without anything new.
    pub quiet_days: u16,
    /// At most so many entries.
    pub limit: usize,
}

impl Default for EventRules {
    fn default() -> Self {
        Self {
            most: 2,
            newsrooms: 10,
            mornings: 3,
            quiet_days: 2,
            limit: 8,
        }
    }
}

/// The section of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventSection {
    /// Its heading.
    pub name: String,
    /// Words and phrases by which a story belongs here, whatever it follows; as those of a [`SectionPlan`](crate::SectionPlan).
    pub keywords: Vec<String>,
    /// How it stands.
    pub state: EventState,
    /// The stories of the event so far.
    pub stories: BTreeSet<StoryId>,
    /// Those of them that are here for standing beside another one of the same night, each with that one. What stands beside
    /// these in turn is not of the event.
    #[serde(default)]
    pub beside: BTreeMap<StoryId, StoryId>,
    /// Stories that an editor removed: they, and what carries them on, belong elsewhere.
    #[serde(default)]
    pub removed: BTreeSet<StoryId>,
    /// The day of the edition with which it opened.
    pub opened: Day,
    /// The day of the last edition for which it had something new.
    pub last: Day,
    /// Why it opened and closed, in words, the earliest first.
    pub reasons: Vec<String>,
}
