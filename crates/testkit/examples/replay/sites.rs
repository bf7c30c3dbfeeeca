//! The recorded sites, served as an HTTP proxy on loopback: every host name keeps its meaning and no name is
//! looked up.

use std::{collections::HashMap, error::Error, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::net::TcpListener;

use crate::pages::{self, Page};

/// Where each site's feed stands.
pub(crate) const FEED: &str = "/recorded-feed.xml";

type Answers = Arc<HashMap<String, (&'static str, Vec<u8>)>>;

/// Serves the pages, and a feed for each host, until the process ends; says the port.
pub(crate) async fn serve(pages: &[Page]) -> Result<u16, Box<dyn Error>> {
    let mut answers = HashMap::new();
    for page in pages {
        answers.insert(page.url.to_string(), ("text/html", page.body.clone()));
    }
    for (host, pages) in pages::by_host(pages) {
        answers.insert(
            format!("http://{host}{FEED}"),
            ("application/rss+xml", feed(host, &pages).into_bytes()),
        );
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let router = Router::new().fallback(answer).with_state(Arc::new(answers));
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(port)
}

async fn answer(State(answers): State<Answers>, request: Request) -> Response {
    match answers.get(&request.uri().to_string()) {
        Some((kind, body)) => ([(header::CONTENT_TYPE, *kind)], body.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn feed(host: &str, pages: &[&Page]) -> String {
    let mut items = String::new();
    for page in pages {
        items += &format!(
            "<item><title>{}</title><link>{}</link><dc:date>{}</dc:date></item>\n",
            escape(&page.title),
            escape(page.url.as_str()),
            page.day
        );
    }
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>{host}</title>\
         <link>http://{host}/</link>\n{items}</channel></rss>"
    )
}

/// For XML text.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
