//! Articles as JSON lines, for scorers and for pipes.
//!
//! In, in stream order: `{"id","date","source","url","title","text"}`, some with `"canonical"`. Out, a line each:
//! `{"id","story":id,"copy_of":id|null,"link":"same"|"update"|"excerpt"|null,"agency":"AP"|null,"overlap":0..1}`, or
//! `{"id","error"}` for a line that is no article. An id that comes again stands for its first article.

use std::collections::HashMap;
use std::io::{self, BufRead};

use reveille_model::{ArticleId, ArticleKind, CanonicalUrl, Day, OriginClass, Published, UnixMillis};
use serde_json::{Value, json};

use crate::{Copy, Doc, Folding, agency_named, credits};

/// What a stream holds.
#[derive(Debug, Default)]
pub struct Stream {
    /// The articles, each with the position of its line as its id.
    pub docs: Vec<Doc>,
    /// Whether any article says when it was published.
    pub dated: bool,
    /// For each line, its article's own id, and the article, or what is wrong with the line.
    lines: Vec<(Value, Result<ArticleId, String>)>,
}

impl Stream {
    /// Reads a stream to its end. An article without a date counts as having come right after the one before it.
    ///
    /// # Errors
    /// Where reading fails.
    pub fn read(input: impl BufRead) -> io::Result<Self> {
        let mut stream = Self::default();
        let mut last = UnixMillis(0);
        let mut known: HashMap<String, ArticleId> = HashMap::new();
        for line in input.split(b'\n') {
            let line = line?;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let row = match row(&line) {
                Ok(row) => row,
                Err(fault) => {
                    stream.lines.push((Value::Null, Err(fault)));
                    continue;
                }
            };
            let id = row["id"].clone();
            if let Some(&first) = known.get(&id.to_string()) {
                stream.lines.push((id, Ok(first)));
                continue;
            }
            let at = row["date"].as_str().and_then(instant);
            stream.dated |= at.is_some();
            last = at.unwrap_or(last.plus(1));
            let doc = doc(&row, stream.lines.len(), last);
            let article = doc.as_ref().map(|doc| doc.id).map_err(String::clone);
            if let Ok(doc) = doc {
                if !id.is_null() {
                    known.insert(id.to_string(), doc.id);
                }
                stream.docs.push(doc);
            }
            stream.lines.push((id, article));
        }
        Ok(stream)
    }

    /// The id that its line gives an article.
    #[must_use]
    pub fn name(&self, article: ArticleId) -> Option<&Value> {
        let at = usize::try_from(article.0).ok()?;
        self.lines.get(at).map(|(name, _)| name)
    }

    /// What became of each line, in the order of the lines.
    pub fn answers<'a>(&'a self, folding: &'a Folding) -> impl Iterator<Item = Value> + 'a {
        let stories = folding.stories.iter();
        let lead_of: HashMap<ArticleId, ArticleId> = stories
            .flat_map(|story| story.articles.iter().map(|&article| (article, story.lead)))
            .collect();
        let docs: HashMap<ArticleId, &Doc> = self.docs.iter().map(|doc| (doc.id, doc)).collect();
        self.lines.iter().map(move |(id, article)| {
            let article = match article {
                Ok(article) => *article,
                Err(fault) => return json!({"id": id, "error": fault}),
            };
            let copy = folding.copy(article);
            json!({
                "id": id,
                "story": lead_of.get(&article).and_then(|&lead| self.name(lead)),
                "copy_of": copy.and_then(|copy| self.name(copy.of)),
                "link": copy.map(|copy| copy.link.as_str()),
                "agency": agency(docs.get(&article).copied(), copy),
                "overlap": copy.map_or(0.0, |copy| copy.overlap),
            })
        })
    }
}

/// The short name of the agency that wrote the text: by the verdict on all its copies, else by the article's own
/// account.
fn agency(doc: Option<&Doc>, copy: Option<&Copy>) -> Option<&'static str> {
    let by_verdict = copy.and_then(|copy| copy.name.as_deref());
    let own = doc.into_iter().flat_map(|doc| &doc.origins);
    let own = own
        .filter(|origin| origin.class == OriginClass::Original)
        .map(|origin| origin.name.as_str());
    by_verdict
        .into_iter()
        .chain(own)
        .find_map(agency_named)
        .map(|agency| agency.short)
}

fn row(line: &[u8]) -> Result<Value, String> {
    match serde_json::from_slice(line) {
        Ok(row @ Value::Object(_)) => Ok(row),
        Ok(_) => Err("the line is no object".to_owned()),
        Err(error) => Err(format!("the line is no JSON: {error}")),
    }
}

fn doc(row: &Value, number: usize, at: UnixMillis) -> Result<Doc, String> {
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let url: Option<CanonicalUrl> = text("url").parse().ok();
    let source = match text("source") {
        source if source.is_empty() => url
            .as_ref()
            .map_or_else(|| format!("unknown-{number}"), |url| url.site().to_owned()),
        source => source,
    };
    let url = match url {
        Some(url) => url,
        None => format!("https://unknown.example/{number}")
            .parse()
            .map_err(|error| format!("{error}"))?,
    };
    let body = text("text");
    if row["text"].is_null() && row["title"].is_null() {
        return Err("the line has neither title nor text".to_owned());
    }
    Ok(Doc {
        id: ArticleId(number as i64),
        carrier: source.clone(),
        source,
        url: url.into(),
        canonical: text("canonical").parse().ok(),
        at,
        title: text("title"),
        origins: credits(&body),
        text: body,
        kind: ArticleKind::News,
        weight: 1.0,
    })
}

/// An RFC 3339 instant, the same without a zone (taken as UTC), or a day, which counts as its end.
fn instant(date: &str) -> Option<UnixMillis> {
    if date.len() == "2031-03-10".len() {
        return date.parse::<Day>().ok().map(|day| Published::Day(day).latest());
    }
    let at: Option<UnixMillis> = date.parse().or_else(|_| format!("{date}Z").parse()).ok();
    at.filter(|at| !at.is_unset())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, fold};

    #[test]
    fn an_id_that_comes_again_is_answered_as_its_first_article_is() {
        let lines = [
            r#"{"id":"a","date":"2031-03-10","title":"Harbour reopens","text":"The harbour reopened on Monday."}"#,
            r#"{"id":"a","date":"absurd","title":"Bank raises rate","text":"The bank raised its rate."}"#,
            r#"{"id":"a","title":"Harbour reopens","text":"The harbour reopened on Monday."}"#,
            r#"{"title":"No id","text":"Twice."}"#,
            r#"{"title":"No id","text":"Again."}"#,
        ];
        let stream = Stream::read(lines.join("\n").as_bytes()).expect("memory is read");
        assert_eq!(stream.docs.len(), 3);
        let folding = fold(&stream.docs, &Options::default());
        let answers: Vec<Value> = stream.answers(&folding).collect();
        assert_eq!((&answers[0], &answers[0]), (&answers[1], &answers[2]));
        assert_eq!(
            (&answers[0]["story"], &answers[0]["copy_of"]),
            (&json!("a"), &Value::Null)
        );
    }

    #[test]
    fn the_zero_of_a_clock_is_no_date() {
        let dates = ["1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "soon"];
        assert_eq!(dates.map(instant), [None; 3]);
        assert!(instant("1971-03-10T04:00:00").is_some());
    }
}
