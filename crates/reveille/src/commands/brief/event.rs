//! `reveille brief event`: the sections that events have in a brief while they go on.

use anyhow::{Context, ensure};
use reveille_desk::{EVENT_DAYS, EventChange, change_event, open_event};
use reveille_model::{EventSectionId, Slug, StoryId};
use reveille_store::{
    briefs,
    event_sections::{self, StoredSection},
};

use super::find_brief;
use crate::{app::App, cli::EventCommand, print};

/// What the record says of changes that were made here.
const EDITOR: &str = "the command line";

pub(super) async fn run(app: &App, command: EventCommand) -> anyhow::Result<()> {
    match command {
        EventCommand::List { brief } => list(app, brief.as_ref()).await,
        EventCommand::Open { story, brief } => open(app, StoryId(story), brief.as_ref()).await,
        EventCommand::Set {
            section,
            name,
            keywords,
        } => {
            let stored = find(app, section).await?;
            let name = name
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| stored.section.name.clone());
            let keywords = match keywords.as_slice() {
                [] => stored.section.keywords.clone(),
                _ => keywords,
            };
            change(app, &stored, EventChange::Named(name, keywords)).await
        }
        EventCommand::Add { section, story } => {
            let story = StoryId(story);
            let known = reveille_store::stories::find(&app.store, story).await?;
            ensure!(
                known.is_some(),
                "there is no story {story} (`reveille stories list` shows them)"
            );
            change(app, &find(app, section).await?, EventChange::Added(story)).await
        }
        EventCommand::Remove { section, story } => {
            let (stored, story) = (find(app, section).await?, StoryId(story));
            ensure!(
                stored.section.stories.contains(&story),
                "story {story} is not in section {section}"
            );
            change(app, &stored, EventChange::Removed(story)).await
        }
        EventCommand::Close { section } => change(app, &find(app, section).await?, EventChange::Closed).await,
        EventCommand::Reopen { section } => {
            change(app, &find(app, section).await?, EventChange::Opened).await
        }
    }
}

async fn list(app: &App, slug: Option<&Slug>) -> anyhow::Result<()> {
    let brief = find_brief(app, slug).await?;
    let since = app.now().day(&brief.brief.zone).minus(EVENT_DAYS);
    let mut rows = Vec::new();
    for stored in event_sections::list(&app.store, brief.id, since).await? {
        let section = stored.section;
        rows.push(vec![
            stored.id.to_string(),
            section.name,
            section.state.to_string(),
            section.opened.to_string(),
            section.last.to_string(),
            section.stories.len().to_string(),
            section.reasons.join("; "),
        ]);
    }
    if rows.is_empty() {
        return print::line(
            "No event has a section. `reveille brief event open STORY` opens one; the plan's [events] says when one opens by \
             itself.",
        );
    }
    let heads = [
        "SECTION",
        "NAME",
        "STATE",
        "OPENED",
        "LAST NEWS",
        "STORIES",
        "WHY",
    ];
    print::line(print::table(&heads, &rows))
}

async fn open(app: &App, story: StoryId, slug: Option<&Slug>) -> anyhow::Result<()> {
    let brief = find_brief(app, slug).await?;
    let opened = open_event(&app.store, &brief, story, EDITOR, app.now()).await?;
    let opened =
        opened.with_context(|| format!("there is no story {story} (`reveille stories list` shows them)"))?;
    print::line(format!(
        "Section {}, “{}”, is open: the next edition that is compiled has it. `reveille brief event set {} --name` names it \
         otherwise.",
        opened.id, opened.section.name, opened.id
    ))
}

async fn change(app: &App, stored: &StoredSection, change: EventChange) -> anyhow::Result<()> {
    let brief = briefs::find(&app.store, stored.brief).await?;
    let brief = brief.context("the section's brief is gone")?;
    let day = app.now().day(&brief.brief.zone);
    let is_kept = change_event(&app.store, stored, change, EDITOR, day).await?;
    ensure!(is_kept, "the section was changed meanwhile: look at it again");
    let now = find(app, stored.id.0).await?.section;
    print::line(format!(
        "Section {}, “{}”, is {}.",
        stored.id, now.name, now.state
    ))
}

async fn find(app: &App, section: i64) -> anyhow::Result<StoredSection> {
    let found = event_sections::find(&app.store, EventSectionId(section)).await?;
    found.with_context(|| format!("there is no section {section} (`reveille brief event list` shows them)"))
}
