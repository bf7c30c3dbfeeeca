//! `reveille subscribers`: readers, and the proof that they asked for it.

mod data;
mod figures;
mod import;
mod proof;
mod wishes;

use anyhow::bail;
use reveille_desk::outlook;
use reveille_model::{
    BriefId, Consent, ConsentKind, Country, DeliveryState, EmailAddress, Home, InTime, Means, Segment, Slug,
    SubscriberId, SubscriberState, Zone, ZoneOrigin,
};
use reveille_store::{
    Tx,
    briefs::StoredBrief,
    consents, deliveries, editions,
    subscribers::{self as rows, NewSubscriber, SignUp, Subscriber},
    suppressions,
};
use serde_json::json;

use super::{find_brief, segments};
use crate::{
    app::App,
    cli::{Entered, SubscribersCommand},
    entropy, print,
};

/// Readers fetched at a time.
const PAGE: u32 = 1000;

pub(super) async fn run(app: &App, command: SubscribersCommand) -> anyhow::Result<()> {
    match command {
        SubscribersCommand::Add {
            email,
            entered,
            country,
            zone,
        } => add(app, email, &entered, country, zone).await,
        SubscribersCommand::List { brief, segment, json } => {
            let of = Of::named(app, brief.as_ref(), segment.as_deref()).await?;
            match json {
                true => list_json(app, &of).await,
                false => list_table(app, &of).await,
            }
        }
        SubscribersCommand::Leave { wish } => wishes::leave(app, &wish).await,
        SubscribersCommand::Pause { wish, until } => wishes::pause(app, &wish, until).await,
        SubscribersCommand::Resume { wish } => wishes::resume(app, &wish).await,
        SubscribersCommand::Answers { brief } => wishes::answers(app, brief.as_ref()).await,
        SubscribersCommand::Figures { brief } => figures::run(app, brief.as_ref()).await,
        SubscribersCommand::Data { email } => data::show(app, &email).await,
        SubscribersCommand::Erase { email } => data::erase(app, &email).await,
        SubscribersCommand::Export { file, brief, segment } => {
            let of = Of::named(app, brief.as_ref(), segment.as_deref()).await?;
            data::export(app, &file, &of).await
        }
        SubscribersCommand::Import(options) => import::run(app, &options).await,
        SubscribersCommand::Proof { email, brief, json } => {
            proof::run(app, &email, brief.as_ref(), json).await
        }
        SubscribersCommand::Verify => proof::verify(app).await,
    }
}

async fn add(
    app: &App,
    email: EmailAddress,
    entered: &Entered,
    country: Option<Country>,
    zone: Option<Zone>,
) -> anyhow::Result<()> {
    let brief = find_brief(app, entered.brief.as_ref()).await?;
    let consent = vouched(app, entered, Means::Editor);
    let zone = zone.map(|zone| (zone, ZoneOrigin::Import));
    let is_placed = country.is_some() || zone.is_some();
    let new = NewSubscriber {
        brief: brief.id,
        email,
        home: Home::of(country.map_or("", Country::code), zone, &brief.brief.zone),
        state: SubscriberState::Active,
        token: entropy::token()?,
        consent,
    };
    let mut tx = app.store.begin().await?;
    if suppressions::find(&mut tx, &new.email).await?.is_some() {
        bail!(
            "{} had everything about them erased; only they can come back, by signing up on the brief's page",
            new.email
        )
    }
    let outcome = match rows::insert(&mut tx, &new).await? {
        SignUp::Known(id, SubscriberState::Pending) => enter_asked(&mut tx, id, &new, is_placed).await?,
        outcome => outcome,
    };
    tx.commit().await?;
    match outcome {
        SignUp::New(id) => {
            let (email, name) = (&new.email, &brief.brief.name);
            let (plan, joined) = (&brief.brief, new.consent.at);
            let home = rows::find(&app.store, id)
                .await?
                .map_or(new.home, |reader| reader.home);
            let is_mailed = reveille_store::audience::find(&app.store, plan)
                .await?
                .holds(&home, joined);
            match is_mailed {
                true => say_what_comes(app, &brief, (id, email, &home.zone)).await,
                false => print::line(format!(
                    "{email} is on the list of {name}, which goes to a part of it now that they are not in."
                )),
            }
        }
        SignUp::Known(_, SubscriberState::Left) => {
            bail!(
                "{} left; only they can come back, by signing up on the brief's page",
                new.email
            )
        }
        SignUp::Known(_, SubscriberState::Bounced) => {
            bail!(
                "{email} bounced: their mail host refused them for good. Once it takes their mail, `reveille subscribers resume {email} \
                 --brief {} --reason \"…\"` sends them every edition again, as does signing up on the brief's page",
                brief.brief.slug,
                email = new.email
            )
        }
        SignUp::Known(_, state) => print::line(format!("{} is a reader already ({state}).", new.email)),
    }
}

/// Has a reader who asked to be on the list, and did not confirm, be on it by another's word, as if they were new. Who was on it before
/// is not put there again.
async fn enter_asked(
    tx: &mut Tx,
    id: SubscriberId,
    new: &NewSubscriber,
    is_placed: bool,
) -> anyhow::Result<SignUp> {
    let state = match consents::last_stays(tx, &[id]).await?.get(&id) {
        Some(ConsentKind::Left) => SubscriberState::Left,
        Some(_) => SubscriberState::Bounced,
        None => {
            if is_placed {
                rows::set_home(tx, id, &new.home, new.consent.at).await?;
            }
            rows::confirm_asked(tx, id, &new.consent).await?;
            return Ok(SignUp::New(id));
        }
    };
    Ok(SignUp::Known(id, state))
}

