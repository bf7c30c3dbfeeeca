//! `reveille stories explain`: the evidence for one article's assignment.

use std::collections::HashMap;

use anyhow::Context;
use reveille_model::ArticleId;
use reveille_store::articles::{StoredArticle, Window};
use reveille_stories::{Explanation, Quotes};

use super::{in_words, when};
use crate::{
    app::App,
    commands::articles,
    jobs::{folder, night, read_night},
    print,
};

/// So many of the nearest texts are shown.
const NEAREST: usize = 8;

pub(super) async fn run(app: &App, which: &str, as_json: bool) -> anyhow::Result<()> {
    let article = articles::find(app, which).await?;
    let id = article.id;
    // The night around it: for an article of tonight, what an edition would be made from.
    let tonight = night(app, &reveille_store::briefs::list(&app.store).await?);
    let length = tonight.now.since(tonight.from);
    let window = Window {
        from: article.published_at.plus(-length),
        to: article.published_at.plus(length),
        now: tonight.now,
    };
    let (articles, rulings) = read_night(app, window).await?;
    let (articles, explanation) = tokio::task::spawn_blocking(move || {
        let explanation = folder(&articles, rulings).explain(id);
        (articles, explanation)
    })
    .await?;
    let explanation = explanation.with_context(|| format!("article {id} was not folded"))?;
    if as_json {
        return print::line(serde_json::to_string_pretty(&explanation)?);
    }
    let articles: HashMap<ArticleId, &StoredArticle> =
        articles.iter().map(|article| (article.id, article)).collect();
    let name = |id: ArticleId| {
        articles
            .get(&id)
            .map_or_else(|| id.to_string(), |article| one_line(article))
    };
    print::line(name(id))?;
    for line in lines(&explanation, &name) {
        print::line(line)?;
    }
    Ok(())
}

/// "12 · 2031-03-10 04:12 · The Harbour Post · Harbour reopens".
fn one_line(article: &StoredArticle) -> String {
    let (at, title) = (when(article.published_at), &article.article.title);
    format!("{} · {at} · {} · {title}", article.id, article.carrier)
}

fn lines(explanation: &Explanation, name: &impl Fn(ArticleId) -> String) -> Vec<String> {
    let mut lines = vec![String::new()];
    match &explanation.copy {
        Some(copy) => {
            lines.push(format!("Carries the text of {}", name(copy.of)));
            lines.push(format!(
                "  {}, {:.0} % of the shorter text",
                copy.link,
                100.0 * copy.overlap
            ));
            lines.push(format!("  {}", copy.evidence));
        }
        None => lines.push("Carries a text of its own.".to_owned()),
    }
    match &explanation.original {
        Some(original) => {
            lines.push(format!("Written by {}", original.name));
            let marks = original.evidence.iter();
            lines.extend(marks.map(|evidence| format!("  {}: {}", evidence.mark, evidence.text)));
        }
        None => lines.push("Nothing on the pages says that somebody else wrote it.".to_owned()),
    }
    if explanation.carried_by.len() > 1 {
        lines.push("The same text stands in".to_owned());
        lines.extend(explanation.carried_by.iter().map(|id| format!("  {}", name(*id))));
    }
    let me = explanation.assignment.article;
    let other = |quotes: &Quotes| {
        if quotes.article == me {
            quotes.with
        } else {
            quotes.article
        }
    };
    lines.extend(explanation.quotes.iter().map(|quotes| {
        let (share, spoken) = (100.0 * quotes.overlap, 100.0 * quotes.spoken);
        format!(
            "Shares {share:.0} % with {}, {spoken:.0} % of that quoted speech",
            name(other(quotes))
        )
    }));
    lines.push(if explanation.assignment.story == me {
        "Leads its story.".to_owned()
    } else {
        format!("Stands in the story of {}", name(explanation.assignment.story))
    });
    lines.extend(neighbours(explanation, name));
    lines.extend(
        explanation
            .rulings
            .iter()
            .map(|ruling| format!("Decided by hand: {}", in_words(ruling))),
    );
    lines
}

/// The texts that it was compared with; above 0 the odds say one event.
fn neighbours(explanation: &Explanation, name: &impl Fn(ArticleId) -> String) -> Vec<String> {
    let row = |near: &reveille_stories::Neighbour| {
        vec![
            if near.same_story { "same story" } else { "apart" }.to_owned(),
            format!("{:+.1}", near.odds),
            format!("{:.2}", near.titles),
            format!("{:.2}", near.words),
            format!("{:.2}", near.names),
            format!("{:.0}", near.hours),
            name(near.article),
        ]
    };
    let rows: Vec<Vec<String>> = explanation.neighbours.iter().take(NEAREST).map(row).collect();
    if rows.is_empty() {
        return vec!["No other text of that night is near it.".to_owned()];
    }
    let headings = [
        "nearest", "log-odds", "headline", "words", "names", "hours", "article",
    ];
    vec![String::new(), print::table(&headings, &rows)]
}
