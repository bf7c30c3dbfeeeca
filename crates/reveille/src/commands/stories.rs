//! `reveille stories`: what the articles were folded into, why, and what an editor decides otherwise.

mod explain;

use std::{
    collections::HashMap,
    io::{self, BufReader, BufWriter, Write},
};

use anyhow::{Context, bail, ensure};
use reveille_model::{ArticleId, ArticleState, Pair, Ruling, RulingId, StoryId, UnixMillis, Zone};
use reveille_store::{
    articles::StoredArticle,
    stories::{Beside, StoredStory, StoryDetail, headlines},
};
use reveille_stories::{Options, fold, lines::Stream};
use serde_json::{Value, json};

use super::{articles, input};
use crate::{
    app::App,
    cli::{Since, StoriesCommand},
    jobs::fold_now,
    print,
};

pub(super) async fn run(app: &App, command: StoriesCommand) -> anyhow::Result<()> {
    match command {
        StoriesCommand::List { since, limit, json } => list(app, since, limit, json).await,
        StoriesCommand::Show { story, json } => show(app, StoryId(story), json).await,
        StoriesCommand::Explain { article, json } => explain::run(app, &article, json).await,
        StoriesCommand::Join { article, with, text } => {
            let rule = if text { Ruling::SameText } else { Ruling::SameStory };
            decide(app, rule(pair(app, &article, &with).await?)).await
        }
        StoriesCommand::Part { article, from, text } => {
            let rule = if text {
                Ruling::OtherText
            } else {
                Ruling::OtherStory
            };
            decide(app, rule(pair(app, &article, &from).await?)).await
        }
        StoriesCommand::Credit { article, name, own } => {
            ensure!(
                !name.trim().is_empty(),
                "who wrote it? Expected the name of an agency or outlet"
            );
            let own = match own {
                Some(own) => Some(articles::find(app, &own).await?.id),
                None => None,
            };
            let ruling = Ruling::Original {
                article: articles::find(app, &article).await?.id,
                name: name.trim().to_owned(),
                own,
            };
            decide(app, ruling).await
        }
        StoriesCommand::Rulings => rulings(app).await,
        StoriesCommand::Undo { ruling } => undo(app, RulingId(ruling)).await,
    }
}

/// Two articles, each by its number or its address.
async fn pair(app: &App, article: &str, with: &str) -> anyhow::Result<Pair> {
    Ok(Pair {
        article: articles::find(app, article).await?.id,
        with: articles::find(app, with).await?.id,
    })
}

/// Folds articles that come as lines, without a store.
pub(super) fn answer_lines(place: &str) -> anyhow::Result<()> {
    let (input, _) = input::open(place)?;
    let stream =
        Stream::read(BufReader::new(input)).with_context(|| format!("cannot read {}", input::name(place)))?;
    let options = Options {
        dated: stream.dated,
        ..Options::default()
    };
    let folding = fold(&stream.docs, &options);
    let mut out = BufWriter::new(io::stdout().lock());
    for answer in stream.answers(&folding) {
        writeln!(out, "{answer}")?;
    }
    Ok(out.flush()?)
}

async fn list(app: &App, since: Since, limit: u32, as_json: bool) -> anyhow::Result<()> {
    let since = match since {
        Since::At(at) => at,
        Since::Ago(millis) => app.now().plus(-millis),
    };
    let stories = reveille_store::stories::list(&app.store, since, limit).await?;
    let leads: Vec<ArticleId> = stories.iter().map(|story| story.lead).collect();
    let leads = reveille_store::articles::find_all(&app.store, &leads).await?;
    let leads: HashMap<ArticleId, &StoredArticle> = leads.iter().map(|lead| (lead.id, lead)).collect();
    let mut rows = Vec::new();
    let mut objects = Vec::new();
    for story in &stories {
        // A story whose lead went meanwhile is being folded anew.
        let Some(&lead) = leads.get(&story.lead) else {
            continue;
        };
        rows.push(vec![
            story.id.to_string(),
            format!("{:.1}", story.rank),
            lead.article.title.clone(),
            credit(story, lead),
            reasons(story, lead),
        ]);
        objects.push(story_json(story, lead));
    }
    if as_json {
        return print::line(serde_json::to_string_pretty(&objects)?);
    }
    if rows.is_empty() {
        return print::line("No story grew since then. `reveille gather` reads what is new.");
    }
    print::line(print::table(
        &["story", "rank", "headline", "credit", "why (times in UTC)"],
        &rows,
    ))
}

