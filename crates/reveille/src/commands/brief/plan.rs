//! `reveille brief add`, `show`, `update` and `remove`: a brief's plan, which is everything about it.

use std::path::Path;

use anyhow::{Context, bail};
use reveille_model::{Brief, IfUnknown, Slug};
use reveille_store::{
    Inserted,
    briefs::{self as rows, StoredBrief},
};

use super::{find_brief, remarks::remarks, segments, written::written};
use crate::{
    app::App,
    cli::{self, Global, NewBrief},
    commands::begin,
    print,
};

pub(super) async fn add(global: &Global, new: NewBrief) -> anyhow::Result<()> {
    let brief = match &new.plan {
        Some(file) => {
            let plan = read(file, &text(file)?)?;
            Brief {
                slug: new.short_name.unwrap_or(plan.slug),
                name: new.name,
                ..plan
            }
        }
        None => first(new)?,
    };
    // Not before there is something to put into it: it may have to be made.
    let app = begin(global).await?;
    check(&app, &brief).await?;
    let mut tx = app.store.begin().await?;
    let inserted = rows::insert(&mut tx, &brief, app.now()).await?;
    tx.commit().await?;
    match inserted {
        Inserted::New(_) => print::line(format!(
            "Added {}, short name {}. `reveille brief show {}` prints its sections, to edit and give back to \
             `reveille brief update`.",
            brief.name, brief.slug, brief.slug
        ))?,
        Inserted::Known(_) => anyhow::bail!("there is a brief `{}` already", brief.slug),
    }
    remark(&app, &brief).await
}

async fn remark(app: &App, plan: &Brief) -> anyhow::Result<()> {
    let remarks = remarks(app, plan).await?;
    remarks.iter().try_for_each(print::line)
}

/// The plan of a brief that has none yet.
fn first(new: NewBrief) -> anyhow::Result<Brief> {
    let slug = match new.short_name {
        Some(slug) => slug,
        None => Slug::of_title(&new.name).map_err(|error| {
            cli::misuse(&format!(
                "{error}: give it a short name, as in `--short-name morning`"
            ))
        })?,
    };
    let usual = reveille_brief::usual(&new.language, &new.name, new.send_at, new.days);
    Ok(Brief {
        description: usual.description,
        language: new.language,
        access: new.access,
        send_at: new.send_at,
        days: new.days,
        lead_minutes: new.lead_minutes,
        zone: new.zone,
        approval: new.approval,
        sections: usual.sections,
        consent: usual.consent,
        ..Brief::named(slug, &new.name)
    })
}

pub(super) async fn show(app: &App, brief: Option<&Slug>) -> anyhow::Result<()> {
    let stored = find_brief(app, brief).await?;
    print::line(format!(
        "{OF_PLAN}{}: `reveille brief update` takes this file while the plan is still that one\n{}",
        stored.mark()?,
        written(&stored.brief)?.trim_end()
    ))
}

/// What stands before the mark of the plan that a file was printed of.
const OF_PLAN: &str = "# Printed of plan ";

/// The mark of the plan that a file was printed of. Whoever took the line out, or never had one, wants the file as it is.
fn printed_of(text: &str) -> Option<&str> {
    let line = text.lines().find_map(|line| line.strip_prefix(OF_PLAN))?;
    line.split(':').next()
}

pub(super) async fn update(app: &App, slug: &Slug, file: &Path) -> anyhow::Result<()> {
    let stored = find_brief(app, Some(slug)).await?;
    let text = text(file)?;
    let plan = read(file, &text)?;
    anyhow::ensure!(
        plan.slug == *slug,
        "{}: the slug is `{}`; a brief keeps its short name `{slug}`, since readers' links hold it",
        file.display(),
        plan.slug
    );
    let now = stored.mark()?;
    if let Some(of) = printed_of(&text)
        && of != now
        && plan != stored.brief
    {
        bail!(
            "{} was printed of plan {of}, and the plan is {now} by now: somebody changed it meanwhile. Print it again by \
             `reveille brief show {slug}`, and edit that",
            file.display()
        );
    }
    change(app, &stored, &plan).await?;
    print::line(format!(
        "{} is as {} says now, from the next edition compiled on.{}",
        plan.name,
        file.display(),
        of_those_under_way(&stored.brief, &plan)
    ))?;
    remark(app, &plan).await
}

/// What of a change holds for editions that were compiled before as well.
fn of_those_under_way(before: &Brief, plan: &Brief) -> String {
    let hours = |brief: &Brief| {
        (
            brief.send_at,
            brief.too_late,
            brief.zone.clone(),
            brief.audience.clone(),
        )
    };
    let rules = |brief: &Brief| (brief.if_unknown, brief.tell_missed, brief.editors.clone());
    let mut holds = String::new();
    if hours(before) != hours(plan) {
        holds += " Its hours and its audience also hold for an edition that nobody has approved yet.";
    }
    if rules(before) != rules(plan) {
        holds += " `if_unknown`, `tell_missed` and `editors` hold at once, also for editions under way.";
    }
    holds
}

pub(super) async fn remove(app: &App, slug: &Slug) -> anyhow::Result<()> {
    let stored = find_brief(app, Some(slug)).await?;
    let mut tx = app.store.begin().await?;
    let is_gone = rows::delete(&mut tx, stored.id).await?;
    anyhow::ensure!(
        is_gone,
        "{} has readers on its list, or an edition that was approved, and both are kept as proof. To have it rest, set \
         `approval = \"manual\"` (nothing goes out unless you approve it) and `access = \"named\"` (nobody finds it or \
         signs up) in what `reveille brief show {slug}` prints, and give that back to `reveille brief update {slug} FILE`",
        stored.brief.name
    );
    tx.commit().await?;
    print::line(format!("Removed {}.", stored.brief.name))
}

/// Replaces a brief's plan.
///
/// # Errors
/// Where the plan cannot be, or the brief is another by now.
pub(super) async fn change(app: &App, stored: &StoredBrief, plan: &Brief) -> anyhow::Result<()> {
    check(app, plan).await?;
    let mut tx = app.store.begin().await?;
    anyhow::ensure!(
        rows::update(&mut tx, stored.id, &stored.brief, plan, app.now()).await?,
        "{} was changed under our hands: look at it again",
        stored.brief.name
    );
    tx.commit().await?;
    Ok(())
}

/// # Errors
/// Where it or a section has no name, or it asks for no consent; where its editions are compiled days ahead; where the brief's audience
/// is no segment, or one that never holds any of its readers; where clicks cannot be counted.
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
        plan.lead_minutes <= Brief::LONGEST_LEAD_MINUTES,
        "`lead_minutes` is {}: an edition is compiled {} minutes, which are two days, before its hour at most",
        plan.lead_minutes,
        Brief::LONGEST_LEAD_MINUTES
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

fn text(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn read(file: &Path, text: &str) -> anyhow::Result<Brief> {
    let no_plan = || format!("{} is no plan of a brief", file.display());
    // A misspelt key would leave the default in its place: a brief for named readers public.
    let mut unknown = Vec::new();
    let read = toml::Deserializer::parse(text).with_context(no_plan)?;
    let plan = serde_ignored::deserialize(read, |path| unknown.push(format!("`{path}`")));
    let plan = plan.with_context(no_plan)?;
    anyhow::ensure!(
        unknown.is_empty(),
        "{}: a plan has no {}; `reveille brief show` prints all that it has",
        file.display(),
        unknown.join(" and no ")
    );
    Ok(plan)
}