/// Says what a reader in this zone gets from now on, and what they do not.
async fn say_what_comes(
    app: &App,
    brief: &StoredBrief,
    (reader, email, zone): (SubscriberId, &EmailAddress, &Zone),
) -> anyhow::Result<()> {
    let plan = &brief.brief;
    let (name, today) = (&plan.name, app.now().day(&plan.zone));
    let before = before_next(app, brief, reader).await?;
    print::line(match InTime::of(plan, zone, today) {
        InTime::Never => format!("{email} is on the list of {name}."),
        _ => format!("{email} gets {name} from the next edition on{before}."),
    })?;
    let late = outlook::of_brief(plan, vec![(zone.clone(), 1)], today);
    late.into_iter().try_for_each(print::line)
}

/// What a reader gets before the next edition: one that is going out, where it waits for their hour.
async fn before_next(app: &App, brief: &StoredBrief, reader: SubscriberId) -> anyhow::Result<String> {
    let Some(edition) = editions::latest_released(&app.store, brief.id).await? else {
        return Ok(String::new());
    };
    let which = deliveries::Which::To(reader);
    let theirs = deliveries::list(&app.store, edition.id, which, None, 1).await?;
    let is_coming = |state| {
        matches!(
            state,
            DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Wire
        )
    };
    let day = edition.edition.day;
    Ok(match theirs.first() {
        Some(delivery) if !is_coming(delivery.state) => String::new(),
        None => String::new(),
        Some(_) if day == app.now().day(&brief.brief.zone) => ", and today's edition too".to_owned(),
        Some(_) => format!(", and the edition of {day} too"),
    })
}

/// The line by which somebody vouches for a reader.
fn vouched(app: &App, entered: &Entered, means: Means) -> Consent {
    Consent {
        kind: ConsentKind::Entered,
        at: app.now(),
        sentence: entered.consent.clone(),
        means,
    }
}

/// Whose readers.
enum Of {
    Brief(BriefId),
    Segment(Segment),
}

impl Of {
    /// Those of a segment, where one is named, or else of a brief.
    async fn named(app: &App, slug: Option<&Slug>, segment: Option<&str>) -> anyhow::Result<Self> {
        Ok(match segment {
            Some(name) => Self::Segment(segments::find(app, name).await?),
            None => Self::Brief(find_brief(app, slug).await?.id),
        })
    }

    /// The readers after this one, [`PAGE`] at most.
    async fn page(&self, app: &App, after: Option<SubscriberId>) -> anyhow::Result<Vec<Subscriber>> {
        Ok(match self {
            Self::Brief(brief) => rows::list(&app.store, *brief, None, after, PAGE).await?,
            Self::Segment(segment) => {
                reveille_store::segments::readers(&app.store, segment, after, PAGE).await?
            }
        })
    }
}

/// A page of readers, each with their record.
async fn page_with_records(
    app: &App,
    of: &Of,
    after: Option<SubscriberId>,
) -> anyhow::Result<Vec<(Subscriber, Vec<Consent>)>> {
    let page = of.page(app, after).await?;
    let ids: Vec<_> = page.iter().map(|reader| reader.id).collect();
    let mut records = consents::of_each(&app.store, &ids).await?;
    let with_record = page.into_iter().map(|reader| {
        let record = records.remove(&reader.id).unwrap_or_default();
        (reader, record)
    });
    Ok(with_record.collect())
}

/// Prints one JSON array, page by page.
async fn list_json(app: &App, of: &Of) -> anyhow::Result<()> {
    let (mut after, mut before) = (None, "[");
    loop {
        let page = page_with_records(app, of, after).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.id);
        let mut text = String::new();
        for (reader, record) in &page {
            let told = json!({
                "email": reader.email,
                "country": reader.home.country,
                "country_given": reader.home.country_given,
                "zone": reader.home.zone,
                "zone_origin": reader.home.zone_origin,
                "state": reader.state,
                "consents": record.iter().map(Consent::told).collect::<Vec<_>>(),
            });
            let told = serde_json::to_string_pretty(&told)?;
            text.push_str(std::mem::replace(&mut before, ","));
            text.push_str(&format!("\n{told}").replace('\n', "\n  "));
        }
        print::exactly(text.as_bytes())?;
    }
    print::line(if after.is_none() { "[]" } else { "\n]" })
}

/// Prints a table, whose columns are as wide as their widest cell.
async fn list_table(app: &App, of: &Of) -> anyhow::Result<()> {
    let (mut after, mut table) = (None, Vec::new());
    loop {
        let page = page_with_records(app, of, after).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.id);
        for (reader, record) in page {
            let proof = record
                .last()
                .map(|line| format!("{} {}: {}", line.kind, line.at, line.sentence));
            table.push(vec![
                reader.email.to_string(),
                place(&reader.home).to_owned(),
                reader.home.zone.to_string(),
                reader.state.to_string(),
                proof.unwrap_or_default(),
            ]);
        }
    }
    match table.as_slice() {
        [] => print::line(
            "No readers yet: the brief's web page takes sign-ups, `reveille subscribers add` enters one.",
        ),
        rows => print::line(print::table(
            &["READER", "COUNTRY", "ZONE", "STATE", "LAST PROOF"],
            rows,
        )),
    }
}

/// The country's name, or what was given for one.
fn place(home: &Home) -> &str {
    let name = home.country.map(Country::name);
    name.or(home.country_given.as_deref()).unwrap_or_default()
}
