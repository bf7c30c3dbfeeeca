//! `reveille brief`: standing publications.

mod event;

use std::path::Path;

use anyhow::Context;
use reveille_model::{Brief, BriefId, EventRules, IfUnknown, Slug, SubscriberState};
use reveille_store::{
    Inserted, briefs as rows,
    segments::{self as stored_segments, Reach},
};

use super::{clicks, find_brief, segments, serve::imprint};
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
                audience: None,
                clicks: false,
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
        BriefCommand::Audience {
            brief,
            segment,
            everybody,
        } => {
            let stored = find_brief(app, brief.as_ref()).await?;
            let slug = stored.brief.slug.clone();
            if segment.is_some() || everybody {
                let plan = Brief {
                    audience: segment,
                    ..stored.brief
                };
                change(app, stored.id, &plan).await?;
            }
            let stored = find_brief(app, Some(&slug)).await?;
            print::line(goes_to(app, &stored.brief).await?)
        }
        BriefCommand::Clicks { brief, count, leave } => {
            let stored = find_brief(app, brief.as_ref()).await?;
            if count || leave {
                let plan = Brief {
                    clicks: count,
                    ..stored.brief.clone()
                };
                change(app, stored.id, &plan).await?;
            }
            clicks::of_brief(app, stored.id).await
        }
        BriefCommand::Form { brief } => {
            let stored = find_brief(app, brief.as_ref()).await?;
            let form =
                reveille_desk::embeddable_form(&stored.brief, &app.config.web.public_url, &imprint(app))?;
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

/// Replaces a brief's plan.
async fn change(app: &App, id: BriefId, plan: &Brief) -> anyhow::Result<()> {
    check(app, plan).await?;
    let mut tx = app.store.begin().await?;
    rows::update(&mut tx, id, plan).await?;
    tx.commit().await?;
    Ok(())
}

/// "The Morning Brief goes to 12 of the 300 readers on its list: north (country Norway)."
async fn goes_to(app: &App, brief: &Brief) -> anyhow::Result<String> {
    let Reach { audience, list } = stored_segments::reach(&app.store, brief).await?;
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

/// # Errors
/// Where it or a section has no name, or it asks for no consent; where the brief's audience is no segment, or one that never
/// holds any of its readers; where clicks cannot be counted.
async fn check(app: &App, plan: &Brief) -> anyhow::Result<()> {
    anyhow::ensure!(
        !plan.name.trim().is_empty(),
        "`name` is empty: say what the brief is called"
    );
    anyhow::ensure!(
        plan.sections
            .iter()
            .all(|section| !section.name.trim().is_empty()),
        "a section's `name` is empty: say what stands above its entries"
    );
    anyhow::ensure!(
        !plan.consent.trim().is_empty(),
        "`consent` is empty: it is the sentence that readers agree to, and the proof that they did"
    );
    anyhow::ensure!(
        plan.is_public() || !plan.clicks,
        "{} is for named readers: its pages answer nobody, so that no link can lead past a counter",
        plan.name
    );
    anyhow::ensure!(
        plan.if_unknown != IfUnknown::Reconcile || app.config.mail.relay_log.is_some(),
        "`if_unknown = \"reconcile\"` asks the mail server's log: name it as `mail.relay_log` first"
    );
    if let Some(name) = &plan.audience {
        let segment = segments::find(app, name).await?;
        anyhow::ensure!(
            segment.within(plan).is_some(),
            "{name} holds none of the readers of {}: {segment}",
            plan.name
        );
    }
    Ok(())
}

async fn add(app: &App, brief: &Brief) -> anyhow::Result<()> {
    check(app, brief).await?;
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
        let counted = stored_segments::count_states(&app.store, stored.id).await?;
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
            brief.zone.to_string(),
            brief.approval.to_string(),
            readers,
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
    change(app, stored.id, &plan).await?;
    print::line(format!("{} is as {} says now.", plan.name, file.display()))
}

fn read_plan(file: &Path) -> anyhow::Result<Brief> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is no plan of a brief", file.display()))
}
