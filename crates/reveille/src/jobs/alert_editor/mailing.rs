//! What editors are told of the mailing of an edition, or of what it had wrong.

use std::collections::BTreeMap;

use reveille_desk::outlook;
use reveille_model::{AlertKind, DeliveryState, NoticeId, UnixMillis};
use reveille_store::{
    StoreError,
    alerts::Alert,
    deliveries::{self, Mailing},
    editions::StoredEdition,
    notices,
};

use super::super::in_words;
use crate::{app::App, letters::addresses, print, worker::LONGEST_PAUSE_MILLIS};

const fn to_the_minute(at: UnixMillis) -> UnixMillis {
    UnixMillis(at.0 - at.0.rem_euclid(60_000))
}

/// Subject and text about a mailing that rests, or did.
pub(super) async fn resting(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
) -> anyhow::Result<(String, String)> {
    let (name, slug, day) = (&edition.edition.name, &edition.edition.slug, edition.edition.day);
    let tally = deliveries::tally(&app.store, edition.id).await?;
    let now = match edition.paused_until {
        Some(until) if until <= app.now() => "It is being tried again.".to_owned(),
        Some(until) => format!("It goes on by itself at {until}, and rests again where that fails."),
        None => "It has gone on since.".to_owned(),
    };
    let text = format!(
        "The mailing of {name} of {day} came to rest at {}, since its messages are not taken. The last failure:\n\n{}\n\n\
         {now} By now: {}.\n\n`reveille delivery show {slug} --day {day}` says who has it, and \
         `reveille edition send {slug} --day {day}` goes on at once.\n\n{}\n",
        to_the_minute(alert.at),
        alert.words.as_deref().unwrap_or_default(),
        in_words(&tally),
        addresses::desk(&app.config.web, edition.id),
    );
    Ok((format!("The mailing of {name} of {day} rests"), text))
}

/// Subject and text about messages of an edition, or of a correction of it, that the mail server can take from nobody; `None` where
/// none such waits any more, nor is being tried again.
pub(super) async fn unfit(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
) -> anyhow::Result<Option<(String, String)>> {
    let correction = corrected(app, edition, alert).await?;
    let Mailed {
        what,
        named,
        mailing,
        tally,
    } = Mailed::of(app, edition, correction).await?;
    let is_tried = [DeliveryState::Sending, DeliveryState::Wire]
        .iter()
        .any(|state| tally.get(state).is_some_and(|count| *count > 0));
    if !is_tried && deliveries::waiting(&app.store, mailing).await?.readers == 0 {
        return Ok(None);
    }
    let (are, way_out) = match alert.kind {
        AlertKind::TooLarge => (
            "larger than the mail server takes",
            "every ten minutes, until somebody lets it take larger ones, or names another one in `mail.relays`. Readers who choose \
             text mails get smaller ones",
        ),
        AlertKind::TurnedAway => (
            "refused again and again in words that may speak of you, your mail server or their reader",
            "every few minutes. Once others are sent that shows of whom those words speak",
        ),
        _ => (
            "in a form that the mail server does not take",
            "every ten minutes, until somebody lets it take those, or names another one in `mail.relays`. Readers who choose \
             text mails get smaller ones",
        ),
    };
    let text = format!(
        "Some messages of {what} are {are}. They wait, and all others go out. The first one:\n\n{}\n\n\
         They are tried again {way_out}. By now: {}.\n\n\
         `reveille delivery show {named} --state queued` says who waits for theirs.\n\n{}\n",
        alert.words.as_deref().unwrap_or_default(),
        in_words(&tally),
        addresses::desk(&app.config.web, edition.id),
    );
    Ok(Some((format!("Some messages of {what} wait"), text)))
}

/// What an alert is about, and in words how many of its mails are in this state; `None` where none is.
async fn mails_in(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
    state: DeliveryState,
) -> anyhow::Result<Option<(Mailed, String)>> {
    let correction = corrected(app, edition, alert).await?;
    let mailed = Mailed::of(app, edition, correction).await?;
    let many = mailed.tally.get(&state).copied().unwrap_or(0);
    Ok((many > 0).then(|| (mailed, print::count(many, "mail"))))
}

/// Subject and text about readers in a row whom the mail server does not know, behind whom it took nobody; `None` where none of their
/// messages counts as failed any more.
pub(super) async fn unknown(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
) -> anyhow::Result<Option<(String, String)>> {
    let Some((mailed, mails)) = mails_in(app, edition, alert, DeliveryState::Failed).await? else {
        return Ok(None);
    };
    let Mailed {
        what, named, tally, ..
    } = mailed;
    let text = format!(
        "Of the last readers of {what} the mail server says, one after the other, that nobody has their address:\n\n{}\n\n\
         Either they are gone, or it has lost its list of readers: it took no mail after theirs that would show which. So {mails} of it \
         failed, and they stay readers. By now: {}.\n\n\
         `reveille delivery show {named} --state failed` names them, and `reveille delivery resend {named} --failed` sends them \
         theirs once the mail server is in order.\n\n{}\n",
        alert.words.as_deref().unwrap_or_default(),
        in_words(&tally),
        addresses::desk(&app.config.web, edition.id),
    );
    Ok(Some((
        format!("The mail server does not know some readers of {what}"),
        text,
    )))
}

