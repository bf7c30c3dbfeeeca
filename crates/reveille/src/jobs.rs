//! The steps of a morning. Each is one function from a job row to the rows of the next table; it ends its own
//! job in the transaction that stores what it made, so that a crash repeats a step whole or not at all.
//!
//! Three kinds of work store something before that: what leaves the house cannot be rolled back (mail has its ledger, and a
//! link is good before its mail is out); much that comes at once is stored batch by batch (a folder's files, mail that came
//! back), each of which is passed over when it comes again; and what every later step may see as well, a folding, lasts by
//! itself.
//!
//! `correct_edition` and `update_edition` are no steps: they are what editors do to an edition, of which some steps do a part.

mod alert_editor;
mod amend_editions;
mod call_webhook;
mod compile_edition;
mod correct_edition;
mod deliver_correction;
mod deliver_edition;
mod fetch_source;
mod fold_stories;
mod mail_link;
mod owed;
mod plan_deliveries;
mod read_item;
mod recall_edition;
mod reread_article;
mod send_confirmation;
mod send_data_link;
mod send_move_notice;
mod subscribe_source;
mod take_returns;
mod update_edition;

use std::fmt::Display;

pub(crate) use reveille_desk::deliveries_in_words as in_words;
use reveille_model::UnixMillis;
use reveille_store::{
    ReaderMail,
    deliveries::Mailing,
    jobs::{Job, NewJob},
};

pub(crate) use amend_editions::{amend_later, request as request_amendment};
pub(crate) use call_webhook::{SECRET_PREFIX, tell as call_webhook};
pub(crate) use compile_edition::{HandEdits, approve, candidates, compile, rehearse};
pub(crate) use correct_edition::{Statement, correct, mail_correction};
pub(crate) use deliver_edition::NONE_TAKEN;
pub(crate) use fetch_source::{Visit, ask_mailbox, folder_of, look_into, mailbox_of, visit};
pub(crate) use fold_stories::{fold_now, folder, night, read as read_night};
pub(crate) use owed::tell_editors;
pub(crate) use read_item::read_page;
pub(crate) use recall_edition::recall;
pub(crate) use take_returns::{are_due as are_returns_due, try_place as try_returns};
pub(crate) use update_edition::{ensure_seen, looked_over, replace, update};

use crate::{app::App, cli::Role, print, worker};

/// The kinds of job, in the order in which a morning needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    FetchSource,
    SubscribeSource,
    ReadItem,
    RereadArticle,
    FoldStories,
    CompileEdition,
    AmendEditions,
    PlanDeliveries,
    DeliverEdition,
    SendConfirmation,
    SendDataLink,
    SendMoveNotice,
    DeliverCorrection,
    TakeReturns,
    CallWebhook,
    AlertEditor,
}

impl Kind {
    /// Every kind.
    pub(crate) const ALL: [Self; 16] = [
        Self::FetchSource,
        Self::SubscribeSource,
        Self::ReadItem,
        Self::RereadArticle,
        Self::FoldStories,
        Self::CompileEdition,
        Self::AmendEditions,
        Self::PlanDeliveries,
        Self::DeliverEdition,
        Self::SendConfirmation,
        Self::SendDataLink,
        Self::SendMoveNotice,
        Self::DeliverCorrection,
        Self::TakeReturns,
        Self::CallWebhook,
        Self::AlertEditor,
    ];
    /// From the sources to the stories, and to the editions that were made of earlier versions.
    pub(crate) const GATHERING: [Self; 5] = [
        Self::FetchSource,
        Self::ReadItem,
        Self::RereadArticle,
        Self::FoldStories,
        Self::AmendEditions,
    ];
    /// From the approved edition to the readers.
    pub(crate) const DELIVERING: [Self; 6] = [
        Self::PlanDeliveries,
        Self::DeliverEdition,
        Self::SendConfirmation,
        Self::SendDataLink,
        Self::SendMoveNotice,
        Self::DeliverCorrection,
    ];

