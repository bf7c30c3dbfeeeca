//! Readers of a brief.

mod asking;
mod batch;
mod dossier;
mod erase;
mod moves;

use reveille_model::{
    BriefId, Consent, Day, EmailAddress, Event, Home, LinkPurpose, MailFormat, Segment, SubscriberId,
    SubscriberState, UnixMillis, Zone,
};

use crate::{
    Store, StoreError, Tx, View, confirmations, consents, deliveries, figures,
    reader_filter::Filter,
    reader_tally,
    sql::{Arg, Row, args, built, sql},
    webhooks::{self, About},
};

pub use asking::{AskLimit, ask_again, may_ask};
pub use batch::{Listed, hold_batch, insert_batch, set_formats, set_home, set_homes};
pub use dossier::{Dossier, MailedLink, Part, Sent, dossier};
pub use erase::{Erasure, erase, forget_unconfirmed};
pub use moves::successor;

/// A reader who signed up, or whom an editor entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSubscriber {
    /// Of which brief.
    pub brief: BriefId,
    /// Their address.
    pub email: EmailAddress,
    /// Where they live.
    pub home: Home,
    /// Pending, or active where an editor vouches for them.
    pub state: SubscriberState,
    /// 32 hex digits of randomness: what their links carry.
    pub token: String,
    /// The first line of their consent record.
    pub consent: Consent,
}

/// What became of a sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUp {
    /// The reader is new.
    New(SubscriberId),
    /// The reader was there, in this state; nothing was changed.
    Known(SubscriberId, SubscriberState),
}

/// A row of `subscribers`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// Their row.
    pub id: SubscriberId,
    /// Of which brief.
    pub brief: BriefId,
    /// Their address.
    pub email: EmailAddress,
    /// Where they live.
    pub home: Home,
    /// In which form they get it.
    pub format: MailFormat,
    /// Whether they get the brief.
    pub state: SubscriberState,
    /// Where they paused: the day of the first edition that they want again. It stays when they go on by that, since an earlier
    /// edition may still be on its way.
    pub paused_until: Option<Day>,
    /// What the links of their mails carry.
    pub token: String,
    /// Who took their place, at another address.
    pub moved_to: Option<SubscriberId>,
    /// When they first signed up.
    pub created_at: UnixMillis,
}

impl Subscriber {
    /// Whether they get the edition of that day: they are on the list, and pause no longer than until then.
    #[must_use]
    pub fn wants(&self, day: Day) -> bool {
        self.state.is_listed() && self.paused_until.is_none_or(|until| until <= day)
    }

    /// The day of the first edition that they want again, where they pause now.
    #[must_use]
    pub fn pauses_until(&self) -> Option<Day> {
        self.paused_until
            .filter(|_| self.state == SubscriberState::Paused)
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, brief_id, email, country, country_given, zone, zone_origin, format, state, paused_until, token,
               moved_to, created_at
             from subscribers ",
            $rest
        )
    };
}
use select as select_subscribers;

/// Adds a reader with the first line of their consent record. Addresses that differ in case only are one reader.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(tx: &mut Tx, new: &NewSubscriber) -> Result<SignUp, StoreError> {
    let doing = "add a subscriber";
    let text = "insert into subscribers
                  (brief_id, email, email_key, country, country_given, zone, zone_origin, state, token, created_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                on conflict (brief_id, email_key) do nothing returning id";
    let is_active = new.state == SubscriberState::Active;
    if is_active {
        deliveries::hold_editions(tx, new.brief, new.consent.at).await?;
    }
    let key = new.email.key();
    let home = &new.home;
    let args = args![
        new.brief,
        &new.email,
        &key,
        home.country,
        home.country_given.as_deref(),
        &home.zone,
        home.zone_origin,
        new.state,
        &new.token,
        new.consent.at
    ];
    if let Some(row) = tx.row(sql(doing, text), args).await? {
        let id = row.get("id")?;
        let country = home.country.map_or("", |country| country.code());
        let place = (country.to_owned(), home.zone.name().to_owned());
        reader_tally::came(tx, new.brief, new.state, [place], new.consent.at).await?;
        consents::insert(tx, id, &new.consent).await?;
        webhooks::tell(tx, Event::Subscribed, About::Reader(id), new.consent.at).await?;
        if is_active {
            deliveries::welcome(tx, new.brief, &[(id, home)], new.consent.at).await?;
        }
        return Ok(SignUp::New(id));
    }
    let text = "select id, state from subscribers where brief_id = $1 and email_key = $2";
    let known = tx.row(sql(doing, text), args![new.brief, key]).await?;
    let known = known.ok_or(StoreError::Vanished { doing })?;
    Ok(SignUp::Known(known.get("id")?, known.get("state")?))
}