/// Subject and text about messages of an edition, or of a correction of it, of which nobody knows whether they arrived; `None` where
/// there is none any more.
pub(super) async fn doubtful(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
) -> anyhow::Result<Option<(String, String)>> {
    let Some((mailed, mails)) = mails_in(app, edition, alert, DeliveryState::Unknown).await? else {
        return Ok(None);
    };
    let Mailed {
        what, named, tally, ..
    } = mailed;
    let text = format!(
        "Of {mails} of {what} nobody knows whether the mail server has taken it: the conversation with it ended before its answer. \
         They stay as they are until you say what became of them.\n\n\
         `reveille delivery show {named} --state unknown` names the readers. \
         `reveille delivery settle {named} --log FILE` reads in the mail server's log what became of them, and \
         `--as sent` or `--as failed` says it. `reveille delivery resend {named}` sends them once more: who \
         has it already then gets it twice, under the same Message-ID. By now: {}.\n\n{}\n",
        in_words(&tally),
        addresses::desk(&app.config.web, edition.id),
    );
    Ok(Some((
        format!("Nobody knows whether {mails} of {what} arrived"),
        text,
    )))
}

/// Subject and text about a step that fails for a reason that nobody foresaw.
pub(super) async fn stuck(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
) -> anyhow::Result<(String, String)> {
    let (name, slug, day) = (&edition.edition.name, &edition.edition.slug, edition.edition.day);
    let tally = deliveries::tally(&app.store, edition.id).await?;
    let text = format!(
        "What brings {name} of {day} to its readers fails again and again. The last failure, at {}:\n\n{}\n\n\
         It is tried again every {} minutes until it succeeds; who administers Reveille finds more in its log. By now: {}.\n\n\
         `reveille delivery show {slug} --day {day}` says who has it, and `reveille edition send {slug} --day {day}` tries it \
         at once.\n\n{}\n",
        to_the_minute(alert.at),
        alert.words.as_deref().unwrap_or_default(),
        LONGEST_PAUSE_MILLIS / 60_000,
        in_words(&tally),
        addresses::desk(&app.config.web, edition.id),
    );
    Ok((format!("{name} of {day} does not reach its readers"), text))
}

/// A mailing as it stands, and how an editor reads and types of it.
struct Mailed {
    /// What its mails bring.
    what: String,
    /// What names it in a command.
    named: String,
    mailing: Mailing,
    tally: BTreeMap<DeliveryState, u64>,
}

impl Mailed {
    /// That of an edition, or of this correction of it.
    async fn of(
        app: &App,
        edition: &StoredEdition,
        correction: Option<(NoticeId, usize)>,
    ) -> Result<Self, StoreError> {
        let (name, slug, day) = (&edition.edition.name, &edition.edition.slug, edition.edition.day);
        let (what, named) = (format!("{name} of {day}"), outlook::exactly(slug, day));
        let (what, named, mailing) = match correction {
            Some((id, number)) => (
                format!("the correction of entry {number} of {what}"),
                format!("{named} --correction {number}"),
                id.into(),
            ),
            None => (what, named, edition.id.into()),
        };
        Ok(Self {
            what,
            named,
            mailing,
            tally: deliveries::tally(&app.store, mailing).await?,
        })
    }
}

/// Which correction of an edition an alert is about, and of which entry: one of when that was stated.
async fn corrected(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
) -> Result<Option<(NoticeId, usize)>, StoreError> {
    let stated = notices::corrections(&app.store, edition.id).await?;
    let corrected = stated.into_iter().find(|(_, notice)| notice.at == alert.at);
    Ok(corrected.map(|(id, notice)| (id, notice.before.number)))
}

/// Subject and text about the mailing of a correction that rests, or did; `None` where it is gone.
pub(super) async fn correction_resting(
    app: &App,
    edition: &StoredEdition,
    alert: &Alert,
) -> anyhow::Result<Option<(String, String)>> {
    let Some(correction) = corrected(app, edition, alert).await? else {
        return Ok(None);
    };
    let Mailed {
        what, named, tally, ..
    } = Mailed::of(app, edition, Some(correction)).await?;
    let (name, day) = (&edition.edition.name, edition.edition.day);
    let text = format!(
        "The mailing of {what} came to rest, since its messages are not taken. \
         The last failure:\n\n{}\n\nIt is tried again every ten minutes. By now: {}.\n\n\
         `reveille delivery show {named}` says who has it.\n\n{}\n",
        alert.words.as_deref().unwrap_or_default(),
        in_words(&tally),
        addresses::desk(&app.config.web, edition.id),
    );
    Ok(Some((
        format!("The mailing of a correction of {name} of {day} rests"),
        text,
    )))
}
