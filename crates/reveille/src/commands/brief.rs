//! `reveille brief`: standing publications.

use std::path::Path;

use anyhow::Context;
use reveille_model::{Brief, IfUnknown, SectionPlan, Slug, SubscriberState};
use reveille_store::{Inserted, briefs as rows, subscribers};

use super::find_brief;
use crate::{app::App, cli::BriefCommand, print};

pub(super) async fn run(app: &App, command: BriefCommand) -> anyhow::Result<()> {
    match command {
        BriefCommand::Add {
            name,
            plan: Some(file),
            ..
        } => {
            let plan = read_plan(&file)?;
            add(app, &Brief { name, ..plan }).await
        }
        BriefCommand::Add {
            name,
            send_at,
            zone,
            lead_minutes,
            approval,
            language,
            access,
            plan: None,
        } => {
            let brief = Brief {
                slug: Slug::of_title(&name)?,
                description: format!("What was reported overnight, each story once, at {send_at} your time."),
                consent: format!(
                    "By giving my e-mail address I ask for {name} every morning. I can leave by one click."
                ),
                name,
                language,
                access,
                send_at,
                lead_minutes,
                zone,
                approval,
                if_unknown: IfUnknown::Resend,
                too_late: None,
                tell_missed: false,
                tips: None,
                top: 5,
                sections: usual_sections(),
            };
            add(app, &brief).await
        }
        BriefCommand::List => list(app).await,
        BriefCommand::Show { brief } => {
            let stored = find_brief(app, brief.as_ref()).await?;
            print::line(toml::to_string_pretty(&stored.brief)?.trim_end())
        }
        BriefCommand::Form { brief } => {
            let stored = find_brief(app, brief.as_ref()).await?;
            let form = reveille_desk::embeddable_form(&stored.brief, &app.config.web.public_url)?;
            print::line(form.trim_end())
        }
        BriefCommand::Update { brief, plan } => update(app, &brief, &plan).await,
    }
}

async fn add(app: &App, brief: &Brief) -> anyhow::Result<()> {
    let mut tx = app.store.begin().await?;
    let inserted = rows::insert(&mut tx, brief, app.now()).await?;
    tx.commit().await?;
    match inserted {
        Inserted::New(_) => print::line(format!(
            "Added {}, short name {}. `reveille brief show {}` prints its sections, to edit and give back to \
             `reveille brief update`.",
            brief.name, brief.slug, brief.slug
        )),
        Inserted::Known(_) => anyhow::bail!("there is a brief `{}` already", brief.slug),
    }
}

async fn list(app: &App) -> anyhow::Result<()> {
    let mut table = Vec::new();
    for stored in rows::list(&app.store).await? {
        let readers = subscribers::count(&app.store, stored.id, SubscriberState::Active).await?;
        let brief = stored.brief;
        table.push(vec![
            brief.slug.to_string(),
            brief.name,
            format!("{} their time", brief.send_at),
            brief.zone.to_string(),
            brief.approval.to_string(),
            readers.to_string(),
        ]);
    }
    match table.as_slice() {
        [] => print::line("No brief yet: `reveille brief add \"The Morning Brief\"`."),
        rows => print::line(print::table(
            &["BRIEF", "NAME", "SENT AT", "EDITED IN", "APPROVAL", "READERS"],
            rows,
        )),
    }
}

async fn update(app: &App, slug: &Slug, file: &Path) -> anyhow::Result<()> {
    let stored = find_brief(app, Some(slug)).await?;
    let plan = read_plan(file)?;
    anyhow::ensure!(
        plan.slug == *slug,
        "{}: the slug is `{}`; a brief keeps its short name `{slug}`, since readers' links hold it",
        file.display(),
        plan.slug
    );
    let mut tx = app.store.begin().await?;
    rows::update(&mut tx, stored.id, &plan).await?;
    tx.commit().await?;
    print::line(format!("{} is as {} says now.", plan.name, file.display()))
}

fn read_plan(file: &Path) -> anyhow::Result<Brief> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is no plan of a brief", file.display()))
}

/// A start for a general brief; editors replace it by their own.
fn usual_sections() -> Vec<SectionPlan> {
    let section = |name: &str, keywords: &str, limit| SectionPlan {
        name: name.to_owned(),
        keywords: keywords
            .split(", ")
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        limit,
    };
    vec![
        section(
            "Politics",
            "parliament, minister, ministers, election, government, president, senate, coalition, vote, cabinet, treaty, sanctions",
            8,
        ),
        section(
            "Defence",
            "defence, defense, army, navy, air force, troops, missile, military, ceasefire, war, frigate, drone",
            8,
        ),
        section(
            "Business",
            "bank, shares, market, markets, inflation, profit, trade, company, economy, tariff, tariffs, strike, jobs",
            8,
        ),
        section(
            "Science and health",
            "scientists, study, researchers, hospital, virus, vaccine, climate, space, telescope, health",
            6,
        ),
        section("Elsewhere", "", 8),
    ]
}