/// Takes back a reader who left or bounced and now signs up anew, under the token that their old links carry.
/// `false`: the reader neither left nor bounced.
pub async fn sign_up_again(tx: &mut Tx, id: SubscriberId, new: &NewSubscriber) -> Result<bool, StoreError> {
    let doing = "take a subscriber back";
    deliveries::hold_for(tx, id, new.consent.at).await?;
    let text = "update subscribers set email = $2, state = $3, paused_until = null,
                  moved_to = case $3 when 'active' then null else moved_to end
                where id = $1 and state in ('left', 'bounced')";
    let back = tx.run(sql(doing, text), args![id, &new.email, new.state]).await? == 1;
    if back {
        set_home(tx, id, &new.home, new.consent.at).await?;
        consents::insert(tx, id, &new.consent).await?;
        webhooks::tell(tx, Event::Subscribed, About::Reader(id), new.consent.at).await?;
    }
    Ok(back)
}

/// The reader followed the mailed link, which is thereby used up, and takes the place of whom the link names. Gives back the
/// reader as they now are: on the list, or still away where they left or bounced since. `None`: the link is not good, and
/// nothing was changed.
pub async fn confirm(tx: &mut Tx, token: &str, consent: &Consent) -> Result<Option<Subscriber>, StoreError> {
    let Some(link) = confirmations::take(tx, token, LinkPurpose::Confirm, consent.at).await? else {
        return Ok(None);
    };
    let id = link.subscriber;
    deliveries::hold_for(tx, id, consent.at).await?;
    let is_new = activate(tx, id, consent).await?;
    if let Some(old) = link.in_place_of {
        if is_new {
            moves::live_with(tx, id, old).await?;
        }
        if moves::take_place(tx, id, old, consent).await? && is_new {
            figures::moved(tx, id, consent.at).await?;
        }
    }
    // What was planned for whose place they took is theirs by now.
    if is_new {
        deliveries::follow(tx, id, consent.at).await?;
    }
    let doing = "find who confirmed";
    let row = tx.row(sql(doing, select!("where id = $1")), args![id]).await?;
    row.as_ref().map(read).transpose()
}

/// The reader confirmed, by a link that was mailed to their address. `false`: they had not asked, or confirmed before.
pub async fn confirm_asked(tx: &mut Tx, id: SubscriberId, consent: &Consent) -> Result<bool, StoreError> {
    deliveries::hold_for(tx, id, consent.at).await?;
    let confirmed = activate(tx, id, consent).await?;
    if confirmed {
        deliveries::follow(tx, id, consent.at).await?;
    }
    Ok(confirmed)
}

async fn activate(tx: &mut Tx, id: SubscriberId, consent: &Consent) -> Result<bool, StoreError> {
    let text = "update subscribers set state = 'active', paused_until = null, moved_to = null
                where id = $1 and state = 'pending'";
    let confirmed = tx.run(sql("confirm a subscriber", text), args![id]).await? == 1;
    if confirmed {
        consents::insert(tx, id, consent).await?;
        webhooks::tell(tx, Event::Confirmed, About::Reader(id), consent.at).await?;
    }
    Ok(confirmed)
}

/// The reader leaves, with whoever took their place at another address, and links that would confirm, or move them, are good no
/// more. Gives back the reader as they now are; a second time changes nothing. `None`: no reader has this token.
pub async fn leave(tx: &mut Tx, token: &str, consent: &Consent) -> Result<Option<Subscriber>, StoreError> {
    let doing = "let a subscriber leave";
    // Whoever is just taking their place has done so by the next statement, or finds them gone.
    let held = format!(
        "select s.id from subscribers s where s.token = $1{}",
        tx.dialect().held("s")
    );
    tx.rows(built(doing, held), args![token]).await?;
    let text = "with recursive places (id) as (
                  select id from subscribers where token = $1
                  union
                  select s.moved_to from places p join subscribers s on s.id = p.id where s.moved_to is not null)
                update subscribers set state = 'left' where id in (select id from places) and state <> 'left'
                returning id";
    for row in tx.rows(sql(doing, text), args![token]).await? {
        let id = row.get("id")?;
        consents::insert(tx, id, consent).await?;
        confirmations::revoke(tx, id).await?;
        webhooks::tell(tx, Event::Unsubscribed, About::Reader(id), consent.at).await?;
    }
    let row = tx
        .row(sql(doing, select!("where token = $1")), args![token])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The reader wants no edition before that of `until`. `false`: the reader gets none anyway.