async fn show(app: &App, id: StoryId, as_json: bool) -> anyhow::Result<()> {
    let detail = reveille_store::stories::find(&app.store, id).await?;
    let detail =
        detail.with_context(|| format!("there is no story {id} (`reveille stories list` shows them)"))?;
    let StoryDetail {
        story,
        articles,
        copies,
    } = &detail;
    let lead = articles.iter().find(|article| article.id == story.lead);
    let lead = lead.with_context(|| format!("story {id} is being folded anew: try again"))?;
    if as_json {
        let mut object = story_json(story, lead);
        object["articles"] = articles
            .iter()
            .map(|article| article_json(article, &detail))
            .collect();
        return print::line(serde_json::to_string_pretty(&object)?);
    }
    print::line(format!("Story {id}: {}", lead.article.title))?;
    print::line(format!(
        "{} · {} (times in UTC)",
        credit(story, lead),
        reasons(story, lead)
    ))?;
    for evidence in story.original.iter().flat_map(|original| &original.evidence) {
        print::line(format!("  {}: {}", evidence.mark, evidence.text))?;
    }
    if let Some(earlier) = story.follows {
        print::line(format!("Carries on story {earlier}."))?;
    }
    let others: Vec<StoryId> = story.beside.iter().map(|beside| beside.story).collect();
    let headlines: HashMap<StoryId, String> = headlines(&app.store, &others).await?.into_iter().collect();
    for Beside { story, likeness } in &story.beside {
        // One may be gone since that night.
        if let Some(headline) = headlines.get(story) {
            print::line(format!("Beside story {story}, alike {likeness:.2}: {headline}"))?;
        }
    }
    let row = |article: &StoredArticle| {
        let copy = copies.iter().find(|copy| copy.article == article.id);
        vec![
            article.id.to_string(),
            when(article.published_at),
            article.carrier.clone(),
            copy.map_or_else(String::new, |copy| format!("{} as {}", copy.link, copy.of)),
            article.article.title.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = articles.iter().map(row).collect();
    print::line("")?;
    print::line(print::table(
        &["article", "published", "carrier", "copy", "headline"],
        &rows,
    ))
}

/// Keeps a ruling and folds the night anew by it.
async fn decide(app: &App, ruling: Ruling) -> anyhow::Result<()> {
    let named: Vec<ArticleId> = ruling.articles().collect();
    if let [article, other] = named[..] {
        ensure!(
            article != other,
            "article {article} was named twice: name two articles"
        );
    }
    let mut tx = app.store.begin().await?;
    let id = reveille_store::rulings::insert(&mut tx, &ruling, app.now()).await?;
    tx.commit().await?;
    fold_now(app).await?;
    print::line(format!(
        "Decided (ruling {id}): {}. The night was folded anew; `reveille stories undo {id}` takes it back.",
        in_words(&ruling)
    ))
}

async fn rulings(app: &App) -> anyhow::Result<()> {
    let rulings = reveille_store::rulings::list(&app.store).await?;
    if rulings.is_empty() {
        return print::line("Nothing was decided by hand.");
    }
    let rows: Vec<Vec<String>> = rulings
        .iter()
        .map(|stored| {
            vec![
                stored.id.to_string(),
                when(stored.made_at),
                in_words(&stored.ruling),
            ]
        })
        .collect();
    print::line(print::table(&["ruling", "made", "decided"], &rows))
}

async fn undo(app: &App, id: RulingId) -> anyhow::Result<()> {
    let mut tx = app.store.begin().await?;
    let Some(ruling) = reveille_store::rulings::delete(&mut tx, id).await? else {
        bail!("there is no ruling {id} (`reveille stories rulings` lists them)");
    };
    tx.commit().await?;
    fold_now(app).await?;
    print::line(format!(
        "Taken back: {}. The night was folded anew.",
        in_words(&ruling)
    ))
}

/// "articles 4 and 9 tell of one event".
fn in_words(ruling: &Ruling) -> String {
    match ruling {
        Ruling::SameText(Pair { article, with }) => format!("articles {article} and {with} carry one text"),
        Ruling::OtherText(Pair { article, with }) => {
            format!("neither of the articles {article} and {with} carries the other's text")
        }
        Ruling::SameStory(Pair { article, with }) => {
            format!("articles {article} and {with} tell of one event")
        }
        Ruling::OtherStory(Pair { article, with }) => {
            format!("articles {article} and {with} tell of different events")
        }
        Ruling::Original {
            article,
            name,
            own: None,
        } => format!("{name} wrote the text of article {article}"),
        Ruling::Original {
            article,
            name,
            own: Some(own),
        } => {
            format!("{name} wrote the text of article {article}, in article {own}")
        }
    }
}

fn credit(story: &StoredStory, lead: &StoredArticle) -> String {
    match &story.original {
        Some(original) if original.name != lead.carrier => format!("{} · {}", lead.carrier, original.name),
        _ => lead.carrier.clone(),
    }
}

fn reasons(story: &StoredStory, lead: &StoredArticle) -> String {
    let withdrawn = (lead.state == ArticleState::Withdrawn).then_some("withdrawn");
    let texts = story.reasons.iter().map(|reason| reason.text.as_str());
    let texts: Vec<&str> = withdrawn.into_iter().chain(texts).collect();
    texts.join(" · ")
}

/// "2031-03-10 04:12", in UTC.
fn when(at: UnixMillis) -> String {
    at.civil(&Zone::UTC).strftime("%Y-%m-%d %H:%M").to_string()
}

fn story_json(story: &StoredStory, lead: &StoredArticle) -> Value {
    json!({
        "story": story.id,
        "headline": lead.article.title,
        "carrier": lead.carrier,
        "lead": story.lead,
        "url": lead.url,
        "original": story.original,
        "independent": story.independent,
        "first": story.first.to_string(),
        "last": story.last.to_string(),
        "rank": story.rank,
        "reasons": story.reasons,
        "follows": story.follows,
        "beside": story.beside,
    })
}

fn article_json(article: &StoredArticle, detail: &StoryDetail) -> Value {
    let copy = detail.copies.iter().find(|copy| copy.article == article.id);
    json!({
        "article": article.id,
        "carrier": article.carrier,
        "url": article.url,
        "headline": article.article.title,
        "published": article.published_at.to_string(),
        "copy_of": copy.map(|copy| copy.of),
        "link": copy.map(|copy| copy.link),
        "overlap": copy.map(|copy| copy.overlap),
        "evidence": copy.map(|copy| &copy.evidence),
    })
}