    /// Whether readers or editors wait for it: it goes before all others, and has workers of its own.
    pub(crate) fn is_awaited(self) -> bool {
        let made = matches!(
            self,
            Self::CompileEdition | Self::AmendEditions | Self::AlertEditor
        );
        made || Self::DELIVERING.contains(&self)
    }

    /// That of a job; `None` where no step is called so.
    pub(crate) fn of(job: &Job) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == job.kind)
    }

    /// How often it is tried before it is given up. `None`: until it succeeds, since what an editor approved, or said of it, is owed to
    /// readers. Who asked for a mail on the pages was told that it comes: it is tried for two days.
    pub(crate) const fn tries(self) -> Option<u32> {
        match self {
            Self::PlanDeliveries | Self::DeliverEdition | Self::DeliverCorrection => None,
            _ if self.is_asked_for() => Some(worker::tries_within(2 * 86_400_000)),
            _ => Some(worker::TRIES),
        }
    }

    /// Whether it is a mail that somebody asked for on the pages.
    pub(crate) const fn is_asked_for(self) -> bool {
        matches!(
            self,
            Self::SendConfirmation | Self::SendDataLink | Self::SendMoveNotice
        )
    }

    /// Which nodes do it.
    pub(crate) const fn role(self) -> Role {
        match self {
            Self::FetchSource
            | Self::SubscribeSource
            | Self::ReadItem
            | Self::RereadArticle
            | Self::FoldStories => Role::Gather,
            Self::CompileEdition
            | Self::AmendEditions
            | Self::PlanDeliveries
            | Self::DeliverEdition
            | Self::SendConfirmation
            | Self::SendDataLink
            | Self::SendMoveNotice
            | Self::DeliverCorrection
            | Self::CallWebhook
            | Self::AlertEditor => Role::Deliver,
            Self::TakeReturns => Role::Bounce,
        }
    }

    /// The word in the table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::FetchSource => "fetch_source",
            Self::SubscribeSource => "subscribe_source",
            Self::ReadItem => "read_item",
            Self::RereadArticle => "reread_article",
            Self::FoldStories => "fold_stories",
            Self::CompileEdition => "compile_edition",
            Self::AmendEditions => "amend_editions",
            Self::PlanDeliveries => "plan_deliveries",
            Self::DeliverEdition => Mailing::DELIVER_EDITION,
            Self::SendConfirmation => ReaderMail::CONFIRMATION,
            Self::SendDataLink => ReaderMail::DATA_LINK,
            Self::SendMoveNotice => ReaderMail::MOVE_NOTICE,
            Self::DeliverCorrection => Mailing::DELIVER_CORRECTION,
            Self::TakeReturns => "take_returns",
            Self::CallWebhook => "call_webhook",
            Self::AlertEditor => "alert_editor",
        }
    }

    /// What a person calls the step.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::FetchSource => "Fetching sources",
            Self::SubscribeSource => "Asking hubs",
            Self::ReadItem => "Reading pages",
            Self::RereadArticle => "Reading pages again",
            Self::FoldStories => "Folding copies",
            Self::CompileEdition => "Compiling edition",
            Self::AmendEditions => "Amending editions",
            Self::PlanDeliveries => "Planning mornings",
            Self::DeliverEdition => "Delivering",
            Self::SendConfirmation => "Confirmation mails",
            Self::SendDataLink => "Links to readers' data",
            Self::SendMoveNotice => "Word of new addresses",
            Self::DeliverCorrection => "Corrections",
            Self::TakeReturns => "Reading returned mail",
            Self::CallWebhook => "Calling webhooks",
            Self::AlertEditor => "Mails to editors",
        }
    }

    /// So many of them in words; nothing where the number says nothing.
    pub(crate) fn count(self, number: u64) -> String {
        let noun = match self {
            Self::FetchSource => "source",
            Self::SubscribeSource => "hub",
            Self::ReadItem | Self::RereadArticle => "page",
            Self::SendConfirmation
            | Self::SendDataLink
            | Self::SendMoveNotice
            | Self::TakeReturns
            | Self::AlertEditor => "mail",
            Self::CallWebhook => "call",
            Self::FoldStories
            | Self::CompileEdition
            | Self::AmendEditions
            | Self::PlanDeliveries
            | Self::DeliverEdition
            | Self::DeliverCorrection => return "done".to_owned(),
        };
        print::count(number, noun)
    }

    /// A job of this kind that calls upon a host; of those only a few run at the same time.
    pub(crate) fn job_at(self, host: &str, key: impl Display, run_at: UnixMillis) -> NewJob<'static> {
        NewJob {
            lane: host.to_owned(),
            ..self.job(key, run_at)
        }
    }

    /// A job of this kind, due at `run_at`. While one with the same key waits or runs, a second is not made.
    pub(crate) fn job(self, key: impl Display, run_at: UnixMillis) -> NewJob<'static> {
        NewJob {
            kind: self.as_str(),
            key: key.to_string(),
            lane: String::new(),
            run_at,
        }
    }
}

