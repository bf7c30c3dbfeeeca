//! Whether there is a brief, and somebody who reads it.

use anyhow::{bail, ensure};
use reveille_model::{Approval, Brief, BriefId, IfUnknown, SubscriberState};
use reveille_store::{
    Store,
    audience::{self, Audience},
    briefs::{self, StoredBrief},
    reader_tally, segments,
};

use crate::{config::Mail, print};

pub(super) async fn check(store: &Store, mail: &Mail) -> anyhow::Result<String> {
    let briefs = briefs::list(store).await?;
    ensure!(
        !briefs.is_empty(),
        "there is none yet: `reveille brief add \"The Morning Brief\"`"
    );
    let mut told = Vec::new();
    for stored in &briefs {
        let (brief, slug) = (&stored.brief, &stored.brief.slug);
        ensure!(
            brief.if_unknown != IfUnknown::Reconcile || mail.relay_log.is_some(),
            "{slug} has the mail server's log asked about messages without an answer, and `mail.relay_log` names none"
        );
        told.push(match readers(store, stored.id, brief).await? {
            0 => format!(
                "{slug} has no reader yet, who signs up or is entered by `reveille subscribers import`"
            ),
            some => format!("{slug} has {}", print::count(some, "reader")),
        });
    }
    for StoredBrief { brief, .. } in &briefs {
        if brief.tips.as_ref().is_some_and(|tips| !tips.as_str().is_ascii()) {
            told.push(format!(
                "the address for tips of {} is not in ASCII: mail servers and mail hosts without SMTPUTF8 take no mail that names it",
                brief.slug
            ));
        }
        if brief.approval == Approval::Manual && brief.editors.is_empty() {
            told.push(format!(
                "nobody is mailed when an edition of {} waits to be approved: `editors` in its plan names who",
                brief.slug
            ));
        }
    }
    Ok(told.join("; "))
}

/// How many get a brief.
async fn readers(store: &Store, id: BriefId, brief: &Brief) -> anyhow::Result<u64> {
    Ok(match audience::find(store, brief).await? {
        Audience::Segment(segment) => segments::count(store, &segment).await?,
        Audience::List => {
            let counted = reader_tally::count_states(store, id).await?;
            counted.get(&SubscriberState::Active).copied().unwrap_or(0)
        }
        Audience::Gone => bail!(
            "the segment that {} goes to cannot be found: `reveille brief audience` names another",
            brief.slug
        ),
    })
}
