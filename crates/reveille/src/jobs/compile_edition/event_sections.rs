//! stories → event sections: which events a brief has sections for, as of one edition.

use anyhow::ensure;
use reveille_brief::Candidate;
use reveille_model::{Day, EventRules, EventSection};
use reveille_store::{
    Tx,
    briefs::StoredBrief,
    event_sections::{self, StoredSection},
};

use super::candidates::EDITIONS_REMEMBERED;
use crate::app::App;

/// A brief's event sections with a night's candidates.
pub(super) struct Developed {
    known: Vec<StoredSection>,
    /// What becomes of those that are known, in their order, and then the new ones.
    pub(super) sections: Vec<EventSection>,
}

/// What a night makes of the brief's event sections. Nothing is stored yet.
pub(super) async fn develop(
    app: &App,
    brief: &StoredBrief,
    day: Day,
    candidates: &[Candidate],
) -> anyhow::Result<Developed> {
    // An edition a day: what is older, no story carries on.
    let since = day.minus(EDITIONS_REMEMBERED);
    let known = event_sections::list(&app.store, brief.id, since).await?;
    let before: Vec<EventSection> = known.iter().map(|stored| stored.section.clone()).collect();
    // Days without an edition are not quiet ones.
    let rules = &brief.brief.events;
    let rest = u16::try_from(brief.brief.rest_before(day)).unwrap_or_default();
    let rules = EventRules {
        quiet_days: rules.quiet_days.saturating_add(rest),
        ..rules.clone()
    };
    Ok(Developed {
        known,
        sections: reveille_brief::develop(&rules, day, &before, candidates),
    })
}

impl Developed {
    /// Keeps what changed.
    ///
    /// # Errors
    /// Where the store fails, or an editor changed one of them meanwhile.
    pub(super) async fn keep(self, tx: &mut Tx, brief: &StoredBrief) -> anyhow::Result<()> {
        let mut sections = self.sections.into_iter();
        for (known, section) in self.known.into_iter().zip(&mut sections) {
            if known.section != section {
                let changed = StoredSection { section, ..known };
                ensure!(
                    event_sections::update(tx, &changed).await?,
                    "an editor changed the section “{}” just now; compile the edition again",
                    changed.section.name
                );
            }
        }
        for section in sections {
            event_sections::insert(tx, brief.id, &section).await?;
        }
        Ok(())
    }
}