pub async fn pause(tx: &mut Tx, id: SubscriberId, until: Day, consent: &Consent) -> Result<bool, StoreError> {
    deliveries::hold_for(tx, id, consent.at).await?;
    let text = "update subscribers set state = 'paused', paused_until = $2
                where id = $1 and state in ('active', 'paused')";
    let paused = tx.run(sql("pause a subscriber", text), args![id, until]).await? == 1;
    if paused {
        consents::insert(tx, id, consent).await?;
        // It may be shorter than the one before.
        deliveries::follow(tx, id, consent.at).await?;
    }
    Ok(paused)
}

/// The reader wants editions in another form. `false`: they get them in that form already.
pub async fn set_format(
    tx: &mut Tx,
    id: SubscriberId,
    format: MailFormat,
    consent: &Consent,
) -> Result<bool, StoreError> {
    let text = "update subscribers set format = $2 where id = $1 and format <> $2";
    let changed = tx
        .run(sql("change a subscriber's format", text), args![id, format])
        .await?
        == 1;
    if changed {
        consents::insert(tx, id, consent).await?;
    }
    Ok(changed)
}

/// The reader wants every edition again. `false`: the reader had not paused.
pub async fn resume(tx: &mut Tx, id: SubscriberId, consent: &Consent) -> Result<bool, StoreError> {
    deliveries::hold_for(tx, id, consent.at).await?;
    let text =
        "update subscribers set state = 'active', paused_until = null where id = $1 and state = 'paused'";
    let resumed = tx.run(sql("end a subscriber's pause", text), args![id]).await? == 1;
    if resumed {
        consents::insert(tx, id, consent).await?;
        deliveries::follow(tx, id, consent.at).await?;
    }
    Ok(resumed)
}

/// A reader who bounced gets every edition again, since somebody knows that their mail host takes mail for them; so does one whose
/// address was signed up since, by whomever, and who had never left. `false`: they had not bounced, or left.
pub async fn recover(tx: &mut Tx, id: SubscriberId, consent: &Consent) -> Result<bool, StoreError> {
    deliveries::hold_for(tx, id, consent.at).await?;
    let text = format!(
        "update subscribers set state = 'active', paused_until = null
         where id = $1 and (state = 'bounced' or state = 'pending' and {})",
        stayed("subscribers")
    );
    let recovered = tx.run(built("take back who bounced", text), args![id]).await? == 1;
    if recovered {
        consents::insert(tx, id, consent).await?;
        deliveries::follow(tx, id, consent.at).await?;
        webhooks::tell(tx, Event::Subscribed, About::Reader(id), consent.at).await?;
    }
    Ok(recovered)
}

/// Whether readers of that alias were on the list, by their own word or another's, and did not leave it since.
fn stayed(alias: &str) -> String {
    format!(
        "exists (select 1 from consents c where c.subscriber_id = {alias}.id and c.kind in ('confirmed', 'entered')
           and not exists (select 1 from consents l where l.subscriber_id = c.subscriber_id and l.kind = 'left' and l.id > c.id))"
    )
}

/// Ends the pauses of a brief's readers who want its edition of `day`, but for those before it. Their records have the line that
/// began them.
pub async fn wake(tx: &mut Tx, brief: BriefId, day: Day) -> Result<u64, StoreError> {
    let text = "update subscribers set state = 'active'
                where brief_id = $1 and state = 'paused' and paused_until <= $2";
    tx.run(sql("end pauses", text), args![brief, day]).await
}

/// The reader's mail host refuses them for good. `false`: the reader was not active.
pub async fn bounced(tx: &mut Tx, id: SubscriberId, at: UnixMillis) -> Result<bool, StoreError> {
    let text = "update subscribers set state = 'bounced' where id = $1 and state = 'active'";
    let bounced = tx.run(sql("record a bounce", text), args![id]).await? == 1;
    if bounced {
        webhooks::tell(tx, Event::Bounced, About::Reader(id), at).await?;
    }
    Ok(bounced)
}

