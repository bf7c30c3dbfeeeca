//! An article in the forms in which it is printed.

use reveille_extract::{Extraction, Record, Signatory, Verdict, escape_html, html, markdown, printed};
use reveille_model::{
    Block, BlockKind, CanonicalUrl, Dateline, Image, Language, Origin, Repair, Topics, text_of,
};
use serde::Serialize;

use crate::{cli::ArticleFormat, print};

/// Everything that is known of an article.
#[derive(Serialize)]
struct Known<'a> {
    url: Option<&'a CanonicalUrl>,
    title: &'a str,
    body: &'a [Block],
    text: String,
    markdown: String,
    authors: &'a [String],
    byline: &'a [Signatory],
    published: Option<String>,
    modified: Option<String>,
    language: Option<&'a Language>,
    carrier: Option<&'a str>,
    dateline: Option<&'a Dateline>,
    agency: Option<&'a str>,
    origins: &'a [Origin],
    canonical_url: Option<&'a CanonicalUrl>,
    original_url: Option<&'a CanonicalUrl>,
    image: Option<&'a Image>,
    kind: reveille_model::ArticleKind,
    topics: &'a Topics,
    paywalled: bool,
    corrections: &'a [String],
    repairs: &'a [Repair],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    trace: &'a [Verdict],
}

/// The article in one form.
pub(super) fn of(
    found: &Extraction,
    url: Option<&CanonicalUrl>,
    format: ArticleFormat,
) -> anyhow::Result<String> {
    let article = &found.article;
    let body = printed(article);
    Ok(match format {
        ArticleFormat::Json => serde_json::to_string_pretty(&known(found, url))?,
        ArticleFormat::Markdown => {
            let facts = facts(found).into_iter().map(paragraph);
            let title = heading(&article.title);
            let blocks: Vec<Block> = facts.chain(body).collect();
            format!("{title}{}", markdown(&blocks))
        }
        ArticleFormat::Text => {
            let mut head = facts(found);
            if !article.title.is_empty() {
                head.insert(0, article.title.clone());
            }
            let body = text_of(&body).replace('\n', "\n\n");
            [head.join("\n"), body].join("\n\n").trim_start().to_owned()
        }
        ArticleFormat::Html => {
            let facts: Vec<Block> = facts(found).into_iter().map(paragraph).collect();
            let language = article.language.as_ref().map_or("", Language::as_str);
            let title = escape_html(&article.title);
            format!(
                "<!DOCTYPE html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
                 <article>\n<h1>{title}</h1>\n<header>\n{}</header>\n{}</article>\n</html>",
                html(&facts),
                html(&body)
            )
        }
    })
}

fn known<'a>(found: &'a Extraction, url: Option<&'a CanonicalUrl>) -> Known<'a> {
    let article = &found.article;
    let record = Record::of(found);
    Known {
        url,
        title: record.title,
        body: &article.body,
        text: article.text(),
        markdown: markdown(&article.body),
        authors: &article.authors,
        byline: &found.byline,
        published: record.published,
        modified: found.modified.map(|stamp| stamp.to_string()),
        language: record.language,
        carrier: record.carrier,
        dateline: article.dateline.as_ref(),
        agency: record.agency,
        origins: &article.origins,
        canonical_url: record.canonical_url,
        original_url: record.original_url,
        image: article.image.as_ref(),
        kind: article.kind,
        topics: &article.topics,
        paywalled: article.paywalled,
        corrections: &article.corrections,
        repairs: &article.repairs,
        trace: &found.trace,
    }
}

fn paragraph(text: String) -> Block {
    Block {
        kind: BlockKind::Paragraph,
        text,
    }
}

/// The headline as a Markdown heading, where there is one.
fn heading(title: &str) -> String {
    if title.is_empty() {
        return String::new();
    }
    format!("# {}\n", markdown(&[paragraph(title.to_owned())]))
}

/// What a reader wants to know of an article before its text.
fn facts(found: &Extraction) -> Vec<String> {
    let article = &found.article;
    let record = Record::of(found);
    let mut facts = Vec::new();
    if !record.authors.is_empty() {
        facts.push(format!("By {}", record.authors.join(", ")));
    }
    let modified = found.modified.filter(|_| article.modified != article.published);
    let place = [
        record.carrier.map(str::to_owned),
        record.published,
        modified.map(|stamp| format!("changed {stamp}")),
        article.paywalled.then(|| "for subscribers".to_owned()),
    ];
    let place: Vec<String> = place.into_iter().flatten().collect();
    if !place.is_empty() {
        facts.push(place.join(", "));
    }
    for origin in &article.origins {
        let evidence = origin.evidence.first().map_or(String::new(), |evidence| {
            format!(" ({}: {})", evidence.mark, evidence.text)
        });
        facts.push(format!("{}: {}{evidence}", origin.class, origin.name));
    }
    facts.extend(article.corrections.iter().cloned());
    for repair in &article.repairs {
        facts.push(format!("repaired: {} to {}", repair.found, repair.became));
    }
    facts
}

/// Beside the article, on standard error.
pub(super) fn print_trace(trace: &[Verdict]) {
    let row = |verdict: &Verdict| {
        vec![
            if verdict.kept { "kept" } else { "dropped" }.to_owned(),
            verdict.reason.as_str().to_owned(),
            verdict.place.clone(),
            verdict.text.clone(),
        ]
    };
    let rows: Vec<_> = trace.iter().map(row).collect();
    eprintln!("{}", print::table(&["BLOCK", "REASON", "PLACE", "TEXT"], &rows));
}
