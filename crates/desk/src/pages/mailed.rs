//! Whether a brief's editions reach a reader, and what the reader is told where they do not.

use reveille_model::{Brief, Home, InTime};
use reveille_store::{StoreError, audience, subscribers::Subscriber};

use crate::{Desk, words::Say};

/// Whether a brief is mailed to a reader, as both are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mailed {
    /// Those editions are that are ready in time where the reader lives.
    InTime(InTime),
    /// None is: the brief's audience is a part of its list, which does not hold the reader.
    Apart,
}

/// Which page tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// One that asks whether the reader means it.
    Question,
    /// The one after the answer.
    Answer,
    /// The reader's settings.
    Settings,
}

impl Mailed {
    pub(super) async fn of(desk: &Desk, brief: &Brief, reader: &Subscriber) -> Result<Self, StoreError> {
        let audience = audience::find(&desk.store, brief).await?;
        Ok(match audience.holds(&reader.home, reader.created_at) {
            true => Self::to(desk, brief, &reader.home),
            false => Self::Apart,
        })
    }

    /// The same for whoever lives there, of the brief's audience.
    pub(super) fn to(desk: &Desk, brief: &Brief, home: &Home) -> Self {
        let today = desk.clock.now().day(&brief.zone);
        Self::InTime(InTime::of(brief, &home.zone, today))
    }

    /// Whether each edition comes in the reader's morning.
    pub(super) const fn comes(self) -> bool {
        matches!(self, Self::InTime(InTime::Always))
    }

    /// Which editions do not, why, and who can change it, as plain text; nothing where all do.
    pub(super) fn late(self, say: &Say) -> Option<String> {
        match self {
            Self::InTime(in_time) => say.late(in_time).map(|late| say.plain(&late)),
            Self::Apart => None,
        }
    }

    /// Which editions do not, why, and what the reader can do, as HTML; nothing where all do.
    pub(super) fn but(self, say: &Say, at: At) -> Option<String> {
        let Self::InTime(in_time) = self else {
            return Some(say.html(&say.w.confirm.apart));
        };
        let (late, words) = (say.late(in_time)?, &say.w.late);
        // A brief for named readers has no pages for them.
        let read = say.has("latest").then_some(&words.read);
        let more = match at {
            At::Question => [read, read.map(|_| &words.elsewhere)],
            At::Settings => [read, Some(&words.choose)],
            At::Answer => [None, None],
        };
        let more = more.into_iter().flatten().map(|text| format!(" {text}"));
        Some(say.html(&more.fold(late, |all, text| all + &text)))
    }
}