/// The reader with this id.
pub async fn find(view: impl Into<View<'_>>, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
    let row = view
        .into()
        .row(sql("find a subscriber", select!("where id = $1")), args![id])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The reader whose links carry this token.
pub async fn find_by_token(store: &Store, token: &str) -> Result<Option<Subscriber>, StoreError> {
    let row = store
        .row(
            sql("find a subscriber", select!("where token = $1")),
            args![token],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// A brief's reader at this address, whatever its case.
pub async fn find_by_email(
    store: &Store,
    brief: BriefId,
    email: &EmailAddress,
) -> Result<Option<Subscriber>, StoreError> {
    let text = select!("where brief_id = $1 and email_key = $2");
    let row = store
        .row(sql("find a subscriber", text), args![brief, email.key()])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The rows of an address, whatever its case, in the order of their briefs.
pub async fn list_by_email(
    view: impl Into<View<'_>>,
    email: &EmailAddress,
) -> Result<Vec<Subscriber>, StoreError> {
    // The index begins with the brief.
    let text = select!("where brief_id in (select id from briefs) and email_key = $1 order by brief_id");
    let rows = view
        .into()
        .rows(sql("find a reader's briefs", text), args![email.key()])
        .await?;
    rows.iter().map(read).collect()
}

/// A page of a brief's readers in the order in which they signed up: those after `after`, `limit` at most.
pub async fn list(
    store: &Store,
    brief: BriefId,
    state: Option<SubscriberState>,
    after: Option<SubscriberId>,
    limit: u32,
) -> Result<Vec<Subscriber>, StoreError> {
    let text = select!("where brief_id = $1 and (state = $2 or $2 is null) and id > $3 order by id limit $4");
    let args = args![brief, state, after.unwrap_or(SubscriberId(0)), limit];
    let rows = store.rows(sql("list subscribers", text), args).await?;
    rows.iter().map(read).collect()
}

/// The readers of whom this is true, in the order in which they signed up, `limit` at most.
pub(crate) async fn list_where(
    store: &Store,
    condition: &str,
    mut args: Vec<Arg<'_>>,
    limit: u32,
) -> Result<Vec<Subscriber>, StoreError> {
    args.extend(args![limit]);
    let text = format!(
        "{} {condition} order by id limit ${}",
        select!("where"),
        args.len()
    );
    let rows = store.rows(built("list subscribers", text), args).await?;
    rows.iter().map(read).collect()
}

/// How many readers of a brief are in this state.
pub async fn count(store: &Store, brief: BriefId, state: SubscriberState) -> Result<u64, StoreError> {
    let text = "select count(*) as readers from subscribers where brief_id = $1 and state = $2";
    let row = store
        .row(sql("count subscribers", text), args![brief, state])
        .await?;
    row.map_or(Ok(0), |row| row.get("readers"))
}

/// The zones in which a brief has active readers of its audience, by name, with how many; those whose pause ends with the
/// edition of a day included, where one is named.
pub async fn count_by_zone(
    view: impl Into<View<'_>>,
    brief: BriefId,
    audience: Option<&Segment>,
    day: Option<Day>,
) -> Result<Vec<(Zone, u64)>, StoreError> {
    let mut filter = Filter {
        text: "brief_id = $1".to_owned(),
        args: args![brief, day],
    };
    filter.audience(audience);
    // Two counts, since "or" would keep the first from being read from its index.
    let text = format!(
        "select zone, cast(sum(readers) as bigint) as readers from (
           select zone, count(*) as readers from subscribers where {among} and state = 'active' group by zone
           union all
           select zone, count(*) as readers from subscribers
           where {among} and state = 'paused' and paused_until <= $2 group by zone) as counts
         group by zone order by zone",
        among = filter.text
    );
    let rows = view
        .into()
        .rows(built("count readers by zone", text), filter.args)
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("zone")?, row.get("readers")?)))
        .collect()
}

fn read(row: &Row) -> Result<Subscriber, StoreError> {
    Ok(Subscriber {
        id: row.get("id")?,
        brief: row.get("brief_id")?,
        email: row.get("email")?,
        home: Home {
            country: row.maybe("country")?,
            country_given: row.maybe("country_given")?,
            zone: row.get("zone")?,
            zone_origin: row.get("zone_origin")?,
        },
        format: row.get("format")?,
        state: row.get("state")?,
        paused_until: row.maybe("paused_until")?,
        token: row.get("token")?,
        moved_to: row.maybe("moved_to")?,
        created_at: row.get("created_at")?,
    })
}
