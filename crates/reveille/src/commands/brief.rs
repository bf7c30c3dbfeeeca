//! `reveille brief`: standing publications.

mod event;

use std::path::Path;

use anyhow::Context;
use reveille_model::{Brief, EventRules, IfUnknown, Slug, SubscriberState};
use reveille_store::{Inserted, briefs as rows, subscribers};

use super::find_brief;
use crate::{
    app::App,
    cli::{BriefCommand, TemplateCommand},
    print, templates,
};

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
            let usual = reveille_brief::usual(&language, &name, send_at);
            let brief = Brief {
                slug: Slug::of_title(&name)?,
                description: usual.description,
                consent: usual.consent,
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
                sections: usual.sections,
                events: EventRules::default(),
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
        BriefCommand::Template {
            command: TemplateCommand::Init { folder },
        } => {
            templates::write(&folder)?;
            print::line(format!(
                "Wrote our templates into {0}. Set `look.templates` to {0}, change them, and let `reveille brief template \
                 check` look them over.",
                folder.display()
            ))
        }
        BriefCommand::Template {
            command: TemplateCommand::Check { out },
        } => check_templates(app, out.as_deref()),
        BriefCommand::Event { command } => event::run(app, command).await,
        BriefCommand::Update { brief, plan } => update(app, &brief, &plan).await,
    }
}

fn check_templates(app: &App, out: Option<&Path>) -> anyhow::Result<()> {
    for (name, made) in app.templates.check()? {
        print::line(format!("{name}: {} KB of the sample", made.len().div_ceil(1024)))?;
        if let Some(folder) = out {
            let file = folder.join(name.replace('/', "-"));
            std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&file, made))
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    Ok(())
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
