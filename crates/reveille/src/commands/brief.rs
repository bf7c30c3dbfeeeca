//! `reveille brief`: standing publications.

mod event;
mod plan;
mod remarks;
mod template;
mod written;

use reveille_model::{Brief, Slug, SubscriberState, Weekdays};
use reveille_store::{
    audience::{self as audiences, Reach},
    briefs as rows, reader_tally,
};

use super::{clicks, find_brief, open, segments, serve::imprint};
use crate::{
    app::App,
    cli::{BriefCommand, Global},
    print,
};

pub(super) async fn run(global: &Global, command: BriefCommand) -> anyhow::Result<()> {
    match command {
        BriefCommand::Add(new) => plan::add(global, new).await,
        BriefCommand::Template { command } => template::run(global, command),
        BriefCommand::List => list(&open(global).await?).await,
        BriefCommand::Show { brief } => plan::show(&open(global).await?, brief.as_ref()).await,
        BriefCommand::Update { brief, plan } => plan::update(&open(global).await?, &brief, &plan).await,
        BriefCommand::Remove { brief } => plan::remove(&open(global).await?, &brief).await,
        BriefCommand::Audience {
            brief,
            segment,
            everybody,
        } => {
            let app = &open(global).await?;
            match segment.is_some() || everybody {
                true => set_audience(app, brief.as_ref(), segment).await,
                false => audience(app, brief.as_ref()).await,
            }
        }
        BriefCommand::Clicks { brief, count, leave } => {
            let app = &open(global).await?;
            let stored = find_brief(app, brief.as_ref()).await?;
            if count || leave {
                let plan = Brief {
                    clicks: count,
                    ..stored.brief.clone()
                };
                plan::change(app, &stored, &plan).await?;
            }
            clicks::of_brief(app, stored.id).await
        }
        BriefCommand::Form { brief } => form(&open(global).await?, brief.as_ref()).await,
        BriefCommand::Event { command } => event::run(&open(global).await?, command).await,
    }
}

async fn list(app: &App) -> anyhow::Result<()> {
    let mut table = Vec::new();
    for stored in rows::list(&app.store).await? {
        let counted = reader_tally::count_states(&app.store, stored.id).await?;
        let active = counted.get(&SubscriberState::Active).copied().unwrap_or(0);
        let brief = stored.brief;
        let readers = match &brief.audience {
            Some(segment) => format!("{active}, of whom {segment}"),
            None => active.to_string(),
        };
        table.push(vec![
            brief.slug.to_string(),
            brief.name,
            format!("{} their time", brief.send_at),
            on_days(brief.days),
            brief.zone.to_string(),
            brief.approval.to_string(),
            readers,
        ]);
    }
    match table.as_slice() {
        [] => print::line("No brief yet: `reveille brief add \"The Morning Brief\"`."),
        rows => print::line(print::table(
            &[
                "BRIEF",
                "NAME",
                "SENT AT",
                "ON",
                "EDITED IN",
                "APPROVAL",
                "READERS",
            ],
            rows,
        )),
    }
}

fn on_days(days: Weekdays) -> String {
    match days {
        Weekdays::ALL => "every day".to_owned(),
        some => some.to_string(),
    }
}

async fn audience(app: &App, brief: Option<&Slug>) -> anyhow::Result<()> {
    let stored = find_brief(app, brief).await?;
    print::line(goes_to(app, &stored.brief).await?)
}

async fn set_audience(app: &App, brief: Option<&Slug>, segment: Option<String>) -> anyhow::Result<()> {
    let stored = find_brief(app, brief).await?;
    let plan = Brief {
        audience: segment,
        ..stored.brief.clone()
    };
    plan::change(app, &stored, &plan).await?;
    print::line(goes_to(app, &plan).await?)
}

/// "The Morning Brief goes to 12 of the 300 readers on its list: north (country Norway)."
async fn goes_to(app: &App, brief: &Brief) -> anyhow::Result<String> {
    let Reach { audience, list } = audiences::reach(&app.store, brief).await?;
    let name = &brief.name;
    Ok(match &brief.audience {
        None => format!("{name} goes to all readers on its list: {list}, those who pause included."),
        Some(segment) => {
            let whom = segments::find(app, segment).await?;
            format!(
                "{name} goes to {audience} of the {list} readers on its list, those who pause included: {segment} ({whom})."
            )
        }
    })
}

async fn form(app: &App, brief: Option<&Slug>) -> anyhow::Result<()> {
    let stored = find_brief(app, brief).await?;
    let public_url = &app.config.web.public_url;
    let form = reveille_desk::embeddable_form(&stored.brief, public_url, &imprint(app))?;
    print::line(form.trim_end())
}