/// How a job that ran without an error ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Its results and its end are stored.
    Done,
    /// Its lease had passed to another worker; what it made was rolled back.
    LeaseLost,
}

/// Runs one job.
///
/// # Errors
/// What went wrong; the job is then still claimed, and the worker decides about another try.
pub(crate) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    match Kind::of(job) {
        Some(Kind::FetchSource) => fetch_source::run(app, job).await,
        Some(Kind::SubscribeSource) => subscribe_source::run(app, job).await,
        Some(Kind::ReadItem) => read_item::run(app, job).await,
        Some(Kind::RereadArticle) => reread_article::run(app, job).await,
        Some(Kind::FoldStories) => fold_stories::run(app, job).await,
        Some(Kind::CompileEdition) => compile_edition::run(app, job).await,
        Some(Kind::AmendEditions) => amend_editions::run(app, job).await,
        Some(Kind::PlanDeliveries) => plan_deliveries::run(app, job).await,
        Some(Kind::DeliverEdition) => deliver_edition::run(app, job).await,
        Some(Kind::SendConfirmation) => send_confirmation::run(app, job).await,
        Some(Kind::DeliverCorrection) => deliver_correction::run(app, job).await,
        Some(Kind::TakeReturns) => take_returns::run(app, job).await,
        Some(Kind::CallWebhook) => call_webhook::run(app, job).await,
        Some(Kind::AlertEditor) => alert_editor::run(app, job).await,
        Some(Kind::SendDataLink) => send_data_link::run(app, job).await,
        Some(Kind::SendMoveNotice) => send_move_notice::run(app, job).await,
        None => anyhow::bail!("no step is called `{}`", job.kind),
    }
}

/// Ends the job and makes its transaction last, or rolls all back where the lease was lost.
pub(crate) async fn commit(app: &App, tx: reveille_store::Tx, job: &Job) -> anyhow::Result<Ended> {
    commit_with(app, tx, job, None).await
}

/// The same where it is followed by another, which may have its name: clocks are set back.
async fn commit_with(
    app: &App,
    mut tx: reveille_store::Tx,
    job: &Job,
    next: Option<NewJob<'_>>,
) -> anyhow::Result<Ended> {
    if reveille_store::jobs::finish(&mut tx, job, app.now()).await? {
        if let Some(next) = next {
            reveille_store::jobs::insert(&mut tx, &next, app.now()).await?;
        }
        tx.commit().await?;
        Ok(Ended::Done)
    } else {
        Ok(Ended::LeaseLost)
    }
}

/// The id that a job's key holds.
pub(crate) fn id_of(job: &Job) -> anyhow::Result<i64> {
    let number = job.key.split('@').next().unwrap_or_default();
    number
        .parse()
        .map_err(|_| anyhow::anyhow!("the job {} has no id in its key `{}`", job.id, job.key))
}
