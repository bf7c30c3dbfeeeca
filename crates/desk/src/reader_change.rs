//! What a reader changes, on their own page or through a program, and how it stands in their record.

use reveille_model::{Consent, ConsentKind, Day, Home, MailFormat, Means};
use reveille_store::{
    StoreError, Tx, consents,
    subscribers::{self, Subscriber},
};

use crate::Desk;

/// A change that can be made.
pub(crate) enum ReaderChange {
    Home(Home),
    Format(MailFormat),
    /// No edition before that day.
    Pause(Day),
    Resume,
}

impl ReaderChange {
    /// A pause until a day, which is tomorrow at the earliest.
    pub(crate) fn pause(desk: &Desk, reader: &Subscriber, until: &str) -> Option<Self> {
        let today = desk.clock.now().day(&reader.home.zone);
        let day: Day = until.parse().ok()?;
        (day > today).then_some(Self::Pause(day))
    }

    /// Makes the change and records by what means it came. `false`: it is so already, or the reader is not on the list.
    pub(crate) async fn make(
        &self,
        tx: &mut Tx,
        desk: &Desk,
        reader: &Subscriber,
        means: Means,
    ) -> Result<bool, StoreError> {
        let line = Consent {
            kind: ConsentKind::Changed,
            at: desk.clock.now(),
            sentence: match self {
                Self::Home(home) => format!("{} became {home}", reader.home),
                Self::Format(format) => format!("mails as {format}"),
                Self::Pause(day) => format!("no edition before {day}"),
                Self::Resume => "every edition again".to_owned(),
            },
            means,
        };
        match self {
            Self::Home(home) if *home == reader.home => Ok(false),
            Self::Home(home) => {
                subscribers::set_home(tx, reader.id, home, line.at).await?;
                consents::insert(tx, reader.id, &line).await?;
                Ok(true)
            }
            Self::Format(format) => subscribers::set_format(tx, reader.id, *format, &line).await,
            Self::Pause(day) => subscribers::pause(tx, reader.id, *day, &line).await,
            Self::Resume => subscribers::resume(tx, reader.id, &line).await,
        }
    }
}
